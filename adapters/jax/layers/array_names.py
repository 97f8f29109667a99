"""What the arrays of a pytree are by their names and shapes, where no class says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from fanwise.adapters.jax.layers.collection import Names
from fanwise.adapters.jax.layers.doubts import EVERYTHING, NO_DOUBTS, Doubt, Doubts
from fanwise.adapters.layer_weights import LayerWeight, Shape, Shapes
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE

#: What arrays are called, and the role that this says. Equinox and torch keep a ``weight``
#: as (out, in, field), Haiku and Flax their kernels as (field, in, out).
_ROLES: Final = {
    **dict.fromkeys(("w", "kernel", "weight"), "kernel"),
    **dict.fromkeys(("b", "bias"), "bias"),
    **dict.fromkeys(("scale", "gamma"), "scale"),
    **dict.fromkeys(("offset", "beta"), "offset"),
    **dict.fromkeys(("embedding", "embeddings"), "embedding"),
    "mean": "mean",
    **dict.fromkeys(("var", "variance"), "variance"),
}
_NORM: Final = ("scale", "offset", "mean", "variance")
#: A convolution has at most as many axes of a receptive field.
_FIELD: Final = 3

#: What the names of layers say: Haiku's own are conv2_d, depthwise_conv2_d, conv2_d_transpose.
_DIMENSIONS: Final = re.compile(r"conv_?([1-3])_?d")
_TURNED: Final = re.compile("transpose|deconv")
_DENSE: Final = re.compile("linear|dense")
#: What Haiku calls layers that it stacks, once for each axis of them.
_STACK: Final = "__layer_stack"


@dataclass(frozen=True)
class _Reading:
    """One thing that a kernel can be.

    Attributes:
        stacks: how many axes of layers it begins with.
        words: the roles of the others.
    """

    stacks: int
    words: tuple[str, ...]

    @property
    def field(self) -> int:
        return self.words.count(RECEPTIVE)

    @property
    def turned(self) -> bool:
        """Whether it is (field, out, in), as that of a transposed convolution is."""
        return self.words[-2:] == (OUT, IN) and self.field > 0


def declared_by_names(path: Names, shapes: Shapes) -> dict[str, Shape]:
    """Return the shapes that arrays have in one layer, as far as it can be told.

    The bias beside a kernel has one axis, or one for each of the kernel's outputs, so what
    both of them begin with beyond that is axes of layers.

    Args:
        path: of the node.
        shapes: of the arrays in the node, by their names.
    """
    kernel, bias = _kernel_and_bias(shapes)
    if kernel is None:
        return {}
    readings = _readings(path, kernel, shapes[kernel], shapes.get(bias))
    if len(readings) != 1:
        return {}
    names = (kernel, bias) if bias in shapes else (kernel,)
    return {name: shapes[name][readings[0].stacks :] for name in names}


class NamedWeights(NamedTuple):
    """What a node stores by the names of its arrays.

    Attributes:
        weights: its weights.
        doubts: what cannot be told of its kernel, and so of the bias beside it.
        readings: the axes that the kernel may have, where there are several.
    """

    weights: tuple[LayerWeight, ...]
    doubts: Doubts
    readings: tuple[str, ...]


def describe_by_names(path: Names, shapes: Shapes) -> NamedWeights:
    """Describe what a node of an unknown class stores, as far as names and shapes say it.

    Args:
        path: of the node.
        shapes: of the arrays in the node, by their names, as one layer has them.
    """
    kernel, bias = _kernel_and_bias(shapes)
    words: tuple[str, ...] = ()
    doubts = NO_DOUBTS
    readings: list[_Reading] = []
    if kernel is not None:
        readings = _readings(path, kernel, shapes[kernel], shapes.get(bias))
        single = [reading.words for reading in readings if not reading.stacks]
        words = single[0] if single else _words(kernel, len(shapes[kernel]) - 2)
        if len(words) > 2 and len(readings) != 1:
            doubts = EVERYTHING
        elif _may_be_depthwise(path, shapes[kernel], words):
            # From one channel, or depthwise, and then with an unknown number of groups.
            doubts = frozenset({Doubt.FAN_OUT, Doubt.ORDER})
    described = (_weight(name, shapes, kernel, words) for name in shapes if name in _ROLES)
    weights = tuple(weight for weight in described if weight is not None)
    axes = dict.fromkeys(" ".join((*(BATCH,) * r.stacks, *r.words)) for r in readings)
    return NamedWeights(weights, doubts, tuple(axes) if doubts == EVERYTHING else ())


def is_named_weight(name: str) -> bool:
    """Tell whether an array has a name that weights have."""
    return name in _ROLES


def _kernel_and_bias(shapes: Shapes) -> tuple[str | None, str]:
    """Return the names of a node's kernel and of the bias beside it; None for no kernel."""
    bias = next((name for name in shapes if _ROLES.get(name) == "bias"), "")
    for name, shape in shapes.items():
        # A scale has the shape of its offset.
        if _ROLES.get(name) == "kernel" and len(shape) >= 2 and shape != shapes.get(bias):
            return name, bias
    return None, bias


def _weight(
    name: str, shapes: Shapes, kernel: str | None, words: tuple[str, ...]
) -> LayerWeight | None:
    """Return the weight that an array is by its name and those beside it; None for none."""
    shape, role = shapes[name], _ROLES[name]
    kind = "norm" if kernel is None else "conv" if RECEPTIVE in words else "dense"
    if role == "kernel":
        if name == kernel:
            return LayerWeight(name, role, " ".join(words), kind)
        # A weight for each feature, with its bias: Equinox's and torch's normalizations.
        return LayerWeight(name, "scale", _all_out(shape), "norm") if name == "weight" else None
    if role == "bias":
        if kernel is not None:
            return LayerWeight(name, role, _all_out(shape), kind, beside="kernel")
        norm = "weight" in shapes or "scale" in shapes
        return LayerWeight(name, "offset", _all_out(shape), "norm") if norm else None
    if role == "embedding":
        return LayerWeight(name, role, "in out", "embedding") if len(shape) == 2 else None
    return LayerWeight(name, role, _all_out(shape), "norm") if role in _NORM else None


def _readings(path: Names, name: str, kernel: Shape, bias: Shape | None) -> list[_Reading]:
    """Return all that a kernel can be: one thing where it is told."""
    readings = [
        reading
        for reading in _all_readings(name, kernel)
        if not bias or _goes_with(bias, kernel, reading)
    ]
    stacks = sum(part.startswith(_STACK) for part in path)
    if stacks:
        readings = _those(readings, lambda reading: reading.stacks == stacks)
    speaking = _speaking_name(path)
    if name != "kernel" and _DENSE.search(speaking):
        readings = _those(readings, lambda reading: not reading.field)
    elif "conv" in speaking:
        dimensions = _DIMENSIONS.search(speaking)
        readings = _those(readings, lambda reading: reading.field > 0)
        readings = _those(
            readings, lambda reading: reading.turned == bool(_TURNED.search(speaking))
        )
        if dimensions:
            readings = _those(readings, lambda reading: reading.field == int(dimensions[1]))
        elif len(kernel) < 5:
            readings = _those(readings, lambda reading: not reading.stacks)
    if kernel[-1] == kernel[-2]:
        # As many inputs as outputs: turned or not, the fans are the same.
        readings = _those(readings, lambda reading: not reading.turned)
    return readings


def _those(readings: list[_Reading], fits: Callable[[_Reading], bool]) -> list[_Reading]:
    """Return those that fit, or all where none does."""
    return [reading for reading in readings if fits(reading)] or readings


def _all_readings(name: str, shape: Shape) -> Iterator[_Reading]:
    """Yield what a kernel of some axes can be by its own name."""
    for stacks in range(len(shape) - 1):
        field = len(shape) - stacks - 2
        if field <= _FIELD:
            yield _Reading(stacks, _words(name, field))
            if field and name != "weight":
                yield _Reading(stacks, (*(RECEPTIVE,) * field, OUT, IN))
        if name == "kernel":
            # Flax's layers may have several axes of outputs, and then as many of the bias.
            for inputs in range(1, field + 1):
                yield _Reading(stacks, (IN,) * inputs + (OUT,) * (field + 2 - inputs))


def _words(name: str, field: int) -> tuple[str, ...]:
    if name == "weight":
        return (OUT, IN, *(RECEPTIVE,) * field)
    return (*(RECEPTIVE,) * field, IN, OUT)


def _goes_with(bias: Shape, kernel: Shape, reading: _Reading) -> bool:
    """Tell whether a bias is one for each output of a kernel that is read so."""
    stacks, words = reading.stacks, reading.words
    outputs = tuple(size for size, word in zip(kernel[stacks:], words, strict=True) if word == OUT)
    # Where channels come first, the bias has an axis for each of the field's.
    ends = (outputs, (*outputs, *(1,) * reading.field))
    return bias[:stacks] == kernel[:stacks] and bias[stacks:] in ends


def _may_be_depthwise(path: Names, kernel: Shape, words: tuple[str, ...]) -> bool:
    """Tell whether a kernel has one input, and Haiku's own name does not tell of which kind."""
    name = _speaking_name(path)
    told = _DIMENSIONS.search(name) and "depthwise" not in name
    return RECEPTIVE in words and kernel[words.index(IN)] == 1 and not told


def _speaking_name(path: Names) -> str:
    """Return the last name in a path that says what a layer is; else the empty string."""
    for name in reversed(path):
        lower = name.lower()
        if "conv" in lower or _DENSE.search(lower):
            return lower
    return ""


def _all_out(shape: Shape) -> str:
    return " ".join([OUT] * len(shape)) or "kernel"
