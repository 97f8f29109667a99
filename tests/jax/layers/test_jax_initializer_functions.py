"""What is read from an initializer function, against what the function draws.

A law is judged by four moments and by its support. Of n draws a mean of powers is off by its own
standard error; six of them are passed once in five hundred million, and the keys are fixed. What
has no spread is judged exactly.
"""

import functools
import inspect
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from flax.nnx.nn.recurrent import modified_orthogonal
from jax.nn import initializers

import fanwise
import fanwise.jax
from fanwise.adapters.jax.layers.array_laws import ArrayLaw
from fanwise.adapters.jax.layers.initializer_functions import read_call

SHAPE = (3, 60, 80)
DEVIATIONS = 6.0

#: Those that this version of JAX has.
MODES = [
    mode
    for mode in ("fan_in", "fan_out", "fan_avg", "fan_geo_avg")
    if f'"{mode}"' in inspect.getsource(initializers.variance_scaling)
]
BOXED = linen.with_partitioning(initializers.he_normal(), (None, None, "model"))
LOGICAL = linen.with_logical_partitioning(initializers.he_normal(), (None, None, "model"))
CALLS = {
    "zeros": initializers.zeros,
    "ones": initializers.ones,
    "constant": initializers.constant(-7),
    "constant array": initializers.constant(np.float32(0.25)),
    "uniform": initializers.uniform(0.3),
    "uniform below zero": initializers.uniform(-0.3),
    "normal": initializers.normal(0.02),
    "normal of an array": initializers.normal(jnp.float32(0.5)),
    "normal of nothing": initializers.normal(0.0),
    "truncated normal": initializers.truncated_normal(0.02),
    "truncated normal, aside": initializers.truncated_normal(0.5, lower=-0.5, upper=3.0),
    "truncated normal, turned": initializers.truncated_normal(-0.5, lower=-0.5, upper=3.0),
    **{
        f"variance scaling {mode} {distribution}": initializers.variance_scaling(
            1.7, mode, distribution, in_axis=0, out_axis=(1, 2)
        )
        for mode in MODES
        for distribution in ("truncated_normal", "normal", "uniform")
    },
    "batch axis": initializers.he_normal(batch_axis=0),
    "embedding": initializers.variance_scaling(1.0, "fan_in", "normal", out_axis=0),
    **{
        name: getattr(initializers, name)()
        for name in (
            "lecun_normal",
            "lecun_uniform",
            "glorot_normal",
            "glorot_uniform",
            "he_normal",
            "he_uniform",
        )
    },
    "nothing by variance scaling": initializers.variance_scaling(0.0, "fan_in", "normal"),
    "partial": functools.partial(initializers.he_normal()),
    "compiled": jax.jit(initializers.he_normal(), static_argnums=(1, 2)),
    "partitioned": BOXED,
    "partitioned logically": LOGICAL,
    "metadata of nnx": nnx.with_partitioning(initializers.he_normal(), (None, None, "model")),
    "wrapped twice": jax.jit(functools.partial(BOXED), static_argnums=(1, 2)),
    "ours": fanwise.jax.he_normal(),
    "ours with axes": fanwise.jax.he_normal(in_axis=0, out_axis=(1, 2)),
    "ours with a batch": fanwise.jax.variance_scaling(1.0, "fan_out", "uniform", batch_axis=0),
    "ours of a scheme": fanwise.jax.initializer("kaiming_normal", axes="out in *"),
    "ours with a fan": fanwise.jax.initializer(fanwise.scheme("he_normal", fan=3.0)),
    "ours, absolute": fanwise.jax.normal(0.3),
}


def drawn_by(function, shape=SHAPE, seed=3):
    made = function(jax.random.key(seed), shape, jnp.float32)
    for name in ("unbox", "raw_value", "value"):
        if hasattr(made, name):
            made = getattr(made, name)
            made = made() if callable(made) else made
            break
    return np.asarray(made, np.float64)


def drawn_by_law(law, shape=SHAPE):
    scheme = law.scheme if law.fan is None else law.scheme.replace(fan=law.fan)
    return fanwise.sample(scheme, shape, seed=5, path="w").astype(np.float64)


def are_alike(first, second):
    """Tell whether two samples are of one law, by their moments and their support."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return bool(np.array_equal(np.unique(first), np.unique(second)))
    for power in (1, 2, 3, 4):
        means = [(sample**power).mean() for sample in (first, second)]
        error = sum((sample**power).var() / sample.size for sample in (first, second)) ** 0.5
        if abs(means[0] - means[1]) > DEVIATIONS * error:
            return False
    spread = first.std()
    # Of fourteen thousand that are normal some are beyond three deviations.
    ends = [(sample.min() / spread, sample.max() / spread) for sample in (first, second)]
    bounded = [max(-low, high) < 3 for low, high in ends]
    return bounded[0] == bounded[1] and (not bounded[0] or np.allclose(*ends, atol=0.02))


@pytest.mark.parametrize("name", CALLS)
def test_a_law_that_is_read_is_that_of_the_function(name):
    law = read_call(CALLS[name], (SHAPE, jnp.float32))
    assert law.scheme is not None
    assert are_alike(drawn_by(CALLS[name]), drawn_by_law(law))


def test_the_judge_sees_another_law():
    values = drawn_by(initializers.he_normal())
    for wrong in (
        initializers.lecun_normal(),
        initializers.he_uniform(),
        initializers.variance_scaling(2.0, "fan_in", "normal"),
        initializers.variance_scaling(2.3, "fan_in", "truncated_normal"),
        initializers.variance_scaling(2.0, "fan_out", "truncated_normal"),
        initializers.uniform(0.1),
        initializers.zeros,
    ):
        assert not are_alike(drawn_by(wrong, seed=4), values)


@pytest.mark.parametrize("column_axis", [-1, 0, 1])
@pytest.mark.parametrize("gain", [1.0, -1.5])
def test_the_columns_of_an_orthogonal_function_are_read(column_axis, gain):
    function = initializers.orthogonal(gain, column_axis=column_axis)
    law = read_call(function, (SHAPE, jnp.float32))
    assert law.scheme == fanwise.scheme("orthogonal", gain=abs(gain))
    for values in (
        drawn_by(function),
        fanwise.sample(law.scheme, SHAPE, seed=1, axes=law.axes, path="w"),
    ):
        matrix = np.moveaxis(values, column_axis, -1).reshape(-1, SHAPE[column_axis])
        narrow = matrix if matrix.shape[0] > matrix.shape[1] else matrix.T
        assert np.allclose(narrow.T @ narrow, gain**2 * np.eye(narrow.shape[1]), atol=1e-4)


def test_the_orthogonal_function_of_the_cells_of_nnx_is_read():
    law = read_call(modified_orthogonal, (SHAPE,))
    assert law == read_call(initializers.orthogonal(), (SHAPE,))
    matrix = drawn_by(modified_orthogonal).reshape(-1, SHAPE[-1])
    assert np.allclose(matrix.T @ matrix, np.eye(SHAPE[-1]), atol=1e-4)


def test_a_delta_orthogonal_function_is_read():
    function = initializers.delta_orthogonal(2.0)
    law = read_call(function, (SHAPE,))
    assert law == ArrayLaw(fanwise.scheme("delta_orthogonal", gain=2.0), None, "* in out")
    ours = fanwise.sample(law.scheme, SHAPE, seed=1, axes=law.axes, path="w")
    assert np.array_equal(drawn_by(function) == 0, ours == 0)


class Odd:
    def __call__(self, key, shape, dtype=jnp.float32):
        return jnp.ones(shape, dtype)


def he_normal(key, shape, dtype=jnp.float32):
    return 2 * initializers.he_normal()(key, shape, dtype)


def init(key, shape, dtype=jnp.float32, *, scale=1.0):
    return jnp.full(shape, scale, dtype)


@functools.wraps(initializers.he_normal())
def wrapped(*arguments):
    return 2 * initializers.he_normal()(*arguments)


TRACED = {
    "a lambda": lambda key, shape, dtype: 1e-4 * jnp.ones(shape, dtype),
    "an object": Odd(),
    "the name of a known one": he_normal,
    "the inner name of a known one": init,
    "wrapped to look like one": wrapped,
    "a sampler": lambda key, shape, dtype: jax.random.uniform(key, shape, dtype, -0.2, 0.1),
    "moved": lambda key, shape, dtype: 1 - jax.random.normal(key, shape, dtype) / 3,
    "turned": lambda key, shape, dtype: -jax.random.truncated_normal(key, -1, 3, shape, dtype),
    "of a part of the key": lambda key, shape, dtype: initializers.he_normal()(
        jax.random.split(key)[1], shape, dtype
    ),
    "of another shape": lambda key, shape, dtype: initializers.he_normal()(
        key, (60, 240), dtype
    ).reshape(shape),
    "in a box": lambda *given: linen.Partitioned(initializers.normal(0.5)(*given), (None,) * 3),
}


@pytest.mark.parametrize("name", TRACED)
def test_a_law_that_is_traced_is_that_of_the_function(name):
    law = read_call(TRACED[name], (SHAPE, jnp.float32))
    assert law.scheme is not None
    assert are_alike(drawn_by(TRACED[name]), drawn_by_law(law))


def _uniform(key, low, high):
    return jax.random.uniform(key, SHAPE, jnp.float32, low, high) ** 2


UNKNOWN = {
    "of another precision": lambda key, shape, dtype: jax.random.normal(
        key, shape, jnp.bfloat16
    ).astype(dtype),
    "exponential": lambda key, shape, dtype: jnp.exp(jax.random.normal(key, shape, dtype)),
    "a sum": lambda key, shape, dtype: (
        jax.random.normal(key, shape, dtype) + jax.random.uniform(key, shape, dtype)
    ),
    "repeated": lambda key, shape, dtype: jnp.broadcast_to(
        jax.random.normal(key, shape[2:], dtype), shape
    ),
    "clipped": lambda key, shape, dtype: jnp.clip(jax.random.normal(key, shape, dtype), -1, 1),
    "whole numbers": lambda key, shape, dtype: (
        (3 * jax.random.normal(key, shape)).astype(int).astype(dtype)
    ),
    "by element": lambda key, shape, dtype: jax.random.normal(key, shape, dtype) * jnp.arange(80.0),
    "masked": lambda key, shape, dtype: jnp.where(
        jnp.ones(shape) > 0, jax.random.normal(key, shape, dtype), 0.0
    ),
    "stacked": lambda key, shape, dtype: jnp.stack(
        [initializers.he_normal()(part, shape[1:], dtype) for part in jax.random.split(key, 3)]
    ),
    "the name of a sampler": lambda key, shape, dtype: jax.jit(_uniform)(key, 0.0, 1.0),
    "numbers": lambda key, shape, dtype: jnp.arange(14400, dtype=dtype).reshape(shape),
    "several values": initializers.constant(jnp.arange(80.0)),
    "several arrays": lambda key, shape, dtype: (jnp.ones(shape), jnp.ones(shape)),
    "not finite": initializers.normal(float("nan")),
    "below zero": initializers.variance_scaling(-1.0, "fan_in", "normal"),
    "no function": 3,
    "other arguments": functools.partial(initializers.he_normal(), 1, 2, 3, 4, 5),
    "an error": lambda key, shape, dtype: 1 / 0,
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_any_other_function_has_no_translation(name):
    law = read_call(UNKNOWN[name], (SHAPE, jnp.float32))
    assert law.scheme is None
    assert law.text
    assert " at 0x" not in law.text


def test_a_function_that_closes_over_other_things_has_no_translation():
    # As that of another version of JAX might.
    known = initializers.normal(0.5)
    emptied = type(known)(known.__code__, known.__globals__, closure=known.__closure__)
    emptied.__closure__[0].cell_contents = None
    assert read_call(emptied, (SHAPE,)).scheme is None


@pytest.mark.parametrize(
    "draw",
    [jax.random.normal, lambda key, shape, dtype: jnp.ones(shape, dtype)],
    ids=["draws", "a number"],
)
def test_a_function_that_does_something_else_at_each_call_has_no_translation(draw):
    calls = []

    def counted(key, shape, dtype):
        calls.append(shape)
        return len(calls) * draw(key, shape, dtype)

    assert read_call(counted, (SHAPE, jnp.float32)).scheme is None


def test_a_call_without_a_shape_has_no_translation():
    assert read_call(initializers.he_normal(), ()).scheme is None
    assert read_call(functools.partial(initializers.zeros, shape=(3,)), ()).scheme is not None


def test_a_hook_that_changes_values_has_no_translation():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # later versions of Flax deprecate hooks
        function = nnx.with_metadata(
            initializers.he_normal(), on_create_value=lambda variable, value: 2 * value
        )
    assert read_call(function, (SHAPE,)).scheme is None
