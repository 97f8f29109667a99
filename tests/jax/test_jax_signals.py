"""Signals through the layers of a Flax module."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen

from fanwise import FanwiseError
from fanwise.adapters.jax.signals import layer_check


class Tower(linen.Module):
    gain: float
    layers: int = 6

    @linen.compact
    def __call__(self, x):
        for _ in range(self.layers):
            init = jax.nn.initializers.variance_scaling(self.gain, "fan_in", "normal")
            x = jax.nn.relu(linen.Dense(256, kernel_init=init)(x))
        return x


X = jax.random.normal(jax.random.key(1), (64, 256))


def check(gain, **how):
    module = Tower(gain)
    return layer_check(module, module.init(jax.random.key(0), X), X, **how)


def test_he_keeps_both_signals_and_others_do_not():
    def ratios(gain):
        layers = check(gain).layers
        return (
            layers[-1].activation / layers[0].activation,
            layers[0].gradient / layers[-1].gradient,
        )

    assert all(0.6 < ratio < 1.6 for ratio in ratios(2.0))
    assert all(ratio < 0.3 for ratio in ratios(1.0))
    assert all(ratio > 3 for ratio in ratios(4.0))


def test_figures_are_those_of_the_layers():
    module = linen.Sequential([linen.Dense(4), jnp.tanh, linen.Dense(3)])
    x = X[:5, :8]
    variables = module.init(jax.random.key(0), x)
    found = layer_check(module, variables, x, loss=lambda out: (out**2).sum())
    first, second = (variables["params"][name] for name in ("layers_0", "layers_2"))
    hidden = x @ first["kernel"]
    grad = jax.grad(lambda h: ((jnp.tanh(h) @ second["kernel"]) ** 2).sum())(hidden)
    assert [one.path for one in found.layers] == ["layers_0", "layers_2"]
    assert found.layers[0].activation == pytest.approx(float(np.std(hidden)), rel=1e-5)
    assert found.layers[0].gradient == pytest.approx(float(np.std(grad)), rel=1e-5)


def test_a_module_that_keeps_something():
    module = linen.Sequential([linen.Dense(4), linen.BatchNorm(use_running_average=False)])
    variables = module.init(jax.random.key(0), X)
    found = layer_check(module, variables, X, keywords={"mutable": ["batch_stats"]})
    assert [one.class_name for one in found.layers] == ["Dense", "BatchNorm"]
    assert found.layers[1].activation == pytest.approx(1.0, rel=0.01)


def test_bad_input():
    with pytest.raises(FanwiseError, match="a module of Flax linen or nnx, or of Equinox"):
        layer_check("module", {}, X)
    with pytest.raises(FanwiseError, match="the variables of the linen module, as a dict"):
        layer_check(Tower(1.0), X)
    with pytest.raises(FanwiseError, match="a scalar as loss"):
        check(1.0, loss=lambda out: out)


def test_a_known_layer_is_seen_whole():
    module = linen.Sequential([linen.MultiHeadDotProductAttention(2), linen.Dense(3)])
    x = jnp.ones((2, 5, 8))
    report = layer_check(module, module.init(jax.random.key(0), x), x)
    assert [layer.class_name for layer in report.layers] == [
        "MultiHeadDotProductAttention",
        "Dense",
    ]
    assert all(layer.gradient > 0 for layer in report.layers)
