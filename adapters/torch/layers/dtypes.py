"""Dtypes by their names: some came to torch later than the first version that is supported."""

from __future__ import annotations

import torch


def known_dtypes(*names: str) -> frozenset[torch.dtype]:
    """Return the dtypes with these names that this version of torch has.

    Examples:
        >>> known_dtypes("float32", "float1")
        frozenset({torch.float32})
    """
    return frozenset(dtype for name in names if (dtype := getattr(torch, name, None)) is not None)
