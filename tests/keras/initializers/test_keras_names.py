"""Initializers by name and by config; models that are saved and loaded."""

import warnings

import keras
import numpy as np
import pytest
from common.bits import same_bits

import fanwise
import fanwise.keras as fk
from fanwise import FanwiseError, sample
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.keras.initializers.lookup import CLASSES

ARGUMENTS = {
    "SchemeInitializer": {"scheme": "he_normal"},
    "DepthwiseInitializer": {"scheme": "ones"},
    "LayerInitializer": {
        "weights": fk.set_initializer(
            keras.layers.GRU(3), seed=1
        ).cell.bias_initializer.get_config()["weights"]
    },
}


def make(cls):
    return cls(**ARGUMENTS.get(cls.__qualname__, {}))


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_is_registered(cls):
    name = f"fanwise>{cls.__qualname__}"
    assert keras.saving.get_registered_name(cls) == name
    assert keras.saving.get_registered_object(name) is cls
    assert issubclass(cls, keras.initializers.Initializer)


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("module", [fk, keras.initializers])
def test_serialize_and_deserialize(cls, module):
    one = make(cls)
    config = module.serialize(one)
    assert config["registered_name"] == f"fanwise>{cls.__qualname__}"
    for door in (fk, keras.initializers):
        again = door.deserialize(config)
        assert type(again) is cls
        assert again.get_config() == one.get_config()
        assert type(door.get(config)) is cls


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if cls.__qualname__ not in ARGUMENTS])
def test_get_by_name(cls):
    assert type(keras.initializers.get(f"fanwise>{cls.__qualname__}")) is cls
    assert type(fk.get(f"fanwise>{cls.__qualname__}")) is cls
    assert type(fk.get(cls.__qualname__)) is cls
    assert type(fk.get(cls)) is cls
    one = make(cls)
    assert fk.get(one) is one


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("he_normal", fk.HeNormal),
        ("glorot_normal", fk.GlorotNormal),
        ("normal", fk.RandomNormal),
        ("uniform", fk.RandomUniform),
        ("one", fk.Ones),
        ("zero", fk.Zeros),
        ("IdentityInitializer", fk.Identity),
        ("OrthogonalInitializer", fk.Orthogonal),
        ("STFTInitializer", keras.initializers.STFT),
        ("stft", keras.initializers.STFT),
        ("delta_orthogonal", fk.DeltaOrthogonal),
        ("xavier_normal", fk.XavierNormal),
    ],
)
def test_the_short_names(name, cls):
    assert type(fk.get(name)) is cls


def test_get_of_anything_else_is_that_of_keras():
    assert fk.get(None) is None
    function = lambda shape, dtype=None: keras.ops.ones(shape, dtype)  # noqa: E731
    assert fk.get(function) is function
    values = np.arange(6.0, dtype="float32").reshape(2, 3)
    assert (array(fk.get(values)((2, 3))) == values).all()
    with pytest.raises(ValueError, match="Expected `shape` to be"):
        fk.get(values)((3, 3))
    with pytest.raises(ValueError, match="Could not interpret"):
        fk.get(3)


@pytest.mark.parametrize("identifier", ["typo", {"class_name": "typo", "config": {}}])
def test_unknown_names_are_errors(identifier):
    with pytest.raises(FanwiseError, match="Could not interpret initializer identifier: typo"):
        fk.get(identifier)
    with pytest.raises(FanwiseError, match="Did you mean 'HeNormal' or 'he_normal'"):
        fk.get("he_norml")


def test_a_config_of_keras_gives_ours():
    config = keras.initializers.serialize(keras.initializers.HeNormal(seed=3))
    one = fk.get(config)
    assert type(one) is fk.HeNormal
    assert one.seed == 3
    assert type(fk.get({"class_name": "he_uniform", "config": {"seed": 4}})) is fk.HeUniform


def test_a_registered_scheme_is_known_by_name():
    fanwise.register(fanwise.scheme("truncated_normal", std=0.02).named("keras_test_normal"))
    assert fk.get("keras_test_normal").scheme["std"] == 0.02


def test_custom_objects_come_first():
    class HeNormal(keras.initializers.HeNormal):
        pass

    config = {"class_name": "HeNormal", "config": {}}
    assert type(fk.deserialize(config, {"HeNormal": HeNormal})) is HeNormal
    with keras.saving.custom_object_scope({"HeNormal": HeNormal}):
        assert type(fk.get(config)) is HeNormal


def test_a_seed_generator_round_trips():
    one = fk.HeNormal(keras.random.SeedGenerator(6, name="mine"))
    again = fk.deserialize(fk.serialize(one))
    assert again.seed.get_config() == one.seed.get_config()
    assert same_bits(array(again((4, 4))), sample("he_normal", (4, 4), seed=6))


def model():
    convolution = keras.layers.Conv2DTranspose(
        4,
        3,
        kernel_initializer=fk.SchemeInitializer(
            "kaiming_normal", 2, "up/kernel", "keras_transposed"
        ),
        bias_initializer=fk.Constant(0.5),
    )
    return keras.Sequential(
        [
            keras.Input((5, 5, 3)),
            convolution,
            keras.layers.Flatten(),
            keras.layers.Dense(2, kernel_initializer="fanwise>HeNormal"),
            keras.layers.Dense(2, kernel_initializer=fk.Orthogonal(seed=4, path="dense/kernel")),
        ]
    )


def test_a_model_is_saved_and_loaded(tmp_path):
    one = model()
    with warnings.catch_warnings():
        # Keras turns tensors into NumPy arrays in a way that NumPy 2 warns of.
        warnings.simplefilter("ignore", DeprecationWarning)
        one.save(tmp_path / "model.keras")
        again = keras.saving.load_model(tmp_path / "model.keras")
    assert len(one.weights) == len(again.weights) == 6
    for ours, theirs in zip(one.weights, again.weights, strict=True):
        assert same_bits(array(ours), array(theirs))
    up, _, named, last = again.layers
    assert up.kernel_initializer.get_config() == one.layers[0].kernel_initializer.get_config()
    assert type(named.kernel_initializer) is fk.HeNormal
    assert type(last.kernel_initializer) is fk.Orthogonal
    rebuilt = keras.Sequential.from_config(again.get_config())
    assert same_bits(array(rebuilt.layers[0].kernel), array(up.kernel))
    assert same_bits(array(rebuilt.layers[3].kernel), array(last.kernel))
