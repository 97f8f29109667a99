"""What the layers of a place declare, which decides between laws that few values leave open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fanwise.adapters.captures.places import Place
from fanwise.adapters.captures.scales import has_batches
from fanwise.adapters.captures.starts import OWNED, RuleStart
from fanwise.adapters.observed_values.families import family_of
from fanwise.adapters.observed_values.numbers import written_number
from fanwise.spec.laws import Law

#: By how much two ways to work out a number differ.
_ROUNDED_OFF: Final = 1e-6
#: By how much a law by values may differ from a declared one that no scheme says for all weights.
_CLOSE: Final = 3e-3
#: A start that is as odd may be what is declared by chance, as 0.02 / sqrt(8) is 0.08 / sqrt(128).
_BY_CHANCE: Final = 2.1
#: How odd it is that something else than what is declared is meant.
_COST: Final = 0.2


def declared_starts(place: Place, starts: Sequence[RuleStart]) -> list[RuleStart]:
    """Return the starts of a place that are what its layers declare; none where they do not.

    Few values are of many laws: the one that is declared is chosen, unless they speak against it.

    Args:
        place: the weights.
        starts: those that nothing in the values speaks against.
    """
    if any(s.weight.own is None or s.weight.own.scheme is None for s in place.samples):
        return []
    declared = place.laws(OWNED)
    if declared is None or place.speaks_against(OWNED):
        return []
    agreeing = [start for start in starts if _are_alike(place.laws(start), declared)]
    if all(_may_be_by_chance(start) for start in agreeing):
        declared_scheme = _declared_scheme(place)
        agreeing = agreeing if declared_scheme is None else [declared_scheme]
    # A law is worth more than the name of a class: it starts a twin, and says what it is.
    return agreeing or [s for s in starts if _are_alike(place.laws(s), declared, _CLOSE)] or [OWNED]


def _may_be_by_chance(start: RuleStart) -> bool:
    """Tell whether a start that is what is declared may be so on these shapes alone."""
    return start.cost > _BY_CHANCE and not ("depth" in start.about or "index" in start.about)


def _are_alike(
    laws: Sequence[Law] | None, others: Sequence[Law], tolerance: float = _ROUNDED_OFF
) -> bool:
    """Tell whether laws are the same but for rounding, weight by weight."""
    return laws is not None and all(
        family_of(law) == family_of(other)
        and math.isclose(law.std, other.std, rel_tol=tolerance)
        and abs(law.mean - other.mean) <= tolerance * other.std
        for law, other in zip(laws, others, strict=True)
    )


def _declared_scheme(place: Place) -> RuleStart | None:
    """Return the scheme that all layers of a place declare, which few values may not tell alone.

    None where they declare several.
    """
    owned = {sample.weight.own for sample in place.samples}
    own = owned.pop()
    if owned or own is None or own.scheme is None or own.scheme.entry.structured:
        return None
    given = own.scheme.to_dict()["params"]
    given.pop("groups", None)
    given = {
        key: written_number(number) if isinstance(number, float) else number
        for key, number in given.items()
    }
    batch = own.batch if place.weight.beside is None and has_batches(place.weight) else None
    about = own.scheme.fan_mode or "number"
    return replace(RuleStart.of(own.scheme.family, _COST, about, **given), batch=batch)
