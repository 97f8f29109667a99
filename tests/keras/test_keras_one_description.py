"""set_initializer is initialize of a layer: for every kind, built or not, bit for bit."""

import json

import keras
import numpy as np
import pytest
from common.bits import same_bits
from common.keras_recipes import L

import fanwise.keras as fk
from fanwise import FanwiseError, scheme
from fanwise.adapters.keras.conformance.starts import STARTS
from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.adapters.recipes import layer_recipe

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("channels_last")]

#: What Keras makes only when it builds the layer, or gives no initializer.
ONLY_BUILT = ("attention", "grouped_attention", "rms_norm")
#: Small layers in the place of those of the suite, which are for statistics.
SMALL = {
    "dense": ((6,), (40,), {}),
    "einsum_dense": ((4, 6), ("abc,cde->abde", (None, 3, 5)), {"bias_axes": "de"}),
    "conv1d": ((9, 6), (10, 3), {}),
    "conv2d": ((9, 9, 6), (10, 3), {}),
    "conv3d": ((5, 5, 5, 4), (6, 3), {}),
    "grouped_conv2d": ((9, 9, 8), (12, 3), {"groups": 4}),
    "conv2d_one_group_each": ((9, 9, 6), (12, 3), {"groups": 6}),
    "conv1d_transpose": ((9, 6), (10, 3), {}),
    "conv2d_transpose": ((9, 9, 6), (10, 3), {}),
    "conv3d_transpose": ((5, 5, 5, 4), (6, 3), {}),
    "depthwise_conv1d": ((9, 6), (3,), {"depth_multiplier": 2}),
    "depthwise_conv2d": ((9, 9, 6), (3,), {"depth_multiplier": 2}),
    "separable_conv1d": ((9, 6), (10, 3), {"depth_multiplier": 2}),
    "separable_conv2d": ((9, 9, 6), (10, 3), {"depth_multiplier": 2}),
    "embedding": ((4,), (11, 6), {}),
    "batch_norm": ((6,), (), {}),
    "layer_norm": ((6,), (), {}),
    "group_norm": ((6,), (2,), {}),
    "rms_norm": ((6,), (), {}),
    "rnn": ((4, 6), (5,), {}),
    "gru": ((4, 6), (5,), {}),
    "lstm": ((4, 6), (5,), {}),
    "bidirectional_lstm": ((4, 6), (5,), {}),
    "conv_lstm1d": ((4, 9, 6), (5, 3), {}),
    "conv_lstm2d": ((4, 9, 9, 6), (5, 3), {}),
    "attention": ((4, 6), (2, 3), {"value_dim": 4}),
    "grouped_attention": ((4, 6), (3, 4, 2), {}),
}
every_kind = pytest.mark.parametrize("kind", STARTS)


def make(kind):
    """A layer of a kind, and the shape of its inputs."""
    inputs, arguments, keywords = SMALL[kind]
    layer = getattr(L, STARTS[kind].name)(*arguments, **keywords)
    return (L.Bidirectional(layer) if STARTS[kind].both_ways else layer), (1, *inputs)


def build(kind, layer, shape):
    layer.build(*([shape, shape] if "attention" in kind else [shape]))
    return layer


def bits(layer):
    weights = [host_array(weight) for weight in layer.weights if "seed" not in weight.name]
    return [(weight.shape, weight.tobytes()) for weight in weights]


class Inside(keras.Model):
    """A model with a layer at a path."""

    def __init__(self, layer, name):
        super().__init__()
        self.inner = layer
        layer.name = name
        self.built = True


def initialized(kind, name, kernel, bias, *, engine="portable"):
    """A layer of the kind, set with the model that has it under a name."""
    layer = build(kind, *make(kind))
    recipe = layer_recipe(kernel, bias)
    fk.initialize(Inside(layer, name), recipe, seed=5, engine=engine)
    return layer


@every_kind
@pytest.mark.parametrize("engine", ["portable", "native"])
def test_a_built_layer_is_set_as_in_a_model(kind, engine):
    layer = build(kind, *make(kind))
    given = {"seed": 5, "path": "block", "engine": engine}
    fk.set_initializer(layer, "glorot_uniform", "lecun_normal", **given)
    wanted = initialized(kind, "block", "glorot_uniform", "lecun_normal", engine=engine)
    assert bits(layer) == bits(wanted)


@every_kind
@pytest.mark.parametrize(
    ("kernel", "bias"),
    [("glorot_uniform", scheme("lecun_normal", fan=6)), ("orthogonal", "normal")],
)
def test_a_layer_that_is_not_built_gives_the_same_when_it_is(kind, kernel, bias):
    layer, shape = make(kind)
    given = {"seed": 5, "path": "block"}
    if kind in ONLY_BUILT:
        with pytest.raises(FanwiseError, match="Build it first"):
            fk.set_initializer(layer, kernel, bias, **given)
        return
    assert fk.set_initializer(layer, kernel, bias, **given) is layer
    config = json.loads(json.dumps(layer.get_config()))
    again = type(layer).from_config(config)
    wanted = bits(initialized(kind, "block", kernel, bias))
    assert bits(build(kind, layer, shape)) == wanted
    # Two that are alike would be told of.
    del layer
    assert bits(build(kind, again, shape)) == wanted


@pytest.mark.parametrize("kind", ["dense", "gru"])
def test_the_native_engine_of_a_layer_that_is_not_built(kind):
    layer, shape = make(kind)
    given = {"seed": 5, "path": "block", "engine": "native"}
    fk.set_initializer(layer, "he_normal", "uniform", **given)
    wanted = bits(initialized(kind, "block", "he_normal", "uniform", engine="native"))
    assert bits(build(kind, layer, shape)) == wanted


@pytest.mark.parametrize("kernel", ["identity", "sparse"])
def test_heads_that_are_not_built_are_one_matrix(kernel):
    layer, shape = make("einsum_dense")
    fk.set_initializer(layer, kernel, "zeros", seed=5, path="block")
    wanted = initialized("einsum_dense", "block", kernel, "zeros")
    assert bits(build("einsum_dense", layer, shape)) == bits(wanted)


def test_a_depthwise_dirac_that_is_not_built():
    layer, shape = make("depthwise_conv2d")
    fk.set_initializer(layer, "dirac", "zeros", seed=5, path="block")
    wanted = initialized("depthwise_conv2d", "block", "dirac", "zeros")
    assert bits(build("depthwise_conv2d", layer, shape)) == bits(wanted)


@pytest.mark.parametrize("reset_after", [True, False])
def test_both_forms_of_a_gru(reset_after):
    layer = L.GRU(5, reset_after=reset_after)
    fk.set_initializer(layer, "glorot_uniform", "normal", seed=5, path="g")
    layer.build((1, 4, 6))
    other = L.GRU(5, reset_after=reset_after)
    other.build((1, 4, 6))
    fk.set_initializer(other, "glorot_uniform", "normal", seed=5, path="g")
    assert bits(layer) == bits(other)


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("kind", ["dense", "gru", "lstm", "batch_norm", "embedding"])
def test_none_leaves_weights_as_they_are(kind, built):
    for kernel, bias in ((None, "ones"), ("ones", None)):
        layer, shape = make(kind)
        if built:
            build(kind, layer, shape)
            before = [host_array(weight).copy() for weight in layer.weights]
        fk.set_initializer(layer, kernel, bias, seed=5)
        build(kind, layer, shape) if not built else None
        if built:
            roles = {"bias": "bias", "beta": "bias"}
            for weight, old in zip(layer.weights, before, strict=True):
                chosen = bias if weight.name in roles else kernel
                if chosen is None and not weight.name.startswith("moving"):
                    assert same_bits(host_array(weight), old)
        if kind in ("gru", "lstm", "dense") and kernel is None:
            biases = [host_array(w) for w in layer.weights if w.name == "bias"]
            assert all(np.count_nonzero(each) for each in biases)


def test_a_generator_advances_for_each_weight_built_or_not():
    first, second = L.LSTM(5), L.LSTM(5)
    second.build((1, 4, 6))
    for layer in (first, second):
        fk.set_initializer(layer, "normal", "normal", seed=keras.random.SeedGenerator(4))
    first.build((1, 4, 6))
    assert bits(first) == bits(second)


def test_the_parts_of_an_unknown_layer_are_refused():
    class Own(L.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(3, 4), name="w")

    layer = Own()
    with pytest.raises(FanwiseError, match="Build it first"):
        fk.set_initializer(layer)
    layer.build((3,))
    with pytest.raises(FanwiseError, match="known axes"):
        fk.set_initializer(layer)


@pytest.mark.parametrize("is_built", [True, False])
def test_a_wrapper_is_at_the_path_of_the_layer_in_it(is_built):
    wrapped = L.TimeDistributed(L.Dense(4, name="inner"), name="outer")
    if is_built:
        wrapped.build((None, 3, 5))
    fk.set_initializer(wrapped, "he_normal", "zeros", seed=5, path="inner")
    wrapped.build((None, 3, 5))
    again = L.TimeDistributed(L.Dense(4, name="inner"), name="outer")
    model = keras.Sequential([keras.Input((3, 5)), again])
    recipe = layer_recipe("he_normal", "zeros")
    rows = fk.initialize(model, recipe, seed=5).rows
    assert [row.path for row in rows] == ["inner/kernel", "inner/bias"]
    assert bits(wrapped) == bits(again)
