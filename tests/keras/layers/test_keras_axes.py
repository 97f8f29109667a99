"""The true axes and fans of each kind of layer, and normalizations that start as identities."""

import keras
import numpy as np
import pytest
from common.keras_layers import L, build, same
from common.keras_versions import RENORM

import fanwise.keras as fk
from fanwise import RepeatedStreamWarning, sample, scheme
from fanwise.adapters.equations import equation_axes
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.usefixtures("channels_last")


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
    how = {"seed": 4, "path": "a/depthwise/kernel", "axes": "* out out"}
    same(layer.depthwise_kernel, sample(given, (3, 3, 4, 1), **how))
    path = "a/pointwise/kernel"
    same(layer.pointwise_kernel, sample("he_normal", (1, 1, 4, 6), seed=4, path=path))
    same(layer.bias, sample(scheme("torch_default", fan=4), (6,), seed=4, path="a/pointwise/bias"))


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
    with pytest.warns(RepeatedStreamWarning, match="seed=4, path='q'"):
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
    same(layer.embeddings, sample("normal", (10, 4), seed=4, path="a/embedding"))


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("options", [{}, {"scale": False}, *RENORM])
def test_batch_normalization_starts_as_an_identity(built, options):
    others = {
        f"{name}_initializer": "fanwise>RandomNormal"
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    }
    others["moving_variance_initializer"] = keras.initializers.Constant(4.0)
    layer = L.BatchNormalization(**others, **options)
    if built:
        build(layer, (None, 4))
    fk.set_initializer(layer, "he_normal", "lecun_normal", seed=4)
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
