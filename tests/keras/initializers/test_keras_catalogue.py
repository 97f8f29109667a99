"""The schemes that Keras has no name for: any scheme, and the further classes."""

import inspect

import numpy as np
import pytest
from common.bits import same_bits

import fanwise.keras as fk
from fanwise import FanwiseError, sample, scheme, schemes
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.signatures import example_path, example_shape
from fanwise.spec.gains import squared_gain
from fanwise.spec.registry import entry_of, example_of

FURTHER = [
    (fk.XavierNormal, {"gain": 2.0}, "xavier_normal", (6, 4)),
    (fk.XavierUniform, {"gain": 2.0}, "xavier_uniform", (6, 4)),
    (fk.KaimingNormal, {"a": 1.0, "mode": "fan_out"}, "kaiming_normal", (6, 4)),
    (fk.KaimingUniform, {"nonlinearity": "tanh"}, "kaiming_uniform", (6, 4)),
    (fk.TorchDefault, {}, "torch_default", (6, 4)),
    (fk.DeltaOrthogonal, {"gain": 2.0}, "delta_orthogonal", (3, 3, 4, 6)),
    (fk.Dirac, {"groups": 2}, "dirac", (3, 3, 4, 6)),
    (fk.Sparse, {"sparsity": 0.5, "std": 0.1}, "sparse", (6, 8)),
]


def seeded(cls):
    return {"seed": 7} if "seed" in inspect.signature(cls).parameters else {}


@pytest.mark.parametrize(("cls", "params", "name", "shape"), FURTHER)
def test_the_bits_are_those_of_the_scheme(cls, params, name, shape):
    one = cls(**params, **seeded(cls), path="p")
    expected = sample(scheme(name, **params), shape, seed=7, path="p")
    assert one.scheme == scheme(name, **params)
    assert same_bits(array(one(shape)), expected)


@pytest.mark.parametrize(("cls", "params", "name", "shape"), FURTHER)
def test_the_config_is_the_arguments(cls, params, name, shape):
    one = cls(**params, **seeded(cls))
    config = one.get_config()
    signature = inspect.signature(cls).parameters
    assert set(config) == set(signature) - {"path", "axes", "engine"}
    assert {key: config[key] for key in params} == params
    again = cls.from_config(config)
    assert again.get_config() == config
    assert same_bits(array(again(shape)), array(one(shape)))
    assert fk.get(name).scheme == scheme(name)


def test_the_attributes_of_variance_scaling_say_what_is_drawn():
    assert fk.XavierNormal(2.0).scale == 4.0
    assert fk.XavierNormal().distribution == "untruncated_normal"
    kaiming = fk.KaimingUniform(0.5, "fan_out")
    assert (kaiming.scale, kaiming.mode) == (squared_gain("leaky_relu", 0.5), "fan_out")
    assert (fk.TorchDefault().scale, fk.TorchDefault().distribution) == (1 / 3, "uniform")


@pytest.mark.parametrize("name", schemes())
def test_every_scheme_of_the_catalogue_can_be_drawn(name):
    shape, chosen = example_shape(entry_of(name)), example_of(name)
    path = example_path(entry_of(name))
    one = fk.SchemeInitializer(chosen, 7, path)
    assert same_bits(array(one(shape)), sample(chosen, shape, seed=7, path=path))
    again = type(one).from_config(one.get_config())
    assert again.scheme == one.scheme


def test_a_scheme_with_parameters_round_trips():
    given = scheme("truncated_normal", std=0.02).named("bert_normal")
    one = fk.SchemeInitializer(given, 7, axes="keras_transposed")
    config = one.get_config()
    assert config == {"scheme": given.to_dict(), "seed": 7, "axes": "keras_transposed"}
    assert fk.SchemeInitializer(**config).scheme == given


@pytest.mark.parametrize("name", ["he_normal", "glorot_uniform", "torch_default", "normal"])
def test_depthwise_counts_one_channel(name):
    shape, channels = (3, 3, 5, 2), 5
    one = fk.DepthwiseInitializer(name, 7, "p")
    family = scheme(name)
    grouped = family.replace(groups=channels) if "groups" in dict(family.params) else family
    expected = sample(grouped, shape, seed=7, path="p", axes="* out out")
    assert same_bits(array(one(shape)), expected)
    assert one.get_config() == {"scheme": family.to_dict(), "seed": 7, "path": "p"}


def test_depthwise_fans():
    values = array(fk.DepthwiseInitializer("he_normal", 7)((3, 3, 512, 8)))
    assert abs(values.std() / np.sqrt(2 / 9) - 1) < 0.05
    assert tuple(fk.DepthwiseInitializer("he_normal", 7)((3, 3, 0, 8)).shape) == (3, 3, 0, 8)


def test_a_structured_scheme_without_a_meaning_is_an_error():
    for name, shape, words in (
        ("dirac", (4, 4), "receptive axes for dirac"),
        ("sparse", (3, 4, 4), "a matrix for sparse"),
        ("delta_orthogonal", (3, 6, 4), "no more inputs than outputs"),
    ):
        with pytest.raises(FanwiseError, match=words):
            fk.SchemeInitializer(name, 1)(shape)
