"""The traced stream, stage by stage, against the core and plain integers."""

import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from fanwise.adapters.jax.drawing import keys, stream
from fanwise.adapters.jax.drawing import traced_values as traced
from fanwise.core.keys import path_counter, stream_key
from fanwise.core.philox import words
from fanwise.core.quantile import normal_integer
from fanwise.spec import layout


def some_words(count=1 << 16):
    drawn = np.random.default_rng(0).integers(0, 1 << 32, count, np.uint32)
    edges = [0, 1, 2, 3, (1 << 32) - 1, (1 << 31) - 1, 1 << 31, (1 << 31) + 1]
    edges += [1 << b for b in range(32)] + [(1 << b) - 1 for b in range(32)]
    return np.concatenate([drawn, np.array(edges, np.uint32)])


def test_the_upper_half_of_a_product():
    a = some_words()
    b = a[::-1].copy()
    wide = ((a.astype(np.uint64) * b) >> np.uint64(32)).astype(np.uint32)
    ways = (stream.mulhi, jax.jit(stream.mulhi), jax.vmap(stream.mulhi), stream.mulhi_by_halves)
    for way in ways:
        found = way(jnp.asarray(a), jnp.asarray(b))
        assert found.dtype == jnp.uint32
        np.testing.assert_array_equal(found, wide)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        # Random123, kat_vectors, philox4x32 10.
        ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        (
            [0xFFFFFFFF] * 4,
            [0xFFFFFFFF] * 2,
            [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD],
        ),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_known_answers(counter, key, expected):
    drawn = stream.philox(
        tuple(jnp.asarray(counter, jnp.uint32)), tuple(jnp.asarray(key, jnp.uint32))
    )
    assert [int(word) for word in drawn] == expected


def test_a_jax_that_does_not_mix_its_modes(monkeypatch):
    monkeypatch.delattr(jax, "enable_x64")
    drawn = jax.jit(lambda key: stream.stream_words(layout((999,)), key))((3, 4))
    np.testing.assert_array_equal(drawn, words((3, 4), np.zeros(1, np.uint64), 999)[0])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 127, 4096])
def test_words_are_those_of_the_core(size):
    key = (0x9E3779B9, 0xDEADBEEF)
    found = jax.jit(lambda k: stream.stream_words(layout((size,)), (k[0], k[1])))(
        jnp.asarray(key, jnp.uint32)
    )
    np.testing.assert_array_equal(found, words(key, np.zeros(1, np.uint64), size)[0])


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((), "kernel"),
        ((5,), "torch"),
        ((3, 4), "torch"),
        ((2, 3, 4, 5), "torch"),
        ((2, 3, 4, 5), "keras_transposed"),
        ((12, 5), "(3 out) in"),
        ((6, 4, 3), "(2 in) (4 out) batch"),
        ((2, 3, 4), "in batch out"),
    ],
)
def test_positions_count_in_canonical_order(shape, axes):
    found = layout(shape, axes)
    high, low = stream.positions(found)
    assert int(high) == 0
    counted = np.arange(found.size).reshape(found.canonical)
    back = np.argsort(found.order)
    np.testing.assert_array_equal(low, counted.transpose(back).reshape(shape))


def test_positions_beyond_32_bits(monkeypatch):
    """The carry into the high word, on the corners of a weight too large to hold."""
    whole = layout((1 << 20, 3, (1 << 14) + 1), "out in in")
    strides = {0: 1, 1: ((1 << 14) + 1) << 20, 2: 1 << 20}
    corners = [np.array([0, 1, 2, n // 2, n - 2, n - 1], np.uint32) for n in whole.shape]

    def iota(dtype, shape, dimension):
        along = [1, 1, 1]
        along[dimension] = 6
        return jnp.asarray(corners[dimension].astype(dtype)).reshape(along)

    monkeypatch.setattr(lax, "broadcasted_iota", iota)
    monkeypatch.setattr(jnp, "zeros", lambda shape, dtype: np.zeros((6, 6, 6), dtype))
    high, low = stream.positions(whole)
    found = np.asarray(high).astype(np.uint64) << np.uint64(32) | np.asarray(low)
    for at in itertools.product(range(6), repeat=3):
        index = [int(corners[axis][place]) for axis, place in enumerate(at)]
        assert int(found[at]) == sum(i * strides[axis] for axis, i in enumerate(index))
    assert int(found.max()) == math.prod(whole.shape) - 1 > 1 << 35


@pytest.mark.parametrize("path", [None, "", "a/b", "e\u0301"])
@pytest.mark.parametrize("purpose", ["", "mask"])
@pytest.mark.parametrize("seed", [0, 7, 2**64 - 1])
def test_keys_are_those_of_the_core(path, purpose, seed):
    counter = keys.counter_words(path, purpose)
    assert (counter is None) == (path_counter(path, purpose) is None)
    drawn = jax.jit(stream.stream_key)(keys.words_of_seed(seed), counter)
    assert tuple(map(int, drawn)) == stream_key(seed, path, purpose)


def test_the_quantile_is_that_of_the_core():
    given = some_words()
    found = jax.jit(traced.quantile)(given)
    assert found.dtype == jnp.int32
    np.testing.assert_array_equal(found, normal_integer(given))
