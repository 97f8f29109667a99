"""The weights in what trainers save: in dicts in dicts, beside the states of optimizers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.pickled_values import Pairs
from fanwise.adapters.files.torch_names import TorchTensor
from fanwise.adapters.stored_weights import StoredTensor

#: What trainers call the part of a checkpoint that is the state dict of the model.
_WRAPPERS: Final = (
    *("state_dict", "model_state_dict", "model", "module", "model_state", "net", "network"),
    *("weights", "params", "generator", "ema", "model_ema", "state_dict_ema", "teacher", "student"),
)
#: What they call the parts that are no weights.
_OTHERS: Final = (
    *("optim", "opt_state", "sched", "scaler", "rng", "loops", "callbacks", "hyper"),
    *("epoch", "step", "buffer_names", "shared_params", "ds_config", "client_state", "amp"),
)
#: How deep dicts may lie in each other, and how many tensors may be found.
_DEEPEST: Final = 32
_MOST_TENSORS: Final = 500_000
_MOST_ENTRIES: Final = 5_000_000
_TENSORS: Final = (TorchTensor, StoredTensor)


def weights_in(content: Any) -> dict[str, Any]:
    """Find the weights among what was saved, by the names of their state dict.

    A checkpoint of a trainer holds the state dict in a dict, beside the states of optimizers and
    the like, which are left out. Where several parts hold tensors, all are named by their path.

    Args:
        content: dicts and lists of a pickle, with tensors.

    Raises:
        FanwiseError: where there is no tensor, or two have one name.
    """
    if isinstance(content, _TENSORS):
        return {"": content}
    walk = _Walk()
    parts = {key: value for key, value in walk.entries(content) if walk.has_tensors(value)}
    if len(parts) > 1:
        weights = {key: value for key, value in parts.items() if _may_be_weights(key, value)}
        parts = weights or parts
    if len(parts) == 1:
        ((key, inner),) = parts.items()
        if key in _WRAPPERS and not isinstance(inner, _TENSORS):
            return weights_in(inner)
    tensors: dict[str, Any] = {}
    for name, tensor in walk.flat(Pairs(list(parts.items()))):
        if name in tensors:
            raise broken("a name for each tensor", f"two that are called {quoted(name)}")
        if len(tensors) >= _MOST_TENSORS:
            raise broken(f"at most {_MOST_TENSORS} tensors", "more")
        tensors[name] = tensor
    if not tensors:
        raise broken("tensors", "a file without any", "Save the state dict of the model.")
    return tensors


class _Walk:
    """A walk through dicts and lists, which may share what they hold, and hold each other."""

    def __init__(self) -> None:
        self._left = _MOST_ENTRIES

    def entries(self, content: Any) -> Iterator[tuple[str, Any]]:
        """Give what a dict or a list holds, by names."""
        items = content.items if isinstance(content, Pairs) else content
        for place, item in enumerate(items if isinstance(items, list | tuple) else ()):
            self._left -= 1
            if self._left < 0:
                raise broken(f"at most {_MOST_ENTRIES} entries of dicts", "more")
            if items is content:
                yield str(place), item
            elif isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str | int):
                yield str(item[0]), item[1]

    def flat(self, content: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
        """Give the tensors of dicts in dicts, by paths."""
        if len(path) > _DEEPEST:
            raise broken(f"dicts at most {_DEEPEST} deep in each other", "deeper ones")
        for key, value in self.entries(content):
            if isinstance(value, _TENSORS):
                yield ".".join((*path, key)), value
            elif self.has_tensors(value):
                yield from self.flat(value, (*path, key))

    def has_tensors(self, content: Any) -> bool:
        """Whether tensors are anywhere in it."""
        waiting, seen = [content], set()
        while waiting:
            value = waiting.pop()
            if isinstance(value, _TENSORS):
                return True
            if id(value) not in seen:
                seen.add(id(value))
                waiting += [inner for _, inner in self.entries(value)]
        return False


def _may_be_weights(key: str, value: Any) -> bool:
    return isinstance(value, _TENSORS) or not is_beside_weights(key)


def is_beside_weights(name: str) -> bool:
    """Whether a part of a checkpoint has the name of what trainers save beside the weights."""
    return any(word in name.lower() for word in _OTHERS)
