"""Sub-pixel convolutions that start as copies: the small kernel, its variance and its extent."""

from __future__ import annotations

import math
from typing import Final

from fanwise.spec.fans import MODES, Fans
from fanwise.spec.generator_options import GeneratorOptions, columns, field, rows
from fanwise.spec.truncation import truncated_moments

#: Where the base's normal is cut, in its standard deviations.
CUT: Final = 2.0
#: What the stream's normals reach, in standard deviations.
_LARGEST_NORMAL: Final = 1701332580 * 2.0**-28


def copies(law: GeneratorOptions) -> int:
    """Count the sub-pixels of an output: factor^axes, two axes where the kernel has none."""
    factor: int = law.option("factor")
    return int(factor ** (len(field(law.layout)) or 2))


def base_variance(law: GeneratorOptions) -> float:
    """Return the variance of the small kernel: scale / fan, the fans being its own."""
    receptive = math.prod(field(law.layout))
    outputs = columns(law.layout) // copies(law)
    fans = Fans(rows(law.layout), outputs * receptive)
    fan = MODES[law.option("mode")](fans)
    return float(law.option("scale")) / max(fan, 1.0)


def base_largest(law: GeneratorOptions) -> float:
    """Return the largest magnitude that the small kernel's law reaches."""
    std = math.sqrt(base_variance(law))
    match law.option("base"):
        case "uniform":
            return math.sqrt(3.0) * std
        case "normal":
            return _LARGEST_NORMAL * std
        case _:
            return CUT * std / truncated_moments(-CUT, CUT)[1]
