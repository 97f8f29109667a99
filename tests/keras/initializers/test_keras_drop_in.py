"""The names of keras.initializers: arguments, attributes, configs and errors as Keras has them."""

import inspect
import os

import keras
import numpy as np
import pytest
from common.bits import same_bits
from common.keras_names import RANDOM

import fanwise.keras as fk
from fanwise import FanwiseError, sample, scheme
from fanwise.adapters import keras as adapter
from fanwise.adapters.keras.drawing.transfer import host_array as array

OURS = {"path", "axes", "engine"}
CONSTANT = ("Zeros", "Ones", "Constant", "Identity")
ARGUMENTS = {
    "RandomUniform": {"minval": -0.25, "maxval": 0.5},
    "RandomNormal": {"mean": 0.5, "stddev": 0.1},
    "TruncatedNormal": {"mean": 0.5, "stddev": 0.1},
    "VarianceScaling": {"scale": 3.0, "mode": "fan_avg", "distribution": "Normal"},
    "Orthogonal": {"gain": 2.0},
    "Constant": {"value": 0.3},
    "Identity": {"gain": 2.0},
}
SCHEMES = {
    "RandomUniform": scheme("uniform", low=-0.25, high=0.5),
    "RandomNormal": scheme("normal", mean=0.5, std=0.1),
    "TruncatedNormal": scheme("truncated_normal", mean=0.5, std=0.1, corrected=False),
    "VarianceScaling": scheme("variance_scaling", scale=3.0, mode="fan_avg"),
    "GlorotUniform": scheme("glorot_uniform"),
    "GlorotNormal": scheme("glorot_normal"),
    "LecunUniform": scheme("lecun_uniform"),
    "LecunNormal": scheme("lecun_normal"),
    "HeUniform": scheme("he_uniform"),
    "HeNormal": scheme("he_normal"),
    "Orthogonal": scheme("orthogonal", gain=2.0),
    "Zeros": scheme("zeros"),
    "Ones": scheme("ones"),
    "Constant": scheme("constant", value=0.3),
    "Identity": scheme("identity", gain=2.0),
}


def made(name, module=fk, **more):
    arguments = {**ARGUMENTS.get(name, {}), **more}
    return getattr(module, name)(**arguments)


def seeded(name):
    return {"seed": 11} if name in RANDOM else {}


def test_the_backend_is_the_one_asked_for():
    asked = os.environ.get("KERAS_BACKEND", keras.config.backend())
    assert keras.config.backend() == asked


def test_every_public_name_of_keras_is_here():
    own = {name for name in dir(keras.initializers) if not name.startswith("_")}
    assert own <= set(adapter.__all__) <= set(dir(fk))


@pytest.mark.parametrize("name", sorted(vars(keras.initializers)))
def test_a_name_is_of_the_class_that_keras_means(name):
    theirs = getattr(keras.initializers, name)
    if inspect.isclass(theirs):
        assert issubclass(getattr(fk, name), theirs)


@pytest.mark.parametrize("name", RANDOM + CONSTANT)
def test_the_signature_is_keras_own_with_our_keywords_after_it(name):
    theirs = inspect.signature(getattr(keras.initializers, name)).parameters
    ours = inspect.signature(getattr(fk, name)).parameters
    assert list(ours) == [*theirs, "path", "axes", "engine"]
    for key, parameter in theirs.items():
        assert ours[key].default == parameter.default
        assert ours[key].kind == parameter.kind
    assert all(ours[key].kind is inspect.Parameter.KEYWORD_ONLY for key in OURS)


@pytest.mark.parametrize("name", RANDOM + CONSTANT)
def test_attributes_and_config_are_keras_own(name):
    ours, theirs = made(name, **seeded(name)), made(name, keras.initializers, **seeded(name))
    assert ours.get_config() == theirs.get_config()
    for key in inspect.signature(getattr(keras.initializers, name)).parameters:
        assert getattr(ours, key) == getattr(theirs, key)
    assert isinstance(ours, type(theirs))


@pytest.mark.parametrize("name", RANDOM + CONSTANT)
def test_the_config_holds_ours_only_where_they_are_set(name):
    plain = made(name, **seeded(name))
    assert not OURS & set(plain.get_config())
    axes = "out in"
    placed = made(name, **seeded(name), path="a/kernel", axes=axes, engine="native")
    extras = {"path": "a/kernel", "axes": axes, "engine": "native"}
    assert placed.get_config() == {**plain.get_config(), **extras}
    again = type(placed).from_config(placed.get_config())
    assert again.get_config() == placed.get_config()
    assert set(dir(again)) == set(dir(placed))


@pytest.mark.parametrize("name", RANDOM + CONSTANT)
@pytest.mark.parametrize("shape", [(6, 4), (3, 6)])
def test_the_bits_are_those_of_the_scheme(name, shape):
    values = made(name, **seeded(name), path="p")(shape)
    expected = sample(SCHEMES[name], shape, seed=11, path="p")
    assert made(name).scheme == SCHEMES[name]
    assert tuple(values.shape) == shape
    assert same_bits(array(values), expected)


@pytest.mark.parametrize("name", RANDOM)
def test_the_seed_governs_as_in_keras(name):
    shape = (5, 5)
    one = made(name, seed=3)
    assert same_bits(array(one(shape)), array(one(shape)))
    assert array(one(shape)).tobytes() != array(made(name, seed=4)(shape)).tobytes()
    unseeded = made(name)
    assert isinstance(unseeded.seed, int)
    assert unseeded.get_config()["seed"] is None
    assert same_bits(array(unseeded(shape)), array(unseeded(shape)))
    assert array(unseeded(shape)).tobytes() != array(unseeded.clone()(shape)).tobytes()


@pytest.mark.parametrize("name", RANDOM)
def test_set_random_seed_governs_where_no_seed_is_given(name):
    keras.utils.set_random_seed(5)
    first = made(name).seed, made(name, keras.initializers).seed
    keras.utils.set_random_seed(5)
    assert first == (made(name, keras.initializers).seed, made(name).seed)


@pytest.mark.parametrize("name", RANDOM)
def test_a_seed_generator_advances(name):
    generator = keras.random.SeedGenerator(9)
    one = made(name, seed=generator)
    for draw in range(3):
        expected = sample(SCHEMES[name], (4, 4), seed=9 + draw * 2**32)
        assert same_bits(array(one((4, 4))), expected)
    assert [int(word) for word in array(generator.state)] == [9, 3]


def test_a_seed_generator_stays_where_it_is_on_an_error():
    generator = keras.random.SeedGenerator(9)
    for shape, dtype, words in (
        ((4,), "float32", "at least two axes"),
        ((4, 4), "int32", "a dtype of float16"),
    ):
        with pytest.raises(FanwiseError, match=words):
            fk.HeNormal(generator)(shape, dtype)
    with pytest.raises(FanwiseError, match="without overflow"):
        fk.RandomNormal(stddev=20000.0, seed=generator)((4, 4), "float16")
    with pytest.raises(FanwiseError, match="in and out axes for orthogonal"):
        fk.Orthogonal(1.0, generator)((4,))
    assert [int(word) for word in array(generator.state)] == [9, 0]


def test_a_constant_does_not_advance_a_seed_generator():
    generator = keras.random.SeedGenerator(9)
    fk.SchemeInitializer("zeros", generator)((2, 2))
    assert [int(word) for word in array(generator.state)] == [9, 0]


def test_normal_means_truncated_as_in_keras():
    one = fk.VarianceScaling(distribution="normal", seed=1)
    assert one.distribution == "truncated_normal"
    uncut = fk.VarianceScaling(distribution="untruncated_normal", seed=1)
    expected = sample(scheme("variance_scaling", distribution="normal"), (8, 8), seed=1)
    assert same_bits(array(uncut((8, 8))), expected)


def test_fan_geo_avg_is_a_mode_too():
    one = fk.VarianceScaling(mode="fan_geo_avg", seed=1)
    expected = sample(scheme("variance_scaling", mode="fan_geo_avg"), (8, 2), seed=1)
    assert same_bits(array(one((8, 2))), expected)


@pytest.mark.parametrize(
    ("inputs", "outputs", "axes"),
    [([0], [1, 2], "in out out"), ([0, 1], [2], "in in out"), ([-1], [0], "out batch in")],
)
@pytest.mark.parametrize("name", ["HeNormal", "GlorotUniform", "XavierNormal", "TorchDefault"])
def test_input_and_output_axes_are_a_pattern(name, inputs, outputs, axes):
    one = getattr(fk, name)(seed=1, input_axes=inputs, output_axes=outputs)
    shape = (6, 4, 5)
    expected = sample(one.scheme, shape, seed=1, axes=axes)
    assert same_bits(array(one(shape)), expected)
    one = getattr(fk, name)(seed=1, input_axes=inputs)
    assert same_bits(array(one(shape)), sample(one.scheme, shape, seed=1))


def test_axes_win_over_input_and_output_axes():
    one = fk.HeNormal(1, [0], [1, 2], axes="in in out")
    expected = sample("he_normal", (6, 4, 5), seed=1, axes="in in out")
    assert same_bits(array(one((6, 4, 5))), expected)


@pytest.mark.parametrize(
    ("inputs", "outputs"), [([0], [0]), ([0], [3]), ([0, 0], [1]), ([-4], [1])]
)
def test_axes_that_do_not_fit_are_an_error(inputs, outputs):
    with pytest.raises(FanwiseError, match="distinct axes"):
        fk.HeNormal(1, inputs, outputs)((2, 3, 4))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("name", ["HeNormal", "HeUniform", "Orthogonal", "Constant"])
@pytest.mark.filterwarnings("ignore:Explicitly requested dtype float64:UserWarning")
def test_dtypes_are_those_that_keras_gives(name, dtype):
    values = made(name, **seeded(name))((8, 8), dtype=dtype)
    given = keras.ops.zeros((1,), dtype).dtype
    assert values.dtype == given
    # JAX gives float32 where float64 is not enabled: to its own initializers, and to these.
    stored = keras.backend.standardize_dtype(given)
    expected = np.empty((8, 8), np.uint16 if dtype == "bfloat16" else stored)
    sample(SCHEMES[name], (8, 8), seed=11, dtype=stored, out=expected)
    assert same_bits(array(values), expected)


def test_without_a_dtype_it_is_floatx():
    before = keras.config.floatx()
    keras.config.set_floatx("float16")
    try:
        assert keras.backend.standardize_dtype(fk.HeNormal(1)((2, 2)).dtype) == "float16"
    finally:
        keras.config.set_floatx(before)


@pytest.mark.parametrize("dtype", ["int32", "bool", "uint8"])
def test_constants_come_in_every_dtype_of_keras(dtype):
    for name in ("Zeros", "Ones"):
        ours, theirs = made(name)((2, 3), dtype), made(name, keras.initializers)((2, 3), dtype)
        assert ours.dtype == theirs.dtype
        assert (array(ours) == array(theirs)).all()


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
@pytest.mark.parametrize("shape", [(5,), (3, 3, 4, 8), (4, -6)])
def test_an_identity_that_is_no_matrix_is_refused_in_every_dtype(shape, dtype, engine):
    with pytest.raises(FanwiseError):
        fk.Identity(engine=engine)(shape, dtype)


@pytest.mark.parametrize(
    ("value", "dtype", "words"),
    [
        (-1e9, "float16", "overflow"),
        (-1e9, "int8", "a value from -128 to 127 for int8"),
        (128, "int8", "a value from -128 to 127 for int8"),
        (-1, "uint8", "a value from 0 to 255 for uint8"),
    ],
)
def test_a_constant_that_the_dtype_cannot_hold_is_an_error(value, dtype, words):
    with pytest.raises(FanwiseError, match=words):
        fk.Constant(value)((2, 2), dtype)


def test_constant_takes_an_array():
    value = np.arange(6.0).reshape(2, 3)
    one = fk.Constant(value)
    assert (array(one((2, 3))) == value).all()
    again = fk.Constant.from_config(one.get_config())
    assert (array(again((2, 3))) == value).all()


def test_scalar_tensors_are_numbers():
    tensor = keras.ops.convert_to_tensor(0.5)
    one = fk.RandomNormal(tensor, tensor, seed=1)
    expected = sample(scheme("normal", mean=0.5, std=0.5), (4, 4), seed=1)
    assert same_bits(array(one((4, 4))), expected)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fk.VarianceScaling(scale=0.0), "Argument `scale` must be positive float."),
        (lambda: fk.VarianceScaling(scale=-1.0), "Argument `scale` must be positive float."),
        (lambda: fk.VarianceScaling(scale=float("nan")), "Argument `scale`"),
        (lambda: fk.VarianceScaling(scale=float("inf")), "Argument `scale`"),
        (lambda: fk.VarianceScaling(mode="fan"), "Invalid `mode` argument:"),
        (lambda: fk.VarianceScaling(distribution="x"), "Invalid `distribution` argument:"),
        (lambda: fk.VarianceScaling(distribution=None), "Invalid `distribution` argument:"),
        (lambda: fk.RandomNormal(stddev=-1.0), "for std"),
        (lambda: fk.RandomNormal(mean=float("nan")), "for mean"),
        (lambda: fk.TruncatedNormal(stddev=float("inf")), "for std"),
        (lambda: fk.RandomUniform(1.0, 0.0), "low below high"),
        (lambda: fk.Orthogonal(gain=0.0), "for gain"),
        (lambda: fk.Identity(gain=float("nan")), "for gain"),
        (lambda: fk.Constant(float("nan")), "for value"),
        (lambda: fk.XavierNormal(gain=-1.0), "for gain"),
        (lambda: fk.KaimingNormal(nonlinearity="gelu"), "nonlinearity"),
        (lambda: fk.KaimingUniform(mode="fan"), "for mode"),
        (lambda: fk.SchemeInitializer("he_norml"), "Did you mean 'he_normal'"),
        (lambda: fk.SchemeInitializer(3), "a scheme or its name"),
        (lambda: fk.HeNormal(engine="fast"), "engine 'portable' or 'native'"),
        (lambda: fk.HeNormal(axes="in aut"), "Did you mean 'out'"),
        (lambda: fk.HeNormal(axes=""), "axes"),
        (lambda: fk.HeNormal(axes="(3 out"), "well-formed"),
        (lambda: fk.HeNormal(path=3), "a path"),
        (lambda: fk.HeNormal(seed=-1), "0 <= seed"),
        (lambda: fk.HeNormal(seed=2**64), "0 <= seed"),
        (lambda: fk.HeNormal(seed="a"), "seed"),
        (lambda: fk.HeNormal(seed=1.5, engine="native"), "seed"),
        (lambda: fk.HeNormal(seed=-1, path="a", engine="native"), "0 <= seed"),
    ],
)
def test_bad_arguments_are_errors_when_the_initializer_is_made(call, words):
    with pytest.raises(FanwiseError) as error:
        call()
    assert words in str(error.value)


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize(
    ("shape", "dtype", "words"),
    [
        ((), None, "at least two axes"),
        ((4,), None, "at least two axes"),
        ((4, -1), None, "one non-negative integer per axis"),
        ((4, None), None, "one non-negative integer per axis"),
        (4, None, "one non-negative integer per axis"),
        ((4, 4), "int32", "a dtype of float16"),
    ],
)
def test_bad_shapes_and_dtypes_are_errors(engine, shape, dtype, words):
    with pytest.raises(FanwiseError, match=words):
        fk.HeNormal(1, engine=engine)(shape, dtype)
    with pytest.raises(FanwiseError, match="a dtype that Keras knows"):
        fk.HeNormal(1, engine=engine)((2, 2), "float33")


@pytest.mark.parametrize("engine", ["portable", "native"])
def test_absolute_scales_need_no_fans(engine):
    assert tuple(fk.RandomNormal(seed=1, engine=engine)(()).shape) == ()
    assert tuple(fk.RandomUniform(seed=1, engine=engine)((3,)).shape) == (3,)
    assert tuple(fk.HeNormal(seed=1, engine=engine)((0, 3)).shape) == (0, 3)


def test_axes_words_with_splits_are_read_when_the_initializer_is_made():
    one = fk.HeNormal(1, axes="in (3 out)")
    expected = sample("he_normal", (4, 12), seed=1, axes="in (3 out)")
    assert same_bits(array(one((4, 12))), expected)
