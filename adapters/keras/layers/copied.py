"""Copies of what a layer holds, for a second layer that must not change the first one."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Mapping
from types import MethodType, ModuleType
from typing import Any, Final

import keras
import numpy as np

#: What is safe in two hands: these change nothing but variables, and those only in a scope.
_SHARED: Final = (keras.random.SeedGenerator, keras.dtype_policies.DTypePolicy, ModuleType)


class AttributeCopier:
    """Copies objects with all that is in them: layers are made anew, variables are left out."""

    def __init__(self, layers: Mapping[Any, Any] | None = None) -> None:
        """Start with no copies but those of some layers.

        Args:
            layers: those that have been copied, each with its copy.
        """
        # With the objects themselves, or another object might get the id of one.
        self._copies = {id(layer): (layer, twin) for layer, twin in (layers or {}).items()}

    def copy(self, value: Any) -> Any:
        """Return what may stand for an object, so that it is not changed itself.

        Raises:
            Exception: whatever somebody's own code raises.
        """
        if id(value) not in self._copies:
            self._copies[id(value)] = value, None  # what leads back to itself ends here
            self._copies[id(value)] = value, self._copied(value)
        return self._copies[id(value)][1]

    def _copied(self, value: Any) -> Any:
        if isinstance(value, keras.Variable):
            return None
        if isinstance(value, keras.layers.Layer):
            return self._twin(value)
        if isinstance(value, _SHARED):
            return value
        if isinstance(value, MethodType):
            return MethodType(value.__func__, self.copy(value.__self__))
        if isinstance(value, Mapping):
            kept = {
                key: item for key, item in value.items() if not isinstance(item, keras.Variable)
            }
            return {key: self.copy(item) for key, item in kept.items()}
        if isinstance(value, list | set) or type(value) is tuple:
            items = [self.copy(item) for item in value if not isinstance(item, keras.Variable)]
            return tuple(items) if isinstance(value, tuple) else items
        if isinstance(value, np.ndarray):
            return value.copy()
        if keras.ops.is_tensor(value):
            return keras.ops.copy(value)
        return self._copied_object(value)

    def _twin(self, layer: Any) -> Any:
        with contextlib.suppress(Exception):  # somebody's own code may raise anything
            return type(layer).from_config(self.copy(layer.get_config()))
        return keras.layers.Identity(name=layer.name)

    def _copied_object(self, value: Any) -> Any:
        """Copy an object of any class; functions, classes and numbers are the same object."""
        other = copy.copy(value)
        if other is not value:
            for name, held in getattr(other, "__dict__", {}).items():
                vars(other)[name] = self.copy(held)
        return other
