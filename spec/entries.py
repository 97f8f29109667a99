"""What the catalogue says of a scheme, and the words that it says it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fanwise.spec.generators import GENERATORS
from fanwise.spec.laws import FIXED_GENERATORS, Generator
from fanwise.spec.parameters import Declared, Expression, Parameter, Value

#: What the distribution of an element of each kind must say, and nothing else.
ELEMENTWISE: Final[dict[str, frozenset[str]]] = {
    "constant": frozenset({"value"}),
    "uniform": frozenset(),
    "normal": frozenset({"mean"}),
    "truncated_normal": frozenset({"mean", "low", "high", "corrected"}),
}
#: The kind whose elements are worked out of their places and words, by an expression.
FORMULA: Final = "formula"
#: The same for what a generator makes as a whole.
STRUCTURED: Final[dict[str, frozenset[str]]] = {
    Generator.ORTHOGONAL: frozenset({"gain"}),
    Generator.DELTA_ORTHOGONAL: frozenset({"gain"}),
    Generator.IDENTITY: frozenset({"gain"}),
    Generator.DIRAC: frozenset({"groups"}),
    Generator.SPARSE: frozenset({"sparsity", "std"}),
    Generator.FORMULA: frozenset({"value"}),
    **{name: declared.keys for name, declared in GENERATORS.items()},
}
DISTRIBUTIONS: Final[Mapping[str, frozenset[str]]] = {**ELEMENTWISE, **STRUCTURED}

#: What an expression may name besides the parameters of its scheme.
FANS: Final = frozenset({"fan_in", "fan_out"})
#: The names of a formula for the place of an element, and for its word.
PLACE: Final = ("row", "rows", "column", "columns", "batch", "batches", "pi")
DRAWN: Final = ("u", "z")
#: What may be done to a weight after its elements are drawn.
STEPS: Final = ("unit_columns", "unit_rows", "unit_spectral_norm")


@dataclass(frozen=True)
class Entry:
    """A scheme as the catalogue declares it."""

    name: str
    summary: str
    reference: str
    parameters: Mapping[str, Parameter]
    distribution: Mapping[str, Declared]
    scale: Mapping[str, Declared]
    alias_of: str | None = None
    family: str = "basic"
    axes: str | None = None
    shape: tuple[int, ...] | None = None
    example: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Declared] | None = None
    members: tuple[str, ...] = ()
    code: str | None = None
    since: str = "1.0"

    @property
    def structured(self) -> bool:
        """Whether the weight is made as a whole, by a generator or with a step afterwards."""
        return self.distribution["kind"] in STRUCTURED or self.after is not None

    @property
    def has_fan_rule(self) -> bool:
        """Whether a fan, by a mode, divides the scale."""
        return self.scale["rule"] == "variance"

    @property
    def uses_fan(self) -> bool:
        """Whether the scale depends on the shape."""
        return self.has_fan_rule or bool(self.fans_named)

    @property
    def draws(self) -> bool:
        """Whether a weight takes random words."""
        kind = str(self.distribution["kind"])
        if kind == FORMULA:
            return not self.names.isdisjoint(DRAWN)
        if kind in GENERATORS:
            return GENERATORS[kind].random
        return kind != "constant" and kind not in FIXED_GENERATORS

    @property
    def fans_named(self) -> frozenset[str]:
        """The fans that its expressions name."""
        return FANS & self.names

    @property
    def names(self) -> frozenset[str]:
        """All names of its expressions."""
        tables = (self.distribution, self.scale, self.after or {})
        texts = [v.names for table in tables for v in table.values() if isinstance(v, Expression)]
        return frozenset().union(*texts)
