"""Layers that are scanned, mapped or compiled."""

import jax
import jax.numpy as jnp
import pytest
from common.bits import same_bits
from common.jax_recipes import PLAIN, REST, Mlp, Pair, X, drawn
from flax import linen, nnx

import fanwise
from fanwise.jax import initialize


class Block(linen.Module):
    @linen.compact
    def __call__(self, x, _=None):
        scale = self.param("scale", linen.initializers.ones, (4,))
        return linen.Dense(4, name="dense")(x) * scale, None


def scanned(axis=0, count=3):
    return linen.scan(
        Block, variable_axes={"params": axis}, split_rngs={"params": True}, length=count
    )


class Stack(linen.Module):
    axis: int = 0
    count: int = 3

    @linen.compact
    def __call__(self, x):
        x, _ = linen.remat(scanned(self.axis, self.count))(name="blocks")(x, None)
        return linen.Dense(2, name="head")(x)


@pytest.mark.parametrize("axis", [0, 1])
def test_layers_that_are_scanned_are_layers_of_their_own(axis):
    variables, summary = initialize(Stack(axis), PLAIN, seed=0, inputs=(jnp.zeros((2, 4)),))
    blocks = variables["params"]["blocks"]
    for number in range(3):
        kernel = jnp.take(blocks["dense"]["kernel"], number, axis)
        assert same_bits(kernel, drawn(f"blocks/{number}/dense/kernel", (4, 4)))
        scale = jnp.take(blocks["scale"], number, axis)
        assert same_bits(scale, drawn(f"blocks/{number}/scale", (4,), REST))
    assert len(summary.rows) == 3 * 3 + 2
    Stack(axis).apply(variables, jnp.zeros((2, 4)))


def test_as_many_layers_as_features():
    """Then the shapes alone do not tell which axis holds the layers."""
    variables, _ = initialize(Stack(0, 4), PLAIN, seed=0, inputs=(jnp.zeros((2, 4)),))
    kernel = variables["params"]["blocks"]["dense"]["kernel"]
    assert same_bits(kernel[1], drawn("blocks/1/dense/kernel", (4, 4)))


def test_an_ensemble():
    module = linen.vmap(
        linen.Dense,
        variable_axes={"params": 0},
        split_rngs={"params": True},
        axis_size=3,
        in_axes=None,
    )(4)
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(X,))
    assert same_bits(variables["params"]["kernel"][1], drawn("1/kernel", (6, 4)))


def test_layers_scanned_twice_are_refused():
    class Twice(linen.Module):
        @linen.compact
        def __call__(self, x, _=None):
            return scanned()(name="inner")(x, None)

    outer = linen.scan(Twice, variable_axes={"params": 0}, split_rngs={"params": True}, length=2)
    with pytest.raises(fanwise.FanwiseError, match="one axis of layers"):
        initialize(outer(), PLAIN, seed=0, inputs=(jnp.zeros((2, 4)), None))


@pytest.mark.parametrize("module", [Mlp(), Stack()])
def test_compiled(module):
    x = jnp.zeros((2, 6 if isinstance(module, Mlp) else 4))
    plain, _ = initialize(module, PLAIN, seed=0, inputs=(x,))
    compiled = jax.jit(lambda x: initialize(module, PLAIN, seed=0, inputs=(x,))[0])(x)
    assert jax.tree.all(jax.tree.map(same_bits, plain, compiled))


def test_nnx_compiled():
    @nnx.jit
    def start(model):
        initialize(model, PLAIN, seed=0)

    model, other = (nnx.RNN(nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0))) for _ in range(2))
    start(model)
    initialize(other, PLAIN, seed=0)
    state = [nnx.state(m, nnx.Param) for m in (model, other)]
    assert jax.tree.all(jax.tree.map(same_bits, *state))


@nnx.jit
def made_compiled():
    model = Pair(nnx.Rngs(0))
    initialize(model, PLAIN, seed=0)
    return model


def test_nnx_made_and_set_within_one_compilation():
    assert same_bits(made_compiled().body.kernel.get_value(), drawn("body/kernel", (6, 4)))
