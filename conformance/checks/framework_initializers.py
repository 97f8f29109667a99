"""Claims about a framework's own initializers, called on its own layers as its users do.

Here the framework is judged, not Fanwise: whether a name means there what it means in the
specification, and whether the fans are those of the layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from fanwise.adapters.protocol import Adapter, LayerDraw, WithOwn
from fanwise.conformance.checks.cases import INPUTS
from fanwise.conformance.checks.check import Check, Step, StepResult
from fanwise.conformance.checks.densities import own_densities
from fanwise.conformance.checks.faults import Array, Fault, Healthy
from fanwise.conformance.checks.laws import DISTRIBUTION, VARIANCE
from fanwise.conformance.checks.offers import not_offered
from fanwise.conformance.results.claims import ANY_DIFFERENCE, Claim, Group
from fanwise.conformance.results.rows import Origin, ResultRow
from fanwise.conformance.results.subjects import Subject, size_text
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.core import sample, to_canonical
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

REFUSED: Final = Claim(
    name="refused",
    group=Group.OWN,
    null="fans of a vector are refused, not made up",
    test="it raised",
    catches=ANY_DIFFERENCE,
)

_SIZE: Final = 3
_GROUPS: Final = 4
#: Outputs for each input of a depthwise convolution.
_MULTIPLIER: Final = 2
_SEED: Final = 23

_FANS: Final = tuple(
    scheme(name) for name in ("he_normal", "glorot_uniform", "kaiming_normal", "xavier_uniform")
)
_CUT: Final = scheme("truncated_normal", std=0.02, corrected=False)


def framework_initializers(adapter: WithOwn) -> Iterator[ResultRow]:
    """Judge real layers' kernels by the framework's own initializers, and what a vector gives."""
    return (row for result in _results(adapter) for row in result.rows)


def _results(adapter: WithOwn, layers: int | None = None) -> Iterator[StepResult]:
    for kind in adapter.own_layers[:layers]:
        for judged in (*_FANS, _CUT) if kind == "dense" else _FANS:
            if kind == "vector":
                yield StepResult(rows=(_refused(adapter, judged),))
            else:
                yield _law(adapter, kind, judged)


def _law(adapter: WithOwn, kind: str, judged: Scheme) -> StepResult:
    """Judge one layer's kernel, and count its elements for a plot."""
    draw, law = _sized(kind, judged)
    subject = _subject(adapter, judged, kind)
    try:
        stored, axes = adapter.own(draw)
    except FanwiseError as error:
        return StepResult(rows=(not_offered(subject, error),))
    kernel = to_canonical(stored, axes)
    values = np.ravel(kernel).astype(np.float64)
    subject = replace(subject, subject=f"{kind} {size_text(kernel.shape)}", n=values.size)
    rows = (
        subject.judge(VARIANCE, tails.variance(values, law)),
        subject.judge(DISTRIBUTION, tails.distribution(values, law)),
    )
    return StepResult(rows=rows, densities=own_densities(adapter, draw, stored))


def _refused(adapter: WithOwn, judged: Scheme) -> ResultRow:
    """Judge a vector, which has no fans: an initializer that counts them must say so."""
    subject = replace(_subject(adapter, judged, f"vector {INPUTS}"), n=INPUTS)
    draw = LayerDraw("vector", judged, INPUTS, 1, 1, _SEED, path="")
    try:
        adapter.own(draw)
    except FanwiseError as error:
        return not_offered(subject, error)
    except ValueError:
        return subject.compare(REFUSED, "an error", "an error")
    return subject.compare(REFUSED, "a weight", "an error")


def _subject(adapter: WithOwn, judged: Scheme, subject: str) -> Subject:
    return Subject(
        adapter=adapter.name,
        engine=Origin.OWN,
        scheme=str(judged),
        subject=subject,
        seed=_SEED,
    )


def _sized(kind: str, judged: Scheme) -> tuple[LayerDraw, Distribution]:
    """Return a layer with as many elements as its claims need, and the law by its true fans."""
    inputs, outputs, groups = INPUTS, INPUTS, 1
    field = () if kind == "dense" else (_SIZE, _SIZE)
    if kind == "grouped_conv2d":
        groups = _GROUPS
    law = _true_law(judged, field, inputs, outputs, groups)
    per_output = math.prod(field) * inputs // groups
    outputs = math.ceil(sizes.sample_size(law) / per_output / groups) * groups
    if kind == "depthwise_conv2d":
        inputs = groups = math.ceil(sizes.sample_size(law) / (math.prod(field) * _MULTIPLIER))
        outputs = inputs * _MULTIPLIER
    law = _true_law(judged, field, inputs, outputs, groups)
    draw = LayerDraw(kind, judged, inputs, outputs, _SIZE, _SEED, path="", groups=groups)
    return draw, law


def _true_law(
    judged: Scheme, field: tuple[int, ...], inputs: int, outputs: int, groups: int
) -> Distribution:
    counted = judged.replace(groups=groups) if judged.entry.uses_fan else judged
    law = distribution_of(counted.law((*field, inputs // groups, outputs)))
    assert law is not None
    return law


def _steps(adapter: Adapter) -> Iterator[Step]:
    if isinstance(adapter, WithOwn):
        step = Step("own", partial(_step, adapter))
        # A quick run judges one kind of layer.
        yield step.in_quick_runs(partial(_step, adapter, 1))


def _step(adapter: WithOwn, layers: int | None = None) -> StepResult:
    results = list(_results(adapter, layers))
    return StepResult(
        rows=tuple(row for result in results for row in result.rows),
        densities=tuple(density for result in results for density in result.densities),
    )


class RefusedVector(Healthy):
    """A framework whose own initializers refuse a vector."""

    own_layers: tuple[str, ...] = ("vector",)

    def own(self, draw: LayerDraw) -> tuple[Array, str]:
        """Refuse the vector, as NumPy refuses any other bad value."""
        raise ValueError(f"{draw.kind} has no fans")


class VectorWithFans(RefusedVector):
    """A framework that takes the length of a vector as its fans."""

    def own(self, draw: LayerDraw) -> tuple[Array, str]:
        """Draw a vector by the fans of a square matrix."""
        matrix = sample(draw.scheme, (draw.inputs, draw.inputs), seed=draw.seed)
        return matrix[0], "in"


def _judge(adapter: WithOwn, seed: int) -> Iterator[ResultRow]:
    del seed  # a vector has its own
    return framework_initializers(adapter)


CHECK: Final = Check(
    claims=(REFUSED,),
    steps=_steps,
    faults=(
        Fault(
            name="fans of a vector made up",
            claim=REFUSED,
            judge=_judge,
            adapter=VectorWithFans(),
            mended=RefusedVector(),
        ),
    ),
)
