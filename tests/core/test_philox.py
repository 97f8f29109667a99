"""Philox against Random123's known answers, and the order of its words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import stream
from reference.random123 import KNOWN_ANSWERS
from reference.strategies import paths, seeds

from fanwise.core.keys import stream_key
from fanwise.core.philox import philox, words


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_known_answers_of_random123(counter: str, key: str, expected: str) -> None:
    c, k, e = ([int(word, 16) for word in text.split()] for text in (counter, key, expected))
    drawn = philox(tuple(np.array([word], np.uint64) for word in c), (k[0], k[1]))
    assert [int(word[0]) for word in drawn] == e


@given(
    key=st.tuples(*[st.integers(0, 2**32 - 1)] * 2),
    starts=st.lists(st.integers(0, 2**63), min_size=1, max_size=4),
    length=st.integers(0, 9),
)
def test_runs_of_words(key: tuple[int, int], starts: list[int], length: int) -> None:
    got = words(key, np.array(starts, np.uint64), length)
    assert got.tolist() == [[stream.word(key, s + i) for i in range(length)] for s in starts]


def test_the_block_number_carries_into_the_second_counter_word() -> None:
    border = 4 * 2**32
    got = words((5, 6), np.array([border - 2], np.uint64), 4)[0]
    assert got.tolist() == [stream.word((5, 6), border - 2 + i) for i in range(4)]
    assert got[2] == stream.philox((0, 1, 0, 0), (5, 6))[0]


@given(seed=seeds, path=paths, purpose=st.sampled_from(["", "mask"]))
def test_keys(seed: int, path: str | None, purpose: str) -> None:
    assert stream_key(seed, path, purpose) == stream.key(seed, path, purpose)
