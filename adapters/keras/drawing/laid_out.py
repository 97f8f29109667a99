"""Variables that are spread over devices of JAX: each device's part is drawn alone, on its host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from fanwise.adapters.recipe_forms import Array
from fanwise.core import sampler
from fanwise.core.moments import Moments, moments_of_rows
from fanwise.spec.plan import Planned


def is_laid_out(variable: Any) -> bool:
    """Tell whether a variable lies on several devices, and has a place for each of its parts."""
    if keras.config.backend() != "jax" or keras.distribution.distribution() is None:
        return False
    return len(getattr(variable.value.sharding, "device_set", ())) > 1


def check_agreed_seed(variables: Iterable[Any], seed: Any) -> None:
    """Raise where processes of JAX that have parts of the same variables pass different seeds.

    Args:
        variables: those that are drawn, in the order of the model.
        seed: of the model, in this process; a generator of Keras has none.
    """
    if keras.config.backend() != "jax" or not isinstance(seed, int | np.integer):
        return
    from fanwise.adapters.jax.drawing.agreed_seeds import check_agreed
    from fanwise.adapters.jax.drawing.tracing import is_tracing

    if not is_tracing():
        check_agreed(int(seed), (variable.value.sharding for variable in variables))


def draw_laid_out(planned: Planned, variable: Any, dtype: str, seed: int) -> Any:
    """Draw a weight where its variable lies.

    Args:
        planned: the weight, of no structured scheme; its variable has its shape, and nothing else.
        variable: where it goes.
        dtype: to draw in.
        seed: of the weight.
    """
    import jax

    def part(index: tuple[slice, ...]) -> Array:
        return _drawn(planned, dtype, seed, index)

    return jax.make_array_from_callback(tuple(variable.shape), variable.value.sharding, part)


def moments_laid_out(planned: Planned, dtype: str, seed: int) -> Moments | None:
    """Compute the moments of a weight, drawn again some rows at a time: None if that cannot be.

    They are those of the whole, to the bit; no host holds all of it.
    """
    return moments_of_rows(planned.weight.shape, lambda rows: _drawn(planned, dtype, seed, (rows,)))


def _drawn(planned: Planned, dtype: str, seed: int, index: tuple[slice, ...]) -> Array:
    path = planned.weight.path
    return sampler.draw(planned.resolved, seed=seed, path=path, dtype=dtype, index=index)
