"""What torch's own layers store, by their sizes alone: of a layer, or of tensors in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

from fanwise.adapters.layer_weights import LayerWeight

#: The gates of a recurrence, by its kind; torch orders them canonically.
GATES: Final = {"rnn": 1, "gru": 3, "lstm": 4}
_FORGET: Final = 1

#: What a tensor starts as that follows another one: its name, and a function of the other.
Follower = tuple[str, Callable[[Any], Any]]


@lru_cache(maxsize=256)  # a network has many layers of few kinds
def kernel_and_bias(axes: str, kind: str, groups: int = 1) -> tuple[LayerWeight, ...]:
    """Describe a kernel, and the bias beside it.

    Args:
        axes: of the kernel.
        kind: of the layer.
        groups: of the kernel.
    """
    kernel = LayerWeight("weight", "kernel", axes, kind, groups)
    return (kernel, LayerWeight("bias", "bias", "torch", kind, beside="kernel"))


def embedding(zero_row: int | None = None) -> LayerWeight:
    """Describe a table; the row of its padding is zero."""
    return LayerWeight("weight", "embedding", "in out", "embedding", zero_row=zero_row)


@lru_cache(maxsize=32)
def norm(ndim: int, followers: tuple[Follower, ...] = ()) -> tuple[LayerWeight, ...]:
    """Describe a normalization over so many axes: scale, offset, and running statistics.

    Args:
        ndim: the number of axes.
        followers: what starts with the running mean.
    """
    axes = " ".join(["out"] * ndim)
    return (
        LayerWeight("weight", "scale", axes, "norm"),
        LayerWeight("bias", "offset", axes, "norm"),
        LayerWeight("running_mean", "mean", axes, "norm", followers=followers),
        LayerWeight("running_var", "variance", axes, "norm"),
    )


def attention(width: int, *, apart: bool) -> Iterator[LayerWeight]:
    """Describe attention, whose packed projection is query, key and value, one below another.

    Args:
        width: of the queries.
        apart: whether the three have parameters of their own.
    """
    kind = "attention/apart" if apart else "attention"
    for number, path in enumerate(("query", "key", "value")):
        rows = ((number * width, (number + 1) * width),)
        kernel = f"{path}/kernel"
        if apart:
            yield LayerWeight(f"{path[0]}_proj_weight", kernel, "torch", kind)
        else:
            yield LayerWeight("in_proj_weight", kernel, "torch", kind, spans=rows)
        yield LayerWeight("in_proj_bias", f"{path}/bias", "torch", kind, beside=kernel, spans=rows)
    yield LayerWeight("out_proj.weight", "out/kernel", "torch", kind)
    yield LayerWeight("out_proj.bias", "out/bias", "torch", kind, beside="out/kernel")
    for path in ("key", "value"):
        extra = f"extra_{path}/bias"
        yield LayerWeight(f"bias_{path[0]}", extra, "* out", kind, beside=f"{path}/kernel")


def recurrence(
    kind: str, size: int, *, layers: int, bidirectional: bool, bias: bool, projected: bool
) -> Iterator[LayerWeight]:
    """Describe every layer of a recurrence, in each of its directions.

    Args:
        kind: of the recurrence, one of :data:`GATES`.
        size: of its state.
        layers: how many lie on top of each other.
        bidirectional: whether each runs backwards too.
        bias: whether it has biases.
        projected: whether a projection follows.
    """
    for number in range(layers):
        for direction in ("forward", "backward")[: 1 + bidirectional]:
            prefix = f"{number}/" if layers > 1 else ""
            prefix += f"{direction}/" if bidirectional else ""
            suffix = f"_l{number}" + ("_reverse" if direction == "backward" else "")
            yield from gates(kind, size, prefix, suffix, bias=bias)
            if projected:
                projection = f"{prefix}projection/kernel"
                yield LayerWeight(f"weight_hr{suffix}", projection, "torch", "dense")


def gates(
    kind: str, size: int, prefix: str = "", suffix: str = "", *, bias: bool
) -> Iterator[LayerWeight]:
    """Describe two kernels, whose rows are those of one gate after the other, and their biases.

    Args:
        kind: of the recurrence, one of :data:`GATES`.
        size: of its state.
        prefix: of their paths.
        suffix: of the names of their parameters.
        bias: whether there are biases.
    """
    count = GATES[kind]
    kernel, recurrent = f"{prefix}kernel", f"{prefix}recurrent_kernel"
    yield LayerWeight(f"weight_ih{suffix}", kernel, f"({count} out) in", kind)
    yield LayerWeight(f"weight_hh{suffix}", recurrent, f"({count} out) in", kind)
    if not bias:
        return
    first, path = f"bias_ih{suffix}", f"{prefix}bias"
    if kind == "lstm":
        start, stop = _FORGET * size, (_FORGET + 1) * size
        others, axes = ((0, start), (stop, count * size)), f"({count - 1} out)"
        forget = f"{prefix}forget_bias"
        yield LayerWeight(first, path, axes, kind, beside=kernel, spans=others)
        yield LayerWeight(first, forget, "torch", kind, beside=kernel, spans=((start, stop),))
    else:
        yield LayerWeight(first, path, f"({count} out)", kind, beside=kernel)
    second, path = f"bias_hh{suffix}", f"{prefix}recurrent_bias"
    yield LayerWeight(second, path, f"({count} out)", kind, beside=recurrent)
