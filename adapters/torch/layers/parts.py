"""The parameters of torch's layers: their axes, their groups, and the streams they take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

from fanwise.spec.fans import Fans, fans

WEIGHT: Final = "weight"
BIAS: Final = "bias"
#: The gain of a normalization: it multiplies each feature by itself, so it has no fans.
GAIN: Final = "gain"


@dataclass(frozen=True)
class Part:
    """One parameter of a layer.

    Attributes:
        name: where it is in the layer, dotted.
        path: of its stream, below the layer's own path.
        role: ``"weight"``, ``"bias"`` or ``"gain"``.
        axes: the role of each axis.
        groups: the number of groups, for a weight.
        weight: for a bias, the name of the weight that it stands beside.
    """

    name: str
    path: str
    role: str
    axes: str
    groups: int = 1
    weight: str | None = None


def parts(layer: nn.Module) -> tuple[Part, ...]:
    """The parameters that are known of a layer; none for a layer of another kind."""
    for kinds, describe in _DESCRIPTIONS:
        if isinstance(layer, kinds):
            return tuple(part for part in describe(layer) if find(layer, part.name) is not None)
    return ()


def find(layer: nn.Module, name: str) -> Tensor | None:
    """The tensor stored under a dotted name; None where the layer stores none there.

    It is looked up, not asked for: a parametrized layer would compute its weight anew,
    and spectral normalization change its state at that.
    """
    *way, last = name.split(".")
    owner: Any = layer
    for word in way:
        owner = getattr(owner, word)
    own = vars(owner)
    tables = (own["_parameters"], own["_buffers"], own)
    return next((table[last] for table in tables if last in table), None)


def true_fans(part: Part, tensor: Tensor) -> Fans | None:
    """The fans of a weight; None for a bias or a gain, which has none."""
    if part.role != WEIGHT:
        return None
    return fans(tuple(tensor.shape), part.axes, part.groups)


def _weight_and_bias(axes: str, groups: int = 1) -> tuple[Part, ...]:
    bias = Part("bias", "bias", BIAS, "torch", weight="weight")
    return (Part("weight", "kernel", WEIGHT, axes, groups), bias)


def _embedding(_: nn.Module) -> tuple[Part, ...]:
    return (Part("weight", "kernel", WEIGHT, "in out"),)


def _normalization(layer: nn.Module) -> tuple[Part, ...]:
    axes = " ".join(["out"] * len(getattr(layer, "normalized_shape", (0,))))
    return (Part("weight", "kernel", GAIN, axes), Part("bias", "bias", BIAS, axes))


def _attention(_: nn.Module) -> tuple[Part, ...]:
    """The packed projection is three weights in one; each takes a third of the stream."""
    packed = Part("in_proj_weight", "in_proj/kernel", WEIGHT, "(3 out) in")
    each = [Part(f"{x}_proj_weight", f"{x}_proj/kernel", WEIGHT, "torch") for x in "qkv"]
    out = Part("out_proj.weight", "out_proj/kernel", WEIGHT, "torch")
    biases = [
        Part("in_proj_bias", "in_proj/bias", BIAS, "torch", weight="out_proj.weight"),
        Part("out_proj.bias", "out_proj/bias", BIAS, "torch", weight="out_proj.weight"),
        Part("bias_k", "bias_k", BIAS, "* out", weight="out_proj.weight"),
        Part("bias_v", "bias_v", BIAS, "* out", weight="out_proj.weight"),
    ]
    return (packed, *each, out, *biases)


_DESCRIPTIONS: Final[tuple[tuple[Any, Callable[[Any], tuple[Part, ...]]], ...]] = (
    (nn.Linear, lambda _: _weight_and_bias("torch")),
    (nn.Bilinear, lambda _: _weight_and_bias("out in in")),
    (_ConvTransposeNd, lambda layer: _weight_and_bias("torch_transposed", layer.groups)),
    (_ConvNd, lambda layer: _weight_and_bias("torch", layer.groups)),
    ((nn.Embedding, nn.EmbeddingBag), _embedding),
    ((_NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm), _normalization),
    (nn.MultiheadAttention, _attention),
)
