"""LSUV of Flax: nnx models in place, linen modules by new variables."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx

import fanwise
import fanwise.jax
from fanwise.spec.errors import FanwiseError

BATCH = (np.random.default_rng(0).standard_normal((64, 12)) * 3 + 1).astype(np.float32)


class Model(nnx.Module):
    """Layers that are scaled, and others; the second of them twice."""

    def __init__(self, rngs):
        self.first = nnx.Linear(12, 12, rngs=rngs)
        self.norm = nnx.BatchNorm(12, rngs=rngs)
        self.drop = nnx.Dropout(0.5, rngs=rngs)
        self.twice = nnx.Linear(12, 12, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(2, 12, decode=False, rngs=rngs)
        self.head = nnx.Linear(12, 3, rngs=rngs)
        self.never = nnx.Linear(2, 2, rngs=rngs)

    def __call__(self, x):
        x = self.drop(self.norm(nnx.relu(self.first(x))))
        x = self.twice(nnx.relu(self.twice(x)))
        return self.head(self.attention(x[None])[0])


def copies(model):
    return jax.tree_util.tree_map(np.asarray, nnx.to_pure_dict(nnx.state(model, nnx.Param)))


def assert_same(model, kept):
    jax.tree_util.tree_map(np.testing.assert_array_equal, copies(model), kept)


def test_an_nnx_model_is_set_in_place():
    model = Model(nnx.Rngs(0))
    kept, kernel = copies(model), model.first.kernel
    report = fanwise.jax.lsuv(model, BATCH, seed=3, tolerance=1e-3, most=30)
    assert [row.path for row in report.layers] == ["first", "twice", "head", "never"]
    assert report.converged
    assert report.layers[1].note == "called 2 times"
    assert report.layers[3].note == "never called: not scaled"
    assert {"norm/scale", "attention/query/kernel"} <= {*report.left_alone}
    assert model.first.kernel is kernel
    assert not model.norm.use_running_average
    assert not model.drop.deterministic
    now = copies(model)
    for name in ("norm", "attention"):
        jax.tree_util.tree_map(np.testing.assert_array_equal, now[name], kept[name])
    held = np.asarray(model.first(BATCH))
    assert held.var() == pytest.approx(1, abs=2e-3)
    start = fanwise.sample("orthogonal", (12, 12), seed=3, path="first/kernel")
    np.testing.assert_allclose(
        now["first"]["kernel"] / report.layers[0].factor, start, rtol=1e-4, atol=1e-6
    )


def test_modes_have_no_part_in_it():
    model, twin = Model(nnx.Rngs(0)), Model(nnx.Rngs(0))
    twin.eval()
    fanwise.jax.lsuv(model, BATCH, seed=0)
    fanwise.jax.lsuv(twin, BATCH, seed=0)
    assert_same(model, copies(twin))


class Module(linen.Module):
    """The same in linen, with what it is told by name."""

    @linen.compact
    def __call__(self, x, *, train=True):
        x = linen.relu(linen.Conv(8, (3,), name="conv")(x[..., None]))
        x = linen.BatchNorm(use_running_average=not train, name="norm")(x)
        x = linen.Dropout(0.5, deterministic=not train)(x)
        return linen.Dense(3, name="head")(x.reshape(len(x), -1))


def test_a_linen_module_gets_new_variables():
    module, call = Module(), {"train": False}
    variables = module.init(jax.random.key(0), BATCH, **call)
    kept = jax.tree_util.tree_map(np.asarray, variables)
    new, report = fanwise.jax.lsuv(module, variables, BATCH, keywords=call, seed=0)
    assert [row.path for row in report.layers] == ["conv", "head"]
    assert report.converged
    jax.tree_util.tree_map(np.testing.assert_array_equal, variables, kept)
    assert jax.tree_util.tree_structure(new) == jax.tree_util.tree_structure(variables)
    output = module.apply(new, BATCH, **call)
    assert np.asarray(output).var() == pytest.approx(report.layers[1].after, rel=1e-4)
    jax.tree_util.tree_map(np.testing.assert_array_equal, new["batch_stats"], kept["batch_stats"])


def test_the_weights_that_are_there_and_another_method():
    class Other(nnx.Module):
        def __init__(self):
            self.layer = nnx.Linear(12, 4, rngs=nnx.Rngs(0))

        def encode(self, x):
            return self.layer(x)

    model = Other()
    kept = copies(model)
    report = fanwise.jax.lsuv(model, BATCH, method="encode", start=None, tolerance=0.01)
    (row,) = report.layers
    kernel = copies(model)["layer"]["kernel"]
    np.testing.assert_allclose(kernel, kept["layer"]["kernel"] * row.factor, rtol=1e-6)


def test_dtypes():
    model = nnx.Linear(12, 8, param_dtype=jnp.bfloat16, rngs=nnx.Rngs(0))
    assert fanwise.jax.lsuv(model, BATCH, seed=0).converged
    assert model.kernel[...].dtype == jnp.bfloat16


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (np.zeros((3, 12), np.float32), "an output that varies"),
        (np.full((3, 12), np.nan, np.float32), "an output that varies"),
        (np.zeros((3, 5), np.float32), "a model that runs"),
    ],
)
def test_on_an_error_the_model_is_as_it_was(batch, said):
    model = Model(nnx.Rngs(0))
    kept = copies(model)
    with pytest.raises(FanwiseError, match=said):
        fanwise.jax.lsuv(model, batch, seed=0)
    assert_same(model, kept)


@pytest.mark.parametrize("options", [{}, {"seed": 0, "start": None}, {"seed": 0, "most": 0}])
def test_bad_options(options):
    with pytest.raises(FanwiseError):
        fanwise.jax.lsuv(nnx.Linear(12, 3, rngs=nnx.Rngs(0)), BATCH, **options)


@pytest.mark.parametrize("model", [Module, Module(), {"kernel": BATCH}, None])
def test_what_is_no_model_or_has_no_variables(model):
    with pytest.raises(FanwiseError) as caught:
        fanwise.jax.lsuv(model, BATCH, seed=0)
    assert caught.value.hint


def test_under_jit():
    model = nnx.Linear(12, 3, rngs=nnx.Rngs(0))

    @jax.jit
    def run(x):
        fanwise.jax.lsuv(model, x, seed=0)
        return x

    with pytest.raises(FanwiseError, match=r"outside of jax\.jit"):
        run(BATCH)
