"""Real layers: initializers as arguments, and set_initializer with the true axes and fans."""

import keras
import numpy as np
import pytest
from bits import same_bits

import fanwise.keras as fk
from fanwise import FanwiseError, sample, scheme
from fanwise.adapters.keras.judged import array
from fanwise.adapters.keras.slots import equation_axes
from fanwise.core import to_canonical

L = keras.layers
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


@pytest.fixture(autouse=True)
def channels_last():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    yield
    keras.config.set_image_data_format(before)


def build(layer, *shapes):
    """Build a layer, unless it is built."""
    if not layer.built:
        layer.build(*shapes)


def same(variable, expected):
    assert tuple(variable.shape) == expected.shape
    assert same_bits(array(variable), expected)


def same_kernel(variable, axes, given, shape, **how):
    """Equal in canonical order: the same layer has the same weights, whatever its storage."""
    same_array = np.ascontiguousarray(to_canonical(array(variable), axes))
    expected = to_canonical(sample(given, shape, **how), how.get("axes", "kernel"))
    assert same_bits(same_array, expected)


def untouched(layer, call, match):
    before = [array(weight).copy() for weight in layer.weights]
    config = repr({k: v for k, v in layer.get_config().items() if "initializer" in k})
    with pytest.raises(FanwiseError, match=match):
        call()
    assert config == repr({k: v for k, v in layer.get_config().items() if "initializer" in k})
    for weight, old in zip(layer.weights, before, strict=True):
        assert same_bits(array(weight), old)


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


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("multiplier", [1, 2])
def test_depthwise(built, multiplier):
    layer = L.DepthwiseConv2D(3, depth_multiplier=multiplier)
    if built:
        build(layer, (None, 7, 7, 4))
    fk.set_initializer(layer, "glorot_uniform", seed=4, path="a")
    build(layer, (None, 7, 7, 4))
    shape = (3, 3, 4, multiplier)
    # The same weights as a grouped convolution of one input channel per group.
    grouped = sample(
        scheme("glorot_uniform", groups=4), (3, 3, 1, 4 * multiplier), seed=4, path="a/kernel"
    )
    same(layer.kernel, grouped.reshape(shape))
    limit = np.sqrt(6 / (9 + 9 * multiplier))
    assert limit * 0.9 < abs(array(layer.kernel)).max() < limit


def test_a_depthwise_bias_takes_the_receptive_field_as_its_fan():
    layer = L.DepthwiseConv1D(3)
    build(layer, (None, 7, 4))
    fk.set_initializer(layer, "torch_default", "torch_default", seed=4)
    same(layer.bias, sample(scheme("torch_default", fan=3), (4,), seed=4, path="bias"))


def test_separable():
    layer = L.SeparableConv2D(6, 3)
    build(layer, (None, 7, 7, 4))
    fk.set_initializer(layer, "he_normal", "torch_default", seed=4, path="a")
    given = scheme("he_normal", groups=4)
    how = {"seed": 4, "path": "a/depthwise_kernel", "axes": "* out out"}
    same(layer.depthwise_kernel, sample(given, (3, 3, 4, 1), **how))
    path = "a/pointwise_kernel"
    same(layer.pointwise_kernel, sample("he_normal", (1, 1, 4, 6), seed=4, path=path))
    same(layer.bias, sample(scheme("torch_default", fan=4), (6,), seed=4, path="a/bias"))


@pytest.mark.parametrize("built", [True, False])
def test_grouped(built):
    layer = L.Conv2D(8, 3, groups=2)
    if built:
        build(layer, (None, 7, 7, 4))
    fk.set_initializer(layer, "glorot_uniform", seed=4, path="a")
    build(layer, (None, 7, 7, 4))
    given = scheme("glorot_uniform", groups=2)
    same(layer.kernel, sample(given, (3, 3, 2, 8), seed=4, path="a/kernel"))
    assert given.std((3, 3, 2, 8)) > scheme("glorot_uniform").std((3, 3, 2, 8))
    fk.set_initializer(layer, "normal", seed=4, path="a")
    layer = fk.set_initializer(L.Conv2D(8, 3, groups=2), "dirac")
    build(layer, (None, 7, 7, 4))
    assert array(layer.kernel)[1, 1].sum() == 4


@pytest.mark.parametrize(
    ("equation", "axes"),
    [
        ("abc,cde->abde", "in out out"),
        ("abcd,cde->abe", "in in out"),
        ("...x,xy->...y", "in out"),
        ("abc , bcd -> abd", "batch in out"),
    ],
)
def test_the_axes_of_an_equation(equation, axes):
    assert equation_axes(equation) == axes


@pytest.mark.parametrize("built", [True, False])
def test_einsum_dense(built):
    layer = L.EinsumDense("abc,cde->abde", (None, 4, 6), bias_axes="de")
    if built:
        build(layer, (None, 7, 8))
    fk.set_initializer(layer, "glorot_normal", "normal", seed=4, path="a")
    build(layer, (None, 7, 8))
    how = {"seed": 4, "axes": "in out out"}
    same(layer.kernel, sample("glorot_normal", (8, 4, 6), path="a/kernel", **how))
    same(layer.bias, sample("normal", (4, 6), seed=4, path="a/bias"))


def test_an_einsum_dense_bias_takes_the_fan_in_of_its_axes():
    layer = L.EinsumDense("abcd,cde->abe", (None, 5), bias_axes="e")
    build(layer, (None, 7, 4, 6))
    fk.set_initializer(layer, "he_normal", "torch_default", seed=4)
    same(layer.bias, sample(scheme("torch_default", fan=24), (5,), seed=4, path="bias"))


@pytest.mark.parametrize("name", ["HeNormal", "XavierNormal"])
def test_attention_gives_its_projections_their_true_fans(name):
    one = getattr(fk, name)(seed=4, path="q")
    layer = L.MultiHeadAttention(4, 6, kernel_initializer=one)
    build(layer, (None, 7, 8), (None, 7, 8))
    how = {"seed": 4, "path": "q", "axes": "in out out"}
    same(layer.query_dense.kernel, sample(one.scheme, (8, 4, 6), **how))
    how["axes"] = "in in out"
    same(layer.output_dense.kernel, sample(one.scheme, (4, 6, 8), **how))


@pytest.mark.parametrize("built", [True, False])
def test_embedding(built):
    layer = L.Embedding(10, 4)
    if built:
        build(layer, None)
    fk.set_initializer(layer, "normal", seed=4, path="a")
    build(layer, None)
    same(layer.embeddings, sample("normal", (10, 4), seed=4, path="a/kernel"))


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("options", [{}, {"scale": False}, {"renorm": True}])
def test_batch_normalization_starts_as_an_identity(built, options):
    others = {
        f"{name}_initializer": "fanwise>RandomNormal"
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    }
    others["moving_variance_initializer"] = keras.initializers.Constant(4.0)
    layer = L.BatchNormalization(**others, **options)
    if built:
        build(layer, (None, 4))
    fk.set_initializer(layer, "he_normal", "ones", seed=4)
    build(layer, (None, 4))
    assert layer.gamma is None or (array(layer.gamma) == 1).all()
    assert not array(layer.beta).any()
    assert not array(layer.moving_mean).any()
    assert (array(layer.moving_variance) == 1).all()
    if options.get("renorm"):
        assert (array(layer.moving_stddev) == 1).all()
        assert not array(layer.renorm_mean).any()
        assert (array(layer.renorm_stddev) == 1).all()
    inputs = np.arange(8.0, dtype="float32").reshape(2, 4)
    found = array(layer(inputs, training=False))
    np.testing.assert_allclose(found, inputs / np.sqrt(1 + layer.epsilon), rtol=1e-6)


@pytest.mark.parametrize("kind", ["LayerNormalization", "GroupNormalization"])
def test_the_other_normalizations(kind):
    layer = getattr(L, kind)(gamma_initializer="fanwise>RandomNormal", beta_initializer="ones")
    layer.axis, layer.groups = -1, 1
    build(layer, (None, 4))
    fk.set_initializer(layer)
    assert (array(layer.gamma) == 1).all()
    assert not array(layer.beta).any()


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
