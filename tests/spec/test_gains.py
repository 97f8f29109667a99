"""Gains: torch's table, and the exact ones by an independent quadrature."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, ndtr

from fanwise.spec import FanwiseError, gain
from fanwise.spec.gains import ACTIVATIONS, squared_gain

#: As the documentation of torch.nn.init.calculate_gain lists them.
TORCH = {
    ("linear", None): 1.0,
    ("conv1d", None): 1.0,
    ("conv2d", None): 1.0,
    ("conv3d", None): 1.0,
    ("conv_transpose1d", None): 1.0,
    ("conv_transpose2d", None): 1.0,
    ("conv_transpose3d", None): 1.0,
    ("sigmoid", None): 1.0,
    ("tanh", None): 5 / 3,
    ("relu", None): math.sqrt(2),
    ("leaky_relu", None): math.sqrt(2 / (1 + 0.01**2)),
    ("leaky_relu", 0): math.sqrt(2),
    ("leaky_relu", 0.2): math.sqrt(2 / 1.04),
    ("leaky_relu", -1): 1.0,
    ("leaky_relu", math.sqrt(5)): math.sqrt(1 / 3),
    ("selu", None): 3 / 4,
    ("relu", 0.3): math.sqrt(2),
}


@pytest.mark.parametrize(("name", "param"), TORCH)
def test_torch_s_table(name: str, param: float | None) -> None:
    assert gain(name, param) == pytest.approx(TORCH[name, param], rel=1e-15)


def test_squares_are_exact_where_roots_are_not() -> None:
    """So that kaiming_uniform has the bits of he_uniform."""
    assert squared_gain("relu") == 2.0
    assert squared_gain("leaky_relu", 0.0) == 2.0
    assert math.sqrt(2.0) ** 2 != 2.0


SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
EXACT = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "selu": lambda z: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(z)),
    "tanh": np.tanh,
    "sigmoid": expit,
    "softplus": lambda z: np.logaddexp(z, 0),
    "gelu": lambda z: z * ndtr(z),
    "gelu_tanh": lambda z: z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "silu": lambda z: z * expit(z),
    "mish": lambda z: z * np.tanh(np.logaddexp(z, 0)),
}


def integrated(function) -> float:
    """1 / sqrt(E[f(z)**2]), by adaptive quadrature with a break at the kink."""

    def integrand(z: float) -> float:
        return float(function(z)) ** 2 * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    halves = [quad(integrand, *ends, epsabs=1e-14, epsrel=1e-13)[0] for ends in ((-12, 0), (0, 12))]
    return 1 / math.sqrt(sum(halves))


@pytest.mark.parametrize("name", EXACT)
def test_exact_gains(name: str) -> None:
    assert gain(name, convention="exact") == pytest.approx(integrated(EXACT[name]), rel=1e-10)


def test_every_activation_is_tested() -> None:
    assert set(EXACT) == set(ACTIVATIONS)


def test_known_exact_gains() -> None:
    """Closed forms, and figures that are often quoted."""
    exact = {name: gain(name, convention="exact") for name in ACTIVATIONS}
    assert exact["relu"] == pytest.approx(math.sqrt(2), rel=1e-10)
    assert exact["linear"] == pytest.approx(1.0, rel=1e-10)
    assert exact["leaky_relu"] == pytest.approx(gain("leaky_relu"), rel=1e-10)
    assert exact["tanh"] == pytest.approx(1.5925374197, rel=1e-9)
    assert exact["selu"] == pytest.approx(1.0, rel=1e-6), "it keeps the variance by design"
    assert exact["gelu"] == pytest.approx(1.5335, abs=5e-5)


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0, -0.5, 3])
def test_exact_gain_of_a_slope(slope: float) -> None:
    expected = math.sqrt(2 / (1 + slope**2))
    assert gain("leaky_relu", slope, convention="exact") == pytest.approx(expected, rel=1e-10)


def test_exact_gain_of_any_function() -> None:
    assert gain(abs, convention="exact") == pytest.approx(1.0, rel=1e-10)
    assert gain(lambda z: z * z, convention="exact") == pytest.approx(3**-0.5, rel=1e-10)
    assert gain("elu", 2.0, convention="exact") == pytest.approx(
        integrated(lambda z: z if z > 0 else 2 * math.expm1(z)), rel=1e-10
    )


@pytest.mark.parametrize(
    ("arguments", "convention"),
    [
        (("rleu",), "torch"),
        (("gelu",), "torch"),
        ((math.tanh,), "torch"),
        ((["relu"],), "torch"),
        ((None,), "torch"),
        (("leaky_relu", "0.1"), "torch"),
        (("leaky_relu", True), "torch"),
        (("leaky_relu", math.nan), "torch"),
        (("leaky_relu", math.inf), "torch"),
        (("leaky_relu", 10**400), "torch"),
        (("rleu",), "exact"),
        ((["relu"],), "exact"),
        (("relu", 0.1), "exact"),
        ((math.tanh, 0.1), "exact"),
        (("elu", "1"), "exact"),
        (("elu", math.nan), "exact"),
        ((lambda z: 0.0,), "exact"),
        ((lambda z: math.nan,), "exact"),
        ((lambda z: math.exp(z**4),), "exact"),
        (("relu",), "true"),
        (("relu",), None),
    ],
)
def test_bad_input(arguments, convention) -> None:
    with pytest.raises(FanwiseError) as caught:
        gain(*arguments, convention=convention)
    assert caught.value.expected
    assert caught.value.hint


def test_errors_show_the_way() -> None:
    with pytest.raises(FanwiseError, match="Did you mean 'relu'"):
        gain("rleu")
    with pytest.raises(FanwiseError, match="convention='exact'"):
        gain("gelu")


class ReLU:
    """What a framework's layer looks like from here: it takes no float."""

    def __call__(self, value: float) -> float:
        raise TypeError(value)


@pytest.mark.parametrize("nonlinearity", [ReLU, ReLU()], ids=["class", "layer"])
def test_a_layer_is_meant_by_its_name(nonlinearity) -> None:
    with pytest.raises(FanwiseError, match="Did you mean 'relu'"):
        gain(nonlinearity)
    with pytest.raises(FanwiseError, match="which raises TypeError"):
        gain(nonlinearity, convention="exact")
