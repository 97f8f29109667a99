"""Seeds made of `hash()`, which is salted for each process."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.seeding import is_seeding
from fanwise.adapters.lint.sources import PythonSource, names_in

#: A name that is a seed wherever it stands; a "key" may be that of a dictionary.
_SEED: Final = re.compile(r".*seed.*", re.IGNORECASE)


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find hashes that seeds are made of."""
    if "hash" in source.imports or "hash" in source.functions_named:
        return
    hashes = [
        call
        for call in source.calls
        if isinstance(call.func, ast.Name) and call.func.id == "hash" and call.args
    ]
    seeding = _seeding_names(source) if hashes else set()
    for call in hashes:
        if not _is_salted(call.args[0]):
            continue
        if _seeds(source, call, seeding):
            yield source.finding(
                "FW301",
                call,
                f"{source.segment(call)} differs from process to process, and so does what is "
                "seeded with it.",
            )


def _is_salted(value: ast.expr) -> bool:
    """Whether a hash may depend on the salt: not that of numbers alone, as of a tensor's."""
    if any(isinstance(part, ast.Attribute) and part.attr == "tolist" for part in ast.walk(value)):
        return False
    return any(
        not isinstance(part, ast.Constant) or isinstance(part.value, str | bytes)
        for part in ast.walk(value)
        if isinstance(part, ast.Constant | ast.Name | ast.Attribute | ast.Call | ast.JoinedStr)
    )


def _seeding_names(source: PythonSource) -> set[tuple[ast.AST, str]]:
    """Name what calls make seeds of, by the scope that they stand in."""
    return {
        (source.function_of(call) or source.tree, name)
        for call in source.calls
        if is_seeding(source, call)
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]
        for name in names_in(value)
    }


def _seeds(source: PythonSource, call: ast.Call, seeding: set[tuple[ast.AST, str]]) -> bool:
    """Whether a value ends in a seed, by way of arithmetic and names."""
    for outer in source.around(call):
        if isinstance(outer, ast.Call) and is_seeding(source, outer):
            return True
        if isinstance(outer, ast.keyword) and outer.arg and _SEED.fullmatch(outer.arg):
            return True
        if isinstance(outer, ast.Return):
            function = source.function_of(outer)
            return bool(_SEED.fullmatch(getattr(function, "name", "")))
        if isinstance(outer, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
            return any(_becomes_seed(source, target, seeding) for target in targets)
        if isinstance(outer, ast.stmt):
            return False
    return False


def _becomes_seed(
    source: PythonSource, target: ast.expr, seeding: set[tuple[ast.AST, str]]
) -> bool:
    """Whether a name that a hash is given to is, or goes into, a seed."""
    word = source.last_word(target)
    if _SEED.fullmatch(word):
        return True
    scope = source.function_of(target) or source.tree
    return isinstance(target, ast.Name) and (scope, word) in seeding
