"""What is written is found writable first, and left as it was by that."""

from pathlib import Path

import pytest

from fanwise import FanwiseError
from fanwise.conformance.results.files import check_writable, write_json, write_text


def test_a_file_is_as_it_was_after_the_check(tmp_path):
    old, new = tmp_path / "old", tmp_path / "folder" / "new"
    old.write_text("text")
    check_writable(old)
    check_writable(new)
    assert old.read_text() == "text"
    assert new.parent.is_dir()
    assert not new.exists()


def test_what_cannot_be_written_is_found(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    for path in (tmp_path, file / "below", tmp_path / "a\0b", Path("/proc/nothing/here")):
        with pytest.raises(FanwiseError, match="a file that can be written"):
            check_writable(path)
        with pytest.raises(FanwiseError, match="a file that can be written"):
            write_text(path, "x")


def test_what_utf_8_cannot_encode_is_escaped(tmp_path):
    write_json(tmp_path / "x.json", {"a": "\udcff\x1b"})
    assert (tmp_path / "x.json").read_bytes() == b'{\n "a": "\\udcff\\u001b"\n}\n'


@pytest.mark.parametrize("is_there", [True, False])
def test_a_text_is_written_where_its_link_leads_to(tmp_path, is_there):
    target, link = tmp_path / "target", tmp_path / "link"
    if is_there:
        target.write_text("old")
    link.symlink_to(target)
    check_writable(link)
    assert target.exists() == is_there
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_loop_of_links_is_told(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for write in (check_writable, lambda path: write_text(path, "")):
        with pytest.raises(FanwiseError, match=r"loop'\. Too many levels"):
            write(loop)
