"""Where machine code is kept, and how. No test needs Numba."""

import pytest

from fanwise.core.fast import object_cache


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """A folder of its own, and no need of the compilers to name the file."""
    monkeypatch.setattr(object_cache, "_digest", lambda: "digest")
    monkeypatch.setenv(object_cache.FOLDER, str(tmp_path))


def test_code_is_kept_whole_or_not_at_all(tmp_path) -> None:
    path = tmp_path / "new" / "code"
    assert object_cache._read_code(path) is None
    path.parent.mkdir()
    object_cache._write_code(path, b"code" * 100)
    assert object_cache._read_code(path) == b"code" * 100
    assert [*path.parent.iterdir()] == [path]
    kept = path.read_bytes()
    for broken in (b"", kept[:20], kept[:-1], kept[:40] + b"?" + kept[41:]):
        path.write_bytes(broken)
        assert object_cache._read_code(path) is None


def test_a_folder_that_cannot_be_written_is_left_alone(monkeypatch, tmp_path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(object_cache.FOLDER, str(tmp_path / "file" / "folder"))
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
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name)
    assert tmp_path in object_cache.code_path(4).parents


def test_a_function_that_calls_another_does_not_stand_alone() -> None:
    alone = "declare void @f()\ndefine i32 @own(ptr %0) {\n  ret i32 0\n}\n"
    assert "@fanwise_draw(ptr %0)" in object_cache.extract_function(alone, "own")
    calls = alone.replace("ret i32 0", "call void @f()\n  ret i32 0")
    with pytest.raises(RuntimeError, match="needs Numba"):
        object_cache.extract_function(calls, "own")
