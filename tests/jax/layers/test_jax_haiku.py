"""Haiku's own modules, whose parameters are known by their names and shapes alone."""

import haiku as hk
import jax
import jax.numpy as jnp
import pytest
from common.bits import same_bits

import fanwise
import fanwise.jax
from fanwise.jax import initialize, summary

KEY = jax.random.key(0)
RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal", "name": "kernel"},
        {"match": "**", "init": {"scheme": "normal", "std": 0.5}, "name": "rest"},
    ],
    "allow": {"unused": ["kernel", "rest"]},
}


def parameters(call):
    """What Haiku makes of a function without arguments, drawn by nothing."""
    return jax.eval_shape(hk.transform(call).init, KEY)


def he(path, shape, axes="kernel"):
    return fanwise.sample("he_normal", shape, seed=0, path=path, axes=axes)


IMAGE = jnp.zeros((1, 8, 8, 4))
TEXT = jnp.zeros((1, 8, 4))
#: A module, and the shape of one kernel, its path and its axes.
MODULES = {
    "Linear": (lambda: hk.Linear(3)(TEXT), (4, 3), "linear/kernel", "in out"),
    "without a bias": (
        lambda: hk.Linear(3, with_bias=False)(TEXT),
        (4, 3),
        "linear/kernel",
        "in out",
    ),
    "Conv1D": (lambda: hk.Conv1D(3, 5)(TEXT), (5, 4, 3), "conv1_d/kernel", "kernel"),
    "Conv2D": (lambda: hk.Conv2D(3, 5)(IMAGE), (5, 5, 4, 3), "conv2_d/kernel", "kernel"),
    "Conv2D without a bias": (
        lambda: hk.Conv2D(3, 5, with_bias=False)(IMAGE),
        (5, 5, 4, 3),
        "conv2_d/kernel",
        "kernel",
    ),
    "channels first": (
        lambda: hk.Conv2D(3, 5, data_format="NCHW", name="x")(IMAGE),
        (5, 5, 8, 3),
        "x/kernel",
        "kernel",
    ),
    "Conv3D": (
        lambda: hk.Conv3D(3, 2)(jnp.zeros((1, 4, 4, 4, 4))),
        (2, 2, 2, 4, 3),
        "conv3_d/kernel",
        "kernel",
    ),
    "Conv1DTranspose": (
        lambda: hk.Conv1DTranspose(3, 5)(TEXT),
        (5, 3, 4),
        "conv1_d_transpose/kernel",
        "* out in",
    ),
    "Conv2DTranspose": (
        lambda: hk.Conv2DTranspose(3, 5)(IMAGE),
        (5, 5, 3, 4),
        "conv2_d_transpose/kernel",
        "* out in",
    ),
    "transposed without a bias": (
        lambda: hk.Conv2DTranspose(3, 5, with_bias=False)(IMAGE),
        (5, 5, 3, 4),
        "conv2_d_transpose/kernel",
        "* out in",
    ),
    "transposed of another name": (
        lambda: hk.Conv2DTranspose(3, 5, name="up")(IMAGE),
        (5, 5, 3, 4),
        "up/kernel",
        "* out in",
    ),
    "Conv3DTranspose": (
        lambda: hk.Conv3DTranspose(3, 2)(jnp.zeros((1, 4, 4, 4, 4))),
        (2, 2, 2, 3, 4),
        "conv3_d_transpose/kernel",
        "* out in",
    ),
    "DepthwiseConv2D": (
        lambda: hk.DepthwiseConv2D(2, 3)(IMAGE),
        (3, 3, 1, 8),
        "depthwise_conv2_d/kernel",
        "kernel",
    ),
    "MultiHeadAttention": (
        lambda: hk.MultiHeadAttention(2, 3, w_init=jnp.zeros)(TEXT, TEXT, TEXT),
        (4, 6),
        "multi_head_attention/key/kernel",
        "in out",
    ),
    "LSTM": (
        lambda: hk.LSTM(5)(jnp.zeros((1, 4)), hk.LSTM(5).initial_state(1)),
        (9, 20),
        "lstm/linear/kernel",
        "in out",
    ),
}


@pytest.mark.parametrize("name", MODULES)
def test_a_kernel_is_what_its_module_made_it(name):
    call, shape, path, axes = MODULES[name]
    made, done = initialize(parameters(call), RECIPE, seed=0)
    kernel = next(array for array in jax.tree.leaves(made) if array.shape == shape)
    assert same_bits(kernel, he(path, shape, axes))
    assert path in [row.path for row in done.rows]


@pytest.mark.parametrize("name", MODULES)
def test_layer_stack(name):
    call, shape, path, axes = MODULES[name]

    def model():
        def body(x):
            call()
            return hk.Linear(4, name="last")(x)

        hk.experimental.layer_stack(11, name="stack")(body)(TEXT)
        hk.Linear(4, name="head")(TEXT)

    made, done = initialize(parameters(model), RECIPE, seed=0)
    kernel = next(array for array in jax.tree.leaves(made) if array.shape == (11, *shape))
    for number in (0, 10):
        assert same_bits(kernel[number], he(f"stack/{number}/{path}", shape, axes))
    assert {row.path: row.fan_in for row in done.rows} == {
        row.path: row.fan_in for row in summary(made).rows
    }


def test_a_stack_of_layers_without_biases_is_told_by_their_names():
    def model():
        def body(x):
            return hk.Linear(4, with_bias=False)(x)

        return hk.experimental.layer_stack(3)(body)(TEXT)

    made, done = initialize(parameters(model), RECIPE, seed=0)
    assert {row.fan_in for row in done.rows} == {4}
    (kernel,) = jax.tree.leaves(made)
    assert same_bits(kernel[1], he(done.rows[1].path, (4, 4)))


@pytest.mark.parametrize("counts", [(3,), (2, 3)])
def test_haikus_stacks_are_told_by_their_own_name(counts):
    def call():
        def layer(x):
            return hk.Linear(4, with_bias=False, name="query")(x)

        for count in reversed(counts):
            layer = hk.experimental.layer_stack(count)(layer)
        return layer(TEXT)

    made, done = initialize(parameters(call), RECIPE, seed=0)
    (kernel,) = jax.tree.leaves(made)
    assert kernel.shape == (*counts, 4, 4)
    assert same_bits(kernel[(-1,) * len(counts)], he(done.rows[-1].path, (4, 4)))


def test_stacks_of_stacks():
    def model():
        def inner(x):
            return hk.Linear(4)(x)

        def outer(x):
            return hk.experimental.layer_stack(2, name="inner")(inner)(x)

        return hk.experimental.layer_stack(3, name="outer")(outer)(TEXT)

    made, _ = initialize({**parameters(model), "head": {"w": jnp.zeros((4, 2))}}, RECIPE, seed=0)
    kernel = made["outer/inner/linear"]["w"]
    assert same_bits(kernel[2, 1], he("outer/2/1/inner/linear/kernel", (4, 4)))


def test_an_ensemble():
    model = hk.transform(lambda: hk.nets.MLP([5, 3])(TEXT))
    tree = jax.eval_shape(jax.vmap(model.init), jax.random.split(KEY, 7))
    made, _ = initialize(tree, RECIPE, seed=0)
    kernel = made["mlp/~/linear_1"]["w"]
    assert same_bits(kernel[6], he("6/mlp/linear_1/kernel", (5, 3)))


def test_the_groups_of_a_depthwise_convolution_are_not_guessed():
    tree = parameters(MODULES["DepthwiseConv2D"][0])
    glorot = {"role": "kernel", "init": "glorot_normal", "name": "kernel"}
    recipe = {**RECIPE, "rule": [glorot, RECIPE["rule"][1]]}
    with pytest.raises(fanwise.FanwiseError, match="fan_out"):
        initialize(tree, recipe, seed=0)
    first = jax.eval_shape(hk.transform(lambda: hk.Conv2D(8, 3)(IMAGE[..., :1])).init, KEY)
    _, done = initialize(first, recipe, seed=0)
    assert {(row.fan_in, row.fan_out) for row in done.rows if row.role == "kernel"} == {(9, 72)}


def test_norms_embeddings_and_biases():
    def model():
        hk.LayerNorm(-1, create_scale=True, create_offset=True)(TEXT)
        hk.BatchNorm(create_scale=True, create_offset=True, decay_rate=0.9)(IMAGE, is_training=True)
        hk.Embed(7, 4)(jnp.zeros(3, int))
        hk.Bias()(TEXT)
        hk.GRU(5)(jnp.zeros((1, 4)), hk.GRU(5).initial_state(1))

    tree, _ = jax.eval_shape(hk.transform_with_state(model).init, KEY)
    _, done = initialize(tree, {"fanwise": 1, "rule": [{"match": "**", "init": "ones"}]}, seed=0)
    assert {row.path: (row.role, row.kind) for row in done.rows} == {
        "batch_norm/offset": ("offset", "norm"),
        "batch_norm/scale": ("scale", "norm"),
        "bias/b": ("", "parameter"),
        "embed/embedding": ("embedding", "embedding"),
        "gru/b": ("", "parameter"),
        "gru/w_h": ("", "parameter"),
        "gru/w_i": ("", "parameter"),
        "layer_norm/offset": ("offset", "norm"),
        "layer_norm/scale": ("scale", "norm"),
    }


def test_haikus_modules_take_a_seeded_initializer():
    kernel = fanwise.jax.he_normal(seed=0, path="linear/kernel")
    bias = fanwise.jax.normal(0.1, seed=0, path="linear/bias")
    model = hk.transform(lambda: hk.Linear(3, w_init=kernel, b_init=bias)(TEXT))
    made = model.init(KEY)["linear"]
    assert same_bits(made["w"], he("linear/kernel", (4, 3)))
    assert same_bits(made["w"], jax.jit(model.init)(KEY)["linear"]["w"])
    # With a shape in its own place, what stands before it is the key, which does not count.
    assert fanwise.jax.he_normal(seed=0, path="a")([1, 2], (4, 3)).shape == (4, 3)
    with pytest.raises(fanwise.FanwiseError, match="next_rng_key"):
        hk.transform(lambda: hk.Linear(3, w_init=fanwise.jax.he_normal())(TEXT)).init(KEY)
