"""What is written to the variables of a model, and what keeps it from being written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import keras
import numpy as np

from fanwise.adapters.engines import Engine
from fanwise.adapters.keras.drawing import laid_out, native, portable
from fanwise.adapters.keras.drawing.dtypes import dtype_name, host_dtype
from fanwise.adapters.keras.drawing.records import moments_of, record
from fanwise.adapters.keras.drawing.transfer import host_values, to_device
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.recipe_forms import Array, put
from fanwise.adapters.recipes import check_follower, check_settable
from fanwise.core import sampler
from fanwise.core.dtypes import empty, format_of
from fanwise.core.magnitudes import check_fits
from fanwise.core.moments import Moments
from fanwise.core.order import to_canonical
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.plan import Planned
from fanwise.spec.problems import Problem

#: Smaller weights on several devices are drawn whole, and then spread.
_LARGE: Final = 1 << 20

#: What is to be written, each with its plan.
Plans = Sequence[tuple[VariableWeight, Planned]]


def storage_problems(plans: Plans, engine: Engine) -> Iterator[Problem]:
    """Give a problem for every weight that cannot be drawn or written.

    Args:
        plans: what is to be written, each with its plan.
        engine: what draws.
    """
    for stored, planned in plans:
        try:
            check_settable(planned, partial(_check_storage, stored, planned))
            if engine is Engine.NATIVE:
                _check_native(planned, dtype_name(stored.variable.dtype))
        except FanwiseError as error:
            yield Problem("obstacle", error, (planned.weight.path,))


def _check_storage(stored: VariableWeight, planned: Planned) -> None:
    for variable in stored.variables.values():
        check_fits(planned.resolved.law, format_of(dtype_name(variable.dtype)).name)
    for follower, function in stored.followers():
        format_of(dtype_name(follower.dtype))
        compute = partial(_try_follower, stored, planned, function)
        check_follower(follower.name, tuple(follower.shape), compute)


def _try_follower(stored: VariableWeight, planned: Planned, function: Callable[[Any], Any]) -> Any:
    """Work out a follower from a weight of the same law, only to see that it can be done."""
    drawn = sampler.draw(planned.resolved, seed=0, path=planned.weight.path)
    values = np.empty(tuple(stored.variable.shape), drawn.dtype)
    put({stored.description.parameter: values}, stored.description, drawn)
    return function(values)


def _check_native(planned: Planned, dtype: str) -> None:
    try:
        native.check(planned.resolved.law, dtype)
    except FanwiseError as error:
        raise error.within(f"{planned.weight.path} cannot be set") from error


def write_weights(
    weights: Sequence[VariableWeight], plans: Plans, seed: Any, engine: Engine, *, is_read: bool
) -> list[float]:
    """Draw and write, variable by variable; give the deviation of every weight, or NaN.

    Not all of a model is held twice: what could fail has been tried before.

    Args:
        weights: all weights of the model.
        plans: what is to be written, each with its plan.
        seed: an integer, or a ``keras.random.SeedGenerator``, which advances for each weight.
        engine: what draws.
        is_read: whether every weight is read again.
    """
    stored_in = Counter(_variable_ids(weights))
    planned_in = Counter(_variable_ids([stored for stored, _ in plans]))
    remaining = Counter(planned_in)
    # Of a weight that a rule has divided, some parts may stay.
    divided = set(_variable_ids([stored for stored, planned in plans if planned.weight.part]))
    values: dict[int, Array] = {}
    observed = []
    for stored, planned in plans:
        found = _write_laid_out(stored, planned, seed, engine, is_read=is_read)
        if found is not None:
            observed.append(_noted(stored, planned, found, is_read=is_read))
            continue
        drawn = _draw(planned, dtype_name(stored.variable.dtype), seed, engine)
        for variable in stored.variables.values():
            key = id(variable)
            if key not in values:
                is_whole = planned_in[key] == stored_in[key] and key not in divided
                values[key] = _start_of(variable, drawn.dtype, is_whole=is_whole)
        arrays = {name: values[id(variable)] for name, variable in stored.variables.items()}
        if _is_stored_form(arrays, stored.description, drawn):
            values[id(stored.variable)] = drawn.reshape(tuple(stored.variable.shape))
        else:
            put(arrays, stored.description, drawn)
        if stored.description.zero_row is not None:
            arrays[stored.description.parameter][stored.description.zero_row] = 0
        for variable in stored.variables.values():
            remaining[id(variable)] -= 1
            if not remaining[id(variable)]:
                array = values.pop(id(variable))
                variable.assign(to_device(array, dtype_name(variable.dtype)))
        for follower, function in stored.followers():
            _assign(follower, function(arrays[stored.description.parameter]))
        moments = moments_of(drawn) if is_read else Moments()
        observed.append(_noted(stored, planned, moments, is_read=is_read))
    return observed


def _noted(stored: VariableWeight, planned: Planned, moments: Moments, *, is_read: bool) -> float:
    """Remember what a weight was set by, and return its deviation."""
    if is_read:
        record(stored.variable, stored.description.path, planned, moments)
    return moments.std


def _write_laid_out(
    stored: VariableWeight, planned: Planned, seed: Any, engine: Engine, *, is_read: bool
) -> Moments | None:
    """Draw a weight that is all of a variable on several devices, each part by itself.

    None where it has to be drawn whole: it is joint or structured, or small.
    """
    variable, description = stored.variable, stored.description
    if engine is not Engine.PORTABLE or not laid_out.is_laid_out(variable):
        return None
    law, form = planned.resolved.law, np.empty(tuple(variable.shape), np.int8)
    is_elementwise = not (isinstance(law, StructuredLaw) or planned.weight.part)
    if form.size < _LARGE or not is_elementwise or planned.weight.shape != form.shape:
        return None
    if not _is_stored_form({description.parameter: form}, description, form):
        return None
    number = portable.number(portable.needed_seed(law, seed))
    dtype = portable.available(dtype_name(variable.dtype))
    found = laid_out.moments_laid_out(planned, dtype, number) if is_read else Moments()
    if found is not None:
        variable.assign(laid_out.draw_laid_out(planned, variable, dtype, number))
    return found


def _start_of(variable: Any, dtype: np.dtype[Any], *, is_whole: bool) -> Array:
    """Return an array for what a variable is to hold: with what it has, if it keeps any of it."""
    if is_whole:
        return empty(tuple(variable.shape), dtype)
    return np.array(host_values(variable), dtype)


def _is_stored_form(arrays: Mapping[str, Array], description: LayerWeight, drawn: Array) -> bool:
    """Tell whether a drawn weight is all of its variable as it is, so that no copy is needed."""
    if not description.whole or description.zero_row is not None or description.followers:
        return False
    # Memory that is not written to is none yet.
    there = to_canonical(arrays[description.parameter], description.axes)
    return there.flags.c_contiguous and drawn.flags.c_contiguous and there.dtype == drawn.dtype


def _variable_ids(weights: Sequence[VariableWeight]) -> list[int]:
    return [id(variable) for stored in weights for variable in stored.variables.values()]


def _draw(planned: Planned, dtype: str, seed: Any, engine: Engine) -> Array:
    """Draw a weight on the host, in the form in which the recipe sees it."""
    resolved, path = planned.resolved, planned.weight.path
    seed = portable.needed_seed(resolved.law, seed)
    dtype = portable.available(dtype)
    if engine is Engine.NATIVE:
        tensor = native.draw(resolved, dtype, seed=seed, path=path)
        return host_values(tensor).astype(host_dtype(dtype))
    return sampler.draw(resolved, seed=portable.number(seed), path=path, dtype=dtype)


def _assign(variable: Any, values: Array) -> None:
    # A variable that is spread over devices stays so: assigning keeps its layout.
    variable.assign(keras.ops.convert_to_tensor(values, dtype=dtype_name(variable.dtype)))
