"""Numbers in a source, as far as they are known: the range that an expression lies in."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from typing import Final

from fanwise.adapters.lint.sources import PythonSource

#: The lowest and the highest value.
Range = tuple[float, float]
#: An expression that is taken to have a value, as ``ast.dump`` has it.
Assumed = dict[str, float]

#: Counts of layers, which are at least one, and indices of them.
_COUNT: Final = re.compile(r"(n|num|total)_?(hidden_|encoder_|decoder_)?(layers?|blocks?)|depth")
_INDEX: Final = re.compile(r"(layer|block|depth)_?(id|idx|index|num|i)")
_DEEPEST: Final = 40
_LARGEST_POWER: Final = 64
_HUGE: Final = 1e300
_FUNCTIONS: Final[dict[str, Callable[[float], float]]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "float": float,
}
_CONSTANTS: Final = {"pi": math.pi, "e": math.e, "inf": math.inf}


def range_of(
    source: PythonSource, node: ast.expr, assumed: Assumed | None = None, depth: int = 0
) -> Range | None:
    """Tell between which numbers the value of an expression lies; ``None`` if that is unknown.

    Names are followed to what this file assigns to them, parameters to their defaults, counts
    of layers are at least one.

    Args:
        source: where it stands.
        node: the expression.
        assumed: values of expressions, which are not looked into.
        depth: how many expressions have been gone through to it.
    """
    if assumed and (value := assumed.get(ast.dump(node))) is not None:
        return value, value
    if depth > _DEEPEST:
        return None

    def inner(part: ast.expr) -> Range | None:
        return range_of(source, part, assumed, depth + 1)

    match node:
        case ast.Constant(value=number):
            return _constant(number)
        case ast.UnaryOp(op=ast.USub()):
            operand = inner(node.operand)
            return None if operand is None else (-operand[1], -operand[0])
        case ast.BinOp():
            left, right = inner(node.left), inner(node.right)
            return None if left is None or right is None else _combined(node.op, left, right)
        case ast.IfExp():
            return _hull([inner(node.body), inner(node.orelse)])
        case ast.Call():
            return _called(source, node, inner)
        case ast.Name() | ast.Attribute():
            return _named(source, node, inner)
    return None


def _constant(number: object) -> Range | None:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return (float(number),) * 2 if abs(number) < _HUGE else None


def _called(
    source: PythonSource, call: ast.Call, inner: Callable[[ast.expr], Range | None]
) -> Range | None:
    match call:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, _, default]):
            return inner(default)
        case ast.Call(args=[argument], keywords=[]):
            return _applied(source.last_word(call.func), inner(argument))
    return None


def _named(
    source: PythonSource, node: ast.Name | ast.Attribute, inner: Callable[[ast.expr], Range | None]
) -> Range | None:
    word = source.last_word(node)
    if isinstance(node, ast.Attribute) and word in _CONSTANTS:
        return (_CONSTANTS[word],) * 2 if source.origin(node.value) in _MODULES else None
    values = (
        source.bound_values(node) if isinstance(node, ast.Name) else source.attribute_values(node)
    )
    if values is None and isinstance(node, ast.Attribute):
        values = source.setting_values(node)
    known = _hull([inner(value) for value in values]) if values else None
    if known is None and _COUNT.fullmatch(word):
        return 1.0, math.inf
    if known is None and _INDEX.fullmatch(word):
        return 0.0, math.inf
    return known


_MODULES: Final = ("math", "numpy", "torch", "jax.numpy")


def _hull(ranges: list[Range | None]) -> Range | None:
    known = [item for item in ranges if item is not None]
    if not known or len(known) < len(ranges):
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def _applied(name: str, argument: Range | None) -> Range | None:
    function = _FUNCTIONS.get(name)
    if function is None or argument is None:
        return None
    try:
        return function(argument[0]), function(argument[1])
    except (ValueError, OverflowError):
        return None


def _combined(operator: ast.operator, left: Range, right: Range) -> Range | None:
    function = _OPERATORS.get(type(operator))
    if function is None:
        return None
    if isinstance(operator, ast.Pow) and (left[0] < 0 or max(map(abs, right)) > _LARGEST_POWER):
        return None
    if isinstance(operator, ast.Div | ast.FloorDiv) and right[0] <= 0 <= right[1]:
        return None
    try:
        ends = [function(x, y) for x in left for y in right]
    except (ArithmeticError, ValueError):
        return None
    # Such as zero times infinity.
    return None if any(map(math.isnan, ends)) else (min(ends), max(ends))


_OPERATORS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: lambda x, y: x + y,
    ast.Sub: lambda x, y: x - y,
    ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y,
    ast.FloorDiv: lambda x, y: x // y,
    ast.Pow: lambda x, y: float(x**y),
}
