"""Broken adapters: each has one fault, and names the claim that must catch it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any, Final
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import Draw, LayerDraw
from fanwise.conformance import exact, judge
from fanwise.conformance.cases import INPUTS, Case
from fanwise.conformance.distributions import distribution_of
from fanwise.conformance.rows import FAIL, PASS, Row
from fanwise.conformance.statistics import sample_size
from fanwise.core.blocks import Block
from fanwise.core.blocks import blocks as core_blocks
from fanwise.core.philox import block_words, philox
from fanwise.spec.axes import PATTERNS
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme
from fanwise.spec.truncation import truncated_moments

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
        self._fault = fault

    def portable(self, draw: Draw, mode: str) -> Array:
        """The faulty weight."""
        del mode
        return self._fault(draw)


class BrokenLayer(Healthy):
    """The reference, with kernels that forget what a transposed layer's axes mean."""

    def layer(self, draw: LayerDraw) -> tuple[Array, str]:
        """The kernel, with inputs and outputs exchanged in a transposed layer."""
        made, axes = super().layer(draw)
        return (
            (np.ascontiguousarray(np.flip(made, -1)), axes)
            if "transpose" in draw.kind
            else (made, axes)
        )


@dataclass(frozen=True)
class Mutant:
    """A fault, the claim that must catch it, and how that claim is judged.

    Attributes:
        name: the fault, in words.
        claim: the claim that must fail.
        rows: judges a fresh broken adapter.
    """

    name: str
    claim: str
    rows: Callable[[], Iterable[Row]]

    def row(self, adapter: str) -> Row:
        """Whether the claim caught it."""
        caught = [one for one in self.rows() if one.claim == self.claim and one.outcome == FAIL]
        return Row(
            adapter,
            "mutant",
            self.claim,
            self.name,
            caught[0].subject if caught else "",
            PASS if caught else FAIL,
            "caught" if caught else "not caught",
            "caught",
            note=str(caught[0]) if caught else "",
        )


_right: Final = Healthy()


def right(draw: Draw) -> Array:
    """The weight without a fault."""
    return NumpyAdapter.portable(_right, draw, "eager")


def mutants(seed: int = 77) -> Iterator[Mutant]:
    """All mutants, the statistical ones on draws from a seed."""
    for name, claim, one, field, fault in _STATISTICAL:
        yield Mutant(name, claim, _Statistical(one, field, fault, seed))
    for name, fault in _EXACT:
        yield Mutant(name, "golden", _Golden(fault))
    for name, claim, fault in _STREAMS:
        yield Mutant(name, claim, partial(_streams, fault))
    yield Mutant(
        "a transposed layer's kernel reversed", "layers", lambda: exact.layers(BrokenLayer())
    )
    yield Mutant(
        "counter cut to 32 bits",
        "far blocks",
        lambda: _blocks_with("fanwise.core.philox.block_words", _short_counter),
    )
    yield Mutant(
        "offset of a shard ignored",
        "blocks",
        lambda: _blocks_with("fanwise.core.fill.blocks", _no_offset),
    )
    yield Mutant(
        "orthogonal with LAPACK's signs", "haar", lambda: _one_structured("orthogonal", _unsigned)
    )
    yield Mutant(
        "orthogonal not orthogonal", "orthogonality", lambda: _one_structured("orthogonal", _rough)
    )
    yield Mutant(
        "dirac one step off its centre", "values", lambda: _one_structured("dirac", _off_centre)
    )
    yield Mutant("sparse with a zero too few", "zeros", lambda: _one_structured("sparse", _filled))


@dataclass(frozen=True)
class _Statistical:
    one: Scheme
    field: tuple[int, ...]
    fault: Fault
    seed: int

    def __call__(self) -> list[Row]:
        law = distribution_of(self.one.law((*self.field, INPUTS, INPUTS)))
        assert law is not None
        outputs = math.ceil(sample_size(law) / (math.prod(self.field) * INPUTS))
        case = Case(self.one, (*self.field, INPUTS, outputs), self.seed)
        return judge.judge(Broken(self.fault), "native", case)[0]


@dataclass(frozen=True)
class _Golden:
    fault: Fault

    def __call__(self) -> list[Row]:
        return list(exact.golden(Broken(self.fault), "eager"))


def _streams(fault: Fault) -> list[Row]:
    return list(exact.streams(Broken(fault)))


def _one_structured(family: str, fault: Fault) -> list[Row]:
    rows = judge.structured(Broken(fault))
    return [row for row in rows if f"'{family}'" in row.scheme]


def _swapped(draw: Draw) -> Array:
    words = {"in": "out", "out": "in", "*": "*"}
    axes = " ".join(words[word] for word in PATTERNS.get(draw.axes, draw.axes).split())
    return right(replace(draw, axes=axes))


def _no_field(draw: Draw) -> Array:
    return right(replace(draw, scheme=draw.scheme.replace(fan=draw.shape[-2])))


def _scaled(factor: float) -> Fault:
    return lambda draw: right(draw) * np.float32(factor)


def _uncut(draw: Draw) -> Array:
    std = draw.scheme.std(draw.shape, draw.axes)
    return right(replace(draw, scheme=scheme("normal", std=std)))


def _clamped(draw: Draw) -> Array:
    """Values beyond the cut moved onto it, at the right variance."""
    std = draw.scheme.std(draw.shape, draw.axes)
    made = np.clip(right(replace(draw, scheme=scheme("normal"))), -2.0, 2.0)
    return (made * np.float32(std / made.std())).astype(np.float32)


def _shifted(draw: Draw) -> Array:
    made = right(draw)
    shifted: Array = made + np.float32(0.02) * made.std()
    return shifted


def _cut_far_out(draw: Draw) -> Array:
    cut = scheme("truncated_normal", low=-3.8, high=3.8, std=draw.scheme["std"])
    return right(replace(draw, scheme=cut))


def _other_gain(draw: Draw) -> Array:
    return right(replace(draw, scheme=draw.scheme.replace(nonlinearity="relu")))


def _storage_order(draw: Draw) -> Array:
    fans = draw.scheme.std(draw.shape, draw.axes) if draw.scheme.entry.uses_fan else None
    made = right(replace(draw, axes="kernel"))
    if fans is None or draw.dtype == "bfloat16":
        return made
    return (made * (fans / draw.scheme.std(draw.shape))).astype(made.dtype)


def _bfloat16_by_truncation(draw: Draw) -> Array:
    if draw.dtype != "bfloat16":
        return right(draw)
    wide = right(replace(draw, dtype="float32"))
    return (wide.view(np.uint32) >> np.uint32(16)).astype(np.uint16)


def _fused_mean(draw: Draw) -> Array:
    """The mean added before the product is rounded, as a fused multiply-add would."""
    with mock.patch("fanwise.core.values._scaled", _fused):
        return right(draw)


def _fused(integers: Array, unit: float, mean: float, compute: np.dtype[Any]) -> Array:
    exact_unit, exact_mean = (np.longdouble(compute.type(x)) for x in (unit, mean))
    fused: Array = integers.astype(compute) * exact_unit + exact_mean
    return fused.astype(compute)


def _unsigned(draw: Draw) -> Array:
    made = right(draw).copy()
    if draw.scheme.family == "orthogonal":
        made *= -np.sign(made[..., :1, :])
    return made


def _rough(draw: Draw) -> Array:
    return right(draw).astype(np.float16).astype(np.float32)


def _off_centre(draw: Draw) -> Array:
    return np.roll(right(draw), 1, axis=0)


def _filled(draw: Draw) -> Array:
    made = right(draw).copy()
    if draw.scheme.family == "sparse":
        made[0, np.argmin(np.abs(made[0]))] = 1.0
    return made


def _nine_rounds(draw: Draw) -> Array:
    with mock.patch("fanwise.core.philox.ROUNDS", 9):
        return right(draw)


def _words_swapped(draw: Draw) -> Array:
    with mock.patch("fanwise.core.philox.philox", _low_first):
        return right(draw)


def _low_first(counter: Any, key: Any) -> Any:
    """Philox with the high and the low words of its products exchanged at the end."""
    w0, w1, w2, w3 = philox(counter, key)
    return w1, w0, w3, w2


def _blocks_with(target: str, fault: Callable[..., Any]) -> list[Row]:
    with mock.patch(target, fault):
        return list(exact.blocks(_right))


def _short_counter(key: Any, blocks: Array) -> Array:
    return block_words(key, blocks & np.uint64(0xFFFFFFFF))


def _no_offset(*arguments: Any) -> Iterator[Block]:
    return (replace(block, base=0) for block in core_blocks(*arguments))


_STATISTICAL: Final[tuple[tuple[str, str, Scheme, tuple[int, ...], Fault], ...]] = (
    ("scale 1 % too large", "variance", scheme("he_normal"), (), _scaled(1.01)),
    ("scale 1 % too small", "variance", scheme("glorot_uniform"), (), _scaled(0.99)),
    ("scale of a normal 1 % too large", "variance", scheme("normal"), (), _scaled(1.01)),
    ("fan_in and fan_out exchanged", "variance", scheme("he_normal"), (), _swapped),
    ("receptive field forgotten", "variance", scheme("lecun_uniform"), (3, 3), _no_field),
    ("correction for the cut missing", "variance", scheme("lecun_normal"), (),
     _scaled(truncated_moments(-2.0, 2.0)[1])),
    ("cut missing", "support", scheme("glorot_normal"), (), _uncut),
    ("cut missing, by its distribution", "distribution", scheme("glorot_normal"), (), _uncut),
    ("clamped instead of cut", "distribution", scheme("he_normal"), (), _clamped),
    ("mean moved by 2 %", "mean", scheme("xavier_normal"), (), _shifted),
    ("normal cut at 3.8", "tails", scheme("normal"), (), _cut_far_out),
    ("gain of another nonlinearity", "variance", scheme("kaiming_normal", nonlinearity="tanh"), (),
     _other_gain),
)  # fmt: skip

_EXACT: Final[tuple[tuple[str, Fault], ...]] = (
    ("drawn in storage order", _storage_order),
    ("path ignored", lambda draw: right(replace(draw, path=None))),
    ("seed cut to 32 bits", lambda draw: right(replace(draw, seed=draw.seed & 0xFFFFFFFF))),
    ("bfloat16 by truncation", _bfloat16_by_truncation),
    ("mean added by a fused multiply-add", _fused_mean),
    ("one round of Philox missing", _nine_rounds),
    ("high and low words exchanged", _words_swapped),
)

_CALLS: Final = count()

_STREAMS: Final[tuple[tuple[str, str, Fault], ...]] = (
    ("seed ignored", "streams", lambda draw: right(replace(draw, seed=0))),
    ("another stream at every call", "streams",
     lambda draw: right(replace(draw, path=str(next(_CALLS))))),
)  # fmt: skip
