"""A file as text and syntax, or the finding that says why it has none."""

from __future__ import annotations

import ast
import io
import os
import stat
import tokenize
import warnings
from typing import Final

from fanwise.adapters.lint.findings import CODES, SIZE, SYNTAX, TEXT, UNREADABLE, LintFinding

#: How large a source may be; what is larger was not written by people.
LARGEST: Final = 2 << 20
#: How many nodes its syntax may have, and how deep they may lie in each other.
MOST_NODES: Final = 1_000_000
DEEPEST: Final = 200


def read_bytes(path: str) -> bytes | LintFinding:
    """Read a regular file of a reasonable size; a pipe or device is never opened."""
    try:
        # O_NONBLOCK: a pipe put in place of the file between the two calls does not hang us.
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 (paths may hold anything)
            return _whole_file(path, UNREADABLE, "It is not a regular file.")
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:  # noqa: PTH123
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _whole_file(path, UNREADABLE, f"The file cannot be read: {reason}.")
    if len(content) > LARGEST:
        return _whole_file(path, SIZE, f"The file is larger than {LARGEST >> 20} MiB.")
    return content


def decode(path: str, content: bytes) -> str | LintFinding:
    """Decode a source as Python does: by its byte order mark or its declaration, else as UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        # Unlike bytes.decode, takes no codec that is not of text.
        text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="").read()
    except (SyntaxError, UnicodeError, LookupError):
        return _whole_file(path, TEXT, CODES[TEXT].summary)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(path: str, text: str) -> ast.Module | LintFinding:
    """Parse a source, without a word of the parser's own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        message = f"The file cannot be parsed: {error.msg}."
        return LintFinding(path, line, column, line, column, SYNTAX, message, CODES[SYNTAX].fix)
    except ValueError as error:
        return _whole_file(path, SYNTAX, f"The file cannot be parsed: {error}.")
    except (RecursionError, MemoryError):
        return _whole_file(path, SIZE, "Its expressions lie too deep in each other.")
    return _measured(path, tree)


def _measured(path: str, tree: ast.Module) -> ast.Module | LintFinding:
    """Return a tree that is neither too large nor too deep for those who read it."""
    count = depth = 0
    layer: list[ast.AST] = [tree]
    while layer:
        count += len(layer)
        depth += 1
        if depth > DEEPEST or count > MOST_NODES:
            return _whole_file(path, SIZE, "Its expressions are too many, or too deep.")
        layer = [child for node in layer for child in ast.iter_child_nodes(node)]
    return tree


def _whole_file(path: str, code: str, message: str) -> LintFinding:
    return LintFinding(path, 1, 1, 1, 1, code, message, CODES[code].fix)
