"""Whole models of Flax: statistics, inputs, names, shared layers and other collections."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from common.jax_recipes import PLAIN, REST, Mlp, X, drawn
from flax import linen, nnx

import fanwise
from fanwise.jax import initialize


def test_a_module_and_its_statistics():
    variables, summary = initialize(Mlp(), PLAIN, seed=3, inputs=(X,))
    paths = ["up/kernel", "up/bias", "norm/scale", "norm/offset", "norm/mean", "norm/variance"]
    assert [row.path for row in summary.rows] == [*paths, "head/kernel", "head/bias"]
    assert summary.parameters == 6 * 4 + 4 + 4 + 4 + 4 * 3 + 3
    wanted = drawn("norm/variance", (4,), REST, 3)
    assert same_bits(variables["batch_stats"]["norm"]["var"], wanted)
    assert Mlp().apply(variables, X).shape == (2, 3)


def test_statistics_start_by_themselves():
    recipe = {**PLAIN, "rule": [{"match": "**/{kernel,bias,scale,offset}", "init": "zeros"}]}
    variables, summary = initialize(Mlp(), {**recipe, "allow": {}}, seed=3, inputs=(X,))
    assert {row.rule for row in summary.rows if row.role in ("mean", "variance")} == {0}
    assert float(variables["batch_stats"]["norm"]["mean"].sum()) == 0
    assert float(variables["batch_stats"]["norm"]["var"].sum()) == 4


def test_flax_draws_nothing():
    def never(*_):
        raise AssertionError

    class Watched(linen.Module):
        @linen.compact
        def __call__(self, x):
            def init(key, shape, dtype):
                return jax.pure_callback(never, jax.ShapeDtypeStruct(shape, dtype), key)

            return linen.Dense(4, kernel_init=init)(x)

    with pytest.raises(Exception, match="AssertionError"):
        jax.block_until_ready(Watched().init(jax.random.key(0), X))
    variables, _ = initialize(Watched(), PLAIN, seed=0, inputs=(X,))
    assert same_bits(variables["params"]["Dense_0"]["kernel"], drawn("Dense_0/kernel", (6, 4)))


@pytest.mark.parametrize("given", ["shapes", "numbers", "keywords"])
def test_inputs_may_be_shapes_and_settings(given):
    x = jax.ShapeDtypeStruct((2, 6), jnp.float32) if given == "shapes" else X
    how = {"inputs": (x,)}
    if given == "numbers":
        how = {"inputs": (x, True)}
    if given == "keywords":
        how["keywords"] = {"train": True}
    variables, _ = initialize(Mlp(), PLAIN, seed=0, **how)
    assert same_bits(variables["params"]["up"]["kernel"], drawn("up/kernel", (6, 4)))


def test_names_and_vars():
    recipe = {**PLAIN, "names": {"flax": {"up": "layers/0", "head": "layers/1"}}}
    variables, summary = initialize(Mlp(), recipe, seed=0, inputs=(X,), std=0.5)
    wanted = drawn("layers/0/kernel", (6, 4), fanwise.scheme("normal", std=0.5))
    assert same_bits(variables["params"]["up"]["kernel"], wanted)
    assert summary.rows[0].path == "layers/0/kernel"
    assert summary.rows[0].expected == 0.5


class Tied(linen.Module):
    def setup(self):
        self.tokens = linen.Embed(7, 4)
        self.mix = linen.Dense(4)

    def __call__(self, x):
        return self.tokens.attend(self.mix(self.mix(self.tokens(x))))


def test_a_layer_that_is_called_twice_is_one():
    tokens = jnp.zeros((2,), jnp.int32)
    _, summary = initialize(Tied(), PLAIN, seed=0, inputs=(tokens,))
    assert [row.path for row in summary.rows] == ["tokens/embedding", "mix/kernel", "mix/bias"]


class Shared(nnx.Module):
    def __init__(self, rngs):
        self.first = nnx.Linear(4, 4, rngs=rngs)
        self.second = self.first
        self.third = nnx.Linear(4, 4, rngs=rngs)
        self.third.kernel = self.first.kernel


@pytest.mark.parametrize("abstract", [False, True])
def test_shared_weights_of_nnx_are_set_once(abstract):
    model = nnx.eval_shape(lambda: Shared(nnx.Rngs(0))) if abstract else Shared(nnx.Rngs(0))
    summary = initialize(model, PLAIN, seed=0)
    assert [row.path for row in summary.rows] == ["first/kernel", "first/bias", "third/bias"]
    assert model.third.kernel is model.first.kernel
    assert same_bits(model.second.kernel.get_value(), drawn("first/kernel", (4, 4)))


class Named(nnx.Module):
    def __init__(self, rngs):
        self.layers = nnx.List([nnx.Linear(2, 2, use_bias=False, rngs=rngs) for _ in range(11)])
        self.b = nnx.Linear(2, 2, use_bias=False, rngs=rngs)
        self.aa = nnx.Linear(2, 2, use_bias=False, rngs=rngs)


def test_the_order_of_nnx_is_its_own():
    model = Named(nnx.Rngs(0))
    paths = [path for path, value in nnx.iter_graph(model) if isinstance(value, nnx.Param)]
    summary = initialize(model, PLAIN, seed=0)
    assert [row.path for row in summary.rows] == ["/".join(map(str, path)) for path in paths]
    assert paths[-1] == ("layers", 10, "kernel")


def test_other_collections_start_as_flax_starts_them():
    module = linen.MultiHeadDotProductAttention(2, decode=True)
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(jnp.zeros((2, 3, 4)),))
    own = module.init(jax.random.key(0), jnp.zeros((2, 3, 4)))
    assert jax.tree.all(jax.tree.map(same_bits, variables["cache"], own["cache"]))
    assert int(variables["cache"]["cache_index"]) == 0


def test_boxes_stay():
    init = linen.with_partitioning(linen.initializers.zeros, ("x", None))
    module = linen.Dense(4, kernel_init=init)
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(X,))
    kernel = variables["params"]["kernel"]
    assert isinstance(kernel, linen.Partitioned)
    assert kernel.names == ("x", None)
    assert same_bits(kernel.value, drawn("kernel", (6, 4)))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_dtypes(dtype):
    module = linen.RNN(linen.LSTMCell(4, param_dtype=dtype))
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(jnp.zeros((2, 3, 5), dtype),))
    kernel = np.asarray(variables["params"]["cell"]["ii"]["kernel"])
    wanted = drawn("kernel", (4, 5, 4), axes="batch in out", dtype=dtype)[0]
    assert kernel.dtype == jnp.dtype(dtype)
    assert same_bits(kernel, wanted)
