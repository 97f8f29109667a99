"""Starts of Keras models as files: what initialize would set."""

import importlib

import keras
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import fanwise.keras
from fanwise.adapters.keras.conformance.models import BUILDERS
from fanwise.adapters.keras.layers.stored_variables import stored_variable
from fanwise.conformance.checks.models import RECIPE
from fanwise.spec.errors import FanwiseError


def values_of(variable):
    return np.array(stored_variable(variable).read(()))


def assert_holds(file, model):
    held = load_file(file)
    assert set(held) == {variable.path for variable in model.weights}
    for variable in model.weights:
        expected = values_of(variable)
        np.testing.assert_array_equal(held[variable.path], expected, err_msg=variable.path)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_file_is_what_initialize_sets(tmp_path, name):
    model = BUILDERS[name]()
    before = [values_of(variable) for variable in model.weights]
    fanwise.keras.write(model, RECIPE, seed=3, to=tmp_path / "a.safetensors")
    for variable, values in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(values_of(variable), values)
    fanwise.keras.initialize(model, RECIPE, seed=3)
    assert_holds(tmp_path / "a.safetensors", model)


def test_heads_that_are_orthogonal_together_are_stored_apart(tmp_path):
    rules = {
        "fanwise": 1,
        "rule": [
            {"role": "kernel", "init": "orthogonal"},
            {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
            {"role": "scale", "init": "ones"},
            {"role": "offset", "init": "zeros"},
        ],
    }
    model = BUILDERS["encoder"]()
    fanwise.keras.write(model, rules, seed=3, to=tmp_path / "a.safetensors")
    fanwise.keras.initialize(model, rules, seed=3)
    assert_holds(tmp_path / "a.safetensors", model)


def test_what_is_kept_is_copied(tmp_path):
    rules = {
        "fanwise": 1,
        "rule": [{"role": "kernel", "init": "keep"}, {"role": "bias", "init": "ones"}],
    }
    model = BUILDERS["mlp"]()
    fanwise.keras.write(model, rules, seed=3, to=tmp_path / "a.safetensors")
    fanwise.keras.initialize(model, rules, seed=3)
    assert_holds(tmp_path / "a.safetensors", model)


def test_two_variables_of_one_path_are_refused_by_name(tmp_path):
    class Twice(keras.Model):
        def __init__(self):
            super().__init__(name="net")
            self.one, self.other = (keras.layers.Dense(4, name="a") for _ in range(2))

        def call(self, x):
            return self.one(x) + self.other(x)

    model = Twice()
    model(np.zeros((1, 4), np.float32))
    with pytest.raises(FanwiseError, match="net/a/kernel twice"):
        fanwise.keras.write(model, RECIPE, seed=0, to=tmp_path / "out")


@pytest.mark.parametrize("batch", ["in", "out"])
@pytest.mark.parametrize("scheme", ["he_normal", "orthogonal"])
def test_gates_that_a_rule_draws_together_are_stored_as_initialize_does(tmp_path, batch, scheme):
    rules = [
        {"role": role, "init": scheme, "batch": batch} for role in ("kernel", "recurrent_kernel")
    ]
    others = [{"role": role, "init": "ones"} for role in ("bias", "forget_bias")]
    rules = {"fanwise": 1, "rule": [*rules, *others]}
    for layer in (keras.layers.LSTM(5), keras.layers.LSTM(5, unit_forget_bias=False)):
        model = keras.Sequential([keras.Input((7, 3)), layer])
        file = tmp_path / f"{layer.name}.safetensors"
        fanwise.keras.write(model, rules, seed=3, to=file)
        fanwise.keras.initialize(model, rules, seed=3)
        assert_holds(file, model)


def test_a_dtype_of_a_backend_is_one():
    def written(dtype):
        how = {"seed": 3, "digest_only": True, "dtype": dtype}
        return fanwise.keras.write(BUILDERS["mlp"](), RECIPE, **how)

    name = keras.backend.backend()
    library = importlib.import_module("jax.numpy" if name == "jax" else name)
    assert written(library.bfloat16).digest == written("bfloat16").digest
    for other in (library.int8, object()):
        with pytest.raises(FanwiseError, match="a dtype of float16"):
            written(other)


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_weights_that_a_layer_keeps_in_another_shape_are_verified(tmp_path, suffix):
    x = inputs = keras.Input((6, 4))
    x = keras.layers.SeparableConv1D(6, 3)(x)
    x = keras.layers.GRU(6, return_sequences=True)(x)
    model = keras.Model(inputs, keras.layers.MultiHeadAttention(2, 3)(x, x))
    file = tmp_path / f"a{suffix}"
    fanwise.keras.write(model, "keras_default", seed=3, to=file)
    assert fanwise.verify(file).passed
    (tmp_path / f"a{suffix}.start.json").unlink()
    assert fanwise.verify(file, "keras_default", seed=3, model=model).passed


def test_a_number_of_a_gate_that_differs_fails(tmp_path):
    inputs = keras.Input((6, 4))
    model = keras.Model(inputs, keras.layers.GRU(6)(inputs))
    file = tmp_path / "a.npz"
    fanwise.keras.write(model, "keras_default", seed=3, to=file)
    held = dict(np.load(file))
    name = next(name for name in held if name.endswith("recurrent_kernel"))
    held[name][1, 7] *= -1
    np.savez(file, **held)
    assert fanwise.verify(file).first_difference.path == "gru/recurrent_kernel"


def test_heads_that_names_tell_otherwise_or_whose_layer_declares_them_are_verified(tmp_path):
    """As KerasHub has them: initializers of its own, and Gemma's heads before the inputs."""
    drawn = keras.initializers.TruncatedNormal(stddev=0.02)
    inputs = keras.Input((5, 8))
    heads = keras.layers.EinsumDense("btd,ndh->btnh", (None, 2, 4), name="query")(inputs)
    seen = keras.layers.MultiHeadAttention(2, 4, kernel_initializer=drawn, name="attention")
    model = keras.Model(inputs, [heads, seen(inputs, inputs)])
    fanwise.keras.write(model, "keras_default", seed=0, to=tmp_path / "a.safetensors")
    verdict = fanwise.verify(tmp_path / "a.safetensors")
    assert verdict.passed, verdict
    assert {row.claim for row in verdict.audit.undecided} == {"rule", "held"}, verdict
    assert fanwise.verify(tmp_path / "a.safetensors", "keras_default", seed=0, model=model).passed
    held = load_file(tmp_path / "a.safetensors")
    for name in ("query/kernel", "attention/attention_output/kernel"):
        changed = {**held, name: -held[name]}
        save_file(changed, tmp_path / "a.safetensors")
        assert not fanwise.verify(tmp_path / "a.safetensors").passed, name
