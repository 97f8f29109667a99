"""What torch's wrappers make of a model on several processes: copies, and shards in groups."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from torch import nn

from fanwise.spec.errors import FanwiseError, Phrase

#: How many names an error lists.
_NAMED: Final = 5


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


def check_sharded_groups(layers: Iterable[tuple[str, nn.Module]]) -> None:
    """Raise where fully_shard has cut a tie, or has the whole weights in place of the parts.

    What it has gathered for use, after ``unshard()`` or a forward pass, it throws away when it
    returns to the parts: what is written there is lost. The two modules of a tie that were given to
    it apart would start alike and train apart; torch raises too, at the first forward pass. What is
    asked here is torch's own bookkeeping: a release without it is left to that error.

    Args:
        layers: all modules of the model, with their paths.
    """
    first: dict[int, str] = {}
    cut, gathered = [], []
    for name, parameter in _sharded_parameters(list(layers)):
        key = getattr(parameter, "_orig_param_uid", None)
        state = getattr(parameter, "sharded_state", None)
        if getattr(state, "name", "SHARDED") != "SHARDED":
            gathered.append(name)
        if key is not None and first.setdefault(key, name) != name:
            cut.append(f"{first[key]} and {name}")
    if cut:
        received = Phrase(f"a tie that fully_shard has cut: {', '.join(cut)}")
        hint = "Shard the modules that share it in one group: fully_shard([one, other])."
        raise FanwiseError("a shared weight in one group of fully_shard", received, hint)
    if gathered:
        more = " and others" if len(gathered) > _NAMED else ""
        received = Phrase(f"what it has gathered for use: {', '.join(gathered[:_NAMED])}{more}")
        hint = "Call reshard() on the model first: what is written now would be thrown away then."
        raise FanwiseError("the parts of fully_shard", received, hint)


def _sharded_parameters(layers: Sequence[tuple[str, nn.Module]]) -> Iterator[tuple[str, Any]]:
    """Give what fully_shard keeps of the parameters of a model, with their names."""
    module: Any = sys.modules.get("torch.distributed.fsdp")
    sharded_class = getattr(module, "FSDPModule", None)
    if sharded_class is None:
        return
    names = {id(layer): path.replace("/", ".") for path, layer in reversed(layers)}
    states: dict[int, Any] = {}
    for _, layer in layers:
        if isinstance(layer, sharded_class):
            # torch keeps it nowhere else; a release that has renamed it raises by itself, later.
            state: Any = getattr(layer, "_get_fsdp_state", lambda: None)()
            states.setdefault(id(state), state)
    for state in states.values():
        for parameter in _parameters_of(state):
            place = getattr(parameter, "_module_info", None)
            if place is not None:
                yield names.get(id(place.module), "") + place.param_name, parameter


def _parameters_of(state: Any) -> Iterator[Any]:
    """Give the parameters that fully_shard keeps for a module, in one group or several."""
    groups = getattr(state, "_fsdp_param_groups", None)
    if groups is None:
        groups = (getattr(state, "_fsdp_param_group", None),)
    for group in groups:
        yield from getattr(group, "fsdp_params", ())
