"""What the demonstration shows of torch: its own kernel, and the one that Fanwise draws."""

from __future__ import annotations

from typing import Any, Final

import torch
from numpy.typing import NDArray
from torch import nn

from fanwise.adapters.torch.initializers.any_scheme import init_

OURS: Final = "fanwise.torch.he_normal_(weight, seed=0, path=path)"


def name() -> str:
    """Return what the framework is called."""
    return "torch"


def own(shape: tuple[int, int], seed: int) -> NDArray[Any]:
    """Draw a weight by the framework's own initializer."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        drawn: NDArray[Any] = nn.init.kaiming_normal_(torch.empty(shape, device="cpu")).numpy()
    return drawn


def ours(shape: tuple[int, int], seed: int, path: str) -> NDArray[Any]:
    """Draw the kernel of a layer by Fanwise; it is (in, out), as in the other frameworks."""
    linear = nn.utils.skip_init(nn.Linear, *shape)
    init_(linear.weight, "he_normal", seed=seed, path=path)
    drawn: NDArray[Any] = linear.weight.detach().T.numpy().copy()
    return drawn
