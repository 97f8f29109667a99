"""Claims about a framework's own initializers, called on its own layers as its users do.

Here the framework is judged, not Fanwise: whether a name means there what it means in the
specification, and whether the fans are those of the layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.adapters.protocol import LayerDraw, WithOwn
from fanwise.conformance.checks.cases import INPUTS
from fanwise.conformance.results.rows import Row
from fanwise.conformance.results.subjects import About, size_text
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics import tails as statistics
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.core import to_canonical
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

_SIZE: Final = 3
_GROUPS: Final = 4
#: Outputs for each input of a depthwise convolution.
_MULTIPLIER: Final = 2
_SEED: Final = 23

_FANS: Final = tuple(
    scheme(name) for name in ("he_normal", "glorot_uniform", "kaiming_normal", "xavier_uniform")
)
_CUT: Final = scheme("truncated_normal", std=0.02, corrected=False)


def own(adapter: WithOwn) -> Iterator[Row]:
    """The law of a real layer's kernel, by the framework's own initializer of that name."""
    for kind in adapter.own_layers:
        for one in _schemes(kind):
            yield from _refused(adapter, one) if kind == "vector" else _judged(adapter, kind, one)


def _schemes(kind: str) -> tuple[Scheme, ...]:
    return (*_FANS, _CUT) if kind == "dense" else _FANS


def _judged(adapter: WithOwn, kind: str, one: Scheme) -> Iterator[Row]:
    draw, law = _sized(kind, one)
    topic = About(adapter.name, "own", str(one), kind, seed=_SEED)
    try:
        stored, axes = adapter.own(draw)
    except FanwiseError as error:
        yield topic.not_offered(error)
        return
    made = to_canonical(stored, axes)
    values = np.ravel(made).astype(np.float64)
    subject = f"{kind} {size_text(made.shape)}"
    topic = replace(topic, subject=subject, n=values.size)
    yield topic.found("variance", statistics.variance(values, law))
    yield topic.found("distribution", statistics.distribution(values, law))


def _refused(adapter: WithOwn, one: Scheme) -> Iterator[Row]:
    """A vector has no fans: an initializer that counts them must say so."""
    topic = About(adapter.name, "own", str(one), f"vector {INPUTS}", INPUTS, _SEED)
    draw = LayerDraw("vector", one, INPUTS, 1, 1, _SEED, path="")
    try:
        adapter.own(draw)
    except FanwiseError as error:
        yield topic.not_offered(error)
    except ValueError:
        yield topic.equal("refused", "an error", "an error")
    else:
        yield topic.equal("refused", "a weight", "an error")


def _sized(kind: str, one: Scheme) -> tuple[LayerDraw, Distribution]:
    """A layer with as many elements as its claims need, and the law by its true fans."""
    inputs, outputs, groups = INPUTS, INPUTS, 1
    field = () if kind == "dense" else (_SIZE, _SIZE)
    if kind == "grouped_conv2d":
        groups = _GROUPS
    law = _law(one, field, inputs, outputs, groups)
    per_output = math.prod(field) * inputs // groups
    outputs = math.ceil(sizes.sample_size(law) / per_output / groups) * groups
    if kind == "depthwise_conv2d":
        inputs = groups = math.ceil(sizes.sample_size(law) / (math.prod(field) * _MULTIPLIER))
        outputs = inputs * _MULTIPLIER
    law = _law(one, field, inputs, outputs, groups)
    draw = LayerDraw(kind, one, inputs, outputs, _SIZE, _SEED, path="", groups=groups)
    return draw, law


def _law(
    one: Scheme, field: tuple[int, ...], inputs: int, outputs: int, groups: int
) -> Distribution:
    grouped = one.replace(groups=groups) if one.entry.uses_fan else one
    found = distribution_of(grouped.law((*field, inputs // groups, outputs)))
    assert found is not None
    return found
