"""The characters that a path may have: those of Unicode 14.0, which every Python here knows.

How a character combines with others is settled when a Unicode version assigns it. A path of a
newer one would have other bits on a Python that does not know it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache
from typing import Final

from fanwise.spec.own_files import own_text

FILE: Final = "assigned_characters.json"


def first_unassigned(text: str) -> str | None:
    """Return the first character that Unicode 14.0 does not assign; None where it assigns all.

    Examples:
        >>> first_unassigned("größe/核") is None
        True
        >>> first_unassigned("x" + chr(0x1E08F)) == chr(0x1E08F)  # since Unicode 15.0
        True
    """
    firsts, lasts = _ranges()
    for character in text:
        if not character.isascii():
            code = ord(character)
            if code > lasts[bisect_right(firsts, code) - 1]:
                return character
    return None


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """Load the first and the last characters of the ranges that are assigned."""
    data = json.loads(own_text("fanwise.spec", FILE))
    firsts, lasts = zip(*data["ranges"], strict=True)
    return list(firsts), list(lasts)
