"""What the layers of Keras declare, as schemes: the law of the initializer itself."""

import math
import random

import keras
import numpy as np
import pytest
from common.keras_recipes import L
from reference.truncation import CORRECTION

import fanwise.keras as fk
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.keras.layers.declared import with_starts
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.recipe_forms import get
from fanwise.spec.axes import with_batches_as
from fanwise.spec.laws import ConstantLaw, UniformLaw

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("channels_last")]

I = keras.initializers  # noqa: E741
OWN = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}

# A layer with kernels of some thousand elements, the initializers of its kernels, its inputs.
KINDS = {
    "Dense": (lambda **k: L.Dense(80, **k), ("kernel",), (None, 60)),
    "EinsumDense": (
        lambda **k: L.EinsumDense("abc,cde->abde", (None, 4, 50), **k),
        ("kernel",),
        (None, 4, 30),
    ),
    "EinsumDense with batches": (
        lambda **k: L.EinsumDense("abc,bcd->abd", (12, 50), **k),
        ("kernel",),
        (None, 12, 30),
    ),
    "EinsumDense of several inputs": (
        lambda **k: L.EinsumDense("abcd,cde->abe", (None, 50), **k),
        ("kernel",),
        (None, 4, 6, 30),
    ),
    "Conv1D": (lambda **k: L.Conv1D(60, 4, **k), ("kernel",), (None, 9, 20)),
    "grouped": (lambda **k: L.Conv2D(60, 3, groups=4, **k), ("kernel",), (None, 9, 9, 40)),
    "all groups": (lambda **k: L.Conv2D(240, 5, groups=60, **k), ("kernel",), (None, 9, 9, 60)),
    "Conv2DTranspose": (lambda **k: L.Conv2DTranspose(40, 3, **k), ("kernel",), (None, 9, 9, 20)),
    "DepthwiseConv2D": (
        lambda **k: L.DepthwiseConv2D(5, depth_multiplier=3, **k),
        ("depthwise",),
        (None, 9, 9, 80),
    ),
    "SeparableConv2D": (
        lambda **k: L.SeparableConv2D(70, 5, **k),
        ("depthwise", "pointwise"),
        (None, 9, 9, 80),
    ),
    "Embedding": (lambda **k: L.Embedding(100, 60, **k), ("embeddings",), (None, 4)),
    "SimpleRNN": (lambda **k: L.SimpleRNN(80, **k), ("kernel", "recurrent"), (None, 4, 60)),
    "GRU": (lambda **k: L.GRU(30, **k), ("kernel", "recurrent", "bias"), (None, 4, 600)),
    "LSTM": (lambda **k: L.LSTM(30, **k), ("kernel", "recurrent"), (None, 4, 60)),
    "ConvLSTM1D": (
        lambda **k: L.ConvLSTM1D(20, 3, **k),
        ("kernel", "recurrent"),
        (None, 4, 9, 20),
    ),
    "LayerNormalization": (
        lambda **k: L.LayerNormalization(**k),
        ("gamma", "beta"),
        (None, 4000),
    ),
}


def starts_in(layer):
    """Give every weight with what its layer declares, and the values that Keras gave it."""
    for stored in with_starts(model_weights(layer)):
        values = {name: array(variable) for name, variable in stored.variables.items()}
        yield stored.weight, stored.weight.own, get(values, stored.description)


def law_of(weight):
    start, axes = weight.own, weight.axes
    if start.batch is not None:
        axes = with_batches_as(start.batch, weight.shape, axes)
    chosen = start.scheme
    if "groups" in dict(chosen.params):
        chosen = chosen.replace(groups=weight.groups)
    return chosen.law(weight.shape, axes)


def uniform_within(values, bound):
    """Whether the sample may be one of the uniform law on ±bound."""
    largest, near = np.abs(values).max(), 1 - 1e-9 ** (1 / values.size)
    return bound * (1 - near) <= largest <= bound * (1 + 1e-6)


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
@pytest.mark.parametrize("kind", KINDS)
def test_fans_are_counted_as_keras_counts_them_for_the_layer(kind, mode):
    make, names, shape = KINDS[kind]
    init = I.VarianceScaling(3.0, mode, "uniform", seed=3)
    layer = make(**{f"{name}_initializer": init for name in names})
    layer.build(shape)
    drawn = 0
    for weight, start, values in starts_in(layer):
        law = law_of(weight)
        if not isinstance(law, UniformLaw):
            np.testing.assert_array_equal(values, law.mean)
            continue
        drawn += 1
        assert start.scheme.fan_mode == mode
        assert uniform_within(values, law.high), (weight.path, np.abs(values).max(), law.high)
        # A bias is too short for more.
        assert not uniform_within(values, law.high * (1.02 if values.size > 2000 else 1.4))
    assert drawn >= len(names)


DRAWN = {
    "normal": I.RandomNormal(0.5, 0.2, seed=3),
    "truncated normal": I.TruncatedNormal(0.5, 0.2, seed=3),
    "uniform": I.RandomUniform(-0.1, 0.3, seed=3),
    "glorot normal": I.GlorotNormal(seed=3),
    "glorot uniform": I.GlorotUniform(seed=3),
    "he normal": I.HeNormal(seed=3),
    "he uniform": I.HeUniform(seed=3),
    "lecun normal": I.LecunNormal(seed=3),
    "lecun uniform": I.LecunUniform(seed=3),
    "untruncated": I.VarianceScaling(0.7, "fan_out", "untruncated_normal", seed=3),
    "orthogonal": I.Orthogonal(1.5, seed=3),
    "fanwise's own": fk.HeNormal(seed=3, path="kernel"),
    "fanwise's other axes": fk.SchemeInitializer("he_normal", seed=3, axes="out in"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_has_the_mean_deviation_and_range_of_its_scheme(name):
    layer = L.Dense(300, kernel_initializer=DRAWN[name])
    layer.build((None, 200))
    weight, start, values = next(starts_in(layer))
    law, values = law_of(weight), values.astype(np.float64).copy()
    error = law.std / math.sqrt(values.size)
    assert abs(values.mean() - law.mean) < 6 * error
    assert abs(values.std() / law.std - 1) < 6 / math.sqrt(2 * values.size)
    fk.initialize(layer, OWN, seed=7)
    again = array(layer.kernel)
    assert np.abs(again).max() / np.abs(values).max() == pytest.approx(1, abs=0.15)
    assert not np.array_equal(again, values)
    assert start.text


def test_truncated_normals_are_cut_where_keras_cuts_them():
    layer = L.Dense(300, kernel_initializer=I.TruncatedNormal(0.0, 0.2, seed=3))
    layer.build((None, 200))
    fk.initialize(layer, OWN, seed=7)
    assert 0.399 < np.abs(array(layer.kernel)).max() <= 0.4


CONSTANT = {
    "zeros": ("zeros", 0.0),
    "ones": (I.Ones(), 1.0),
    "constant": (I.Constant(0.25), 0.25),
    "constant of an array": (I.Constant(np.float32(0.25)), 0.25),
    "no deviation": (I.RandomNormal(0.75, 0.0), 0.75),
}


@pytest.mark.parametrize("name", CONSTANT)
def test_constants_are_kept_exactly(name):
    init, value = CONSTANT[name]
    layer = L.Dense(3, kernel_initializer=init, bias_initializer=init)
    layer.build((None, 4))
    fk.initialize(layer, OWN, seed=7)
    assert (array(layer.kernel) == value).all()
    assert (array(layer.bias) == value).all()


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: L.Dense(6, kernel_initializer=I.Orthogonal(2.0)), (None, 9)),
        (lambda: L.Conv2D(6, 2, kernel_initializer=I.Orthogonal(2.0)), (None, 5, 5, 3)),
        (lambda: L.LSTM(6, recurrent_initializer=I.Orthogonal(2.0)), (None, 5, 3)),
        (lambda: L.GRU(6, recurrent_initializer=I.Orthogonal(2.0)), (None, 5, 3)),
    ],
)
def test_orthogonal_is_one_matrix_of_all_axes_but_the_last(make, shape):
    layer = make()
    layer.build(shape)
    fk.initialize(layer, OWN, seed=7)
    kernel = array((getattr(layer, "cell", None) or layer).weights[layer_of(layer)])
    matrix = kernel.reshape(-1, kernel.shape[-1])
    small = matrix @ matrix.T if matrix.shape[0] < matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-5)


def layer_of(layer):
    return 1 if isinstance(layer, L.RNN) else 0


def test_an_orthogonal_matrix_of_heads_has_no_translation():
    """Keras has the heads among the rows, where a recipe has them among the outputs."""
    layer = L.MultiHeadAttention(4, 6, kernel_initializer="orthogonal")
    layer.build((None, 5, 8), (None, 5, 8))
    with pytest.raises(FanwiseError, match=r"query/kernel.*declares has no scheme.*Orthogonal"):
        fk.initialize(layer, OWN, seed=7)


def test_identity_is_that_of_keras():
    layer = L.Dense(3, kernel_initializer=I.Identity(0.5))
    layer.build((None, 4))
    before = array(layer.kernel).copy()
    fk.initialize(layer, OWN, seed=7)
    np.testing.assert_array_equal(array(layer.kernel), before)
    assert before.trace() == 1.5


@pytest.mark.parametrize(("unit", "value"), [(True, 1.0), (False, 0.25)])
def test_the_forget_gate_starts_as_the_layer_says(unit, value):
    layer = L.LSTM(3, unit_forget_bias=unit, bias_initializer=I.Constant(0.25))
    layer.build((None, 5, 4))
    before = array(layer.cell.bias).copy()
    layer.cell.bias.assign(np.full(12, 9.0))
    fk.initialize(layer, "keras_default", seed=7)
    np.testing.assert_array_equal(array(layer.cell.bias), before)
    assert before[3] == value


class Halved(I.RandomNormal):
    """Draws something else than its class."""

    def __call__(self, shape, dtype=None):
        return super().__call__(shape, dtype) / 2


class Small(I.RandomNormal):
    """Has other parameters than its class, and its law."""

    def __init__(self):
        super().__init__(stddev=0.001)


class Numbered(I.Initializer):
    """Gives another number each time."""

    def __init__(self):
        self.number = 0

    def __call__(self, shape, dtype=None):
        self.number += 1
        return keras.ops.full(shape, self.number, dtype)


def product(shape, dtype=None):
    return keras.random.normal(shape, dtype=dtype) * keras.random.normal(shape, dtype=dtype)


UNTRANSLATED = {
    "a state": (Numbered(), "Numbered"),
    "a product of two draws": (product, "the function product"),
    "a matrix that is made of a draw": (I.Orthogonal(seed=3), "Orthogonal"),
}


@pytest.mark.parametrize("name", UNTRANSLATED)
def test_what_has_no_translation_is_told_and_nothing_is_written(name):
    init, words = UNTRANSLATED[name]
    layer = L.EinsumDense("ab,bcd->acd", (3, 5), kernel_initializer=init, name="own")
    layer.build((None, 4))
    before = array(layer.kernel).copy()
    with pytest.raises(FanwiseError, match=words):
        fk.initialize(layer, OWN, seed=7)
    np.testing.assert_array_equal(array(layer.kernel), before)


def shifted(shape, dtype=None):
    return 3 - 2 * keras.random.uniform(shape, dtype=dtype)


SCALED = {
    "a class that draws otherwise": (Halved(stddev=0.1), 0, 0.05, "normal"),
    "a seed of its own": (Halved(stddev=0.1, seed=3), 0, 0.05, "normal"),
    "a function of a draw": (shifted, 2, 2 / 12**0.5, "uniform"),
    "a lambda": (
        lambda shape, dtype=None: keras.random.truncated_normal(shape, stddev=0.02, dtype=dtype),
        0,
        0.02 * CORRECTION,
        "truncated_normal",
    ),
}


@pytest.mark.parametrize("name", SCALED)
def test_a_draw_that_somebody_scales_is_its_law(name):
    init, mean, std, scheme = SCALED[name]
    layer = L.Dense(300, kernel_initializer=init, name="own")
    layer.build((None, 40))
    before = array(layer.kernel).copy()
    row = fk.initialize(layer, OWN, seed=7).rows[0]
    assert row.scheme == scheme
    assert row.expected == pytest.approx(std, rel=1e-3)
    assert array(layer.kernel).mean() == pytest.approx(mean, abs=0.05)
    assert not np.array_equal(array(layer.kernel), before)


def one(shape, dtype=None):
    return keras.ops.ones(shape, dtype)


def test_a_function_that_gives_a_constant_is_that():
    layer = L.Dense(3, kernel_initializer=one)
    layer.build((None, 4))
    layer.kernel.assign(np.full((4, 3), 9.0))
    fk.initialize(layer, OWN, seed=7)
    assert (array(layer.kernel) == 1).all()


def test_an_array_stays_as_long_as_it_is_there():
    ramp = np.arange(3, dtype=np.float32)
    layer = L.Dense(3, bias_initializer=I.Constant(ramp), name="own")
    layer.build((None, 4))
    report = fk.initialize(layer, OWN, seed=7)
    assert report.left_alone == ("bias",)
    np.testing.assert_array_equal(array(layer.bias), ramp)
    layer.bias.assign(ramp + 1)
    with pytest.raises(FanwiseError, match=r"bias declares has no scheme.*Constant"):
        fk.initialize(layer, OWN, seed=7)


def test_a_subclass_with_other_parameters_is_its_law():
    layer = L.Dense(3, kernel_initializer=Small())
    layer.build((None, 4))
    fk.initialize(layer, OWN, seed=7)
    assert 0 < np.abs(array(layer.kernel)).max() < 0.01


class Tokens(L.Layer):
    """Weights of its own, whose initializers Keras forgets."""

    def __init__(self, width=8, **more):
        super().__init__(**more)
        self.width = width

    def build(self, shape):
        self.token = self.add_weight(shape=(1, self.width), initializer="zeros", name="token")
        self.gains = self.add_weight(shape=(self.width,), initializer=I.Constant(1e-6))
        self.table = self.add_weight(shape=(self.width, 500), name="table", initializer="normal")
        self.eye = self.add_weight(shape=(2, 2), name="eye", initializer="zeros")
        self.eye.assign(np.eye(2))

    def get_config(self):
        return {**super().get_config(), "width": self.width}


def tokens():
    layer = Tokens(name="tokens")
    layer.build((None, 3))
    return layer


def test_what_a_layer_passes_to_add_weight_is_read_from_a_second_one():
    layer = tokens()
    for variable in layer.weights:
        variable.assign(np.full(variable.shape, 9.0))
    fk.initialize(layer, OWN, seed=7, exclude="eye")
    assert (array(layer.token) == 0).all()
    np.testing.assert_array_equal(array(layer.gains), np.float32(1e-6))
    assert array(layer.table).std() == pytest.approx(0.05, rel=0.1)


def test_what_is_assigned_after_it_was_added_stays_as_long_as_it_is_there():
    layer = tokens()
    assert "eye" in fk.initialize(layer, OWN, seed=7).left_alone
    np.testing.assert_array_equal(array(layer.eye), np.eye(2))
    layer.eye.assign(np.zeros((2, 2)))
    with pytest.raises(FanwiseError, match=r"eye.*Zeros\(\), then other values"):
        fk.initialize(layer, OWN, seed=7)


class Projection(L.Layer):
    """Writes into the layers in it, one of them after it was built."""

    def __init__(self, **more):
        super().__init__(**more)
        self.plain = L.Dense(4, name="plain")
        self.eye = L.Dense(4, name="eye")
        self.drawn = L.Dense(4, name="drawn")

    def build(self, shape):
        for layer in (self.plain, self.eye, self.drawn):
            layer.build(shape)
        self.eye.kernel.assign(keras.ops.eye(4))
        self.drawn.kernel.assign(0.5 * keras.random.normal((4, 4)))


def test_what_a_layer_writes_into_those_in_it_is_what_they_start_with():
    layer = Projection(name="projection")
    layer.build((None, 4))
    report = fk.initialize(layer, OWN, seed=7)
    np.testing.assert_array_equal(array(layer.eye.kernel), np.eye(4))
    schemes = {row.path: (row.scheme, row.expected) for row in report.rows}
    assert schemes["plain/kernel"][0] == "glorot_uniform"
    assert schemes["drawn/kernel"] == ("normal", pytest.approx(0.5, rel=1e-3))


class OfOwnWords(L.Layer):
    """Has words of its own for how it starts."""

    def __init__(self, kernel_initializer="tiny", **more):
        super().__init__(**more)
        self.kernel_initializer = kernel_initializer

    def build(self, shape):
        std = {"tiny": 0.001}[self.kernel_initializer]
        start = I.RandomNormal(stddev=std)
        self.kernel = self.add_weight(shape=(shape[-1], 500), initializer=start, name="kernel")


def test_the_words_of_a_layer_of_ones_own_are_its_own():
    layer = OfOwnWords(name="own")
    layer.build((None, 4))
    row = fk.initialize(layer, OWN, seed=7).rows[0]
    assert (row.scheme, row.expected) == ("normal", 0.001)


class Shifted(L.Layer):
    """Adds a weight in its constructor, which no config tells how to call."""

    def __init__(self, table, **more):
        super().__init__(**more)
        width = table["width"]
        self.bias = self.add_weight(shape=(width,), initializer=I.Constant(0.25), name="shift")

    def get_config(self):
        raise NotImplementedError


class Around(L.Layer):
    """Makes such a layer, and can be made again."""

    def __init__(self, width=3, **more):
        super().__init__(**more)
        self.width = width
        self.inner = Shifted({"width": width}, name="inner")

    def build(self, shape):
        pass

    def get_config(self):
        return {**super().get_config(), "width": self.width}


def test_what_a_layer_declares_is_read_from_a_second_one_of_those_around_it():
    layer = Around(name="around")
    layer.build((None, 3))
    layer.inner.bias.assign(np.full(3, 9.0))
    fk.initialize(layer, OWN, seed=7)
    assert (array(layer.inner.bias) == 0.25).all()


def test_reading_what_is_declared_changes_nothing_for_layers_that_are_made_after_it():
    layer = tokens()
    number = int(Tokens().name.partition("_")[2] or 0)
    state = random.getstate()
    with_starts(model_weights(layer))
    assert random.getstate() == state
    assert Tokens().name == f"tokens_{number + 1}"
    fresh = L.Dense(2)
    fresh.build((None, 3))
    assert array(fresh.kernel).any()


class Scaled(L.Layer):
    """Has one number of its own, that some function gives."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def build(self, shape):
        self.gain = self.add_weight(shape=(), initializer=self.function, name="gain")


def scaled(function):
    layer = Scaled(function)
    layer.build((None, 4))
    return layer


def test_a_function_that_gives_one_number_is_that_constant():
    layer = scaled(lambda *_, **__: math.log(1 / 0.07))
    layer.gain.assign(9.0)
    fk.initialize(layer, OWN, seed=7)
    assert array(layer.gain) == np.float32(math.log(1 / 0.07))


def test_a_function_that_draws_its_number_is_no_constant():
    with pytest.raises(FanwiseError, match=r"the function .*lambda"):
        fk.initialize(scaled(lambda *_, **__: random.random()), OWN, seed=7)


class Plain(L.Layer):
    """Takes no more than a number, and adds its weights at once."""

    def __init__(self, width):
        super().__init__()
        self.token = self.add_weight(shape=(1, width), initializer="ones", name="token")


def test_a_layer_that_adds_its_weights_at_once_is_made_as_it_was():
    (stored,) = with_starts(model_weights(Plain(3)))
    assert law_of(stored.weight) == ConstantLaw(1.0)


class Closed(L.Layer):
    """Has no config, and adds its weights when it is built."""

    def __init__(self, function):
        super().__init__()
        self.function, self.inner, self.marks = function, L.Dense(2), []

    def build(self, shape):
        self.inner.build(shape)
        self.marks.append(shape)
        self.gain = self.add_weight(shape=(3,), initializer="ones", name="gain")


def test_a_layer_without_a_config_is_built_again_from_its_attributes():
    layer = Closed(one)
    layer.build((None, 4))
    kernel = layer.inner.kernel
    starts = {s.weight.path: s.weight.own for s in with_starts(model_weights(layer))}
    assert starts["gain"].scheme.name == "ones"
    assert starts["dense/kernel"].scheme.name == "glorot_uniform"
    # And the layer itself is as it was.
    assert layer.marks == [(None, 4)]
    assert layer.inner.kernel is kernel
    assert len(layer.weights) == 3


class Unmade(L.Layer):
    """Cannot be made from its config."""

    def __init__(self, function):
        super().__init__()
        self.gain = self.add_weight(shape=(3,), initializer=function, name="gain")


def test_a_layer_that_is_not_made_again_declares_nothing():
    layer = Unmade(one)
    (stored,) = with_starts(model_weights(layer))
    assert stored.weight.own is None
    with pytest.raises(FanwiseError, match=r"ha(s|ve) no rule"):
        fk.initialize(layer, OWN, seed=7)


class Renewed(L.Dense):
    """Has initializers that it does not pass on."""

    def add_weight(self, *arguments, initializer=None, **options):
        return super().add_weight(*arguments, initializer=I.Constant(0.5), **options)


def test_what_a_subclass_makes_of_an_initializer_counts():
    layer = Renewed(3)
    layer.build((None, 4))
    fk.initialize(layer, OWN, seed=7)
    assert (array(layer.kernel) == 0.5).all()


def test_an_attribute_of_its_name_counts_for_a_layer_that_is_not_made_again():
    layer = Unmade(one)
    layer.gain_initializer = I.Ones()
    (stored,) = with_starts(model_weights(layer))
    assert law_of(stored.weight) == ConstantLaw(1.0)


class Fixed(L.Dense):
    """Has an attribute that it does not read."""

    def build(self, shape):
        self._kernel = self.add_weight(
            name="kernel", shape=(shape[-1], self.units), initializer=I.Constant(0.5)
        )
        self.bias = None
        self.built = True


def test_what_is_passed_counts_and_not_an_attribute_that_nothing_reads():
    layer = Fixed(3)
    layer.build((None, 4))
    fk.initialize(layer, OWN, seed=7)
    assert (array(layer.weights[0]) == 0.5).all()


def test_set_initializer_is_what_a_layer_declares_then():
    layer = fk.set_initializer(L.LSTM(3), "he_normal", "ones", seed=7, path="cell")
    layer.build((None, 5, 4))
    before = [array(variable).copy() for variable in layer.weights]
    names = {"keras": {"**": "cell/**"}}
    fk.initialize(layer, {**OWN, "names": names}, seed=7)
    for variable, values in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(array(variable), values)
