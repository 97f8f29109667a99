"""The `a` of kaiming_*: a slope, which scales and other nonlinearities are not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.tensors import argument

_KAIMING: Final = re.compile(r"kaiming_(uniform|normal)_?")
#: Names of slopes, and of what they are computed from.
_SLOPE: Final = re.compile(
    r"\w*(slope|alpha|leak|negative|relu|param|math|np|numpy|torch|sqrt)\w*|a", re.IGNORECASE
)
#: Names of what makes weights larger or smaller.
_SCALE: Final = re.compile(
    r"(\w*_)?(gain|scale|scaling|std|stddev|sigma|factor|range|multiplier)(_\w*)?", re.IGNORECASE
)
#: What torch computes a gain for.
_GAINS: Final = frozenset(
    {
        "conv1d",
        "conv2d",
        "conv3d",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
        "linear",
        "relu",
        "selu",
        "sigmoid",
        "tanh",
    }
)


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find calls of kaiming_* whose `a` holds a scale, or has no effect."""
    for call in source.calls:
        function, shift = call.func, 0
        if source.last_word(function) == "partial" and call.args:
            function, shift = call.args[0], 1
        name = source.origin(function).rpartition(".")[2]
        if not _KAIMING.fullmatch(name):
            continue
        if name == "kaiming_uniform" and "init." not in source.origin(function):
            continue
        slope = argument(call, "a", 1 if not shift else -1)
        kind = argument(call, "nonlinearity", 3 if not shift else -1)
        if slope is None:
            continue
        if _holds_scale(source, slope):
            yield source.finding(
                "FW201",
                call,
                f"a={source.segment(slope)} is taken as the slope of a leaky ReLU: the larger "
                "it is, the smaller the weights are.",
            )
        elif (
            isinstance(kind, ast.Constant)
            and kind.value in _GAINS
            and not (isinstance(slope, ast.Constant) and slope.value == 0)
        ):
            yield source.finding(
                "FW202",
                call,
                f"a={source.segment(slope)} is ignored: nonlinearity={kind.value!r} has no slope.",
            )


def _holds_scale(source: PythonSource, slope: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is a product with something that is not a slope."""
    if isinstance(slope, ast.Name | ast.Attribute):
        if _SCALE.fullmatch(source.last_word(slope)):
            return True
        values = source.bound_values(slope) if isinstance(slope, ast.Name) else None
        return depth < 3 and any(_holds_scale(source, value, depth + 1) for value in values or [])
    if not isinstance(slope, ast.BinOp) or not isinstance(slope.op, ast.Mult | ast.Div):
        return False
    parts = list(_factors(slope))
    if any(map(_is_root_of_five, parts)):
        # A slope of √5 is torch's way to write a bound of 1/√fan_in; nothing else belongs there.
        return True
    names = [source.last_word(part) for part in parts if source.last_word(part)]
    return any(_SCALE.fullmatch(name) or not _SLOPE.fullmatch(name) for name in names)


def _factors(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        yield from _factors(node.left)
        yield from _factors(node.right)
    else:
        yield node


def _is_root_of_five(node: ast.expr) -> bool:
    match node:
        case ast.Call(args=[ast.Constant(value=5)], func=ast.Attribute(attr="sqrt")):
            return True
        case ast.Call(args=[ast.Constant(value=5)], func=ast.Name(id="sqrt")):
            return True
        case ast.BinOp(left=ast.Constant(value=5), op=ast.Pow(), right=ast.Constant(value=0.5)):
            return True
    return False
