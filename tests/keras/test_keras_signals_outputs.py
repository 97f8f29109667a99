"""What a Keras model is given, what it gives, and layers that run several times or never."""

from dataclasses import dataclass

import keras
import numpy as np
import pytest

from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.keras.signals import layer_check

X = np.array([[1.0, 2.0]], "float32")


class Returning(keras.Model):
    """A layer, and what a function makes of its output."""

    def __init__(self, function):
        super().__init__()
        self.function = function
        start = keras.initializers.Constant(np.arange(6.0).reshape(2, 3))
        self.layer = keras.layers.Dense(3, kernel_initializer=start, name="layer")
        self.layer.build((None, 2))
        self.built = True

    def call(self, x, scale=1.0):
        return self.function(self.layer(x) * scale)


@dataclass
class Output:
    scores: object
    more: object = None


class Plain:
    def __init__(self, **attributes):
        vars(self).update(attributes)


OUTPUTS = {
    "a tensor": lambda x: x,
    "a tuple": lambda x: (None, keras.ops.cast(x, "int32"), x),
    "a list in a dict": lambda x: {"steps": [x]},
    "a dataclass": lambda x: Output(None, {"a": x}),
    "an array of NumPy beside": lambda x: [np.ones(3, "float32"), x],
    "an object": lambda x: Plain(name="x", scores=x),
    "a cache beside": lambda x: {"past_key_values": (9 * x,), "x": x},
}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_noise_is_sent_back_from_any_output_alike(kind):
    (layer,) = layer_check(Returning(OUTPUTS[kind]), X).layers
    (plain,) = layer_check(Returning(OUTPUTS["a tensor"]), X).layers
    assert layer.gradient == pytest.approx(plain.gradient)
    assert layer.gradient > 0


def test_the_loss_of_a_model_is_what_is_sent_back():
    model = Returning(lambda x: {"logits": x, "loss": keras.ops.sum(x**2)})
    (layer,) = layer_check(model, X).layers
    hidden = array(model.layer(X))
    assert layer.gradient == pytest.approx(2 * float(hidden.std()), rel=1e-5)


def test_inputs_go_by_name_as_well():
    model = Returning(lambda x: x)
    by_place = layer_check(model, X, keywords={"scale": 2.0}).layers[0]
    assert layer_check(model, keywords={"x": X, "scale": 2.0}).layers[0] == by_place
    assert by_place.gradient == pytest.approx(2 * layer_check(model, X).layers[0].gradient)


class Split(keras.layers.Layer):
    """A layer that gives a dict, with a layer in it and a weight of its own."""

    def __init__(self, **keywords):
        super().__init__(**keywords)
        self.relu = keras.layers.ReLU()
        self.gain = self.add_weight(shape=(2,), initializer="ones", name="gain")

    def call(self, x):
        return {"mask": x > 0, "parts": (self.relu(x) * self.gain, x)}


def test_layers_of_several_tensors_are_shown_by_the_first_of_floats():
    inputs = keras.Input((2,))
    parts = Split(name="split")(keras.layers.Dense(2)(inputs))["parts"]
    model = keras.Model(inputs, keras.layers.Dense(3, name="head")(parts[0]))
    _, relu, split, head = layer_check(model, X).layers
    assert (split.class_name, split.output, split.shape) == ("Split", "['parts'][0]", (1, 2))
    assert split.gradient == pytest.approx(relu.gradient, rel=1e-5)
    assert split.gradient > 0
    assert head.output == ""
    assert "output['parts'][0]" in str(layer_check(model, X))


class Stack(keras.layers.Layer):
    """Experts in one weight, of which only those are used that were chosen."""

    def __init__(self, chosen, **keywords):
        super().__init__(**keywords)
        self.chosen = chosen
        self.experts = self.add_weight(shape=(4, 2, 2), initializer="ones", name="experts")

    def call(self, x):
        return sum(x @ self.experts[number] for number in self.chosen)


class Experts(keras.Model):
    def __init__(self, chosen):
        super().__init__()
        self.chosen = chosen
        self.experts = [keras.layers.Dense(2, name=f"expert_{number}") for number in range(3)]
        self.direct = keras.layers.Dense(2, name="direct")
        for layer in (*self.experts, self.direct):
            layer.build((None, 2))
        self.stack = Stack(chosen, name="stack")
        self.built = True

    def call(self, x):
        for number in self.chosen:
            x = self.experts[number](x)
        return self.stack(x @ self.direct.kernel)


def test_experts_that_got_nothing_are_shown():
    check = layer_check(Experts([2, 0, 2]), X)
    assert [(layer.path, layer.call, layer.calls) for layer in check.layers] == [
        *(("expert_2", 1, 2), ("expert_0", 1, 1), ("expert_2", 2, 2), ("stack", 1, 1)),
    ]
    assert (check.layers[-1].stacked, check.layers[-1].idle) == (4, (1, 3))
    # Of the layer beside, the weight is used without a call.
    assert [(layer.path, layer.class_name) for layer in check.uncalled] == [("expert_1", "Dense")]


class Failing(keras.layers.Layer):
    def call(self, x, training=False):
        if training:
            raise RuntimeError("no luck")
        return x


def test_nothing_changes_even_where_the_model_fails():
    dropout = keras.layers.Dropout(0.5, seed=3)
    layers = [keras.layers.Dense(4), keras.layers.BatchNormalization(), dropout, Failing()]
    model = keras.Sequential([keras.Input((2,)), *layers])
    variables = [*model.variables, dropout.seed_generator.state]
    before = [array(variable).copy() for variable in variables]
    with pytest.raises(FanwiseError, match=r"(?s)runs on these inputs.*RuntimeError.*no luck"):
        layer_check(model, X, training=True)
    layer_check(model, X)
    assert all(map(np.array_equal, map(array, variables), before))
    assert not any("call" in vars(layer) for layer in layers)


def test_bad_calls():
    model = Returning(lambda x: keras.ops.cast(x, "int32"))
    with pytest.raises(FanwiseError, match=r"holds arrays of floats.*loss="):
        layer_check(model, X)
    with pytest.raises(FanwiseError, match="as a dict"):
        layer_check(model, X, keywords=[X])
    with pytest.raises(FanwiseError, match="a function of the output as loss"):
        layer_check(model, X, loss="mse")
    with pytest.raises(FanwiseError, match="runs on these inputs"):
        layer_check(model, X, keywords={"scales": 2})


def test_a_call_that_a_user_has_replaced_stays_replaced():
    model = Returning(lambda output: output)
    mine = model.layer.call
    model.layer.call = lambda x, training=None: mine(x) * 2
    replaced = model.layer.call
    layer_check(model, X)
    assert model.layer.call is replaced


def test_a_loss_that_raises_is_named():
    with pytest.raises(FanwiseError, match=r"a loss that runs on the output.*KeyError"):
        layer_check(Returning(lambda output: output), X, loss=lambda output: {}["x"])
