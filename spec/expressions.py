"""Arithmetic in recipes: numbers, names, + − × ÷ ^, and a few functions, and nothing else."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.gains import is_finite

#: The functions of an expression, with the number of their arguments (None for one or more).
FUNCTIONS: Final[dict[str, tuple[Callable[..., float], int | None]]] = {
    "sqrt": (math.sqrt, 1),
    "log": (math.log, 1),
    "min": (lambda *numbers: min(numbers), None),
    "max": (lambda *numbers: max(numbers), None),
}
_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}
_SIGNS: Final[dict[type[ast.unaryop], Callable[[Any], float]]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_LONGEST: Final = 200
#: What arithmetic is written with: numbers, names, signs. Python's grammar, which reads it then,
#: knows text, comments and escapes as well.
_WORDS: Final = re.compile(
    r"(?:\s++|[+\-*/^(),]|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])|[^\W\d]\w*+)*+"
)
_EXAMPLE: Final = "Write e.g. '0.02 / sqrt(2 * layers)'."
_FORM: Final = f"arithmetic of numbers, names, + - * / ^, {', '.join(FUNCTIONS)}"


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
    try:
        result = _value(_parsed(text), names, text)
    except (ArithmeticError, ValueError, RecursionError) as error:
        if isinstance(error, FanwiseError):
            raise
        raise _bad(text, f"It fails: {error}.") from error
    if isinstance(result, complex) or not math.isfinite(result):
        raise _bad(text, "It is not a finite number.")
    return float(result)


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


def _value(node: ast.expr, names: Mapping[str, float], text: str) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name):
            if name not in names:
                raise _unknown(name, text, names)
            return float(names[name])
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, names, text), _value(right, names, text))
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _SIGNS:
            return _SIGNS[type(sign)](_value(operand, names, text))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            function, count = FUNCTIONS[name]
            if count not in (None, len(arguments)) or not arguments:
                raise _bad(text, f"{name} takes {count or 'one or more'} arguments.")
            return function(*(_value(argument, names, text) for argument in arguments))
    raise _bad(text, _EXAMPLE)


def _bad(text: str, hint: str) -> FanwiseError:
    return FanwiseError(_FORM, text, hint)


def _unknown(name: str, text: str, names: Mapping[str, object]) -> FanwiseError:
    hint = f"Give it in [vars]. {did_you_mean(name, names)}" if names else "Give it in [vars]."
    return FanwiseError(f"known names in {text!r}", name, hint)
