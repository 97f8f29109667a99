"""Runs of bytes in files: wherever they lie, however they come, and whatever the disk takes."""

import os
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fanwise.adapters.files.writing import sinks
from fanwise.adapters.files.writing.sinks import PAGE, Sink, page_aligned

MEBIBYTE = 1 << 20
#: Where runs begin and end: at pages and beside them, longer and shorter than what is gathered.
RUNS = [
    (0, 5),
    (5, 3 * MEBIBYTE + 11),
    (3 * MEBIBYTE + 16, PAGE),
    (4 * MEBIBYTE, 2 * MEBIBYTE),
    (6 * MEBIBYTE, MEBIBYTE + 1),
    (7 * MEBIBYTE + 1, 5 * MEBIBYTE - 2),
]
SIZE = 12 * MEBIBYTE


def _filled(store, data, lengths):
    """Give a run its bytes in blocks, from memory that begins at a page."""
    at = 0
    for length in lengths:
        memory = page_aligned(max(length, 1))
        block = data[at : at + length]
        memory[: block.size] = block
        store(at, memory[: block.size].data)
        at += block.size


def _lengths(size, chance):
    while size > 0:
        length = min(size, chance.choice([1, PAGE - 1, PAGE, 3 * PAGE + 5, MEBIBYTE, 2 * MEBIBYTE]))
        yield length
        size -= length


@pytest.mark.parametrize("trial", range(4))
def test_runs_lie_where_they_belong(tmp_path, trial):
    chance = random.Random(trial)
    data = np.random.default_rng(trial).integers(0, 256, SIZE, np.uint8)
    with Sink.opened(tmp_path / "file", SIZE) as sink, ThreadPoolExecutor(3) as pool:
        tasks = [
            pool.submit(
                _filled, sink.run(at, size), data[at : at + size], list(_lengths(size, chance))
            )
            for at, size in RUNS
        ]
        for task in tasks:
            task.result()
    right = np.zeros(SIZE, np.uint8)
    for at, size in RUNS:
        right[at : at + size] = data[at : at + size]
    assert (tmp_path / "file").read_bytes() == right.tobytes()


def test_what_is_refused_goes_the_usual_way(tmp_path):
    path = tmp_path / "file"
    path.touch()
    data = np.random.default_rng(0).integers(0, 256, 3 * MEBIBYTE, np.uint8)
    with path.open("r+b") as file, path.open("rb") as refusing:
        _filled(Sink(file.fileno(), refusing.fileno()).run(0, data.size), data, [data.size])
    assert path.read_bytes() == data.tobytes()


@pytest.mark.skipif(not hasattr(os, "O_DIRECT"), reason="a system without a way past its cache")
def test_whole_pages_go_past_the_cache(tmp_path, monkeypatch):
    usual = []
    write = Sink.write
    monkeypatch.setattr(Sink, "write", lambda *how: usual.append(len(how[2])) or write(*how))
    data = np.random.default_rng(0).integers(0, 256, 3 * MEBIBYTE, np.uint8)
    with Sink.opened(tmp_path / "file", data.size + 10) as sink:
        if not sink.has_straight:
            pytest.skip("a file system without a way past the cache")
        _filled(sink.run(10, data.size), data, [data.size])
    assert sum(usual) == PAGE  # at both ends


def test_a_file_that_is_there_keeps_what_is_in_it(tmp_path):
    path = tmp_path / "file"
    data = np.random.default_rng(0).integers(0, 256, 2 * MEBIBYTE, np.uint8)
    path.write_bytes(data.tobytes())
    with Sink.opened(path, data.size):
        pass
    assert path.read_bytes() == data.tobytes()
    sinks._reserve(-1, 10)  # what cannot be is let be
