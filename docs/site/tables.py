"""Let long code in a table break where a reader would break it, and nowhere else."""

from __future__ import annotations

import re
from typing import Any, Final

TABLE: Final = re.compile(r"<table>.*?</table>", re.DOTALL)
CODE: Final = re.compile(r"(?<=<code>)[^<]{25,}(?=</code>)")


def on_page_content(html: str, **_: Any) -> str:
    """Put the places where code may break into the tables of a page."""
    return TABLE.sub(lambda table: CODE.sub(_with_breaks, table[0]), html)


def _with_breaks(code: re.Match[str]) -> str:
    return re.sub(r"(?<=[/,.=_({])(?=[^ ])", "<wbr>", code[0])
