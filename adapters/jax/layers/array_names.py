"""What the arrays of a pytree are by their names and shapes, where no class says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fanwise.adapters.layer_weights import LayerWeight, Shapes
from fanwise.spec.axes import PATTERNS

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
_AXES: Final = {"weight": "torch"}
_NORM: Final = ("scale", "offset", "mean", "variance")


def describe_by_names(shapes: Shapes) -> Iterator[LayerWeight]:
    """Describe what a node of an unknown class stores, as far as names and shapes say it.

    Args:
        shapes: of the arrays in the node, by their names.
    """
    for name in shapes:
        weight = _weight(name, shapes) if name in _ROLES else None
        if weight is not None:
            yield weight


def is_named_weight(name: str) -> bool:
    """Tell whether an array has a name that weights have."""
    return name in _ROLES


def _weight(name: str, shapes: Shapes) -> LayerWeight | None:
    """Return the weight that an array is by its name and those beside it; None for none."""
    shape, role = shapes[name], _ROLES[name]
    kernel = next((other for other in shapes if _is_kernel(other, shapes[other])), None)
    kind = "norm" if kernel is None else "dense" if len(shapes[kernel]) == 2 else "conv"
    if role == "kernel":
        if len(shape) >= 2:
            return LayerWeight(name, role, PATTERNS[_AXES.get(name, "kernel")], kind)
        # A weight for each feature, with its bias: Equinox's and torch's normalizations.
        return LayerWeight(name, "scale", "kernel", "norm") if name == "weight" else None
    if role == "bias":
        if kernel is not None:
            return LayerWeight(name, role, _all_out(shape), kind, beside="kernel")
        norm = "weight" in shapes or "scale" in shapes
        return LayerWeight(name, "offset", _all_out(shape), "norm") if norm else None
    if role == "embedding":
        return LayerWeight(name, role, "in out", "embedding") if len(shape) == 2 else None
    return LayerWeight(name, role, _all_out(shape), "norm") if role in _NORM else None


def _is_kernel(name: str, shape: tuple[int, ...]) -> bool:
    return _ROLES.get(name) == "kernel" and len(shape) >= 2


def _all_out(shape: tuple[int, ...]) -> str:
    return " ".join(["out"] * len(shape)) or "kernel"
