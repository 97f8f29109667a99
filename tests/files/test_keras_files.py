"""Files that Keras writes: weights by number in groups by layer, and the paths that these have."""

import h5py
import keras
import numpy as np
import pytest
from common.tensor_files import assert_reads
from keras import layers

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

# What Keras itself calls.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def model_of_many_layers():
    keras.utils.clear_session()
    tokens = keras.Input((5,), dtype="int32")
    x = layers.Embedding(10, 8, name="table")(tokens)
    x = layers.MultiHeadAttention(2, 4)(x, x)
    x = layers.LayerNormalization(center=False)(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.SeparableConv1D(6, 3, padding="same")(x)
    x = layers.Conv1DTranspose(6, 2, use_bias=False)(x)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.PReLU()(x)
    x = layers.GRU(4)(x)
    x = keras.Sequential([layers.Dense(3), layers.Dense(3, dtype="bfloat16")], name="inner")(x)
    return keras.Model(tokens, layers.EinsumDense("ab,bc->ac", 7, bias_axes="c")(x))


def values_of(variable):
    values = np.asarray(keras.ops.convert_to_numpy(variable.value))
    return values.astype(np.float32) if variable.dtype == "bfloat16" else values


def weights_of(model):
    # The states of generators of random numbers are in the model, and not in the file.
    return {v.path: v for v in model.variables if "seed_generator" not in v.path}


def test_gives_each_variable_of_a_model_the_path_that_it_has_in_keras(tmp_path):
    model = model_of_many_layers()
    model.save(tmp_path / "a.keras")
    with open_tensors(tmp_path / "a.keras") as file:
        assert (file.format, file.framework) == ("keras", "keras")
        tensors = {tensor.aliases[0]: tensor for tensor in file.tensors.values()}
        assert set(tensors) == set(weights_of(model))
        for path, variable in weights_of(model).items():
            assert tensors[path].dtype == variable.dtype
            assert_reads(tensors[path], values_of(variable))


def test_names_the_tensors_of_a_weights_file_as_the_file_does(tmp_path):
    model = model_of_many_layers()
    model.save_weights(tmp_path / "a.weights.h5")
    with (
        open_tensors(tmp_path / "a.weights.h5") as file,
        h5py.File(tmp_path / "a.weights.h5") as same,
    ):
        assert file.framework == "keras"
        for name, tensor in file.tensors.items():
            assert tensor.shape == same[name].shape
        assert len(file.tensors) == len(weights_of(model))
        assert file.tensors["layers/embedding/vars/0"].aliases == ("table/embeddings",)
        inner = file.tensors["layers/sequential/layers/dense_1/vars/0"]
        assert inner.aliases == ("inner/dense_1/kernel",)


def test_knows_a_variable_by_its_number_where_nothing_names_it(tmp_path):
    keras.utils.clear_session()

    class Own(keras.layers.Layer):
        def build(self, shape):
            self.first = self.add_weight(shape=(2, 3, 4), name="first")
            self.second = self.add_weight(shape=(5,), name="second")

        def call(self, x):
            return x

    model = keras.Sequential([keras.Input((3,)), Own()])
    model.save_weights(tmp_path / "a.weights.h5")
    with open_tensors(tmp_path / "a.weights.h5") as file:
        assert [tensor.aliases for tensor in file.tensors.values()] == [("own/0",), ("own/1",)]


def test_reads_weights_in_several_files(tmp_path):
    model = keras.Sequential([keras.Input((300,)), layers.Dense(200), layers.Dense(100)])
    model.save_weights(tmp_path / "a.weights.json", max_shard_size=0.00025)
    assert len(list(tmp_path.glob("*.h5"))) > 1
    for path in (tmp_path, tmp_path / "a.weights.json"):
        with open_tensors(path) as file:
            tensors = {tensor.aliases[0]: tensor for tensor in file.tensors.values()}
            for name, variable in weights_of(model).items():
                # A sequential model stands in the paths that it gives, and in no file.
                tensor = tensors[name.removeprefix(f"{model.name}/")]
                assert_reads(tensor, values_of(variable))


@pytest.mark.filterwarnings("ignore:You are saving")
def test_reads_the_files_of_keras_2_by_their_own_names(tmp_path):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="first")])
    model.save(tmp_path / "a.h5")
    with open_tensors(tmp_path / "a.h5") as file:
        assert set(file.tensors) == set(weights_of(model))
        for path, variable in weights_of(model).items():
            assert_reads(file.tensors[path], values_of(variable))


def test_leaves_out_the_state_of_the_optimizer(tmp_path):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.compile("adam", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    model.save(tmp_path / "a.keras")
    with open_tensors(tmp_path / "a.keras") as file:
        assert len(file.tensors) == 2


VALUES = np.random.default_rng(0).normal(size=(70, 50)).astype(np.float32)


@pytest.mark.parametrize(
    "options",
    [
        {"chunks": (16, 16)},
        {"chunks": (16, 50), "compression": "gzip"},
        {"chunks": (70, 7), "compression": "gzip", "shuffle": True, "fletcher32": True},
        {"dtype": ">f4"},
        {"dtype": "f8"},
        {"dtype": "?"},
    ],
)
def test_reads_datasets_however_they_are_laid_out(tmp_path, options):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        dtype = options.get("dtype", "f4")
        file.create_dataset("group/a", data=VALUES.astype(dtype), **options)
        file["compact"] = np.int8(3)
    with open_tensors(tmp_path / "a.h5") as file:
        expected = VALUES.astype(np.dtype(dtype).newbyteorder("="))
        assert_reads(file.tensors["group/a"], expected)
        assert file.tensors["compact"].read(()) == 3


@pytest.mark.parametrize("values", ["text", np.zeros(2, complex), np.zeros(2, [("a", "f4")])])
def test_names_a_dataset_without_plain_numbers_and_reads_those_beside_it(tmp_path, values):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["odd"], file["weight"] = values, np.ones(2)
    with open_tensors(tmp_path / "a.h5") as file:
        with pytest.raises(FanwiseError, match="'odd', whose type is no plain number"):
            file.tensors["odd"].read(())
        assert file.tensors["weight"].read(()).sum() == 2


def test_says_what_to_install_where_h5py_is_missing(tmp_path, monkeypatch):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["a"] = np.ones(2)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FanwiseError, match=r'h5py.*pip install "fanwise\[files\]"'):
        open_tensors(tmp_path / "a.h5")
