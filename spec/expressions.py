"""Arithmetic in recipes and in the catalogue: numbers, names, + − × ÷ ^, functions, no more.

The same text is worked out for one number here, and for all elements of a weight by the core,
which brings the functions for arrays.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from fanwise.spec.elementary import FUNCTIONS
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.gains import is_finite
from fanwise.spec.powers import power

Comparison = Callable[[Any, Any], Any]

_COMPARISONS: Final[dict[type[ast.cmpop], Comparison]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SIGNS: Final[dict[type[ast.unaryop], Callable[[Any], float]]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_LONGEST: Final = 500
#: A comparison, and a value for each case.
_OF_WHERE: Final = 3
#: What arithmetic is written with: numbers, names, signs. Python's grammar, which reads it then,
#: knows text, comments and escapes as well.
_WORDS: Final = re.compile(
    r"(?:\s++|[+\-*/^(),]|[<>]=?|[=!]=|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])|[^\W\d]\w*+)*+"
)
_EXAMPLE: Final = "Write e.g. '0.02 / sqrt(2 * layers)'."
_FORM: Final = f"arithmetic of numbers, names, + - * / ^, {', '.join([*FUNCTIONS, 'where'])}"


@dataclass(frozen=True)
class Functions:
    """What the functions of an expression are, for numbers of one type.

    Attributes:
        named: each with the number of its arguments, None for one or more.
        power: of a base and an exponent.
        where: of a comparison of two numbers, and of what works out the value for each case.
        checked: of a number, to see to what is not finite.
    """

    named: Mapping[str, tuple[Callable[..., Any], int | None]]
    power: Callable[[Any, Any], Any]
    where: Callable[[Comparison, Any, Any, Callable[[], Any], Callable[[], Any]], Any]
    checked: Callable[[Any], Any]


def _choose(
    comparison: Comparison,
    left: float,
    right: float,
    held: Callable[[], float],
    otherwise: Callable[[], float],
) -> float:
    return held() if comparison(left, right) else otherwise()


def _checked(number: float) -> float:
    if not math.isfinite(number):
        raise OverflowError("a number is too large")
    return number


#: The functions of one number.
OF_NUMBERS: Final = Functions(FUNCTIONS, power, _choose, _checked)


def value(text: str, names: Mapping[str, float]) -> float:
    """Evaluate an expression.

    Args:
        text: e.g. ``"0.02 / sqrt(2 * layers)"``; ``^`` is the power.
        names: the value of every name.

    Raises:
        FanwiseError: for what is not arithmetic, an unknown name, or a result that is not
            a finite number.

    Examples:
        >>> value("0.02 / sqrt(2 * layers)", {"layers": 8})
        0.005
    """
    return _number_of(_parsed(text), names, text)


def _number_of(node: ast.expr, names: Mapping[str, float], text: str) -> float:
    """Work out a part of an expression, which its text is only named for."""
    try:
        result = _value(node, {name: float(names[name]) for name in names}, text, OF_NUMBERS)
    except (ArithmeticError, ValueError, RecursionError) as error:
        if isinstance(error, FanwiseError):
            raise
        raise _bad(text, f"It fails: {error}.") from error
    if isinstance(result, complex) or not math.isfinite(result):
        raise _bad(text, "It is not a finite number.")
    return float(result)


def holds(text: str, names: Mapping[str, float]) -> bool:
    """Tell whether a comparison of two expressions holds.

    Args:
        text: e.g. ``"rows == columns"``, as ``where`` takes it first.
        names: the value of every name.

    Raises:
        FanwiseError: for what is no comparison, and as :func:`value` does.

    Examples:
        >>> holds("mod(columns, 2) == 0", {"columns": 3})
        False
    """
    comparison, left, right = _compared(_parsed(text), text)
    return bool(comparison(_number_of(left, names, text), _number_of(right, names, text)))


def checked_comparison(text: str) -> str:
    """Return a text that is one comparison of two expressions.

    Raises:
        FanwiseError: for anything else.
    """
    _compared(_parsed(text), text)
    return text


def evaluate(text: str, names: Mapping[str, Any], functions: Functions) -> Any:
    """Evaluate an expression of numbers of any type.

    Args:
        text: the expression.
        names: the value of every name, of that type or a float.
        functions: those of that type.

    Raises:
        FanwiseError: for what is not arithmetic, and for an unknown name.
    """
    return _value(_parsed(text), names, text, functions)


def names_in(text: str) -> frozenset[str]:
    """Return the names that an expression needs.

    Raises:
        FanwiseError: for what is not arithmetic.
    """
    tree = _parsed(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called
    )


def resolved(variables: Mapping[str, float | str]) -> dict[str, float]:
    """Evaluate all variables, each of which may name others.

    Raises:
        FanwiseError: for a name that is unknown, or that leads back to itself.
    """
    done: dict[str, float] = {}
    for name in variables:
        # What is still to be resolved, each for the one before it: a chain may be long.
        way = {name: None}
        while way:
            current = next(reversed(way))
            given = variables[current]
            needed = sorted(names_in(given)) if isinstance(given, str) else []
            for other in needed:
                if other not in variables:
                    raise _unknown(other, str(given), variables)
            missing = next((other for other in needed if other not in done), None)
            if missing is None:
                done[current] = value(given, done) if isinstance(given, str) else _number(given)
                del way[current]
            elif missing in way:
                names = list(way)
                circle = Phrase(" → ".join([*names[names.index(missing) :], missing]))
                expected = "variables that do not name themselves"
                raise FanwiseError(expected, circle, "Break the circle.")
            else:
                way[missing] = None
    return done


def _number(given: Any) -> float:
    if not is_finite(given):
        raise FanwiseError(
            "a finite number as a variable", given, "Write one that a float can hold."
        )
    return float(given)


def _parsed(text: str) -> ast.expr:
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        received = Phrase(f"{text[:40]!r}…") if isinstance(text, str) and text.strip() else text
        raise FanwiseError(_FORM, received, f"Write one in at most {_LONGEST} characters.")
    if not _WORDS.fullmatch(text):
        raise _bad(text, _EXAMPLE)
    try:
        return _tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _bad(text, _EXAMPLE) from error


@lru_cache(maxsize=1024)
def _tree(text: str) -> ast.expr:
    return ast.parse(" ".join(text.replace("^", "**").split()), mode="eval").body


def _value(node: ast.expr, names: Mapping[str, Any], text: str, functions: Functions) -> Any:
    def of(inner: ast.expr) -> Any:
        return _value(inner, names, text, functions)

    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return functions.checked(float(number))
        case ast.Name(id=name):
            if name not in names:
                raise _unknown(name, text, names)
            return names[name]
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return functions.checked(functions.power(of(left), of(right)))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return functions.checked(_OPERATORS[type(op)](of(left), of(right)))
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _SIGNS:
            return _SIGNS[type(sign)](of(operand))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, arguments, text, functions, of)
    raise _bad(text, _EXAMPLE)


def _called(
    name: str,
    arguments: list[ast.expr],
    text: str,
    functions: Functions,
    of: Callable[[ast.expr], Any],
) -> Any:
    if name == "where":
        if len(arguments) != _OF_WHERE:
            raise _bad(text, "where takes a comparison and two values.")
        condition, held, otherwise = arguments
        comparison, left, right = _compared(condition, text)
        cases = (lambda: of(held), lambda: of(otherwise))
        return functions.where(comparison, of(left), of(right), *cases)
    if name not in functions.named:
        raise _bad(text, _EXAMPLE)
    function, count = functions.named[name]
    if count not in (None, len(arguments)) or not arguments:
        raise _bad(text, f"{name} takes {count or 'one or more'} arguments.")
    return functions.checked(function(*map(of, arguments)))


def _compared(node: ast.expr, text: str) -> tuple[Comparison, ast.expr, ast.expr]:
    """Read a comparison: the first argument of ``where``, and allowed nowhere else."""
    match node:
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARISONS:
            return _COMPARISONS[type(sign)], left, right
    raise _bad(text, "Write a comparison first, e.g. 'where(row < column, 0, 1)'.")


def _bad(text: str, hint: str) -> FanwiseError:
    return FanwiseError(_FORM, text, hint)


def _unknown(name: str, text: str, names: Mapping[str, object]) -> FanwiseError:
    hint = f"Give it in [vars]. {did_you_mean(name, names)}" if names else "Give it in [vars]."
    return FanwiseError(f"known names in {text!r}", name, hint)
