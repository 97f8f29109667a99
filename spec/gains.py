"""Gains: how much a nonlinearity's weights must be scaled to keep the variance."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean, letters_of, short_repr

#: The slope of a leaky ReLU where none is given, as in torch.
LEAKY_SLOPE: Final = 0.01

# Squares, because a scale rule needs the square and must have it exact: with
# relu's 2 rather than sqrt(2)**2, kaiming_uniform has the bits of he_uniform.
_CONVOLUTIONS = tuple(f"conv{t}{d}d" for t in ("", "_transpose") for d in (1, 2, 3))
_TORCH_SQUARED: Final[dict[str, float]] = {
    "linear": 1.0,
    **dict.fromkeys(_CONVOLUTIONS, 1.0),
    "sigmoid": 1.0,
    "tanh": 25.0 / 9.0,
    "relu": 2.0,
    "selu": 9.0 / 16.0,
}

_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def _sigmoid(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z)) if z >= 0 else 1.0 - _sigmoid(-z)


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _leaky_relu(z: float, slope: float = LEAKY_SLOPE) -> float:
    return z if z > 0 else slope * z


def _elu(z: float, alpha: float = 1.0) -> float:
    return z if z > 0 else alpha * math.expm1(z)


#: The activations whose exact gain can be asked for by name.
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

_CONVENTIONS: Final = ("torch", "exact")
#: The activations that take ``param``: a slope, or alpha.
_WITH_PARAMETER: Final = ("leaky_relu", "elu")


def gain(
    nonlinearity: str | Callable[[float], float],
    param: float | None = None,
    *,
    convention: str = "torch",
) -> float:
    """Look up, or integrate, the gain of a nonlinearity.

    Args:
        nonlinearity: a name; with ``convention="exact"`` also any function of one float.
        param: the slope of ``leaky_relu`` (0.01 if None), or alpha of ``elu``.
        convention: ``"torch"``, the table of ``torch.nn.init.calculate_gain``; or
            ``"exact"``, the integral 1/sqrt(E[f(z)**2]) over a standard normal z.

    Returns:
        The factor on the standard deviation that keeps the variance.

    Raises:
        FanwiseError: for a nonlinearity or convention that is not known.

    Examples:
        >>> gain("tanh")
        1.6666666666666667
        >>> round(gain("gelu", convention="exact"), 4)
        1.5335

    References:
        He et al. 2015, equation 15 (leaky ReLU); Klambauer et al. 2017 (SELU).
    """
    if isinstance(convention, str) and convention == "torch":
        return math.sqrt(squared_gain(nonlinearity, param))
    if isinstance(convention, str) and convention == "exact":
        return _exact_gain(nonlinearity, param)
    hint = did_you_mean(convention, _CONVENTIONS)
    raise FanwiseError("convention 'torch' or 'exact'", convention, hint)


def squared_gain(nonlinearity: object, param: float | None = None) -> float:
    """Return the square of torch's gain, without the rounding of a square root."""
    name = nonlinearity if isinstance(nonlinearity, str) else ""
    if name == "leaky_relu":
        slope = LEAKY_SLOPE if param is None else _slope(param)
        return 2.0 / (1.0 + slope * slope)
    if name in _TORCH_SQUARED:
        return _TORCH_SQUARED[name]
    context = f"Unsupported nonlinearity {name or short_repr(nonlinearity)}"
    hint = did_you_mean(nonlinearity, nonlinearities())
    others = {letters_of(known) for known in ACTIVATIONS.keys() - set(nonlinearities())}
    if callable(nonlinearity) or letters_of(name) in others:
        hint = (
            "Get its gain from fanwise.gain with convention='exact', and pass the square of that "
            "as scale= to the scheme variance_scaling."
        )
    # A framework's layer, or the class of one, is meant by its name.
    word = getattr(nonlinearity, "__name__", type(nonlinearity).__name__)
    if callable(nonlinearity) and letters_of(word) in map(letters_of, nonlinearities()):
        hint = f"{did_you_mean(word, nonlinearities())} {hint}"
    raise FanwiseError("a nonlinearity of torch's table", nonlinearity, hint, context=context)


def nonlinearities() -> tuple[str, ...]:
    """Return the names of torch's table."""
    return (*_TORCH_SQUARED, "leaky_relu")


def is_finite(number: Any) -> bool:
    """Return whether a float can hold a number."""
    try:
        return math.isfinite(number)
    except OverflowError:  # an integer beyond every float
        return False


def _slope(param: Any) -> float:
    number = isinstance(param, (int, float)) and not isinstance(param, bool)
    if not number or not is_finite(param):
        context = f"negative_slope {short_repr(param)} not a valid number"
        raise FanwiseError(
            "a number as the negative slope", param, "Pass e.g. 0.01.", context=context
        )
    return float(param)


def _exact_gain(nonlinearity: object, param: float | None) -> float:
    function: Callable[..., float]
    if callable(nonlinearity):
        function = nonlinearity
    elif isinstance(nonlinearity, str) and nonlinearity in ACTIVATIONS:
        function = ACTIVATIONS[nonlinearity]
    else:
        hint = did_you_mean(nonlinearity, ACTIVATIONS) + " Or pass the function itself."
        raise FanwiseError("an activation with a known formula", nonlinearity, hint)
    args: tuple[float, ...] = ()
    if param is not None:
        if not (isinstance(nonlinearity, str) and nonlinearity in _WITH_PARAMETER):
            hint = f"Leave param out: only {' and '.join(_WITH_PARAMETER)} take one."
            raise FanwiseError(f"no param for {short_repr(nonlinearity)}", param, hint)
        args = (_slope(param),)
    # The trapezoid rule converges fast for a decaying integrand; a node at 0
    # keeps it accurate for the kinks there (relu, elu).
    steps, reach = 4096, 12.0
    total = 0.0
    try:
        for i in range(-steps, steps + 1):
            z = reach * i / steps
            total += function(z, *args) ** 2 * math.exp(-0.5 * z * z)
    except OverflowError:
        total = math.inf
    except Exception as error:
        received = Phrase(f"{short_repr(nonlinearity)}, which raises {type(error).__name__}")
        hint = "Pass a function of a float, or a name, e.g. 'gelu'."
        raise FanwiseError("an activation of one float", received, hint) from error
    if not 0.0 < total < math.inf:
        hint = "Pass a function whose mean square over a standard normal is positive and finite."
        raise FanwiseError("an activation with an exact gain", nonlinearity, hint)
    return 1.0 / math.sqrt(total * reach / steps / math.sqrt(2.0 * math.pi))
