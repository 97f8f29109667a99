"""Statistical claims about independence: of elements, of seeds and of paths."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import Case, drawer
from fanwise.conformance.checks.check import Check, Step, rows_step, rows_work
from fanwise.conformance.checks.faults import (
    Array,
    Broken,
    Fault,
    FaultyDraw,
    one_stream,
    right,
)
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject, size_text
from fanwise.conformance.statistics import calibration, ranks
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics.calibration import CalibratedTest
from fanwise.conformance.statistics.sample_sizes import MISS
from fanwise.conformance.statistics.tails import WINDOW
from fanwise.spec.registry import scheme

_BERNSTEIN: Final = "Bernstein's inequality"
_CORRELATION: Final = f"a rank correlation of {sizes.CORRELATION_FAULT:.0%}"

ROWS: Final = Claim(
    name="rows",
    group=Group.INDEPENDENCE,
    null="every row has the mean of the law",
    test=f"largest over all rows, by the union bound; {_BERNSTEIN} on the elements' ranks",
    catches="a row whose mean is off by half a standard deviation",
)
COLUMNS: Final = Claim(
    name="columns",
    group=Group.INDEPENDENCE,
    null="every column has the mean of the law",
    test=f"largest over all columns, by the union bound; {_BERNSTEIN} on the elements' ranks",
    catches="a column whose mean is off by half a standard deviation",
)
LAGS: Final = Claim(
    name="lags",
    group=Group.INDEPENDENCE,
    null="elements a step apart are independent: neighbours, blocks of four, rows, chunks",
    test=f"rank correlation of disjoint pairs, by the union bound over lags; {_BERNSTEIN}",
    catches=_CORRELATION,
)
SEEDS: Final = Claim(
    name="seeds",
    group=Group.INDEPENDENCE,
    null="neighbouring seeds, and those one bit apart, give independent weights",
    test=f"rank correlation of the elements, by the union bound over pairs; {_BERNSTEIN}",
    catches=_CORRELATION,
)
PATHS: Final = Claim(
    name="paths",
    group=Group.INDEPENDENCE,
    null="two parameters of one seed are independent, however alike their paths look",
    test=f"rank correlation of the elements, by the union bound over pairs; {_BERNSTEIN}",
    catches=_CORRELATION,
)
REPEATS: Final = Claim(
    name="repeats",
    group=Group.INDEPENDENCE,
    null=f"no {WINDOW} consecutive elements occur twice, in one weight or in several",
    test="pairs of windows times the largest probability of a coincidence",
    catches="streams that overlap, or begin again, anywhere in the weights and at any offset",
)

_NORMAL: Final = scheme("normal")
_PATH: Final = "layer1/kernel"
#: The bits in which other seeds differ from the first: a careless key might drop any.
_BITS: Final = {
    Engine.NATIVE: (1, 2, 4, 1 << 16, 1 << 31),
    Engine.PORTABLE: (1, 2, 4, 1 << 31, 1 << 32, 1 << 63),
}
#: Paths that a careless key would confuse with the one above.
_PATHS: Final = (
    None,
    "layer1/bias",
    "layer2/kernel",
    "layer11/kernel",
    "layer/1/kernel",
    "layer1.kernel",
    "Layer1/kernel",
    "layer1/kernel/",
    "layer1/kernel1",
    "kernel/layer1",
)


def independence(
    adapter: Adapter, engine: Engine, seed: int = 5, *, repeats: bool = True
) -> Iterator[ResultRow]:
    """Judge the elements of a weight, weights of several seeds, and those of several paths.

    Args:
        adapter: the framework.
        engine: one of its two.
        seed: of the weight.
        repeats: whether windows of all these weights are looked for that occur twice.
    """
    width = _width()
    case = Case(_NORMAL, (width, width), seed)
    draw = replace(case.draw(adapter.axes), path=_PATH if engine is Engine.PORTABLE else None)
    make = drawer(adapter, engine)
    subject = Subject(
        adapter=adapter.name,
        engine=engine,
        scheme=str(_NORMAL),
        subject=size_text(case.kernel),
        n=width * width,
        seed=seed,
    )
    weight = make(draw)
    ranked = ranks.ranks(weight, case.law)
    yield subject.judge(ROWS, ranks.lines(ranked, axis=1))
    yield subject.judge(COLUMNS, ranks.lines(ranked, axis=0))
    yield subject.judge(LAGS, ranks.lags(ranked, (*ranks.LAGS, width)))
    weights = [weight]
    for claim, draws in _others(draw, engine).items():
        others = [make(other) for other in draws]
        all_ranked = [ranks.ranks(other, case.law) for other in others]
        yield subject.judge(claim, ranks.between(ranked, all_ranked))
        weights += others
    if repeats:
        yield _repeats(subject, weights)


def _others(draw: Draw, engine: Engine) -> dict[Claim, list[Draw]]:
    """Return the draws that must be independent of one, by the claim that says so."""
    others = {SEEDS: [replace(draw, seed=draw.seed ^ bit) for bit in _BITS[engine]]}
    if engine is Engine.PORTABLE:
        others[PATHS] = [replace(draw, path=path) for path in _PATHS]
    return others


def _repeats(subject: Subject, weights: list[NDArray[Any]]) -> ResultRow:
    finding, windows, rate = ranks.repeats(weight.astype(np.float32) for weight in weights)
    text = f"{len(weights)} weights of {weights[0].size}"
    return replace(subject, subject=text, n=windows).judge(REPEATS, finding, rate)


def _width() -> int:
    """Return the width of a square weight with enough pairs.

    At every lag, half of its elements begin one.
    """
    most = max(len(ranks.LAGS) + 1, len(_PATHS))
    return math.isqrt(2 * sizes.correlation_size(most) - 1) + 1


def _steps(adapter: Adapter) -> Iterator[Step]:
    for engine in Engine:
        step = rows_step(f"{engine} independence", independence, adapter, engine)
        # The portable stream is also compared with the core, bit by bit.
        judge = partial(independence, repeats=engine is Engine.NATIVE)
        yield step.in_quick_runs(rows_work(judge, adapter, engine))


# The faults.


def _overlapping(draw: Draw) -> Array:
    """Draw with the seed as an offset into one stream, so that streams overlap."""
    size = int(np.prod(draw.shape))
    start = 4096 * (draw.seed % 64)
    whole = right(replace(draw, shape=(1, size + 64 * 4096), axes="in out", seed=1))
    values: Array = whole[0, start : start + size].reshape(draw.shape)
    return values


def _periodic(draw: Draw) -> Array:
    """Draw from a stream that begins again after 2¹⁷ elements."""
    size = int(np.prod(draw.shape))
    period = right(replace(draw, shape=(1, min(size, 1 << 17)), axes="in out"))
    values: Array = np.resize(period, draw.shape)
    return values


def _antithetic(draw: Draw) -> Array:
    """Draw, for odd seeds, the negative of the even one before them."""
    values = right(replace(draw, seed=draw.seed & ~1))
    return -values if draw.seed & 1 else values


def _correlated(draw: Draw) -> Array:
    """Draw neighbours that are correlated: by 2.1 % in value, which is 2 % in rank."""
    flat = right(draw).ravel()
    share = np.float32(0.021)
    mixed: Array = (flat + share * np.roll(flat, 1)) / np.sqrt(1 + share**2)
    return mixed.reshape(draw.shape)


def _moved_line(axis: int) -> FaultyDraw:
    """Return a draw with one row (axis 0) or column (axis 1) off by half a deviation."""

    def draw_moved(draw: Draw) -> Array:
        values = right(draw).copy()
        line = values[7] if axis == 0 else values[:, 7]
        line += np.float32(0.5) * values.std()
        return values

    return draw_moved


def _judge(claim: Claim, engine: Engine, adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    # Looking for windows that occur twice takes longer than all the rest.
    return independence(adapter, engine, seed, repeats=claim is REPEATS)


def _fault(name: str, claim: Claim, draw: FaultyDraw, engine: Engine = Engine.NATIVE) -> Fault:
    judge = partial(_judge, claim, engine)
    return Fault(name=name, claim=claim, judge=judge, adapter=Broken(draw), missed=MISS)


CHECK: Final = Check(
    claims=(ROWS, COLUMNS, LAGS, SEEDS, PATHS, REPEATS),
    steps=_steps,
    faults=(
        _fault("two parameters with one stream", PATHS, one_stream, Engine.PORTABLE),
        _fault("streams that overlap", REPEATS, _overlapping),
        _fault("a stream that begins again after 2¹⁷ elements", REPEATS, _periodic),
        _fault("odd seeds the negative of even ones", SEEDS, _antithetic),
        _fault("neighbours correlated by 2 %", LAGS, _correlated),
        _fault("one row off by half a deviation", ROWS, _moved_line(0)),
        _fault("one column off by half a deviation", COLUMNS, _moved_line(1)),
    ),
    calibration={
        ROWS: CalibratedTest(judge=calibration.lines),
        LAGS: CalibratedTest(judge=calibration.lags),
        SEEDS: CalibratedTest(judge=calibration.between),
    },
)
