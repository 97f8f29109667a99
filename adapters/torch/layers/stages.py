"""A part of a model that stands by itself, such as a stage of a pipeline: its weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from torch import nn

from fanwise.adapters.recipes import PlannedWeights
from fanwise.adapters.torch.drawing.partitions import Group
from fanwise.adapters.torch.layers.declared_parameters import with_declarations
from fanwise.adapters.torch.layers.models import check_python, model_weights
from fanwise.adapters.torch.layers.stage_places import StagePlaces
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.ties import memory_key
from fanwise.adapters.torch.layers.traced_stages import described_by_whole
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.renaming import renamed
from fanwise.spec.weights import Weight

_MODULE_HINT: Final = "Pass the whole model, which needs no memory."
_AT_HINT: Final = "Say by at= what the whole calls the modules of a part that numbers them anew."
_SHAPE_HINT: Final = (
    "Of a tensor that is cut make a DTensor, whose shape is that of the whole; else the model is "
    "no part of this one."
)
_TRAINS_HINT: Final = "Freeze parameters of both alike."
#: How many names an error lists.
_LISTED: Final = 5

#: What tells a weight of a model from all others: the path of its layer, its path below that, and
#: the names of its tensors there.
_Key = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class StagedWeight:
    """A weight of a whole model, and where a part of that model has it.

    Attributes:
        weight: as a recipe sees it, in the whole.
        of_whole: as the whole has it.
        held: where the part has it: nowhere, once, or several times if a tie is cut in it.
    """

    weight: Weight
    of_whole: TensorWeight
    held: tuple[TensorWeight, ...]

    def cut(self, weight: Weight) -> StagedWeight:
        """Return a part of it: see :class:`fanwise.adapters.recipes.ModelWeight`."""
        held = tuple(replace(stored.cut(weight), weight=weight) for stored in self.held)
        return StagedWeight(weight, self.of_whole.cut(weight), held)

    @property
    def shown(self) -> TensorWeight:
        """The weight whose values are told of: the part's, or else the whole's."""
        return self.held[0] if self.held else self.of_whole


def staged_weights(
    model: nn.Module,
    weights: Sequence[TensorWeight],
    whole: nn.Module,
    places: StagePlaces,
    group: Group = None,
) -> tuple[StagedWeight, ...]:
    """Find the weights of a part of a model in the whole.

    Args:
        model: the part.
        weights: those of the part, under the paths that it gives them.
        whole: the whole model, with or without memory.
        places: where the part stands.
        group: of the ranks that share what layers cut themselves.

    Returns:
        All weights of the whole, each with what the part has of it.

    Raises:
        FanwiseError: for weights that the whole does not have, or has in another shape, all of
            them at once.
    """
    if not isinstance(whole, nn.Module):
        received = Phrase(type(whole).__name__)
        raise FanwiseError("part_of to be a torch.nn.Module", received, _MODULE_HINT)
    check_python(whole)
    of_whole = with_declarations(whole, model_weights(whole, group=group)).weights
    by_key = _by_key(whole, of_whole)
    weights = described_by_whole(model, weights, whole, of_whole, places, group)
    held: dict[int, list[TensorWeight]] = {}
    unknown: dict[str, TensorWeight] = {}
    taken: dict[_Key, str] = {}
    for stored in weights:
        keys = [_key(place, places) for place in stored.places]
        for key in keys:
            other = taken.setdefault(key, stored.weight.path)
            if other != stored.weight.path:
                received = Phrase(f"{other} and {stored.weight.path}, both at {key[0]}{key[1]}")
                raise FanwiseError("parts of one model in places of their own", received, _AT_HINT)
        found = map(by_key.get, keys)
        number = next((n for n in found if n is not None), None)
        if number is None:
            unknown[places.path(stored.weight.path)] = stored
        else:
            held.setdefault(number, []).append(stored)
    _check_known(unknown, [stored.weight.path for stored in of_whole])
    pairs = [(one, mine) for n, one in enumerate(of_whole) for mine in held.get(n, ())]
    _check_alike(pairs)
    return tuple(
        StagedWeight(
            replace(stored.weight, obstacle=_obstacle(held.get(n, ()))),
            stored,
            tuple(_named(stored, held.get(n, ()))),
        )
        for n, stored in enumerate(of_whole)
    )


def moved(stored: TensorWeight, places: StagePlaces) -> TensorWeight:
    """Return a weight of a part under the path that the whole gives it."""
    weight = stored.weight
    ties = tuple(map(places.path, weight.ties))
    return replace(stored, weight=replace(weight, path=places.path(weight.path), ties=ties))


def settled_alike(
    placed: Iterable[StagedWeight],
    settle: Callable[[Sequence[TensorWeight]], Sequence[TensorWeight]],
) -> tuple[StagedWeight, ...]:
    """Settle what a part has of a whole, and with it the weights of the whole.

    Args:
        placed: all weights of the whole.
        settle: marks those of the part that hold what they are to hold.
    """
    every = list(placed)
    marked = iter(settle([stored for each in every for stored in each.held]))
    regrouped = []
    for each in every:
        held = tuple(next(marked) for _ in each.held)
        is_settled = bool(held) and all(stored.weight.is_settled for stored in held)
        weight = replace(each.weight, is_settled=is_settled)
        regrouped.append(StagedWeight(weight, each.of_whole, held))
    return tuple(regrouped)


def held_plans(
    planned: PlannedWeights[StagedWeight],
    placed: Iterable[StagedWeight],
    new_names: Mapping[str, str],
) -> PlannedWeights[TensorWeight]:
    """Return what a plan of a whole does to the part that is there.

    Args:
        planned: the plan.
        placed: all weights of the whole.
        new_names: those that the recipe gives to paths.
    """
    elsewhere = {renamed(each.weight.path, new_names) for each in placed if not each.held}
    staying, allowed, excluded = (
        tuple(stored for each in some for stored in each.held)
        for some in (planned.staying, planned.allowed, planned.excluded)
    )
    return PlannedWeights(
        [(stored, plan) for each, plan in planned.plans for stored in each.held],
        tuple(path for path in planned.kept if path not in elsewhere),
        staying,
        allowed,
        excluded,
        planned.problems,
    )


def _by_key(whole: nn.Module, weights: Sequence[TensorWeight]) -> dict[_Key, int]:
    """Return the numbers of the weights of a whole, under each of the names that they have."""
    paths: dict[int, list[str]] = {}
    for path, layer in named_layers(whole, remove_duplicate=False):
        paths.setdefault(id(layer), []).append(path)
    return {
        (path, place.description.path, tuple(place.tensors)): number
        for number, stored in enumerate(weights)
        for place in stored.places
        for path in paths[id(place.layer)]
    }


def _key(stored: TensorWeight, places: StagePlaces) -> _Key:
    below = stored.description.path
    path = places.prefix(stored.weight.path.removesuffix(below))
    return path, below, tuple(stored.tensors)


def _named(of_whole: TensorWeight, held: Iterable[TensorWeight]) -> Iterator[TensorWeight]:
    """Give what a part has of a weight under the name of the whole, once for each memory."""
    rows = (place.description.zero_row for place in of_whole.places)
    zero_row = next((row for row in rows if row is not None), None)
    seen: set[object] = set()
    for stored in held:
        key = frozenset(map(memory_key, stored.sources))
        if key not in seen:
            seen.add(key)
            # A row of padding is zero under each of the names, on whichever stage.
            description = replace(stored.description, zero_row=zero_row)
            weight = replace(of_whole.weight, obstacle=stored.weight.obstacle)
            yield replace(stored, weight=weight, description=description)


def _obstacle(held: Iterable[TensorWeight]) -> FanwiseError | None:
    """Return what keeps the part's memory from being written; the whole's memory is no matter."""
    return next((s.weight.obstacle for s in held if s.weight.obstacle is not None), None)


def _check_known(unknown: dict[str, TensorWeight], known: Sequence[str]) -> None:
    if unknown:
        listed = [
            path if path == stored.weight.path else f"{path} ({stored.weight.path} in the part)"
            for path, stored in unknown.items()
        ]
        meant = did_you_mean(next(iter(unknown)), known)
        received = Phrase(f"weights that the whole does not have: {_listed(listed)}")
        hint = f"{meant} {_AT_HINT}".strip()
        raise FanwiseError("a part of the model in part_of", received, hint)


def _check_alike(pairs: Sequence[tuple[TensorWeight, TensorWeight]]) -> None:
    shapes = [
        f"{mine.weight.path} {mine.weight.shape}, not {whole.weight.shape}"
        for whole, mine in pairs
        if mine.weight.shape != whole.weight.shape
    ]
    if shapes:
        raise FanwiseError("the shapes of part_of", Phrase(_listed(shapes)), _SHAPE_HINT)
    training = [m.weight.path for w, m in pairs if m.weight.trains != w.weight.trains]
    if training:
        received = Phrase(f"{_listed(training)} otherwise")
        raise FanwiseError("parameters that train as in part_of", received, _TRAINS_HINT)


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _LISTED
    return f"{', '.join(names[:_LISTED])}{f' and {rest} more' if rest > 0 else ''}"
