"""The door of JAX: a drop-in of ``jax.nn.initializers``, every other scheme, and whole models.

Examples:
    >>> import jax
    >>> import fanwise.jax
    >>> init = fanwise.jax.he_normal(path="dense/kernel")
    >>> init(jax.random.key(0), (512, 256)).shape
    (512, 256)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fanwise.adapters.extras import explain_missing as _explain_missing
from fanwise.doors import SEEDS as _SEEDS
from fanwise.doors import loader as _loader
from fanwise.doors import places as _places

with _explain_missing(__name__):
    from fanwise.adapters.jax import *  # noqa: F403
    from fanwise.adapters.jax import __all__ as _names

if TYPE_CHECKING:
    from fanwise.spec.recipe import Recipe

_LATER = _places(
    "fanwise.adapters.jax",
    registry="layers.registry",
    also={
        "NdInitializer": "initializers.nd_initializer",
        "nd_initializer": "initializers.nd_initializer",
    },
)
__all__ = [*_names, *_LATER, "capture"]  # noqa: PLE0604 (they are names)
__getattr__ = _loader(__name__, _LATER)


def __dir__() -> list[str]:
    """List the names of the module, those too that are loaded when they are asked for."""
    return sorted({*globals(), *_LATER})


def capture(
    factory: Callable[..., Any],
    *,
    inputs: Any = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    seeds: Sequence[int] = _SEEDS,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does.

    The function is called under several seeds. What holds the same each time is a constant or a
    formula; of what differs the law is told by the values, and its numbers are written as the
    expressions that agree for all shapes. Random states of NumPy and Python are put
    back. The recipe is then proved: two builds more, and a model that it has started itself, are
    judged by it with a false-alarm rate below 10⁻⁹.

    Args:
        factory: builds the model anew each time: one of nnx, a pytree, or a linen module or what
            ``haiku.transform`` gives: alone, with a tuple of what it is called with, with its
            variables, or with both. Its parameter is given a key; an integer if it is called
            ``seed``; ``nnx.Rngs`` if it is called ``rngs``. Without one, the keys that it makes of
            numbers (``jax.random.key(0)``, ``nnx.Rngs(0)``) differ from build to build.
        inputs: what a linen module, or a function of Haiku, is called with: a tuple of arrays or
            ShapeDtypeStructs, or one.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        seeds: of the builds, at least two; more of them tell small weights better.
        prove: whether to prove the recipe, for which the extra ``conformance`` is needed.

    Returns:
        The recipe: ``recipe.to_toml()`` writes it, and comments say what fits as well. It keeps
        weights whose start was not found.

    Raises:
        FanwiseError: for a function that builds no new model under each seed, or seeds itself; and
            for a recipe that builds of its model contradict, with their weights.

    Warns:
        UnresolvedWeightWarning: naming the weights that start in no way that was found.
        UnrepeatableFactoryWarning: where one seed does not give one model.
        UnsoundStartWarning: naming what an audit of such a model fails, whose code draws so.

    Examples:
        >>> import jax
        >>> recipe = capture(lambda key: {"kernel": jax.random.normal(key, (64, 256))})
        >>> [rule.init["scheme"] for rule in recipe.rules]
        ['normal']
    """
    from fanwise.adapters.jax.builds import JaxBuilds
    from fanwise.captures import capture as capture_builds

    builds = JaxBuilds(factory, inputs, keywords, method)
    return capture_builds(builds, seeds=seeds, prove=prove)
