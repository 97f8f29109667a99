"""A bad recipe, model or seed: each error is clear, and nothing is changed."""

import keras
import numpy as np
import pytest
from common.keras_recipes import EVERY, NORMAL, L, refused, rules, sequential

import fanwise.keras as fk
from fanwise import FanwiseError

pytestmark = pytest.mark.usefixtures("channels_last")


BAD = {
    "a rule that fits nothing": (rules({"match": "tail/**", "init": "zeros"}), "tail"),
    "an unmatched weight": (
        {"fanwise": 1, "rule": [{"role": "bias", "init": "zeros"}]},
        "up/kernel",
    ),
    "a cycle": (rules({"match": "**", "init": NORMAL}, vars={"a": "b", "b": "a"}), "a"),
    "an unknown variable": (
        rules({"role": "kernel", "init": {"scheme": "normal", "std": "depth"}}),
        "depth",
    ),
    "no arithmetic": (
        rules({"role": "kernel", "init": {"scheme": "normal", "std": "open('x')"}}),
        "open",
    ),
    "a fan scheme on a scale": (rules({"role": "scale", "init": "he_normal"}), "norm/scale"),
    "a scheme that the last weight refuses": (
        rules({"match": "head/kernel", "init": "dirac"}),
        "head/kernel",
    ),
    "a clash by names": (
        {**EVERY, "names": {"keras": {"up": "head"}}},
        "Two weights have the same path",
    ),
    "an unknown scheme": (rules({"role": "bias", "init": "ones_like"}), "ones_like"),
    "an unknown recipe": ("keras_defaults", "keras_default"),
}


def test_values_beyond_the_dtype():
    model = sequential((6,), L.Dense(5, name="up", dtype="float16"))
    large = {"scheme": "normal", "std": 20000.0}
    refused(model, rules({"role": "kernel", "init": large}), "without overflow")


@pytest.mark.parametrize(("recipe", "match"), BAD.values(), ids=BAD.keys())
def test_a_bad_recipe(recipe, match):
    norm = L.LayerNormalization(name="norm")
    model = sequential((6,), L.Dense(5, name="up"), norm, L.Dense(5, name="head"))
    refused(model, recipe, match)


def test_a_name_that_has_no_bytes():
    model = sequential((6,), L.Dense(5, name="up"), L.Dense(5, name="down"))
    names = {**EVERY, "names": {"keras": {"down": "\ud800"}}}
    refused(model, names, "UTF-8")


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, None, True])
def test_a_bad_seed(seed):
    refused(sequential((6,), L.Dense(5, name="up")), EVERY, "seed", seed=seed)


def test_patterns_that_fit_nothing_and_unknown_variables():
    model = sequential((6,), L.Dense(5, name="up"))
    refused(model, EVERY, "only", only="head/**")
    refused(model, EVERY, "exclude", exclude="head/**")
    refused(model, EVERY, "std", std=1.0)


def test_switches_are_true_or_false():
    model = sequential((6,), L.Dense(5, name="up"))
    refused(model, EVERY, "report as True or False", report="no")
    refused(model, EVERY, "dry_run as True or False", dry_run=1)


def test_two_layers_of_one_name():
    class Clash(keras.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = L.Dense(6, name="same"), L.Dense(6, name="same")

        def call(self, x):
            return self.b(self.a(x))

    model = Clash()
    model(np.zeros((1, 6), np.float32))
    refused(model, EVERY, "same/kernel")


# Keras's own quantizing.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_quantized_model():
    model = sequential((6,), L.Dense(5, name="up"), L.Dense(5, name="down"))
    model.layers[1].quantize("int8")
    refused(model, EVERY, r"down \(Dense\), quantized")


def test_what_is_no_model():
    with pytest.raises(FanwiseError, match="Keras model"):
        fk.initialize([1], EVERY, seed=7)
