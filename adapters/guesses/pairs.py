"""Which bias of a layer is called after which of its matrices."""

from __future__ import annotations

import re
from typing import Final

from fanwise.adapters.layer_weights import Shapes

#: What a kernel is called beside a ``bias``.
_KERNELS: Final = ("weight", "kernel", "w", "W")
_BIAS: Final = re.compile(r"bias|b|(?P<of>\w+)_bias")


def kernel_of(bias: str, siblings: Shapes) -> str | None:
    """Return the name of the matrix that a bias is called after; None for no such."""
    match = _BIAS.fullmatch(bias)
    if match is None:
        return None
    of = match["of"]
    names = _KERNELS if of is None else (of, f"{of}_weight", f"{of}_kernel")
    return next((name for name in names if len(siblings.get(name, ())) > 1), None)


def bias_of(kernel: str, siblings: Shapes) -> str | None:
    """Return the name of the bias that is called after a matrix; None for no such."""
    return next((name for name in siblings if kernel_of(name, siblings) == kernel), None)
