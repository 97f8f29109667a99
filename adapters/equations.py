"""The axes of a weight from an einsum equation."""

from __future__ import annotations

import re

from fanwise.spec.axes import BATCH, IN, OUT


def equation_axes(equation: str) -> str:
    """Read the role of every axis of a kernel from the letters of its equation.

    A letter that the inputs, the kernel and the outputs share is a batch; one that the
    inputs alone share is ``in``, and one that the outputs alone share is ``out``.

    Args:
        equation: inputs, kernel and outputs, as in ``"abc,cde->abde"``.

    Examples:
        >>> equation_axes("abc,cde->abde")
        'in out out'
        >>> equation_axes("...abc,bcd->...bd")
        'batch in out'
    """
    inputs, kernel, outputs = re.split(r",|->", re.sub(r"[\s.]", "", equation))
    roles = {(True, True): BATCH, (False, True): OUT}
    return " ".join(roles.get((letter in inputs, letter in outputs), IN) for letter in kernel)
