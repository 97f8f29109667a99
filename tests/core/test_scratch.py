"""Working memory that a thread keeps."""

import threading

import numpy as np

from fanwise.core.scratch import scratch


def test_a_name_gives_the_same_memory_again() -> None:
    first = scratch("test", (4, 5), np.uint64)
    assert np.shares_memory(scratch("test", (20,), np.uint64), first)
    assert np.shares_memory(scratch("test", (3,), np.uint64), first)
    assert not np.shares_memory(scratch("another", (20,), np.uint64), first)


def test_more_elements_or_another_dtype_take_new_memory() -> None:
    first = scratch("test", (4,), np.uint64)
    assert scratch("test", (1000,), np.uint64).shape == (1000,)
    assert scratch("test", (4,), np.float32).dtype == np.float32
    assert first.dtype == np.uint64


def test_a_thread_has_its_own() -> None:
    mine = scratch("test", (4,), np.uint64)
    theirs = []
    thread = threading.Thread(target=lambda: theirs.append(scratch("test", (4,), np.uint64)))
    thread.start()
    thread.join()
    assert not np.shares_memory(mine, theirs[0])
