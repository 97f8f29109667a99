"""The values of expressions in a constructor, as far as they can be told without calling it."""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import torch
from torch import nn

#: Functions that make a tensor of the sizes that they are given.
OF_SIZES: Final = frozenset(
    {"randn", "rand", "zeros", "ones", "empty", "full", "Tensor", "FloatTensor", "truncated_normal"}
)
#: Arguments that say where a tensor lies, not what is in it: here it lies nowhere else.
_PLACES: Final = frozenset({"device", "dtype"})
#: What may be called for a local name: nothing else is run for it.
_PLAIN_MODULES: Final = (math, torch, np)
_PLAIN_BUILTINS: Final = frozenset(
    {"int", "float", "bool", "len", "max", "min", "abs", "round", "sum", "tuple", "list", "range"}
)


_OPERATORS: Final[dict[type[ast.AST], Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}


class UnknownValueError(Exception):
    """What cannot be told from the text."""


class Unknown:
    """Stands for a value that is not known."""


UNKNOWN: Final = Unknown()


class ConstructorValues:
    """Evaluates expressions of a constructor.

    Attributes:
        known: the values of its names.
        defaults: those of arguments of which nothing is known.
        doubted: names whose values follow from one of those.
        is_doubtful: whether what was evaluated last follows from one of those.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.known: dict[str, Any] = {}
        self.defaults: dict[str, Any] = {}
        self.doubted: set[str] = set()
        self.is_doubtful = False
        self._globals = names
        self._shape: tuple[int, ...] | None = None

    def of(
        self, node: ast.expr, *, is_plain: bool = False, shape: tuple[int, ...] | None = None
    ) -> Any:
        """Evaluate an expression.

        Args:
            node: the expression.
            is_plain: whether nothing but arithmetic may be run.
            shape: of the tensor that it makes, where that is known.

        Raises:
            UnknownValueError: for what cannot be evaluated, or raises something.
        """
        self._shape, self.is_doubtful = shape, False
        try:
            return self._evaluated(node, is_plain=is_plain)
        except UnknownValueError:
            raise
        except (Exception, SystemExit) as error:
            raise UnknownValueError from error

    @contextmanager
    def without_defaults(self) -> Iterator[None]:
        """Know nothing, for a while, that follows from defaults."""
        known, defaults = dict(self.known), self.defaults
        self.known.update(dict.fromkeys(self.doubted, UNKNOWN))
        self.defaults = {}
        try:
            yield
        finally:
            self.known.update(known)
            self.defaults = defaults

    def _evaluated(self, node: ast.expr, *, is_plain: bool) -> Any:
        def value(inner: ast.expr) -> Any:
            return self._evaluated(inner, is_plain=is_plain)

        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self._named(node.id)
            case ast.Attribute():
                return getattr(value(node.value), node.attr)
            case ast.Tuple() | ast.List():
                return [value(part) for part in node.elts]
            case ast.Dict() if None not in node.keys:
                keys = [value(key) for key in node.keys if key is not None]
                return dict(zip(keys, map(value, node.values), strict=True))
            case ast.Call():
                return self._called(node, is_plain=is_plain)
            case ast.IfExp():
                return value(node.body if value(node.test) else node.orelse)
            case ast.Subscript():
                return value(node.value)[value(node.slice)]
        return _operated(node, value)

    def _named(self, name: str) -> Any:
        if name in _PLACES:
            return None
        if name in self.known:
            found = self.known[name]
        elif name in self._globals:
            found = self._globals[name]
        else:
            found = getattr(builtins, name, UNKNOWN)
        self.is_doubtful |= name in self.doubted
        if isinstance(found, Unknown) and name in self.defaults:
            self.is_doubtful = True
            found = self.defaults[name]
        if isinstance(found, Unknown):
            raise UnknownValueError
        return found

    def _called(self, node: ast.Call, *, is_plain: bool) -> Any:
        function = self._evaluated(node.func, is_plain=is_plain)
        if is_plain and not _is_plain(function):
            raise UnknownValueError
        if isinstance(function, type) and issubclass(function, nn.Module):
            raise UnknownValueError
        keywords: dict[str, Any] = {}
        for word in node.keywords:
            value = self._evaluated(word.value, is_plain=is_plain)
            keywords |= value if word.arg is None else {word.arg: value}
        try:
            arguments: list[Any] = []
            for item in node.args:
                if isinstance(item, ast.Starred):
                    arguments += self._evaluated(item.value, is_plain=is_plain)
                else:
                    arguments.append(self._evaluated(item, is_plain=is_plain))
        except UnknownValueError:
            # Of a parameter that is there, the sizes are known whatever they are called.
            if self._shape is None or last_name(node.func) not in OF_SIZES:
                raise
            rest = node.args[1:] if last_name(node.func) == "full" else ()
            arguments = [self._shape] if rest else list(self._shape)
            arguments += [self._evaluated(item, is_plain=is_plain) for item in rest]
        return function(*arguments, **keywords)


def _operated(node: ast.expr, value: Callable[[ast.expr], Any]) -> Any:
    """Apply an operator."""
    match node:
        case ast.BinOp():
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        case ast.UnaryOp():
            return _OPERATORS[type(node.op)](value(node.operand))
        case ast.Compare(ops=[compared], comparators=[other]):
            return _OPERATORS[type(compared)](value(node.left), value(other))
        case ast.BoolOp(op=ast.And()):
            return all(value(part) for part in node.values)
        case ast.BoolOp():
            return any(value(part) for part in node.values)
    raise UnknownValueError


def last_name(node: ast.expr) -> str:
    """Return the last word of a dotted name; ``""`` for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_plain(function: Any) -> bool:
    """Tell whether a function is one of arithmetic."""
    name = getattr(function, "__name__", "")
    if getattr(builtins, name, None) is function:
        return name in _PLAIN_BUILTINS
    of_a_tensor = isinstance(getattr(function, "__self__", None), torch.Tensor)
    return of_a_tensor or any(getattr(m, name, None) is function for m in _PLAIN_MODULES)
