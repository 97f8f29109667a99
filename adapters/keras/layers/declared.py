"""What the layers of a model declare that their weights start with."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np

from fanwise.adapters.guesses.code import source_of
from fanwise.adapters.keras.layers.rebuilt import Declared, rebuilt_declarations
from fanwise.adapters.keras.layers.recorded_draws import (
    Recording,
    host_numbers,
    recorded_calls,
    told_by,
)
from fanwise.adapters.keras.layers.translated import translated
from fanwise.adapters.keras.layers.unbuilt import INITIALIZERS
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.spec.axes import IN
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Start

_KERAS: Final = "keras.src."
#: Where a layer makes its variables, and the words with which it writes into those of others.
_MAKING: Final = ("__init__", "build")
_WRITING: Final = (".assign(", "set_weights(")


def with_starts(weights: Sequence[VariableWeight]) -> list[VariableWeight]:
    """Give the weights of a model what their layers declare that they start with.

    Args:
        weights: as :func:`fanwise.adapters.keras.layers.models.model_weights` finds them.
    """
    finder = _DeclarationFinder()
    return [
        replace(stored, weight=replace(stored.weight, own=finder.start_of(stored)))
        for stored in weights
    ]


class _DeclarationFinder:
    """Finds what layers declare, each layer once."""

    def __init__(self) -> None:
        self._rebuilt: dict[int, dict[int, Declared]] = {}
        self._tellers: dict[type, bool] = {}

    def start_of(self, stored: VariableWeight) -> Start | None:
        """Tell what a layer declares for a weight; None where that is nothing."""
        starts = [self._start_in(stored, name) for name in stored.variables]
        if all(start == starts[0] for start in starts):
            return starts[0]
        return Start(None, text="other initializers for its parts")

    def _start_in(self, stored: VariableWeight, name: str) -> Start | None:
        weight, description, variable = stored.weight, stored.description, stored.variables[name]
        owner, last = _owner(stored.layer, name)
        if weight.role == "forget_bias" and getattr(owner, "unit_forget_bias", False):
            return Start(scheme("ones"), text="unit_forget_bias=True")
        declared = self._declared(owner, last, variable, stored.within)
        if declared is None:
            return None
        initializer = declared.initializer
        if isinstance(owner, keras.layers.EinsumDense) and last == "kernel":
            initializer = _with_axes(owner, initializer, description.axes)
        stored_shape = tuple(variable.shape)
        start = translated(initializer, weight, description, stored_shape)
        if declared.written:
            text = f"{start.text}, then other values, before it is used"
            return _told(Start(None, text=text), declared.written, variable)
        if start.scheme is None and callable(initializer):
            start = _told(start, recorded_calls(initializer, stored_shape), variable)
        if _is_drawn_in_parts(owner, last) and start.scheme and start.scheme.entry.uses_fan:
            return Start(None, text=f"{start.text} on every part of the bias")
        return start

    def _declared(
        self, owner: Any, name: str, variable: Any, within: Sequence[Any]
    ) -> Declared | None:
        """Find what a layer passes for a variable: its own attribute, where Keras reads that."""
        for outer in within:
            # A layer may write into another one.
            if self._writes(type(outer)):
                declared = self._rebuilt_in(outer).get(id(variable))
                if declared is not None and declared.written:
                    return declared
        attribute = _attribute(owner, name)
        if attribute is not None and _is_of_keras(owner):
            return attribute
        for holder in (owner, *(() if attribute else within)):
            declared = self._rebuilt_in(holder).get(id(variable))
            if declared is not None:
                return declared
        return attribute

    def _rebuilt_in(self, layer: Any) -> dict[int, Declared]:
        if id(layer) not in self._rebuilt:
            self._rebuilt[id(layer)] = rebuilt_declarations(layer)
        return self._rebuilt[id(layer)]

    def _writes(self, cls: type) -> bool:
        """Tell whether the code of a class, as somebody wrote it, writes into variables."""
        if cls not in self._tellers:
            self._tellers[cls] = any(
                word in source_of(vars(base).get(method))
                for base in cls.__mro__
                if not base.__module__.startswith(_KERAS)
                for method in _MAKING
                for word in _WRITING
            )
        return self._tellers[cls]


def _told(start: Start, recordings: Sequence[Recording], variable: Any) -> Start:
    """Add to a declaration what its values, told again and again, show."""
    law = told_by(recordings)
    if law is None or isinstance(law, Scheme):
        return replace(start, scheme=law)
    if law.size and (law == law.flat[0]).all():
        return replace(start, scheme=scheme("constant", value=float(law.flat[0])))
    # An array is no scheme; while it is what the variable holds, it may stay.
    return replace(start, keeps=bool(np.allclose(host_numbers(variable.value), law, rtol=1e-2)))


def _attribute(owner: Any, name: str) -> Declared | None:
    """Read the initializer that a layer has for a variable of a name."""
    for attribute in (*INITIALIZERS.get(name, ()), f"{name}_initializer"):
        held = getattr(owner, attribute, None)
        if held is not None:
            # The words of somebody's own layer may be others than those of Keras.
            with contextlib.suppress(Exception):
                return Declared(keras.initializers.get(held))
    return None


def _is_of_keras(owner: Any) -> bool:
    """Tell whether Keras builds a layer and adds its weights, which it draws by the attributes."""
    adding = (
        next(cls for cls in type(owner).__mro__ if name in vars(cls))
        for name in ("build", "add_weight")
    )
    return all(cls.__module__.startswith(_KERAS) for cls in adding)


def _with_axes(owner: Any, initializer: Any, axes: str) -> Any:
    """Return the initializer of an einsum with the axes that its equation counts."""
    update = getattr(owner, "_update_kernel_initializer", None)
    given = [getattr(initializer, name, None) for name in ("input_axes", "output_axes")]
    # An older Keras counts the fans of the kernel as it is stored.
    if update is None or not isinstance(initializer, keras.initializers.VarianceScaling):
        return initializer
    if None not in given:
        return initializer
    # To Keras a batch is one of the outputs.
    counted = ["input" if word == IN else "output" for word in axes.split()]
    return update(
        *([n for n, side in enumerate(counted) if side == word] for word in ("input", "output"))
    )


def _is_drawn_in_parts(owner: Any, name: str) -> bool:
    """Tell whether a layer calls an initializer for each part of a variable."""
    return name == "bias" and getattr(owner, "unit_forget_bias", False)


def _owner(layer: Any, name: str) -> tuple[Any, str]:
    """Return the layer in which a dotted name stands, and its last word."""
    *way, last = name.split(".")
    for word in way:
        layer = getattr(layer, word)
    return layer, last
