"""Which variables of a Keras model a start leaves as they were in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import keras
import numpy as np

from fanwise.adapters.builds import called, check_takes_nothing, seeded_numbers
from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.keras.layers.process_state import seed_backend, unchanged_process
from fanwise.adapters.unwritten_values import (
    BOOL_POISONS,
    POISONS,
    Elements,
    StartedTensor,
    Unwritten,
    compared_starts,
)
from fanwise.spec.errors import FanwiseError, Phrase

_INIT_HINT: Final = "Call it on a built model to see where it fails."
_STATES: Final = "seed_generator_state"


def unwritten(
    factory: Callable[[], Any], init: Callable[[Any], Any], *, seed: int = 0
) -> Unwritten:
    """List the variables that a start does not write.

    The model is built, and all its variables are overwritten by one pattern of bytes, then by
    another. What holds the pattern after both starts was not written; what differs otherwise was
    computed from memory, or is not repeatable. The states of generators of seeds are left as they
    are. Random states of Keras, its backend, NumPy and Python are put back.

    Args:
        factory: builds the model anew each time, with its variables; it takes nothing.
        init: starts a model in place, or returns one that is started.
        seed: of each start.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each variable.

    Raises:
        FanwiseError: for a factory of something else, or one that raises, and for an ``init`` that
            raises.

    Examples:
        >>> def build():
        ...     layer = keras.layers.Dense(3, name="fc")
        ...     layer.build((None, 2))
        ...     return layer
        >>> print(unwritten(build, lambda layer: layer.kernel.assign(np.zeros((2, 3)))))
        fc/bias (weight, [3]): nobody wrote it
        1 of 2 tensors are not set.
    """
    check_takes_nothing(factory)
    if not callable(init):
        raise FanwiseError("a function of the model", init, "Pass init=.")
    return compared_starts(partial(_started, factory, init, seed))


def _started(
    factory: Callable[[], Any], init: Callable[[Any], Any], seed: int, poison: int
) -> dict[str, StartedTensor]:
    with unchanged_process(), seeded_numbers(seed):
        seed_backend(seed)
        model = called(factory)
        if not isinstance(model, keras.layers.Layer):
            received = Phrase(f"an object of class {type(model).__qualname__}")
            raise FanwiseError("a factory of a Keras model", received, "Return the model.")
        for variable in _variables(model):
            variable.assign(_poison_for(variable, poison))
        seed_backend(seed)
        with foreign_code("a start that runs", _INIT_HINT):
            result = init(model)
        return dict(_started_variables(result if isinstance(result, keras.layers.Layer) else model))


def _variables(model: Any) -> list[Any]:
    """List the variables of a model but the states of its generators, each once."""
    variables = {id(v): v for v in (*model.weights, *model.variables)}
    return [v for v in variables.values() if not v.name.startswith(_STATES)]


def _poison_for(variable: Any, poison: int) -> np.ndarray[Any, Any]:
    """Return an array for a variable that is filled with a byte."""
    values = np.empty(variable.shape, _array_of(variable).dtype)
    byte = BOOL_POISONS[POISONS.index(poison)] if values.dtype == bool else poison
    values.reshape(-1).view(np.uint8)[...] = byte
    return values


def _array_of(variable: Any) -> np.ndarray[Any, Any]:
    """Return the values of a variable, in its own dtype."""
    array: np.ndarray[Any, Any] = keras.ops.convert_to_numpy(variable.value)
    if array.dtype.name != variable.dtype and variable.dtype == "bfloat16":
        import ml_dtypes

        return array.astype(ml_dtypes.bfloat16)
    return array


def _started_variables(model: Any) -> Iterator[tuple[str, StartedTensor]]:
    """Name the variables of a model with their bytes; a name that is taken gets a number."""
    taken: set[str] = set()
    trained = {id(variable) for variable in model.trainable_variables}
    for variable in _variables(model):
        numbers = (f"{variable.path}_{number}" for number in itertools.count(1))
        name = next(n for n in itertools.chain((variable.path,), numbers) if n not in taken)
        taken.add(name)
        array = _array_of(variable)
        kind = "weight" if id(variable) in trained else "not trained"
        yield name, StartedTensor(kind, array.shape, _elements(array), array.dtype == bool)


def _elements(array: np.ndarray[Any, Any]) -> Elements:
    dense: Elements = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return dense.reshape(array.size, array.dtype.itemsize)
