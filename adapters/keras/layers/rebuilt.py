"""What layers pass to add_weight, which Keras forgets: read from a second layer of one config."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import keras
from keras.src.backend.common import global_state

#: What Keras counts and lists by process, and what a second layer must leave as it was.
_COUNTED: Final = ("object_name_uids", "uninitialized_variables")


@dataclass(frozen=True)
class Declared:
    """What a layer says that a variable starts with.

    Attributes:
        initializer: what it passes to ``add_weight``.
        is_overwritten: whether it assigns other values right after.
    """

    initializer: Any
    is_overwritten: bool = False


def rebuilt_declarations(layer: Any) -> dict[int, Declared]:
    """Build a layer again from its config, without values, to see what its variables start with.

    Args:
        layer: a built layer.

    Returns:
        By the ids of the layer's own trainable variables what each is declared to start with;
        nothing for a layer that its config does not make again.
    """
    with _undone(), keras.StatelessScope(initialize_variables=False) as scope:
        try:
            twin = type(layer).from_config(layer.get_config())
            if not twin.built:
                twin.build_from_config(layer.get_build_config())
        except Exception:  # noqa: BLE001 - somebody's own constructor may raise anything
            return {}
        pairs = _pairs(layer._trainable_variables, twin._trainable_variables)  # noqa: SLF001
        return {
            id(variable): Declared(
                other._initializer,  # noqa: SLF001
                is_overwritten=scope.get_current_value(other) is not None,
            )
            for variable, other in pairs
        }


def _pairs(variables: list[Any], others: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair the variables of two layers of one config."""
    if [tuple(v.shape) for v in variables] == [tuple(v.shape) for v in others]:
        yield from zip(variables, others, strict=True)
        return
    by_name = {(other.name, tuple(other.shape)): other for other in others}
    for variable in variables:
        key = variable.name, tuple(variable.shape)
        if key in by_name:
            yield variable, by_name[key]


@contextmanager
def _undone() -> Iterator[None]:
    """Put back what making a layer changes for those that are made after it."""
    state = random.getstate()
    counted = {name: global_state.get_global_attribute(name) for name in _COUNTED}
    before = {name: None if held is None else held.copy() for name, held in counted.items()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(state)
        for name, held in before.items():
            global_state.set_global_attribute(name, held)
