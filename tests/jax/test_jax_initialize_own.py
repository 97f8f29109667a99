"""What the modules of Flax declare that they start with, drawn by the portable stream."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from jax.nn import initializers

import fanwise
import fanwise.jax
from fanwise.jax import initialize

OWN = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}
X = jnp.zeros((2, 5, 12))


def set_by(module, recipe=OWN, *inputs, seed=0):
    return initialize(module, recipe, seed=seed, inputs=inputs or (X,))


def rows(summary):
    return {row.path: row for row in summary.rows}


class Gated(linen.Module):
    """A block with zero-initialized modulation, tokens, a scale of layers and a small head."""

    @linen.compact
    def __call__(self, x):
        x = x + self.param("positions", initializers.normal(0.02), (1, 5, 12))
        modulation = linen.Dense(
            12, kernel_init=initializers.zeros, bias_init=initializers.constant(0.5), name="adaln"
        )
        gamma = self.param("gamma", lambda key, shape: 1e-4 * jnp.ones(shape), (12,))
        x = x + gamma * modulation(x)
        wide = linen.with_partitioning(initializers.he_uniform(), (None, "model"))
        x = linen.Dense(20, kernel_init=wide, name="wide")(x)
        return linen.Dense(3, kernel_init=initializers.normal(1e-3), name="head")(x)


DECLARED = {
    "positions": fanwise.scheme("normal", std=0.02),
    "adaln/kernel": "zeros",
    "adaln/bias": fanwise.scheme("constant", value=0.5),
    "gamma": fanwise.scheme("constant", value=1e-4),
    "wide/kernel": "he_uniform",
    "wide/bias": "zeros",
    "head/kernel": fanwise.scheme("normal", std=1e-3),
    "head/bias": "zeros",
}


@pytest.mark.parametrize("recipe", [OWN, "flax_default"])
def test_a_module_starts_as_it_declares(recipe):
    variables, summary = set_by(Gated(), recipe)
    flat = {
        "/".join(key.key for key in path if hasattr(key, "key")): np.asarray(leaf)
        for path, leaf in jax.tree_util.tree_leaves_with_path(variables)
    }
    assert rows(summary).keys() == DECLARED.keys()
    for path, scheme in DECLARED.items():
        values = flat[f"params/{path}"]
        expected = fanwise.sample(scheme, values.shape, seed=0, path=path)
        assert values.tobytes() == expected.tobytes(), path


class Stacked(linen.Module):
    """Four layers in a scan."""

    @linen.compact
    def __call__(self, x):
        layer = linen.scan(
            lambda dense, x, _: (dense(x), None),
            variable_axes={"params": 1},
            split_rngs={"params": True},
            length=4,
        )
        dense = linen.Dense(12, kernel_init=initializers.he_normal(), name="dense")
        return layer(dense, x, None)[0]


def test_stacked_layers_start_as_each_would_by_itself():
    variables, summary = set_by(Stacked())
    kernels = np.asarray(variables["params"]["dense"]["kernel"])
    assert kernels.shape == (12, 4, 12)
    for number in range(4):
        path = f"dense/{number}/kernel"
        assert rows(summary)[path].scheme == "he_normal"
        alone = fanwise.sample("he_normal", (12, 12), seed=0, path=path)
        assert np.array_equal(kernels[:, number], alone)


class Heads(linen.Module):
    """An attention whose kernels are orthogonal matrices, drawn flat."""

    @linen.compact
    def __call__(self, x):
        return linen.MultiHeadDotProductAttention(
            3, qkv_features=12, kernel_init=initializers.orthogonal(2.0), name="attention"
        )(x)


def test_the_kernels_of_an_attention_are_the_matrices_that_it_declares():
    variables, _ = set_by(Heads())
    for name in ("query", "key", "value", "out"):
        kernel = np.asarray(variables["params"]["attention"][name]["kernel"]).reshape(12, 12)
        assert np.allclose(kernel.T @ kernel, 4 * np.eye(12), atol=1e-5)


@pytest.mark.parametrize("column_axis", [-1, 1])
def test_batches_that_are_drawn_as_one_matrix_are_one(column_axis):
    init = initializers.orthogonal(column_axis=column_axis)
    module = linen.DenseGeneral(24, batch_dims=(0,), axis=-1, kernel_init=init, use_bias=False)
    variables, _ = set_by(module, OWN, jnp.zeros((2, 12)))
    kernel = np.asarray(variables["params"]["kernel"])
    assert kernel.shape == (2, 12, 24)
    matrix = kernel.reshape(24, 24)
    assert np.allclose(matrix.T @ matrix, np.eye(24), atol=1e-5)
    assert not np.allclose(kernel[0] @ kernel[0].T, 0.5 * np.eye(12), atol=1e-2)


def test_a_matrix_of_other_axes_has_no_translation():
    init = initializers.orthogonal(column_axis=0)
    module = linen.Conv(8, (3,), kernel_init=init, use_bias=False)
    variables, summary = set_by(module)
    assert summary.left_alone == ("kernel",)
    assert bool(variables["params"]["kernel"].any())


class Cell(linen.Module):
    kernel_init: object

    @linen.compact
    def __call__(self, x):
        return linen.RNN(linen.LSTMCell(6, kernel_init=self.kernel_init), name="lstm")(x)


def test_the_gates_of_a_cell_start_as_it_declares():
    _, summary = set_by(Cell(initializers.glorot_uniform()))
    kernel = rows(summary)["lstm/kernel"]
    assert (kernel.scheme, kernel.expected) == ("glorot_uniform", pytest.approx((2 / 18) ** 0.5))


def exponential(key, shape, dtype=jnp.float32):
    return jax.random.exponential(key, shape, dtype)


class Odd(linen.Module):
    @linen.compact
    def __call__(self, x):
        return linen.Dense(3, kernel_init=exponential)(x)


@pytest.mark.parametrize("recipe", [OWN, "flax_default"])
def test_what_has_no_translation_is_left_to_flax_and_named(recipe):
    variables, summary = set_by(Odd(), recipe)
    assert summary.left_alone == ("Dense_0/kernel",)
    kernel = variables["params"]["Dense_0"]["kernel"]
    assert bool((kernel > 0).all())
    assert bool((kernel == set_by(Odd(), recipe)[0]["params"]["Dense_0"]["kernel"]).all())
    rule = {"match": "Dense_0/kernel", "init": "he_normal"}
    mended = {"fanwise": 1, "rule": [rule, *OWN["rule"]]}
    _, summary = set_by(Odd(), mended)
    assert rows(summary)["Dense_0/kernel"].scheme == "he_normal"


class Kept(nnx.Module):
    """A layer that keeps the function of its parameter, as those of nnx did up to 0.12.0."""

    def __init__(self, rngs):
        self.gain_init = initializers.normal(0.3)
        self.gain = nnx.Param(self.gain_init(rngs.params(), (7,)))
        self.other = nnx.Param(jnp.zeros(7))


def test_an_nnx_module_declares_what_it_keeps():
    model = Kept(nnx.Rngs(0))
    summary = initialize(model, OWN, seed=0, exclude="other")
    assert rows(summary)["gain"].expected == 0.3
    with pytest.raises(fanwise.FanwiseError, match=r"1 of the weights has no rule.*other"):
        initialize(model, OWN, seed=0)


def test_an_nnx_layer_that_keeps_nothing_declares_nothing():
    model = nnx.Linear(4, 3, kernel_init=initializers.zeros, rngs=nnx.Rngs(0))
    if hasattr(model, "kernel_init"):  # up to 0.12.0
        assert rows(initialize(model, OWN, seed=0))["kernel"].scheme == "zeros"
    else:
        with pytest.raises(fanwise.FanwiseError, match=r"ha(s|ve) no rule"):
            initialize(model, OWN, seed=0)


class OldLinear(nnx.Linear):
    """A linear layer as it was in nnx up to 0.12.0."""

    def __init__(self, *sizes, kernel_init, rngs):
        super().__init__(*sizes, kernel_init=kernel_init, rngs=rngs)
        self.kernel_init = kernel_init
        self.bias_init = initializers.zeros


class OldGeneral(nnx.LinearGeneral):
    def __init__(self, *sizes, kernel_init, rngs):
        super().__init__(*sizes, axis=(-2, -1), kernel_init=kernel_init, rngs=rngs)
        self.kernel_init = kernel_init
        self.bias_init = initializers.zeros


def test_stacked_layers_of_nnx_that_keep_their_functions_start_as_one_would():
    @nnx.split_rngs(splits=3)
    @nnx.vmap
    def make(rngs):
        return OldLinear(6, 5, kernel_init=initializers.he_normal(), rngs=rngs)

    model = make(nnx.Rngs(0))
    summary = initialize(model, OWN, seed=0)
    assert {row.expected for row in summary.rows if row.role == "kernel"} == {(2 / 6) ** 0.5}
    assert len(summary.rows) == 6


def test_a_general_layer_of_nnx_is_drawn_as_the_matrix_that_it_declares():
    init = initializers.orthogonal()
    model = OldGeneral((3, 4), (2, 6), kernel_init=init, rngs=nnx.Rngs(0))
    initialize(model, OWN, seed=0)
    matrix = np.asarray(model.kernel[...]).reshape(12, 12)
    assert np.allclose(matrix.T @ matrix, np.eye(12), atol=1e-5)


class Overridden(linen.Module):
    """A module with a method that makes a parameter, called twice, and within setup."""

    def setup(self):
        self.first = self.param("first", initializers.ones, (3,))

    def more(self):
        return self.first * self.variables["params"]["first"]

    def __call__(self, x):
        return self.more().sum() + x


def test_parameters_of_setup_are_seen_and_the_module_is_left_as_it_was():
    module = Overridden()
    before = dict(vars(module))
    variables, summary = set_by(module)
    assert rows(summary)["first"].scheme == "ones"
    assert variables["params"]["first"].tolist() == [1.0, 1.0, 1.0]
    assert vars(module) == before


class Modulated(nnx.Module):
    """A head that starts at zero, and one that does not; the layers of nnx forget which."""

    def __init__(self, rngs):
        zeros = nnx.initializers.zeros_init()
        self.gate = nnx.Linear(4, 4, kernel_init=zeros, rngs=rngs)
        self.body = nnx.Linear(4, 64, rngs=rngs)


def test_a_kernel_of_nnx_that_is_constant_among_random_ones_stays_so():
    model = Modulated(nnx.Rngs(0))
    initialize(model, "flax_default", seed=1)
    assert not np.asarray(model.gate.kernel[...]).any()
    wanted = fanwise.sample("lecun_normal", (4, 64), seed=1, path="body/kernel")
    np.testing.assert_array_equal(np.asarray(model.body.kernel[...]), wanted)
    rows = {row.path: row.own for row in fanwise.jax.paths(model).rows}
    assert rows["gate/kernel"] == "scheme('zeros')"
    assert rows["body/kernel"] == ""


def test_a_model_of_nnx_that_was_made_to_be_filled_is_drawn():
    model = Modulated(nnx.Rngs(0))
    for layer in (model.gate, model.body):
        layer.kernel[...] = np.zeros(layer.kernel.shape, np.float32)
    initialize(model, "flax_default", seed=1)
    assert np.asarray(model.gate.kernel[...]).any()
    abstract = nnx.eval_shape(lambda: Modulated(nnx.Rngs(0)))
    initialize(abstract, "flax_default", seed=1)
    assert np.asarray(abstract.gate.kernel[...]).any()


class ByKeywords(linen.Module):
    @linen.compact
    def __call__(self, x):
        return x @ self.param(name="w", init_fn=initializers.normal(0.5), shape=(4, 3))


def test_a_parameter_may_be_declared_by_keywords():
    drawn, _ = initialize(ByKeywords(), "flax_default", seed=0, inputs=(jnp.ones((1, 4)),))
    wanted = fanwise.sample(fanwise.scheme("normal", std=0.5), (4, 3), seed=0, path="w")
    np.testing.assert_array_equal(np.asarray(drawn["params"]["w"]), wanted)
