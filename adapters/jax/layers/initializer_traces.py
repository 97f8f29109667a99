"""What a function draws, read from the operations that it is traced to.

Of a function that is none of JAX's own, these: it calls a sampler of JAX, multiplies the draws by a
number, adds a number, and gives them a shape. If it does anything else, it has no translation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme


@dataclass(frozen=True)
class _Draws:
    """Independent draws of one sampler, each times a factor plus a shift.

    Attributes:
        sampler: ``"normal"``, ``"uniform"`` or ``"truncated_normal"``.
        ends: of the sampler's own law, for the latter two.
        factor, shift: of what became of them.
    """

    sampler: str
    ends: tuple[float, ...] = ()
    factor: float = 1.0
    shift: float = 0.0


class _RandomKey:
    """A key, or what is derived from one."""


#: What a value of a trace is known to be: a number in every element, draws, or a key.
_Value = float | _Draws | _RandomKey | None

#: Each sampler of JAX, by the name that it has in a trace.
_SAMPLERS: Final[Mapping[str, Callable[..., Any]]] = {
    "_normal": jax.random.normal,
    "_uniform": jax.random.uniform,
    "_truncated_normal": lambda key, shape, dtype, low, high: jax.random.truncated_normal(
        key, low, high, shape, dtype
    ),
}
_NAMES: Final = {name: name.removeprefix("_") for name in _SAMPLERS}
#: Operations that keep every element, perhaps in another place or as another float.
_MOVES: Final = frozenset(
    {
        "broadcast_in_dim",
        "convert_element_type",
        "copy",
        "expand_dims",
        "reshape",
        "rev",
        "squeeze",
        "transpose",
    }
)
#: Operations that derive a key.
_KEYS: Final = frozenset({"random_wrap", "random_fold_in", "random_split", "slice", "squeeze"})
_CALLS: Final = frozenset({"jit", "pjit", "closed_call"})
_NUMBERS: Final[Mapping[str, Callable[..., float]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "sqrt": math.sqrt,
    "rsqrt": lambda a: 1 / math.sqrt(a),
    "log": math.log,
    "exp": math.exp,
}


def traced_scheme(
    function: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Scheme | float | None:
    """Return the scheme of what a function draws.

    Args:
        function: of a key.
        arguments, keywords: what it is called with after the key.

    Returns:
        The scheme, with numbers to the precision of float32; or the number that is in every
        element. None where it has no translation, or another one at each call.
    """
    value = _traced_value(function, arguments, keywords)
    # What keeps a count, or draws by itself, is traced to other numbers every time.
    if value != _traced_value(function, arguments, keywords):
        return None
    if isinstance(value, float):
        return _rounded(value)
    return _scheme(value) if isinstance(value, _Draws) else None


def _traced_value(function: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> _Value:
    # A new function each time, of which JAX remembers no trace.
    closed = jax.make_jaxpr(lambda key: function(key, *arguments, **keywords))(jax.random.key(0))
    values = _follow(closed.jaxpr, closed.consts, [_RandomKey()])
    return values[0] if len(values) == 1 else None


def _scheme(draws: _Draws) -> Scheme | float:
    factor, shift = draws.factor, _rounded(draws.shift)
    if not factor:
        return shift
    ends = [_rounded(end) for end in draws.ends]
    if draws.sampler == "uniform":
        low, high = sorted(factor * end + draws.shift for end in ends)
        return scheme("uniform", low=_rounded(low), high=_rounded(high))
    std = _rounded(abs(factor))
    if draws.sampler == "normal":
        return scheme("normal", mean=shift, std=std)
    low, high = ends if factor > 0 else (-ends[1], -ends[0])
    return scheme("truncated_normal", mean=shift, std=std, low=low, high=high, corrected=False)


def _rounded(number: float) -> float:
    """Return the shortest number that is the same in float32: 0.02, not 0.0199999996."""
    return float(str(np.float32(number)))


def _follow(jaxpr: Any, constants: Sequence[Any], given: Sequence[_Value]) -> list[_Value]:
    """Work out what the outputs of a trace are, from what its inputs are."""
    known: dict[Any, _Value] = dict(zip(jaxpr.invars, given, strict=True))
    known |= {
        variable: _number(constant)
        for variable, constant in zip(jaxpr.constvars, constants, strict=True)
    }

    def value_of(atom: Any) -> _Value:
        return _number(atom.val) if hasattr(atom, "val") else known.get(atom)

    for equation in jaxpr.eqns:
        values = [value_of(atom) for atom in equation.invars]
        results = _result(equation, values)
        known |= dict(zip(equation.outvars, results, strict=False))
    return [value_of(atom) for atom in jaxpr.outvars]


def _result(equation: Any, values: list[_Value]) -> list[_Value]:
    name = equation.primitive.name
    if name in _CALLS:
        inner = equation.params["jaxpr"]
        called = equation.params.get("name")
        if called in _SAMPLERS and isinstance(values[0], _RandomKey):
            return [_draws(called, equation, values)]
        return _follow(inner.jaxpr, inner.consts, values)
    if any(isinstance(value, _RandomKey) for value in values):
        return [_RandomKey()] * len(equation.outvars) if name in _KEYS else []
    if len(equation.outvars) != 1:
        return []
    (output,) = (atom.aval for atom in equation.outvars)
    if not values or not jnp.issubdtype(output.dtype, jnp.floating):
        return [None]
    if name in _MOVES:
        given = equation.invars[0].aval
        # Draws that are repeated are not independent, and those of 16 bits have short tails.
        same = math.prod(output.shape) == math.prod(given.shape)
        fine = same and output.dtype.itemsize <= given.dtype.itemsize
        return [values[0] if fine or isinstance(values[0], float) else None]
    return [_operated(name, values)]


def _operated(name: str, values: list[_Value]) -> _Value:
    """Return what an operation on each element makes of numbers and draws."""
    first, *others = values
    numbers = [value for value in values if isinstance(value, float)]
    if name in _NUMBERS and len(numbers) == len(values):
        return _NUMBERS[name](*numbers)
    if name == "neg" and isinstance(first, _Draws):
        return _moved(first, -1.0, 0.0)
    if len(others) != 1 or len(numbers) != 1:
        return None
    (number,), (draws,) = numbers, [value for value in values if not isinstance(value, float)]
    if not isinstance(draws, _Draws):
        return None
    is_first = draws is first
    moves = {
        "mul": (number, 0.0),
        "add": (1.0, number),
        "sub": (1.0, -number) if is_first else (-1.0, number),
        "div": (1 / number, 0.0) if is_first and number else None,
    }
    move = moves.get(name)
    return None if move is None else _moved(draws, *move)


def _moved(draws: _Draws, factor: float, shift: float) -> _Draws:
    return replace(draws, factor=draws.factor * factor, shift=draws.shift * factor + shift)


def _draws(called: str, equation: Any, values: list[_Value]) -> _Value:
    """Return what a call of a sampler draws, if it is that of JAX and no other of its name."""
    ends = equation.invars[1:]
    (out,) = (atom.aval for atom in equation.outvars)
    numbers = [value for value in values[1:] if isinstance(value, float)]
    if len(numbers) < len(ends) or not jnp.issubdtype(out.dtype, jnp.floating):
        return None
    sampler = _SAMPLERS[called]

    def reference(key: Any, *ends: Any) -> Any:
        return sampler(key, out.shape, out.dtype, *ends)

    abstract = [
        jax.ShapeDtypeStruct(a.aval.shape, a.aval.dtype, weak_type=a.aval.weak_type) for a in ends
    ]
    made = jax.make_jaxpr(reference)(jax.random.key(0), *abstract).jaxpr.eqns
    calls = [call for call in made if call.params.get("name") == called]
    if len(calls) != 1 or str(calls[0].params["jaxpr"]) != str(equation.params["jaxpr"]):
        return None
    return _Draws(_NAMES[called], tuple(numbers))


def _number(constant: Any) -> float | None:
    """Return the number that is in every element of a constant; None for several."""
    if not jnp.issubdtype(getattr(constant, "dtype", np.asarray(constant).dtype), jnp.number):
        return None
    array = np.asarray(constant, np.float64)
    if array.size == 0 or (array != array.flat[0]).any():
        return None
    return float(array.flat[0])
