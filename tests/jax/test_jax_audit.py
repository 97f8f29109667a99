"""The audit of models and trees of JAX."""

import jax
import numpy as np
import pytest
from flax import linen, nnx

import fanwise
import fanwise.jax

LECUN = nnx.initializers.lecun_normal()


class Perceptron(nnx.Module):
    """Four layers of one class, and one of another width."""

    def __init__(self, rngs, init=LECUN):
        self.blocks = nnx.List([nnx.Linear(64, 64, rngs=rngs, kernel_init=init) for _ in range(4)])
        self.norm = nnx.LayerNorm(64, rngs=rngs)
        self.head = nnx.Linear(64, 200, rngs=rngs)


def scaled(model, factor):
    model.blocks[1].kernel[...] = model.blocks[1].kernel[...] * factor
    return model


def test_a_models_own_start_passes():
    for seed in range(5):
        verdict = fanwise.audit(Perceptron(nnx.Rngs(seed)), "flax_default")
        assert verdict.passed, verdict


@pytest.mark.parametrize("factor", [0.5, 0.8])
def test_a_layer_that_is_not_as_the_others_are_is_seen_alone(factor):
    """What a model of nnx holds is not the law by which it is judged."""
    verdict = fanwise.audit(scaled(Perceptron(nnx.Rngs(0)), factor), "flax_default")
    assert {row.path for row in verdict.failures} == {"blocks/1/kernel"}
    assert "deviation" in {row.claim for row in verdict.failures}


def test_what_all_layers_were_given_is_their_own_start():
    model = Perceptron(nnx.Rngs(0), nnx.initializers.normal(0.02))
    verdict = fanwise.audit(model, "flax_default")
    assert verdict.passed, verdict


def test_what_initialize_draws_passes_with_its_seed():
    model = Perceptron(nnx.Rngs(0))
    fanwise.jax.initialize(model, "flax_default", seed=5)
    assert fanwise.audit(model, "flax_default", seed=5).passed
    assert not fanwise.audit(model, "flax_default", seed=6).passed


def test_a_state_of_nnx_has_the_verdict_of_the_model():
    model = scaled(Perceptron(nnx.Rngs(0)), 0.5)
    verdict = fanwise.audit(nnx.state(model), "flax_default", model=model)
    assert {row.path for row in verdict.failures} == {"blocks/1/kernel"}


def test_variables_of_linen_are_judged_by_their_names():
    variables = linen.Dense(256).init(jax.random.key(0), np.ones((1, 128)))
    assert fanwise.audit(variables, "flax_default").passed
    wrong = jax.tree.map(lambda leaf: leaf * 2, variables)
    assert not fanwise.audit(wrong, "flax_default").passed


def test_a_models_arrays_are_left_as_they_are():
    model = Perceptron(nnx.Rngs(0))
    before = jax.tree.map(np.asarray, nnx.state(model))
    fanwise.audit(model, "flax_default", seed=0)
    fanwise.audit(model)
    jax.tree.map(np.testing.assert_array_equal, before, jax.tree.map(np.asarray, nnx.state(model)))
