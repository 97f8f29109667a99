"""What ``torch.nn.init`` keeps private and people use all the same, by torch's names.

They are drop-ins too: torch's parameters, and nothing else. The stub of ``fanwise.torch`` tells
editors and type checkers of them.
"""

from __future__ import annotations

from torch import Generator, Tensor

from fanwise.adapters.torch.drawing.tensors import check_shaped
from fanwise.adapters.torch.initializers.absolute import normal_, trunc_normal_, uniform_
from fanwise.adapters.torch.initializers.constant import constant_, zeros_
from fanwise.adapters.torch.initializers.scaled import check_mode
from fanwise.spec.fans import MODES, Fans, fans

_TORCH_MODES = ("fan_in", "fan_out")


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """Count the fans of a tensor as torch does: axes (out, in, receptive field).

    Raises:
        FanwiseError: for fewer than two axes.
    """
    counted = _fans(tensor)
    return counted.fan_in, counted.fan_out


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    """Return the fan of a tensor that a mode names: ``"fan_in"`` or ``"fan_out"``.

    Raises:
        FanwiseError: for another mode, and for fewer than two axes.
    """
    return int(MODES[check_mode(mode, _TORCH_MODES)](_fans(tensor)))


def _no_grad_uniform_(
    tensor: Tensor, a: float, b: float, generator: Generator | None = None
) -> Tensor:
    """Fill a tensor as :func:`uniform_` does."""
    return uniform_(tensor, a, b, generator)


def _no_grad_normal_(
    tensor: Tensor, mean: float, std: float, generator: Generator | None = None
) -> Tensor:
    """Fill a tensor as :func:`normal_` does."""
    return normal_(tensor, mean, std, generator)


def _no_grad_trunc_normal_(
    tensor: Tensor,
    mean: float,
    std: float,
    a: float,
    b: float,
    generator: Generator | None = None,
) -> Tensor:
    """Fill a tensor as :func:`trunc_normal_` does."""
    return trunc_normal_(tensor, mean, std, a, b, generator)


def _no_grad_fill_(tensor: Tensor, val: float) -> Tensor:
    """Fill a tensor as :func:`constant_` does."""
    return constant_(tensor, val)


def _no_grad_zero_(tensor: Tensor) -> Tensor:
    """Fill a tensor as :func:`zeros_` does."""
    return zeros_(tensor)


def _fans(tensor: Tensor) -> Fans:
    hint = "Pass a tensor, e.g. layer.weight, or use fanwise.fans for a shape."
    check_shaped(tensor, hint=hint)
    return fans(tuple(tensor.shape), "torch")


__all__ = [
    "_calculate_correct_fan",
    "_calculate_fan_in_and_fan_out",
    "_no_grad_fill_",
    "_no_grad_normal_",
    "_no_grad_trunc_normal_",
    "_no_grad_uniform_",
    "_no_grad_zero_",
]
