"""`unwritten` finds what a start of a JAX model leaves as it was in memory."""

import random

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest
from flax import linen, nnx

import fanwise.jax
from fanwise.spec import FanwiseError


class Stack(nnx.Module):
    """Arrays of many kinds."""

    def __init__(self):
        rngs = nnx.Rngs(0)
        self.fc = nnx.Linear(2, 3, rngs=rngs)
        self.norm = nnx.BatchNorm(3, rngs=rngs)
        self.drop = nnx.Dropout(0.5, rngs=rngs)
        self.half = nnx.Param(jnp.zeros((4,), jnp.bfloat16))
        self.steps = nnx.Variable(jnp.arange(3))
        self.mask = nnx.Variable(jnp.ones((2, 2), bool))


def write(model, left_out=()):
    """Write all arrays but some."""
    for path, variable in nnx.to_flat_state(nnx.state(model)):
        name = ".".join(map(str, path))
        value = variable.get_raw_value()
        if name not in left_out and not jnp.issubdtype(value.dtype, jax.dtypes.prng_key):
            holder = model
            for word in path:
                holder = getattr(holder, word)
            holder[...] = jnp.ones_like(value)


NAMES = ("fc.kernel", "fc.bias", "norm.mean", "norm.scale", "half", "steps", "mask")


def rows_of(factory, init):
    result = fanwise.jax.unwritten(factory, init)
    assert result.passed == (not result.rows)
    return {row.name: row for row in result.rows}


def test_a_start_that_writes_everything_passes():
    assert rows_of(Stack, write) == {}


@pytest.mark.parametrize("name", NAMES)
def test_an_array_that_is_left_out_is_found(name):
    rows = rows_of(Stack, lambda model: write(model, {name}))
    assert {name: row.outcome for name, row in rows.items()} == {name: "unwritten"}


def test_elements_that_are_left_out_are_counted():
    def start(model):
        write(model, {"fc.kernel"})
        model.fc.kernel[...] = model.fc.kernel[...].at[:, 1:].set(0)

    (row,) = rows_of(Stack, start).values()
    assert (row.outcome, row.count, row.first) == ("partly unwritten", 2, (0, 0))


def test_what_is_computed_from_memory_is_found():
    def start(model):
        write(model, {"fc.bias"})
        model.fc.bias[...] = 2 * model.fc.bias[...]

    assert {n: r.outcome for n, r in rows_of(Stack, start).items()} == {"fc.bias": "reads memory"}


def test_what_differs_under_one_seed_is_found():
    def start(model):
        write(model)
        model.fc.bias[...] = jnp.full((3,), random.SystemRandom().random())

    assert {n: r.outcome for n, r in rows_of(Stack, start).items()} == {"fc.bias": "not repeatable"}


@pytest.mark.parametrize(
    "factory",
    [
        lambda: nnx.Linear(2, 3, rngs=nnx.Rngs(0)),
        lambda: nnx.MultiHeadAttention(2, 4, rngs=nnx.Rngs(0)),
        lambda: nnx.Sequential(
            nnx.Conv(2, 3, (3,), rngs=nnx.Rngs(0)), nnx.LayerNorm(3, rngs=nnx.Rngs(0))
        ),
    ],
)
def test_initialize_leaves_nothing_unwritten(factory):
    def start(model):
        return fanwise.jax.initialize(model, "flax_default", seed=0)

    assert rows_of(factory, start) == {}


def test_initialize_leaves_nothing_of_a_pytree_unwritten():
    def start(model):
        return fanwise.jax.initialize(model, "torch_default", seed=0)

    assert rows_of(lambda: eqx.nn.MLP(2, 3, 4, 2, key=jax.random.key(0)), start) == {}


def test_an_equinox_module_is_a_pytree():
    def build():
        return eqx.nn.Linear(2, 3, key=jax.random.key(0))

    def start(model):
        return eqx.tree_at(lambda m: m.bias, model, jnp.zeros((3,)))

    rows = rows_of(build, start)
    assert {name: row.outcome for name, row in rows.items()} == {"weight": "unwritten"}


def test_the_variables_of_a_linen_module_are_a_pytree():
    def build():
        return linen.Dense(3).init(jax.random.key(0), jnp.zeros((1, 2)))

    def start(variables):
        return {"params": {**variables["params"], "bias": jnp.zeros((3,))}}

    rows = rows_of(build, start)
    assert {name: row.outcome for name, row in rows.items()} == {"params.kernel": "unwritten"}


def reads_values():
    layer = nnx.Linear(2, 3, rngs=nnx.Rngs(0))
    layer.number = float(layer.kernel[...].sum())
    return layer


@pytest.mark.parametrize(
    ("factory", "init", "words"),
    [
        (reads_values, write, "cannot be built without values"),
        (Stack, 3, "a function of the model"),
        (3, write, "a function that builds the model"),
        (Stack, lambda model: 1 / 0, "a start that runs"),
    ],
)
def test_what_cannot_be_built_or_started_is_told(factory, init, words):
    with pytest.raises(FanwiseError, match=words):
        fanwise.jax.unwritten(factory, init)


def test_a_factory_that_wants_something_is_told_to_take_nothing():
    with pytest.raises(FanwiseError, match=r"a function of nothing .* one that wants rngs"):
        fanwise.jax.unwritten(lambda rngs: None, print)
