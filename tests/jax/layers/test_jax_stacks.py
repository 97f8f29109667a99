"""Layers that are stacked in one: each gets what it would get alone, or an error says why not."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from flax import nnx

import fanwise
from fanwise.jax import LayerWeight, initialize, register_layer, set_initializer, summary

pytestmark = pytest.mark.slow

RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal", "name": "kernel"},
        {"role": "recurrent_kernel", "init": "orthogonal", "name": "recurrent"},
        {"role": "embedding", "init": "he_normal", "name": "embedding"},
        {"match": "**", "init": {"scheme": "normal", "std": 0.5}, "name": "rest"},
    ],
    "allow": {"unused": ["kernel", "recurrent", "embedding", "rest"]},
}
KEY = jax.random.key(0)


def he(path, shape, axes="kernel"):
    return fanwise.sample("he_normal", shape, seed=0, path=path, axes=axes)


def rest(path, shape):
    return fanwise.sample(fanwise.scheme("normal", std=0.5), shape, seed=0, path=path)


def stacked(make, *counts, out_axes=0):
    """Layers of nnx, mapped over keys as often as there are counts."""

    def from_key(key):
        return make(nnx.Rngs(key))

    for _ in counts:
        from_key = nnx.vmap(from_key, out_axes=out_axes)
    return from_key(jax.random.split(KEY, counts))


class Block(nnx.Module):
    def __init__(self, rngs):
        self.first = nnx.Linear(64, 32, rngs=rngs)
        self.norm = nnx.BatchNorm(32, rngs=rngs)
        self.gain = nnx.Param(jnp.ones(32))
        self.dropout = nnx.Dropout(0.5, rngs=rngs)


class Model(nnx.Module):
    def __init__(self, rngs):
        self.blocks = stacked(Block, 3)
        self.head = nnx.Linear(32, 5, rngs=rngs)


class Unrolled(nnx.Module):
    def __init__(self, rngs):
        self.blocks = nnx.List([Block(rngs) for _ in range(3)])
        self.head = nnx.Linear(32, 5, rngs=rngs)


def values(model):
    return nnx.to_pure_dict(nnx.state(model, (nnx.Param, nnx.BatchStat)))


@pytest.mark.parametrize("abstract", [False, True])
def test_layers_that_are_mapped_over_start_as_those_of_a_list(abstract):
    build = nnx.eval_shape if abstract else lambda make: make()
    model, unrolled = build(lambda: Model(nnx.Rngs(0))), Unrolled(nnx.Rngs(1))
    done, expected = (initialize(each, RECIPE, seed=0) for each in (model, unrolled))
    blocks = [values(unrolled)["blocks"][number] for number in range(3)]
    together = jax.tree.map(lambda *layers: jnp.stack(layers), *blocks)
    assert jax.tree.all(jax.tree.map(same_bits, values(model)["blocks"], together))
    assert {row.path: row.expected for row in done.rows} == {
        row.path: row.expected for row in expected.rows
    }
    shown = {row.path: (row.shape, row.scheme, row.fan_in) for row in summary(model).rows}
    assert shown["blocks/2/first/kernel"] == ((64, 32), "he_normal", 64)


def test_what_is_compiled_gets_the_same():
    plain, compiled = Model(nnx.Rngs(0)), Model(nnx.Rngs(0))
    initialize(plain, RECIPE, seed=0)
    nnx.jit(lambda model: initialize(model, RECIPE, seed=0) and None)(compiled)
    assert jax.tree.all(jax.tree.map(same_bits, values(plain), values(compiled)))


LAYERS = {
    "Linear": (lambda rngs: nnx.Linear(6, 4, rngs=rngs), "kernel", (6, 4), "in out"),
    "without a bias": (
        lambda rngs: nnx.Linear(6, 4, use_bias=False, rngs=rngs),
        "kernel",
        (6, 4),
        "in out",
    ),
    "LinearGeneral": (
        lambda rngs: nnx.LinearGeneral((2, 3), 4, axis=(-2, -1), rngs=rngs),
        "kernel",
        (2, 3, 4),
        "in in out",
    ),
    "of batches": (
        lambda rngs: nnx.LinearGeneral(3, 4, axis=-1, batch_axis={0: 7}, rngs=rngs),
        "kernel",
        (7, 3, 4),
        "batch in out",
    ),
    "Einsum": (
        lambda rngs: nnx.Einsum("abc,cde->abde", (6, 4, 5), (4, 5), rngs=rngs),
        "kernel",
        (6, 4, 5),
        "in out out",
    ),
    "Conv": (lambda rngs: nnx.Conv(6, 4, (3, 3), rngs=rngs), "kernel", (3, 3, 6, 4), "kernel"),
    "grouped": (
        lambda rngs: nnx.Conv(6, 4, 3, feature_group_count=2, use_bias=False, rngs=rngs),
        "kernel",
        (3, 3, 4),
        "kernel",
    ),
    "ConvTranspose": (
        lambda rngs: nnx.ConvTranspose(6, 4, (3,), rngs=rngs),
        "kernel",
        (3, 6, 4),
        "kernel",
    ),
    "turned": (
        lambda rngs: nnx.ConvTranspose(6, 4, (3,), transpose_kernel=True, rngs=rngs),
        "kernel",
        (3, 4, 6),
        "* out in",
    ),
    "Embed": (lambda rngs: nnx.Embed(7, 4, rngs=rngs), "embedding", (7, 4), "in out"),
}


@pytest.mark.parametrize("out_axes", [0, 1, -1])
@pytest.mark.parametrize("name", LAYERS)
def test_an_axis_of_layers_is_no_axis_of_a_kernel(name, out_axes):
    make, role, shape, axes = LAYERS[name]
    layer = stacked(make, 11, out_axes=nnx.StateAxes({nnx.Param: out_axes, ...: 0}))
    initialize(layer, RECIPE, seed=0)
    weights = getattr(layer, role).get_value()
    for number in range(11):
        weight = jnp.take(weights, number, out_axes)
        assert same_bits(weight, he(f"{number}/{role}", shape, axes))


@pytest.mark.parametrize("name", ["LSTMCell", "OptimizedLSTMCell", "GRUCell", "SimpleCell"])
def test_cells_that_are_mapped_over(name):
    def make(rngs):
        return getattr(nnx, name)(3, 4, rngs=rngs)

    cells, alone = stacked(make, 2), make(nnx.Rngs(0))
    rows = initialize(cells, RECIPE, seed=0).rows
    paths = {row.path: row.expected for row in initialize(alone, RECIPE, seed=0).rows}
    assert {row.path: row.expected for row in rows} == {
        f"{number}/{path}": expected for path, expected in paths.items() for number in range(2)
    }


def test_normalizations_and_attention_that_are_mapped_over():
    attention = stacked(lambda rngs: nnx.MultiHeadAttention(2, 8, normalize_qk=True, rngs=rngs), 3)
    initialize(attention, RECIPE, seed=0)
    for number in range(3):
        query = attention.query.kernel.get_value()[number]
        assert same_bits(query, he(f"{number}/query/kernel", (8, 2, 4), "in out out"))
        scale = attention.query_ln.scale.get_value()[number]
        assert same_bits(scale, rest(f"{number}/query_ln/scale", (4,)))
    groups = stacked(lambda rngs: nnx.GroupNorm(6, num_groups=3, rngs=rngs), 2)
    initialize(groups, RECIPE, seed=0)
    assert same_bits(groups.scale.get_value()[1], rest("1/scale", (6,)))


def test_layers_that_are_mapped_over_twice():
    model = nnx.Sequential(
        stacked(lambda rngs: nnx.Linear(6, 4, rngs=rngs), 2, 3), nnx.Linear(4, 4, rngs=nnx.Rngs(0))
    )
    initialize(model, RECIPE, seed=0)
    kernel = model.layers[0].kernel.get_value()
    for outer, inner in np.ndindex(2, 3):
        path = f"layers/0/{outer}/{inner}/kernel"
        assert same_bits(kernel[outer, inner], he(path, (6, 4)))


def test_a_stack_within_a_stack():
    class Outer(nnx.Module):
        def __init__(self, rngs):
            self.inner = nnx.vmap(lambda key: nnx.Linear(6, 4, rngs=nnx.Rngs(key)))(
                jax.random.split(rngs(), 3)
            )
            self.norm = nnx.LayerNorm(4, rngs=rngs)

    model = stacked(Outer, 2)
    initialize(model, RECIPE, seed=0)
    assert same_bits(model.inner.kernel.get_value()[1, 2], he("1/inner/2/kernel", (6, 4)))
    assert same_bits(model.norm.scale.get_value()[1], rest("1/norm/scale", (4,)))


def test_as_many_layers_as_features():
    """Then the bias tells which axis holds the layers."""
    layer = stacked(lambda rngs: nnx.Linear(5, 4, rngs=rngs), 5)
    initialize(layer, RECIPE, seed=0)
    assert same_bits(layer.kernel.get_value()[2], he("2/kernel", (5, 4)))
    set_initializer(layer, "orthogonal", seed=0)
    product = layer.kernel.get_value()[2].T @ layer.kernel.get_value()[2]
    np.testing.assert_allclose(product, np.eye(4), atol=1e-5)


def test_where_nothing_tells_the_axis_only_what_needs_no_order_is_drawn():
    layer = stacked(lambda rngs: nnx.Linear(4, 4, rngs=rngs), 4)
    initialize(layer, RECIPE, seed=0)
    assert same_bits(layer.kernel.get_value()[1], he("1/kernel", (4, 4)))
    with pytest.raises(fanwise.FanwiseError, match="order"):
        set_initializer(layer, "orthogonal", seed=0)
    assert same_bits(layer.kernel.get_value()[1], he("1/kernel", (4, 4)))


def test_a_layer_is_set_as_in_its_model():
    model, other = Model(nnx.Rngs(0)), Model(nnx.Rngs(0))
    set_initializer(model.blocks.first, "he_normal", seed=0, path="blocks/first")
    kernel = model.blocks.first.kernel.get_value()
    assert same_bits(kernel[2], he("blocks/first/2/kernel", (64, 32)))
    assert abs(float(kernel.std()) - 0.177) < 0.005
    set_initializer(other.head, "orthogonal", seed=0, path="head")
    with pytest.raises(fanwise.FanwiseError, match="known axes"):
        set_initializer(other.blocks, seed=0)


class Unknown(nnx.Module):
    def __init__(self, rngs, *, biased=True):
        self.kernel = nnx.Param(jnp.ones((64, 32)))
        self.bias = nnx.Param(jnp.ones(32)) if biased else None


def test_the_bias_of_a_class_that_is_not_known_tells_of_a_stack():
    model = stacked(Unknown, 5)
    initialize(model, RECIPE, seed=0)
    for layer in range(5):
        assert same_bits(model.kernel[layer], he(f"{layer}/kernel", (64, 32)))


def test_a_kernel_that_may_be_a_convolution_or_a_stack_is_refused_with_a_way_out():
    def make(rngs):
        return Unknown(rngs, biased=False)

    model = stacked(make, 5)
    with pytest.raises(fanwise.FanwiseError, match="fan_in") as refused:
        initialize(model, RECIPE, seed=0)
    assert "register_layer" in str(refused.value)
    assert "describe=" not in str(refused.value)
    assert (model.kernel[...] == 1).all()

    class Said(Unknown):
        pass

    register_layer(Said, lambda *_: [LayerWeight("kernel", "kernel", "batch in out", "dense")])
    model = stacked(lambda rngs: Said(rngs, biased=False), 5)
    initialize(model, RECIPE, seed=0)
    assert same_bits(model.kernel[...], he("kernel", (5, 64, 32), "batch in out"))


def test_arrays_of_neither_a_layer_nor_a_stack_are_refused():
    layer = nnx.Linear(6, 4, rngs=nnx.Rngs(0))
    layer.kernel.set_value(jnp.zeros((3, 6, 5)))
    with pytest.raises(fanwise.FanwiseError, match="stacked alike"):
        initialize(layer, RECIPE, seed=0)
    layer.kernel.set_value(jnp.zeros((3, 6, 4)))
    with pytest.raises(fanwise.FanwiseError, match="stacked alike"):
        initialize(layer, RECIPE, seed=0)


# ---- Pytrees whose names alone say what they hold ----


def zeros(*shape):
    return jnp.zeros(shape)


@pytest.mark.parametrize(("kernel", "bias"), [("w", "b"), ("kernel", "bias"), ("weight", "bias")])
def test_the_bias_tells_of_a_stack(kernel, bias):
    axes = "torch" if kernel == "weight" else "kernel"
    tree = {
        "layers": {
            "up": {kernel: zeros(3, 64, 32), bias: zeros(3, 32)},
            "norm": {"scale": zeros(3, 8)},
        },
        "head": {kernel: zeros(8, 5), bias: zeros(5)},
    }
    if kernel == "weight":
        tree["layers"]["up"][kernel] = zeros(3, 32, 64)
        tree["head"][kernel] = zeros(5, 8)
    made, done = initialize(tree, RECIPE, seed=0)
    up = made["layers"]["up"][kernel]
    assert same_bits(up[1], he("layers/1/up/kernel", up.shape[1:], axes))
    assert same_bits(made["layers"]["norm"]["scale"][2], rest("layers/2/norm/scale", (8,)))
    fans = {row.path: row.fan_in for row in done.rows}
    assert fans["layers/0/up/kernel"] == 64
    assert {row.path: row.fan_in for row in summary(made).rows} == fans


def test_what_stands_among_stacked_layers_is_stacked_too():
    tree = {
        "layers": {
            "up": {"w": zeros(3, 8, 4), "b": zeros(3, 4)},
            "down": {"w": zeros(3, 4, 8)},
            "table": {"embeddings": zeros(3, 7, 4)},
            "norm": {"weight": zeros(3, 4), "bias": zeros(3, 4)},
        },
        "table": {"embeddings": zeros(7, 8)},
    }
    made, _ = initialize(tree, RECIPE, seed=0)
    down, table = made["layers"]["down"]["w"], made["layers"]["table"]["embeddings"]
    assert same_bits(down[1], he("layers/1/down/kernel", (4, 8)))
    assert same_bits(table[1], he("layers/1/table/embedding", (7, 4)))
    norm = made["layers"]["norm"]
    assert same_bits(norm["weight"][1], rest("layers/1/norm/scale", (4,)))
    assert same_bits(norm["bias"][1], rest("layers/1/norm/offset", (4,)))


def test_stacked_convolutions():
    tree = {"net": {"w": zeros(2, 3, 3, 4, 5), "b": zeros(2, 5)}, "head": {"w": zeros(5, 2)}}
    made, _ = initialize(tree, RECIPE, seed=0)
    assert same_bits(made["net"]["w"][1], he("net/1/kernel", (3, 3, 4, 5)))


def test_several_axes_of_outputs_are_no_stack():
    """As Flax's attention has them."""
    made, _ = initialize(
        {"query": {"kernel": zeros(24, 2, 12), "bias": zeros(2, 12)}}, RECIPE, seed=0
    )
    assert same_bits(made["query"]["kernel"], he("query/kernel", (24, 2, 12), "in out out"))


UNTOLD = {
    "a convolution, or layers": {"x": {"w": zeros(12, 64, 64)}},
    "in two ways with a bias": {"x": {"kernel": zeros(12, 12, 64), "bias": zeros(12, 64)}},
    "turned or not": {"x": {"w": zeros(3, 3, 4, 8)}},
    "a stack of embeddings, or another": {"x": {"embedding": zeros(3, 7, 4)}},
    "three axes, or two and a stack": {"conv": {"w": zeros(3, 3, 3, 4, 8)}},
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_cannot_be_told_is_refused_where_it_matters(name):
    tree = UNTOLD[name]
    with pytest.raises(fanwise.FanwiseError, match=r"fan_in .* describe="):
        initialize(tree, RECIPE, seed=0)
    formula = {
        "fanwise": 1,
        "rule": [{"match": "**", "init": {"scheme": "normal", "std": "1/fan_in"}}],
    }
    with pytest.raises(fanwise.FanwiseError, match="fan_in"):
        initialize(tree, formula, seed=0)
    plain = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.02}}]}
    _, done = initialize(tree, plain, seed=0)
    assert {row.expected for row in done.rows} == {0.02}
    assert {row.fan_in for row in summary(tree).rows} == {None}


def test_what_cannot_be_told_may_be_said():
    def describe(path, array):
        if path == "x/w":
            return fanwise.spec.weights.Weight(
                "x/kernel", array.shape, "batch in out", "kernel", "dense"
            )
        return None

    made, _ = initialize(UNTOLD["a convolution, or layers"], RECIPE, seed=0, describe=describe)
    assert same_bits(made["x"]["w"], he("x/kernel", (12, 64, 64), "batch in out"))


def test_a_name_may_tell():
    tree = {"conv": {"w": zeros(3, 3, 4, 8)}, "linear": {"w": zeros(3, 6, 4)}}
    made, _ = initialize(tree, RECIPE, seed=0)
    assert same_bits(made["conv"]["w"], he("conv/kernel", (3, 3, 4, 8)))
    assert same_bits(made["linear"]["w"][2], he("linear/2/kernel", (6, 4)))
