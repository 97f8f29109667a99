"""The names of jax.nn.initializers: their signatures, what they mean, and bad input."""

import inspect
import math
import pickle
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import fanwise
import fanwise.jax as initializers
from fanwise.adapters.jax.initializers.axes import AxisRoles, column_pattern

JAX = jax.nn.initializers
KEY = jax.random.key(11)
S = fanwise.scheme
NAMES = [name for name in dir(JAX) if not name.startswith("_")]
OWN = ("Initializer", "constant", "ones", "zeros")


def same(made, scheme, shape, **how):
    wanted = fanwise.sample(scheme, shape, **{"seed": 11, **how})
    return np.asarray(made).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_drop_in_has_every_name(name):
    ours, theirs = getattr(initializers, name), getattr(JAX, name)
    assert name in initializers.__all__
    if name in OWN:
        assert ours is theirs
        return
    mine = list(inspect.signature(ours).parameters.values())
    expected = [(p.name, p.default) for p in inspect.signature(theirs).parameters.values()]
    assert [(p.name, p.default) for p in mine[: len(expected)]] == expected
    extra = {p.name: (p.kind, p.default) for p in mine[len(expected) :]}
    only = inspect.Parameter.KEYWORD_ONLY
    assert extra == {"seed": (only, None), "path": (only, None), "engine": (only, "portable")}
    assert ours.__name__ == name


def test_the_names_were_found():
    assert {"he_normal", "variance_scaling", "orthogonal", "zeros"} <= set(NAMES)


def test_an_initializer_has_the_signature_of_jax():
    theirs = inspect.signature(JAX.he_normal()).parameters
    assert list(inspect.signature(initializers.he_normal()).parameters) == list(theirs)
    assert isinstance(initializers.he_normal(), initializers.Initializer)


MEANINGS = {
    "uniform": (initializers.uniform(0.5), S("uniform", low=0.0, high=0.5)),
    "uniform below": (initializers.uniform(-0.5), S("uniform", low=-0.5, high=0.0)),
    "uniform of an array": (initializers.uniform(jnp.array(0.5)), S("uniform", high=0.5)),
    "uniform by default": (initializers.uniform(), S("uniform", high=0.01)),
    "normal": (initializers.normal(0.5), S("normal", std=0.5)),
    "normal by default": (initializers.normal(), S("normal", std=0.01)),
    "normal of nothing": (initializers.normal(0.0), S("zeros")),
    "truncated_normal": (
        initializers.truncated_normal(0.5, lower=-1.0, upper=3),
        S("truncated_normal", std=0.5, low=-1.0, high=3.0, corrected=False),
    ),
    "variance_scaling": (
        initializers.variance_scaling(3.0, "fan_geo_avg", "normal"),
        S("variance_scaling", scale=3.0, mode="fan_geo_avg", distribution="normal"),
    ),
    "orthogonal": (initializers.orthogonal(2.0), S("orthogonal", gain=2.0)),
    "zeros": (initializers.zeros, S("zeros")),
    "ones": (initializers.ones_init(), S("ones")),
    "zeros_init": (initializers.zeros_init(), S("zeros")),
    "constant": (initializers.constant(0.3), S("constant", value=0.3)),
    "initializer": (initializers.initializer("torch_default"), S("torch_default")),
} | {
    name: (getattr(initializers, name)(), S(name))
    for name in NAMES
    if name.partition("_")[0] in ("glorot", "lecun", "he", "kaiming", "xavier")
}


@pytest.mark.parametrize("name", MEANINGS)
def test_a_name_means_its_scheme(name):
    init, scheme = MEANINGS[name]
    assert same(init(KEY, (6, 5)), scheme, (6, 5))


def test_the_torch_names_are_torchs():
    """In JAX kaiming_normal is he_normal, which is cut."""
    shape = (512, 256)
    for torchs, jaxs in (("kaiming", "he"), ("xavier", "glorot")):
        uncut = getattr(initializers, f"{torchs}_normal")()(KEY, shape)
        assert float(jnp.abs(uncut).max() / uncut.std()) > 3
        cut = getattr(JAX, f"{torchs}_normal")()(KEY, shape)
        assert float(jnp.abs(cut).max() / cut.std()) < 2.3
        uniform = getattr(initializers, f"{torchs}_uniform")()(KEY, shape)
        assert same(uniform, f"{jaxs}_uniform", shape)


AXES = [
    ((3, 4, 5), {}, "* in out"),
    ((3, 4, 5), {"in_axis": 0, "out_axis": 2}, "in * out"),
    ((3, 4, 5), {"in_axis": (0, 1), "out_axis": -1}, "in in out"),
    ((3, 4, 5), {"in_axis": 1, "out_axis": (0, 2)}, "out in out"),
    ((3, 4, 5), {"batch_axis": 0}, "batch in out"),
    ((3, 4, 5, 6), {"batch_axis": (0, -3)}, "batch batch in out"),
    ((3, 4, 5, 6), {"in_axis": 1, "out_axis": 0}, "out in * *"),
    ((3, 4), {"in_axis": 1, "out_axis": 0}, "out in"),
    # Flax's embeddings.
    ((3, 4), {"out_axis": 0}, "batch *"),
]


@pytest.mark.parametrize(("shape", "given", "pattern"), AXES)
def test_axes_by_number(shape, given, pattern):
    init = initializers.variance_scaling(2.0, "fan_avg", "uniform", **given)
    scheme = S("variance_scaling", scale=2.0, mode="fan_avg", distribution="uniform")
    assert same(init(KEY, shape), scheme, shape, axes=pattern)
    # And the scale is JAX's.
    limit = math.sqrt(3) * scheme.std(shape, pattern)
    theirs = JAX.variance_scaling(2.0, "fan_avg", "uniform", **given)(KEY, shape)
    ours = initializers.variance_scaling(2.0, "fan_avg", "uniform", **given, engine="native")
    np.testing.assert_allclose(ours(KEY, shape), theirs, rtol=1e-6)
    assert float(jnp.abs(theirs).max()) <= limit * (1 + 1e-6)


@pytest.mark.parametrize("column_axis", [-1, 0, 1, -2, 2])
def test_the_columns_of_an_orthogonal_weight(column_axis):
    shape = (4, 3, 6)
    made = initializers.orthogonal(column_axis=column_axis)(KEY, shape)
    columns = jnp.moveaxis(made, column_axis, -1).reshape(-1, shape[column_axis])
    np.testing.assert_allclose(columns.T @ columns, np.eye(shape[column_axis]), atol=1e-6)
    assert same(made, "orthogonal", shape, axes=column_pattern(column_axis, shape))
    assert initializers.orthogonal(column_axis=0)(KEY, (3, 5)).shape == (3, 5)


@pytest.mark.parametrize("column_axis", [-1, -2])
def test_delta_orthogonal(column_axis):
    made = initializers.delta_orthogonal(2.0, column_axis)(KEY, (3, 4, 2, 5))
    assert same(made, S("delta_orthogonal", gain=2.0), (3, 4, 2, 5))


def test_dtypes():
    init = initializers.he_normal(dtype=jnp.bfloat16)
    assert init(KEY, (4, 4)).dtype == jnp.bfloat16
    assert init(KEY, (4, 4), jnp.float16).dtype == jnp.float16
    assert initializers.he_normal()(KEY, (4, 4)).dtype == jnp.float32
    with jax.enable_x64(True):
        assert initializers.he_normal()(KEY, (4, 4)).dtype == jnp.float64
    # As JAX's own do it without 64-bit mode.
    for make in (initializers.he_normal, JAX.he_normal):
        with pytest.warns(UserWarning, match="float64"):
            made = make()(KEY, (4, 4), jnp.float64)
        assert made.dtype == jnp.float32


def test_complex_weights_are_jaxs_own_and_say_so():
    init = initializers.he_normal()
    with pytest.warns(UserWarning, match="no portable stream"):
        made = init(KEY, (64, 64), jnp.complex64)
    np.testing.assert_allclose(made, JAX.he_normal()(KEY, (64, 64), jnp.complex64), rtol=1e-5)
    quiet = initializers.he_normal(engine="native", dtype=jnp.complex64)(KEY, (64, 64))
    np.testing.assert_array_equal(quiet, made)
    for how in ({"seed": 0}, {"path": "a"}):
        with pytest.raises(fanwise.FanwiseError, match="real dtype"):
            initializers.he_normal(**how)(KEY, (4, 4), jnp.complex64)


def test_initializers_are_values():
    one, two = initializers.he_normal(in_axis=[0], out_axis=1), initializers.he_normal((0,), 1)
    assert one == two
    assert hash(one) == hash(two)
    assert one != initializers.he_normal()
    assert pickle.loads(pickle.dumps(one)) == one
    assert jax.jit(one, static_argnums=1)(KEY, (3, 4)).shape == (3, 4)


def traced(value):
    return jax.jit(lambda x: initializers.normal(x)(KEY, (2, 2)))(value)


SHAPE = (4, 3)
BAD = {
    "unknown scheme": lambda: initializers.initializer("he_norml"),
    "no scheme": lambda: initializers.initializer(3),
    "scale zero": lambda: initializers.variance_scaling(0.0, "fan_in", "normal"),
    "scale negative": lambda: initializers.variance_scaling(-1.0, "fan_in", "normal"),
    "scale nan": lambda: initializers.variance_scaling(math.nan, "fan_in", "normal"),
    "scale of several": lambda: initializers.uniform(jnp.ones(2)),
    "scale traced": lambda: traced(1.0),
    "scale a word": lambda: initializers.normal("1"),
    "mode": lambda: initializers.variance_scaling(1.0, "fan", "normal"),
    "distribution": lambda: initializers.variance_scaling(1.0, "fan_in", "cauchy"),
    "stddev negative": lambda: initializers.normal(-1.0),
    "stddev infinite": lambda: initializers.truncated_normal(math.inf),
    "cut exchanged": lambda: initializers.truncated_normal(lower=1.0, upper=-1.0),
    "gain": lambda: initializers.orthogonal(0.0),
    "column_axis": lambda: initializers.orthogonal(column_axis=0.5),
    "column_axis of a matrix": lambda: initializers.delta_orthogonal(column_axis=2),
    "in_axis": lambda: initializers.he_normal(in_axis="0"),
    "out_axis": lambda: initializers.he_normal(out_axis=(0, 1.5)),
    "engine": lambda: initializers.he_normal(engine="cuda"),
    "engine none": lambda: initializers.normal(engine=None),
    "seed negative": lambda: initializers.he_normal(seed=-1),
    "seed too large": lambda: initializers.he_normal(seed=2**64),
    "seed a float": lambda: initializers.he_normal(seed=1.0),
    "path": lambda: initializers.he_normal(path=3),
    "path surrogate": lambda: initializers.he_normal(path="\ud800"),
    "axes": lambda: initializers.initializer("he_normal", axes=0),
    "dtype int": lambda: initializers.he_normal(dtype=jnp.int32),
    "dtype of a lone surrogate": lambda: initializers.he_normal(dtype="\ud800"),
    "dtype of bits": lambda: initializers.he_normal(dtype=jnp.float8_e4m3fn),
    "dtype nothing": lambda: initializers.he_normal(dtype="half-ish"),
    # At the call.
    "dtype int at the call": lambda: initializers.normal()(KEY, SHAPE, jnp.int32),
    "vector": lambda: initializers.he_normal()(KEY, (5,)),
    "scalar": lambda: initializers.he_normal()(KEY, ()),
    "vector with axes": lambda: initializers.he_normal(0, ())(KEY, (5,)),
    "axis not there": lambda: initializers.he_normal(2, 1)(KEY, SHAPE),
    "axis twice": lambda: initializers.he_normal((0, -2), 1)(KEY, SHAPE),
    "axis in and batch": lambda: initializers.he_normal(batch_axis=0)(KEY, SHAPE),
    "axes word": lambda: initializers.initializer("he_normal", axes="out inn")(KEY, SHAPE),
    "axes too few": lambda: initializers.initializer("he_normal", axes="out")(KEY, SHAPE),
    "beyond float16": lambda: initializers.normal(2e4)(KEY, SHAPE, jnp.float16),
    "beyond float16, traced": lambda: jax.jit(
        lambda key: initializers.initializer(S("constant", value=-1e9))(key, SHAPE, jnp.float16)
    )(KEY),
    "orthogonal vector": lambda: initializers.orthogonal()(KEY, (5,)),
    "orthogonal axis": lambda: initializers.orthogonal(column_axis=2)(KEY, SHAPE),
    "delta matrix": lambda: initializers.delta_orthogonal()(KEY, SHAPE),
    "delta narrowing": lambda: initializers.delta_orthogonal()(KEY, (3, 4, 2)),
    "shape negative": lambda: initializers.normal()(KEY, (-1, 2)),
    "shape of floats": lambda: initializers.normal()(KEY, (1.5, 2)),
    "key a seed": lambda: initializers.normal()(0, SHAPE),
    "key nothing": lambda: initializers.normal()(None, SHAPE),
    "keys": lambda: initializers.normal()(jax.random.split(KEY), SHAPE),
    "key of floats": lambda: initializers.normal()(jnp.ones(2), SHAPE),
    "key of three": lambda: initializers.normal()(np.ones(3, np.uint32), SHAPE),
    "native without": lambda: initializers.initializer("sparse", engine="native")(KEY, SHAPE),
    "native key": lambda: initializers.normal(engine="native")(0, SHAPE),
}


@pytest.mark.parametrize("call", BAD.values(), ids=BAD.keys())
def test_bad_input(call):
    with pytest.raises(fanwise.FanwiseError, match=r"Expected .* Received: .*\."):
        call()


def test_a_vector_is_refused_in_the_words_of_jax():
    words = "of a 1-dimensional weights tensor with default in_axis. Must be at least 2D"
    for make in (initializers.he_normal, JAX.he_normal):
        with pytest.raises(ValueError, match=words):
            make()(KEY, (5,))


def test_a_seed_in_the_place_of_the_key_gets_advice():
    with pytest.raises(fanwise.FanwiseError, match=r"jax\.random\.key\(0\), or pass seed="):
        initializers.normal()(42, (2, 2))


def test_roles_are_checked_once_for_all():
    assert AxisRoles.of(-2, -1, ()) == AxisRoles.of([-2], (-1,), [])


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize("scheme", ["zeros", "he_normal"])
def test_no_shape_ends_the_process(scheme, engine):
    """XLA's count of the bytes runs over, and it ends the process, of compiled code too."""
    init = initializers.initializer(scheme, engine=engine)
    expected = re.escape("a shape of fewer than 2**63 bytes")
    for call in (init, jax.jit(init, static_argnums=1)):
        for shape in ((3, 1 << 61), (1 << 31, 1 << 31)):
            with pytest.raises(fanwise.FanwiseError, match=expected):
                call(KEY, shape)
