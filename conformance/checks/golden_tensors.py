"""Exact claims about whole weights: bits that must be equal, in every framework and mode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance import vectors
from fanwise.conformance.checks.cases import exact_draws
from fanwise.conformance.checks.check import Check, Step, StepResult, rows_step
from fanwise.conformance.checks.faults import (
    Array,
    Broken,
    Fault,
    FaultyDraw,
    one_stream,
    patched,
    right,
)
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject, elements, size_text
from fanwise.core import sample
from fanwise.core.dtypes import NAMES
from fanwise.core.philox import do_rounds
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Generator, StructuredLaw, UniformLaw

_DIGEST: Final = "SHA-256 of the elements in canonical order"
GOLDEN: Final = Claim(
    name="golden",
    group=Group.BITS,
    null="the portable engine gives the golden tensors: every dtype, in every mode",
    test=_DIGEST,
)
BITS: Final = Claim(
    name="bits",
    group=Group.BITS,
    null="the portable engine is the reference, in the framework's own storage order",
    test=_DIGEST,
)

#: Compiled modes take one golden vector in this many: every scheme and dtype, one place.
_PLACES: Final = 5
#: A dtype, a size and a mode, and at least one word of axes.
_FEWEST_WORDS: Final = 4


@dataclass(frozen=True)
class GoldenSubject:
    """The subject of a row about a golden tensor; its text has one word for each field but axes.

    Attributes:
        dtype: of the tensor.
        size: its shape, in words.
        axes: its axes pattern.
        mode: the adapter's mode.
    """

    dtype: str
    size: str
    axes: str
    mode: str

    def __str__(self) -> str:
        return f"{self.dtype} {self.size} {self.axes} {self.mode}"

    @classmethod
    def from_text(cls, text: str) -> GoldenSubject:
        """Read the text of such a subject.

        Raises:
            FanwiseError: for a text that is none.
        """
        words = text.split(" ")
        if len(words) < _FEWEST_WORDS:
            hint = "Run the conformance again: its results have been changed."
            raise FanwiseError("a dtype, a size, axes and a mode as subject", text, hint)
        dtype, size, *axes, mode = words
        return cls(dtype, size, " ".join(axes), mode)


def golden(adapter: Adapter, mode: str) -> Iterator[ResultRow]:
    """Compare the portable engine with the golden tensors, whatever dtype, axes, seed and path."""
    is_first = mode == adapter.modes[0]
    for vector in (*_of_laws(whole=is_first), *_of_catalogue(whole=is_first)):
        draw = vector.draw
        text = str(GoldenSubject(draw.dtype, size_text(draw.shape), draw.axes, mode))
        try:
            observed = vectors.digest(adapter.portable(draw, mode), draw.axes)
        except ValueError as error:
            observed = str(error)
        yield _subject(adapter, draw, text).compare(GOLDEN, observed, vector.sha256)


def _of_laws(*, whole: bool) -> Iterator[vectors.Golden]:
    for number, vector in enumerate(vectors.golden()):
        if whole or (number // len(NAMES)) % _PLACES == (number // 20) % _PLACES:
            yield vector


def _of_catalogue(*, whole: bool) -> Iterator[vectors.Golden]:
    """Yield the examples of later schemes; or of each way of making a weight one, in one dtype."""
    seen: dict[tuple[object, ...], int] = {}
    for number, vector in enumerate(vectors.golden("catalogue")):
        first = number - number % len(NAMES)
        turn = seen.setdefault(_way(vector.draw), first + len(seen) % len(NAMES))
        if whole or turn == number:
            yield vector


def _way(draw: Draw) -> tuple[object, ...]:
    """Tell how a weight is made; whatever a generator does, the core does for all frameworks."""
    law = draw.scheme.law(draw.shape, draw.axes)
    if not isinstance(law, StructuredLaw):
        return (type(law),)
    known = law.generator in list(Generator)
    return type(law), law.generator if known else "", law.random


def bits(adapter: Adapter) -> StepResult:
    """Compare the portable engine with the core, in the framework's own storage order.

    Returns:
        The rows, and the digests in canonical order, to be compared between frameworks.
    """
    rows, digests = [], {}
    for draw, kernel in exact_draws(adapter.axes):
        observed = vectors.digest(adapter.portable(draw, adapter.modes[0]), draw.axes)
        how: dict[str, Any] = {"seed": kernel.seed, "axes": kernel.axes, "dtype": "float32"}
        expected = vectors.digest(sample(kernel.scheme, kernel.shape, **how), kernel.axes)
        subject = _subject(adapter, draw, f"{size_text(draw.shape)} {draw.axes}")
        rows.append(subject.compare(BITS, observed, expected))
        digests[digest_key(str(draw.scheme), size_text(kernel.shape))] = observed
    return StepResult(rows=tuple(rows), digests=digests)


def digest_key(scheme: str, kernel: str) -> str:
    """Return the key of a digest in a run: the scheme as text, and the kernel's shape in words."""
    return f"{scheme} {kernel}"


def split_digest_key(key: str) -> tuple[str, str]:
    """Return the scheme and the kernel of such a key: a shape in words holds no space."""
    scheme, _, kernel = key.rpartition(" ")
    return scheme, kernel


def _subject(adapter: Adapter, draw: Draw, text: str) -> Subject:
    return Subject(
        adapter=adapter.name,
        engine=Engine.PORTABLE,
        scheme=str(draw.scheme),
        subject=text,
        n=elements(draw.shape),
        seed=draw.seed,
    )


def _steps(adapter: Adapter) -> Iterator[Step]:
    for mode in adapter.modes:
        step = rows_step(f"golden {mode}", golden, adapter, mode)
        yield step.in_quick_runs() if mode == adapter.modes[0] else step
    yield Step("bits", partial(bits, adapter)).in_quick_runs()


# The faults.


def _storage_order(draw: Draw) -> Array:
    """Draw in storage order rather than in canonical order."""
    fans = draw.scheme.std(draw.shape, draw.axes) if draw.scheme.entry.uses_fan else None
    values = right(replace(draw, axes="kernel"))
    if fans is None or draw.dtype == "bfloat16":
        return values
    return (values * (fans / draw.scheme.std(draw.shape))).astype(values.dtype)


def _short_seed(draw: Draw) -> Array:
    """Draw with a seed that is cut to 32 bits."""
    return right(replace(draw, seed=draw.seed & 0xFFFFFFFF))


def _truncated_bfloat16(draw: Draw) -> Array:
    """Draw bfloat16 without rounding."""
    if draw.dtype != "bfloat16":
        return right(draw)
    wide = right(replace(draw, dtype="float32"))
    return (wide.view(np.uint32) >> np.uint32(16)).astype(np.uint16)


def _bits_23(draw: Draw) -> Array:
    """Draw uniforms of 23 bits rather than 24."""
    law, values = draw.scheme.law(draw.shape, draw.axes), right(draw)
    if not isinstance(law, UniformLaw) or draw.dtype != "float32":
        return values
    step = np.float32((law.high - law.low) * 2.0**-23)
    return (np.floor(values / step) * step).astype(np.float32)


def _bound_reached(draw: Draw) -> Array:
    """Draw a uniform whose lower bound comes out, as from a half-open interval."""
    law, values = draw.scheme.law(draw.shape, draw.axes), right(draw).copy()
    if isinstance(law, UniformLaw) and draw.dtype == "float32" and values.size:
        values.flat[np.argmin(values)] = law.low
    return values


def _fused_mean(draw: Draw) -> Array:
    """Draw with the mean added before the product is rounded, as by a fused multiply-add."""
    with patched("fanwise.core.values._scale", _fused):
        return right(draw)


def _fused(integers: Array, unit: float, mean: float, out: Array) -> None:
    exact_unit, exact_mean = (np.longdouble(out.dtype.type(x)) for x in (unit, mean))
    # An array of the wider type: before NumPy 2 a scalar does not widen one.
    out[...] = integers.astype(np.longdouble) * exact_unit + exact_mean


def _nine_rounds(draw: Draw) -> Array:
    """Draw by a Philox with a round too few."""
    with patched("fanwise.core.philox.ROUNDS", 9):
        return right(draw)


def _swapped_words(draw: Draw) -> Array:
    """Draw by a Philox with the high and low words of its products exchanged at the end."""
    with patched("fanwise.core.philox.do_rounds", _low_first):
        return right(draw)


def _low_first(words: Any, keys: Any) -> Any:
    w0, w1, w2, w3 = do_rounds(words, keys)
    return w1, w0, w3, w2


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    del seed  # the vectors have their own
    return golden(adapter, "eager")


def _judge_bits(adapter: Adapter, seed: int) -> tuple[ResultRow, ...]:
    del seed  # the cases have their own
    return bits(adapter).rows


def _fault(name: str, draw: FaultyDraw) -> Fault:
    return Fault(name=name, claim=GOLDEN, judge=_judge, adapter=Broken(draw))


CHECK: Final = Check(
    claims=(GOLDEN, BITS),
    steps=_steps,
    faults=(
        _fault("drawn in storage order", _storage_order),
        _fault("path ignored", one_stream),
        _fault("seed cut to 32 bits", _short_seed),
        _fault("bfloat16 by truncation", _truncated_bfloat16),
        _fault("uniforms of 23 bits", _bits_23),
        _fault("a half-open bound reached", _bound_reached),
        _fault("mean added by a fused multiply-add", _fused_mean),
        _fault("one round of Philox missing", _nine_rounds),
        _fault("high and low words exchanged", _swapped_words),
        Fault(
            name="uniforms of 23 bits in the framework's own order",
            claim=BITS,
            judge=_judge_bits,
            adapter=Broken(_bits_23),
        ),
    ),
)
