"""Let code in tables and sentences break where a reader would break it, and nowhere else."""

from __future__ import annotations

import re
from typing import Any, Final

TABLE: Final = re.compile(r"<table>.*?</table>", re.DOTALL)
#: Code of one line, which is none of a block's.
CODE: Final = re.compile(r"(?<=<code>)(?:[^<\n]|<wbr>)+(?=</code>)")
OPTION: Final = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
LONG: Final = 25


def on_page_content(html: str, **_: Any) -> str:
    """Put the places where code may break into a page, and options into one piece."""
    html = TABLE.sub(lambda table: CODE.sub(_with_breaks, table[0]), html)
    return CODE.sub(_with_whole_options, html)


def _with_breaks(code: re.Match[str]) -> str:
    if len(code[0]) < LONG:
        return code[0]
    return re.sub(r"(?<=[/,=({])(?=[^ ])|(?<=\.)(?=[a-z])", "<wbr>", code[0])


def _with_whole_options(code: re.Match[str]) -> str:
    return OPTION.sub(r'<span class="option">\g<0></span>', code[0])
