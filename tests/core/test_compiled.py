"""When the compiled path is taken, and what happens where it can not be. No test needs Numba."""

import warnings

import numpy as np
import pytest

import fanwise
from fanwise.core.dtypes import format_of
from fanwise.core.fast import gate as compiled
from fanwise.core.fast import object_cache as machine

FLOAT32 = format_of("float32")


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """As in a process that has drawn nothing, with Numba installed and nothing compiled."""
    monkeypatch.setattr(compiled, "_kernels", {})
    monkeypatch.setattr(compiled, "_drawn", 0)
    monkeypatch.setattr(compiled, "installed", lambda: True)
    monkeypatch.setattr(machine, "_digest", lambda: "digest")
    monkeypatch.setenv(machine.FOLDER, str(tmp_path))
    monkeypatch.delenv(compiled.SWITCH, raising=False)


@pytest.fixture
def loads(monkeypatch) -> list[int]:
    """The sizes for which code was loaded."""
    asked: list[int] = []
    monkeypatch.setattr(machine, "load", lambda size: asked.append(size) or (lambda: None))
    return asked


def test_little_work_is_done_by_numpy(loads) -> None:
    machine.kept_at(4).touch()
    for _ in range(4):
        assert compiled.kernel(FLOAT32, compiled.WORTH_LOADING // 4 - 1) is None
    assert compiled.kernel(FLOAT32, 4) is not None
    assert compiled.kernel(FLOAT32, 1) is not None
    assert loads == [4]


def test_compiling_needs_more_work_than_loading(loads) -> None:
    assert compiled.kernel(FLOAT32, compiled.WORTH_COMPILING - 1) is None
    assert compiled.kernel(FLOAT32, 1) is not None


def test_compiling_for_one_process_needs_much_more(loads, monkeypatch, tmp_path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(machine.FOLDER, str(tmp_path / "file" / "folder"))
    assert compiled.kernel(FLOAT32, compiled.WORTH_COMPILING_AGAIN - 1) is None
    assert compiled.kernel(FLOAT32, 1) is not None


def test_the_switch(loads, monkeypatch) -> None:
    monkeypatch.setenv(compiled.SWITCH, "0")
    assert compiled.kernel(FLOAT32, 1 << 40) is None
    monkeypatch.setenv(compiled.SWITCH, "1")
    assert compiled.kernel(FLOAT32, 1) is not None
    monkeypatch.setenv(compiled.SWITCH, "0")
    assert compiled.kernel(FLOAT32, 1 << 40) is None


def test_formats_of_one_size_share_a_kernel(loads) -> None:
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        compiled.kernel(format_of(dtype), 1 << 40)
    assert loads == [2, 4, 8]


def test_where_numba_is_not_installed_nothing_is_said(loads, monkeypatch) -> None:
    monkeypatch.setattr(compiled, "installed", lambda: False)
    monkeypatch.setenv(compiled.SWITCH, "1")
    assert compiled.kernel(FLOAT32, 1) is None
    assert loads == []


def test_a_broken_numba_is_told_once_and_does_no_harm(monkeypatch) -> None:
    monkeypatch.setenv(compiled.SWITCH, "0")
    expected = fanwise.sample("normal", (8, 4), seed=0)
    monkeypatch.setenv(compiled.SWITCH, "1")
    monkeypatch.setattr(machine, "load", lambda _: 1 / 0)
    with pytest.warns(RuntimeWarning, match="Numba is installed but does not work.*division"):
        got = fanwise.sample("normal", (8, 4), seed=0)
    np.testing.assert_array_equal(got, expected)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fanwise.sample("normal", (8, 4), seed=0)


def test_another_thread_need_not_wait_for_loading(loads) -> None:
    with compiled._loading:
        assert compiled.kernel(FLOAT32, 1 << 40) is None
    assert compiled.kernel(FLOAT32, 1 << 40) is not None


def test_code_is_kept_whole_or_not_at_all(tmp_path) -> None:
    path = tmp_path / "new" / "code"
    assert machine._read(path) is None
    path.parent.mkdir()
    machine._keep(path, b"code" * 100)
    assert machine._read(path) == b"code" * 100
    assert [*path.parent.iterdir()] == [path]
    kept = path.read_bytes()
    for broken in (b"", kept[:20], kept[:-1], kept[:40] + b"?" + kept[41:]):
        path.write_bytes(broken)
        assert machine._read(path) is None


def test_a_folder_that_can_not_be_written_is_left_alone(monkeypatch, tmp_path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(machine.FOLDER, str(tmp_path / "file" / "folder"))
    assert not machine.may_be_kept()
    machine._keep(machine.kept_at(4), b"code")
    assert machine._read(machine.kept_at(4)) is None


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_where_code_is_kept(monkeypatch, tmp_path, platform: str) -> None:
    monkeypatch.delenv(machine.FOLDER)
    monkeypatch.setattr(machine.sys, "platform", platform)
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    assert tmp_path in machine.kept_at(4).parents
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name)
    assert tmp_path in machine.kept_at(4).parents
