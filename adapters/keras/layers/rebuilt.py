"""What layers pass to add_weight, which Keras forgets: read from a second layer of one config."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import keras
from keras.src.backend.common import global_state

from fanwise.adapters.model_runs import kept_generators

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
    """Build a layer a second time, without values, to see what its variables start with.

    Args:
        layer: a built layer.

    Returns:
        By the ids of the layer's own trainable variables what each is declared to start with;
        nothing of those that the second layer does not have.
    """
    with _undone(), keras.StatelessScope(initialize_variables=False) as scope:
        twin = _built_twin(layer)
        others = [] if twin is None else twin._trainable_variables  # noqa: SLF001
        return {
            id(variable): Declared(
                other._initializer,  # noqa: SLF001
                is_overwritten=scope.get_current_value(other) is not None,
            )
            for variable, other in _pairs(layer._trainable_variables, others)  # noqa: SLF001
        }


def _built_twin(layer: Any) -> Any:
    """Make a second layer with weights, by the first way that leads to one; None if none does."""
    for make in (_from_config, _from_arguments, _from_attributes):
        twin = None
        with contextlib.suppress(Exception):  # somebody's own code may raise anything
            twin = make(layer)
            if not twin.built:
                twin.build_from_config(layer.get_build_config())
        # What was added before an error counts.
        if twin is not None and twin._trainable_variables:  # noqa: SLF001
            return twin
    return None


def _from_config(layer: Any) -> Any:
    return type(layer).from_config(layer.get_config())


def _from_arguments(layer: Any) -> Any:
    """Call the constructor as it was called, which may take no more than that."""
    return type(layer)(**layer._auto_config.config)  # noqa: SLF001


def _from_attributes(layer: Any) -> Any:
    """Make a layer with the attributes of another one, without its constructor.

    Many layers have no config. Their build() reads numbers and initializers, builds the layers in
    them and adds weights. The first one's own layers and variables stay out of its reach.
    """
    cls: Any = type(layer)
    twin = cls.__new__(cls)
    keras.layers.Layer.__init__(twin, name=layer.name, dtype=layer.dtype_policy)
    # On torch, layers are not among the attributes.
    held = {**vars(layer), **getattr(layer, "_modules", {})}
    for name, value in held.items():
        if name not in vars(twin) and not isinstance(value, keras.Variable):
            # Past the setter, which would track it.
            vars(twin)[name] = _copied(value)
    return twin


def _copied(value: Any) -> Any:
    """Return what may stand for the value of an attribute, so that it is not changed itself."""
    if isinstance(value, keras.layers.Layer):
        with contextlib.suppress(Exception):  # somebody's own code may raise anything
            return _from_config(value)
        return keras.layers.Identity(name=value.name)
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        items = [_copied(item) for item in value if not isinstance(item, keras.Variable)]
        return tuple(items) if isinstance(value, tuple) else items
    return value


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


@contextlib.contextmanager
def _undone() -> Iterator[None]:
    """Put back what making a layer changes for those that are made after it."""
    counted = {name: global_state.get_global_attribute(name) for name in _COUNTED}
    before = {name: None if held is None else held.copy() for name, held in counted.items()}
    try:
        with warnings.catch_warnings(), kept_generators():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, held in before.items():
            global_state.set_global_attribute(name, held)
