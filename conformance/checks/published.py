"""Claims about what is published: by papers, by the code of those who wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.drawn_laws import drawn_numbers
from fanwise.conformance.checks.faults import Array, Broken, Fault, FaultyDraw, right
from fanwise.conformance.checks.properties import PRODUCT, PROPERTIES, Seen
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject, elements, size_text
from fanwise.conformance.statistics.tails import Finding
from fanwise.conformance.vectors.known_answers import KnownAnswer, known_answers
from fanwise.core.formulas import formula_values
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

PUBLISHED: Final = Claim(
    name="published",
    group=Group.PUBLISHED,
    null="weights are what papers print, and what their equations and their code give",
    test="the tolerance of each answer: for most, the rounding of the numbers that are known",
    catches="another equation, another constant, another order of rows and columns",
)

#: By how much a property may be off where its answer does not say so: factorizations are exact to
#: 1e-12 for each unit of a gain, and more than one element is summed.
_NEAR: Final = 1e-9
#: Answers about one scheme are told apart by what follows the shape.
_SEED: Final = 0


def published(
    adapter: Adapter, answers: Iterable[KnownAnswer] | None = None
) -> Iterator[ResultRow]:
    """Compare what an adapter draws with known answers; with all that are published, or these."""
    for answer in known_answers() if answers is None else answers:
        draw = replace(answer.draw, seed=_SEED)
        subject = _subject(adapter, draw, answer.kind)
        try:
            findings = _findings(adapter, answer, draw)
            yield from (_row(subject, answer, name, *finding) for name, *finding in findings)
        except FanwiseError as error:
            figures = subject.compare(PUBLISHED, "an error", answer.kind)
            yield replace(figures, note=str(error))


def _row(
    subject: Subject, answer: KnownAnswer, name: str, off: float, tolerance: float
) -> ResultRow:  # fmt: skip
    named = replace(subject, subject=f"{subject.subject} {name}")
    row = named.judge(PUBLISHED, Finding(off, 0.0, 0.0, tolerance), alpha=0.0)
    return replace(row, note=answer.source)


def _findings(
    adapter: Adapter, answer: KnownAnswer, draw: Draw
) -> Iterator[tuple[str, float, float]]:
    """Yield what an answer is about, how far a weight is from it, and how far it may be."""
    match answer.kind:
        case "values":
            observed = _drawn(adapter, draw)
            yield "", *_distance(observed, answer.expected, answer)
        case "law":
            numbers = drawn_numbers(_drawn(adapter, draw), draw)
            for name, expected in answer.expected.items():
                if name == "kind":
                    yield name, float(numbers["kind"] != expected), 0.0
                else:
                    yield name, *_distance(numbers[name], expected, answer)
        case "at":
            yield "", *_distance(*_at(draw, answer.expected), answer)
        case "properties":
            yield from _properties(adapter, draw, answer)


def _properties(
    adapter: Adapter, draw: Draw, answer: KnownAnswer
) -> Iterator[tuple[str, float, float]]:
    near = answer.atol or _NEAR
    seen = Seen.of(_drawn(adapter, draw), draw.axes)
    for name, argument in answer.expected.items():
        if name == PRODUCT:
            yield name, _product(adapter, seen, argument), near
        else:
            yield name, PROPERTIES[name](seen, argument), near


def _product(adapter: Adapter, seen: Seen, argument: Mapping[str, Any]) -> float:
    """Measure how far the product with another weight of the layer is from 0 or from 1."""
    other = scheme(argument["scheme"], **argument.get("params", {}))
    axes = argument.get("axes") or other.entry.axes or "kernel"
    draw = Draw(other, tuple(argument["shape"]), _SEED, argument["path"], axes, "float64")
    pair = [seen.matrices[0], Seen.of(_drawn(adapter, draw), axes).matrices[0]]
    first, second = pair if argument.get("order", "after") == "after" else reversed(pair)
    product = first @ second
    return float(np.abs(product - argument["value"] * np.eye(*product.shape)).max())


def _at(draw: Draw, expected: Mapping[str, Any]) -> tuple[NDArray[Any], Any]:
    """Work a formula out for known words: the first row, under each of them."""
    (drawn,) = {"u", "z"} & set(expected)
    law = draw.scheme.law(draw.shape, draw.axes)
    columns = np.asarray(expected["values"], np.float64)
    return np.stack([formula_values(law, {drawn: at}) for at in expected[drawn]]), columns


def _distance(observed: Any, expected: Any, answer: KnownAnswer) -> tuple[float, float]:
    """Return how far numbers are from those of an answer, in units of what they may be."""
    seen, known = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    if seen.shape != known.shape:
        raise FanwiseError(f"a shape of {known.shape}", seen.shape, "Mend the known answer.")
    allowed = answer.rtol * np.abs(known) + answer.atol
    off = np.abs(seen - known)
    # Of what may not be off at all, nothing is.
    share = np.divide(off, allowed, out=np.where(off > 0, np.inf, 0.0), where=allowed > 0)
    worst = float(share.max(initial=0.0))
    return (worst if np.isfinite(off).all() else np.inf), 1.0


def _drawn(adapter: Adapter, draw: Draw) -> NDArray[Any]:
    return adapter.portable(draw, adapter.modes[0])


def _subject(adapter: Adapter, draw: Draw, kind: str) -> Subject:
    return Subject(
        adapter=adapter.name,
        engine=Engine.PORTABLE,
        scheme=str(draw.scheme),
        subject=f"{size_text(draw.shape)} {draw.axes} {kind}",
        n=elements(draw.shape),
        seed=draw.seed,
    )


def _steps(adapter: Adapter) -> Iterator[Step]:
    yield rows_step("published", published, adapter).in_quick_runs()
