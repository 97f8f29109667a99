"""Numbers of bytes, as people write them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from fanwise.spec.axes import is_integer
from fanwise.spec.errors import FanwiseError

#: As much of a start as transformers puts in one file.
SHARD_SIZE: Final = "5GB"
_UNITS: Final = {
    "": 1,
    **{f"{prefix}B": 1000**power for power, prefix in enumerate(("", "K", "M", "G", "T"))},
    **{f"{prefix}IB": 1024**power for power, prefix in enumerate(("", "K", "M", "G", "T"))},
}
_SIZE: Final = re.compile(r"(\d{1,24}(?:\.\d{1,24})?)\s*([A-Za-z]*)")


def bytes_of(size: int | str) -> int:
    """Return a number of bytes.

    Args:
        size: the number, or text such as ``"5GB"`` and ``"512MiB"``.

    Raises:
        FanwiseError: for anything else, and less than one.

    Examples:
        >>> bytes_of("5GB"), bytes_of("1.5 KiB"), bytes_of(100)
        (5000000000, 1536, 100)
    """
    count = -1
    if isinstance(size, str):
        match = _SIZE.fullmatch(size.strip())
        if match is not None and match[2].upper() in _UNITS:
            count = int(Fraction(match[1]) * _UNITS[match[2].upper()])
    elif is_integer(size):
        count = int(size)
    if count < 1:
        hint = "Pass a number of bytes, or text such as '5GB' or '512MiB'."
        raise FanwiseError("shard_size to be a number of bytes", size, hint)
    return count
