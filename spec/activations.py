"""Activations by name: what they do to a float, and their slopes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean, short_repr

#: The slope of a leaky ReLU where none is given, as in torch.
LEAKY_SLOPE: Final = 0.01

_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def _sigmoid(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z)) if z >= 0 else 1.0 - _sigmoid(-z)


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _leaky_relu(z: float, slope: float = LEAKY_SLOPE) -> float:
    return z if z > 0 else slope * z


def _elu(z: float, alpha: float = 1.0) -> float:
    return z if z > 0 else alpha * math.expm1(z)


#: The activations that have a formula here.
ACTIVATIONS: Final[dict[str, Callable[..., float]]] = {
    "linear": lambda z: z,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "selu": lambda z: _SELU_SCALE * _elu(z, _SELU_ALPHA),
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "gelu": lambda z: 0.5 * z * math.erfc(-z / math.sqrt(2.0)),
    "gelu_tanh": lambda z: (
        0.5 * z * (1.0 + math.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z**3)))
    ),
    "silu": lambda z: z * _sigmoid(z),
    "mish": lambda z: z * math.tanh(_softplus(z)),
}


def _leaky_relu_slope(z: float, slope: float = LEAKY_SLOPE) -> float:
    return 1.0 if z > 0 else slope


def _elu_slope(z: float, alpha: float = 1.0) -> float:
    return 1.0 if z > 0 else alpha * math.exp(z)


def _sigmoid_slope(z: float) -> float:
    tail = math.exp(-abs(z))
    return tail / (1.0 + tail) ** 2


def _gelu_slope(z: float) -> float:
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return 0.5 * math.erfc(-z / math.sqrt(2.0)) + z * density


def _gelu_tanh_slope(z: float) -> float:
    bent = math.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z**3))
    inner = math.sqrt(2.0 / math.pi) * (1.0 + 3.0 * 0.044715 * z * z)
    return 0.5 * (1.0 + bent) + 0.5 * z * (1.0 - bent * bent) * inner


def _mish_slope(z: float) -> float:
    bent = math.tanh(_softplus(z))
    return bent + z * (1.0 - bent * bent) * _sigmoid(z)


#: Their derivatives; at a kink the one on the left.
SLOPES: Final[dict[str, Callable[..., float]]] = {
    "linear": lambda _: 1.0,
    "relu": lambda z: float(z > 0),
    "leaky_relu": _leaky_relu_slope,
    "elu": _elu_slope,
    "selu": lambda z: _SELU_SCALE * _elu_slope(z, _SELU_ALPHA),
    "tanh": lambda z: 1.0 - math.tanh(z) ** 2,
    "sigmoid": _sigmoid_slope,
    "softplus": _sigmoid,
    "gelu": _gelu_slope,
    "gelu_tanh": _gelu_tanh_slope,
    "silu": lambda z: _sigmoid(z) + z * _sigmoid_slope(z),
    "mish": _mish_slope,
}

#: The activations that take a parameter: a slope, or alpha.
_WITH_PARAMETER: Final = ("leaky_relu", "elu")


def find_activation(
    nonlinearity: object,
    param: float | None = None,
    formulas: dict[str, Callable[..., float]] = ACTIVATIONS,
) -> Callable[[float], float]:
    """Return an activation as a function of one float.

    Args:
        nonlinearity: a name, or the function itself.
        param: the slope of ``leaky_relu``, or alpha of ``elu``; None for the usual one.
        formulas: what is looked up by name: the activations, or their slopes.

    Raises:
        FanwiseError: for a name that is not known, and a param that it does not take.
    """
    if callable(nonlinearity):
        function: Callable[..., float] = nonlinearity
    elif isinstance(nonlinearity, str) and nonlinearity in formulas:
        function = formulas[nonlinearity]
    else:
        hint = did_you_mean(nonlinearity, formulas) + " Or pass the function itself."
        raise FanwiseError("an activation with a known formula", nonlinearity, hint)
    if param is None:
        return function
    if not (isinstance(nonlinearity, str) and nonlinearity in _WITH_PARAMETER):
        hint = f"Leave param out: only {' and '.join(_WITH_PARAMETER)} take one."
        raise FanwiseError(f"no param for {short_repr(nonlinearity)}", param, hint)
    slope = checked_slope(param)
    return lambda z: function(z, slope)


def checked_slope(param: Any) -> float:
    """Return a negative slope, or alpha, as a float.

    Raises:
        FanwiseError: for anything but a finite number.
    """
    number = isinstance(param, (int, float)) and not isinstance(param, bool)
    if not number or not is_finite(param):
        context = f"negative_slope {short_repr(param)} not a valid number"
        raise FanwiseError(
            "a number as the negative slope", param, "Pass e.g. 0.01.", context=context
        )
    return float(param)


def is_finite(number: Any) -> bool:
    """Return whether a float can hold a number."""
    try:
        return math.isfinite(number)
    except OverflowError:  # an integer beyond every float
        return False


def guarded(function: Callable[[float], float], nonlinearity: object) -> Callable[[float], float]:
    """Return a function that is infinite where it overflows, and raises a FanwiseError elsewhere.

    Args:
        function: of one float, of anyone.
        nonlinearity: what it was asked for by.
    """
    return partial(_value, function, nonlinearity)


def _value(function: Callable[[float], float], nonlinearity: object, z: float) -> float:
    try:
        return float(function(z))
    except OverflowError:
        return math.inf
    except Exception as error:
        received = Phrase(f"{short_repr(nonlinearity)}, which raises {type(error).__name__}")
        hint = "Pass a function of a float, or a name, e.g. 'gelu'."
        raise FanwiseError("an activation of one float", received, hint) from error
