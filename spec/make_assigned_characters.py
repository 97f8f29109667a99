"""Make ``assigned_characters.json``: the characters that a path may have.

They are those to which Unicode 14.0 assigns a meaning, whose normal form no later version changes.

Run ``python3.11 -m fanwise.spec.make_assigned_characters > spec/assigned_characters.json``: the
Unicode version is that of the Python.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Final

VERSION: Final = "14.0.0"
UNASSIGNED: Final = "Cn"


def assigned_ranges() -> list[tuple[int, int]]:
    """List the first and the last of all characters in a row that this Python knows."""
    ranges: list[tuple[int, int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) == UNASSIGNED:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges


def main() -> None:
    """Print the file."""
    if unicodedata.unidata_version != VERSION:
        sys.exit(f"Unicode {VERSION} is needed; this Python has {unicodedata.unidata_version}")
    rows = ",\n".join(f"    {json.dumps(row)}" for row in assigned_ranges())
    print(f'{{\n  "unicode": "{VERSION}",\n  "ranges": [\n{rows}\n  ]\n}}')


if __name__ == "__main__":
    main()
