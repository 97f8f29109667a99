"""What another user could have written is not read, and nothing is waited for."""

import os
import stat
from pathlib import Path

import pytest

from fanwise.core.fast import private_files


@pytest.fixture
def kept(tmp_path) -> Path:
    path = tmp_path / "folder" / "file"
    assert private_files.make_folder(path.parent)
    private_files.write_file(path, b"content")
    return path


def read(path: Path) -> bytes | None:
    content = private_files.read_file(path, 1 << 20)
    assert private_files.is_there(path) == (content is not None)
    return content


def test_what_is_written_is_read_and_no_one_elses(kept) -> None:
    assert read(kept) == b"content"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [*kept.parent.iterdir()] == [kept]


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_others_can_write_is_neither_read_nor_written(kept, mode: int, which: str) -> None:
    (kept if which == "file" else kept.parent).chmod(mode)
    assert read(kept) is None
    if which == "folder":
        assert not private_files.make_folder(kept.parent)
        with pytest.raises(PermissionError):
            private_files.write_file(kept, b"new")
        assert kept.read_bytes() == b"content"


@pytest.mark.parametrize("mode", [0o755, 0o700, 0o500])
def test_what_others_can_only_read_is_read(kept, mode: int) -> None:
    kept.chmod(mode)
    kept.parent.chmod(mode)
    assert read(kept) == b"content"
    kept.parent.chmod(0o700)


def test_what_another_user_owns_is_neither_read_nor_written(kept, monkeypatch) -> None:
    """As if this process were another user's: the owner is what is compared."""
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert read(kept) is None
    assert not private_files.make_folder(kept.parent)


def test_a_file_of_another_user_in_a_folder_of_ones_own(kept, monkeypatch) -> None:
    right, asked = private_files._check_owner, []

    def check(status: os.stat_result) -> None:
        asked.append(status.st_mode)
        right(os.stat_result((*status[:4], status.st_uid + stat.S_ISREG(asked[-1]), *status[5:])))

    monkeypatch.setattr(private_files, "_check_owner", check)
    assert read(kept) is None
    assert any(map(stat.S_ISDIR, asked))
    assert any(map(stat.S_ISREG, asked))


def test_links_are_not_followed(kept, tmp_path) -> None:
    to_file = kept.with_name("link")
    to_file.symlink_to(kept)
    assert read(to_file) is None
    to_folder = tmp_path / "link"
    to_folder.symlink_to(kept.parent)
    assert read(to_folder / "file") is None
    assert not private_files.make_folder(to_folder)
    private_files.write_file(to_file, b"new")
    assert (read(to_file), read(kept)) == (b"new", b"content")


def test_a_pipe_is_not_waited_for(tmp_path) -> None:
    pipe = tmp_path / "folder" / "file"
    private_files.make_folder(pipe.parent)
    os.mkfifo(pipe)
    assert read(pipe) is None
    assert read(pipe / "file") is None
    private_files.write_file(pipe, b"content")
    assert read(pipe) == b"content"


def test_what_is_no_file_is_not_read(kept) -> None:
    assert read(kept.parent) is None
    assert read(kept.with_name("none")) is None
    assert read(kept / "below") is None
    assert not private_files.make_folder(kept)


def test_what_is_too_long_is_not_read(kept) -> None:
    assert private_files.read_file(kept, 7) == b"content"
    assert private_files.read_file(kept, 6) is None
    with kept.open("r+b") as file:
        file.truncate(1 << 40)
    assert private_files.read_file(kept, 1 << 20) is None


def test_a_file_is_written_whole_or_not_at_all(kept, monkeypatch) -> None:
    def interrupt(*_, **__) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        private_files.write_file(kept, b"new")
    assert [*kept.parent.iterdir()] == [kept]
    assert read(kept) == b"content"


def test_a_folder_cannot_be_made_below_a_file(kept) -> None:
    assert not private_files.make_folder(kept / "folder")
    with pytest.raises(OSError, match="directory"):
        private_files.write_file(kept / "folder" / "file", b"new")
