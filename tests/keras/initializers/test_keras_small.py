"""The quick way of zeros and ones does what the way that takes any call does."""

import re

import keras
import numpy as np
import pytest
from common.calls import outcome
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import fanwise.keras as fk
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing import portable
from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.adapters.keras.initializers import absolute

SIZES = st.integers(0, 9) | st.sampled_from([-1, 2.0, True, np.int64(3)])
SHAPES = st.lists(SIZES, max_size=4) | st.lists(SIZES, max_size=4).map(tuple)
VAST = [(1 << 62, 4), (7, 1 << 62)]
OTHERS = st.sampled_from([(300, 250), None, 7, "ab", (None, 3), ((2, 3),), *VAST])
DTYPES = st.sampled_from(
    [None, "float16", "bfloat16", "float32", "float64", "int8", "bool", "none", np.float32, 3]
)
AXES = st.sampled_from(["kernel", "torch", "out in", "in *", "(3 out) in"])


def read(weight):
    dtype, kind = keras.backend.standardize_dtype(weight.dtype), type(weight)
    return kind, dtype, tuple(weight.shape), host_array(weight).tobytes()


def compiled(function):
    """A function compiled by the backend."""
    if keras.config.backend() == "torch":
        import torch

        return torch.compile(function, backend="eager")
    if keras.config.backend() == "jax":
        import jax

        return jax.jit(function)
    import tensorflow as tf

    return tf.function(function)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([fk.Zeros, fk.Ones]),
    AXES,
    st.sampled_from(["portable", "native"]),
    SHAPES | OTHERS,
    DTYPES,
)
@example(fk.Ones, "kernel", "portable", (64,), "bfloat16")
@example(fk.Ones, "kernel", "portable", (0, 3), None)
@example(fk.Zeros, "kernel", "portable", (3, -1), "float32")
@example(fk.Zeros, "(3 out) in", "portable", (4, 2), "float32")
@example(fk.Zeros, "kernel", "portable", (2, 3), "float64")
def test_the_quick_way_agrees_with_the_long_one(cls, axes, engine, shape, dtype):
    init = cls(axes=axes, engine=engine)
    long_way = super(absolute._Filled, init).__call__
    told = outcome(lambda: init(shape, dtype), read)
    assert told == outcome(lambda: long_way(shape, dtype), read)


@pytest.mark.parametrize("cls", [fk.Zeros, fk.Ones])
def test_a_small_one_is_filled_by_keras(cls, monkeypatch):
    asked = []
    monkeypatch.setattr(cls, "_fill", lambda _, *given: asked.append(given))
    cls()((2, np.int64(3)), "bfloat16")
    cls()(iter((4,)))
    assert asked == [((2, 3), "bfloat16"), ((4,), "float32")]


@pytest.mark.parametrize("shape", [(1 << 8, 1 << 9), (1 << 17,)])
def test_a_large_one_is_written_by_the_core(shape, monkeypatch):
    monkeypatch.delattr(fk.Ones, "_fill")
    assert host_array(fk.Ones()(shape)).sum() == 1 << 17


def test_code_that_is_compiled_is_warned_of_nothing():
    """Dynamo warns of what is looked up, so that it is shown the long way."""
    ones = fk.Ones()
    assert host_array(compiled(lambda: ones((4, 3), "float32"))()).tolist() == [[1.0] * 3] * 4


def test_a_shape_that_can_be_read_once_is_read_once():
    assert tuple(fk.Ones()(iter((2, 3))).shape) == (2, 3)
    assert tuple(fk.Ones()(iter((1 << 8, 1 << 9))).shape) == (1 << 8, 1 << 9)


def test_a_generator_gives_the_words_of_its_states():
    ours, other = keras.random.SeedGenerator(7), keras.random.SeedGenerator(7)
    for _ in range(3):
        low, high = (int(word) & 0xFFFFFFFF for word in other.next())
        assert portable.number(ours) == low | high << 32


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        *(((7, 1 << 62), dtype, "2**63 elements") for dtype in ("int8", "bool", "float16")),
        *(((3, 1 << 61), dtype, "2**63 bytes") for dtype in ("int32", "float32", "float16")),
    ],
)
def test_no_shape_ends_the_process(shape, dtype, expected, engine):
    """XLA's count of the bytes runs over, and it ends the process."""
    filled = [fk.Zeros(engine=engine), fk.Ones(engine=engine), fk.Constant(1, engine=engine)]
    others = [fk.Identity(engine=engine), fk.Constant(np.ones(3), engine=engine)]
    for init in [*filled, *others]:
        with pytest.raises(FanwiseError, match=re.escape(f"a shape of fewer than {expected}")):
            init(shape, dtype)


@pytest.mark.parametrize("engine", ["portable", "native"])
def test_no_shape_ends_the_process_of_what_is_drawn(engine):
    with pytest.raises(FanwiseError, match=re.escape("a shape of fewer than 2**63 bytes")):
        fk.RandomUniform(seed=1, engine=engine)((3, 1 << 61), "float32")
