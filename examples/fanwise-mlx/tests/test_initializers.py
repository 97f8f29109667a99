"""The initializers give the bits of the stream, and MLX's own numbers where asked to."""

import fanwise_mlx
import mlx.core as mx
import numpy as np
import pytest
from fanwise_mlx.initializers import DTYPES, to_numpy
from mlx import nn

from fanwise import FanwiseError, sample, scheme
from fanwise.adapters.discovery import load
from fanwise.adapters.protocol import Draw


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["he_normal", "orthogonal", "uniform"])
def test_the_bits_are_those_of_the_stream(name, dtype):
    make = fanwise_mlx.initializer(name, seed=2**63, path="a/kernel", dtype=dtype)
    made = make(mx.zeros((6, 3, 3, 5)))
    wanted = np.empty(made.shape, "uint16" if dtype == mx.bfloat16 else DTYPES[dtype])
    how = {"seed": 2**63, "path": "a/kernel", "axes": "out * in", "dtype": DTYPES[dtype]}
    sample(name, made.shape, out=wanted, **how)
    assert made.dtype == dtype
    np.testing.assert_array_equal(to_numpy(made), wanted)


def test_a_dense_layer_is_the_transpose_of_the_kernel():
    layer = fanwise_mlx.set_initializer(nn.Linear(5, 7), "he_normal", seed=3, path="dense")
    wanted = sample("he_normal", (5, 7), seed=3, path="dense/kernel")
    np.testing.assert_array_equal(to_numpy(layer.weight).T, wanted)
    assert layer(mx.zeros((2, 5))).shape == (2, 7)


def test_a_grouped_convolution_has_its_true_fans():
    chosen = scheme("kaiming_normal", mode="fan_out")
    layer = fanwise_mlx.set_initializer(nn.Conv2d(4, 8, 3, groups=2), chosen, seed=3)
    grouped = chosen.replace(groups=2)
    wanted = sample(grouped, (8, 3, 3, 2), seed=3, path="kernel", axes="out * in")
    np.testing.assert_array_equal(to_numpy(layer.weight), wanted)
    assert layer(mx.zeros((1, 5, 5, 4))).shape == (1, 3, 3, 8)


@pytest.mark.parametrize(
    ("name", "own", "gain"),
    [
        ("xavier_normal", nn.init.glorot_normal(), 1.0),
        ("glorot_uniform", nn.init.glorot_uniform(), 1.0),
        ("lecun_uniform", nn.init.he_uniform(), 1.0),
        # What MLX calls He's has gain 1 unless it is given another: half of He's variance.
        ("he_uniform", nn.init.he_uniform(), 2**0.5),
        ("kaiming_normal", nn.init.he_normal(), 2**0.5),
        (scheme("kaiming_normal", nonlinearity="linear"), nn.init.he_normal(), 1.0),
        ("orthogonal", nn.init.orthogonal(gain=1.0), None),
    ],
)
def test_the_native_engine_gives_the_numbers_of_mlx(name, own, gain):
    shape = (8, 6) if gain is None else (8, 3, 3, 6)
    made = fanwise_mlx.initializer(name, seed=2**40 + 1, engine="native")(mx.zeros(shape))
    mx.random.seed(2**40 + 1)
    wanted = own(mx.zeros(shape)) if gain is None else own(mx.zeros(shape), gain=gain)
    np.testing.assert_allclose(np.array(made), np.array(wanted), rtol=1e-6)


def test_the_global_generator_stays_where_it_was():
    mx.random.seed(2**64 - 5)
    mx.random.normal((3,))
    before = np.array(mx.random.state[0])
    fanwise_mlx.initializer("normal", seed=1, engine="native")(mx.zeros((3, 4)))
    with pytest.raises(FanwiseError):
        fanwise_mlx.initializer("dirac", seed=1, engine="native")(mx.zeros((3, 2, 4)))
    np.testing.assert_array_equal(np.array(mx.random.state[0]), before)


@pytest.mark.parametrize(
    "wrong",
    [
        {"chosen": "he_norma"},
        {"seed": -1},
        {"seed": 2**64},
        {"dtype": mx.int32},
        {"engine": "both"},
    ],
)
def test_bad_input_is_refused_at_once(wrong):
    with pytest.raises(FanwiseError):
        fanwise_mlx.initializer(**{"chosen": "he_normal", "seed": 0, **wrong})


@pytest.mark.parametrize(
    ("name", "shape", "dtype"),
    [
        ("dirac", (4, 3, 4), mx.float32),
        ("identity", (4, 5), mx.float32),
        ("orthogonal", (4, 3, 4), mx.float32),
        ("normal", (4, 5), mx.float64),
    ],
)
def test_what_mlx_does_not_offer_is_said(name, shape, dtype):
    make = fanwise_mlx.initializer(name, seed=0, dtype=dtype, engine="native")
    with pytest.raises(FanwiseError, match="engine='portable'"):
        make(mx.zeros(shape))


def test_the_suite_finds_the_adapter():
    found = load("mlx")
    draw = Draw(scheme("he_normal"), (3, 4), 5, "a/kernel", "kernel", "bfloat16")
    assert found.portable(draw, "eager").dtype == np.uint16
    assert found.versions() == {"mlx": mx.__version__}
