"""Which backend draws, and what happens where there is no extension. No test needs it."""

import multiprocessing
import os
import threading
import warnings

import numpy as np
import pytest

import fanwise
from fanwise.core import sampler
from fanwise.core.fast import gate
from fanwise.core.fast.gate import Backend
from fanwise.spec.resolved import resolve

MISSING = ModuleNotFoundError("fanwise-kernels is not installed")
BROKEN = ImportError("fanwise-kernels does not work: ZeroDivisionError()")


class Fake:
    """In the place of the extension: it is found, and draws nothing."""


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """As in a process that has drawn nothing."""
    monkeypatch.setattr(gate, "_found", [])
    monkeypatch.delenv(gate.SWITCH, raising=False)


@pytest.fixture
def loads(monkeypatch) -> list[Fake]:
    """An extension that is there, and what was given for it."""
    loaded: list[Fake] = []
    monkeypatch.setattr(gate, "load", lambda: loaded.append(Fake()) or loaded[-1])
    return loaded


def fail(monkeypatch, error: ImportError) -> list[int]:
    """An extension that cannot be loaded, and how often it was tried."""
    tried: list[int] = []

    def load() -> None:
        tried.append(1)
        raise error

    monkeypatch.setattr(gate, "load", load)
    return tried


def test_it_draws_where_it_is_and_is_loaded_once(loads) -> None:
    assert gate.kernels() is gate.kernels() is loads[0]
    assert len(loads) == 1


@pytest.mark.parametrize("word", ["0", "false", "off", "no"])
def test_words_that_switch_it_off(loads, monkeypatch, word: str) -> None:
    for said in (word, word.upper(), word.title()):
        monkeypatch.setenv(gate.SWITCH, said)
        assert gate.kernels() is None
    assert loads == []


@pytest.mark.parametrize("word", ["", "1", "true", "on", "yes", "True", "ON"])
def test_words_that_do_not(loads, monkeypatch, word: str) -> None:
    monkeypatch.setenv(gate.SWITCH, word)
    assert gate.kernels() is loads[0]


def test_the_switch_may_be_turned_at_any_time(loads, monkeypatch) -> None:
    for word, drawn_by_it in (("1", True), ("0", False), ("", True)):
        monkeypatch.setenv(gate.SWITCH, word)
        assert (gate.kernels() is not None) == drawn_by_it


@pytest.mark.parametrize("word", ["2", "offf", " ", "numpy"])
def test_another_word_is_refused_before_anything_is_written(monkeypatch, word: str) -> None:
    monkeypatch.setenv(gate.SWITCH, word)
    out = np.full((8, 4), 7, np.float32)
    with pytest.raises(
        fanwise.FanwiseError, match="FANWISE_FAST to be one of 0, false, off, no, 1"
    ):
        fanwise.sample("normal", (8, 4), seed=0, out=out)
    assert (out == 7).all()


def test_a_caller_may_choose_whatever_the_environment_says(loads, monkeypatch) -> None:
    monkeypatch.setenv(gate.SWITCH, "0")
    assert gate.kernels(Backend.COMPILED) is loads[0]
    monkeypatch.setenv(gate.SWITCH, "1")
    assert gate.kernels(Backend.NUMPY) is None


def test_the_choice_reaches_every_scheme(loads, monkeypatch) -> None:
    """Structured schemes draw their elements by it too."""
    monkeypatch.setenv(gate.SWITCH, "1")
    for name in ("normal", "orthogonal", "sparse"):
        resolved = resolve(fanwise.scheme(name), (6, 4))
        drawn = sampler.draw(resolved, seed=0, backend=Backend.NUMPY)
        assert drawn.shape == (6, 4)
    assert loads == []
    # What was loaded here draws nothing, so drawing by it fails.
    with pytest.raises(AttributeError):
        sampler.draw(resolved, seed=0, backend=Backend.COMPILED)


def test_where_it_is_not_installed_numpy_draws_and_nothing_is_said(monkeypatch) -> None:
    tried = fail(monkeypatch, MISSING)
    assert gate.kernels() is None
    assert gate.kernels() is None
    assert len(tried) == 1


def test_where_it_is_of_no_use_numpy_draws_and_that_is_said_once(monkeypatch) -> None:
    monkeypatch.setenv(gate.SWITCH, "0")
    expected = fanwise.sample("normal", (8, 4), seed=0)
    monkeypatch.delenv(gate.SWITCH)
    tried = fail(monkeypatch, BROKEN)
    with pytest.warns(
        RuntimeWarning, match=r"Zero.*; NumPy draws the same bits.*fanwise\[fast\].*\./kernels"
    ):
        got = fanwise.sample("normal", (8, 4), seed=0)
    np.testing.assert_array_equal(got, expected)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fanwise.sample("normal", (8, 4), seed=0)
    assert len(tried) == 1


@pytest.mark.parametrize("why", [MISSING, BROKEN], ids=["missing", "broken"])
def test_who_asks_for_it_is_told_before_anything_is_written(monkeypatch, why) -> None:
    fail(monkeypatch, why)
    monkeypatch.setenv(gate.SWITCH, "1")
    out = np.full((8, 4), 7, np.float32)
    for _ in range(2):
        with pytest.raises(fanwise.FanwiseError) as error:
            fanwise.sample("normal", (8, 4), seed=0, out=out)
    assert str(error.value) == (
        f"Expected the compiled extension. Received: {why}. "
        'Run: pip install --upgrade "fanwise[fast]", or in a copy of the repository: '
        "pip install --upgrade ./kernels; "
        "or unset FANWISE_FAST, and NumPy draws the same bits, slower."
    )
    assert (out == 7).all()
    resolved = resolve(fanwise.scheme("normal"), (6, 4))
    with pytest.raises(fanwise.FanwiseError, match="fanwise-kernels"):
        sampler.draw(resolved, seed=0, backend=Backend.COMPILED)


@pytest.fixture
def slow(monkeypatch):
    """An extension that takes its time: what says that it is looked for, and what goes on."""
    begun, go_on = threading.Event(), threading.Event()

    def load() -> Fake:
        begun.set()
        assert go_on.wait(60)
        return Fake()

    monkeypatch.setattr(gate, "load", load)
    return begun, go_on


def test_another_thread_waits_for_loading(slow) -> None:
    """Else it would draw orthogonal weights by NumPy, with other bits than in the next run."""
    begun, go_on = slow
    found: list[object] = []
    loader, other = (
        threading.Thread(target=lambda: found.append(gate.kernels())) for _ in range(2)
    )
    loader.start()
    begun.wait(60)
    other.start()
    other.join(0.1)
    assert found == []
    go_on.set()
    loader.join()
    other.join()
    assert len(found) == 2
    assert found[0] is found[1] is gate.kernels()


if hasattr(os, "fork"):

    @pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
    def test_a_process_forked_meanwhile_draws_too(slow) -> None:
        """A fork waits for the one that loads, or in the new process no one would let go."""
        begun, go_on = slow
        loader = threading.Thread(target=gate.kernels)
        loader.start()
        begun.wait(60)
        threading.Timer(0.1, go_on.set).start()
        forked = multiprocessing.get_context("fork").Process(target=gate.kernels)
        forked.start()
        forked.join(30)
        ended, status = forked.exitcode is not None, forked.exitcode
        forked.kill()
        loader.join()
        assert (ended, status) == (True, 0)


def test_a_signal_that_interrupts_loading_may_draw(monkeypatch) -> None:
    inner: list[object] = []

    def load() -> Fake:
        inner.append(gate.kernels())
        return Fake()

    monkeypatch.setattr(gate, "load", load)
    assert isinstance(gate.kernels(), Fake)
    assert inner == [None]


def test_an_interrupt_while_it_is_loaded_leaves_it_to_be_found(monkeypatch) -> None:
    def load() -> Fake:
        raise KeyboardInterrupt

    monkeypatch.setattr(gate, "load", load)
    with pytest.raises(KeyboardInterrupt):
        gate.kernels()
    monkeypatch.setattr(gate, "load", Fake)
    assert isinstance(gate.kernels(), Fake)
