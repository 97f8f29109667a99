"""The parts of the kernels, each against the core's own in NumPy. These tests need Numba."""

import os

import numpy as np
import pytest

from fanwise.core.dtypes import bfloat16_bits
from fanwise.core.fast import gate
from fanwise.core.philox import philox_block
from fanwise.core.values import uniform_integer

if os.environ.get(gate.SWITCH) != "1":  # where the compiled path is asked for, it must be there
    pytest.importorskip("numba")

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("block", [0, 1, 2**32 - 1, 2**32, 2**61])
def test_the_words_of_a_block(block: int) -> None:
    from fanwise.core.fast import kernel_words

    low, high = block & 0xFFFFFFFF, block >> 32
    words = kernel_words.philox(0x1234, 0xFFFFFFFF, block)
    assert tuple(map(int, words)) == philox_block((low, high, 0, 0), (0x1234, 0xFFFFFFFF))


def test_the_integers_of_a_uniform() -> None:
    from fanwise.core.fast import kernel_values

    words = RANDOM.integers(0, 2**32, 1000, np.uint32)
    values = np.empty(1000, np.float32)
    kernel_values.uniform(words, np.ones(3, np.float32), values)
    np.testing.assert_array_equal(values, uniform_integer(words))


def test_the_rounding_into_16_bits() -> None:
    from fanwise.core.fast import kernel_values

    values = np.concatenate(
        [RANDOM.standard_normal(1000) * scale for scale in (1.0, 1e-5, 1e-7, 7e4)]
    ).astype(np.float32)
    stored = np.empty(len(values), np.uint16)
    kernel_values.to_bfloat16(values.view(np.uint32), stored)
    np.testing.assert_array_equal(stored, bfloat16_bits(values))
    kernel_values.to_float16(values.view(np.uint32), stored)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(stored, values.astype(np.float16).view(np.uint16))


def test_the_smaller_of_two() -> None:
    from fanwise.core.fast import kernel_parts

    assert kernel_parts.smaller(3, 4) == kernel_parts.smaller(4, 3) == 3
