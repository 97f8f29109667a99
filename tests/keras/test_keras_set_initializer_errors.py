"""Bad arguments and layers that cannot be set: nothing of the layer is changed."""

import numpy as np
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
def test_a_layer_without_a_bias_needs_none(built):
    for layer in (L.Dense(5, use_bias=False), L.EinsumDense("ab,bc->ac", 5)):
        if built:
            build(layer, (None, 3))
        fk.set_initializer(layer, "ones", "lecun_normal")
        build(layer, (None, 3))
        assert len(layer.weights) == 1
        same(layer.kernel, np.ones((3, 5), np.float32))


def test_what_is_no_layer():
    with pytest.raises(FanwiseError, match="a Keras layer"):
        fk.set_initializer(3)


@pytest.mark.parametrize("layer", [L.MultiHeadAttention(2, 3), L.RMSNormalization()])
def test_layers_that_must_be_built_first(layer):
    with pytest.raises(FanwiseError, match=r"layer\.build"):
        fk.set_initializer(layer)


def test_weights_of_unknown_axes():
    layer = L.Dense(5)
    build(layer, (None, 3))
    layer.enable_lora(2)
    untouched(layer, lambda: fk.set_initializer(layer, "ones"), "lora_kernel_a")
