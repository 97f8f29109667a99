"""Values that contradict a law: those of the law are taken for others once in 10⁹ times a test."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fanwise.adapters.torch.drawing.moments import moments
from fanwise.core.sampler import sample
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme

#: Log of half of 10⁻⁹.
_FALSE_ALARM: Final = math.log(0.5e-9)
#: Of more values, so many are compared with each other.
_COMPARED: Final = 1 << 14
#: How near two numbers are that are drawn in float32, whatever they are kept in.
_GRAIN: Final = torch.finfo(torch.float32).eps


def is_of_law(now: Tensor, chosen: Scheme | None, axes: str = "torch") -> bool:
    """Tell whether a tensor may hold what a law gives: not, of one of the law, once in 10⁹ times.

    By Chernoff's bound on the sum of n squares, which is that of normal values, or less; by
    numbers that repeat; and by the whole of the law.

    Args:
        now: the tensor.
        chosen: the law; None for one that has no scheme.
        axes: of the tensor.
    """
    if chosen is None or chosen.entry.structured:
        return True
    # The core reads plain tensors, several times faster; a parameter is none.
    found = moments([now.detach()])
    given = resolve(chosen, tuple(now.shape), axes).law
    square = (found.deviation / found.count + (found.mean - given.mean) ** 2) / given.std**2
    if square == 0 or found.count / 2 * (1 - square + math.log(square)) < _FALSE_ALARM:
        return False
    return not _repeats(now) and are_alike(_example(chosen, now, axes), now)


def are_alike(values: Tensor, now: Tensor) -> bool:
    """Tell whether two tensors may hold values of one law.

    By the test of Kolmogorov and Smirnov, which asks nothing of the law.
    """
    first, second = (np.sort(_some(part)) for part in (values, now))
    steps = np.concatenate([first, second])
    places = [np.searchsorted(part, steps, side="right") / part.size for part in (first, second)]
    count = first.size * second.size / (first.size + second.size)
    distance = float(np.abs(places[0] - places[1]).max())
    return 2 * count * distance**2 < 1 - _FALSE_ALARM


def _example(chosen: Scheme, now: Tensor, axes: str) -> Tensor:
    """Draw some values of a law."""
    shape = tuple(now.shape)
    index = None
    if now.numel() > _COMPARED:
        index = (slice(max(1, _COMPARED * shape[0] // now.numel())),)
    return torch.from_numpy(sample(chosen, shape, seed=0, axes=axes, index=index))


def _some(tensor: Tensor) -> NDArray[np.float64]:
    flat = tensor.detach().reshape(-1)
    some: NDArray[np.float64] = flat[:: -(-flat.numel() // _COMPARED)].double().cpu().numpy()
    return some


def _repeats(now: Tensor) -> bool:
    """Tell whether numbers repeat that a law gives once: rows of zeros, both halves of a symmetry.

    Numbers are as coarse as the narrowest dtype that holds them.
    """
    grain = max(_GRAIN, torch.finfo(now.dtype).eps)
    for dtype in (torch.float16, torch.bfloat16):
        if grain == _GRAIN and bool((now.to(dtype) == now).all()):
            grain = torch.finfo(dtype).eps
    zeros = int(now.numel() - now.count_nonzero())
    if _are_too_many(zeros, 4 * grain * now.numel()):
        return True
    some = now.reshape(-1)[:_COMPARED].sort().values
    return _are_too_many(int((some[1:] == some[:-1]).sum()), 4 * grain * some.numel() ** 2 / 2)


def _are_too_many(count: int, usual: float) -> bool:
    """Tell whether events are more than chance makes of so many, by Chernoff's bound."""
    return count > usual and count * (math.log(count / usual) - 1) + usual > -_FALSE_ALARM
