"""initialize and set_initializer with JAX's own samplers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.jax_layers import SEED, flat

import fanwise
from fanwise.adapters.jax.conformance.starts import linen_layer
from fanwise.adapters.recipes import layer_recipe
from fanwise.jax import initialize, set_initializer


@pytest.mark.parametrize("kind", ["lstm", "lstm_optimized", "attention", "conv_lstm2d", "gru"])
def test_the_native_engine_draws_packed_weights_too(kind):
    layer, inputs = linen_layer(kind)
    how = {"seed": SEED, "path": "p", "engine": "native", "inputs": inputs}
    drawn = flat(set_initializer(layer, "he_normal", "normal", **how))
    again = flat(set_initializer(layer, "he_normal", "normal", **how))
    assert all((drawn[name] == value).all() for name, value in again.items())
    portable = flat(set_initializer(layer, "he_normal", "normal", **{**how, "engine": "portable"}))
    for name, value in drawn.items():
        assert value.std() == pytest.approx(portable[name].std(), rel=0.3), name
        assert not value.any() or (value != portable[name]).any(), name


def test_the_native_engine_draws_under_a_transformation():
    def start(kernel):
        tree, _ = initialize(
            {"w": kernel}, layer_recipe("he_normal", "zeros"), seed=3, engine="native"
        )
        return tree["w"]

    kernel = jnp.zeros((8, 4))
    np.testing.assert_allclose(jax.jit(start)(kernel), start(kernel), rtol=1e-6)


@pytest.mark.parametrize("name", ["dirac", "sparse", "identity"])
def test_what_jax_has_no_sampler_for_is_refused_before_anything_is_drawn(name):
    tree = {"conv": {"w": jnp.zeros((3, 8, 4))}}
    with pytest.raises(fanwise.FanwiseError, match=f"w/kernel|kernel cannot be set.*{name}"):
        set_initializer(tree, name, seed=0, engine="native")
