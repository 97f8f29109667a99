"""Bad arguments and layers that cannot be set: nothing of the layer is changed."""

import keras
import pytest
from common.keras_layers import L, build, same, untouched

import fanwise.keras as fk
from fanwise import FanwiseError, sample, scheme

pytestmark = pytest.mark.usefixtures("channels_last")


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"kernel": "he_norml"}, "he_normal"),
        ({"bias": "zeroes"}, "zeros"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"path": 3}, "path"),
        ({"engine": "fast"}, "engine"),
        ({"kernel": 3}, "a scheme"),
    ],
)
def test_bad_arguments_leave_a_layer_untouched(built, arguments, match):
    layer = L.Dense(5)
    if built:
        build(layer, (None, 3))
    arguments = {"seed": 1, **arguments}
    untouched(layer, lambda: fk.set_initializer(layer, **arguments), match)


def test_all_or_nothing():
    """The bias fails when it is drawn: the kernel, drawn before it, must not be written."""
    layer = L.Dense(5)
    build(layer, (None, 3))
    untouched(layer, lambda: fk.set_initializer(layer, "ones", "orthogonal"), "orthogonal")
    native = {"kernel": "ones", "bias": "sparse", "engine": "native", "seed": 1}
    untouched(layer, lambda: fk.set_initializer(layer, **native), "sparse")


def test_a_fan_scheme_for_the_bias_needs_a_built_layer():
    layer = L.Dense(5)
    untouched(layer, lambda: fk.set_initializer(layer, bias="he_normal"), "a built layer")
    fk.set_initializer(layer, bias=scheme("he_normal", fan=3), seed=1)
    build(layer, (None, 3))
    same(layer.bias, sample(scheme("he_normal", fan=3), (5,), seed=1, path="bias"))


@pytest.mark.parametrize("built", [True, False])
def test_a_bias_that_is_not_there(built):
    layers = L.Dense(5, use_bias=False), L.EinsumDense("ab,bc->ac", 5)
    for layer in layers:
        if built:
            build(layer, (None, 3))
        fk.set_initializer(layer, "ones")
        untouched(layer, lambda layer=layer: fk.set_initializer(layer, bias="ones"), "with a bias")


def test_layers_that_are_not_known():
    for layer in (L.LSTM(3), L.Flatten(), keras.Sequential(), 3):
        with pytest.raises(FanwiseError, match="a layer of one of the classes"):
            fk.set_initializer(layer)


def test_a_kernel_that_is_no_single_variable():
    layer = L.Dense(5)
    build(layer, (None, 3))
    layer.enable_lora(2)
    untouched(layer, lambda: fk.set_initializer(layer, "ones"), "one variable")
