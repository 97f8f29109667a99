"""What a rule may ask for, on models of Keras."""

import math

import keras
import numpy as np
import pytest
from common.keras_recipes import L, sequential

import fanwise.keras as fk
from fanwise import FanwiseError, sample
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.usefixtures("channels_last")


def recipe_of(*rules, **more):
    return {"fanwise": 1, "rule": list(rules), **more}


def std_of(variable):
    return float(array(variable).astype(np.float64).std())


class GainNorm(L.Layer):
    """A norm that no table knows."""

    def build(self, shape):
        self.weight = self.add_weight(shape=shape[-1:], initializer="ones", name="weight")

    def call(self, x):
        return x * self.weight


class Experts(L.Layer):
    """Kernels of several experts in one weight."""

    def build(self, shape):
        self.up = self.add_weight(shape=(4, shape[-1], 40), initializer="zeros", name="up")

    def call(self, x):
        return keras.ops.einsum("bi,eio->beo", x, self.up)


def test_a_rule_is_about_a_class_by_its_name_alone_or_with_its_modules():
    for pattern in ("*Norm", "GainNorm", "*.GainNorm"):
        model = sequential((8,), GainNorm(name="norm"), L.Dense(3, name="head"))
        rules = [
            {"class": pattern, "match": "**/weight", "init": {"scheme": "constant", "value": 3}}
        ]
        fk.initialize(model, recipe_of(*rules, {"match": "head/**", "init": "zeros"}), seed=7)
        assert (array(model.layers[0].weight) == 3).all()
    dense = {"class": "keras.*.Dense", "init": "ones"}
    fk.initialize(model, recipe_of(dense, {"class": "GainNorm", "init": "zeros"}), seed=7)
    assert (array(model.layers[1].kernel) == 1).all()
    assert (array(model.layers[0].weight) == 0).all()


def test_axes_say_how_a_weight_of_no_known_layer_is_read():
    model = sequential((60,), Experts(name="experts"))
    rule = {"match": "experts/up", "axes": "batch in out", "init": "he_normal"}
    (row,) = fk.initialize(model, recipe_of(rule), seed=7).rows
    assert (row.fan_in, row.fan_out) == (60, 40)
    expected = sample("he_normal", (4, 60, 40), seed=7, path="experts/up", axes="batch in out")
    np.testing.assert_array_equal(array(model.layers[0].up), expected)


def test_a_whole_number_of_the_path_counts_in_expressions():
    blocks = [L.Dense(200, name=f"block_{number}") for number in range(3)]
    model = sequential((200,), *blocks)
    deep = {"scheme": "normal", "std": "0.02 / sqrt(2 * (i + 1))"}
    share = {"scheme": "constant", "value": "i / i_count"}
    kernels = {"match": "block_<i>/kernel", "init": deep}
    fk.initialize(model, recipe_of(kernels, {"match": "block_<i>/bias", "init": share}), seed=7)
    for number, block in enumerate(blocks):
        assert std_of(block.kernel) == pytest.approx(0.02 / math.sqrt(2 * (number + 1)), rel=0.02)
        np.testing.assert_array_equal(array(block.bias), np.float32(number / 3))


def test_what_is_kept_counts_as_ruled_and_is_told():
    model = sequential((8,), L.Dense(4, name="base"), L.Dense(3, name="head"))
    base, head = model.layers
    base.trainable = False
    before = array(base.kernel).copy()
    frozen = {"frozen": True, "init": "keep"}
    bias = {"role": "bias", "init": "keep"}
    head.bias.assign(np.full(3, 9.0))
    report = fk.initialize(model, recipe_of(frozen, bias, {"match": "**", "init": "ones"}), seed=7)
    assert [row.path for row in report.rows] == ["head/kernel"]
    assert report.left_alone == ("base/kernel", "base/bias", "head/bias")
    np.testing.assert_array_equal(array(base.kernel), before)
    assert (array(head.bias) == 9).all()


def test_own_keeps_what_a_model_declares():
    inputs = keras.Input((60,))
    modulated = L.Dense(80, kernel_initializer="zeros", name="modulation")(inputs)
    logits = L.Dense(
        100, kernel_initializer=keras.initializers.RandomNormal(stddev=0.002), name="head"
    )(modulated)
    model = keras.Model(
        inputs, L.LayerNormalization(gamma_initializer="zeros", name="norm")(logits)
    )
    for recipe in ("keras_default", recipe_of({"match": "**", "init": "own"})):
        for variable in model.weights:
            variable.assign(np.full(variable.shape, 9.0))
        fk.initialize(model, recipe, seed=7)
        named = {layer.name: layer for layer in model.layers}
        assert not array(named["modulation"].kernel).any()
        assert not array(named["norm"].gamma).any()
        assert std_of(named["head"].kernel) == pytest.approx(0.002, rel=0.05)


def test_own_is_the_same_in_every_build():
    def build():
        model = sequential((60,), L.Dense(80, name="up"), L.Dense(5, name="down"))
        fk.initialize(model, "keras_default", seed=7)
        return model

    for one, other in zip(build().weights, build().weights, strict=True):
        np.testing.assert_array_equal(array(one), array(other))


def test_a_rule_goes_before_those_of_the_recipe_that_it_extends():
    model = sequential((60,), L.Dense(80, name="up"), L.Dense(5, name="head"))
    text = """
        fanwise = 1
        extends = "keras_default"

        [[rule]]
        match = "head/kernel"
        init = "zeros"
    """
    report = fk.initialize(model, text, seed=7)
    assert [row.scheme for row in report.rows] == ["glorot_uniform", "zeros", "zeros", "zeros"]
    assert not array(model.layers[1].kernel).any()


def test_new_names_may_shift_indices():
    ours = sequential((6,), *(L.Dense(6, name=f"stack{number}") for number in range(3)))
    theirs = sequential((6,), *(L.Dense(6, name=f"layer{number}") for number in range(1, 4)))
    rule = {"match": "layer<i>/**", "init": {"scheme": "normal", "std": "0.1 * i"}}
    names = {"keras": {"stack<i>": "layer<i + 1>"}}
    fk.initialize(ours, recipe_of(rule, names=names), seed=7)
    fk.initialize(theirs, recipe_of(rule), seed=7)
    for one, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_array_equal(array(one), array(other))


def test_a_rule_divides_a_weight_into_unequal_parts():
    """Query of 8 columns, key and value of 2, side by side in one matrix."""
    model = sequential((6,), L.Dense(12, use_bias=False, name="qkv"))
    rule = {
        "match": "qkv/kernel",
        "axes": "in (query=4 key=1 value=1 out)",
        "init": {"scheme": "normal", "std": 0.5},
    }
    report = fk.initialize(
        model, recipe_of({"match": "qkv/key/kernel", "init": "ones"}, rule), seed=7
    )
    assert {row.path: row.shape for row in report.rows} == {
        "qkv/query/kernel": (6, 8),
        "qkv/key/kernel": (6, 2),
        "qkv/value/kernel": (6, 2),
    }
    kernel = array(model.layers[0].kernel)
    assert (kernel[:, 8:10] == 1).all()
    expected = sample("normal", (6, 8), seed=7, path="qkv/query/kernel") * 0.5
    np.testing.assert_allclose(kernel[:, :8], expected, rtol=1e-6)


def test_a_gain_of_a_norm_that_no_table_knows_has_its_role():
    model = sequential((8,), GainNorm(name="norm"))
    (row,) = fk.paths(model).rows
    assert (row.path, row.role, row.own) == ("norm/weight", "scale", "scheme('ones')")
    assert "GainNorm" in row.guess
    fk.initialize(model, recipe_of({"role": "scale", "init": "zeros"}), seed=7)
    assert not array(model.layers[0].weight).any()


def test_a_matrix_of_two_readings_has_no_role_and_an_axes_pattern_settles_it():
    class Square(L.Layer):
        def build(self, shape):
            self.mix = self.add_weight(shape=(8, 8), initializer="ones", name="mix")

        def call(self, x):
            return x

    model = sequential((8,), Square(name="square"))
    (row,) = fk.paths(model).rows
    assert row.role == ""
    with pytest.raises(FanwiseError, match="square/mix"):
        fk.initialize(model, recipe_of({"match": "**", "init": "he_normal"}), seed=7)
    rule = {"match": "**", "axes": "out in", "init": "he_normal"}
    (row,) = fk.initialize(model, recipe_of(rule), seed=7).rows
    assert (row.fan_in, row.fan_out) == (8, 8)
