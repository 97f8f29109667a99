"""What the code of a class draws a parameter by, where that stands beside the parameter's name.

``self.pos = nnx.Param(nnx.initializers.normal(0.02)(key, shape))`` says it, and so do
``self.cls = jax.random.normal(key, shape) * 0.02`` and ``nnx.Linear(…, kernel_init=he_normal())``
of a layer. Nothing is run but the functions of ``jax.nn.initializers``, with plain numbers.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import jax
from jax.nn import initializers

from fanwise.adapters.jax.layers.initializer_functions import read_call
from fanwise.adapters.layer_weights import Shape
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

#: A chain of more names is not followed.
_DEPTH: Final = 4
#: The samplers of JAX, with what they draw where they are called with a key and a shape.
_SAMPLERS: Final = {
    jax.random.normal: scheme("normal", std=1.0),
    jax.random.uniform: scheme("uniform", low=0.0, high=1.0),
}
_KEY_AND_SHAPE: Final = ("key", "shape")
#: How many arguments a normal law is cut with: the key, the two bounds and the shape.
_WITH_BOUNDS: Final = 4
#: What is of its own form when it is multiplied.
_SCALED: Final = ("normal", "truncated_normal")
#: A stream of random numbers of nnx, which has the samplers as methods.
_STREAM: Final = re.compile(r"(?:self\.)?rngs(?:\.\w+)?\.(normal|uniform)")
_OF_STREAMS: Final = {function.__name__: law for function, law in _SAMPLERS.items()}
#: The projection of an attention that may be given an initializer of its own.
_OUT: Final = "out/"
#: The end of what a layer is given an initializer as.
_INIT: Final = "_init"


def schemes_in_code(owner: Any, attribute: str, parameter: str, shape: Shape) -> list[Scheme]:
    """Return what the code of a class says that an array is drawn by.

    Args:
        owner: the object whose class assigns the attribute.
        attribute: of the owner: the parameter, or a layer that has it.
        parameter: of the layer; "" for the owner's own.
        shape: of the array.

    Returns:
        The schemes that stand there: several where it depends on a condition.
    """
    schemes: list[Scheme] = []
    for base in type(owner).__mro__:
        names = vars(sys.modules[base.__module__]) if base.__module__ in sys.modules else {}
        for function in _functions(base):
            code = _Code(function, names, shape)
            for value in code.values_of(f"self.{attribute}"):
                told: ast.expr | None = value
                if parameter:
                    told = _keyword(value, f"{parameter}{_INIT}") or _keyword(value, parameter)
                schemes += code.schemes(told)
    return schemes


def schemes_of_layer(
    holder: tuple[Any, str] | None, name: str, attribute: str, shape: Shape
) -> list[Scheme]:
    """Return what the code of a class gives to one of its layers, for a parameter of it.

    Args:
        holder: the object whose class makes the layer, and as what attribute.
        name: of the parameter, from the layer.
        attribute: the last part of it.
        shape: of the parameter.
    """
    if holder is None:
        return []
    names = (f"out_{attribute}", attribute) if name.startswith(_OUT) else (attribute,)
    told = (schemes_in_code(*holder, parameter, shape) for parameter in names)
    return next((schemes for schemes in told if schemes), [])


@cache
def _functions(base: type) -> tuple[ast.FunctionDef, ...]:
    """Return the methods of a class, as its source has them."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _keyword(value: ast.expr, name: str) -> ast.expr | None:
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == name:
                    return keyword.value
    return None


class _Code:
    """A method of a class, and what its names stand for in its module."""

    def __init__(self, function: ast.FunctionDef, names: Mapping[str, Any], shape: Shape) -> None:
        self._function = function
        self._names = names
        self._shape = shape

    def values_of(self, target: str) -> Iterator[ast.expr]:
        """Yield what is assigned to a name, or to an attribute."""
        for node in ast.walk(self._function):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AnnAssign):
                targets = [node.target]
            value = getattr(node, "value", None)
            if value is not None and any(ast.unparse(t) == target for t in targets):
                yield value

    def schemes(self, value: ast.expr | None, depth: int = _DEPTH) -> list[Scheme]:
        """Return what an expression draws, or what the initializers in it do."""
        if value is None or not depth:
            return []
        read = self._initializer(value) or self._draws(value)
        if read is not None:
            return [read]
        if isinstance(value, ast.Name):
            return [
                chosen
                for assigned in self.values_of(value.id)
                for chosen in self.schemes(assigned, depth - 1)
            ]
        if isinstance(value, ast.IfExp):
            return [*self.schemes(value.body, depth), *self.schemes(value.orelse, depth)]
        if isinstance(value, ast.Call):
            # A parameter, or a wrapper with the axes of a mesh: what it is about comes first.
            inner = [value.func, *value.args[:1]] if value.args else [value.func]
            return [chosen for part in inner for chosen in self.schemes(part, depth - 1)]
        return []

    def _initializer(self, value: ast.expr) -> Scheme | None:
        """Read ``normal(0.02)``, whose numbers are plain."""
        if not isinstance(value, ast.Call):
            return None
        function = self._resolved(value.func)
        if getattr(function, "__module__", "") != initializers.normal.__module__:
            return None
        try:
            given = [ast.literal_eval(argument) for argument in value.args]
            named = {
                keyword.arg: ast.literal_eval(keyword.value)
                for keyword in value.keywords
                # In what dtype it is drawn does not change the law.
                if keyword.arg is not None and keyword.arg != "dtype"
            }
            law = read_call(function(*given, **named), (self._shape,))
        except Exception:  # noqa: BLE001 (whatever stands there, it may be called otherwise)
            return None
        if law.scheme is None or law.fan is None:
            return law.scheme
        return law.scheme.replace(fan=law.fan)

    def _draws(self, value: ast.expr) -> Scheme | None:
        """Read ``random.normal(key, shape) * 0.02``."""
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
            for draws, number in ((value.left, value.right), (value.right, value.left)):
                factor = _number(number)
                chosen = self._draws(draws)
                if factor and chosen is not None and chosen.name in _SCALED:
                    std = chosen["std"]
                    assert isinstance(std, float)
                    return chosen.replace(std=abs(factor) * std)
            return None
        if not isinstance(value, ast.Call) or _ends(value):
            return None
        stream = _STREAM.fullmatch(ast.unparse(value.func))
        if stream and len(value.args) == 1:
            return _OF_STREAMS[stream[1]]
        function = self._resolved(value.func)
        if function is jax.random.truncated_normal:
            return _cut_normal(value.args)
        if len(value.args) != len(_KEY_AND_SHAPE):
            return None
        return next((law for of, law in _SAMPLERS.items() if of is function), None)

    def _resolved(self, value: ast.expr) -> Any:
        """Return what a dotted name stands for in the module; None for no such name."""
        if isinstance(value, ast.Name):
            return self._names.get(value.id)
        if isinstance(value, ast.Attribute):
            return getattr(self._resolved(value.value), value.attr, None)
        return None


def _cut_normal(arguments: Sequence[ast.expr]) -> Scheme | None:
    """Read the arguments ``key, -2, 2, shape``."""
    if len(arguments) != _WITH_BOUNDS:
        return None
    low, high = map(_number, arguments[1:3])
    if low is None or high is None or not low < high:
        return None
    return scheme("truncated_normal", std=1.0, low=low, high=high, corrected=False)


def _ends(call: ast.Call) -> bool:
    return any(keyword.arg in ("minval", "maxval") for keyword in call.keywords)


def _number(value: ast.expr) -> float | None:
    try:
        number = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError):
        return None
    return float(number) if isinstance(number, int | float) else None
