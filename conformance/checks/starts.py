"""What a framework's layers start with, judged against the recipe that says so.

The framework itself is judged here, and with it the recipe that comes with Fanwise under its
name: each layer is one that the framework has started, and each of its weights must have
the law that the recipe gives it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import Adapter, Draw, Started, WithStarts
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.faults import (
    Array,
    Fault,
    FaultyDraw,
    Healthy,
    right,
    scaled,
    uncut,
)
from fanwise.conformance.checks.laws import DISTRIBUTION, MEAN, VARIANCE
from fanwise.conformance.checks.structures import (
    ORTHOGONALITY,
    VALUES,
    count_differing,
    distance_from_orthonormal,
)
from fanwise.conformance.checks.support import SUPPORT, judge_support
from fanwise.conformance.results.claims import Claim
from fanwise.conformance.results.rows import Origin, ResultRow
from fanwise.conformance.results.subjects import Subject, elements, size_text
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.conformance.statistics.sample_sizes import MISS
from fanwise.core import to_canonical
from fanwise.spec.axes import BATCH, OUT
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import ConstantLaw, StructuredLaw
from fanwise.spec.plan import Planned
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve
from fanwise.spec.weights import Weight

_SEED: Final = 29
#: A quick run judges one kind of layer of so many.
_QUICK: Final = 12
#: The tests of the law of one weight, which share the rate of one claim: there are many weights.
_TESTS: Final = {
    VARIANCE: tails.variance,
    MEAN: tails.mean,
    DISTRIBUTION: tails.distribution,
}
_RATE: Final = tails.ALPHA / len(_TESTS)


def starts(adapter: WithStarts, kind: str, seed: int = _SEED) -> Iterator[ResultRow]:
    """Judge every weight of one kind of layer.

    Raises:
        FanwiseError: for a layer without weights, values of another shape than their weight,
            and a scheme that there is no claim about.
    """
    yield from judge_starts(adapter.name, kind, partial(adapter.start, kind), seed)


def judge_starts(
    adapter: str,
    kind: str,
    start: Callable[[int], Sequence[Started]],
    seed: int = _SEED,
    most: float = math.inf,
) -> Iterator[ResultRow]:
    """Judge every weight of what is started anew for every seed.

    Args:
        adapter: the name of what starts it.
        kind: what it is called.
        start: returns its weights, for a seed.
        seed: the first seed.
        most: how often it is started at the most. Where that gives a weight too few elements
            for the smallest fault, a larger one is the smallest that is caught.

    Raises:
        FanwiseError: as :func:`starts` does.
    """
    for copies in _weights(kind, start, seed, most):
        yield from _judge_weight(adapter, kind, copies, seed)


def _weights(
    kind: str, start: Callable[[int], Sequence[Started]], seed: int, most: float
) -> list[list[Started]]:
    """Return each weight of the layer, of as many layers as the claims about it need."""
    weights = [[weight] for weight in _checked(kind, start(seed))]
    needed = [min(_needed(weight), most) for (weight,) in weights]
    for number in range(1, int(max(needed))):
        again = _checked(kind, start(seed + number))
        for copies, weight, count in zip(weights, again, needed, strict=True):
            # More is of no use, and of a large kernel beside a small bias it would be much.
            if number < count:
                copies.append(weight)
    return weights


def _checked(kind: str, layer: Sequence[Started]) -> Sequence[Started]:
    if not layer:
        raise FanwiseError(f"weights of {kind}", Phrase("none"), "Leave it out of what starts.")
    for started in layer:
        weight = started.planned.weight
        if started.values.shape != weight.shape:
            expected = f"values of {weight.path} in the shape of the weight"
            hint = "Return them as the recipe sees them."
            raise FanwiseError(expected, started.values.shape, hint)
    return layer


def _needed(started: Started) -> int:
    """Count how many of a weight must be drawn."""
    law = distribution_of(started.planned.resolved.law)
    return 1 if law is None else math.ceil(sizes.sample_size(law, _RATE) / started.values.size)


def _judge_weight(
    adapter: str, kind: str, copies: Sequence[Started], seed: int
) -> Iterator[ResultRow]:
    planned = copies[0].planned
    weight, law = planned.weight, planned.resolved.law
    count = f"{len(copies)} of " if len(copies) > 1 else ""
    subject = Subject(
        adapter=adapter,
        engine=Origin.START,
        scheme=str(planned.scheme),
        subject=f"{kind} {weight.path} {count}{size_text(weight.shape)}",
        n=elements(weight.shape) * len(copies),
        seed=seed,
    )
    drawn = distribution_of(law)
    if drawn is not None:
        yield from _judge_law(subject, copies, drawn)
        return
    match law:
        case ConstantLaw(value=value):
            yield count_differing(subject, copies[0].values, value)
        case StructuredLaw(generator="orthogonal", gain=gain):
            finding = distance_from_orthonormal(_matrices(copies[0]), gain)
            yield subject.judge(ORTHOGONALITY, finding, alpha=0.0)
        case other:
            hint = "Add a claim about it to the suite."
            raise FanwiseError(f"a start of {weight.path} that can be judged", other, hint)


def _judge_law(
    subject: Subject, copies: Sequence[Started], law: Distribution
) -> Iterator[ResultRow]:
    values = np.concatenate([np.ravel(weight.values) for weight in copies]).astype(np.float64)
    for claim, test in _TESTS.items():
        yield subject.judge(claim, test(values, law, _RATE), _RATE)
    yield judge_support(subject, values, law)


def _matrices(started: Started) -> NDArray[np.float64]:
    """Return the matrices that are orthogonal: (receptive · in) by out, one for each batch."""
    layout = started.planned.resolved.layout
    canonical = to_canonical(started.values, started.planned.weight.axes)
    return canonical.reshape(layout.extent(BATCH), -1, layout.extent(OUT))


def _steps(adapter: Adapter) -> Iterator[Step]:
    if isinstance(adapter, WithStarts):
        for number, kind in enumerate(adapter.starts):
            step = rows_step(f"starts {kind}", starts, adapter, kind)
            yield step if number % _QUICK else step.in_quick_runs()


# The faults.


def _planned(role: str, shape: tuple[int, ...], axes: str, name: str) -> Planned:
    weight = Weight(role, shape, axes, role, "lstm")
    return Planned(weight, resolve(scheme(name), shape, axes), rule=1)


#: By their roles. A sample of the kernel takes several layers.
_WEIGHTS: Final = {
    "kernel": _planned("kernel", (4, 64, 800), "batch in out", "glorot_normal"),
    "recurrent_kernel": _planned("recurrent_kernel", (4, 40, 40), "batch in out", "orthogonal"),
    "bias": _planned("bias", (4, 40), "batch out", "zeros"),
}


class FaultyStart(Healthy):
    """The reference, with layers of one weight each, which a fault has started.

    That its values are wrong, or that the recipe is, comes to the same.
    """

    starts: tuple[str, ...] = tuple(_WEIGHTS)

    def __init__(self, fault: FaultyDraw) -> None:
        self.fault = fault

    def start(self, kind: str, seed: int) -> list[Started]:
        """Return the one weight of the layer, beside the scheme that it should have."""
        planned = _WEIGHTS[kind]
        weight = planned.weight
        draw = Draw(planned.scheme, weight.shape, seed, weight.path, weight.axes)
        return [Started(planned, self.fault(draw))]


def _gates_together(draw: Draw) -> Array:
    """Draw one orthogonal matrix for all gates, of which no gate has an orthogonal part."""
    gates, inputs, outputs = draw.shape
    whole = right(replace(draw, shape=(inputs, gates * outputs), axes="in out"))
    values: Array = whole.reshape(inputs, gates, outputs).transpose(1, 0, 2)
    return values


def _nearly(draw: Draw) -> Array:
    """Draw what is off by so little that no law would show it."""
    return right(draw) + np.float32(1e-7)


def _judge(role: str, adapter: WithStarts, seed: int) -> Iterator[ResultRow]:
    return starts(adapter, role, seed)


def _fault(name: str, claim: Claim, role: str, draw: FaultyDraw, missed: float = 0.0) -> Fault:
    return Fault(
        name=name,
        claim=claim,
        judge=partial(_judge, role),
        adapter=FaultyStart(draw),
        mended=FaultyStart(right),
        missed=missed,
    )


CHECK: Final = Check(
    steps=_steps,
    faults=(
        _fault("a start 1 % too large", VARIANCE, "kernel", scaled(1.01), MISS),
        _fault("a start without its cut", SUPPORT, "kernel", uncut, MISS),
        _fault("a start without its cut, by its distribution", DISTRIBUTION, "kernel", uncut, MISS),
        _fault("a bias that starts beside zero", VALUES, "bias", _nearly),
        _fault(
            "one orthogonal start for all gates",
            ORTHOGONALITY,
            "recurrent_kernel",
            _gates_together,
        ),
    ),
)
