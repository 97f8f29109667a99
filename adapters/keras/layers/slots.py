"""The weights of Keras's layers: their axes, their groups, and where their initializers stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import keras

from fanwise.adapters.keras.initializers.schemes import DepthwiseInitializer, SchemeInitializer
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.scheme import Scheme

KERNEL: Final = "kernel"
BIAS: Final = "bias"
DEPTHWISE: Final = DepthwiseInitializer.default_axes


@dataclass(frozen=True)
class Slot:
    """One weight of a layer.

    Attributes:
        variable: the layer's attribute that holds it.
        initializer: the layer's attribute that holds its initializer, or "" if it has none.
        sets: ``"kernel"`` or ``"bias"``, what the caller chooses; or the scheme that this
            weight always starts with.
        axes: the role of each axis.
        groups: the number of groups; 0 for a depthwise kernel, where it is the channels.
        path: the last part of its path.
    """

    variable: str
    initializer: str
    sets: str
    axes: str = "kernel"
    groups: int = 1
    path: str = ""

    def make(self, scheme: Scheme, *, seed: Any, path: str | None, engine: str) -> Any:
        """The initializer that draws a scheme with the true fans of this weight."""
        own = self.path or self.variable
        where = own if path is None else f"{path}/{own}"
        if self.groups == 0:
            return DepthwiseInitializer(scheme, seed, where, self.axes, engine)
        if self.groups > 1 and "groups" in scheme.entry.parameters:
            scheme = scheme.replace(groups=self.groups)
        return SchemeInitializer(scheme, seed, where, self.axes, engine)


_BIAS = Slot("bias", "bias_initializer", BIAS)


def _dense(layer: Any) -> tuple[Slot, ...]:
    del layer
    return (Slot("kernel", "kernel_initializer", KERNEL), _BIAS)


def _convolution(layer: Any) -> tuple[Slot, ...]:
    return (Slot("kernel", "kernel_initializer", KERNEL, groups=layer.groups), _BIAS)


def _transposed(layer: Any) -> tuple[Slot, ...]:
    del layer
    return (Slot("kernel", "kernel_initializer", KERNEL, "keras_transposed"), _BIAS)


def _depthwise(layer: Any) -> tuple[Slot, ...]:
    del layer
    return (Slot("kernel", "depthwise_initializer", KERNEL, DEPTHWISE, 0), _BIAS)


def _separable(layer: Any) -> tuple[Slot, ...]:
    del layer
    return (
        Slot("depthwise_kernel", "depthwise_initializer", KERNEL, DEPTHWISE, 0),
        Slot("pointwise_kernel", "pointwise_initializer", KERNEL),
        _BIAS,
    )


def _einsum(layer: Any) -> tuple[Slot, ...]:
    axes = equation_axes(layer.equation)
    return (Slot("kernel", "kernel_initializer", KERNEL, axes), _BIAS)


def _embedding(layer: Any) -> tuple[Slot, ...]:
    del layer
    return (Slot("embeddings", "embeddings_initializer", KERNEL, "in out", path="kernel"),)


def _normalization(layer: Any) -> tuple[Slot, ...]:
    """What a normalization starts with, whatever the caller's schemes are."""
    starts = {
        "gamma": "ones",
        "beta": "zeros",
        "moving_mean": "zeros",
        "moving_variance": "ones",
        # Those of batch renormalization follow the initializers of the two above.
        "moving_stddev": "ones",
        "renorm_mean": "zeros",
        "renorm_stddev": "ones",
    }
    found = []
    for variable, start in starts.items():
        initializer = f"{variable}_initializer"
        held = initializer if hasattr(layer, initializer) else ""
        if held or hasattr(layer, variable):
            found.append(Slot(variable, held, start))
    return tuple(found)


_LAYERS: Final[dict[Callable[[Any], tuple[Slot, ...]], tuple[str, ...]]] = {
    _dense: ("Dense",),
    _convolution: ("Conv1D", "Conv2D", "Conv3D"),
    _transposed: ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    _depthwise: ("DepthwiseConv1D", "DepthwiseConv2D"),
    _separable: ("SeparableConv1D", "SeparableConv2D"),
    _einsum: ("EinsumDense",),
    _embedding: ("Embedding",),
    _normalization: ("BatchNormalization", "LayerNormalization", "GroupNormalization"),
}


def slots(layer: Any) -> tuple[Slot, ...]:
    """The weights of a layer.

    Raises:
        FanwiseError: for a layer of a class that is not known.
    """
    for describe, names in _LAYERS.items():
        if isinstance(layer, tuple(getattr(keras.layers, name) for name in names)):
            return describe(layer)
    known = ", ".join(name for names in _LAYERS.values() for name in names)
    raise FanwiseError(
        f"a layer of one of the classes {known}",
        Phrase(type(layer).__name__),
        "Pass its inner layers one by one, or initializers to its constructor.",
    )


def equation_axes(equation: str) -> str:
    """The axes of an EinsumDense kernel, from the letters of its equation.

    Examples:
        >>> equation_axes("abc,cde->abde")
        'in out out'
        >>> equation_axes("...abc,bcd->...bd")
        'batch in out'
    """
    inputs, weight, outputs = re.split(r",|->", re.sub(r"[\s.]", "", equation))
    roles = {(True, True): "batch", (False, True): "out"}
    return " ".join(roles.get((letter in inputs, letter in outputs), "in") for letter in weight)
