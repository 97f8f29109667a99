"""Gains: how much a nonlinearity's weights must be scaled to keep the variance."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Final

from fanwise.spec.activations import (
    ACTIVATIONS,
    LEAKY_SLOPE,
    checked_slope,
    find_activation,
    guarded,
)
from fanwise.spec.activations import is_finite as is_finite  # noqa: PLC0414 (handed on)
from fanwise.spec.errors import FanwiseError, did_you_mean, letters_of, short_repr

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

_CONVENTIONS: Final = ("torch", "exact", "centred")


def gain(
    nonlinearity: str | Callable[[float], float],
    param: float | None = None,
    *,
    convention: str = "torch",
) -> float:
    """Look up, or integrate, the gain of a nonlinearity.

    Args:
        nonlinearity: a name; but for torch's table also any function of one float.
        param: the slope of ``leaky_relu`` (0.01 if None), or alpha of ``elu``.
        convention: ``"torch"``, the table of ``torch.nn.init.calculate_gain``; ``"exact"``,
            1/sqrt(E[f(z)**2]) over a standard normal z; or ``"centred"``, 1/sqrt(Var[f(z)]),
            the γ of networks without normalization, whose weights sum to zero over the fan in.

    Returns:
        The factor on the standard deviation that keeps the mean square (``"exact"``), or the
        variance (``"centred"``), of what comes after the activation at 1.

    Raises:
        FanwiseError: for a nonlinearity or convention that is not known.

    Examples:
        >>> gain("tanh")
        1.6666666666666667
        >>> round(gain("gelu", convention="exact"), 4)
        1.5335
        >>> round(gain("relu", convention="centred"), 4)  # sqrt(2 / (1 - 1/π))
        1.7129

    References:
        He et al. 2015, equation 15 (leaky ReLU); Klambauer et al. 2017 (SELU); Brock et al.
        2021, arXiv:2101.08692, section 4.3 (the centred gain).
    """
    if isinstance(convention, str) and convention == "torch":
        return math.sqrt(squared_gain(nonlinearity, param))
    if isinstance(convention, str) and convention == "exact":
        return _exact_gain(nonlinearity, param)
    if isinstance(convention, str) and convention == "centred":
        return _centred_gain(nonlinearity, param)
    hint = did_you_mean(convention, _CONVENTIONS, {"centered": "centred", "nfnet": "centred"})
    raise FanwiseError("convention 'torch', 'exact' or 'centred'", convention, hint)


def squared_gain(nonlinearity: object, param: float | None = None) -> float:
    """Return the square of torch's gain, without the rounding of a square root."""
    name = nonlinearity if isinstance(nonlinearity, str) else ""
    if name == "leaky_relu":
        slope = LEAKY_SLOPE if param is None else checked_slope(param)
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


def _exact_gain(nonlinearity: object, param: float | None) -> float:
    function = guarded(find_activation(nonlinearity, param), nonlinearity)
    # The trapezoid rule converges fast for a decaying integrand; a node at 0
    # keeps it accurate for the kinks there (relu, elu).
    steps, reach = 4096, 12.0
    total = 0.0
    try:
        for i in range(-steps, steps + 1):
            z = reach * i / steps
            total += function(z) ** 2 * math.exp(-0.5 * z * z)
    except OverflowError:
        total = math.inf
    if not 0.0 < total < math.inf:
        hint = "Pass a function whose mean square over a standard normal is positive and finite."
        raise FanwiseError("an activation with an exact gain", nonlinearity, hint)
    return 1.0 / math.sqrt(total * reach / steps / math.sqrt(2.0 * math.pi))


def _centred_gain(nonlinearity: object, param: float | None) -> float:
    from fanwise.spec.gaussian_means import mean

    function = guarded(find_activation(nonlinearity, param), nonlinearity)
    middle = mean(function)
    # About the mean, since a difference of two means would lose digits.
    try:
        variance = mean(lambda z: (function(z) - middle) ** 2)
    except OverflowError:
        variance = math.inf
    # NaN fails every comparison. What is left of a constant is rounding.
    if not sys.float_info.epsilon * 100 * abs(middle) < math.sqrt(variance) < math.inf:
        hint = "Pass a function whose variance over a standard normal is positive and finite."
        raise FanwiseError("an activation with a centred gain", nonlinearity, hint)
    return 1.0 / math.sqrt(variance)
