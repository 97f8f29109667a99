"""Make ``normal_quantile.json``: the table behind the normal quantile of the stream.

Each octave [2**k, 2**(k+1)) of x = 2m + 1, with p = x / 2**33, has 64 pieces. On a piece
with t in [0, 1) the quantile is ``c0 - t * (c1 - t * c2) / 2**9`` in units of 2**-28.
The ends c0 are the rounded quantile itself; c1 - c2 = (c0 - c0 of the next piece) * 2**9
makes the pieces join exactly; and c2 is the one that halves the largest error inside.

Run ``python -m fanwise.spec.make_quantile_table > spec/normal_quantile.json`` (needs mpmath).
"""

from __future__ import annotations

import json
import struct
import sys
from hashlib import sha256
from statistics import NormalDist

import mpmath

FRACTION_BITS, SLOPE_EXTRA_BITS, SEGMENTS, OCTAVES = 28, 9, 64, 32
PROBES = 16


def quantile(x: mpmath.mpf) -> mpmath.mpf:
    """Compute -Φ⁻¹(x / 2**33) in units of 2**-28, for real x in [1, 2**32]."""
    p = x / mpmath.mpf(2) ** 33
    z = mpmath.mpf(-NormalDist().inv_cdf(float(p)))
    for _ in range(2):  # Newton: from double to well beyond it
        z += (mpmath.erfc(z / mpmath.sqrt(2)) / 2 - p) / mpmath.npdf(z)
    return z * 2**FRACTION_BITS


def piece(left: mpmath.mpf, right: mpmath.mpf) -> tuple[int, int, int]:
    """Compute the row of the piece between two values of x."""
    c0, end = (int(mpmath.nint(quantile(x))) for x in (left, right))
    drop = (c0 - end) << SLOPE_EXTRA_BITS
    # With c1 = drop + c2 the error at t is true - c0 + t * drop / 512 + t * (1 - t) * c2 / 512;
    # each probe asks for one c2, and the middle of their range is the best of all.
    wanted = []
    for i in range(1, PROBES):
        t = mpmath.mpf(i) / PROBES
        short = c0 - quantile(left + t * (right - left)) - t * (c0 - end)
        wanted.append((short * 2**SLOPE_EXTRA_BITS / (t * (1 - t)), t * (1 - t)))
    c2 = max(0, int(mpmath.nint(best_curvature(wanted))))
    return c0, drop + c2, c2


def best_curvature(wanted: list[tuple[mpmath.mpf, mpmath.mpf]]) -> mpmath.mpf:
    """Find the c whose largest weight * |c - wanted| is smallest (Chebyshev)."""
    low, high = min(w for w, _ in wanted), max(w for w, _ in wanted)
    for _ in range(60):
        third = (high - low) / 3
        a, b = low + third, high - third
        if max(k * abs(a - w) for w, k in wanted) < max(k * abs(b - w) for w, k in wanted):
            high = b
        else:
            low = a
    return (low + high) / 2


def main() -> None:
    """Write the table to standard output."""
    mpmath.mp.dps = 30
    rows = []
    for octave in range(OCTAVES):
        print(f"octave {octave + 1} of {OCTAVES}", file=sys.stderr)
        for segment in range(SEGMENTS):
            left = mpmath.mpf(2) ** octave * (1 + mpmath.mpf(segment) / SEGMENTS)
            rows.append(piece(left, left + mpmath.mpf(2) ** octave / SEGMENTS))
    flat = [c for row in rows for c in row]
    header = {
        "fraction_bits": FRACTION_BITS,
        "slope_extra_bits": SLOPE_EXTRA_BITS,
        "segments_per_octave": SEGMENTS,
        "sha256": sha256(struct.pack(f"<{len(flat)}I", *flat)).hexdigest(),
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in header.items()]
    body = ",\n".join("    " + json.dumps(row) for row in rows)
    print("{", *lines, '  "rows": [', body, "  ]", "}", sep="\n")


if __name__ == "__main__":
    main()
