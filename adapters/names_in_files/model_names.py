"""The tensors of a file by the weights of the model that they are for: matched by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fanwise.adapters.names_in_files.computed_tensors import with_computed
from fanwise.adapters.names_in_files.wrappers import (
    Names,
    names_without_wrappers,
    split_name,
    without_boxes,
)
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase

#: How many names an error lists.
_LISTED: Final = 5
#: How many names at the beginning may differ between a file and its model.
_DEEPEST: Final = 4

#: Finds what has the name that the model gives it.
Find = Callable[[Names], StoredTensor | None]


def matched_weights(
    tensors: Mapping[str, StoredTensor], weights: Sequence[StoredWeight]
) -> tuple[StoredWeight, ...]:
    """Give the weights of a model the values that a file has under their names.

    What the file begins its names with, or the model, may differ. Of tied weights the file may
    hold any, or several. Weights that the file does not hold are left out, and so is what it
    holds besides.

    Args:
        tensors: those of the file, by their names.
        weights: those of the model.

    Raises:
        FanwiseError: where no name is alike, and for tensors of other shapes, all named at once.
    """
    find = _finder(tensors, weights)
    matched, misfits = [], []
    for stored in weights:
        held = {name: _of_file(tensor, find) for name, tensor in stored.tensors.items()}
        present = {name: tensor for name, tensor in held.items() if tensor is not None}
        if len(present) < len(held):
            continue
        wrong = [
            f"{theirs.name} of {theirs.shape}, not {stored.tensors[name].shape}"
            for name, theirs in present.items()
            if theirs.shape != stored.tensors[name].shape
        ]
        misfits += wrong
        if not wrong:
            matched.append(replace(stored, tensors=present))
    if misfits:
        received = Phrase(_listed(misfits))
        hint = "Pass the model of the configuration that the file was saved with."
        raise FanwiseError("tensors of the shapes that the model has", received, hint)
    return tuple(matched)


def _of_file(tensor: StoredTensor, find: Find) -> StoredTensor | None:
    """Find the tensor of a file that is one of the model, or arrange it as the model does."""
    if tensor.arrange is None:
        return _of_any_name(tensor, find)
    sources = {name: _of_file(source, find) for name, source in tensor.sources.items()}
    present = {name: source for name, source in sources.items() if source is not None}
    if len(present) < len(sources):
        return None
    if any(source.shape != tensor.sources[name].shape for name, source in present.items()):
        return next(iter(present.values()))
    return tensor.arrange(present)


def _of_any_name(tensor: StoredTensor, find: Find) -> StoredTensor | None:
    """Find the tensor by the first name that a file has of it, and those by the others."""
    every = map(find, map(split_name, (tensor.name, *tensor.aliases)))
    held = {theirs.name: theirs for theirs in every if theirs is not None}
    first, *others = held.values() or (None,)
    return replace(first, tied=tuple(others)) if first is not None and others else first


def _finder(tensors: Mapping[str, StoredTensor], weights: Sequence[StoredWeight]) -> Find:
    """Return the look-up by which the most names of the model are in the file."""
    every = {**tensors, **with_computed(tensors)}
    held = {names: every[name] for name, names in names_without_wrappers(every, split_name).items()}
    # Beside the names that they have: a model may have boxes, too.
    held |= {inner: held[boxed] for boxed, inner in without_boxes(held).items()}
    wanted = [
        split_name(name)
        for stored in weights
        for tensor in stored.tensors.values()
        for source in (tensor, *tensor.sources.values())
        for name in (source.name, *source.aliases)
    ]
    best: Find | None = None
    most = 0
    for more, fewer in _beginnings(held, wanted):
        find = _shifted(held, more, fewer)
        count = sum(find(names) is not None for names in wanted)
        if count > most:
            best, most = find, count
    if best is None:
        theirs = _listed(".".join(names) for names in held)
        ours = _listed(".".join(names) for names in wanted)
        hint = "Pass the model that the file was saved from, or no model."
        raise FanwiseError(f"names of the model, {ours}", Phrase(theirs), hint)
    return best


def _beginnings(held: Iterable[Names], wanted: Sequence[Names]) -> Iterator[tuple[Names, Names]]:
    """Give what may stand before the names of the file alone, and of the model alone."""
    yield (), ()
    for names, is_files in ((held, True), (wanted, False)):
        counts = Counter(
            n[:length] for n in names for length in range(1, min(len(n), _DEEPEST + 1))
        )
        for beginning, _ in counts.most_common(32):
            yield (beginning, ()) if is_files else ((), beginning)


def _shifted(held: Mapping[Names, StoredTensor], more: Names, fewer: Names) -> Find:
    """Return the look-up of names that the file begins in another way."""

    def find(names: Names) -> StoredTensor | None:
        if fewer:
            # Beside a part whose name differs there may be others, such as a head.
            below = names[len(fewer) :] if names[: len(fewer)] == fewer else names
            return held.get(below)
        return held.get((*more, *names)) or held.get(names)

    return find


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    rest = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return ", ".join(every[:_LISTED]) + rest
