"""Laws: what a scheme comes to on one shape, in numbers.

A law is all that a sampler needs, and all that a judge needs: the distribution of
every element, with its scale worked out in float64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from fanwise.spec.axes import IN, OUT, RECEPTIVE, Layout
from fanwise.spec.truncation import truncated_moments


@dataclass(frozen=True, slots=True)
class ConstantLaw:
    """Every element has this value. Laws of 0.0 and -0.0 differ, as their bits do."""

    value: float
    negative: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "negative", math.copysign(1.0, self.value) < 0)

    @property
    def mean(self) -> float:
        """The mean of an element."""
        return self.value

    @property
    def std(self) -> float:
        """The standard deviation of an element."""
        return 0.0


@dataclass(frozen=True, slots=True)
class UniformLaw:
    """Uniform between ``low`` and ``high``, drawn as ``middle`` ± ``limit``."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The middle of the interval."""
        return (self.low + self.high) / 2

    @property
    def limit(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    @property
    def mean(self) -> float:
        """The mean of an element."""
        return self.middle

    @property
    def std(self) -> float:
        """The standard deviation of an element."""
        return self.limit / math.sqrt(3.0)


@dataclass(frozen=True, slots=True)
class NormalLaw:
    """Normal with mean ``mean`` and standard deviation ``sigma``."""

    mean: float
    sigma: float

    @property
    def std(self) -> float:
        """The standard deviation of an element."""
        return self.sigma


@dataclass(frozen=True, slots=True)
class TruncatedNormalLaw:
    """A normal (``centre``, ``sigma``) cut to ``centre`` + [low, high]·sigma."""

    centre: float
    sigma: float
    low: float
    high: float

    @property
    def mean(self) -> float:
        """The mean of an element."""
        return self.centre + self.sigma * truncated_moments(self.low, self.high)[0]

    @property
    def std(self) -> float:
        """The standard deviation of an element."""
        return self.sigma * truncated_moments(self.low, self.high)[1]


class Generator(StrEnum):
    """What fixes the elements of a weight together; SPEC.md, section 10, defines each."""

    ORTHOGONAL = "orthogonal"
    DELTA_ORTHOGONAL = "delta_orthogonal"
    IDENTITY = "identity"
    DIRAC = "dirac"
    SPARSE = "sparse"


#: The generators whose elements are all 0 or the gain, so that they take no random words.
FIXED_GENERATORS: Final = (Generator.IDENTITY, Generator.DIRAC)


@dataclass(frozen=True, slots=True)
class StructuredLaw:
    """A generator that fixes the elements together: orthogonal, sparse and the like.

    ``gain`` is the factor on its values; for ``sparse`` it is their standard deviation.
    """

    generator: Generator
    layout: Layout
    gain: float = 1.0
    sparsity: float = 0.0
    groups: int = 1

    @property
    def mean(self) -> float:
        """The mean of all elements, over the weights that can come out."""
        if self.generator in FIXED_GENERATORS:
            return self.gain * self._nonzero / max(self.layout.size, 1)
        return 0.0

    @property
    def std(self) -> float:
        """The root of the mean square of all elements, less their mean squared."""
        square = self.gain**2 * self._nonzero / max(self.layout.size, 1)
        return math.sqrt(max(square - self.mean**2, 0.0))

    @property
    def _nonzero(self) -> float:
        """The sum of squares of all elements at gain 1 (for ones: their number)."""
        inputs, outputs = self.layout.extent(IN), self.layout.extent(OUT)
        field = self.layout.extent(RECEPTIVE)
        batches = self.layout.size // max(inputs * outputs * field, 1)
        match self.generator:
            case Generator.ORTHOGONAL:
                return batches * min(inputs * field, outputs)
            case Generator.DELTA_ORTHOGONAL | Generator.IDENTITY:
                return batches * min(inputs, outputs)
            case Generator.DIRAC:
                return batches * self.groups * min(self.layout.group_extents(self.groups))
            case Generator.SPARSE:
                return self.layout.size - batches * inputs * field * zeros(outputs, self.sparsity)


def zeros(outputs: int, sparsity: float) -> int:
    """Count the outputs of each input that a sparse weight sets to zero."""
    return math.ceil(sparsity * outputs)


Law = ConstantLaw | UniformLaw | NormalLaw | TruncatedNormalLaw | StructuredLaw


def is_random(law: Law) -> bool:
    """Tell whether a law takes random words."""
    if isinstance(law, StructuredLaw):
        return law.generator not in FIXED_GENERATORS
    return not isinstance(law, ConstantLaw)
