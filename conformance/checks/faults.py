"""A fault, the claim that must catch it, and the adapters that faults are put into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Final
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import Draw
from fanwise.conformance.results.claims import Claim
from fanwise.conformance.results.rows import ResultRow
from fanwise.core.fast.gate import SWITCH
from fanwise.spec.registry import scheme

Array = NDArray[Any]
FaultyDraw = Callable[[Draw], Array]


class Healthy(NumpyAdapter):
    """The reference, with the portable stream as both engines: what the faults are put into."""

    def native(self, draw: Draw) -> Array:
        """Draw from the portable stream."""
        return self.portable(replace(draw, path=None), "eager")


class Broken(Healthy):
    """The reference with a fault in every draw."""

    def __init__(self, fault: FaultyDraw) -> None:
        self.fault = fault

    def portable(self, draw: Draw, mode: str) -> Array:
        """Draw the faulty weight."""
        del mode
        return self.fault(draw)


_REFERENCE: Final = NumpyAdapter()
_HEALTHY: Final = Healthy()


def right(draw: Draw) -> Array:
    """Draw the weight without a fault."""
    return _REFERENCE.portable(draw, "eager")


def scaled(factor: float) -> FaultyDraw:
    """Return a draw whose scale is wrong by a factor."""
    return lambda draw: right(draw) * np.float32(factor)


def shifted(draw: Draw) -> Array:
    """Draw with a mean that is off by 2 % of a standard deviation."""
    values = right(draw)
    moved: Array = values + np.float32(0.02) * values.std()
    return moved


def uncut(draw: Draw) -> Array:
    """Draw a normal of the right variance, not cut."""
    std = draw.scheme.std(draw.shape, draw.axes)
    return right(replace(draw, scheme=scheme("normal", std=std)))


def one_stream(draw: Draw) -> Array:
    """Draw with the path ignored: two parameters have one stream."""
    return right(replace(draw, path=None))


@contextmanager
def patched(target: str, fault: object) -> Iterator[None]:
    """Put a fault into the core: into its NumPy path, which is then taken."""
    with mock.patch.dict("os.environ", {SWITCH: "0"}), mock.patch(target, fault):
        yield


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong, and the claim that must catch it.

    Attributes:
        name: the fault, in words.
        claim: the claim that must fail.
        judge: judges an adapter by that claim, on draws from a seed.
        adapter: what has the fault, if an adapter has it.
        mended: the same adapter without the fault.
        core: puts the fault into the core, if the core has it.
        missed: the probability that the claim misses it; 0 where it cannot.
    """

    name: str
    claim: Claim
    judge: Callable[[Any, int], Iterable[ResultRow]]
    adapter: NumpyAdapter = _HEALTHY
    mended: NumpyAdapter = _HEALTHY
    core: Callable[[], AbstractContextManager[None]] = nullcontext
    missed: float = 0.0

    def rows(self, seed: int) -> list[ResultRow]:
        """Judge what is broken, on draws from a seed."""
        with self.core():
            return list(self.judge(self.adapter, seed))

    def without(self) -> Fault:
        """Return the same judging with nothing wrong, which must catch nothing."""
        return replace(self, adapter=self.mended, core=nullcontext)
