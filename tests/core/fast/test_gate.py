"""When the compiled path is taken, and what happens where it cannot be. No test needs Numba."""

import warnings

import numpy as np
import pytest

import fanwise
from fanwise.core import sampler
from fanwise.core.dtypes import format_of
from fanwise.core.fast import gate, object_cache
from fanwise.core.fast.gate import Backend
from fanwise.spec.resolved import resolve

FLOAT32 = format_of("float32")


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """As in a process that has drawn nothing, with Numba installed and nothing compiled."""
    monkeypatch.setattr(gate, "_kernels", {})
    monkeypatch.setattr(gate, "_drawn", 0)
    monkeypatch.setattr(gate, "_worth_asking", {})
    monkeypatch.setattr(gate, "installed", lambda: True)
    monkeypatch.setattr(object_cache, "code_digest", lambda: "digest")
    monkeypatch.setenv(object_cache.FOLDER, str(tmp_path))
    monkeypatch.delenv(gate.SWITCH, raising=False)


@pytest.fixture
def loads(monkeypatch) -> list[int]:
    """The sizes for which code was loaded."""
    asked: list[int] = []
    monkeypatch.setattr(object_cache, "load", lambda size: asked.append(size) or (lambda: None))
    return asked


def test_little_work_is_done_by_numpy(loads) -> None:
    object_cache.code_path(4).touch()
    for _ in range(4):
        assert gate.kernel(FLOAT32, gate.WORTH_LOADING // 4 - 1) is None
    assert gate.kernel(FLOAT32, 4) is not None
    assert gate.kernel(FLOAT32, 1) is not None
    assert loads == [4]


def test_compiling_needs_more_work_than_loading(loads) -> None:
    assert gate.kernel(FLOAT32, gate.WORTH_COMPILING - 1) is None
    assert gate.kernel(FLOAT32, 1) is not None


def test_compiling_for_one_process_needs_much_more(loads, monkeypatch, tmp_path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(object_cache.FOLDER, str(tmp_path / "file" / "folder"))
    with pytest.warns(RuntimeWarning, match="FANWISE_CACHE_DIR=.* is not used"):
        assert gate.kernel(FLOAT32, gate.WORTH_COMPILING_AGAIN - 1) is None
    assert gate.kernel(FLOAT32, 1) is not None


def test_files_are_looked_at_a_few_times_only(loads, monkeypatch, tmp_path) -> None:
    """Where nothing can be kept, each of many small draws would cost several times as much."""
    looks = []
    monkeypatch.setattr(object_cache, "is_kept", lambda size: looks.append(size))
    monkeypatch.setattr(object_cache, "may_be_kept", lambda: False)
    for _ in range(16):
        assert gate.kernel(FLOAT32, gate.WORTH_LOADING // 4) is None
    assert looks == [4, 4]


def test_the_switch(loads, monkeypatch) -> None:
    monkeypatch.setenv(gate.SWITCH, "0")
    assert gate.kernel(FLOAT32, 1 << 40) is None
    monkeypatch.setenv(gate.SWITCH, "1")
    assert gate.kernel(FLOAT32, 1) is not None
    monkeypatch.setenv(gate.SWITCH, "0")
    assert gate.kernel(FLOAT32, 1 << 40) is None


@pytest.mark.parametrize("word", ["0", "false", "off", "no"])
def test_words_that_switch_it_off(loads, monkeypatch, word: str) -> None:
    for said in (word, word.upper(), word.title()):
        monkeypatch.setenv(gate.SWITCH, said)
        assert gate.kernel(FLOAT32, 1 << 40) is None
    assert loads == []


@pytest.mark.parametrize("word", ["1", "true", "on", "yes", "True", "ON"])
def test_words_that_switch_it_on(loads, monkeypatch, word: str) -> None:
    monkeypatch.setenv(gate.SWITCH, word)
    assert gate.kernel(FLOAT32, 1) is not None


def test_nothing_is_as_no_variable(loads, monkeypatch) -> None:
    monkeypatch.setenv(gate.SWITCH, "")
    assert gate.kernel(FLOAT32, 1) is None
    assert gate.kernel(FLOAT32, 1 << 40) is not None


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
    assert gate.kernel(FLOAT32, 1, Backend.COMPILED) is not None
    monkeypatch.setenv(gate.SWITCH, "1")
    assert gate.kernel(FLOAT32, 1 << 40, Backend.NUMPY) is None


def test_the_choice_reaches_every_scheme(loads, monkeypatch) -> None:
    """Structured schemes draw their elements by it too."""
    monkeypatch.setenv(gate.SWITCH, "1")
    for name in ("normal", "orthogonal", "sparse"):
        resolved = resolve(fanwise.scheme(name), (6, 4))
        drawn = sampler.draw(resolved, seed=0, backend=Backend.NUMPY)
        assert drawn.shape == (6, 4)
    assert loads == []
    # What was loaded here is no function, so drawing by it fails.
    with pytest.raises(TypeError):
        sampler.draw(resolved, seed=0, backend=Backend.COMPILED)


def test_formats_of_one_size_share_a_kernel(loads) -> None:
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        gate.kernel(format_of(dtype), 1 << 40)
    assert loads == [2, 4, 8]


def test_where_numba_is_not_installed_nothing_is_said(loads, monkeypatch) -> None:
    monkeypatch.setattr(gate, "installed", lambda: False)
    monkeypatch.setenv(gate.SWITCH, "1")
    assert gate.kernel(FLOAT32, 1) is None
    assert loads == []


def test_a_broken_numba_is_told_once_and_does_no_harm(monkeypatch) -> None:
    monkeypatch.setenv(gate.SWITCH, "0")
    expected = fanwise.sample("normal", (8, 4), seed=0)
    monkeypatch.setenv(gate.SWITCH, "1")
    monkeypatch.setattr(object_cache, "load", lambda _: 1 / 0)
    with pytest.warns(RuntimeWarning, match="Numba is installed but does not work.*division"):
        got = fanwise.sample("normal", (8, 4), seed=0)
    np.testing.assert_array_equal(got, expected)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fanwise.sample("normal", (8, 4), seed=0)


def test_another_thread_need_not_wait_for_loading(loads) -> None:
    with gate._loading:
        assert gate.kernel(FLOAT32, 1 << 40) is None
    assert gate.kernel(FLOAT32, 1 << 40) is not None
