"""Laws: what a scheme comes to on one shape, in numbers.

A law is all that a sampler needs, and all that a judge needs: the distribution of
every element, with its scale worked out in float64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from fanwise.spec.axes import IN, OUT, RECEPTIVE, Layout
from fanwise.spec.parameters import Value
from fanwise.spec.truncation import truncated_moments

if TYPE_CHECKING:
    from fanwise.spec.generators import DeclaredGenerator


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


#: What each element is drawn from by itself.
ElementLaw = ConstantLaw | UniformLaw | NormalLaw | TruncatedNormalLaw


class Generator(StrEnum):
    """What makes a weight as a whole; SPEC.md, section 10, defines each.

    Those of :data:`fanwise.spec.generators.GENERATORS` go by their names there.
    """

    ORTHOGONAL = "orthogonal"
    DELTA_ORTHOGONAL = "delta_orthogonal"
    IDENTITY = "identity"
    DIRAC = "dirac"
    SPARSE = "sparse"
    FORMULA = "formula"
    STEP = "step"


#: The generators whose elements are all 0 or the gain, so that they take no random words.
FIXED_GENERATORS: Final = (Generator.IDENTITY, Generator.DIRAC)
#: Those whose elements are sums of floats, of which the last bits are those of the machine.
FACTORIZATIONS: Final = (Generator.ORTHOGONAL, Generator.DELTA_ORTHOGONAL)


#: Those that are not declared in :mod:`fanwise.spec.generators`.
UNDECLARED: Final = frozenset(map(str, Generator))


def declared_generator(name: str) -> DeclaredGenerator | None:
    """Return what is declared of a generator; None for one of :data:`UNDECLARED`.

    Most programs ask for none, and the table is loaded for those that do.
    """
    if name in UNDECLARED:
        return None
    from fanwise.spec.generators import GENERATORS

    return GENERATORS.get(name)


@dataclass(frozen=True, slots=True)
class StructuredLaw:
    """A weight that is made as a whole: orthogonal, sparse, a formula and the like.

    Attributes:
        generator: what makes it, by its name.
        layout: the shape that it is made on.
        gain: the factor on its values; for ``sparse`` it is their standard deviation.
        sparsity, groups: as the generators of SPEC.md, sections 10.5 and 10.6, take them.
        options: what any other generator is told, sorted by name.
        text: of a formula, the expression.
        base: what the elements are drawn from before a step.
        members: the last of these names in a path, and all after it, tell the weights of a
            joint scheme apart; what stands before is theirs together.
    """

    generator: str
    layout: Layout
    gain: float = 1.0
    sparsity: float = 0.0
    groups: int = 1
    options: tuple[tuple[str, Value], ...] = ()
    text: str = ""
    base: ElementLaw | None = None
    members: tuple[str, ...] = ()

    def option(self, name: str) -> Any:
        """Return what the generator is told under a name."""
        return dict(self.options)[name]

    @property
    def random(self) -> bool:
        """Whether it takes random words."""
        if self.generator == Generator.FORMULA:
            from fanwise.spec.expressions import names_in

            return not names_in(self.text).isdisjoint(("u", "z"))
        declared = declared_generator(self.generator)
        return self.generator not in FIXED_GENERATORS if declared is None else declared.random

    @property
    def exact(self) -> bool:
        """Whether the bits are the same everywhere; if not, elements agree to 1e-12."""
        declared = declared_generator(self.generator)
        if declared is not None:
            return declared.exact
        if self.generator == Generator.STEP:
            return bool(self.option("step") != "unit_spectral_norm")
        return self.generator not in FACTORIZATIONS

    @property
    def mean(self) -> float:
        """The mean of all elements, over the weights that can come out."""
        return self._moments[0]

    @property
    def std(self) -> float:
        """The root of the mean square of all elements, less their mean squared."""
        mean, square = self._moments
        if math.isinf(square):  # of values that no dtype holds: the weight is refused
            return square
        return math.sqrt(max(square - mean * mean, 0.0))

    @property
    def _moments(self) -> tuple[float, float]:
        """The mean and the mean square of all elements; NaN where they are not known before."""
        if self.generator == Generator.FORMULA:
            from fanwise.spec.formulas import formula_moments

            return formula_moments(self.text, self.options, self.layout)
        declared = declared_generator(self.generator)
        if declared is not None:
            return declared.mean(self), declared.mean_square(self)
        square = self.gain**2 * self._nonzero / max(self.layout.size, 1)
        if self.generator in FIXED_GENERATORS:
            return self.gain * self._nonzero / max(self.layout.size, 1), square
        return 0.0, square

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
            case Generator.STEP:
                return batches * _unit_vectors(self.option("step"), inputs * field, outputs)
        raise TypeError(self.generator)


def _unit_vectors(step: str, rows: int, columns: int) -> float:
    """Count the vectors of norm 1 that a matrix has after a step.

    Of a matrix of norm 1 it is what large random ones have (Bai & Yin 1993).
    """
    if step == "unit_columns":
        return columns
    if step == "unit_rows":
        return rows
    return rows * columns / (math.sqrt(rows) + math.sqrt(columns)) ** 2


def zeros(outputs: int, sparsity: float) -> int:
    """Count the outputs of each input that a sparse weight sets to zero."""
    return math.ceil(sparsity * outputs)


Law = ElementLaw | StructuredLaw


def is_random(law: Law) -> bool:
    """Tell whether a law takes random words."""
    if isinstance(law, StructuredLaw):
        return law.random
    return not isinstance(law, ConstantLaw)
