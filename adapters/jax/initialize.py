"""Whole models from one recipe: Flax linen and nnx, Haiku, Equinox, and any pytree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax

from fanwise.adapters.jax.layers import arrays as drawing
from fanwise.adapters.jax.layers import linen as linen_models
from fanwise.adapters.jax.layers import nnx as nnx_models
from fanwise.adapters.jax.layers import trees
from fanwise.adapters.jax.layers.collection import Stored
from fanwise.adapters.jax.layers.description import class_names
from fanwise.adapters.jax.layers.placements import laid, like, spread
from fanwise.adapters.jax.layers.plan import Array, Chosen, check_all, choose, dry, partly_set
from fanwise.adapters.jax.layers.variables import read, sharding, write
from fanwise.adapters.summary import Summary
from fanwise.core.keys import checked_seed
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Patterns
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as as_recipe


def initialize(
    model: Any,
    recipe: Any,
    *,
    seed: int,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: trees.DescribeLeaf | None = None,
    only: Patterns = None,
    exclude: Patterns = None,
    dry_run: bool = False,
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
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``).

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.plan.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        dry_run: return the plan; draw and write nothing.
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
        >>> made, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((made["head"]["kernel"] == weight).all())
        True
    """
    chosen = as_recipe(recipe, **variables)
    seed = checked_seed(seed)
    names = class_names(model)
    linen, nnx = "flax.linen:Module" in names, "flax.nnx:Module" in names
    of_linen = {"inputs": inputs, "keywords": keywords, "method": method, "values": values}
    _check_asked(of_linen, "a Flax linen module", asked=linen)
    _check_asked({"shardings": shardings}, "a linen module or a pytree", asked=not nnx)
    _check_asked({"describe": describe}, "a pytree", asked=not linen and not nnx)
    how = _How(chosen, seed, only, exclude, dry_run)
    if linen:
        if inputs is None or not isinstance(inputs, tuple):
            hint = "Pass inputs=(x,): arrays, or jax.ShapeDtypeStruct(shape, dtype)."
            raise FanwiseError("what to call a linen module with, as a tuple", inputs, hint)
        traced = linen_models.trace(model, inputs, keywords or {}, method, seed)
        return _linen(traced, how, values, shardings)
    if nnx:
        return _nnx(model, how)
    if isinstance(model, type) or not jax.tree_util.tree_leaves(model):
        hint = "Pass a model, or its parameters."
        raise FanwiseError("a model or a pytree of arrays", model, hint)
    return _tree(model, how, shardings, describe)


@dataclass(frozen=True)
class _How:
    """What is asked for, whatever the model."""

    recipe: Recipe
    seed: int
    only: Patterns
    exclude: Patterns
    dry_run: bool

    def choose(self, weights: Sequence[Stored]) -> tuple[Chosen, ...]:
        return choose(self.recipe, weights, only=self.only, exclude=self.exclude)


def _linen(
    traced: linen_models.Traced, how: _How, values: Any, shardings: Any
) -> tuple[Any, Summary]:
    chosen = how.choose(traced.weights)
    abstract = traced.build(list(traced.leaves))
    given = None if values is None else like(abstract, values)
    where = spread(shardings, abstract)
    arrays: dict[int, Array] = {
        number: Array(
            tuple(leaf.shape),
            leaf.dtype,
            None if given is None else _concrete(given[number]),
            where[number],
        )
        for number, leaf in enumerate(traced.leaves)
    }
    check_all(chosen, arrays, keeping=given is None)
    if how.dry_run:
        return abstract if values is None else values, dry(chosen, arrays)
    planned = {key for each in chosen for key, _ in each.places}
    partly = partly_set(chosen, arrays)
    kept = frozenset(key for key in arrays if key not in planned or key in partly)
    start = traced.start(kept) if given is None else {key: given[key] for key in kept}
    made, summary = drawing.draw(chosen, drawing.with_values(arrays, start), how.seed)
    leaves = [made[n] if n in made else laid(start[n], arrays[n].sharding) for n in arrays]
    return traced.build(leaves), summary


def _nnx(model: Any, how: _How) -> Summary:
    found, variables = nnx_models.collect(model)
    chosen = how.choose(found.weights)
    arrays: dict[int, Array] = {}
    for each in chosen:
        for key, _ in each.places:
            value = read(variables[key])
            arrays[key] = Array(tuple(value.shape), value.dtype, _concrete(value), sharding(value))
    check_all(chosen, arrays)
    if how.dry_run:
        return dry(chosen, arrays)
    made, summary = drawing.draw(chosen, arrays, how.seed)
    for key, value in made.items():
        write(variables[key], value)
    return summary


def _tree(
    tree: Any, how: _How, shardings: Any, describe: trees.DescribeLeaf | None
) -> tuple[Any, Summary]:
    if isinstance(tree, Mapping) and "params" in tree and describe is None:
        hint = (
            "Pass the module: initialize(module, recipe, seed=…, inputs=(x,)); or tree['params']."
        )
        what = "A tree of linen's variables does not know its layers"
        raise FanwiseError("the module itself", Phrase("its variables"), hint, context=what)
    weights, leaves, structure = trees.collect(tree, describe)
    chosen = how.choose(weights)
    where = spread(shardings, tree)
    arrays: dict[int, Array] = {
        key: Array(
            tuple(leaves[key].shape),
            leaves[key].dtype,
            _concrete(leaves[key]),
            sharding(leaves[key]) if where[key] is None else where[key],
        )
        for key in (key for each in chosen for key, _ in each.places)
    }
    check_all(chosen, arrays)
    if how.dry_run:
        return tree, dry(chosen, arrays)
    made, summary = drawing.draw(chosen, arrays, how.seed)
    filled = [made.get(number, leaf) for number, leaf in enumerate(leaves)]
    return jax.tree_util.tree_unflatten(structure, filled), summary


def _check_asked(given: Mapping[str, Any], what: str, *, asked: bool) -> None:
    for name, value in given.items():
        if value is not None and not asked:
            hint = f"Leave it out: it is for {what}."
            raise FanwiseError(f"no {name} for this model", Phrase(f"{name}={value!r}"), hint)


def _concrete(value: Any) -> Any:
    """A value, or None where there is only its shape."""
    return None if isinstance(value, jax.ShapeDtypeStruct) else value
