"""What no layer has claimed: drawn, left as it is, or refused, and never without a word."""

from typing import Any

import flax
import jax
import jax.numpy as jnp
import pytest
from common.bits import same_bits
from flax import linen, nnx

import fanwise
from fanwise.jax import initialize, set_initializer, summary

RULES = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
ARRAY = jnp.ones((6, 4))


def drawn(path, shape=(6, 4)):
    return fanwise.sample(fanwise.scheme("normal", std=0.5), shape, seed=0, path=path)


def paths(table):
    return [row.path for row in table.rows]


class Mine(nnx.Variable):
    """A variable of one's own, which an optimizer may train."""


class Codebook(nnx.Module):
    def __init__(self):
        self.codes = Mine(jnp.ones((6, 4)))
        self.up = nnx.Param(jnp.ones((6, 4)))


def test_a_variable_of_ones_own_is_refused_until_it_is_excluded():
    model = Codebook()
    with pytest.raises(fanwise.FanwiseError, match=r"codes cannot be set.*a Mine, which may"):
        initialize(model, RULES, seed=0)
    assert (model.up[...] == 1).all()
    with pytest.raises(fanwise.FanwiseError, match="codes"):
        set_initializer(model, "normal", "normal", seed=0)
    table = initialize(model, RULES, seed=0, exclude="codes")
    assert paths(table) == ["up"]
    assert (model.codes[...] == 1).all()
    assert same_bits(model.up[...], drawn("up"))
    assert paths(summary(model)) == ["up", "codes"]


class State(nnx.Module):
    def __init__(self):
        self.up = nnx.Param(jnp.ones((6, 4)))
        self.statistics = nnx.BatchStat(jnp.ones(4))
        self.cache = nnx.Cache(jnp.ones(4))
        self.seen = nnx.Intermediate(jnp.ones(4))
        self.count = Mine(jnp.arange(4))
        self.decay = Mine(jnp.ones(()))
        self.key = Mine(jax.random.key(0))
        self.nothing = nnx.Param(None)
        self.buffer = jnp.ones(4)
        self.rngs = nnx.Rngs(0)
        self.loss = nnx.metrics.Average("loss")


def test_what_does_not_train_stays():
    model = State()
    table = initialize(model, RULES, seed=0)
    assert paths(table) == ["up"]
    for kept in (model.statistics, model.cache, model.seen):
        assert (kept[...] == 1).all()
    assert (model.count[...] == jnp.arange(4)).all()
    assert model.decay[...] == 1
    assert (model.buffer == 1).all()


class Holder(nnx.Module):
    def __init__(self):
        self.both = nnx.Param({"a": jnp.ones(4), "b": jnp.ones(4)})
        self.up = nnx.Param(jnp.ones((6, 4)))


def test_a_parameter_of_several_arrays():
    model = Holder()
    with pytest.raises(fanwise.FanwiseError, match=r"both cannot be set.*several arrays in one"):
        initialize(model, RULES, seed=0)
    assert paths(initialize(model, RULES, seed=0, exclude="both")) == ["up"]
    assert paths(summary(model)) == ["up"]


class Quantized(nnx.Module):
    def __init__(self, make):
        self.up = make(jnp.ones((6, 4), jnp.int8))


@pytest.mark.parametrize("make", [nnx.Param, Mine])
def test_quantized_weights_are_refused(make):
    with pytest.raises(fanwise.FanwiseError, match="up cannot be set"):
        initialize(Quantized(make), RULES, seed=0)


class Tree(nnx.Pytree):
    """What holds variables, and is no module."""

    def __init__(self, rngs):
        self.dense = nnx.Linear(6, 4, use_bias=False, rngs=rngs)


@flax.struct.dataclass
class Struct:
    token: Any


class Nested(nnx.Module):
    def __init__(self, rngs):
        self.tree = Tree(rngs)
        self.struct = nnx.data(Struct(nnx.Param(jnp.ones((6, 4)))))


def test_parameters_are_found_wherever_nnx_keeps_them():
    model = Nested(nnx.Rngs(0))
    table = initialize(model, RULES, seed=0)
    assert {row.path: row.kind for row in table.rows} == {
        "tree/dense/kernel": "dense",
        "struct/token": "parameter/token",
    }
    assert same_bits(model.tree.dense.kernel[...], drawn("tree/dense/kernel"))
    assert same_bits(model.struct.token[...], drawn("struct/token"))


def low_rank(second, *first):
    """Return a recipe that names what LoRA adds."""
    rules = [{"match": f"**/{second}", "init": "zeros"}]
    rules += [{"match": f"**/{name}", "init": "ones"} for name in first]
    return {"fanwise": 1, "rule": [*rules, *RULES["rule"]]}


def test_what_lora_adds_is_set_by_rules_that_name_it():
    model = nnx.Sequential(nnx.LoRALinear(6, 4, lora_rank=2, rngs=nnx.Rngs(0)))
    before = model.layers[0].kernel[...]
    with pytest.raises(fanwise.FanwiseError, match=r"lora_a, layers/0/lora/lora_b.*or leave both"):
        initialize(model, RULES, seed=0)
    assert model.layers[0].kernel[...] is before
    initialize(model, RULES, seed=0, exclude="**/lora_*")
    initialize(model, low_rank("lora_b", "lora_a"), seed=0)
    assert not model.layers[0].lora.lora_b[...].any()
    assert (model.layers[0].lora.lora_a[...] == 1).all()
    with pytest.raises(fanwise.FanwiseError, match="known axes"):
        set_initializer(nnx.LoRALinear(6, 4, lora_rank=2, rngs=nnx.Rngs(0)), seed=0)


@pytest.mark.parametrize("name", ["lora_b", "lora_B", "kernel_lora_b", "lora_up"])
def test_and_so_in_a_pytree(name):
    tree = {"q": {"kernel": jnp.ones((6, 4)), name: jnp.zeros((2, 4))}}
    with pytest.raises(fanwise.FanwiseError, match=f"q/{name}.*zeros"):
        initialize(tree, RULES, seed=0)
    made, _ = initialize(tree, low_rank(name), seed=0)
    assert not made["q"][name].any()


class Twins(nnx.Module):
    def __init__(self):
        self.first = nnx.Param(jnp.ones((6, 4)))
        self.second = nnx.Param(self.first[...])


def test_two_variables_of_one_array():
    model = Twins()
    with pytest.raises(fanwise.FanwiseError, match="the same array as first and second"):
        initialize(model, RULES, seed=0)
    assert (model.first[...] == 1).all()
    assert paths(initialize(model, RULES, seed=0, exclude="second")) == ["first"]


class Averaged(linen.Module):
    """A module with a collection of its own, whose names are those of its parameters."""

    collection: str = "zz_average"

    @linen.compact
    def __call__(self, x):
        self.variable(self.collection, "kernel", jnp.ones, (6, 4))
        return x @ self.param("kernel", linen.initializers.ones, (6, 4))


class Outer(linen.Module):
    collection: str = "zz_average"

    @linen.compact
    def __call__(self, x):
        return linen.Dense(2, name="head")(Averaged(self.collection, name="body")(x))


def test_a_collection_of_ones_own_is_refused_until_it_is_excluded():
    x = (jnp.ones((1, 6)),)
    with pytest.raises(fanwise.FanwiseError, match="zz_average/body/kernel cannot be set"):
        initialize(Outer(), RULES, seed=0, inputs=x)
    variables, table = initialize(Outer(), RULES, seed=0, inputs=x, exclude="zz_average/**")
    assert paths(table) == ["body/kernel", "head/kernel", "head/bias"]
    assert (variables["zz_average"]["body"]["kernel"] == 1).all()
    assert same_bits(variables["params"]["body"]["kernel"], drawn("body/kernel"))


@pytest.mark.parametrize("collection", ["cache", "params_axes", "_hidden"])
def test_collections_that_do_not_train_stay(collection):
    x = (jnp.ones((1, 6)),)
    _, table = initialize(Outer(collection), RULES, seed=0, inputs=x)
    assert paths(table) == ["body/kernel", "head/kernel", "head/bias"]


class Twofold(linen.Dense):
    """A known layer with a variable of its kernel's name in another collection."""

    @linen.compact
    def __call__(self, x):
        self.variable("zz_average", "kernel", jnp.ones, (6, 4))
        return super().__call__(x)


def test_of_two_variables_of_one_name_the_parameter_is_the_layers():
    x = (jnp.ones((1, 6)),)
    variables, _ = initialize(Twofold(4), RULES, seed=0, inputs=x, exclude="zz_average/**")
    assert (variables["zz_average"]["kernel"] == 1).all()
    assert same_bits(variables["params"]["kernel"], drawn("kernel"))
