"""Initializers of Keras that several weights share, or that have one seed."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.tensors import argument

_RANDOM: Final = re.compile(
    r"(random|truncated|glorot|he|lecun)_?(normal|uniform)(v2)?|variance_?scaling|orthogonal\w*",
    re.IGNORECASE,
)
_KEYWORD: Final = re.compile(r"(\w+_)?initializer")
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find initializers that give several weights the same values."""
    if not any("keras" in name or "tensorflow" in name for name in source.imports.values()):
        return
    given = [
        keyword
        for call in source.calls
        for keyword in call.keywords
        if keyword.arg and _KEYWORD.fullmatch(keyword.arg)
    ]
    uses: dict[ast.Call, list[ast.keyword]] = defaultdict(list)
    seeds: dict[tuple[ast.AST, str], list[ast.keyword]] = defaultdict(list)
    for keyword in given:
        if maker := _shared_maker(source, keyword.value):
            uses[maker].append(keyword)
        elif _is_seeded(source, keyword.value):
            scope = source.function_of(keyword.value) or source.tree
            seeds[scope, ast.dump(keyword.value)].append(keyword)
    for maker, keywords in uses.items():
        yield from _shared(source, maker, keywords)
    for keywords in seeds.values():
        for keyword in _together(source, keywords)[1:]:
            yield source.finding(
                "FW304",
                keyword.value,
                f"{source.segment(keyword.value)} gives this weight the values of another one "
                "with the same seed.",
            )


def _shared(
    source: PythonSource, maker: ast.Call, keywords: list[ast.keyword]
) -> Iterator[LintFinding]:
    name = source.segment(maker)
    for keyword in _together(source, keywords)[1:]:
        yield source.finding(
            "FW304",
            keyword.value,
            f"{source.segment(keyword.value)} is one {name} for several weights: those of one "
            "shape are equal.",
        )
    for keyword in keywords:
        if len(keywords) == 1 and _is_repeated(source, keyword, maker):
            yield source.finding(
                "FW304",
                keyword.value,
                f"{source.segment(keyword.value)} is one {name} for each weight of the loop: "
                "those of one shape are equal.",
            )


def _is_random(source: PythonSource, call: ast.Call) -> bool:
    origin = source.origin(call.func)
    return bool(_RANDOM.fullmatch(origin.rpartition(".")[2])) and "initializers" in origin


def _shared_maker(source: PythonSource, value: ast.expr) -> ast.Call | None:
    """Return the call that made the initializer that a name stands for."""
    if not isinstance(value, ast.Name):
        return None
    values = source.bound_values(value)
    if values and len(values) == 1 and isinstance(values[0], ast.Call):
        maker = values[0]
        seed = argument(maker, "seed", -1)
        steady = seed is None or isinstance(seed, ast.Constant)
        if _is_random(source, maker) and steady:
            return maker
    return None


def _is_seeded(source: PythonSource, value: ast.expr) -> bool:
    """Whether an initializer is made in place, with a number for a seed."""
    if not isinstance(value, ast.Call) or not _is_random(source, value):
        return False
    seed = argument(value, "seed", -1)
    return isinstance(seed, ast.Constant) and isinstance(seed.value, int)


def _together(source: PythonSource, keywords: list[ast.keyword]) -> list[ast.keyword]:
    """Keep the uses that run with the first: those of one function, not of its other branch."""
    first = keywords[0]
    function = source.function_of(first.value)
    branches = _branches(source, first)
    return [
        keyword
        for keyword in keywords
        if source.function_of(keyword.value) is function
        and all(
            branches.get(test, side) == side for test, side in _branches(source, keyword).items()
        )
    ]


def _branches(source: PythonSource, node: ast.AST) -> dict[int, bool]:
    """Say which side of each condition around a node it stands on."""
    sides, here = {}, node
    for outer in source.around(node):
        if isinstance(outer, ast.If):
            sides[id(outer)] = here in outer.body
        here = outer
    return sides


def _is_repeated(source: PythonSource, keyword: ast.keyword, maker: ast.Call) -> bool:
    here: ast.AST = keyword
    for outer in source.around(keyword):
        if isinstance(outer, _LOOPS) and here in outer.body:
            return maker not in ast.walk(outer)
        if isinstance(outer, _COMPREHENSIONS) and here not in outer.generators:
            return maker not in ast.walk(outer)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        here = outer
    return False
