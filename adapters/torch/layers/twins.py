"""A second model of the same modules, with tensors of its own, for other people's code to run on.

Attributes are the same objects, so nothing large is copied; lists and dicts are new ones, with the
twins of the modules and tensors in them.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from fanwise.adapters.torch.layers.law_recorder import LawRecorder
from fanwise.adapters.torch.layers.recorded_contents import LARGEST

#: What a module is not called by in its twin.
_HOOKS: Final = "_hooks"
#: No deeper lists and dicts have modules or tensors of a model in them.
_DEEPEST: Final = 32


class Twins:
    """The twins of the modules of a model.

    Attributes:
        recorder: follows what is written to the twins' tensors.
    """

    def __init__(self, model: nn.Module) -> None:
        self.recorder = LawRecorder()
        self._known: dict[int, Any] = {}
        #: What the twins are of must live as long as they do.
        self._model = model
        self.root: nn.Module = self._twin(model)

    def of(self, module: nn.Module) -> nn.Module:
        """Return the twin of a module of the model."""
        twin: nn.Module = self._known[id(module)]
        return twin

    def _twin(self, item: Any, depth: int = 0) -> Any:
        """Return the twin of a module, a tensor, or of a list or dict with some in it."""
        if id(item) in self._known:
            return self._known[id(item)]
        if isinstance(item, nn.Module):
            return self._module(item)
        if isinstance(item, Tensor):
            return self._tensor(item)
        if isinstance(item, np.ndarray):
            return item.copy() if item.nbytes <= LARGEST else _read_only(item)
        kind = type(item)
        if kind not in (list, tuple, set, dict) or depth > _DEEPEST:
            return item
        if kind in (tuple, set):
            return kind(self._twin(part, depth + 1) for part in item)
        # Known before what is in it, which may be itself.
        made: Any = kind()
        self._known[id(item)] = made
        if kind is list:
            made += [self._twin(part, depth + 1) for part in item]
        else:
            made |= {key: self._twin(part, depth + 1) for key, part in item.items()}
        return made

    def _module(self, module: nn.Module) -> nn.Module:
        twin = object.__new__(type(module))
        self._known[id(module)] = twin
        for name, value in vars(module).items():
            if name in ("_parameters", "_buffers", "_modules"):
                made: Any = type(value)()
                made.update((key, self._twin(part)) for key, part in value.items())
            elif name.endswith(_HOOKS) or "_hooks_" in name:
                made = type(value)()
            else:
                made = self._twin(value)
            vars(twin)[name] = made
        return twin

    def _tensor(self, tensor: Tensor) -> Tensor:
        large = tensor.numel() > LARGEST or tensor.layout is not torch.strided
        held = torch.empty(
            tuple(tensor.shape), dtype=tensor.dtype, device="meta" if large else "cpu"
        )
        if isinstance(tensor, nn.Parameter):
            held = nn.Parameter(held, requires_grad=tensor.requires_grad)
        self.recorder.add_unset(held)
        self._known[id(tensor)] = held
        return held


def _read_only(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    view = array.view()
    view.flags.writeable = False
    return view
