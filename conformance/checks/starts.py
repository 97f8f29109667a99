"""Claims about what a framework's layers start with, against the recipe that says so.

The framework itself is judged here, and with it the recipe that comes with Fanwise under its
name: each layer is one that the framework has started, and each of its weights must have
the law that the recipe gives it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from fanwise.adapters.protocol import Started, WithStarts
from fanwise.conformance.checks.claims import START
from fanwise.conformance.checks.structures import from_orthonormal
from fanwise.conformance.results.rows import Row
from fanwise.conformance.results.subjects import About, size_text
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics import tails as statistics
from fanwise.conformance.statistics.distributions import Distribution, distribution_of, outside
from fanwise.core import to_canonical
from fanwise.spec.axes import BATCH, OUT, layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Constant, Structured

_SEED: Final = 29
#: The tests of the law of one weight, which share the rate of one claim: there are many weights.
_TESTS: Final = {
    "variance": statistics.variance,
    "mean": statistics.mean,
    "distribution": statistics.distribution,
}
_RATE: Final = statistics.ALPHA / len(_TESTS)


def starts(adapter: WithStarts, kind: str, seed: int = _SEED) -> Iterator[Row]:
    """Judge every weight of one kind of layer.

    Raises:
        FanwiseError: for a layer without weights, values of another shape than their weight,
            and a scheme that there is no claim about.
    """
    for several in _layers(adapter, kind, seed):
        yield from _judged(adapter, kind, several, seed)


def _layers(adapter: WithStarts, kind: str, seed: int) -> list[list[Started]]:
    """Each weight of the layer, of as many layers as the claims about it need."""
    found = [[one] for one in _layer(adapter, kind, seed)]
    needed = [_needed(one) for (one,) in found]
    for number in range(1, max(needed)):
        again = _layer(adapter, kind, seed + number)
        for several, one, count in zip(found, again, needed, strict=True):
            # More is of no use, and of a large kernel beside a small bias it would be much.
            if number < count:
                several.append(one)
    return found


def _layer(adapter: WithStarts, kind: str, seed: int) -> Sequence[Started]:
    layer = adapter.start(kind, seed)
    if not layer:
        raise FanwiseError(f"weights of {kind}", Phrase("none"), "Leave the kind out of starts.")
    for one in layer:
        if one.values.shape != one.planned.weight.shape:
            expected = f"values of {one.planned.weight.path} in the shape of the weight"
            raise FanwiseError(expected, one.values.shape, "Return them as the recipe sees them.")
    return layer


def _needed(one: Started) -> int:
    """How many of a weight must be drawn."""
    law = _distribution(one)
    return 1 if law is None else math.ceil(sizes.sample_size(law, _RATE) / one.values.size)


def _distribution(one: Started) -> Distribution | None:
    return distribution_of(one.planned.resolved.law)


def _judged(adapter: WithStarts, kind: str, several: Sequence[Started], seed: int) -> Iterator[Row]:
    planned = several[0].planned
    weight = planned.weight
    count = f"{len(several)} of " if len(several) > 1 else ""
    subject = f"{kind} {weight.path} {count}{size_text(weight.shape)}"
    size = math.prod(weight.shape) * len(several)
    topic = About(adapter.name, START, str(planned.scheme), subject, size, seed)
    drawn = _distribution(several[0])
    if drawn is not None:
        yield from _law(topic, several, drawn)
        return
    match planned.resolved.law:
        case Constant(value=value):
            differ = int((several[0].values != value).sum())
            yield topic.equal("values", f"{differ} elements differ", "0 elements differ")
        case Structured(generator="orthogonal", gain=gain):
            found = from_orthonormal(_matrices(several[0]), gain)
            yield topic.found("orthogonality", found, alpha=0.0)
        case other:
            hint = "Add a claim about it to the suite."
            raise FanwiseError(f"a start of {weight.path} that can be judged", other, hint)


def _law(topic: About, several: Sequence[Started], law: Distribution) -> Iterator[Row]:
    values = np.concatenate([np.ravel(one.values) for one in several]).astype(np.float64)
    for claim, test in _TESTS.items():
        yield topic.found(claim, test(values, law, _RATE), _RATE)
    beyond = outside(values, law.support, "float32")
    yield topic.found("support", statistics.Finding(float(beyond), 0.0, 0.0, 0.0), alpha=0.0)


def _matrices(one: Started) -> statistics.Sample:
    """The matrices that are orthogonal: (receptive · in) by out, one for each batch."""
    weight = one.planned.weight
    found = layout(weight.shape, weight.axes)
    canonical = to_canonical(one.values, weight.axes)
    return canonical.reshape(found.extent(BATCH), -1, found.extent(OUT))
