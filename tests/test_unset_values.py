"""What is told from memory that nobody has set, and what is not."""

import math

import numpy as np
import pytest

from fanwise.adapters.unset_values import find_float_fault, find_index_fault, find_integer_fault

DISTANCES = np.arange(64, dtype=np.float32)
MEANT = {
    "zeros": np.zeros(9, np.float32),
    "a mask of infinities": np.triu(np.full((8, 8), -np.inf, np.float32), 1),
    "a mask of the end of float32": np.triu(np.full((8, 8), np.finfo(np.float32).min), 1),
    "a mask of the end of bfloat16": np.full(3, -3.3895313892515355e38, np.float32),
    "a mask of a round number": np.array([0, -1e30, 0, -1e30], np.float32),
    "an observer": np.array([np.inf], np.float32),
    "inverse frequencies": 1e6 ** (-DISTANCES / 64),
    "a Gaussian with its denormal tail": np.exp(-(DISTANCES**2) / 20).astype(np.float32),
    "factorials": np.array([math.factorial(n) for n in range(34)], np.float32),
    "constants of physics": np.array([6.02e23, 1.38e-23], np.float64),
    "nothing": np.zeros(0, np.float32),
}


@pytest.mark.parametrize("kind", MEANT)
def test_what_models_hold_is_no_fault(kind):
    assert find_float_fault(MEANT[kind].ravel()) == ""


FILLED = {
    "all bits": lambda rng: b"\xff" * 64,
    "a byte of debuggers": lambda rng: b"\x7f" * 64,
    "random bits": lambda rng: rng.bytes(64),
    "addresses": lambda rng: rng.integers(2**45, 2**47, 8).tobytes(),
    "small integers": lambda rng: rng.integers(1, 99, 16, np.int32).tobytes(),
}


@pytest.mark.parametrize("kind", FILLED)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_lay_in_memory_is_a_fault(kind, dtype):
    # Of random bits, eight numbers escape by chance with less than 1e-4 in float32.
    wrong = [
        find_float_fault(np.frombuffer(FILLED[kind](np.random.default_rng(seed)), dtype))
        for seed in range(20)
    ]
    escaped = sum(not fault for fault in wrong)
    assert escaped <= (4 if dtype == "float64" and kind == "random bits" else 1)


def test_integers_of_no_size_are_a_fault():
    assert find_integer_fault(np.array([0, 5, -3, 2**39])) == ""
    assert find_integer_fault(np.array([np.iinfo(np.int64).max, np.iinfo(np.int64).min])) == ""
    assert find_integer_fault(np.array([0, 2**46])) == "holds 70368744177664"
    assert find_integer_fault(np.array([0, -(2**30)], np.int32)) == "holds -1073741824"
    assert find_integer_fault(np.array([255, 0], np.uint8)) == ""


def test_indices_point_at_something():
    assert find_index_fault(np.array([0, -1, -100, 8]), 9) == ""
    assert find_index_fault(np.array([0, 9]), 9) == "holds 9 as an index into 9"
    assert find_index_fault(np.array([0, -2]), 9) == "holds -2 as an index into 9"
