"""Broken adapters: each has one fault, and names the claim that must catch it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any, Final

from fanwise.conformance.checks import exact, streams, structures
from fanwise.conformance.checks import laws as judge
from fanwise.conformance.checks.cases import INPUTS, Case
from fanwise.conformance.mutants import faults
from fanwise.conformance.mutants import starts as broken_starts
from fanwise.conformance.mutants.faults import Broken, Fault, right
from fanwise.conformance.results.completeness import nothing_judged
from fanwise.conformance.results.rows import FAIL, PASS, SUITE, Row
from fanwise.conformance.statistics.distributions import distribution_of
from fanwise.conformance.statistics.sample_sizes import MISS, sample_size
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme
from fanwise.spec.truncation import truncated_moments


@dataclass(frozen=True)
class Mutant:
    """A fault, the claim that must catch it, and how that claim is judged.

    Attributes:
        name: the fault, in words.
        claim: the claim that must fail.
        rows: judges a fresh broken adapter.
        missed: the probability that the claim misses it; 0 where it can not.
    """

    name: str
    claim: str
    rows: Callable[[], Iterable[Row]]
    missed: float = 0.0

    def row(self) -> Row:
        """Whether the claim caught it."""
        caught = [one for one in self.rows() if one.claim == self.claim and one.outcome == FAIL]
        return Row(
            SUITE,
            "mutant",
            self.claim,
            self.name,
            caught[0].subject if caught else "",
            PASS if caught else FAIL,
            "caught" if caught else "not caught",
            "caught",
            f"missed with probability ≤ {self.missed:.0e}" if self.missed else "certain",
            note=str(caught[0]) if caught else "",
            step=f"mutant: {self.name}",
        )


@dataclass(frozen=True)
class Drawn:
    """Judges what a fault makes of every draw; without the fault, nothing must be caught."""

    judged: Callable[[Broken], Iterable[Row]]
    fault: Fault

    def __call__(self) -> Iterable[Row]:
        """The rows of the broken adapter."""
        return self.judged(Broken(self.fault))


def mutants(seed: int = 77) -> Iterator[Mutant]:
    """All mutants, the statistical ones on draws from a seed."""
    for name, claim, one, field, fault in _LAWS:
        yield Mutant(name, claim, Drawn(partial(_law, one, field, seed), fault), MISS)
    for name, claim, judged, fault in _OTHER_STATISTICS:
        yield Mutant(name, claim, Drawn(partial(judged, seed), fault), MISS)
    for name, fault in _GOLDEN:
        yield Mutant(name, "golden", Drawn(partial(exact.golden, mode="eager"), fault))
    for name, fault in _CHOSEN:
        yield Mutant(name, "streams", Drawn(streams.chosen, fault))
    for name, claim, family, fault in _STRUCTURED:
        yield Mutant(
            name, claim, Drawn(partial(structures.structured, family=family), fault)
        )  # fmt: skip
    for name, claim, role, fault in broken_starts.FAULTS:
        exactly = claim in ("values", "orthogonality")
        judged_start = Drawn(partial(broken_starts.judged, role, seed), fault)
        yield Mutant(name, claim, judged_start, 0.0 if exactly else MISS)
    for name, claim, rows in _OTHERS:
        yield Mutant(name, claim, rows)


@dataclass(frozen=True)
class Kill:
    """How often a mutant was caught.

    Attributes:
        mutant: the mutant, as of the first seed.
        caught: on how many seeds its claim caught it.
        tried: on how many it was tried.
    """

    mutant: Mutant
    caught: int
    tried: int

    @property
    def always(self) -> bool:
        """Whether it was caught every time."""
        return self.caught == self.tried > 0


def kills(seeds: Iterable[int], progress: Callable[[int, int, str], None]) -> tuple[Kill, ...]:
    """Try every mutant on every seed."""
    per_seed = [list(mutants(seed)) for seed in seeds]
    total = sum(map(len, per_seed))
    caught = [0] * len(per_seed[0])
    for turn, every in enumerate(per_seed):
        for number, mutant in enumerate(every):
            progress(turn * len(every) + number, total, mutant.name)
            caught[number] += mutant.row().outcome == PASS
    progress(total, total, "done")
    return tuple(
        Kill(mutant, times, len(per_seed))
        for mutant, times in zip(per_seed[0], caught, strict=True)
    )


def _law(one: Scheme, field: tuple[int, ...], seed: int, adapter: Broken) -> list[Row]:
    law = distribution_of(one.law((*field, INPUTS, INPUTS)))
    assert law is not None
    outputs = math.ceil(sample_size(law) / (math.prod(field) * INPUTS))
    return judge.judge(adapter, "native", Case(one, (*field, INPUTS, outputs), seed))[0]


def _support(seed: int, adapter: Broken) -> Iterable[Row]:
    return judge.support(adapter, "native", Case(scheme("he_normal"), (), seed))


def _half(seed: int, adapter: Broken) -> Iterable[Row]:
    return judge.half(adapter, "native", "uniform", "bfloat16", seed)


def _independent(engine: str, seed: int, adapter: Broken) -> Iterable[Row]:
    return streams.independent(adapter, engine, seed)


def _patched(target: str, fault: Callable[..., Any]) -> list[Row]:
    with faults.patched(target, fault):
        return list(exact.blocks())


_native: Final = partial(_independent, "native")
_portable: Final = partial(_independent, "portable")

_LAWS: Final[tuple[tuple[str, str, Scheme, tuple[int, ...], Fault], ...]] = (
    ("scale 1 % too large", "variance", scheme("he_normal"), (), faults.scaled(1.01)),
    ("scale 1 % too small", "variance", scheme("glorot_uniform"), (), faults.scaled(0.99)),
    ("scale of a normal 1 % too large", "variance", scheme("normal"), (), faults.scaled(1.01)),
    ("fan_in and fan_out exchanged", "variance", scheme("he_normal"), (), faults.swapped),
    ("receptive field forgotten", "variance", scheme("lecun_uniform"), (3, 3), faults.no_field),
    ("correction for the cut missing", "variance", scheme("lecun_normal"), (),
     faults.scaled(truncated_moments(-2.0, 2.0)[1])),
    ("cut missing", "support", scheme("glorot_normal"), (), faults.uncut),
    ("cut missing, by its distribution", "distribution", scheme("glorot_normal"), (), faults.uncut),
    ("clamped instead of cut", "distribution", scheme("he_normal"), (), faults.clamped),
    ("mean moved by 2 %", "mean", scheme("xavier_normal"), (), faults.shifted),
    ("normal cut at 3.8", "tails", scheme("normal"), (), faults.cut_far_out),
    ("gain of another nonlinearity", "variance", scheme("kaiming_normal", nonlinearity="tanh"), (),
     faults.other_gain),
)  # fmt: skip

_OTHER_STATISTICS: Final[tuple[tuple[str, str, Callable[..., Iterable[Row]], Fault], ...]] = (
    ("drawn four times, then given up", "support", _support, faults.four_tries),
    ("bfloat16 sampled in bfloat16", "half precision", _half, faults.sampled_in_bfloat16),
    ("two parameters with one stream", "paths", _portable, faults.one_stream),
    ("streams that overlap", "repeats", _native, faults.overlapping),
    ("odd seeds the negative of even ones", "seeds", _native, faults.antithetic),
    ("neighbours correlated by 2 %", "lags", _native, faults.next_to_each_other),
    ("one row off by half a deviation", "rows", _native, faults.one_line(0)),
    ("one column off by half a deviation", "columns", _native, faults.one_line(1)),
)

_GOLDEN: Final[tuple[tuple[str, Fault], ...]] = (
    ("drawn in storage order", faults.storage_order),
    ("path ignored", faults.one_stream),
    ("seed cut to 32 bits", lambda draw: right(replace(draw, seed=draw.seed & 0xFFFFFFFF))),
    ("bfloat16 by truncation", faults.bfloat16_by_truncation),
    ("uniforms of 23 bits", faults.bits_23),
    ("a half-open bound reached", faults.bound_reached),
    ("mean added by a fused multiply-add", faults.fused_mean),
    ("one round of Philox missing", faults.nine_rounds),
    ("high and low words exchanged", faults.words_swapped),
)

_CALLS: Final = count()

_CHOSEN: Final[tuple[tuple[str, Fault], ...]] = (
    ("seed ignored", lambda draw: right(replace(draw, seed=0))),
    ("another stream at every call", lambda draw: right(replace(draw, path=str(next(_CALLS))))),
)

_STRUCTURED: Final[tuple[tuple[str, str, str, Fault], ...]] = (
    ("orthogonal with LAPACK's signs", "haar", "orthogonal", faults.unsigned),
    ("orthogonal not orthogonal", "orthogonality", "orthogonal", faults.rough),
    ("dirac one step off its centre", "values", "dirac", faults.off_centre),
    ("sparse with a zero too few", "zeros", "sparse", faults.zero_too_few),
)

_OTHERS: Final[tuple[tuple[str, str, Callable[[], Iterable[Row]]], ...]] = (
    ("a transposed layer's kernel reversed", "layers",
     lambda: exact.layers(faults.ReversedTransposed())),
    ("groups forgotten", "layers", lambda: exact.layers(faults.Ungrouped())),
    ("counter cut to 32 bits", "far blocks",
     lambda: _patched("fanwise.core.philox.block_words", faults.short_counter)),
    ("offset of a shard ignored", "blocks",
     lambda: _patched("fanwise.core.fill.blocks", faults.no_offset)),
    ("an adapter that judges nothing", "judged", lambda: nothing_judged(faults.Vacuous(), ())),
)  # fmt: skip
