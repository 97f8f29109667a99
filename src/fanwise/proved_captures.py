"""The recipe of a model from some of its builds, judged by others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Final

from fanwise.adapters.builds import ModelBuilds
from fanwise.adapters.captures import Captured, captured
from fanwise.adapters.extras import explain_missing
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.build_prints import BuildPrints
from fanwise.doors import SEEDS
from fanwise.spec.errors import FanwiseError, Phrase

if TYPE_CHECKING:
    from fanwise.conformance.audits.results import AuditRow

_FEWEST: Final = 2
#: How many further builds prove it.
_PROVING: Final = 2
#: How many weights an error or a warning names.
_NAMED: Final = 5
_SEEDS: Final = 1 << 64


@dataclass(frozen=True)
class Found:
    """What builds of a model have shown.

    Attributes:
        captured: the recipe, and the weights whose start was not found.
        seeds: of the builds.
        prints: some values of each weight.
    """

    captured: Captured
    seeds: tuple[int, ...]
    prints: BuildPrints


def find(builds: ModelBuilds, seeds: Sequence[int] = SEEDS, *, model: str = "") -> Found:
    """Find the recipe of a model, without a proof.

    Args:
        builds, seeds, model: as in :func:`capture`.

    Raises:
        FanwiseError: as :func:`capture` does.
    """
    checked, prints = checked_seeds(seeds), BuildPrints()
    captured_model = captured(_each(builds, checked, prints), builds.framework, model=model)
    return Found(captured_model, checked, prints)


@dataclass(frozen=True)
class Proof:
    """What further builds of a model say of the recipe that was found.

    Attributes:
        failures: the claims about the recipe that do not hold.
        faults: the claims that do not hold of a build itself, whatever recipe: an audit makes them
            too.
        differing: the weights that differ between two builds of one seed.
    """

    failures: tuple[AuditRow, ...]
    faults: tuple[AuditRow, ...]
    differing: tuple[str, ...]


def judge(found: Found, builds: ModelBuilds) -> Proof:
    """Judge by a recipe builds that it was not found by, and a model that it has started itself.

    Args:
        found: the recipe, and what it was found by.
        builds: the function that builds the model.

    Raises:
        FanwiseError: where the recipe does not fit the model.
    """
    fresh = list(islice((seed for seed in count() if seed not in found.seeds), _PROVING))
    again = builds.build(found.seeds[0])
    differing = found.prints.differing(builds.weights(again))
    rows = proof_module().proof(
        found.captured.recipe,
        _judged(found, builds, again, fresh),
        builds.framework,
        count=len(fresh) + 1,
        # What is kept and follows the seed is no formula: its layer works it out of what is drawn.
        open_paths={w.path for w in found.captured.unresolved} | found.prints.moving,
    )
    failing = [row for row in rows if row.outcome == "fail"]
    of_builds = proof_module().OF_BUILDS
    return Proof(
        tuple(row for row in failing if row.claim not in of_builds),
        tuple(row for row in failing if row.claim in of_builds),
        tuple(differing),
    )


def check_proved(failures: Sequence[AuditRow]) -> None:
    """Raise where a claim about a captured recipe does not hold, naming the weights."""
    if failures:
        hint = "Pass prove=False to have the recipe as it is, and mend the rules of these weights."
        lines = named_some([told(row) for row in failures])
        received = Phrase(f"builds that contradict it: {lines}")
        raise FanwiseError("a recipe that builds of the model are of", received, hint)


def builds_of_capture(seeds: Sequence[int] = SEEDS, *, prove: bool = True) -> int:
    """Count the builds of a capture: to find its recipe, and to prove it.

    Args:
        seeds, prove: as in :func:`fanwise.captures.capture`.
    """
    # One under a seed of before, and one that the recipe starts.
    return len(seeds) + (_PROVING + 2 if prove else 0)


def checked_seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    """Return seeds, no two of them the same.

    Raises:
        FanwiseError: for fewer than two, and for anything but whole numbers below 2⁶⁴.
    """
    hint = "Pass three to five of them, e.g. seeds=(0, 1, 2, 3)."
    is_sequence = isinstance(seeds, Sequence) and not isinstance(seeds, str)
    if not is_sequence or any(type(s) is not int or not 0 <= s < _SEEDS for s in seeds):
        raise FanwiseError("seeds as a tuple of whole numbers below 2⁶⁴", seeds, hint)
    if len(set(seeds)) < max(_FEWEST, len(seeds)):
        raise FanwiseError("at least two seeds, all of them different", seeds, hint)
    return tuple(seeds)


def proof_module() -> Any:
    """Return the module of proofs, which needs an extra.

    Raises:
        ModuleNotFoundError: saying how to install it.
    """
    with explain_missing("A capture with its proof"):
        from fanwise.conformance.audits import proofs
    return proofs


def named_some(names: Sequence[str]) -> str:
    """List names, the first of many."""
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


def _each(
    builds: ModelBuilds, seeds: Sequence[int], prints: BuildPrints
) -> Iterator[tuple[StoredWeight, ...]]:
    """Build the model under each seed, one after the other: none is held here."""
    for seed in seeds:
        weights = builds.weights(builds.build(seed))
        prints.add(weights)
        yield weights
        del weights
    prints.check_seeded()


def _judged(
    found: Found, builds: ModelBuilds, again: Any, fresh: Sequence[int]
) -> Iterator[Sequence[StoredWeight]]:
    """Give builds that the recipe was not found by, and last one that it has started."""
    for seed in fresh:
        yield builds.weights(builds.build(seed))
    yield builds.drawn(again, found.captured.recipe, fresh[0])


def told(row: AuditRow) -> str:
    """Say in a line what does not hold."""
    return f"{row.path} ({row.claim} {row.observed}, expected {row.expected} {row.bound})".replace(
        " )", ")"
    )
