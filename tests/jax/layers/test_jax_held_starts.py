"""What the weights of a built model were given to start with, by what they hold."""

import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from jax.nn import initializers
from reference.truncation import CORRECTION

from fanwise import FanwiseError
from fanwise.jax import initialize

pytestmark = pytest.mark.slow

RECIPE = "flax_default"


class Held(nnx.Module):
    """Layers whose code does not say what they are given."""

    def __init__(self, **given):
        rngs = nnx.Rngs(1)
        layers = {f"layer_{n}": nnx.Linear(64, 96, rngs=rngs, **given) for n in range(3)}
        self.layers = nnx.Dict(layers)


class Tokens(nnx.Module):
    """Parameters whose code says what they are drawn by."""

    def __init__(self, rngs):
        tokens = initializers.normal(0.02)(rngs.params(), (1, 32))
        self.tokens = nnx.Param(tokens)
        self.positions = nnx.Param(jax.random.normal(rngs.params(), (16, 32)) * 0.5)
        self.scale = nnx.Param(jnp.full(32, 1e-5))
        self.numbers = nnx.Param(jnp.arange(16.0))
        self.mask = nnx.Variable(jnp.triu(jnp.full((8, 8), -jnp.inf), 1))
        self.linear = nnx.Linear(
            32, 32, kernel_init=nnx.with_partitioning(initializers.he_uniform(), None), rngs=rngs
        )


def schemes(summary):
    return {row.path: row.scheme for row in summary.rows}


def deviations(model):
    return [float(np.asarray(layer.kernel[...]).std()) for layer in model.layers.values()]


@pytest.mark.parametrize(
    ("init", "name", "std"),
    [
        (initializers.he_normal(), "he_normal", 32**-0.5),
        (initializers.glorot_uniform(), "glorot_uniform", 80**-0.5),
        (initializers.normal(0.02), "normal", 0.02),
        (initializers.variance_scaling(2.0, "fan_out", "normal"), "variance_scaling", 48**-0.5),
    ],
    ids=["he", "glorot", "normal", "fan out"],
)
def test_kernels_that_contradict_the_default_keep_the_law_that_they_hold(init, name, std):
    model = Held(kernel_init=init)
    summary = initialize(model, RECIPE, seed=0)
    assert schemes(summary)["layers/layer_0/kernel"] == name
    assert deviations(model) == pytest.approx([std] * 3, rel=0.05)


def test_kernels_of_the_default_law_start_by_it():
    summary = initialize(Held(), RECIPE, seed=0)
    assert schemes(summary)["layers/layer_0/kernel"] == "lecun_normal"


def test_an_orthogonal_kernel_stays_orthogonal():
    model = Held(kernel_init=initializers.orthogonal())
    initialize(model, RECIPE, seed=0)
    kernel = np.asarray(model.layers["layer_1"].kernel[...])
    np.testing.assert_allclose(kernel @ kernel.T, np.eye(64), atol=1e-5)


@pytest.mark.parametrize("size", [4, 8, 64])
def test_a_square_orthogonal_kernel_stays_orthogonal_though_it_has_the_default_variance(size):
    rngs = nnx.Rngs(3)
    layer = nnx.Linear(size, size, kernel_init=initializers.orthogonal(), rngs=rngs)
    before = np.asarray(layer.kernel[...])
    initialize(layer, RECIPE, seed=0)
    kernel = np.asarray(layer.kernel[...])
    assert not np.array_equal(kernel, before)
    np.testing.assert_allclose(kernel @ kernel.T, np.eye(size), atol=1e-5)


def test_a_large_orthogonal_kernel_stays_orthogonal():
    layer = nnx.Linear(300, 400, kernel_init=initializers.orthogonal(), rngs=nnx.Rngs(3))
    initialize(layer, RECIPE, seed=0)
    kernel = np.asarray(layer.kernel[...])
    np.testing.assert_allclose(kernel @ kernel.T, np.eye(300), atol=1e-5)


@pytest.mark.parametrize("size", [4, 16, 64])
def test_an_identity_stays_though_it_has_the_default_variance(size):
    def identity(key, shape, dtype=jnp.float32, **_):
        return jnp.eye(*shape, dtype=dtype)

    layer = nnx.Linear(size, size, kernel_init=identity, rngs=nnx.Rngs(3))
    initialize(layer, RECIPE, seed=0)
    np.testing.assert_array_equal(layer.kernel[...], np.eye(size))


def test_noise_about_an_identity_is_not_taken_for_the_default():
    def near(key, shape, dtype=jnp.float32, **_):
        return jnp.eye(*shape, dtype=dtype) + 0.01 * jax.random.normal(key, shape, dtype)

    layer = nnx.Linear(16, 16, kernel_init=near, rngs=nnx.Rngs(3))
    before = np.asarray(layer.kernel[...])
    with pytest.raises(FanwiseError, match="of another law"):
        initialize(layer, RECIPE, seed=0)
    np.testing.assert_array_equal(layer.kernel[...], before)


@pytest.mark.parametrize("shape", [(8, 6, 8), (3, 2, 4), (20, 5, 3)])
def test_a_small_einsum_of_the_default_is_never_refused(shape):
    for seed in range(5):
        layer = nnx.Einsum("abc,cde->abde", shape, rngs=nnx.Rngs(seed))
        held = np.asarray(layer.kernel[...])
        initialize(layer, RECIPE, seed=0)
        assert np.asarray(layer.kernel[...]).std() == pytest.approx(held.std(), rel=1)


def test_layers_of_two_classes_that_are_numbered_alike_are_asked_apart():
    rngs = nnx.Rngs(3)
    model = nnx.Dict(
        layer_0=nnx.LinearGeneral((1, 3), (2, 9), axis=(-2, -1), rngs=rngs),
        layer_1=nnx.Einsum("abc,cde->abde", (5, 6, 9), rngs=rngs),
    )
    initialize(model, RECIPE, seed=0)
    assert float(model["layer_1"].kernel[...].std()) == pytest.approx(30**-0.5, rel=0.2)


def test_lora_of_nnx_starts_as_its_code_does():
    model = nnx.Dict(lora=nnx.LoRA(64, 8, 48, rngs=nnx.Rngs(3)))
    before = np.asarray(model.lora.lora_a[...])
    initialize(model, RECIPE, seed=0)
    first = np.asarray(model.lora.lora_a[...])
    assert not np.array_equal(first, before)
    assert first.std() == pytest.approx((2 / 64) ** 0.5, rel=0.15)
    assert not model.lora.lora_b[...].any()


class Positions(eqx.Module):
    cut: jax.Array
    twice: jax.Array

    def __init__(self, key):
        self.cut = jax.random.truncated_normal(key, -2, 2, (16, 48)) * 0.037
        self.twice = 0.5 * jax.random.normal(key, (16, 48)) * 0.1


def test_normals_that_are_cut_or_scaled_twice_start_as_the_code_says():
    _, summary = initialize(Positions(jax.random.key(0)), RECIPE, seed=0)
    expected = {row.path.split("/")[-1]: row.expected for row in summary.rows}
    assert expected["cut"] == pytest.approx(0.037 * CORRECTION, rel=1e-3)
    assert expected["twice"] == pytest.approx(0.05)


def test_constants_of_any_role_stay():
    model = nnx.List([nnx.Linear(8, 8, rngs=nnx.Rngs(0)), nnx.BatchNorm(8, rngs=nnx.Rngs(0))])
    holder = Held()
    holder.more = model
    model[1].scale[...] = jnp.zeros(8)
    model[1].bias[...] = jnp.full(8, 0.25)
    model[0].bias[...] = jnp.full(8, -2.0)
    initialize(holder, RECIPE, seed=0)
    assert [float(value[...].mean()) for value in (model[1].scale, model[1].bias)] == [0.0, 0.25]
    assert float(model[0].bias[...].mean()) == -2.0


def test_values_of_no_law_that_people_give_are_an_error_with_lines_that_keep_it():
    model = Held(kernel_init=initializers.normal(0.0137))
    with pytest.raises(FanwiseError, match=r"values of std 0\.013\d") as info:
        initialize(model, RECIPE, seed=0)
    pasted = str(info.value)[str(info.value).index("fanwise = 1") :]
    initialize(model, pasted, seed=0)
    assert deviations(model) == pytest.approx([0.0137] * 3, rel=0.05)


def test_a_rule_of_ones_own_is_not_asked_for_what_a_weight_holds():
    model = Held(kernel_init=initializers.normal(0.0137))
    rule = {"match": "**", "role": "kernel", "init": "he_normal"}
    initialize(model, {"fanwise": 1, "extends": RECIPE, "rule": [rule]}, seed=0)
    assert deviations(model) == pytest.approx([32**-0.5] * 3, rel=0.05)


def test_what_was_given_is_remembered_when_another_recipe_has_drawn_it():
    model = Held(kernel_init=initializers.he_normal())
    initialize(model, RECIPE, seed=0)
    rule = {"match": "**", "role": "kernel", "init": {"scheme": "normal", "std": 0.3}}
    initialize(model, {"fanwise": 1, "extends": RECIPE, "rule": [rule]}, seed=0)
    assert schemes(initialize(model, RECIPE, seed=0))["layers/layer_0/kernel"] == "he_normal"


def test_a_model_that_holds_nothing_but_constants_is_there_to_be_filled():
    tree = {"dense": {"kernel": jnp.zeros((32, 32)), "bias": jnp.zeros(32)}}
    _, summary = initialize(tree, RECIPE, seed=0)
    assert schemes(summary)["dense/kernel"] == "lecun_normal"


def test_parameters_start_as_the_code_of_their_class_says():
    model = Tokens(nnx.Rngs(0))
    summary = initialize(model, RECIPE, seed=0)
    expected = {row.path: row.expected for row in summary.rows}
    assert expected["tokens"] == 0.02
    assert expected["positions"] == 0.5
    assert schemes(summary)["linear/kernel"] == "he_uniform"


def test_numbers_that_were_computed_and_masks_stay():
    model = Tokens(nnx.Rngs(0))
    before = np.asarray(model.mask[...])
    summary = initialize(model, RECIPE, seed=0)
    np.testing.assert_array_equal(model.numbers[...], np.arange(16.0))
    np.testing.assert_array_equal(model.mask[...], before)
    assert {"numbers", "mask"} <= set(summary.left_alone)


def test_layers_of_equinox_start_as_their_code_does():
    keys = jax.random.split(jax.random.key(0), 3)
    model = {
        "linear": eqx.nn.Linear(64, 32, key=keys[0]),
        "conv": eqx.nn.Conv2d(8, 16, 3, groups=2, key=keys[1]),
        "embedding": eqx.nn.Embedding(50, 16, key=keys[2]),
    }
    model, summary = initialize(model, RECIPE, seed=0)
    expected = {row.path: row.expected for row in summary.rows}
    assert expected["linear/kernel"] == expected["linear/bias"] == pytest.approx(192**-0.5)
    assert expected["conv/kernel"] == expected["conv/bias"] == pytest.approx((4 * 9 * 3) ** -0.5)
    assert expected["embedding/embedding"] == 1.0
    assert float(jnp.abs(model["linear"].weight).max()) <= 1 / 8


def test_a_layer_of_equinox_that_was_set_to_zeros_keeps_them():
    model = eqx.nn.MLP(16, 4, 32, 1, key=jax.random.key(0))
    last = model.layers[-1].weight
    model = eqx.tree_at(lambda m: m.layers[-1].weight, model, jnp.zeros_like(last))
    model, _ = initialize(model, RECIPE, seed=0)
    assert not model.layers[-1].weight.any()
    assert model.layers[0].weight.any()


def test_parameters_of_haiku_start_by_its_law_which_is_narrower_where_it_is_cut():
    made = hk.without_apply_rng(hk.transform(lambda x: hk.nets.MLP([64, 10])(x)))
    parameters = made.init(jax.random.key(0), jnp.ones((1, 64)))
    drawn, _ = initialize(parameters, RECIPE, seed=0)
    for name, arrays in parameters.items():
        assert float(drawn[name]["w"].std()) == pytest.approx(float(arrays["w"].std()), rel=0.1)
    assert float(jnp.abs(drawn["mlp/~/linear_0"]["w"]).max()) <= 2 / 8


def test_the_gates_of_haiku_start_by_its_law_for_them():
    def run(x):
        cell = hk.GRU(16)
        return hk.dynamic_unroll(cell, x, cell.initial_state(2))

    made = hk.without_apply_rng(hk.transform(run))
    parameters = made.init(jax.random.key(0), jnp.ones((5, 2, 32)))
    _, summary = initialize(parameters, RECIPE, seed=0)
    expected = {row.path: row.expected for row in summary.rows}
    assert expected["gru/w_i"] == pytest.approx(32**-0.5)
    assert expected["gru/w_h"] == pytest.approx(1 / 4)


def test_what_a_linen_module_computes_by_itself_is_left_to_flax():
    def ramp(key, shape, dtype=jnp.float32):
        del key
        return jnp.arange(shape[0], dtype=dtype)

    class Positions(linen.Module):
        @linen.compact
        def __call__(self, x):
            return linen.Dense(4)(x) + self.param("ramp", ramp, (4,))

    variables, summary = initialize(Positions(), RECIPE, seed=0, inputs=(jnp.ones((1, 4)),))
    np.testing.assert_array_equal(variables["params"]["ramp"], np.arange(4))
    assert summary.left_alone == ("ramp",)


def test_a_rule_of_ones_own_sets_what_would_stay_otherwise():
    model = Tokens(nnx.Rngs(0))
    rule = {"match": "numbers", "init": {"scheme": "normal", "std": 0.1}}
    initialize(model, {"fanwise": 1, "extends": RECIPE, "rule": [rule]}, seed=0)
    assert float(jnp.abs(model.numbers[...]).max()) < 1


def test_constants_that_another_recipe_has_set_are_drawn_again():
    model = Held()
    rule = {"match": "layers/layer_1/kernel", "init": "zeros"}
    initialize(model, {"fanwise": 1, "extends": RECIPE, "rule": [rule]}, seed=0)
    assert deviations(model)[1] == 0
    initialize(model, RECIPE, seed=0)
    assert deviations(model) == pytest.approx([1 / 8] * 3, rel=0.05)
