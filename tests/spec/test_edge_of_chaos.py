"""The edge of chaos: published points, an independent solver, and what it promises of a network."""

import math

import numpy as np
import pytest
from mpmath import mp, mpf

from fanwise.spec import FanwiseError
from fanwise.spec.activations import ACTIVATIONS, SLOPES
from fanwise.spec.edge_of_chaos import edge_of_chaos


def test_published_points() -> None:
    """Of tanh, Pennington et al. 2017, arXiv:1711.04735, print (1.05, 2.01e-5)."""
    assert edge_of_chaos("tanh", bias_variance=2.01e-5).weight_variance == pytest.approx(
        1.05, rel=1e-4
    )
    # (1.7603, 0.05) is often used; the equations give 1.76095, in 25 digits below.
    assert edge_of_chaos("tanh", bias_variance=0.05).weight_variance == pytest.approx(
        1.7603, rel=5e-4
    )
    assert edge_of_chaos("relu")[:2] == (2.0, 0.0)
    assert edge_of_chaos("linear")[:2] == (1.0, 0.0)
    assert edge_of_chaos("tanh") == (1.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("bias_variance", ["0.05", "1.5"])
def test_tanh_in_25_digits(bias_variance: str) -> None:
    mp.dps = 25
    ends = mp.linspace(-12, 12, 25)

    def mean(function):
        density = mp.sqrt(2 * mp.pi)
        return mp.quad(lambda z: function(z) * mp.exp(-z * z / 2) / density, ends)

    def excess(q):
        steepness = mean(lambda z: mp.sech(mp.sqrt(q) * z) ** 4)
        return mpf(bias_variance) + mean(lambda z: mp.tanh(mp.sqrt(q) * z) ** 2) / steepness - q

    edge = edge_of_chaos("tanh", bias_variance=float(bias_variance))
    q = mp.findroot(excess, edge.variance, tol=1e-18)
    assert edge.variance == pytest.approx(float(q), rel=1e-12)
    expected = 1 / mean(lambda z: mp.sech(mp.sqrt(q) * z) ** 4)
    assert edge.weight_variance == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_those_of_the_activations(name: str) -> None:
    for z in (-7.3, -1.2, -0.4, 0.3, 0.9, 2.6, 8.1):
        step = 1e-4
        function = ACTIVATIONS[name]
        # Richardson's extrapolation: what is left is of the fourth order.
        near, far = ((function(z + h) - function(z - h)) / (2 * h) for h in (step / 2, step))
        assert SLOPES[name](z) == pytest.approx((4 * near - far) / 3, abs=3e-11)


@pytest.mark.parametrize("slope", [0.0, 0.2, -0.5])
def test_leaky_relu(slope: float) -> None:
    edge = edge_of_chaos("leaky_relu", slope)
    assert edge.weight_variance == pytest.approx(2 / (1 + slope**2), rel=1e-15)
    assert edge[1:] == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("name", "bias_variance"),
    [("tanh", 0.05), ("elu", 0.05), ("selu", 0.05), ("sigmoid", 0.0), ("gelu", 0.2), ("silu", 1)],
)
def test_both_equations_hold(name: str, bias_variance: float) -> None:
    """By Simpson's rule on either side of 0, in NumPy."""
    weight_variance, biases, q, slope = edge_of_chaos(name, bias_variance=bias_variance)
    half = np.linspace(0, 12, 4001)
    weights = np.array([1, *[4, 2] * 1999, 4, 1]) * np.exp(-(half**2) / 2)
    weights *= 12 / 4000 / 3 / math.sqrt(2 * math.pi)

    def mean_at(variance, formulas):
        std, function = math.sqrt(variance), formulas[name]
        right = [function(std * max(z, 1e-300)) ** 2 for z in half]
        return float(weights @ right + weights @ [function(-std * z) ** 2 for z in half])

    rough = 1e-10
    assert biases == bias_variance
    assert weight_variance * mean_at(q, SLOPES) == pytest.approx(1, rel=rough)
    assert weight_variance * mean_at(q, ACTIVATIONS) + biases == pytest.approx(q, rel=rough)
    grown = mean_at(q * 1.001, ACTIVATIONS) - mean_at(q * 0.999, ACTIVATIONS)
    assert slope == pytest.approx(weight_variance * grown / (0.002 * q), rel=1e-5)


def test_a_wide_network_keeps_its_signals() -> None:
    """Eight layers of tanh, 1,024 wide: the variance is that of the fixed point, to 10 %."""
    weight_variance, bias_variance, variance, _ = edge_of_chaos("tanh", bias_variance=0.05)
    generator = np.random.default_rng(0)
    signal = generator.standard_normal((64, 1024)) * math.sqrt(variance)
    for _ in range(8):
        weight = generator.standard_normal((1024, 1024)) * math.sqrt(weight_variance / 1024)
        bias = generator.standard_normal(1024) * math.sqrt(bias_variance)
        signal = np.tanh(signal) @ weight + bias
    assert signal.var() == pytest.approx(variance, rel=0.1)


def test_functions() -> None:
    given = edge_of_chaos(math.tanh, bias_variance=0.05, derivative=lambda z: 1 / math.cosh(z) ** 2)
    assert given == pytest.approx(edge_of_chaos("tanh", bias_variance=0.05), rel=1e-12)
    doubled = edge_of_chaos(lambda z: 2 * max(z, 0), derivative=lambda z: 2.0 * (z > 0))
    assert doubled.weight_variance == 0.5
    # E[exp(√q z)²] is exp(2q), of which the slope at q = 1 is twice as much.
    growing = edge_of_chaos(math.exp, derivative=math.exp)
    assert growing == pytest.approx((math.exp(-2), 0.0, 1.0, 2.0), rel=1e-11)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (("tahn",), {}),
        ((None,), {}),
        (("relu",), {"bias_variance": 0.1}),
        (("softplus",), {}),
        (("tanh", 0.1), {}),
        (("leaky_relu", math.nan), {}),
        (("tanh",), {"bias_variance": -0.1}),
        (("tanh",), {"bias_variance": math.nan}),
        (("tanh",), {"bias_variance": 10**400}),
        (("tanh",), {"bias_variance": True}),
        (("tanh",), {"bias_variance": "0.05"}),
        (("tanh",), {"derivative": math.cos}),
        ((math.tanh,), {}),
        ((math.tanh,), {"derivative": "sech"}),
        ((math.tanh,), {"derivative": lambda z: 0.0}),
        ((math.log,), {"derivative": lambda z: 1 / z}),
        ((lambda z: 1.0,), {"derivative": lambda z: 1.0}),
        ((math.tanh,), {"derivative": lambda z: 1 / math.cosh(z)}),
    ],
)
def test_bad_input(arguments, options) -> None:
    with pytest.raises(FanwiseError) as caught:
        edge_of_chaos(*arguments, **options)
    assert caught.value.expected
    assert caught.value.hint
