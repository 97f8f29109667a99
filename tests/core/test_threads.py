"""However a call ends, no thread works on when it has, and nothing is kept of the caller's."""

import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from common.backends import SWITCHES

import fanwise
from fanwise.core import threads
from fanwise.core.blocks import Block
from fanwise.core.dtypes import format_of
from fanwise.core.fast import gate
from fanwise.core.fast.tasks import Entries, Plan

STRESS = Path(__file__).parents[1] / "stress"
MAIN = threading.main_thread()
#: Long enough for another thread to do something meanwhile, in seconds.
A_WHILE = 0.05


def apart(main: Callable[[], None], helper: Callable[[], None]) -> Callable[[], None]:
    """A task that does one thing in the caller's thread, and another in any other."""
    return lambda: (main if threading.current_thread() is MAIN else helper)()


@pytest.mark.parametrize("interrupts", [1, 2, 5])
def test_an_interrupt_while_others_are_waited_for_is_raised_when_they_are_done(
    interrupts: int,
) -> None:
    begun, done = threading.Event(), []

    def help_and_interrupt() -> None:
        begun.set()
        for _ in range(interrupts):
            time.sleep(A_WHILE)  # by now the caller waits
            signal.pthread_kill(MAIN.ident, signal.SIGINT)
        time.sleep(A_WHILE)
        done.append(1)

    with pytest.raises(KeyboardInterrupt):
        threads.run([apart(begun.wait, help_and_interrupt)] * 2, 2)
    assert done == [1]


def test_after_an_interrupt_nothing_is_begun() -> None:
    begun, done = threading.Event(), []

    def interrupted() -> None:
        begun.wait()
        raise KeyboardInterrupt

    def helper() -> None:
        begun.set()
        time.sleep(A_WHILE)
        done.append(1)

    with pytest.raises(KeyboardInterrupt):
        threads.run([apart(interrupted, helper)] * 100, 3)
    at_once = len(done)
    assert 1 <= at_once <= 2
    time.sleep(2 * A_WHILE)
    assert len(done) == at_once


def test_an_interrupt_while_threads_are_started_is_raised_when_they_are_done(monkeypatch) -> None:
    start, begun, done = threads._thread.start_new_thread, threading.Event(), []

    def start_and_interrupt(*work) -> None:
        start(*work)
        begun.wait()
        raise KeyboardInterrupt

    def task() -> None:
        begun.set()
        time.sleep(A_WHILE)
        done.append(1)

    monkeypatch.setattr(threads._thread, "start_new_thread", start_and_interrupt)
    with pytest.raises(KeyboardInterrupt):
        threads.run([task] * 10, 4)
    assert done == [1]


def test_an_interrupt_while_tasks_are_made_is_raised_when_others_are_done() -> None:
    begun, done = threading.Event(), []

    def helper() -> None:
        begun.set()
        time.sleep(A_WHILE)
        done.append(1)

    def tasks():
        yield apart(begun.wait, helper)
        yield apart(begun.wait, helper)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        threads.run(tasks(), 2)
    assert done == [1]


def test_a_thread_that_comes_too_late_does_nothing(monkeypatch) -> None:
    late, begun = [], []
    monkeypatch.setattr(threads._thread, "start_new_thread", lambda work, _: late.append(work))
    threads.run([lambda: begun.append(1)] * 3, 3)
    with pytest.raises(KeyboardInterrupt):
        threads.run([apart(lambda: signal.raise_signal(signal.SIGINT), list)] * 3, 3)
    assert len(begun) == 3
    for help_now in late:
        help_now()
    assert len(begun) == 3


def test_locks_are_used_again_unless_a_call_was_interrupted() -> None:
    before = list(threads._locks) or [threads._take_lock()]
    threads._locks[:] = before
    for _ in range(50):
        threads.run([lambda: None] * 5, 3)
    assert threads._locks == before
    with pytest.raises(KeyboardInterrupt):
        threads.run([apart(lambda: signal.raise_signal(signal.SIGINT), list)] * 5, 1)
    threads.run([lambda: None] * 5, 3)


def test_what_addresses_point_to_lives_as_long_as_the_tasks() -> None:
    out, calls = np.empty(9, np.float32), []
    plan = Plan.of(Block(out, 0, (1,)), fanwise.scheme("normal").law((9,)), format_of("float32"))
    entries = Entries(SimpleNamespace(draw=lambda *numbers: calls.append(numbers)))
    entries.add(plan, out.ctypes.data, (1, 2), partial(np.asarray, out))
    tasks = entries.tasks()
    pointed_to = [weakref.ref(kept) for kept in (out, entries._numbers)]
    del out, plan, entries
    assert all(kept() is not None for kept in pointed_to)
    tasks.pop()()
    assert len(calls) == 1
    assert [kept() for kept in pointed_to] == [None, None]


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=SWITCHES)
def test_nothing_is_kept_of_the_memory_that_was_drawn_into(monkeypatch, switch: str) -> None:
    monkeypatch.setenv(gate.SWITCH, switch)
    monkeypatch.setattr(threads, "_cores", lambda: 16)
    size = threads.WORTH_COMPILED_THREADS
    memory = bytearray(4 * size)
    for _ in range(10):
        fanwise.sample("normal", (size,), seed=0, out=np.frombuffer(memory, np.float32))
        # It could not grow if any thread still had a view of it.
        memory.append(0)
        del memory[-1]


@pytest.mark.parametrize("path", SWITCHES)
def test_random_interrupts_do_no_harm(path: str) -> None:
    script = [sys.executable, STRESS / "interrupts.py", f"--path={path}", "--count=60"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "60 interrupts" in done.stdout
