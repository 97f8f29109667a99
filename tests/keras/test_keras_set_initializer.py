"""Real layers: initializers as arguments, and set_initializer with the true axes and fans."""

import keras
import numpy as np
import pytest
from common.keras_layers import L, build, same, same_kernel

import fanwise.keras as fk
from fanwise import sample, scheme
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("channels_last")]


# A layer's maker, what it is built with, and its kernel as "kernel" axes would store it.
LAYERS = {
    "Dense": (lambda **k: L.Dense(5, **k), (None, 3), (3, 5), "kernel"),
    "Conv1D": (lambda **k: L.Conv1D(5, 2, **k), (None, 7, 3), (2, 3, 5), "kernel"),
    "Conv2D": (lambda **k: L.Conv2D(5, 2, **k), (None, 7, 7, 3), (2, 2, 3, 5), "kernel"),
    "Conv3D": (lambda **k: L.Conv3D(5, 2, **k), (None, 7, 7, 7, 3), (2, 2, 2, 3, 5), "kernel"),
    "Conv1DTranspose": (
        lambda **k: L.Conv1DTranspose(5, 2, **k),
        (None, 7, 3),
        (2, 3, 5),
        "keras_transposed",
    ),
    "Conv2DTranspose": (
        lambda **k: L.Conv2DTranspose(5, 2, **k),
        (None, 7, 7, 3),
        (2, 2, 3, 5),
        "keras_transposed",
    ),
    "Conv3DTranspose": (
        lambda **k: L.Conv3DTranspose(5, 2, **k),
        (None, 7, 7, 7, 3),
        (2, 2, 2, 3, 5),
        "keras_transposed",
    ),
}
each_layer = pytest.mark.parametrize(
    ("make", "inputs", "kernel", "axes"), LAYERS.values(), ids=LAYERS.keys()
)


@each_layer
@pytest.mark.parametrize("name", ["HeNormal", "GlorotUniform", "XavierNormal", "Orthogonal"])
def test_kernel_and_bias_initializers(make, inputs, kernel, axes, name):
    cls = getattr(fk, name)
    layer = make(
        kernel_initializer=cls(seed=3, path="x/kernel", axes=axes),
        bias_initializer=fk.RandomNormal(seed=3, path="x/bias"),
    )
    build(layer, inputs)
    same_kernel(layer.kernel, axes, cls().scheme, kernel, seed=3, path="x/kernel")
    same(layer.bias, sample(scheme("normal", std=0.05), (5,), seed=3, path="x/bias"))


@each_layer
def test_initializers_by_name(make, inputs, kernel, axes):
    keras.utils.set_random_seed(1)
    layer = make(kernel_initializer="fanwise>HeUniform", bias_initializer="fanwise>Ones")
    build(layer, inputs)
    seed = layer.kernel_initializer.seed
    same(layer.kernel, sample("he_uniform", tuple(layer.kernel.shape), seed=seed))
    assert (array(layer.bias) == 1).all()


@each_layer
@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("path", ["net/a", None])
def test_set_initializer(make, inputs, kernel, axes, built, path):
    layer = make()
    if built:
        build(layer, inputs)
    found = fk.set_initializer(layer, "glorot_normal", "normal", seed=4, path=path)
    assert found is layer
    build(layer, inputs)
    prefix = "" if path is None else f"{path}/"
    how = {"seed": 4, "path": f"{prefix}kernel"}
    same_kernel(layer.kernel, axes, "glorot_normal", kernel, **how)
    same(layer.bias, sample("normal", (5,), seed=4, path=f"{prefix}bias"))
    assert len(layer.weights) == 2


@each_layer
def test_a_bias_with_a_fan_scheme_takes_the_fan_in_of_its_kernel(make, inputs, kernel, axes):
    layer = make()
    build(layer, inputs)
    fk.set_initializer(layer, "torch_default", "torch_default", seed=4, path="a")
    fan_in = int(np.prod(kernel[:-1]))
    given = scheme("torch_default", fan=fan_in)
    same(layer.bias, sample(given, (5,), seed=4, path="a/bias"))


def test_defaults_are_he_normal_and_zeros():
    layer = L.Dense(5)
    build(layer, (None, 3))
    keras.utils.set_random_seed(2)
    fk.set_initializer(layer)
    keras.utils.set_random_seed(2)
    seed = fk.HeNormal().seed
    same(layer.kernel, sample("he_normal", (3, 5), seed=seed, path="kernel"))
    assert not array(layer.bias).any()


def test_none_leaves_a_weight_as_it_is():
    layer = L.Dense(5)
    build(layer, (None, 3))
    kernel = array(layer.kernel).copy()
    fk.set_initializer(layer, None, "ones", seed=1)
    same(layer.kernel, kernel)
    assert (array(layer.bias) == 1).all()


def test_a_shared_layer_has_one_set_of_variables_set_once():
    shared = L.Dense(3)
    one, two = keras.Input((3,)), keras.Input((3,))
    model = keras.Model([one, two], L.Add()([shared(one), shared(shared(two))]))
    kernel = shared.kernel
    fk.set_initializer(shared, "orthogonal", "ones", seed=4, path="shared")
    assert shared.kernel is kernel
    assert len(model.weights) == 2
    same(model.weights[0], sample("orthogonal", (3, 3), seed=4, path="shared/kernel"))
    assert (array(model.weights[1]) == 1).all()


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "mixed_bfloat16"])
def test_the_dtype_is_that_of_the_variable(dtype):
    layer = L.Dense(5, dtype=dtype)
    build(layer, (None, 3))
    fk.set_initializer(layer, "he_normal", seed=4, path="a")
    stored = layer.variable_dtype
    expected = np.empty((3, 5), np.uint16 if stored == "bfloat16" else stored)
    sample("he_normal", (3, 5), seed=4, path="a/kernel", dtype=stored, out=expected)
    same(layer.kernel, expected)


@pytest.mark.parametrize("built", [True, False])
def test_the_native_engine(built):
    layer = L.Dense(5)
    if built:
        build(layer, (None, 3))
    fk.set_initializer(layer, "he_normal", "normal", seed=4, path="a", engine="native")
    build(layer, (None, 3))
    drawn = fk.HeNormal(4, path="a/kernel", engine="native")((3, 5))
    same(layer.kernel, array(drawn))
    bias = fk.SchemeInitializer("normal", 4, "a/bias", engine="native")((5,))
    same(layer.bias, array(bias))


def test_a_seed_generator_gives_every_weight_its_own_seed():
    layer = L.Dense(5)
    build(layer, (None, 3))
    generator = keras.random.SeedGenerator(4)
    fk.set_initializer(layer, "he_normal", "normal", seed=generator)
    same(layer.kernel, sample("he_normal", (3, 5), seed=4, path="kernel"))
    same(layer.bias, sample("normal", (5,), seed=4 + 2**32, path="bias"))
