"""Faults of the stream: another seed, or another path."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from fanwise.conformance.audits.known_faults.bit_patterns import StreamDraw, bits_of_numbers
from fanwise.conformance.audits.known_faults.deviating_weight import (
    EVIDENCE,
    DeviatingWeight,
    KnownFault,
)
from fanwise.conformance.audits.known_faults.stream_table import StreamTable, beginning
from fanwise.spec.axes import layout
from fanwise.spec.laws import StructuredLaw, is_random
from fanwise.spec.resolved import Resolved

_MASK: Final = (1 << 32) - 1
_ALL: Final = (1 << 64) - 1
#: Seeds that people set, and so many from 0 on.
_USUAL: Final = (42, 1337, 123, 1234, 12345, 2**31 - 1, 2**32 - 1, 3407, 31337, 666, 777, 999)
_SMALL: Final = 64

#: So many elements tell where in one stream a weight begins.
_TURN: Final = 64

#: A stream, and what is wrong with it.
Stream = tuple[int, str | None, KnownFault]


def other_seeds(deviating: DeviatingWeight) -> Iterator[Stream]:
    """Give the seeds that the right one may have become, each once, with the path as it is."""
    seed, path = deviating.draw.seed, deviating.draw.path
    seen = {seed}
    for name, other in (*_cut(seed), *_mixed(seed, path), *_guessed()):
        if other not in seen and 0 <= other <= _ALL:
            seen.add(other)
            note = f"Drawn with the seed {other} in place of {seed}."
            yield other, path, KnownFault(name, note)


def _cut(seed: int) -> Iterator[tuple[str, int]]:
    """Give what is left of a seed in a narrower type."""
    low, high = seed & _MASK, seed >> 32
    yield "seed cut to 32 bits", low
    if low >> 31:
        yield "seed cut to 32 bits and sign-extended", low | (_MASK << 32)
    yield "seed cut to 31 bits", seed & (_MASK >> 1)
    yield "seed cut to 16 bits", seed & 0xFFFF
    yield "seed cut to 63 bits", seed & (_ALL >> 1)
    yield "seed as a float64", min(int(float(seed)), _ALL)
    yield "seed as a float32", min(int(np.float32(seed)), _ALL)
    yield "halves of the seed swapped", (low << 32) | high
    if high:
        # Else it is 0, which people set.
        yield "upper half of the seed", high
    yield "seed of the other endianness", int.from_bytes(seed.to_bytes(8, "little"), "big")
    yield "seed of the other endianness", int.from_bytes(low.to_bytes(4, "little"), "big")


def _mixed(seed: int, path: str | None) -> Iterator[tuple[str, int]]:
    """Give what is made of a seed by counting on, and by mixing a path into it."""
    yield "seed + 1", (seed + 1) & _ALL
    yield "seed - 1", (seed - 1) & _ALL
    hashed = zlib.crc32((path or "").encode())
    yield "seed with a hash of the path", (seed + hashed) & _ALL
    yield "seed with a hash of the path", seed ^ hashed


def _guessed() -> Iterator[tuple[str, int]]:
    """Give the seeds that people set."""
    for number in (*range(_SMALL), *_USUAL):
        yield "another seed", number


def other_paths(deviating: DeviatingWeight, table: StreamTable) -> Iterator[Stream]:
    """Give the paths that the right one may have been exchanged for, with the seed as it is.

    Args:
        deviating: the weight.
        table: the streams of its model.
    """
    seed, path = deviating.draw.seed, deviating.draw.path
    note = "All weights that ignore their paths are drawn from one stream."
    yield seed, None, KnownFault("path ignored", note)
    seen = {path, None}
    for name, other in _spellings(deviating):
        if other not in seen:
            seen.add(other)
            yield seed, other, KnownFault(name, f"Drawn under the path {other!r}.")
    for other in (*table.paths_like(deviating), *_neighbours(path or "")):
        if other not in seen:
            seen.add(other)
            yield seed, other, _path_of_another(path or "", other)


def _spellings(deviating: DeviatingWeight) -> Iterator[tuple[str, str]]:
    """Give what else a weight may be called."""
    path, stored = deviating.draw.path or "", deviating.stored
    yield "path not canonical by [names]", stored.weight.path
    dotted = "path of the framework"
    for name in (*stored.names, *(a for t in stored.tensors.values() for a in t.aliases)):
        yield dotted, name
        yield dotted, name.replace(".", "/")
    for whole in (path, stored.weight.path):
        yield dotted, whole.replace("/", ".")
        yield "path with a slash before it", f"/{whole}"
        yield "path in small letters", whole.lower()
        last = whole.rpartition("/")[2]
        yield "path without its layer", last
        for shorter in _shortened(whole):
            yield "path without its beginning", shorter
        for word in ("model", "module", "params", "base_model", "transformer", "backbone"):
            yield "path with a wrapper's name before it", f"{word}/{whole}"
    yield "path of its role at the framework", re.sub(r"kernel$|scale$|embedding$", "weight", path)
    yield "path of no text", ""


def _shortened(path: str) -> Iterator[str]:
    parts = path.split("/")
    for start in range(1, len(parts) - 1):
        yield "/".join(parts[start:])


def _neighbours(path: str) -> Iterator[str]:
    """Give the paths of the layers before and after a weight's, at each of its numbers."""
    for match in re.finditer(r"\d+", path):
        for number in (int(match[0]) - 1, int(match[0]) + 1):
            if number >= 0:
                yield f"{path[: match.start()]}{number}{path[match.end() :]}"


def _path_of_another(path: str, other: str) -> KnownFault:
    """Name the fault of a weight that has the stream of another one."""
    note = f"Drawn under the path {other!r}."
    if re.sub(r"\d+", "#", path) != re.sub(r"\d+", "#", other):
        return KnownFault("path of another weight", note, other)
    pairs = zip(re.findall(r"\d+", path), re.findall(r"\d+", other), strict=True)
    shifts = [int(theirs) - int(ours) for ours, theirs in pairs if ours != theirs]
    if len(shifts) == 1 and abs(shifts[0]) == 1:
        return KnownFault("layers shifted by one", note, other)
    return KnownFault("path of another layer", note, other)


def in_turn(deviating: DeviatingWeight, draws: Mapping[str, StreamDraw]) -> KnownFault | None:
    """Recognize weights that were drawn from one stream, one after another.

    Args:
        deviating: the weight.
        draws: those of all weights, in the order of the model.
    """
    law = deviating.draw.resolved.law
    held = beginning(deviating, _TURN)
    if isinstance(law, StructuredLaw) or len(set(held.tolist())) < EVIDENCE:
        return None
    every = drawn = 0
    for path, draw in draws.items():
        if path == deviating.draw.path:
            break
        size = draw.resolved.layout.size
        every, drawn = every + size, drawn + size * is_random(draw.resolved.law)
    for offset in {every, drawn}:
        flat = Resolved(deviating.draw.resolved.scheme, layout((offset + held.size,), "out"), law)
        one = StreamDraw(flat, deviating.draw.seed, None)
        bits = one.bits(deviating.dtype, (slice(offset, offset + held.size),))
        if np.array_equal(bits, bits_of_numbers(held, deviating.dtype)):
            note = f"Drawn from one stream for all weights, from its element {offset} on."
            return KnownFault("one stream for all weights", note)
    return None
