"""The sizes and the spread of what random generators make, worked out of their options."""

from __future__ import annotations

import math
from typing import Final

from fanwise.spec.axes import RECEPTIVE
from fanwise.spec.generator_options import GeneratorOptions, columns, rows
from fanwise.spec.singular_values import mean_largest
from fanwise.spec.splines import grid_size, spline_fit

#: The largest standard normal of the stream: SPEC.md 8.5.
LARGEST_NORMAL: Final = 1701332580 * 2.0**-28


def spline_largest(law: GeneratorOptions) -> float:
    """Return the largest coefficient of splines through noise: with all of it at its bounds."""
    return max(math.fsum(map(abs, row)) for row in _spline_fit(law)) * _spline_noise(law)


def spline_mean_square(law: GeneratorOptions) -> float:
    """Return the mean square of the coefficients of splines through uniform noise."""
    fit = _spline_fit(law)
    squares = math.fsum(element * element for row in fit for element in row)
    return squares / len(fit) * _spline_noise(law) ** 2 / 3.0


def _spline_fit(law: GeneratorOptions) -> tuple[tuple[float, ...], ...]:
    order, coefficients = int(law.option("order")), law.layout.extent(RECEPTIVE)
    return spline_fit(max(grid_size(coefficients, order), 1), order)


def _spline_noise(law: GeneratorOptions) -> float:
    """Return the bound of the noise."""
    grid = max(grid_size(law.layout.extent(RECEPTIVE), int(law.option("order"))), 1)
    return float(law.option("gain") * law.option("noise")) / 2.0 / grid


def mimetic_mean_square(law: GeneratorOptions) -> float:
    """Return what the mean square of a weight of mimetic attention is for large widths."""
    width, inner = rows(law.layout), columns(law.layout)
    if law.option("member") == "out":
        width, inner = inner, width
    share = min(inner / law.option("heads") / max(width, 1), 1.0)
    mean = mean_largest(law.option("alpha"), law.option("beta"), share) if share else 0.0
    return mean / max(width, 1)


def mimetic_largest(law: GeneratorOptions) -> float:
    """Return a bound: the root of the Frobenius norm of the noise, with that of the identity."""
    width = columns(law.layout) if law.option("member") == "out" else rows(law.layout)
    noise = abs(law.option("alpha")) * LARGEST_NORMAL * math.sqrt(width)
    return math.sqrt(noise + abs(law.option("beta")))


def elements_largest(law: GeneratorOptions) -> float:
    """Return the largest element of mean 0 and the option ``std``, normal or uniform."""
    bound = LARGEST_NORMAL if law.option("elements") == "normal" else math.sqrt(3.0)
    return float(law.option("std")) * bound


def lora_largest(law: GeneratorOptions) -> float:
    """Return a bound: the length of a row of Gaussians, and of a column of half a rotation."""
    rank = columns(law.layout) if law.option("member") == "a" else rows(law.layout)
    return float(law.option("gain")) * LARGEST_NORMAL * math.sqrt(rank / 2)
