"""Tensors that several layers share: one weight, for which the claims of all layers hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import torch
from torch import Tensor

from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.torch.drawing.memory import PLAIN, holds_nothing
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.description import find_tensor
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.spec.errors import FanwiseError, Phrase

_HINT: Final = "Untie them, or describe the layers alike with register_layer."
_UNTIE: Final = "Untie them, or give both layers the same parametrization."


def shared_once(weights: Iterable[TensorWeight]) -> tuple[TensorWeight, ...]:
    """Give every weight once, under its first path, with its other names as aliases.

    Args:
        weights: as the layers describe them, layer by layer.

    Raises:
        FanwiseError: where two layers contradict each other.
    """
    kept: list[TensorWeight] = []
    aliases: dict[int, list[TensorWeight]] = {}
    #: For each tensor, the weights that lie in it.
    holders: dict[Hashable, list[int]] = {}
    for stored in weights:
        keys = _keys(stored)
        before = [n for key in keys for n in holders.get(key, ()) if not _same(kept[n], stored)]
        if not before:
            for key in keys:
                holders.setdefault(key, []).append(len(kept))
            kept.append(stored)
        else:
            for number in dict.fromkeys(before):
                aliases.setdefault(number, []).append(stored)
            _check_shared(stored, [kept[number] for number in before], keys, holders)
    _check_originals(kept)
    for number, others in aliases.items():
        known = _as_known(replace(kept[number], aliases=tuple(others)))
        ties = tuple(_tied_paths(kept[number], others))
        kept[number] = replace(known, weight=replace(known.weight, ties=ties))
    _check_followers(kept)
    return tuple(kept)


def _keys(stored: TensorWeight) -> set[Hashable]:
    """Tell weights apart by where they lie: by their tensors, or by what computes them of which."""
    computed = stored.computed
    return {
        memory_key(tensor)
        if name not in computed or computed[name].stores_values
        else _computed_key(computed[name])
        for name, tensor in stored.tensors.items()
    }


def _computed_key(source: ComputedWeight) -> Hashable:
    return (source.formula, *map(memory_key, source.originals))


def memory_key(tensor: Tensor) -> Hashable:
    """Tell tensors apart by their memory, so that two parameters of one memory are one.

    It is what is left of a tie by ``head.weight.data = table.weight.data``.
    """
    is_elsewhere = (
        type(tensor) not in PLAIN
        and type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__
    )
    if (
        is_elsewhere
        or tensor.layout is not torch.strided
        or holds_nothing(tensor)
        or tensor.numel() == 0
        or (start := tensor.data_ptr()) == 0
    ):
        return id(tensor)
    return (tensor.device, start, tensor.dtype, tensor.shape, tensor.stride())


def _as_known(stored: TensorWeight) -> TensorWeight:
    """Take a parameter of no known layer for what a known one that shares it says it is.

    So BERT's head holds the bias of its decoder, which lies below it. The path stays the first.
    """
    if stored.description.kind != PARAMETER:
        return stored
    for place in stored.aliases:
        if place.description.kind != PARAMETER and place.whole:
            return replace(stored, weight=replace(place.weight, path=stored.weight.path))
    return stored


def _tied_paths(stored: TensorWeight, others: Sequence[TensorWeight]) -> dict[str, None]:
    """Give the other paths of a weight, but not what a layer's own children call it."""
    inner: set[torch.nn.Module] = set()
    if stored.description.kind != PARAMETER:
        inner.update(stored.layer.modules())
    paths = (other.weight.path for other in others if other.layer not in inner)
    return dict.fromkeys(path for path in paths if path != stored.weight.path)


def _same(stored: TensorWeight, other: TensorWeight) -> bool:
    """Tell whether one layer describes both weights, under one name of a tensor."""
    return stored.layer is other.layer and bool(stored.tensors.keys() & other.tensors.keys())


def _check_shared(
    stored: TensorWeight,
    first: list[TensorWeight],
    keys: set[Hashable],
    holders: dict[Hashable, list[int]],
) -> None:
    """Raise where a layer shares a part of a weight only, or divides a tensor otherwise."""
    path = stored.weight.path
    others = ", ".join(dict.fromkeys(weight.weight.path for weight in first))
    context = f"{path} shares memory with {others}"
    if any(key not in holders for key in keys):
        received = Phrase(f"{path}, of which a part is shared")
        raise FanwiseError("a weight that is shared as a whole", received, _HINT, context=context)
    # What a layer says about its children goes before what they say themselves.
    apart = [w for w in first if stored.layer not in set(w.layer.modules())]
    if any(weight.whole != stored.whole for weight in apart):
        whole = path if stored.whole else others
        received = Phrase(f"{whole} as one weight and as several")
        expected = "a shared tensor that both layers divide into the same weights"
        raise FanwiseError(expected, received, _HINT, context=context)


def _check_originals(weights: Sequence[TensorWeight]) -> None:
    """Raise where one tensor is a weight, or a part of one, and another is computed from it."""
    holders: dict[Hashable, tuple[Hashable, str]] = {}
    if not any(stored.computed for stored in weights):
        return
    for stored in weights:
        path = stored.weight.path
        for name, tensor in stored.tensors.items():
            source = stored.computed.get(name)
            plain = source is None or source.stores_values
            key = memory_key(tensor) if plain or source is None else _computed_key(source)
            for original in (tensor,) if plain or source is None else source.originals:
                known, other = holders.setdefault(memory_key(original), (key, path))
                if known != key:
                    received = Phrase(f"{other} and {path}, computed from one tensor in two ways")
                    raise FanwiseError("weights that can be set apart", received, _UNTIE)


def _check_followers(weights: Iterable[TensorWeight]) -> None:
    """Raise where two weights would each give a tensor its start."""
    leaders: dict[int, str] = {}
    for stored in weights:
        for place in stored.places:
            for name, _ in place.description.followers:
                follower = find_tensor(place.layer, name)
                leader = leaders.setdefault(id(follower), stored.weight.path)
                if follower is not None and leader != stored.weight.path:
                    received = Phrase(f"{name}, which follows {leader} and {stored.weight.path}")
                    raise FanwiseError("a tensor that follows one weight", received, _HINT)
