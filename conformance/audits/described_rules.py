"""What a recipe gives the weights that a description names, beside what the description says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.starts.descriptions import StartDescription
from fanwise.adapters.starts.start import StartWeight
from fanwise.conformance.audits.described_schemes import DescribedSchemes
from fanwise.conformance.audits.plans import RULE
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.spec.recipe import Recipe
from fanwise.spec.roles import IMPLICIT
from fanwise.spec.rules import Rule
from fanwise.spec.scheme import Scheme
from fanwise.spec.splits import split_of

#: What stands in the notes of undecided rows.
ALONE: Final = "That this is so start.json alone tells; pass model=, whose layers do."


def rule_rows(described: StartDescription, recipe: Recipe) -> dict[str, AuditRow]:
    """Find the weights whose scheme or rule is not what a recipe gives them.

    Args:
        described: says what is drawn, and what each weight is.
        recipe: by which it should be.

    Returns:
        By the paths of weights: a failure; or an undecided row, where a description does not tell
        what the recipe asks for, such as the class of a layer.
    """
    drawn = [start for start in described.weights if start.scheme is not None]
    schemes = DescribedSchemes(recipe, drawn)
    return {
        start.path: row
        for start in drawn
        if (row := _Ruling(described, recipe, schemes, start).row()) is not None
    }


@dataclass(frozen=True)
class _Ruling:
    """One weight of a description before the rules of a recipe."""

    described: StartDescription
    recipe: Recipe
    schemes: DescribedSchemes
    start: StartWeight

    def row(self) -> AuditRow | None:
        """Return what is to be told of the weight; None where the recipe gives it all this."""
        possible = [*self._possible()]
        stated = self.start.rule
        if stated not in [number for number, _ in possible]:
            given = " or ".join(f"rule {number}" for number, _ in possible) or "no rule"
            return self._failed(f"start.json says rule {stated}, and the recipe gives it {given}.")
        if stated and self.recipe.rules[stated - 1].is_own:
            return self._undecided(f"Rule {stated} is what its layer declares.")
        schemes = [*self.schemes.given(self.start, stated or 0)]
        if not schemes:
            return self._undecided(f"It is not told what rule {stated} needs.")
        said = Scheme.from_dict(dict(self.start.scheme or {}))
        if said not in schemes:
            is_of_family = said.name in [scheme.name for scheme in schemes]
            is_canonical = self.described.is_canonical
            if is_of_family and not self.schemes.are_told(self.start, is_canonical=is_canonical):
                return self._undecided("It is not told which fans its scheme counts.")
            return self._failed(f"start.json says {said}, and the recipe gives it {schemes[-1]}.")
        if dict(possible)[stated] or any(told for _, told in possible):
            return self._undecided(f"Rule {stated} may not be the first that fits it.")
        return None

    def _possible(self) -> Iterator[tuple[int, bool]]:
        """Give the rules that may be its, each with whether a description leaves that open."""
        for number, rule in enumerate(self.recipe.rules, 1):
            is_stated = number == self.start.rule
            fits = rule_fits(self.described, self.recipe, self.start, rule, is_stated=is_stated)
            if fits is not None:
                yield number, not fits
                if fits:
                    return
        if self.start.role in IMPLICIT:
            yield 0, False

    def _failed(self, note: str) -> AuditRow:
        return AuditRow(self.start.path, FAILS, RULE, note=note)

    def _undecided(self, note: str) -> AuditRow:
        return AuditRow(self.start.path, UNDECIDED, RULE, note=f"{note} {ALONE}")


def rule_fits(
    described: StartDescription,
    recipe: Recipe,
    start: StartWeight,
    rule: Rule,
    *,
    is_stated: bool = False,
) -> bool | None:
    """Tell whether a rule is about a weight, as far as its description tells.

    Args:
        described: the whole start.
        recipe: that has the rule.
        start: the weight.
        rule: the rule.
        is_stated: whether the description says that the weight was drawn by it.

    Returns:
        None for no, and False where that is left open.
    """
    is_canonical, stated = described.is_canonical, start.rule
    is_there = stated is not None and 0 < stated <= len(recipe.rules)
    is_frozen = is_there and recipe.rules[(stated or 1) - 1].frozen is not False
    layer = rule.layer.partition("/")[0] if rule.layer and is_canonical else rule.layer
    if not is_canonical and rule.framework not in (None, described.framework):
        return None
    fits_role = rule.role in (None, start.role)
    fits_kind = layer in (None, start.kind, start.kind.partition("/")[0])
    if not (fits_role and fits_kind and rule.fits_path(start.path)):
        # It may have another name: of the weight it is a part of, or that it is tied to.
        is_divided = rule.axes is not None and split_of(rule.axes) is not None
        is_tied = not set(start.tensors).isdisjoint(described.ties.values())
        return False if is_stated and (is_divided or is_tied) else None
    return (
        rule.class_name is None
        and not rule.is_own
        and rule.guessed is None
        and (rule.frozen is None or (rule.frozen is False and not is_frozen))
        and not (is_canonical and (rule.framework or layer != rule.layer))
    )
