"""What layers pass to add_weight, which Keras forgets: read from a second layer of one config."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from fanwise.adapters.keras.layers.copied import AttributeCopier
from fanwise.adapters.keras.layers.process_state import unchanged_process
from fanwise.adapters.keras.layers.recorded_draws import (
    RecordedDraw,
    Recording,
    host_numbers,
    recorded_draws,
)


@dataclass(frozen=True)
class Declared:
    """What a layer says that a variable starts with.

    Attributes:
        initializer: what it passes to ``add_weight``; None where it passes values.
        written: the values that it writes right after, each time that it is built.
    """

    initializer: Any
    written: tuple[Recording, ...] = ()


def rebuilt_declarations(layer: Any) -> dict[int, Declared]:
    """Build a layer a second time, without values, to see what its variables start with.

    Args:
        layer: a built layer.

    Returns:
        By the ids of the trainable variables of the layer, and of those in it, what each is
        declared to start with; nothing of those that the second layer does not have.
    """
    first = _rebuilt(layer, 0)
    if all(not declared.written for declared in first.values()):
        return first
    # What it writes may be other values the next time.
    second = _rebuilt(layer, 1)
    return {
        key: Declared(declared.initializer, (*declared.written, *second[key].written))
        for key, declared in first.items()
        if key in second
    }


def _rebuilt(layer: Any, number: int) -> dict[int, Declared]:
    scope = keras.StatelessScope(initialize_variables=False)
    with unchanged_process(), recorded_draws(number) as draws, scope:
        twin = _built_twin(layer)
        return {
            id(variable): Declared(
                other._initializer,  # noqa: SLF001
                _written(scope.get_current_value(other), draws),
            )
            for variable, other in _all_pairs(layer, twin)
        }


def _written(value: Any, draws: Sequence[RecordedDraw]) -> tuple[Recording, ...]:
    return () if value is None else (Recording(host_numbers(value), tuple(draws)),)


def _all_pairs(layer: Any, twin: Any) -> Iterator[tuple[Any, Any]]:
    """Pair the variables of two layers, and those of the layers in them."""
    seen: set[int] = set()
    stack = [(layer, twin)]
    while stack:
        one, other = stack.pop()
        # What could not be copied is another kind of layer.
        if id(one) in seen or type(one) is not type(other):
            continue
        seen.add(id(one))
        yield from _pairs(one._trainable_variables, other._trainable_variables)  # noqa: SLF001
        inner, others = one._layers, other._layers  # noqa: SLF001
        if len(inner) == len(others):
            stack += zip(inner, others, strict=True)


def _built_twin(layer: Any) -> Any:
    """Make a second layer with weights, by the first way that leads to one; None if none does."""
    for make in (_from_config, _from_arguments, _from_attributes):
        twin: Any = None
        with contextlib.suppress(Exception):  # somebody's own code may raise anything
            twin = make(layer)
            if not twin.built:
                twin.build_from_config(layer.get_build_config())
        # What was added before an error counts.
        if twin is not None and (twin._trainable_variables or _holds_weights(twin)):  # noqa: SLF001
            return twin
    return None


def _holds_weights(layer: Any) -> bool:
    with contextlib.suppress(Exception):
        return bool(layer.trainable_variables)
    return False


def _from_config(layer: Any) -> Any:
    # Many put their layers and lists themselves into the config.
    return type(layer).from_config(AttributeCopier().copy(layer.get_config()))


def _from_arguments(layer: Any) -> Any:
    """Call the constructor as it was called, which may take no more than that."""
    return type(layer)(**AttributeCopier().copy(layer._auto_config.config))  # noqa: SLF001


def _from_attributes(layer: Any) -> Any:
    """Make a layer with the attributes of another one, without its constructor.

    Many layers have no config. Their build() reads numbers and initializers, builds the layers in
    them and adds weights.
    """
    cls: Any = type(layer)
    twin = cls.__new__(cls)
    keras.layers.Layer.__init__(twin, name=layer.name, dtype=layer.dtype_policy)
    # On torch, layers are not among the attributes.
    modules = getattr(layer, "_modules", {}).items()
    inner = {name: item for name, item in modules if isinstance(item, keras.layers.Layer)}
    held = {**vars(layer), **inner}
    copier = AttributeCopier({layer: twin})
    for name, value in held.items():
        if name not in vars(twin) and not isinstance(value, keras.Variable):
            # What cannot be copied is left out.
            with contextlib.suppress(Exception):
                # Past the setter, which would track it.
                vars(twin)[name] = copier.copy(value)
    return twin


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
