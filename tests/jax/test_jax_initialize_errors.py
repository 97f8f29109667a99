"""A bad recipe, model or seed: nothing is changed."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.jax_recipes import PLAIN, Mlp, Pair, X, bits
from flax import nnx

import fanwise
from fanwise.jax import initialize


def rules(*given, **more):
    return {"fanwise": 1, "rule": list(given), **more}


EVERY = {"match": "**", "init": "zeros"}
BAD = {
    "a rule that matches nothing": (
        {"recipe": rules(EVERY, {"match": "x/*", "init": "ones"})},
        "fits no",
    ),
    "an unmatched weight": ({"recipe": rules({"role": "kernel", "init": "ones"})}, "no rule"),
    "a scheme that does not fit": ({"recipe": rules({"match": "**", "init": "he_normal"})}, "fans"),
    "orthogonal vectors": ({"recipe": rules({"match": "**", "init": "orthogonal"})}, "cannot"),
    "a generator for other shapes": (
        {"recipe": rules({"role": "kernel", "init": "dirac"}, EVERY)},
        "dirac",
    ),
    "paths that meet": (
        {"recipe": rules(EVERY, names={"flax": {"body": "x", "head": "x"}})},
        "the same path",
    ),
    "an unknown variable": ({"recipe": PLAIN, "stdd": 1.0}, "variable"),
    "only of nothing": ({"recipe": PLAIN, "only": "tail/*"}, "only"),
    "exclude of nothing": ({"recipe": PLAIN, "exclude": "tail/*"}, "exclude"),
    "seed": ({"recipe": PLAIN, "seed": -1}, "seed"),
    "a text for a switch": ({"recipe": PLAIN, "report": "no"}, "report as True or False"),
    "a number for a switch": ({"recipe": PLAIN, "dry_run": 1}, "dry_run as True or False"),
    "inputs of nnx": ({"recipe": PLAIN, "inputs": (X,)}, "inputs"),
    "shardings of nnx": ({"recipe": PLAIN, "shardings": 3}, "shardings"),
}


def test_values_beyond_the_dtype():
    model = nnx.Linear(3, 4, param_dtype=jnp.float16, rngs=nnx.Rngs(0))
    before = model.kernel.get_value()
    for init in ({"scheme": "normal", "std": 20000.0}, {"scheme": "constant", "value": -1e9}):
        recipe = rules({"role": "kernel", "init": init}, EVERY)
        with pytest.raises(fanwise.FanwiseError, match=r"kernel cannot be set.*without overflow"):
            initialize(model, recipe, seed=0)
    assert (model.kernel.get_value() == before).all()


@pytest.mark.parametrize("name", BAD)
def test_nothing_changes_on_an_error(name):
    how, words = BAD[name]
    model = Pair(nnx.Rngs(0))
    before = bits(model)
    with pytest.raises(fanwise.FanwiseError, match=words):
        initialize(model, **{"seed": 0, **how})
    assert bits(model) == before


@pytest.mark.parametrize("dtype", [jnp.int32, jnp.complex64, jnp.float8_e4m3fn])
def test_a_dtype_that_cannot_be_drawn(dtype):
    model = Pair(nnx.Rngs(0))
    model.head.bias.set_value(jnp.zeros(3, dtype))
    before = bits(model)
    with pytest.raises(fanwise.FanwiseError, match="head/bias cannot be set"):
        initialize(model, PLAIN, seed=0)
    assert bits(model) == before
    initialize(model, PLAIN, seed=0, exclude="head/bias")


def test_a_traced_seed():
    model = Pair(nnx.Rngs(0))
    with pytest.raises(fanwise.FanwiseError, match="seed"):
        jax.jit(lambda seed: initialize(Mlp(), PLAIN, seed=seed, inputs=(X,))[0])(0)
    with pytest.raises(fanwise.FanwiseError, match="seed"):
        initialize(model, PLAIN, seed=jnp.int32(0))


def test_part_of_an_array_without_values():
    model = nnx.eval_shape(lambda: nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0)))
    with pytest.raises(fanwise.FanwiseError, match="without values"):
        initialize(model, PLAIN, seed=0, exclude="forget_bias")
    assert isinstance(model.dense_i.kernel.get_value(), jax.ShapeDtypeStruct)


@pytest.mark.parametrize("inputs", [None, X, [X]])
def test_a_module_needs_its_inputs(inputs):
    with pytest.raises(fanwise.FanwiseError, match="inputs="):
        initialize(Mlp(), PLAIN, seed=0, inputs=inputs)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (None, "a model or a pytree of arrays"),
        (Mlp, "a model or a pytree of arrays"),
        # A pytree without an array has no weights for a rule to fit.
        (3, "a model or a pytree of arrays"),
        ("model", "a model or a pytree of arrays"),
        (len, "a model or a pytree of arrays"),
    ],
)
def test_what_is_no_model(model, words):
    with pytest.raises(fanwise.FanwiseError, match=words):
        initialize(model, PLAIN, seed=0)


def test_values_of_another_module():
    old = Mlp().init(jax.random.key(1), jnp.zeros((2, 5)))
    for values in (old, old["params"]):
        with pytest.raises(fanwise.FanwiseError, match="this very module"):
            initialize(Mlp(), PLAIN, seed=0, inputs=(X,), values=values)


def test_what_a_large_array_holds_is_read_from_all_of_its_columns():
    values = np.random.default_rng(0).normal(0, 1, (1 << 16, 64)).astype(np.float32)
    values[:, 0] = 0
    rules = [{"role": "bias", "init": "zeros"}]
    with pytest.raises(fanwise.FanwiseError) as caught:
        initialize({"table": {"x": jnp.asarray(values)}}, {"fanwise": 1, "rule": rules}, seed=0)
    (group,) = next(p.groups for p in caught.value.problems if p.kind == "unruled")
    assert "all 0" not in group.holds
