"""Weights that are set through `.data`, past what guards those that were loaded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.sources import Function, PythonSource
from fanwise.adapters.lint.tensors import DRAWS, FILLS, in_place_function, is_initializer

#: What transformers marks a loaded weight with; code that asks for it needs no guard.
_MARK: Final = "_is_hf_initialized"

_WRITES: Final = (DRAWS | FILLS) - {"copy_"}
#: Methods that change what is there: what was loaded, where the draw before them was skipped.
_CHANGES: Final = frozenset({"add_", "clamp_", "div_", "mul_"})
#: The functions that a guard stands in front of.
_BY_FUNCTION: Final = re.compile(
    r"(kaiming|xavier|trunc|orthogonal|sparse|normal|uniform|zeros|ones|constant|eye|dirac)(_\w+)?_"
)
#: The function of torch.nn.init that does the same.
_INSTEAD: Final = {
    "fill_": "nn.init.constant_({}, value)",
    "normal_": "nn.init.normal_({}, mean, std)",
    "uniform_": "nn.init.uniform_({}, low, high)",
    "zero_": "nn.init.zeros_({})",
}


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find writes through `.data` in the functions that set weights."""
    guarded = _is_of_transformers(source)
    for call in source.calls:
        tensor = _written_tensor(source, call, guarded=guarded)
        if tensor is None:
            continue
        function = source.function_of(call)
        if not _is_hook(source, function) or _asks_first(source, call):
            continue
        name = source.segment(tensor)
        instead = _INSTEAD.get(source.last_word(call.func))
        yield source.finding(
            "FW403",
            call,
            f"{name} is set through .data, whether or not it was loaded.",
            f"Write {instead.format(name)}." if instead else "",
        )


def _written_tensor(source: PythonSource, call: ast.Call, *, guarded: bool) -> ast.expr | None:
    """Return the tensor that a call sets through `.data`."""
    if guarded and call.args and _BY_FUNCTION.fullmatch(in_place_function(source, call)):
        # The mark of a loaded weight is on the weight, not on its data.
        return _behind_data(call.args[0])
    methods = _WRITES | _CHANGES if guarded else _WRITES
    if isinstance(call.func, ast.Attribute) and call.func.attr in methods:
        return _behind_data(call.func.value)
    return None


def _is_hook(source: PythonSource, function: Function | None) -> bool:
    """Whether a function is one that others call for the modules of a model.

    What resets a layer, or is part of its constructor, is meant to set it whatever it holds.
    """
    name = getattr(function, "name", "").lower()
    if "weight" in name and "reset" not in name:
        return is_initializer(source, function)
    return name in source.applied


def _is_of_transformers(source: PythonSource) -> bool:
    """Whether models here are started after they were loaded, weight by weight."""
    return any(
        name.startswith("transformers") or name.endswith("PreTrainedModel")
        for name in source.imports.values()
    )


def _asks_first(source: PythonSource, call: ast.Call) -> bool:
    """Whether a condition around a call asks if the weight was loaded."""
    return any(
        isinstance(outer, ast.If)
        and any(
            getattr(part, "value", None) == _MARK or getattr(part, "attr", "") == _MARK
            for part in ast.walk(outer.test)
        )
        for outer in source.around(call)
    )


def _behind_data(node: ast.expr) -> ast.expr | None:
    """Return the tensor whose `.data` is written, here or in a part of it."""
    while isinstance(node, ast.Subscript):
        node = node.value
    match node:
        case ast.Attribute(value=ast.expr() as tensor, attr="data"):
            return tensor
        case ast.Call(func=ast.Attribute(value=ast.expr() as tensor, attr="detach"), args=[]):
            return tensor
    return None
