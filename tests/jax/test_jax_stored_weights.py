"""The weights of a JAX model with their values, of every library."""

from typing import Any

import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from jax.sharding import NamedSharding, PartitionSpec

import fanwise.jax
from fanwise import FanwiseError
from fanwise.adapters.jax.stored_weights import stored_tensors, stored_weights
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.recipe import recipe

RULES = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal"},
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
    ],
}


def check_values(weights: tuple[StoredWeight, ...], chosen: Any, seed: int) -> None:
    """Check that weights hold what a recipe gives them, however they are read."""
    plans = planned_weights(recipe(chosen), weights, framework="flax").plans
    assert plans
    for stored, planned in plans:
        weight = planned.weight
        expected = fanwise.sample(
            planned.resolved.scheme, weight.shape, seed=seed, path=weight.path, axes=weight.axes
        )
        for most in (1, 7, 1 << 20):
            read = list(stored.blocks(most))
            assert read
            assert all((block == expected[where]).all() for where, block in read)


class Recurrent(linen.Module):
    """Gates in one kernel and in several, heads, and layers that are stacked."""

    @linen.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        x = linen.MultiHeadDotProductAttention(2, qkv_features=8)(linen.Dense(8)(x))
        for cell in (linen.GRUCell, linen.LSTMCell, linen.OptimizedLSTMCell, linen.MGUCell):
            x = linen.RNN(cell(6))(x)
        return linen.BatchNorm(use_running_average=False)(x)


class Stacked(nnx.Module):
    """Layers with arrays of their own, and several layers in one array."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.embed = nnx.Embed(7, 4, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(2, 4, rngs=rngs, decode=False)
        self.norm = nnx.BatchNorm(4, rngs=rngs)

        @nnx.vmap
        def layers(key: jax.Array) -> nnx.Linear:
            return nnx.Linear(4, 4, rngs=nnx.Rngs(key))

        self.blocks = layers(jax.random.split(jax.random.key(0), 3))


def test_linen_holds_what_initialize_gave() -> None:
    module, x = Recurrent(), jnp.ones((2, 5, 4))
    values, _ = fanwise.jax.initialize(module, "flax_default", seed=2, inputs=(x,))
    weights = stored_weights(module, inputs=(x,), values=values)
    rows = fanwise.jax.paths(module, inputs=(x,)).rows
    assert [(w.weight.path, w.weight.shape) for w in weights] == [(r.path, r.shape) for r in rows]
    check_values(weights, "flax_default", 2)


def test_nnx_holds_what_initialize_wrote() -> None:
    model = Stacked(nnx.Rngs(0))
    fanwise.jax.initialize(model, "flax_default", seed=3)
    weights = stored_weights(model)
    assert [w.weight.path for w in weights] == [r.path for r in fanwise.jax.paths(model).rows]
    assert {w.names for w in weights if "blocks" in w.weight.path} == {
        ("blocks/kernel",),
        ("blocks/bias",),
    }
    check_values(weights, "flax_default", 3)


def test_pytrees_hold_what_initialize_gave() -> None:
    mlp = eqx.nn.MLP(3, 4, 8, 2, key=jax.random.key(0))
    mlp, _ = fanwise.jax.initialize(mlp, RULES, seed=1)
    check_values(stored_weights(mlp), RULES, 1)
    net = hk.transform(lambda x: hk.nets.MLP([4, 3])(x))
    tree = net.init(jax.random.key(0), jnp.ones((2, 3)))
    tree, _ = fanwise.jax.initialize(tree, RULES, seed=4)
    check_values(stored_weights(tree), RULES, 4)


@pytest.mark.parametrize("spec", [("a", "b"), ("b", None), (("a", "b"),), ()])
def test_a_sharded_array_is_read_block_by_block(spec: tuple[Any, ...]) -> None:
    mesh = jax.make_mesh((4, 2), ("a", "b"))
    values = np.arange(16 * 8, dtype=np.float32).reshape(16, 8)
    array = jax.device_put(values, NamedSharding(mesh, PartitionSpec(*spec)))
    (stored,) = stored_weights({"kernel": array})
    for most in (1, 5, 100, 1 << 20):
        for where, block in stored.blocks(most):
            np.testing.assert_array_equal(block, values[where])
    read = stored.tensors["kernel"].read
    np.testing.assert_array_equal(read((3,)), values[3])
    np.testing.assert_array_equal(read((slice(2, 9), 5)), values[2:9, 5])


@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float16, jnp.float8_e4m3fn])
def test_numbers_of_every_dtype_are_read_exactly(dtype: Any) -> None:
    array = jax.random.normal(jax.random.key(0), (5, 4)).astype(dtype)
    (stored,) = stored_weights({"kernel": array})
    assert stored.dtype == np.dtype(dtype).name
    assert stored.values().dtype.isbuiltin == 1
    np.testing.assert_array_equal(stored.values(), np.asarray(array).astype(np.float32))


def test_values_that_were_read_cannot_be_written_into() -> None:
    (stored,) = stored_weights({"kernel": np.ones((2, 2), np.float32)})
    with pytest.raises(ValueError, match="read-only"):
        stored.values()[...] = 0


def test_what_has_no_values_says_so_where_it_is_read() -> None:
    abstract = {"kernel": jax.ShapeDtypeStruct((2, 3), jnp.float32)}
    (stored,) = stored_weights(abstract)
    assert stored.weight.shape == (2, 3)
    with pytest.raises(FanwiseError, match=r"kernel cannot be read.*a shape alone"):
        stored.values()
    array = jnp.ones((2, 3))
    (stored,) = stored_weights({"kernel": array})
    array.delete()
    with pytest.raises(FanwiseError, match="a deleted array"):
        stored.values()


def test_complex_numbers_say_so_where_they_are_read() -> None:
    (stored,) = stored_weights({"kernel": jnp.ones((2, 2), jnp.complex64)})
    with pytest.raises(FanwiseError, match="complex numbers"):
        stored.values()


def test_a_pytree_has_a_tensor_for_each_of_its_arrays() -> None:
    tree = {"a": [jnp.ones((3, 2))], "count": 3, "key": jax.random.key(0)}
    tensors = stored_tensors(tree)
    assert {name: tensor.shape for name, tensor in tensors.items()} == {"a/0": (3, 2)}


def test_a_weight_of_which_a_layer_keeps_one_batch_is_read_as_a_whole() -> None:
    module, x = linen.RNN(linen.GRUCell(6)), jnp.ones((2, 5, 4))
    rules = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 1.0}}]}
    values, _ = fanwise.jax.initialize(module, rules, seed=2, inputs=(x,))
    weights = stored_weights(module, inputs=(x,), values=values)
    (stored,) = [w for w in weights if w.weight.role == "recurrent_bias"]
    whole = stored.values()
    assert whole.shape == stored.weight.shape == (3, 6)
    assert whole[2].any()
    assert not whole[:2].any()
    assert stored.absent_rows == (0, 1)
    assert not any(w.absent_rows for w in weights if w is not stored)
    assert fanwise.audit((module, (x,), values), rules).failures == ()
