"""Equinox's own layers, alone and stacked by filter_vmap, and scanned."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits

import fanwise
from fanwise.jax import initialize, set_initializer, summary

pytestmark = pytest.mark.slow

KEY = jax.random.key(0)
RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal", "name": "kernel"},
        {"role": "recurrent_kernel", "init": "orthogonal", "name": "recurrent"},
        {"match": "**", "init": {"scheme": "normal", "std": 0.5}, "name": "rest"},
    ],
    "allow": {"unused": ["kernel", "recurrent", "rest"]},
}

LAYERS = {
    "Linear": lambda key: eqx.nn.Linear(64, 32, key=key),
    "of a scalar": lambda key: eqx.nn.Linear(6, "scalar", key=key),
    "without a bias": lambda key: eqx.nn.Linear(6, 4, use_bias=False, key=key),
    "Conv2d": lambda key: eqx.nn.Conv2d(6, 4, 3, groups=2, key=key),
    "Conv2d without a bias": lambda key: eqx.nn.Conv2d(6, 4, 3, use_bias=False, key=key),
    "ConvTranspose1d": lambda key: eqx.nn.ConvTranspose1d(6, 4, 3, key=key),
    "Embedding": lambda key: eqx.nn.Embedding(7, 4, key=key),
    "LayerNorm": lambda key: eqx.nn.LayerNorm((3, 4)),
    "RMSNorm": lambda key: eqx.nn.RMSNorm(4),
    "GroupNorm": lambda key: eqx.nn.GroupNorm(2, 4),
    "MultiheadAttention": lambda key: eqx.nn.MultiheadAttention(2, 8, key=key),
    "LSTMCell": lambda key: eqx.nn.LSTMCell(3, 5, key=key),
    "GRUCell": lambda key: eqx.nn.GRUCell(3, 5, key=key),
    "MLP": lambda key: eqx.nn.MLP(3, 4, 8, 2, key=key),
    "SpectralNorm": lambda key: eqx.nn.SpectralNorm(
        eqx.nn.Linear(6, 4, key=key), "weight", key=key
    ),
}


def inexact(tree):
    return eqx.filter(tree, eqx.is_inexact_array)


@pytest.mark.parametrize("out_axes", [0, -1])
@pytest.mark.parametrize("name", LAYERS)
def test_each_layer_of_a_stack_gets_what_it_would_get_alone(name, out_axes):
    make = LAYERS[name]
    layer = eqx.filter_vmap(make, out_axes=eqx.if_array(out_axes))(jax.random.split(KEY, 11))
    made, done = initialize(layer, RECIPE, seed=0)
    alone, expected = initialize({"7": make(KEY)}, RECIPE, seed=0)
    taken = jax.tree.map(lambda array: jnp.take(array, 7, out_axes), inexact(made))
    if name != "SpectralNorm":
        assert jax.tree.all(jax.tree.map(same_bits, taken, inexact(alone["7"])))
    shown = {row.path: (row.shape, row.expected, row.fan_in) for row in done.rows}
    assert {row.path: (row.shape, row.expected, row.fan_in) for row in expected.rows} == {
        path: row for path, row in shown.items() if path.startswith("7/")
    }
    assert {row.path: row.fan_in for row in summary(made).rows} == {
        path: fan_in for path, (_, _, fan_in) in shown.items()
    }


def test_a_stack_has_the_std_of_one_layer():
    layer = eqx.filter_vmap(LAYERS["Linear"])(jax.random.split(KEY, 4))
    made = set_initializer(layer, "he_normal", seed=0, path="up")
    assert abs(float(made.weight.std()) - 0.177) < 0.005
    expected = fanwise.sample("he_normal", (32, 64), seed=0, path="up/3/kernel", axes="out in")
    assert same_bits(made.weight[3], expected)
    orthogonal = set_initializer(layer, "orthogonal", seed=0).weight
    np.testing.assert_allclose(orthogonal[2] @ orthogonal[2].T, np.eye(32), atol=1e-5)


def test_stacks_of_stacks():
    keys = jax.random.split(KEY, (2, 3))
    layer = eqx.filter_vmap(eqx.filter_vmap(lambda key: eqx.nn.Conv1d(6, 4, 3, key=key)))(keys)
    made, _ = initialize(layer, RECIPE, seed=0)
    expected = fanwise.sample("he_normal", (4, 6, 3), seed=0, path="1/2/kernel", axes="torch")
    assert same_bits(made.weight[1, 2], expected)


def test_an_mlp_that_scans_its_layers_starts_as_one_that_does_not():
    plain, scanned = (eqx.nn.MLP(3, 4, 8, 5, scan=scan, key=KEY) for scan in (False, True))
    made, done = initialize(scanned, RECIPE, seed=0)
    assert {row.fan_in for row in done.rows if row.role == "kernel"} == {3, 8}
    hidden = made.layers[1].weight
    expected = fanwise.sample("he_normal", (8, 8), seed=0, path="layers/1/2/kernel", axes="out in")
    assert same_bits(hidden[2], expected)
    assert len(done.rows) == len(initialize(plain, RECIPE, seed=0)[1].rows)


def test_a_drawn_model_runs():
    blocks = eqx.filter_vmap(lambda key: eqx.nn.Linear(8, 8, key=key))(jax.random.split(KEY, 3))
    model, _ = initialize({"blocks": blocks, "head": eqx.nn.Linear(8, 2, key=KEY)}, RECIPE, seed=0)
    arrays, static = eqx.partition(model["blocks"], eqx.is_array)
    x, _ = jax.lax.scan(lambda x, layer: (eqx.combine(layer, static)(x), None), jnp.ones(8), arrays)
    assert model["head"](x).shape == (2,)
