"""Two weights in use that were drawn from one seed and path are told of, at the caller's line."""

import gc
import warnings

import keras
import numpy as np
import pytest
from common.keras_recipes import L

import fanwise.keras as fk
from fanwise import RepeatedStreamWarning
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_weights_of_other_tests():
    gc.collect()


def dense(init, size=3):
    layer = L.Dense(4, kernel_initializer=init)
    layer.build((None, size))
    return layer


def repeated(make):
    """How often something warns."""
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RepeatedStreamWarning)
        kept = make()
    assert all(issubclass(one.category, RepeatedStreamWarning) for one in caught)
    assert all(one.filename == __file__ for one in caught)
    del kept
    return len(caught)


def heads(init):
    layer = L.MultiHeadAttention(2, 4, kernel_initializer=init)
    layer.build((1, 3, 8), (1, 3, 8))
    return layer


def same_init(init):
    return [dense(init), dense(init, 5)]


REPEATED = {
    "one initializer in two layers": lambda: same_init(fk.HeNormal(seed=510)),
    "with a path": lambda: same_init(fk.XavierNormal(seed=510, path="a/kernel")),
    "a structured scheme": lambda: same_init(fk.Orthogonal(seed=510)),
    "the native engine": lambda: same_init(fk.HeNormal(seed=510, engine="native")),
    "a seed twice": lambda: [dense(fk.HeNormal(seed=511)), dense(fk.LecunNormal(seed=511))],
    "two gates": lambda: L.SimpleRNNCell(
        3, kernel_initializer=fk.HeNormal(seed=512), recurrent_initializer=fk.HeNormal(seed=512)
    ).build((None, 2)),
    "a layer set twice": lambda: [
        fk.set_initializer(dense("zeros"), "he_normal", seed=513) for _ in range(2)
    ],
    "a layer that is not built, and one that is": lambda: [
        dense(fk.HeNormal(seed=514, path="kernel")),
        fk.set_initializer(dense("zeros"), "he_normal", seed=514),
    ],
    "initializers of layers": lambda: [
        fk.set_initializer(L.Dense(2), "he_normal", seed=515).build((None, 3)) or layer
        for layer in [fk.set_initializer(L.Dense(2), "he_normal", seed=515)]
        if layer.build((None, 3)) is None
    ],
}


def test_attention_clones_its_initializer():
    # Those of the key, the value and the output are the one of the query.
    assert repeated(lambda: heads(fk.HeNormal(seed=509))) == 3
    assert repeated(lambda: heads(fk.HeNormal())) == 0
    assert repeated(lambda: heads(fk.HeNormal(seed=keras.random.SeedGenerator(509)))) == 0


@pytest.mark.parametrize("make", REPEATED.values(), ids=REPEATED)
def test_a_repeated_stream_is_told(make):
    assert repeated(make) >= 1


def built_and_dropped(make):
    for _ in range(3):
        layer = make()
        del layer
        gc.collect()


def retraced():
    """A variable that is made anew in the same place, and one that is drawn again."""
    variable = dense(fk.HeNormal(seed=526)).kernel
    variable.assign(variable * 0.0)
    layer = dense("zeros")
    return [variable, *(fk.set_initializer(layer, "he_normal", seed=527) for _ in range(2))]


def named_pair():
    """Two layers of a name that the caller gave, as in two models that are built alike."""
    return [
        functional(L.Dense(4, kernel_initializer=fk.HeNormal(seed=529), name="head"))
        for _ in range(2)
    ]


def placed(layer, *, is_built):
    if is_built:
        layer.build((None, 3))
    fk.set_initializer(layer, "he_normal", seed=538, path="head")
    return functional(layer)


def functional(layer):
    inputs = keras.Input((3,))
    return keras.Model(inputs, layer(inputs))


def cloned():
    model = functional(L.Dense(4, kernel_initializer=fk.HeNormal(seed=533)))
    return [model, keras.models.clone_model(model)]


SINGLE = {
    "models alike, with paths": lambda: [dense(fk.HeNormal(seed=535, path="a")) for _ in range(2)],
    "models alike, with names": named_pair,
    "models alike, set with paths": lambda: [
        placed(layer, is_built=is_built)
        for is_built in (True, False)
        for layer in (L.Dense(4), L.Dense(4))
    ],
    "a clone": cloned,
    "a path for each": lambda: [dense(fk.HeNormal(seed=520, path=path)) for path in "ab"],
    "a seed for each": lambda: [dense(fk.HeNormal(seed=seed)) for seed in (521, 522)],
    "no seed": lambda: [dense(fk.HeNormal()) for _ in range(2)],
    "constants": lambda: [dense(fk.SchemeInitializer("zeros", 523)) for _ in range(2)],
    "identities": lambda: [dense(fk.SchemeInitializer("identity", 523)) for _ in range(2)],
    "one after the other": lambda: built_and_dropped(lambda: dense(fk.HeNormal(seed=524))),
    "tensors of the caller": lambda: [fk.HeNormal(seed=525)((3, 4)) for _ in range(2)],
    "set again": retraced,
    "models": lambda: [fk.initialize(dense("zeros"), "keras_default", seed=528) for _ in range(2)],
}


@pytest.mark.parametrize("make", SINGLE.values(), ids=SINGLE)
def test_what_repeats_nothing_is_not_told(make):
    assert repeated(make) == 0


def test_a_model_is_loaded_beside_its_original(tmp_path):
    layer = L.Dense(4, kernel_initializer=fk.HeNormal(seed=530, path="kernel"))
    model = keras.Sequential([keras.Input((3,)), layer])
    model.layers[0].kernel.assign(np.full((3, 4), 7.0))
    path = tmp_path / "model.keras"
    with warnings.catch_warnings():
        # Keras turns tensors into NumPy arrays in a way that NumPy 2 warns of.
        warnings.simplefilter("ignore", DeprecationWarning)
        model.save(path)
        again = keras.saving.load_model(path)
    assert (array(again.layers[0].kernel) == 7).all()


class Lazy(keras.Model):
    """A model whose layers are built while Keras infers shapes."""

    def __init__(self):
        super().__init__()
        self.first, self.second = (L.Dense(3, kernel_initializer=fk.HeNormal(536)) for _ in "ab")

    def call(self, x):
        return self.second(self.first(x))


@pytest.mark.filterwarnings("ignore:.*(invalid value|overflow) encountered")
def test_a_warning_that_is_an_error_leaves_keras_whole():
    """Keras would try to make the same variables again, for ever after."""
    model = Lazy()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error", RepeatedStreamWarning)
        model(keras.Input((3,)))
    assert [warning.category for warning in caught] == [RepeatedStreamWarning]
    with keras.StatelessScope():
        variable = keras.Variable(fk.HeNormal(537), shape=(3, 4))
    assert array(variable.value).any()


def test_a_symbolic_call_draws_nothing():
    layer = L.Dense(4, kernel_initializer=fk.HeNormal(seed=531))
    inputs = keras.Input((3,))
    assert repeated(lambda: [layer.compute_output_spec(inputs), layer(inputs), layer(inputs)]) == 0


def test_a_warning_that_is_an_error_leaves_the_layer_as_it_was():
    first, layer = dense(fk.HeNormal(seed=532, path="kernel")), dense("zeros")
    with pytest.raises(RepeatedStreamWarning, match="seed=532, path='kernel'"):
        fk.set_initializer(layer, "he_normal", seed=532)
    assert not array(layer.kernel).any()
    assert array(first.kernel).any()
