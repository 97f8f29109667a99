"""Fanwise stream, version 1, in plain Python: a reading of the specification's text alone.

It shares no code with the package, and is slow on purpose. ``table`` is always the path of the
quantile's JSON file; it is opened at the first normal, not before.
"""

import hashlib
import itertools
import json
import math
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

Words4 = tuple[int, int, int, int]
Key = tuple[int, int]
#: ("uniform", low, high) | ("normal", mean, sigma) | ("truncated_normal", mean, sigma, low, high).
Law = tuple[str, *tuple[float, ...]]
#: "in" | "out" | "batch" | "*", or (n, role) for an axis that holds n batches of role. Batches that
#: count as inputs or outputs are "batch=in" or "batch=out", those of a split axis its third part.
Role = str | tuple[int, str] | tuple[int, str, str]
Table = str | Path

M32 = 2**32 - 1
ORDER = ("batch", "*", "batch=in", "in", "batch=out", "out")


@cache
def normative_table() -> Path:
    """Where the table that comes with the package lies."""
    return Path(str(resources.files("fanwise.spec") / "normal_quantile.json"))


def mulhi(a: int, b: int) -> int:
    """The high 32 bits of the product of two words."""
    return a * b >> 32


# ---- words and keys (items 1 and 2)


def philox(counter: Words4, key: Key) -> Words4:
    """One block of Philox4x32-10: four words from four counter words and two key words."""
    x0, x1, x2, x3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * x0, 0xCD9E8D57 * x2
        x0, x1, x2, x3 = (p1 >> 32) ^ x1 ^ k0, p1 & M32, (p0 >> 32) ^ x3 ^ k1, p0 & M32
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return x0, x1, x2, x3


def key(seed: int, path: str | None, purpose: str = "") -> Key:
    """The key of a seed in [0, 2**64): plain without path and purpose, else hashed."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed must be in [0, 2**64), got {seed}")
    plain = (seed & M32, seed >> 32)
    if path is None and purpose == "":
        return plain
    text = "fanwise/1\0" + purpose + "\0" + unicodedata.normalize("NFC", path or "")
    digest = hashlib.sha256(text.encode()).digest()
    p0, p1, p2, p3 = (int.from_bytes(digest[j : j + 4], "little") for j in (0, 4, 8, 12))
    k0, k1, _, _ = philox((p0, p1, p2, p3), plain)
    return k0, k1


def word(key: Key, i: int) -> int:
    """The 32-bit word of element i, 0 <= i < 2**66."""
    block = i >> 2
    return philox((block & M32, block >> 32, 0, 0), key)[i & 3]


# ---- integers (items 3 to 5)


def uniform_integer(w: int) -> int:
    """An odd integer in (-2**24, 2**24), in units of limit * 2**-24."""
    return 2 * (w >> 8) + 1 - 2**24


@lru_cache
def rows(table: Table) -> list[list[int]]:
    """The 2048 rows [c0, c1, c2] of the quantile table at that path."""
    data = json.loads(Path(table).read_text("utf-8"))
    read = [list(row) for row in data["rows"]]
    shape = [data["fraction_bits"], data["slope_extra_bits"], data["segments_per_octave"]]
    words = all(len(row) == 3 and all(0 <= c <= M32 for c in row) for row in read)
    if [*shape, len(read)] != [28, 9, 64, 2048] or not words:
        raise ValueError(f"{table}: not 2048 rows of three 32-bit integers, or {shape} is wrong")
    return read


def normal_integer(w: int, table: Table) -> int:
    """The quantile of (w + 1/2) / 2**32, a signed integer in units of 2**-28 sigma."""
    s = w >> 31
    m = w if s == 0 else w ^ M32
    x = 2 * m + 1
    e = 32 - x.bit_length()
    f = (x << e << 1) & M32
    c0, c1, c2 = rows(table)[64 * (31 - e) + (f >> 26)]
    t = (f << 6) & M32
    slope = c1 - mulhi(t, c2)
    z = c0 - (mulhi(t, slope) >> 9)
    # Unsigned 32-bit code would wrap here, and Python not: such a table has no agreed meaning.
    if slope < 0 or z < 0:
        raise ValueError(f"the table's row underflows for word {w}")
    return -z if s == 0 else z


def first_word_at_least(bound: int, table: Table) -> int:
    """The smallest word with normal_integer(word) >= bound, or 2**32 if there is none."""
    first, end = 0, 2**32
    while first < end:
        middle = (first + end) // 2
        if normal_integer(middle, table) >= bound:
            end = middle
        else:
            first = middle + 1
    return first


@lru_cache
def window(low: float, high: float, table: Table) -> tuple[int, int]:
    """(first, count) of the words whose normal lies in [low, high] sigma."""
    # No quantile reaches 8 sigma: the clip changes no window, and gives any bound an integer.
    least, most = (min(max(bound, -8.0), 8.0) * 2.0**28 for bound in (low, high))
    first = first_word_at_least(math.ceil(least), table)
    last = first_word_at_least(math.floor(most) + 1, table) - 1
    count = last - first + 1
    if count < 2**20:
        raise ValueError(f"[{low}, {high}] sigma holds {max(count, 0)} words, not 2**20")
    return first, count


# ---- values (item 6)


def bfloat16_bits(x: np.float32) -> np.uint16:
    """The bits of a finite float32 rounded to bfloat16, to nearest, ties to even."""
    bits = int(x.view(np.uint32))
    return np.uint16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)


def parts(w: int, law: Law, table: Table | None) -> tuple[int, float, float]:
    """(integer, unit, centre) of a word: its value is integer * unit + centre."""
    name, *numbers = law
    if name == "uniform":
        low, high = numbers
        return uniform_integer(w), (high - low) / 2 * 2.0**-24, (low + high) / 2
    table = table or normative_table()
    if name == "truncated_normal":
        first, count = window(numbers[2], numbers[3], table)
        w = first + mulhi(w, count)
    elif name != "normal":
        raise ValueError(f"unknown law {name!r}")
    return normal_integer(w, table), numbers[1] * 2.0**-28, numbers[0]


def value(i: int, *, key: Key, law: Law, dtype: str, table: Table | None = None) -> Any:
    """Element i as a NumPy scalar of that dtype, or as uint16 bits for "bfloat16"."""
    integer, unit, centre = parts(word(key, i), law, table)
    real: Any = np.float64 if dtype == "float64" else np.float32
    # The clamp of item 6 changes no value, and scalar NumPy fuses nothing: it is left out.
    result = real(integer) * real(unit)
    if centre != 0:
        result = result + real(centre)
    if dtype == "bfloat16":
        return bfloat16_bits(result)
    if dtype == "float16":
        with np.errstate(over="ignore"):
            return np.float16(result)
    return result


# ---- order (section 3)


def canonical_index(index: Sequence[int], shape: Sequence[int], roles: Sequence[Role]) -> int:
    """The place of a storage index in the order (batch..., receptive..., in..., out...).

    Batches that count as inputs or outputs are the first of these.
    """
    axes: list[tuple[str, int, int]] = []
    for position, size, role in zip(index, shape, roles, strict=True):
        if isinstance(role, str):
            axes.append((role, position, size))
            continue
        n, inner, *batch = role
        if size % n:
            raise ValueError(f"an axis of {size} does not split into {n} batches")
        axes.append((batch[0] if batch else "batch", position // (size // n), n))
        axes.append((inner, position % (size // n), size // n))
    place = 0
    # sorted is stable, so axes of one role keep the order in which the shape names them.
    for _, position, size in sorted(axes, key=lambda axis: ORDER.index(axis[0])):
        place = place * size + position
    return place


def tensor(
    shape: Sequence[int],
    roles: Sequence[Role],
    *,
    seed: int,
    path: str | None,
    law: Law,
    dtype: str,
    table: Table | None = None,
) -> np.ndarray[Any, Any]:
    """The whole weight (uint16 bits for "bfloat16"), element by element."""
    out = np.empty(tuple(shape), "uint16" if dtype == "bfloat16" else dtype)
    k = key(seed, path)
    for index in itertools.product(*map(range, shape)):
        place = canonical_index(index, shape, roles)
        out[index] = value(place, key=k, law=law, dtype=dtype, table=table)
    return out
