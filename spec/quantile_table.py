"""The normative table of the normal quantile, checked against its SHA-256 when it is loaded."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from functools import cache
from typing import Final

from fanwise.spec.own_files import own_text

FILE: Final = "normal_quantile.json"


@dataclass(frozen=True)
class QuantileTable:
    """2048 rows of three unsigned 32-bit integers, one quadratic piece each.

    Attributes:
        fraction_bits: a value is in units of 2**-fraction_bits standard deviations.
        slope_extra_bits: slope and curvature carry this many bits more.
        segments_per_octave: pieces in each octave of the probability.
        rows: (c0, c1, c2) of every piece.
    """

    fraction_bits: int
    slope_extra_bits: int
    segments_per_octave: int
    rows: tuple[tuple[int, int, int], ...]

    @property
    def sha256(self) -> str:
        """The digest of all rows as little-endian 32-bit words."""
        flat = [c for row in self.rows for c in row]
        return hashlib.sha256(struct.pack(f"<{len(flat)}I", *flat)).hexdigest()


@cache
def quantile_table() -> QuantileTable:
    """Load the table that comes with the package."""
    data = json.loads(own_text("fanwise.spec", FILE))
    expected = data.pop("sha256")
    table = QuantileTable(**{**data, "rows": tuple(tuple(row) for row in data["rows"])})
    if table.sha256 != expected:
        raise RuntimeError(f"{FILE} does not have its SHA-256: the installation is damaged")
    return table
