"""Pieces, threads and memory: how a large weight is filled changes nothing in it."""

import random
import threading
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from common.backends import BACKENDS, SWITCHES
from common.bits import same_bits
from reference import stream
from reference.strategies import NAMED, Role

import fanwise
from fanwise.core import blocks, fill, scratch, threads
from fanwise.core.blocks import PIECE
from fanwise.core.dtypes import format_of
from fanwise.core.fast import gate
from fanwise.spec.resolved import resolve

#: What a call may take beyond its result.
MEMORY = 64 << 20

ROLES: dict[str, tuple[Role, ...]] = {
    "in out": ("in", "out"),
    "out in": ("out", "in"),
    "(3 out) in": ((3, "out"), "in"),
    "out": ("out",),
    "out in * *": NAMED["torch"],
}

#: Sizes about a piece, and about what is worth a thread; axes longer than a piece.
LARGE = [
    *[((PIECE + extra,), "out") for extra in (-1, 0, 1)],
    *[((threads.WORTH_THREADS + extra,), "out") for extra in (-1, 0, 5)],
    ((3, PIECE + 1), "in out"),
    ((3, PIECE + 1), "out in"),
    ((PIECE + 1, 3), "out in"),
    ((3 * 111, 1001), "(3 out) in"),
    ((131, 127, 3, 3), "out in * *"),
]


def assert_elements(got: np.ndarray, roles: tuple[Role, ...], law: stream.Law) -> None:
    """The elements about every border of a piece, and some between, are the reference's."""
    key = stream.key(11, "w")
    borders = {PIECE * n + d for n in range(1 + got.size // PIECE) for d in range(-3, 3)}
    chosen = {i for i in borders if 0 <= i < got.size} | {got.size - 1}
    chosen |= set(random.Random(0).sample(range(got.size), 100))
    for flat in chosen:
        at = tuple(int(i) for i in np.unravel_index(flat, got.shape))
        element = stream.canonical_index(at, got.shape, roles)
        assert got[at] == stream.value(element, key=key, law=law, dtype="float32"), flat


@pytest.fixture
def by_numpy(monkeypatch) -> None:
    """Where the test looks into the NumPy path, it must be the one that is taken."""
    monkeypatch.setenv(gate.SWITCH, "0")


@pytest.mark.parametrize(("shape", "axes"), LARGE)
def test_large_weights_are_the_same_on_any_number_of_cores(
    monkeypatch, shape: tuple[int, ...], axes: str
) -> None:
    drawn = []
    for cores in (1, 2, 3, 64):
        monkeypatch.setattr(threads, "_cores", lambda cores=cores: cores)
        drawn.append(fanwise.sample("normal", shape, seed=11, path="w", axes=axes))
    assert_elements(drawn[0], ROLES[axes], ("normal", 0.0, 1.0))
    assert all(other.tobytes() == drawn[0].tobytes() for other in drawn[1:])


def test_a_piece_out_of_place_would_be_seen(monkeypatch, by_numpy) -> None:
    right = fill.pieces

    def swapped(block: blocks.Block):
        first, second, *rest = right(block)
        yield blocks.Block(second.out, first.base, second.strides)
        yield blocks.Block(first.out, second.base, first.strides)
        yield from rest

    monkeypatch.setattr(fill, "pieces", swapped)
    got = fanwise.sample("normal", (3 * PIECE,), seed=11, path="w")
    with pytest.raises(AssertionError):
        assert_elements(got, ("out",), ("normal", 0.0, 1.0))


def test_threads_are_used_where_there_are_cores(monkeypatch, by_numpy) -> None:
    """Else the comparison over cores would compare one thread with itself."""
    asked = []
    right = threads.run

    def counted(tasks, threads: int) -> None:
        asked.append(threads)
        right(tasks, threads)

    monkeypatch.setattr(threads, "run", counted)
    for cores in (1, 2, 3, 64):
        monkeypatch.setattr(threads, "_cores", lambda cores=cores: cores)
        fanwise.sample("normal", (threads.WORTH_THREADS,), seed=0)
        fanwise.sample("normal", (threads.WORTH_THREADS - 1,), seed=0)
    assert asked == [1, 1, 2, 1, 3, 1, threads._MOST_THREADS, 1]


def test_a_failure_in_a_thread_is_raised(monkeypatch, by_numpy) -> None:
    monkeypatch.setattr(threads, "_cores", lambda: 2)
    monkeypatch.setattr(fill, "write_values", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fanwise.sample("normal", (threads.WORTH_THREADS,), seed=0)


def test_all_threads_work() -> None:
    """Every thread waits for the others, so each must take a task."""
    barrier = threading.Barrier(3, timeout=60)
    threads.run([barrier.wait] * 3, 3)


def test_a_failure_among_the_tasks_is_raised() -> None:
    def tasks():
        yield lambda: None
        raise KeyError

    with pytest.raises(KeyError):
        threads.run(tasks(), 2)


def test_where_no_thread_can_be_started_one_does_all(monkeypatch) -> None:
    def none(*_):
        raise RuntimeError

    monkeypatch.setattr(threads._thread, "start_new_thread", none)
    done = []
    threads.run([lambda: done.append(1)] * 5, 3)
    assert len(done) == 5


def test_what_was_begun_is_waited_for() -> None:
    """The first task keeps the thread that took it until the others are done."""
    opened, done = threading.Event(), []

    def first() -> None:
        opened.wait(60)
        time.sleep(0.05)
        done.append(1)

    threads.run([first, opened.set, opened.wait], 2)
    assert done == [1]


def test_several_in_one_pass(monkeypatch) -> None:
    monkeypatch.setattr(threads, "_cores", lambda: 3)
    schemes = ["normal", "ones", "uniform", "he_normal", "truncated_normal"] * 3
    shapes = [(40, 70), (7,), (PIECE + 3,), (600, 500), (3, 5)] * 3
    dtypes = ["float32", "float16", "float64"]
    works, expected = [], []
    for number, (name, shape) in enumerate(zip(schemes, shapes, strict=True)):
        dtype, path = dtypes[number % 3], str(number) if number else None
        resolved = resolve(fanwise.scheme(name), shape)
        out = np.zeros(shape, dtype)
        form = fill.Form(resolved, None, format_of(dtype), out.strides, out.size)
        works.append(fill.Filling(form, path, out.ctypes.data, lambda out=out: out))
        expected.append(fanwise.sample(name, shape, seed=5, path=path, dtype=dtype))
    fill.fill_all(works, seed=5)
    for work, right in zip(works, expected, strict=True):
        assert same_bits(work.array(), right)


def beyond_result(draw: Callable[[], np.ndarray]) -> int:
    """The peak of the memory that a call takes, less its result."""
    # Tables, and the extension, are loaded once and kept.
    fanwise.sample("normal", (4,), seed=0)
    scratch._kept.arrays.clear()
    tracemalloc.start()
    try:
        result = draw()
        return tracemalloc.get_traced_memory()[1] - result.nbytes
    finally:
        tracemalloc.stop()


WHOLE = (4096, 4096)
DRAWS: dict[str, Callable[[], np.ndarray]] = {
    "storage order": lambda: fanwise.sample("normal", WHOLE, seed=0),
    "transposed": lambda: fanwise.sample("normal", WHOLE, seed=0, axes="torch"),
    "one column": lambda: fanwise.sample("normal", WHOLE, seed=0, index=(slice(None), slice(7, 8))),
    "one column of a tall weight": lambda: fanwise.sample(
        "normal", (1 << 22, 64), seed=0, index=(slice(None), slice(7, 8))
    ),
    "rows that share blocks": lambda: fanwise.sample("normal", (4097, 4097), seed=0, axes="torch"),
    "three columns": lambda: fanwise.sample(
        "normal", WHOLE, seed=0, index=(slice(0, None), slice(6, 9))
    ),
    "float64": lambda: fanwise.sample("normal", WHOLE, seed=0, dtype="float64"),
    "cut, bfloat16": lambda: fanwise.sample(
        "he_normal", WHOLE, seed=0, out=np.empty(WHOLE, np.uint16), dtype="bfloat16"
    ),
}


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=SWITCHES)
@pytest.mark.parametrize("draw", DRAWS)
def test_memory_beyond_the_result(monkeypatch, draw: str, switch: str) -> None:
    monkeypatch.setenv(gate.SWITCH, switch)
    monkeypatch.setattr(threads, "_cores", lambda: 64)
    assert beyond_result(DRAWS[draw]) <= MEMORY


def test_more_memory_would_be_seen(monkeypatch, by_numpy) -> None:
    monkeypatch.setattr(blocks, "PIECE", 1 << 22)
    monkeypatch.setattr(threads, "_cores", lambda: 1)
    assert beyond_result(lambda: fanwise.sample("normal", (1 << 22,), seed=0)) > MEMORY


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_address_that_is_none_is_never_written_to(backend) -> None:
    form = fill.Form(
        resolve(fanwise.scheme("normal"), (4, 3)), None, format_of("float32"), (12, 4), 12
    )
    filling = fill.Filling(form, None, 0, lambda: np.zeros((4, 3), np.float32))
    with pytest.raises(AssertionError, match="without memory"):
        fill.fill_all([filling], seed=0, backend=backend)
