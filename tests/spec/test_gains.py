"""Gains: torch's table, and the exact ones by an independent quadrature."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, ndtr

from fanwise.spec import FanwiseError, gain
from fanwise.spec.activations import ACTIVATIONS
from fanwise.spec.gains import squared_gain

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


def variance(function) -> float:
    """Var[f(z)], by adaptive quadrature with breaks where the table's activations have kinks."""

    def over(values) -> float:
        ends = ((-12, 0), (0, 6), (6, 12))
        density = math.sqrt(2 * math.pi)
        return sum(
            quad(
                lambda z: float(values(z)) * math.exp(-z * z / 2) / density,
                *end,
                epsabs=1e-14,
                epsrel=1e-13,
            )[0]
            for end in ends
        )

    middle = over(function)
    return over(lambda z: (function(z) - middle) ** 2)


@pytest.mark.parametrize("name", EXACT)
def test_centred_gains(name: str) -> None:
    expected = 1 / math.sqrt(variance(EXACT[name]))
    assert gain(name, convention="centred") == pytest.approx(expected, rel=1e-11)


#: ``_nonlin_gamma`` of timm 1.0, timm/models/nfnet.py, which are DeepMind's constants. They were
#: estimated from samples, and lie up to 0.09 % above the integrals.
NFNET = {
    "linear": 1.0,
    "elu": 1.2716004848480225,
    "gelu": 1.7015043497085571,
    "leaky_relu": 1.70590341091156,
    "relu": 1.7139588594436646,
    "selu": 1.0008515119552612,
    "sigmoid": 4.803835391998291,
    "silu": 1.7881293296813965,
    "softplus": 1.9203323125839233,
    "tanh": 1.5939117670059204,
}
NFNET_FUNCTIONS = {
    "celu": (1.270926833152771, lambda z: z if z > 0 else math.expm1(z)),
    "log_sigmoid": (1.9193484783172607, lambda z: -math.log1p(math.exp(-z))),
    "relu6": (1.7131484746932983, lambda z: min(max(z, 0.0), 6.0)),
    "softsign": (2.338853120803833, lambda z: z / (1 + abs(z))),
}


def test_centred_gains_are_those_of_nfnets() -> None:
    for name, printed in NFNET.items():
        assert gain(name, convention="centred") == pytest.approx(printed, rel=1e-3), name
    for name, (printed, function) in NFNET_FUNCTIONS.items():
        assert gain(function, convention="centred") == pytest.approx(printed, rel=1e-3), name
    assert gain("relu", convention="centred") == pytest.approx(
        math.sqrt(2 / (1 - 1 / math.pi)), rel=1e-14
    )


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0, -0.5, 3])
def test_centred_gain_of_a_slope(slope: float) -> None:
    expected = 1 / math.sqrt((1 + slope**2) / 2 - (1 - slope) ** 2 / (2 * math.pi))
    assert gain("leaky_relu", slope, convention="centred") == pytest.approx(expected, rel=1e-13)


def test_a_gain_does_not_depend_on_what_is_added_to_an_activation() -> None:
    shifted = gain(lambda z: math.tanh(z) + 1000, convention="centred")
    assert shifted == pytest.approx(gain("tanh", convention="centred"), rel=1e-9)


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
        (("rleu",), "centred"),
        (("relu", 0.1), "centred"),
        ((math.tanh, 0.1), "centred"),
        ((lambda z: 0.0,), "centred"),
        ((lambda z: 3.0,), "centred"),
        ((lambda z: 1e200 * z,), "centred"),
        ((lambda z: math.nan,), "centred"),
        ((lambda z: math.exp(z**4),), "centred"),
        ((lambda z: 1j * z,), "centred"),
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
    with pytest.raises(FanwiseError, match="Did you mean 'centred'"):
        gain("relu", convention="centered")


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
