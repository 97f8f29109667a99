"""Two weights in use that a seed has made equal are told of, eager and compiled."""

import warnings

import jax
import jax.numpy as jnp
import pytest
from flax import linen, nnx

import fanwise
import fanwise.jax as init
from fanwise.adapters.jax.initializers.keyed_initializer import KeyedInitializer

KEY = jax.random.key(0)
KEYS = jax.random.split(KEY, 3)
X = jnp.ones((2, 4))
SEEDED = init.he_normal(seed=5)
PLACED = init.he_normal(seed=5, path="a/kernel")


def told(act):
    """What is warned of, with the files that are named."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        kept = act()
    assert all(issubclass(each.category, fanwise.RepeatedStreamWarning) for each in caught)
    assert all(each.filename == __file__ for each in caught)
    del kept
    return [str(each.message) for each in caught]


class Twins(linen.Module):
    kernel_init: KeyedInitializer

    @linen.compact
    def __call__(self, x, _=None):
        x = linen.Dense(4, kernel_init=self.kernel_init)(x)
        return linen.Dense(4, kernel_init=self.kernel_init)(x)


class Single(linen.Module):
    kernel_init: KeyedInitializer

    @linen.compact
    def __call__(self, x, _=None):
        return linen.Dense(4, kernel_init=self.kernel_init)(x), None


def attend(*, compiled=False):
    """Make linen's attention, whose layers draw their kernels flat and then reshape them."""
    model = linen.MultiHeadDotProductAttention(2, kernel_init=SEEDED)
    return (jax.jit(model.init) if compiled else model.init)(KEY, jnp.ones((2, 3, 4)))


def attend_nnx():
    return nnx.MultiHeadAttention(2, 4, decode=False, kernel_init=SEEDED, rngs=nnx.Rngs(0))


def general():
    return linen.DenseGeneral((2, 4), kernel_init=PLACED).init(KEY, X)


def general_nnx():
    return nnx.LinearGeneral(4, (2, 4), kernel_init=PLACED, rngs=nnx.Rngs(0))


REPEATED = {
    "one initializer in two layers": lambda: Twins(SEEDED).init(KEY, X),
    "one path twice": lambda: Twins(PLACED).init(KEY, X),
    "compiled": lambda: jax.jit(Twins(SEEDED).init)(KEY, X),
    "shapes alone": lambda: jax.eval_shape(Twins(SEEDED).init, KEY, X),
    "two initializers": lambda: [init.normal(seed=5)(KEY, (4,)), init.uniform(seed=5)(KEY, (4,))],
    "structured": lambda: [init.orthogonal(seed=5)(KEY, (4, 4)), SEEDED(KEY, (4, 4))],
    "native": lambda: [init.he_normal(seed=5, engine="native")(KEY, (4, 4)) for _ in range(2)],
    "nnx": lambda: [nnx.Linear(4, 4, kernel_init=SEEDED, rngs=nnx.Rngs(0)) for _ in range(2)],
    "nnx compiled": lambda: nnx.jit(
        lambda: nnx.List([nnx.Linear(4, 4, kernel_init=SEEDED, rngs=nnx.Rngs(0)) for _ in range(2)])
    )(),
}


@pytest.mark.parametrize("name", REPEATED)
def test_two_weights_of_one_stream(name):
    (message,) = told(REPEATED[name])
    assert "seed=5" in message
    assert "initialize(model, recipe, seed=...)" in message


MAPPED = {
    "vmap": lambda: jax.vmap(lambda key: SEEDED(key, (4, 4)))(KEYS),
    "of raw keys": lambda: jax.vmap(lambda key: SEEDED(key, (4, 4)))(jax.random.key_data(KEYS)),
    "compiled": lambda: jax.jit(jax.vmap(lambda key: SEEDED(key, (4, 4))))(KEYS),
    "nnx.vmap": lambda: nnx.vmap(
        lambda key: nnx.Linear(4, 4, kernel_init=SEEDED, rngs=nnx.Rngs(key))
    )(KEYS),
    "linen.vmap": lambda: linen.vmap(
        linen.Dense,
        variable_axes={"params": 0},
        split_rngs={"params": True},
        axis_size=3,
        in_axes=None,
    )(4, kernel_init=SEEDED).init(KEY, X),
}


@pytest.mark.parametrize("name", MAPPED)
def test_a_seed_in_place_of_keys_that_are_mapped_over(name):
    (message,) = told(MAPPED[name])
    assert "several keys" in message
    assert "seed=5" in message


def run_one_layer():
    """What a program does with one model."""
    model = Single(PLACED)
    jax.eval_shape(model.init, KEY, X)
    variables = model.init(KEY, X)
    for x in (X, jnp.ones((3, 4))):
        model.apply(variables, x)
        jax.jit(model.apply)(variables, x)
        jax.grad(lambda variables, x: model.apply(variables, x)[0].sum())(variables, x)
    del variables
    return [jax.jit(model.init)(KEY, x)["params"] for x in (X,)]


ATTENTION = {
    "linen": attend,
    "linen compiled": lambda: attend(compiled=True),
    "linen rematerialized": lambda: linen.remat(linen.MultiHeadDotProductAttention)(
        2, kernel_init=SEEDED
    ).init(KEY, jnp.ones((2, 3, 4))),
    "nnx": attend_nnx,
    "shapes alone": lambda: nnx.eval_shape(attend_nnx),
    "nnx compiled": lambda: nnx.jit(attend_nnx)(),
}


@pytest.mark.parametrize("name", ATTENTION)
def test_one_initializer_in_an_attention(name):
    # Query, key and value; and what leads out of it, drawn flat, holds the same numbers too.
    messages = told(ATTENTION[name])
    assert len(messages) == 3
    assert all("seed=5 without a path" in message for message in messages)


SINGLE = {
    "one model": run_one_layer,
    "a kernel that is reshaped": lambda: [general()["params"]["kernel"].sum() for _ in range(2)],
    "a kernel that is reshaped, rematerialized": lambda: linen.remat(linen.DenseGeneral)(
        (2, 4), kernel_init=PLACED
    ).init(KEY, X),
    "a kernel of nnx that is reshaped": lambda: [
        float(general_nnx().kernel[...].sum()) for _ in range(2)
    ],
    "shapes, and then the kernel": lambda: [nnx.eval_shape(general_nnx), general_nnx()],
    "rematerialized": lambda: linen.remat(Single)(PLACED).init(KEY, X),
    "other paths": lambda: [init.he_normal(seed=5, path=p)(KEY, (4, 4)) for p in "ab"],
    "other seeds": lambda: [init.he_normal(seed=s)(KEY, (4, 4)) for s in (5, 6)],
    "keys": lambda: [init.he_normal()(KEY, (4, 4)) for _ in range(2)],
    "keys that are mapped over": lambda: jax.vmap(lambda k: init.he_normal()(k, (4, 4)))(KEYS),
    "constants": lambda: [
        init.initializer(fanwise.scheme("constant", value=2.0), seed=5)(KEY, (4,)) for _ in range(2)
    ],
    "constants that are mapped over": lambda: jax.vmap(
        lambda key: init.identity(seed=5)(key, (4, 4))
    )(KEYS),
    "nothing": lambda: [SEEDED(KEY, (0, 4)) for _ in range(2)],
    "one after the other": lambda: [float(SEEDED(KEY, (4, 4)).sum()) for _ in range(2)],
    "set again": lambda: init.set_initializer(
        init.set_initializer({"kernel": jnp.zeros((4, 4))}, seed=5, path="a"), seed=5, path="a"
    ),
    "two models of one seed": lambda: [
        init.initialize(
            {"kernel": jnp.zeros((4, 4))},
            {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]},
            seed=5,
        )
        for _ in range(2)
    ],
}


@pytest.mark.parametrize("name", SINGLE)
def test_what_repeats_nothing_is_not_told_of(name):
    assert told(SINGLE[name]) == []


def test_set_initializer_twice():
    layers = [{"kernel": jnp.zeros((4, 4))} for _ in range(2)]
    (message,) = told(lambda: [init.set_initializer(one, seed=5, path="a") for one in layers])
    assert "path='a/kernel'" in message
    assert "kernel" in layers[0]
    models = [nnx.Linear(4, 4, rngs=nnx.Rngs(number)) for number in range(2)]
    assert len(told(lambda: [init.set_initializer(one, seed=5) for one in models])) == 1
    assert told(lambda: init.set_initializer(models[0], seed=5, path="other")) == []


def test_a_warning_that_is_an_error_leaves_the_layer_as_it_was():
    kept, layer = nnx.Linear(4, 4, rngs=nnx.Rngs(0)), nnx.Linear(4, 4, rngs=nnx.Rngs(1))
    before = layer.kernel.get_value()
    init.set_initializer(kept, seed=5, path="kept")
    with pytest.raises(fanwise.RepeatedStreamWarning):
        init.set_initializer(layer, seed=5, path="kept")
    assert layer.kernel.get_value() is before


# ---- Haiku's way to call an initializer: with the shape and the dtype alone ----


@pytest.mark.parametrize("shape", [(4, 3), [4, 3]])
def test_a_seeded_initializer_takes_a_shape_without_a_key(shape):
    assert PLACED(shape, None).dtype == jnp.float32
    weight = PLACED(shape, jnp.float16)
    assert weight.dtype == jnp.float16
    expected = fanwise.sample("he_normal", (4, 3), seed=5, path="a/kernel", dtype="float16")
    assert (weight == expected).all()


def test_one_without_a_seed_says_what_it_lacks():
    with pytest.raises(fanwise.FanwiseError, match=r"JAX key before the shape.*seed="):
        init.he_normal()((4, 3), jnp.float32)
