"""What torch's wrappers make of a model on several processes: copies, and shards in groups."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from torch import nn

from fanwise.spec.errors import FanwiseError, Phrase


def group_of_copies(layers: Iterable[tuple[str, nn.Module]]) -> Any:
    """Return the processes that have copies of a model, by DistributedDataParallel; None for none.

    Args:
        layers: all modules of the model.
    """
    module: Any = sys.modules.get("torch.nn.parallel.distributed")
    if module is None:
        return None
    wrappers = (layer for _, layer in layers if isinstance(layer, module.DistributedDataParallel))
    return next((wrapper.process_group for wrapper in wrappers), None)


def check_sharded_ties(layers: Iterable[tuple[str, nn.Module]]) -> None:
    """Raise where a tied weight is two, since fully_shard was given its modules apart.

    They would start alike and train apart; torch raises too, at the first forward pass. What is
    asked here is torch's own bookkeeping: a release without it is left to that error.

    Args:
        layers: all modules of the model, with their paths.
    """
    module: Any = sys.modules.get("torch.distributed.fsdp")
    sharded_class = getattr(module, "FSDPModule", None)
    if sharded_class is None:
        return
    every = list(layers)
    names = {id(layer): path.replace("/", ".") for path, layer in reversed(every)}
    first: dict[int, str] = {}
    cut = []
    states: dict[int, Any] = {}
    for _, layer in every:
        if isinstance(layer, sharded_class):
            # torch keeps it nowhere else; a release that has renamed it raises by itself, later.
            state: Any = getattr(layer, "_get_fsdp_state", lambda: None)()
            states.setdefault(id(state), state)
    for state in states.values():
        for parameter in _parameters_of(state):
            key = getattr(parameter, "_orig_param_uid", None)
            place = getattr(parameter, "_module_info", None)
            if key is None or place is None:
                continue
            name = names.get(id(place.module), "") + place.param_name
            if first.setdefault(key, name) != name:
                cut.append(f"{first[key]} and {name}")
    if cut:
        received = Phrase(f"a tie that fully_shard has cut: {', '.join(cut)}")
        hint = "Shard the modules that share it in one group: fully_shard([one, other])."
        raise FanwiseError("a shared weight in one group of fully_shard", received, hint)


def _parameters_of(state: Any) -> Iterator[Any]:
    """Give the parameters that fully_shard keeps for a module, in one group or several."""
    groups = getattr(state, "_fsdp_param_groups", None)
    if groups is None:
        groups = (getattr(state, "_fsdp_param_group", None),)
    for group in groups:
        yield from getattr(group, "fsdp_params", ())
