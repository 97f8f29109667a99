"""What the catalogue says of a scheme, and the words that it says it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fanwise.spec.laws import FIXED_GENERATORS, UNDECLARED, Generator, declared_generator
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
#: The same for what is made as a whole, by one of the generators that are not declared.
UNDECLARED_KEYS: Final[dict[str, frozenset[str]]] = {
    Generator.ORTHOGONAL: frozenset({"gain"}),
    Generator.DELTA_ORTHOGONAL: frozenset({"gain"}),
    Generator.IDENTITY: frozenset({"gain"}),
    Generator.DIRAC: frozenset({"groups"}),
    Generator.SPARSE: frozenset({"sparsity", "std"}),
    Generator.FORMULA: frozenset({"value"}),
}

#: What an expression may name besides the parameters of its scheme.
FANS: Final = frozenset({"fan_in", "fan_out"})
#: The names of a formula for the place of an element, and for its word.
PLACE: Final = ("row", "rows", "column", "columns", "batch", "batches", "pi")
DRAWN: Final = ("u", "z")
#: What a scheme may compare, besides its parameters, in what it requires of a shape.
SIZES: Final = frozenset({"rows", "columns", "batches"})
#: What may be done to a weight after its elements are drawn.
STEPS: Final = ("unit_columns", "unit_rows", "unit_spectral_norm")


def keys_of(kind: str) -> frozenset[str] | None:
    """Return what the distribution of a kind must say; None where there is no such kind."""
    if kind in ELEMENTWISE:
        return ELEMENTWISE[kind]
    if kind in UNDECLARED:
        return UNDECLARED_KEYS.get(kind)
    declared = declared_generator(kind)
    return None if declared is None else declared.keys


def is_structured(kind: object) -> bool:
    """Tell whether a kind makes a weight as a whole; a parameter's word never does."""
    return isinstance(kind, str) and kind not in ELEMENTWISE


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
    requires: tuple[Expression, ...] = ()
    code: str | None = None
    since: str = "1.0"

    @property
    def structured(self) -> bool:
        """Whether the weight is made as a whole, by a generator or with a step afterwards."""
        return is_structured(self.distribution["kind"]) or self.after is not None

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
        if not is_structured(self.distribution["kind"]):
            return kind != "constant"
        declared = declared_generator(kind)
        return kind not in FIXED_GENERATORS if declared is None else declared.random

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
