"""Where machine code is kept, and how. No test needs Numba."""

import os
from pathlib import Path

import pytest

from fanwise.core.fast import object_cache


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """A folder of its own, and no need of the compilers to name the file."""
    monkeypatch.setattr(object_cache, "code_digest", lambda: "digest")
    monkeypatch.setenv(object_cache.FOLDER, str(tmp_path))


@pytest.fixture
def compilations(monkeypatch) -> list[int]:
    """The sizes that were compiled; b"bad" is refused like what LLVM cannot load."""
    sizes: list[int] = []

    def link(code: bytes) -> bytes:
        if code == b"bad":
            raise ValueError
        return code

    monkeypatch.setattr(object_cache, "_compile", lambda size: sizes.append(size) or b"code")
    monkeypatch.setattr(object_cache, "_link", link)
    return sizes


def test_code_is_kept_whole_or_not_at_all(tmp_path) -> None:
    path = tmp_path / "code"
    assert object_cache._read_code(path) is None
    object_cache._write_code(path, b"code" * 100)
    assert object_cache._read_code(path) == b"code" * 100
    assert [*path.parent.iterdir()] == [path]
    kept = path.read_bytes()
    for broken in (b"", kept[:20], kept[:-1], kept[:40] + b"?" + kept[41:], kept + b"?"):
        path.write_bytes(broken)
        assert object_cache._read_code(path) is None


def test_code_is_compiled_once(compilations) -> None:
    assert not object_cache.is_kept(4)
    assert [object_cache.load(size) for size in (4, 4, 8, 4)] == [b"code"] * 4
    assert compilations == [4, 8]
    assert object_cache.is_kept(4)


def test_code_that_is_damaged_is_compiled_again(compilations) -> None:
    object_cache.load(4)
    path = object_cache.code_path(4)
    right = path.read_bytes()
    for broken in (b"", right[:-1], right + b"?"):
        path.write_bytes(broken)
        assert object_cache.load(4) == b"code"
        assert path.read_bytes() == right
    assert compilations == [4] * 4


def test_code_that_cannot_be_loaded_is_compiled_again(compilations) -> None:
    """Whatever its checksum says."""
    path = object_cache.code_path(4)
    object_cache._write_code(path, b"bad")
    assert object_cache.load(4) == b"code"
    assert object_cache._read_code(path) == b"code"


def test_code_that_cannot_be_loaded_is_not_kept(compilations, monkeypatch) -> None:
    monkeypatch.setattr(object_cache, "_compile", lambda _: b"bad")
    with pytest.raises(ValueError):  # noqa: PT011 (that of the fixture)
        object_cache.load(4)
    assert not object_cache.is_kept(4)


def test_code_under_the_name_of_other_code_is_compiled_again(compilations) -> None:
    object_cache.load(4)
    object_cache.code_path(4).rename(object_cache.code_path(8))
    object_cache.load(8)
    assert compilations == [4, 8]


def test_code_that_another_could_have_written_is_compiled_again(compilations, tmp_path) -> None:
    object_cache.load(4)
    object_cache.code_path(4).chmod(0o666)
    object_cache.load(4)
    object_cache.load(4)
    assert compilations == [4, 4]
    tmp_path.chmod(0o777)
    with pytest.warns(RuntimeWarning, match="FANWISE_CACHE_DIR=.* is not used"):
        object_cache.load(4)
    object_cache.load(4)
    assert compilations == [4] * 4
    tmp_path.chmod(0o700)


def test_a_pipe_in_the_place_of_code_is_not_waited_for(compilations) -> None:
    os.mkfifo(object_cache.code_path(4))
    assert not object_cache.is_kept(4)
    object_cache.load(4)
    object_cache.load(4)
    assert compilations == [4]


def test_a_folder_that_cannot_be_written_is_left_alone(monkeypatch, tmp_path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(object_cache.FOLDER, str(tmp_path / "file" / "folder"))
    with pytest.warns(RuntimeWarning, match="is not used"):
        assert not object_cache.may_be_kept()
    object_cache._write_code(object_cache.code_path(4), b"code")
    assert object_cache._read_code(object_cache.code_path(4)) is None


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_where_code_is_kept(monkeypatch, tmp_path, platform: str) -> None:
    monkeypatch.delenv(object_cache.FOLDER)
    monkeypatch.setattr(object_cache.sys, "platform", platform)
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    assert tmp_path in object_cache.code_path(4).parents
    for value in (None, "relative"):
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            monkeypatch.delenv(name, raising=False)
            if value:
                monkeypatch.setenv(name, value)
        assert tmp_path in object_cache.code_path(4).parents


def test_without_a_home_code_is_not_kept(monkeypatch, compilations) -> None:
    """A folder that all users share could be filled by any of them."""
    for name in (object_cache.FOLDER, "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    # What a user is told who has no entry in the system's list either.
    monkeypatch.setattr(object_cache.os.path, "expanduser", lambda path: path)
    assert object_cache.code_path(4) is None
    assert not object_cache.is_kept(4)
    assert not object_cache.may_be_kept()
    assert [object_cache.load(4), object_cache.load(4)] == [b"code"] * 2
    assert compilations == [4, 4]
    assert not Path("~").exists()


def test_a_function_that_calls_another_does_not_stand_alone() -> None:
    alone = "declare void @f()\ndefine i32 @own(ptr %0) {\n  ret i32 0\n}\n"
    assert "@fanwise_draw(ptr %0)" in object_cache.extract_function(alone, "own")
    calls = alone.replace("ret i32 0", "call void @f()\n  ret i32 0")
    with pytest.raises(RuntimeError, match="needs Numba"):
        object_cache.extract_function(calls, "own")
