"""Weights that transformers has loaded: while it starts the others, they keep their values."""

from __future__ import annotations

from typing import Final

from torch import Tensor
from torch.nn import init

#: Where the functions come from that transformers puts in the place of torch's for the time.
_GUARDS: Final = "transformers.initialization"
#: What it sets on the tensors that it has loaded; those that it has only built have no mark.
MARK: Final = "_is_hf_initialized"


def is_loaded(tensor: Tensor) -> bool:
    """Tell whether transformers has marked a tensor as loaded."""
    return getattr(tensor, MARK, False) is True


def is_guarded() -> bool:
    """Tell whether transformers guards the functions of ``torch.nn.init`` now.

    It runs a model's ``_init_weights`` over loaded weights too. Meanwhile its functions pass over
    what it has marked; so must ours.
    """
    return bool(init.zeros_.__module__ == _GUARDS)


def is_kept(tensor: Tensor) -> bool:
    """Tell whether torch's own functions would leave a tensor alone, as it has been loaded."""
    if not is_guarded():
        return False
    base = tensor._base  # noqa: SLF001 (torch documents it, and has no public name for it)
    return bool(getattr(tensor, MARK, False) or getattr(base, MARK, False))
