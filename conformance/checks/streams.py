"""Claims about streams: what chooses one, and that any two are independent."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks import independence
from fanwise.conformance.checks.cases import Case
from fanwise.conformance.checks.laws import engine_of
from fanwise.conformance.results.rows import Row
from fanwise.conformance.results.subjects import About, size_text
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.spec.registry import scheme

_NORMAL: Final = scheme("normal")
_PATH: Final = "layer1/kernel"
#: The bits in which other seeds differ from the first: a careless key might drop any.
_BITS: Final = {
    "native": (1, 2, 4, 1 << 16, 1 << 31),
    "portable": (1, 2, 4, 1 << 31, 1 << 32, 1 << 63),
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
#: Elements of each weight in which repeats are looked for.
_LOOKED_AT: Final = 1 << 15
#: Elements that two of 4096 may share by chance: 2⁻²⁴ each at the most.
_SHARED: Final = 8

Weight = NDArray[Any]


def chosen(adapter: Adapter) -> Iterator[Row]:
    """Seed and path both choose the stream, and nothing else does."""
    one = Draw(scheme("he_normal"), (64, 64), seed=5, path="a/kernel")
    others = {
        "another seed": replace(one, seed=6),
        "a seed beyond 32 bits": replace(one, seed=5 + 2**32),
        "another path": replace(one, path="b/kernel"),
        "no path": replace(one, path=None),
    }
    yield from _chosen(adapter, "portable", one, others)
    native = {"another seed": others["another seed"]}
    yield from _chosen(adapter, "native", replace(one, path=None), native)


def independent(adapter: Adapter, engine: str, seed: int = 5) -> Iterator[Row]:
    """Elements of a weight, weights of several seeds, and those of several paths."""
    width = _width()
    case = Case(_NORMAL, (width, width), seed)
    path = _PATH if engine == "portable" else None
    draw = replace(case.draw(adapter.axes), path=path)
    make = engine_of(adapter, engine)
    topic = About(
        adapter.name, engine, str(_NORMAL), size_text(case.kernel), width * width, seed
    )  # fmt: skip
    weight = make(draw)
    own = independence.ranks(weight, case.law)
    yield topic.found("rows", independence.lines(own, axis=1))
    yield topic.found("columns", independence.lines(own, axis=0))
    yield topic.found("lags", independence.lags(own, (*independence.LAGS, width)))
    seen = [weight]
    others = {"seeds": [replace(draw, seed=seed ^ bit) for bit in _BITS[engine]]}
    if engine == "portable":
        others["paths"] = [replace(draw, path=other) for other in _PATHS]
    for claim, draws in others.items():
        made = [make(other) for other in draws]
        ranked = [independence.ranks(other, case.law) for other in made]
        yield topic.found(claim, independence.between(own, ranked))
        seen += made
    finding, windows, rate = independence.repeats(
        [np.ravel(one)[:_LOOKED_AT].astype(np.float32) for one in seen]
    )
    subject = f"{len(seen)} weights of {_LOOKED_AT}"
    yield replace(topic, subject=subject, n=windows).found("repeats", finding, rate)


def _width() -> int:
    """Of a square weight with enough pairs: at every lag, half of its elements begin one."""
    most = max(len(independence.LAGS) + 1, len(_PATHS))
    return math.isqrt(2 * sizes.correlation_size(most) - 1) + 1


def _chosen(adapter: Adapter, engine: str, one: Draw, others: Mapping[str, Draw]) -> Iterator[Row]:
    make = engine_of(adapter, engine)
    topic = About(adapter.name, engine, str(one.scheme), "", math.prod(one.shape), one.seed)
    first, again = make(one), make(one)
    same = "equal" if first.tobytes() == again.tobytes() else "not equal"
    subject = "the same seed and path" if engine == "portable" else "the same seed"
    yield replace(topic, subject=subject).equal("streams", same, "equal")
    for subject, other in others.items():
        differs = int((make(other) == first).sum()) <= _SHARED
        observed = "different" if differs else "not different"
        yield replace(topic, subject=subject).equal("streams", observed, "different")
