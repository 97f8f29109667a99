"""The faults that the suite must catch: each is a draw with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import Draw, LayerDraw
from fanwise.core.blocks import Block
from fanwise.core.blocks import blocks as core_blocks
from fanwise.core.fast.gate import SWITCH
from fanwise.core.philox import block_words, philox
from fanwise.spec.axes import PATTERNS
from fanwise.spec.laws import TruncatedNormal, Uniform
from fanwise.spec.registry import scheme

Array = NDArray[Any]
Fault = Callable[[Draw], Array]


class Healthy(NumpyAdapter):
    """The reference, with the portable stream as both engines: what the faults are put into."""

    def native(self, draw: Draw) -> Array:
        """The portable stream."""
        return self.portable(replace(draw, path=None), "eager")


class Broken(Healthy):
    """The reference with a fault in every draw."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    def portable(self, draw: Draw, mode: str) -> Array:
        """The faulty weight."""
        del mode
        return self.fault(draw)


class ReversedTransposed(Healthy):
    """The reference, with kernels that forget what a transposed layer's axes mean."""

    def layer(self, draw: LayerDraw) -> tuple[Array, str]:
        """The kernel, with its outputs reversed in a transposed layer."""
        made, axes = super().layer(draw)
        transposed = "transpose" in draw.kind
        return (np.ascontiguousarray(np.flip(made, -1)) if transposed else made), axes


class Ungrouped(Healthy):
    """The reference, with layers that forget their groups."""

    def layer(self, draw: LayerDraw) -> tuple[Array, str]:
        """The kernel, with the fans of one group."""
        made, axes = super().layer(draw)
        return self.portable(Draw(draw.scheme, made.shape, draw.seed, draw.path), "eager"), axes


class Vacuous(Healthy):
    """An adapter with nothing in it to judge."""

    modes: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()


_right: Final = Healthy()


def right(draw: Draw) -> Array:
    """The weight without a fault."""
    return NumpyAdapter.portable(_right, draw, "eager")


# Of the law.


def scaled(factor: float) -> Fault:
    """The scale wrong by a factor."""
    return lambda draw: right(draw) * np.float32(factor)


def swapped(draw: Draw) -> Array:
    """fan_in and fan_out exchanged."""
    words = {"in": "out", "out": "in", "*": "*"}
    axes = " ".join(words[word] for word in PATTERNS.get(draw.axes, draw.axes).split())
    return right(replace(draw, axes=axes))


def no_field(draw: Draw) -> Array:
    """The receptive field left out of fan_in."""
    return right(replace(draw, scheme=draw.scheme.replace(fan=draw.shape[-2])))


def uncut(draw: Draw) -> Array:
    """A normal of the right variance, not cut."""
    std = draw.scheme.std(draw.shape, draw.axes)
    return right(replace(draw, scheme=scheme("normal", std=std)))


def clamped(draw: Draw) -> Array:
    """Values beyond the cut moved onto it, at the right variance."""
    std = draw.scheme.std(draw.shape, draw.axes)
    made = np.clip(right(replace(draw, scheme=scheme("normal"))), -2.0, 2.0)
    return (made * np.float32(std / made.std())).astype(np.float32)


def four_tries(draw: Draw) -> Array:
    """The first of four normal draws that is within the cut; if none is, the last."""
    law = draw.scheme.law(draw.shape, draw.axes)
    assert isinstance(law, TruncatedNormal)
    normal = replace(draw, scheme=scheme("normal"))
    made = right(normal)
    for attempt in ("1", "2", "3"):
        again = right(replace(normal, path=attempt))
        made = np.where((made < law.low) | (made > law.high), again, made)
    return (made * np.float32(law.sigma)).astype(np.float32)


def shifted(draw: Draw) -> Array:
    """The mean off by 2 % of a standard deviation."""
    made = right(draw)
    moved: Array = made + np.float32(0.02) * made.std()
    return moved


def cut_far_out(draw: Draw) -> Array:
    """A normal cut at 3.8 standard deviations."""
    cut = scheme("truncated_normal", low=-3.8, high=3.8, std=draw.scheme["std"])
    return right(replace(draw, scheme=cut))


def other_gain(draw: Draw) -> Array:
    """The gain of relu, whatever the nonlinearity."""
    return right(replace(draw, scheme=draw.scheme.replace(nonlinearity="relu")))


def sampled_in_bfloat16(draw: Draw) -> Array:
    """Uniforms in steps of 2⁻⁷, as bfloat16 arithmetic gives them."""
    law = draw.scheme.law(draw.shape, draw.axes)
    assert isinstance(law, Uniform)
    wide = right(replace(draw, dtype="float32"))
    steps = np.floor((wide - law.low) / (law.high - law.low) * 128) / 128
    made = (law.low + steps * (law.high - law.low)).astype(np.float32)
    return (made.view(np.uint32) >> np.uint32(16)).astype(np.uint16)


# Of bits.


def storage_order(draw: Draw) -> Array:
    """Drawn in storage order rather than in canonical order."""
    fans = draw.scheme.std(draw.shape, draw.axes) if draw.scheme.entry.uses_fan else None
    made = right(replace(draw, axes="kernel"))
    if fans is None or draw.dtype == "bfloat16":
        return made
    return (made * (fans / draw.scheme.std(draw.shape))).astype(made.dtype)


def bfloat16_by_truncation(draw: Draw) -> Array:
    """bfloat16 without rounding."""
    if draw.dtype != "bfloat16":
        return right(draw)
    wide = right(replace(draw, dtype="float32"))
    return (wide.view(np.uint32) >> np.uint32(16)).astype(np.uint16)


def bits_23(draw: Draw) -> Array:
    """Uniforms of 23 bits rather than 24."""
    law, made = draw.scheme.law(draw.shape, draw.axes), right(draw)
    if not isinstance(law, Uniform) or draw.dtype != "float32":
        return made
    step = np.float32((law.high - law.low) * 2.0**-23)
    return (np.floor(made / step) * step).astype(np.float32)


def bound_reached(draw: Draw) -> Array:
    """The lower bound of a uniform comes out, as from a half-open interval."""
    law, made = draw.scheme.law(draw.shape, draw.axes), right(draw).copy()
    if isinstance(law, Uniform) and draw.dtype == "float32" and made.size:
        made.flat[np.argmin(made)] = law.low
    return made


@contextmanager
def patched(target: str, fault: object) -> Iterator[None]:
    """The core with a fault in it: in its NumPy path, which is then taken."""
    with mock.patch.dict("os.environ", {SWITCH: "0"}), mock.patch(target, fault):
        yield


def fused_mean(draw: Draw) -> Array:
    """The mean added before the product is rounded, as a fused multiply-add would."""
    with patched("fanwise.core.values._scaled", _fused):
        return right(draw)


def _fused(integers: Array, unit: float, mean: float, compute: np.dtype[Any]) -> Array:
    exact_unit, exact_mean = (np.longdouble(compute.type(x)) for x in (unit, mean))
    fused: Array = integers.astype(compute) * exact_unit + exact_mean
    return fused.astype(compute)


def nine_rounds(draw: Draw) -> Array:
    """Philox with a round too few."""
    with patched("fanwise.core.philox.ROUNDS", 9):
        return right(draw)


def words_swapped(draw: Draw) -> Array:
    """Philox with the high and the low words of its products exchanged at the end."""
    with patched("fanwise.core.philox.philox", _low_first):
        return right(draw)


def _low_first(counter: Any, key: Any) -> Any:
    w0, w1, w2, w3 = philox(counter, key)
    return w1, w0, w3, w2


def short_counter(key: Any, blocks: Array) -> Array:
    """The words of blocks whose number is cut to 32 bits."""
    return block_words(key, blocks & np.uint64(0xFFFFFFFF))


def no_offset(*arguments: Any) -> Iterator[Block]:
    """The blocks of a part, as if it began where the whole does."""
    return (replace(block, base=0) for block in core_blocks(*arguments))


# Of streams.


def one_stream(draw: Draw) -> Array:
    """The path ignored: two parameters have one stream."""
    return right(replace(draw, path=None))


def overlapping(draw: Draw) -> Array:
    """The seed as an offset into one stream, so that streams overlap."""
    size = int(np.prod(draw.shape))
    start = 4096 * (draw.seed % 64)
    whole = right(replace(draw, shape=(1, size + 64 * 4096), axes="in out", seed=1))
    made: Array = whole[0, start : start + size].reshape(draw.shape)
    return made


def antithetic(draw: Draw) -> Array:
    """Odd seeds give the negative of the even one before them."""
    made = right(replace(draw, seed=draw.seed & ~1))
    return -made if draw.seed & 1 else made


def next_to_each_other(draw: Draw) -> Array:
    """Neighbours that are correlated: by 2.1 % in value, which is 2 % in rank."""
    flat = right(draw).ravel()
    share = np.float32(0.021)
    mixed: Array = (flat + share * np.roll(flat, 1)) / np.sqrt(1 + share**2)
    return mixed.reshape(draw.shape)


def one_line(axis: int) -> Fault:
    """One row (axis 0) or column (axis 1) off by half a standard deviation."""

    def fault(draw: Draw) -> Array:
        made = right(draw).copy()
        line = made[7] if axis == 0 else made[:, 7]
        line += np.float32(0.5) * made.std()
        return made

    return fault


# Of structure.


def unsigned(draw: Draw) -> Array:
    """Orthogonal matrices with the signs of LAPACK's factorization."""
    made = right(draw).copy()
    if draw.scheme.family == "orthogonal":
        made *= -np.sign(made[..., :1, :])
    return made


def rough(draw: Draw) -> Array:
    """Half precision on the way."""
    return right(draw).astype(np.float16).astype(np.float32)


def off_centre(draw: Draw) -> Array:
    """One step off the centre of the receptive field."""
    return np.roll(right(draw), 1, axis=0)


def zero_too_few(draw: Draw) -> Array:
    """One zero of a sparse weight filled."""
    made = right(draw).copy()
    if draw.scheme.family == "sparse":
        made[0, np.argmin(np.abs(made[0]))] = 1.0
    return made
