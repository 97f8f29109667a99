"""Starts that are written to a copy, which is thrown away."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.sources import Function, PythonSource
from fanwise.adapters.lint.tensors import (
    DRAWING_FUNCTIONS,
    DRAWS,
    FILLS,
    earlier_statements,
    in_place_function,
    stripped,
)

#: Methods that give a copy, always, or unless the tensor is of that kind already.
_COPIES: Final = frozenset({"clone", "bfloat16", "cpu", "cuda", "double", "float", "half", "to"})
_WRITES: Final = DRAWS | FILLS
#: Functions of torch.nn.init that draw nothing.
_CONSTANTS: Final = frozenset({"constant_", "dirac_", "eye_", "ones_", "zeros_"})
_CAST_COMMENT: Final = "unless it is of that kind already"


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find tensors that are initialized in place and then dropped."""
    for call in source.calls:
        tensor = _written(source, call)
        if tensor is not None and isinstance(source.parents[call], ast.Expr):
            copied = stripped(tensor)
            copier = _copied(copied)
            if copier is not None:
                yield _finding(source, call, copier, copied)
            elif isinstance(copied, ast.Name) and (maker := _dropped_copy(source, copied, call)):
                yield _finding(source, call, *maker)
            elif _picks_elements(tensor):
                yield source.finding(
                    "FW402",
                    call,
                    f"{source.segment(tensor)} is a copy of elements that were picked: what is "
                    "written to it is thrown away.",
                    "Assign to the elements: weight.data[rows] = values.",
                )
        if _sets_and_drops(source, call):
            yield source.finding(
                "FW402",
                call,
                "`.at[...]` of JAX returns a new array, which is thrown away here.",
                "Keep it: w = w.at[index].set(value).",
            )


def _finding(
    source: PythonSource, call: ast.Call, original: ast.expr, copied: ast.expr
) -> LintFinding:
    condition = "" if _copier(copied) == "clone" else f", {_CAST_COMMENT}"
    return source.finding(
        "FW402",
        call,
        f"{source.segment(copied)} is a copy of {source.segment(original)}{condition}: what is "
        "written to it is thrown away.",
    )


def _written(source: PythonSource, call: ast.Call) -> ast.expr | None:
    """Return the tensor that a call writes in place."""
    function = in_place_function(source, call)
    if call.args and (DRAWING_FUNCTIONS.fullmatch(function) or function in _CONSTANTS):
        return call.args[0]
    if isinstance(call.func, ast.Attribute) and call.func.attr in _WRITES:
        return call.func.value
    return None


def _copier(node: ast.expr) -> str:
    return node.func.attr if isinstance(node, ast.Call) and _copied(node) is not None else ""  # type: ignore[attr-defined]


def _copied(node: ast.expr) -> ast.expr | None:
    """Return the weight that an expression is a copy of."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.expr() as tensor, attr=name)) if name in _COPIES:
            original = stripped(tensor)
            if isinstance(original, ast.Name | ast.Attribute):
                return original
    return None


def _dropped_copy(
    source: PythonSource, name: ast.Name, call: ast.Call
) -> tuple[ast.expr, ast.expr] | None:
    """Return what a local name is a copy of, if nothing reads the copy after it was written."""
    function = source.function_of(call)
    if function is None:
        return None
    value = next(
        (
            earlier.value
            for earlier in earlier_statements(source, call)
            if isinstance(earlier, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == name.id for t in earlier.targets)
        ),
        None,
    )
    original = _copied(value) if value is not None else None
    if value is None or original is None:
        return None
    return None if _is_read_after(source, function, name.id, call, value) else (original, value)


def _is_read_after(
    source: PythonSource, function: Function, name: str, call: ast.Call, copy: ast.expr
) -> bool:
    """Whether a function reads a copy otherwise than to write it or to ask for its shape."""
    inside = {*ast.walk(call), *ast.walk(copy)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Name) or node.id != name or node in inside:
            continue
        if isinstance(node.ctx, ast.Store) or node.lineno < copy.lineno:
            continue
        parent = source.parents[node]
        if isinstance(parent, ast.Attribute) and parent.attr in _QUESTIONS:
            continue
        outer = next((n for n in source.around(node) if isinstance(n, ast.Call)), None)
        if (
            outer is not None
            and isinstance(source.parents[outer], ast.Expr)
            and (target := _written(source, outer)) is not None
            and node in ast.walk(target)
        ):
            continue
        return True
    return False


_QUESTIONS: Final = frozenset({"device", "dim", "dtype", "ndim", "numel", "shape", "size"})


def _picks_elements(node: ast.expr) -> bool:
    """Whether an expression picks elements by a list or a condition, which copies them."""
    if not isinstance(node, ast.Subscript):
        return False
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return any(isinstance(part, ast.List | ast.Compare) for part in parts)


def _sets_and_drops(source: PythonSource, call: ast.Call) -> bool:
    if any("pallas" in name for name in source.imports.values()):
        # References of Pallas have an `at` that writes.
        return False
    match call.func:
        case ast.Attribute(
            value=ast.Subscript(value=ast.Attribute(attr="at")),
            attr="set" | "add" | "multiply" | "divide" | "power" | "min" | "max" | "apply",
        ):
            return isinstance(source.parents[call], ast.Expr)
    return False
