"""The edge of chaos: the variances of weights and biases at which signals neither fade nor grow."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from fanwise.spec.activations import (
    ACTIVATIONS,
    SLOPES,
    find_activation,
    guarded,
    is_finite,
)
from fanwise.spec.errors import FanwiseError, Phrase, short_repr
from fanwise.spec.gaussian_means import mean

Function = Callable[[float], float]

#: Where a fixed point is looked for: variances from 10⁻⁶ to 10⁶, each twice the last.
_SMALLEST: Final = 1e-6
_STEPS: Final = 41
#: What is taken for rounding, of a variance.
_ROUNDING: Final = 1e-9
_HALVINGS: Final = 52
#: How near the mean of a derivative must come to what follows from its function.
_ALIKE: Final = 1e-6


class EdgeOfChaos(NamedTuple):
    """A point on the edge of chaos of an activation.

    Attributes:
        weight_variance: σ_w²: the variance of a weight, times its fan in.
        bias_variance: σ_b²: that of a bias.
        variance: q*: the variance of preactivations that a layer keeps; 1 where it keeps every
            one, as under ReLU.
        slope: by what a small error of that variance is multiplied in each layer; above 1 the
            variance leaves q*, if slowly, as under GELU.

    Examples:
        >>> edge_of_chaos("relu").weight_variance
        2.0

    References:
        Poole et al. 2016, arXiv:1606.05340, section 3.
    """

    weight_variance: float
    bias_variance: float
    variance: float
    slope: float


def edge_of_chaos(
    nonlinearity: str | Function,
    param: float | None = None,
    *,
    bias_variance: float = 0.0,
    derivative: Function | None = None,
) -> EdgeOfChaos:
    """Find the variance of weights at which an activation is on the edge of chaos.

    Solves q = σ_w² E[φ(√q z)²] + σ_b² together with χ₁ = σ_w² E[φ'(√q z)²] = 1, over a standard
    normal z: a wide network of these weights keeps the variance of its signals, and the size of
    its gradients. Set it up with the schemes ``variance_scaling`` (``mode="fan_in"``,
    ``scale=weight_variance``) for kernels and ``normal`` (``std=sqrt(bias_variance)``) for biases.

    Args:
        nonlinearity: a name, such as ``"tanh"``, or a function φ of one float.
        param: the slope of ``leaky_relu``, or alpha of ``elu``; None for the usual one.
        bias_variance: σ_b² ≥ 0. ReLU, and what else is linear on either side of 0, is on the
            edge without biases alone.
        derivative: φ', where the nonlinearity is a function.

    Returns:
        The named tuple ``(weight_variance, bias_variance, variance, slope)``. Of several
        solutions, that with the least variance.

    Raises:
        FanwiseError: for a nonlinearity that is not known, a function without its derivative,
            and an activation that has no edge of chaos at that variance of biases.

    Examples:
        >>> edge = edge_of_chaos("tanh", bias_variance=0.05)
        >>> round(edge.weight_variance, 3), round(edge.variance, 3)
        (1.761, 0.57)
        >>> edge_of_chaos("leaky_relu", 0.2).weight_variance == 2 / 1.04
        True

    References:
        Poole et al. 2016, arXiv:1606.05340, equations 3 and 7; Schoenholz et al. 2017,
        arXiv:1611.01232, equation 9; Hayou et al. 2019, arXiv:1902.06853, algorithm 1.
    """
    _check_variance(bias_variance)
    functions = _functions(nonlinearity, param, derivative)
    below, keeps_all = None, True
    for step in range(_STEPS):
        at = _means(functions, _SMALLEST * 2.0**step)
        keeps_all &= abs(at.kept - at.variance) <= _ROUNDING * at.variance
        if bias_variance + at.kept - at.variance > _ROUNDING * at.variance:
            below = at.variance
        elif below is not None:
            return _between(functions, below, at.variance, float(bias_variance))
    if keeps_all:
        return _everywhere(functions[1], bias_variance, nonlinearity)
    at_zero = functions[0](0.0), functions[1](0.0)
    if bias_variance == 0 and at_zero[0] == 0 and at_zero[1] != 0 and below is None:
        # The variance fades to 0, where the activation is as good as linear.
        return EdgeOfChaos(1.0 / at_zero[1] ** 2, 0.0, 0.0, 1.0)
    received = Phrase(f"{short_repr(nonlinearity)}, whose variance grows with every layer")
    hint = "Pass another nonlinearity; or use fanwise.gain with convention='exact'."
    raise FanwiseError(
        f"an activation with an edge of chaos at bias_variance={bias_variance}", received, hint
    )


class _Means(NamedTuple):
    """What a layer does to preactivations of a variance, on the edge: where χ₁ is 1."""

    variance: float
    weight_variance: float
    kept: float


def _functions(
    nonlinearity: object, param: float | None, derivative: Function | None
) -> tuple[Function, Function]:
    """Return an activation and its derivative."""
    if not callable(nonlinearity):
        if derivative is not None:
            hint = "Leave derivative out: it is for a nonlinearity that is a function."
            raise FanwiseError(f"no derivative of {short_repr(nonlinearity)}", derivative, hint)
        slope = find_activation(nonlinearity, param, SLOPES)
        return find_activation(nonlinearity, param, ACTIVATIONS), slope
    function = find_activation(nonlinearity, param)
    if not callable(derivative):
        hint = "Pass derivative=, a function of one float, or the name of a known activation."
        raise FanwiseError("the derivative of a nonlinearity that is a function", derivative, hint)
    pair = guarded(function, nonlinearity), guarded(derivative, derivative)
    _check_derivative(*pair, derivative)
    return pair


def _check_derivative(function: Function, slope: Function, given: object) -> None:
    """Raise for what is no derivative: by parts, E[φ'(z)] is E[z φ(z)]."""
    expected, held = mean(lambda z: z * function(z)), mean(slope)
    size = mean(lambda z: abs(slope(z))) + abs(expected)
    if not abs(expected - held) <= _ALIKE * size:
        received = Phrase(f"{short_repr(given)}, whose mean is {held:.6g} and not {expected:.6g}")
        hint = "Pass the derivative of the nonlinearity, or the name of a known activation."
        raise FanwiseError("the derivative of the nonlinearity", received, hint)


def _check_variance(variance: Any) -> None:
    number = isinstance(variance, int | float) and not isinstance(variance, bool)
    if not (number and is_finite(variance) and variance >= 0):
        hint = "Pass a number, e.g. bias_variance=0.05."
        raise FanwiseError("a finite bias_variance of at least 0", variance, hint)


def _means(functions: tuple[Function, Function], variance: float) -> _Means:
    """Find the variance of weights that makes χ₁ 1 there, and what they make of the variance."""
    function, slope = functions
    std = math.sqrt(variance)
    try:
        square = mean(lambda z: function(std * z) ** 2)
        steepness = mean(lambda z: slope(std * z) ** 2)
    except OverflowError:
        square = steepness = math.inf
    if not (0 < steepness < math.inf and square < math.inf):
        received = Phrase(f"mean squares of {square:.4g} and {steepness:.4g} at {variance:.4g}")
        hint = "Pass an activation that neither is constant nor grows faster than a power."
        raise FanwiseError("an activation and a slope with finite mean squares", received, hint)
    return _Means(variance, 1.0 / steepness, square / steepness)


def _everywhere(slope: Function, bias_variance: float, nonlinearity: object) -> EdgeOfChaos:
    """Return the edge of an activation that is linear on either side of 0."""
    if bias_variance > 0:
        hint = "Pass bias_variance=0: with biases the variance would grow with every layer."
        raise FanwiseError(f"no biases for {short_repr(nonlinearity)}", bias_variance, hint)
    return EdgeOfChaos(2.0 / (slope(-1.0) ** 2 + slope(1.0) ** 2), 0.0, 1.0, 1.0)


def _between(
    functions: tuple[Function, Function], low: float, high: float, bias_variance: float
) -> EdgeOfChaos:
    """Halve the range in which the fixed point lies."""
    function, slope = functions
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        if not low < middle < high:
            break
        at = _means(functions, middle)
        if bias_variance + at.kept > middle:
            low = middle
        else:
            high = middle
    at = _means(functions, math.sqrt(low * high))
    std = math.sqrt(at.variance)
    growth = mean(lambda z: z * function(std * z) * slope(std * z))
    return EdgeOfChaos(
        at.weight_variance, bias_variance, at.variance, at.weight_variance * growth / std
    )
