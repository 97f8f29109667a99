"""What the layers of a place declare, which decides between laws that few values leave open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from fanwise.adapters.captures.places import Place
from fanwise.adapters.captures.scales import has_batches
from fanwise.adapters.captures.starts import OWNED, RuleStart
from fanwise.adapters.observed_values.families import family_of
from fanwise.spec.laws import Law

#: By how much two ways to work out a number differ.
_ROUNDED_OFF: Final = 1e-6
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
    return agreeing or [_declared_scheme(place) or OWNED]


def _are_alike(laws: Sequence[Law] | None, others: Sequence[Law]) -> bool:
    """Tell whether laws are the same but for rounding, weight by weight."""
    return laws is not None and all(
        family_of(law) == family_of(other)
        and math.isclose(law.std, other.std, rel_tol=_ROUNDED_OFF)
        and abs(law.mean - other.mean) <= _ROUNDED_OFF * other.std
        for law, other in zip(laws, others, strict=True)
    )


def _declared_scheme(place: Place) -> RuleStart | None:
    """Return the scheme that all layers of a place declare, which few values may not tell alone.

    None where they declare several, or numbers that nobody would have written.
    """
    owned = {sample.weight.own for sample in place.samples}
    own = owned.pop()
    if owned or own is None or own.scheme is None or own.scheme.entry.structured:
        return None
    given = own.scheme.to_dict()["params"]
    given.pop("groups", None)
    if "fan" in given or not all(number == float(f"{number:.3g}") for number in _floats(given)):
        return None
    batch = own.batch if place.weight.beside is None and has_batches(place.weight) else None
    about = own.scheme.fan_mode or "number"
    return replace(RuleStart.of(own.scheme.family, _COST, about, **given), batch=batch)


def _floats(given: Mapping[str, object]) -> list[float]:
    return [number for number in given.values() if isinstance(number, float)]
