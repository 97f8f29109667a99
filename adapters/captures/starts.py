"""What weights may start with: a scheme as a rule says it, and how likely a person wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fanwise.adapters.observed_values.numbers import ODD
from fanwise.spec.catalogue import catalogue
from fanwise.spec.registry import KEEP, OWN
from fanwise.spec.rules import Rule


@dataclass(frozen=True)
class RuleStart:
    """A start of weights, as a rule says it.

    Attributes:
        init: the scheme's name under ``scheme``, with its parameters, as JSON.
        batch, axes: as in a rule.
        cost: how odd it is that a person would have written it.
        about: what tells it from others of the same numbers: ``"fan_in"``, ``"depth"``, ….
    """

    init: str
    batch: str | None = None
    axes: str | None = None
    cost: float = field(default=0.0, compare=False)
    about: str = field(default="", compare=False)

    @classmethod
    def of(cls, scheme: str, /, cost: float = 1.0, about: str = "", **parameters: Any) -> RuleStart:
        """Return the start of a scheme."""
        return cls(json.dumps({"scheme": scheme, **parameters}), cost=cost, about=about)

    @property
    def data(self) -> Mapping[str, Any]:
        """The scheme's name under ``scheme``, and its parameters."""
        return dict(json.loads(self.init))

    @property
    def scheme(self) -> str:
        """The scheme's name."""
        return str(self.data["scheme"])

    @property
    def shape(self) -> str:
        """The distribution, whatever its scale: ``"normal"``, ``"uniform"``, …."""
        given = self.data
        return str(given.get("distribution", catalogue().entries[self.scheme].distribution["kind"]))

    @property
    def keeps(self) -> bool:
        """Whether weights stay as they are."""
        return self.scheme == KEEP

    @property
    def words(self) -> str:
        """How a rule writes it, on one line."""
        given = dict(self.data)
        name = given.pop("scheme")
        numbers = [f"{key} {number}" for key, number in given.items()]
        counted = [f"batch {self.batch}"] if self.batch else []
        read = [f"axes {self.axes!r}"] if self.axes else []
        return ", ".join([name, *numbers, *counted, *read])

    def names_captures(self) -> bool:
        """Tell whether its expressions name a number of the path."""
        from fanwise.spec.expressions import names_in

        texts = [text for text in self.data.values() if isinstance(text, str)]
        return any(
            name.removesuffix("_count") in ("i", "j", "k", "m", "n")
            for text in texts
            if any(letter in text for letter in "0123456789(")
            for name in names_in(text)
        )

    def rule(self, match: str, **conditions: Any) -> Rule:
        """Return a rule that gives it to the weights of a pattern, whether they train or not."""
        given = {"frozen": None, **conditions}
        return Rule(self.data, match=match, batch=self.batch, axes=self.axes, **given)


KEPT: Final = RuleStart.of(KEEP)
#: What layers declare, where no scheme says it for all of them.
OWNED: Final = RuleStart.of(OWN, cost=ODD, about="own")
