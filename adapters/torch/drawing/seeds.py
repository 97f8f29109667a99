"""Seeds from torch's generators, for what is drawn without one: ``torch.manual_seed`` governs."""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor

_WORD: Final = 1 << 32

#: Memory of two words, as a tensor and as an array, that no other thread has at the time.
_spaces: Final[list[tuple[Tensor, Any]]] = []


def draw_seed(generator: torch.Generator | None) -> int:
    """Draw a seed from torch's generator (its default one if None)."""
    where = "cpu" if generator is None else generator.device
    # What randint does, in one call less.
    words = torch.empty(2, device=where, dtype=torch.int64)
    low, high = words.random_(0, _WORD, generator=generator).tolist()
    return int(low | high << 32)


def draw_host_seed(generator: torch.Generator | None) -> int:
    """Draw the same seed from a generator of the host, where no mode and no transform is active.

    The tensor is kept: to make one and to read it take as long as drawing.
    """
    try:
        tensor, array = _spaces.pop()
    except IndexError:
        tensor, array = _space()
    tensor.random_(0, _WORD, generator=generator)
    low, high = array.tolist()
    _spaces.append((tensor, array))
    return int(low | high << 32)


def _space() -> tuple[Tensor, Any]:
    # One of inference mode could not be written into outside of it.
    with torch.inference_mode(mode=False):
        tensor = torch.empty(2, device="cpu", dtype=torch.int64)
    return tensor, tensor.numpy()
