"""Configs read where nothing has imported Fanwise: an error, and never Keras's own class."""

import json
import pickle
import subprocess
import sys
import warnings

import keras
import pytest
from common.bits import same_bits
from common.keras_names import RANDOM

import fanwise.keras as fk
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_array as array

OWN = sorted(name for name in dir(keras.initializers) if name[0].isalpha())
#: What reads a config.
READERS = (
    "keras.initializers.get(CONFIG)",
    "keras.saving.deserialize_keras_object(CONFIG)",
    "keras.layers.Dense(2, kernel_initializer=CONFIG)",
    "keras.layers.Dense.from_config({'units': 2, 'kernel_initializer': CONFIG})",
)
#: Reads in a process of its own, and says whether Fanwise is there, and each error.
PROGRAM = """
import json, sys
import keras

CONFIG, readers = json.load(sys.stdin)
errors = []
for reader in readers:
    try:
        eval(reader)
        errors.append("")
    except (TypeError, ValueError) as error:
        errors.append(str(error))
print(json.dumps(["fanwise" in sys.modules, errors]))
"""


def errors_elsewhere(config, *readers):
    """Give what Keras says of a config in a process without Fanwise; nothing where it is read."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=True,
        capture_output=True,
        text=True,
        input=json.dumps([config, readers]),
    )
    is_here, errors = json.loads(ran.stdout.splitlines()[-1])
    assert not is_here
    return errors


def test_a_config_without_fanwise_is_an_error_of_keras():
    config = fk.serialize(fk.HeNormal(seed=3, path="a/kernel"))
    for error in errors_elsewhere(config, *READERS):
        assert "fanwise>HeNormal" in error
    assert errors_elsewhere(config, "keras.initializers.deserialize(CONFIG)((2, 3))") != [""]


def test_a_config_of_keras_is_read_there():
    """So that the error above is for the class alone."""
    config = keras.initializers.serialize(keras.initializers.HeNormal(seed=3))
    assert errors_elsewhere(config, *READERS) == [""] * len(READERS)


def small_model():
    layer = keras.layers.Dense(2, kernel_initializer=fk.HeUniform(seed=5, path="head/kernel"))
    return keras.Sequential([keras.Input((3,)), layer])


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file:UserWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_saved_model_is_refused_there_and_read_here(suffix, tmp_path):
    path = tmp_path / f"model.{suffix}"
    model = small_model()
    kernel = array(model.layers[0].kernel).copy()
    model.save(path)
    del model
    (error,) = errors_elsewhere(None, f"keras.saving.load_model({str(path)!r})")
    assert "fanwise>HeUniform" in error
    again = keras.saving.load_model(path)
    assert type(again.layers[0].kernel_initializer) is fk.HeUniform
    assert same_bits(array(again.layers[0].kernel), kernel)


def test_the_json_of_a_model_is_refused_there_and_read_here():
    text = small_model().to_json()
    (error,) = errors_elsewhere(text, "keras.models.model_from_json(CONFIG)")
    assert "fanwise>HeUniform" in error
    assert type(keras.models.model_from_json(text).layers[0].kernel_initializer) is fk.HeUniform


def test_a_cloned_model_has_the_initializers():
    again = keras.models.clone_model(small_model())
    assert type(again.layers[0].kernel_initializer) is fk.HeUniform


@pytest.mark.parametrize("cls", [fk.HeNormal, fk.Orthogonal, fk.XavierNormal, fk.Constant])
def test_no_config_says_a_class_of_keras(cls):
    config = fk.serialize(cls())
    assert config["class_name"] == config["registered_name"] == f"fanwise>{cls.__qualname__}"
    assert config["class_name"] not in OWN


@pytest.mark.parametrize("name", RANDOM)
def test_a_config_of_an_earlier_form_is_read(name):
    """It had Keras's name for the class, beside the registered one."""
    config = fk.serialize(getattr(fk, name)(seed=3)) | {"class_name": name}
    for door in (fk, keras.initializers):
        again = door.deserialize(config)
        assert type(again) is getattr(fk, name)
        assert again.seed == 3


def test_a_config_without_the_registered_name_is_read():
    config = fk.serialize(fk.HeNormal(seed=3))
    del config["registered_name"]
    assert type(keras.initializers.get(config)) is fk.HeNormal
    assert type(fk.get(config)) is fk.HeNormal
    assert type(keras.saving.deserialize_keras_object(config)) is fk.HeNormal


@pytest.mark.parametrize("name", OWN)
def test_keras_keeps_its_own_names(name):
    theirs = getattr(keras.initializers, name)
    if isinstance(theirs, type):
        config = keras.initializers.serialize(theirs())
        assert type(keras.initializers.get(config)) is theirs
        assert type(keras.saving.deserialize_keras_object(config)) is theirs
        config = {"class_name": name, "config": theirs().get_config()}
        assert type(keras.initializers.get(config)) is theirs


def test_initializers_are_pickled():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for one in (fk.HeNormal(seed=3), fk.XavierNormal(seed=3), fk.SchemeInitializer("zeros")):
            again = pickle.loads(pickle.dumps(one))
            assert type(again) is type(one)
            assert again.get_config() == one.get_config()


def test_an_unknown_name_of_fanwise_is_an_error():
    with pytest.raises(FanwiseError, match="Did you mean 'HeNormal'"):
        fk.get("fanwise>HeNorml")


@pytest.mark.parametrize("name", ["Constant", "HeNormal"])
def test_a_config_that_is_no_dict_is_refused(name):
    with pytest.raises(FanwiseError, match=f"a dict as the config of {name}"):
        fk.get({"class_name": name, "config": [[1]]})
