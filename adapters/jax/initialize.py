"""Whole models from one recipe: Flax linen and nnx, Haiku, Equinox, and any pytree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fanwise.adapters.engines import EngineName, checked_engine
from fanwise.adapters.jax.layers.arrays import SeededEngine
from fanwise.adapters.jax.layers.models import set_linen, set_nnx, set_tree, trace
from fanwise.adapters.jax.layers.requests import Request, is_linen, is_nnx
from fanwise.adapters.jax.layers.trees import DescribeLeaf
from fanwise.adapters.switches import check_switches
from fanwise.core.keys import checked_seed
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Patterns
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe


def initialize(
    model: Any,
    recipe: Recipe | str | Path | Mapping[str, Any],
    *,
    seed: int,
    engine: EngineName = "portable",
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: DescribeLeaf | None = None,
    only: Patterns = None,
    exclude: Patterns = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Any:
    """Set all weights of a model by a recipe.

    The same recipe and seed give the same weights, under the same canonical paths, in
    torch, Keras and Flax; docs/recipes.md says what the paths are. All is checked before
    anything is drawn, and all is drawn before anything is written.

    A **linen module** is traced on its inputs, which shows what layer made which variable;
    Flax's own initializers compute nothing. An **nnx model** is set in place; it may be
    abstract (``nnx.eval_shape``), which leaves the state of its random numbers to you.
    Of any other **pytree** the nodes of Equinox's classes, and of those of
    :func:`register_layer`, say what their arrays are; for the others it is their names
    (``w``, ``kernel``, ``weight``, ``b``, ``bias``, ``scale``, ``gamma``, ``offset``, ``beta``,
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``). Of a Flax ``TrainState``
    the parameters and running statistics are drawn; the state of an optimizer or of a
    model beside it (``optax``, ``nnx.State``, ``eqx.nn.State``) is refused.

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, JAX's own
            samplers, with the key of the seed and of the path.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.weights.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        missing: what a checkpoint did not bring, and all that is set: names of arrays or of what
            holds several, "/"-joined or as ``jax.tree_util.keystr`` writes them, key paths,
            tuples of names, or canonical paths. Other weights stay as they are.
        dry_run: return the plan, with its problems; draw and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        **variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        For a linen module its variables and the Summary; for an nnx model the Summary; for
        a pytree a new one and the Summary. In a dry run the variables are abstract, or
        ``values``, and the pytree is the one given.

    Raises:
        FanwiseError: for a recipe that does not fit the model, and whatever else would
            keep a weight from being set; nothing has changed then.

    Examples:
        >>> import jax.numpy as jnp
        >>> import fanwise
        >>> tree = {"head": {"kernel": jnp.zeros((512, 10)), "bias": jnp.zeros(10)}}
        >>> tree, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((tree["head"]["kernel"] == weight).all())
        True
    """
    check_switches(dry_run=dry_run, report=report)
    source = SeededEngine(checked_seed(seed), checked_engine(engine))
    chosen = read_recipe(recipe, **variables)
    request = Request(
        chosen,
        source,
        only=only,
        exclude=exclude,
        missing=missing,
        dry_run=dry_run,
        is_read=report,
    )
    linen, nnx = is_linen(model), is_nnx(model)
    of_linen = {"inputs": inputs, "keywords": keywords, "method": method, "values": values}
    check_asked(of_linen, "a Flax linen module", asked=linen)
    check_asked({"shardings": shardings}, "a linen module or a pytree", asked=not nnx)
    check_asked({"describe": describe}, "a pytree", asked=not linen and not nnx)
    if linen:
        traced = trace(model, inputs, keywords, method, source.seed)
        return set_linen(model, traced, request, values, shardings)
    if nnx:
        return set_nnx(model, request)
    return set_tree(model, request, shardings, describe)


def check_asked(given: Mapping[str, Any], owner: str, *, asked: bool) -> None:
    """Raise for arguments that are for another kind of model.

    Args:
        given: the arguments by their names; None where one is left out.
        owner: what they are for.
        asked: whether the model is of that kind.
    """
    for name, value in given.items():
        if value is not None and not asked:
            hint = f"Leave it out: it is for {owner}."
            raise FanwiseError(f"no {name} for this model", Phrase(f"{name}={value!r}"), hint)
