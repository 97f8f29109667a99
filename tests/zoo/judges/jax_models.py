"""The judge of the models of JAX: linen, nnx, Equinox, Haiku, and other pytrees.

It knows a model by what its library builds under several keys: what is the same in all builds is a
constant or a formula, and has to stay; what differs is drawn, and has to be drawn again by the same
law. What Fanwise itself takes a layer for is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import jax

import fanwise.jax
from zoo.judges.jax_builds import Start, starts_of
from zoo.judges.jax_faults import faults_of
from zoo.verdicts import Verdict
from zoo.zoo_model import ZooModel

#: The seeds that a library starts a model by.
_BUILDS: Final = (1, 2, 3)
_RECIPE: Final = "flax_default"
# What is compiled here runs once.
jax.config.update("jax_disable_most_optimizations", True)


def judge(model: ZooModel) -> Verdict:
    """Judge a model.

    Args:
        model: what it builds is an nnx model, a :class:`zoo.judges.jax_builds.Linen`, a
            :class:`zoo.judges.jax_builds.Transformed`, or a pytree.

    Raises:
        FanwiseError: where the model is refused.
    """
    library = starts_of(model.build, _BUILDS)
    first, second, third = library
    recipe = model.recipe or _RECIPE
    drawn, summary = _set(first, recipe, 0, model.variables)
    again, _ = _set(second, recipe, 0, model.variables)
    other, _ = _set(third, recipe, 1, model.variables)
    faults = faults_of([start.arrays for start in library], drawn, again, other, summary)
    size = sum(array.values.size for array in first.arrays.values() if array.trains)
    return Verdict.of_faults(model.name, faults, size)


def _set(start: Start, recipe: str, seed: int, variables: Mapping[str, Any]) -> tuple[Any, Any]:
    result = fanwise.jax.initialize(start.model, recipe, seed=seed, **start.options, **variables)
    return start.read(result), result[1] if isinstance(result, tuple) else result
