"""Claims about what is published: by papers, by the code of those who wrote them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.drawn_laws import drawn_numbers
from fanwise.conformance.checks.faults import (
    Array,
    Broken,
    Fault,
    FaultyDraw,
    patched,
    right,
)
from fanwise.conformance.checks.properties import PRODUCT, PROPERTIES, Seen
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject, elements, size_text
from fanwise.conformance.statistics.tails import Finding
from fanwise.conformance.vectors.known_answers import KnownAnswer, known_answers
from fanwise.core import formulas
from fanwise.core.formulas import formula_of
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.registry import scheme

PUBLISHED: Final = Claim(
    name="published",
    group=Group.PUBLISHED,
    null="weights are what papers print, and what their equations and their code give",
    test="the tolerance of each answer: mostly, the rounding of what is known",
    catches="another equation, another constant, another order of rows and columns",
)

#: By how much a property may be off where its answer does not say so: factorizations are exact to
#: 1e-12 for each unit of a gain, and more than one element is summed.
_NEAR: Final = 1e-9
#: Of the stream that answers are judged on, which depend on no seed.
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
    named = replace(subject, subject=f"{subject.subject} {name}".strip())
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
            expected = dict(answer.expected)
            is_other = expected.pop("kind", numbers["kind"]) != numbers["kind"]
            if is_other or not set(expected) <= set(numbers):
                hint = "Mend the known answer, or the scheme."
                raise FanwiseError(f"numbers of {answer.expected}", numbers, hint)
            yield "", *_distance([numbers[name] for name in expected], [*expected.values()], answer)
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
        elif name in PROPERTIES:
            yield name, PROPERTIES[name](seen, argument), near
        else:
            raise FanwiseError("a property", name, did_you_mean(name, PROPERTIES))


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
    assert isinstance(law, StructuredLaw)
    rows = [formula_of(law, {drawn: at})[0, 0] for at in expected[drawn]]
    return np.stack(rows), expected["values"]


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


# The faults.


def _changed(change: Callable[[Array], Array]) -> FaultyDraw:
    """Draw with a change in every weight."""
    return lambda draw: change(right(draw).copy())


def _other_norm(values: Array) -> Array:
    values[..., 0] *= 1 + 1e-6
    return values


def _zero_filled(values: Array) -> Array:
    values[0, np.argmin(np.abs(values[0]))] = 1.0
    return values


def _deeper(draw: Draw) -> Array:
    """Draw with a model of twice as many layers."""
    layers = draw.scheme["layers"]
    assert isinstance(layers, int)
    return right(replace(draw, scheme=draw.scheme.replace(layers=2 * layers)))


def _apart(draw: Draw) -> Array:
    """Draw each weight of several as if the others were somewhere else."""
    return right(replace(draw, path=f"{draw.scheme.name}/{draw.path}"))


def _turned(law: StructuredLaw, drawn: Mapping[str, Any]) -> Array:
    """Work a formula out with the words turned over."""
    return formulas.formula_of(law, {name: 1 - number for name, number in drawn.items()})


def _judge(names: tuple[str, ...], adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    del seed  # an answer depends on none
    return published(adapter, [a for a in known_answers() if a.draw.scheme.family in names])


def _fault(name: str, draw: FaultyDraw, *names: str) -> Fault:
    judge = partial(_judge, names)
    return Fault(name=name, claim=PUBLISHED, judge=judge, adapter=Broken(draw))


CHECK: Final = Check(
    claims=(PUBLISHED,),
    steps=_steps,
    faults=(
        _fault(
            "a constant off in its tenth digit", _changed(lambda w: w * (1 + 1e-10)), "he_normal"
        ),
        _fault("a table read backwards", _changed(np.flip), "identity"),
        _fault("a column whose norm is off", _changed(_other_norm), "orthogonal"),
        _fault("a zero that is missing", _changed(_zero_filled), "sparse"),
        _fault("layers counted twice", _deeper, "deepnorm"),
        _fault("a pair that is drawn apart", _apart, "mimetic_query", "lora_orthogonal_a"),
        Fault(
            name="a formula of words turned over",
            claim=PUBLISHED,
            judge=partial(_judge, ("log_uniform",)),
            core=partial(patched, f"{__name__}.formula_of", _turned),
        ),
    ),
)
