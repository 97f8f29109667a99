"""The exact claim about streams: what chooses one, and what does not."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Final

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.checks.cases import drawer
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.faults import Array, Broken, Fault, right
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject
from fanwise.spec.registry import scheme

#: Elements that two of 4096 may share by chance: 2⁻²⁴ each at the most.
_SHARED: Final = 8
_SHAPE: Final = (64, 64)

STREAMS: Final = Claim(
    name="streams",
    group=Group.BITS,
    null="seed and path choose the stream, and nothing else does",
    test=f"no more than {_SHARED} of {math.prod(_SHAPE)} elements in common",
    catches="a seed or path that is ignored, in whole or in its high bits",
)


def choices(adapter: Adapter) -> Iterator[ResultRow]:
    """Compare weights of one seed and path, and of others, in both engines."""
    draw = Draw(scheme("he_normal"), _SHAPE, seed=5, path="a/kernel")
    others = {
        "another seed": replace(draw, seed=6),
        "a seed beyond 32 bits": replace(draw, seed=5 + 2**32),
        "another path": replace(draw, path="b/kernel"),
        "no path": replace(draw, path=None),
    }
    yield from _choices(adapter, Engine.PORTABLE, draw, others)
    native = {"another seed": others["another seed"]}
    yield from _choices(adapter, Engine.NATIVE, replace(draw, path=None), native)


def _choices(
    adapter: Adapter, engine: Engine, draw: Draw, others: Mapping[str, Draw]
) -> Iterator[ResultRow]:
    make = drawer(adapter, engine)
    portable = engine is Engine.PORTABLE
    subject = Subject(
        adapter=adapter.name,
        engine=engine,
        scheme=str(draw.scheme),
        subject="the same seed and path" if portable else "the same seed",
        n=math.prod(draw.shape),
        seed=draw.seed,
    )
    first, again = make(draw), make(draw)
    observed = "equal" if first.tobytes() == again.tobytes() else "not equal"
    yield subject.compare(STREAMS, observed, "equal")
    for words, other in others.items():
        differs = int((make(other) == first).sum()) <= _SHARED
        observed = "different" if differs else "not different"
        yield replace(subject, subject=words).compare(STREAMS, observed, "different")


_CALLS: Final = count()


def _one_seed(draw: Draw) -> Array:
    """Draw with the seed ignored."""
    return right(replace(draw, seed=0))


def _other_every_call(draw: Draw) -> Array:
    """Draw from another stream at every call."""
    return right(replace(draw, path=str(next(_CALLS))))


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    del seed  # the claim is about seeds
    return choices(adapter)


def _steps(adapter: Adapter) -> Iterator[Step]:
    yield rows_step("streams", choices, adapter).in_quick_runs()


CHECK: Final = Check(
    claims=(STREAMS,),
    steps=_steps,
    faults=(
        Fault(name="seed ignored", claim=STREAMS, judge=_judge, adapter=Broken(_one_seed)),
        Fault(
            name="another stream at every call",
            claim=STREAMS,
            judge=_judge,
            adapter=Broken(_other_every_call),
        ),
    ),
)
