"""The recipe keras_default against Keras itself, for every kind of layer."""

import inspect
import math

import keras
import numpy as np
import pytest

import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.spec.recipe import recipe

pytestmark = pytest.mark.slow

L = keras.layers
#: A sample's largest element is this near the bound but for once in 10⁹ samples.
FALSE_ALARM = 1e-9


@pytest.fixture(autouse=True)
def setting():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    keras.utils.set_random_seed(1234)
    yield
    keras.config.set_image_data_format(before)


# Inputs, and a layer whose kernels have some thousand elements, in and out of several sizes.
UNIFORM = {
    "Dense": ((60,), lambda: L.Dense(80)),
    "EinsumDense": ((4, 30), lambda: L.EinsumDense("abc,cde->abde", (None, 4, 50))),
    "EinsumDense with batches": ((12, 30), lambda: L.EinsumDense("abc,bcd->abd", (12, 50))),
    "Conv1D": ((9, 20), lambda: L.Conv1D(60, 4)),
    "Conv2D": ((9, 9, 20), lambda: L.Conv2D(40, 3)),
    "Conv3D": ((5, 5, 5, 8), lambda: L.Conv3D(30, 3)),
    "grouped": ((9, 9, 40), lambda: L.Conv2D(60, 3, groups=4)),
    "as many groups as channels": ((9, 9, 60), lambda: L.Conv2D(240, 5, groups=60)),
    "Conv1DTranspose": ((9, 20), lambda: L.Conv1DTranspose(60, 4)),
    "Conv2DTranspose": ((9, 9, 20), lambda: L.Conv2DTranspose(40, 3)),
    "Conv3DTranspose": ((5, 5, 5, 8), lambda: L.Conv3DTranspose(30, 3)),
    "DepthwiseConv1D": ((90, 60), lambda: L.DepthwiseConv1D(30, depth_multiplier=3)),
    "DepthwiseConv2D": ((9, 9, 80), lambda: L.DepthwiseConv2D(5, depth_multiplier=3)),
    "SeparableConv1D": ((90, 60), lambda: L.SeparableConv1D(70, 30, depth_multiplier=2)),
    "SeparableConv2D": ((9, 9, 80), lambda: L.SeparableConv2D(70, 5)),
    "Embedding": ((4,), lambda: L.Embedding(100, 60)),
    "SimpleRNN": ((4, 60), lambda: L.SimpleRNN(80)),
    "GRU": ((4, 60), lambda: L.GRU(30)),
    "LSTM": ((4, 60), lambda: L.LSTM(30)),
    "ConvLSTM1D": ((4, 9, 20), lambda: L.ConvLSTM1D(20, 3)),
}
if hasattr(L, "ReversibleEmbedding"):
    make_reversible = lambda: L.ReversibleEmbedding(100, 60, tie_weights=False)  # noqa: E731
    UNIFORM["ReversibleEmbedding"] = ((4,), make_reversible)
FIXED = {
    "BatchNormalization": ((6,), L.BatchNormalization),
    "LayerNormalization": ((6,), L.LayerNormalization),
    "GroupNormalization": ((6,), lambda: L.GroupNormalization(2)),
    "RMSNormalization": ((6,), lambda: L.RMSNormalization()),
    "Dense": ((6,), lambda: L.Dense(5)),
    "GRU": ((4, 6), lambda: L.GRU(5)),
    "LSTM": ((4, 6), lambda: L.LSTM(5)),
    "ConvLSTM1D": ((4, 9, 6), lambda: L.ConvLSTM1D(5, 3)),
    "SimpleRNN": ((4, 6), lambda: L.SimpleRNN(5)),
    "PReLU": ((6,), lambda: L.PReLU(alpha_initializer=keras.initializers.Constant(0.25))),
}


def model_of(shape, make):
    return keras.Sequential([keras.Input(shape), make()])


def variables(model):
    """What is drawn: kernels and embeddings, but for what a recurrence draws orthogonally."""
    kernels = [w for w in model.weights if w.name.endswith(("kernel", "embeddings"))]
    return [w for w in kernels if "recurrent" not in w.name]


def drawn(found):
    return [row for row in found.rows if row.role in ("kernel", "embedding")]


def uniform_within(values, bound):
    """Whether the sample may be one of the uniform law on ±bound."""
    # The largest of n is below (1 - e) times the bound with probability (1 - e)ⁿ.
    largest, near = np.abs(values).max(), 1 - FALSE_ALARM ** (1 / values.size)
    # The mean square has deviation bound² * sqrt(4/45 / n); six of them.
    spread = 6 * math.sqrt(4 / 45 / values.size)
    square = np.mean(values.astype(np.float64) ** 2) / bound**2
    return bound * (1 - near) <= largest <= bound * (1 + 1e-6) and abs(square - 1 / 3) <= spread


@pytest.mark.parametrize(("shape", "make"), UNIFORM.values(), ids=UNIFORM.keys())
def test_a_uniform_kernel_has_the_law_of_keras(shape, make):
    model = model_of(shape, make)
    own = [array(variable).copy() for variable in variables(model)]
    found = fk.initialize(model, "keras_default", seed=7)
    rows = drawn(found)
    assert rows
    assert len(rows) == len(own)
    for row, variable, before in zip(rows, variables(model), own, strict=True):
        bound = row.expected * math.sqrt(3)
        assert uniform_within(before, bound), (row.path, np.abs(before).max(), bound)
        assert uniform_within(array(variable), bound)
        # And another law would be seen.
        assert not uniform_within(before, bound * 1.02)
        assert not uniform_within(before, bound / 1.02)


def test_as_many_groups_as_channels_do_not_start_as_a_depthwise_layer_does():
    """Keras has two laws for one operation, by the class; so has the recipe."""
    bounds = {"grouped": math.sqrt(6 / (25 + 25 * 240)), "": math.sqrt(6 / (25 * 60 + 25 * 4))}
    makes = {
        "grouped": lambda: L.Conv2D(240, 5, groups=60),
        "": lambda: L.DepthwiseConv2D(5, depth_multiplier=4),
    }
    for variant, make in makes.items():
        model = model_of((9, 9, 60), make)
        for _ in ("Keras's own", "the recipe's"):
            values = array(model.weights[0]).copy()
            assert uniform_within(values, bounds[variant])
            assert not uniform_within(values, bounds["" if variant else "grouped"])
            found = fk.initialize(model, "keras_default", seed=7)
        kind = f"depthwise_conv/{variant}" if variant else "depthwise_conv"
        assert {row.kind for row in found.rows} == {kind}


def test_kernels_of_gates_have_the_fans_of_one():
    """What it is that makes them alike: the outputs of all gates are counted."""
    (row, *_) = fk.initialize(model_of((4, 60), lambda: L.LSTM(30)), "keras_default", seed=7).rows
    assert (row.fan_in, row.fan_out, row.scheme) == (60, 4 * 30, "glorot_uniform")


@pytest.mark.parametrize("kind", ["MultiHeadAttention", "GroupQueryAttention"])
def test_attention_has_the_law_of_keras(kind):
    layer = (
        L.MultiHeadAttention(4, 15, value_dim=20)
        if kind == "MultiHeadAttention"
        else L.GroupQueryAttention(15, 8, 4)
    )
    inputs = keras.Input((5, 60))
    model = keras.Model(inputs, layer(inputs, inputs))
    kernels = [w for w in model.weights if w.path.endswith("kernel")]
    own = [array(kernel).copy() for kernel in kernels]
    rows = [r for r in fk.initialize(model, "keras_default", seed=7).rows if r.role == "kernel"]
    assert len(rows) == len(own) == 4
    for row, variable, before in zip(rows, kernels, own, strict=True):
        bound = row.expected * math.sqrt(3)
        assert uniform_within(before, bound)
        assert uniform_within(array(variable), bound)


def test_the_vector_of_an_additive_attention_has_the_law_of_keras():
    layer = L.AdditiveAttention()
    layer.build([(None, 4, 3000), (None, 5, 3000)])
    own = array(layer.scale).copy()
    (row,) = fk.initialize(layer, "keras_default", seed=7).rows
    assert (row.path, row.role, row.fan_in, row.fan_out) == ("kernel", "kernel", 3000, 1)
    for values in (own, array(layer.scale)):
        assert uniform_within(values, math.sqrt(3 / 3000))
        assert not uniform_within(values, math.sqrt(6 / 3001))


def test_the_scalars_of_an_attention_are_those_of_keras():
    layer = L.Attention(use_scale=True, score_mode="concat")
    layer.build([(None, 4, 6), (None, 5, 6)])
    for variable in layer.weights:
        assert array(variable) == 1
        variable.assign(9.0)
    found = fk.initialize(layer, "keras_default", seed=7)
    assert [row.path for row in found.rows] == ["scale", "concat_score/scale"]
    assert all(array(variable) == 1 for variable in layer.weights)
    plain = L.Attention()
    plain.build([(None, 4, 6), (None, 5, 6)])
    assert fk.initialize(plain, "keras_default", seed=7).rows == ()


def test_every_layer_of_keras_with_weights_is_started_as_keras_does_or_refused():
    """So that a layer that a later Keras brings is looked at here."""
    tried = {name.partition(" ")[0] for name in (*UNIFORM, *FIXED)}
    tried |= {
        "Attention",
        "AdditiveAttention",
        "GRUCell",
        "LSTMCell",
        "SimpleRNNCell",
        "STFTSpectrogram",
    }
    # Two that are tried in one dimension, and three that have no weights of their own to start.
    tried |= {"ConvLSTM2D", "ConvLSTM3D", "RNN", "Normalization", "SpectralNormalization"}
    classes = {cls for cls in vars(L).values() if isinstance(cls, type) and cls is not L.Layer}
    assert {cls.__name__ for cls in classes if adds_weights(cls)} <= tried


def adds_weights(cls):
    """Whether a class of layers, or what it is made from, calls add_weight."""
    bases = [base for base in cls.__mro__ if base.__module__.startswith("keras.src.layers.")]
    sources = (inspect.getsource(base) for base in bases if base is not L.Layer)
    return any("self.add_weight(" in source for source in sources)


def test_what_is_a_formula_stays():
    """The windows of a short-time Fourier transform are no scheme."""
    layer = L.STFTSpectrogram(trainable=True)
    layer.build((1, 2000))
    before = [array(weight).copy() for weight in layer.weights]
    fk.initialize(layer, "keras_default", seed=7)
    for weight, values in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(array(weight), values)


@pytest.mark.parametrize(("shape", "make"), FIXED.values(), ids=FIXED.keys())
def test_what_is_not_drawn_is_that_of_keras(shape, make):
    model = model_of(shape, make)
    fixed = [w for w in model.weights if "kernel" not in w.path]
    assert fixed
    own = [array(variable).copy() for variable in fixed]
    for variable in fixed:
        variable.assign(np.full(variable.shape, 9.0))
    fk.initialize(model, "keras_default", seed=7)
    for variable, before in zip(fixed, own, strict=True):
        np.testing.assert_array_equal(array(variable), before)


def is_diagonal(square):
    return np.allclose(square, square[0, 0] * np.eye(len(square)), atol=1e-3)


@pytest.mark.parametrize(("kind", "gates"), [("SimpleRNN", 1), ("GRU", 3), ("LSTM", 4)])
def test_a_recurrent_kernel_has_orthonormal_rows(kind, gates):
    model = model_of((4, 6), lambda: getattr(L, kind)(40))
    kernel = model.layers[0].cell.recurrent_kernel
    own = array(kernel).copy()
    (row,) = [
        row
        for row in fk.initialize(model, "keras_default", seed=7).rows
        if row.role == "recurrent_kernel"
    ]
    for values in (own, array(kernel)):
        assert values.shape == (40, gates * 40)
        np.testing.assert_allclose(values @ values.T, np.eye(40), atol=1e-5)
        # No gate alone has, not even of another length, where there are several.
        squares = [gate @ gate.T for gate in np.split(values, gates, axis=1)]
        assert all(is_diagonal(square) == (gates == 1) for square in squares)
        # The mean square follows from that, and so is exact.
        assert values.astype(np.float64).std() == pytest.approx(row.expected, rel=0.02)
        assert row.expected == pytest.approx(1 / math.sqrt(gates * 40))


def test_a_recurrent_kernel_with_a_field_has_orthonormal_columns():
    """Of all gates together, so those of two gates are orthogonal to each other too."""
    model = model_of((4, 9, 9, 6), lambda: L.ConvLSTM2D(20, 3))
    kernel = model.layers[0].cell.recurrent_kernel
    own = array(kernel).copy()
    fk.initialize(model, "keras_default", seed=7)
    for values in (own, array(kernel)):
        columns = values.reshape(-1, 80)
        np.testing.assert_allclose(columns.T @ columns, np.eye(80), atol=1e-5)


def test_a_recurrent_kernel_with_a_small_field_has_orthonormal_rows():
    """Over all gates, of which none alone has them: there are fewer rows than columns."""
    model = model_of((4, 9, 6), lambda: L.ConvLSTM1D(20, 2))
    kernel = model.layers[0].cell.recurrent_kernel
    own = array(kernel).copy()
    fk.initialize(model, "keras_default", seed=7)
    for values in (own, array(kernel)):
        rows = values.reshape(40, 80)
        np.testing.assert_allclose(rows @ rows.T, np.eye(40), atol=1e-5)
        assert not any(is_diagonal(gate.T @ gate) for gate in np.split(rows, 4, axis=1))


def test_every_rule_may_be_unused():
    read = recipe("keras_default")
    names = [rule.name for rule in read.rules]
    assert all(names)
    assert len(set(names)) == len(names)
    assert set(read.unused) == set(names)


def test_a_kind_that_keras_has_not_starts_as_a_dense_layer():
    from fanwise.spec.plan import plan
    from fanwise.spec.weights import Weight

    weight = Weight("both/kernel", (5, 3, 4), "out in in", "kernel", "bilinear")
    (planned,) = plan(recipe("keras_default"), [weight]).planned
    assert planned.scheme.name == "glorot_uniform"
