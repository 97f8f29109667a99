"""What is no checkpoint, or has a name that a terminal would obey."""

import io
import zipfile

import pytest
import torch
from common.hostile_files import (
    PROTOCOL,
    entry,
    pickled_archive,
    refuses,
    safetensors,
)

NAMES = [
    "\x1b[2J\x1b]0;title\x07",
    "\u202egnp",
    "a\nb",
    "\r\x08",
    "<script>",
    "\x9b31m",
    "x" * 100_000,
]


@pytest.mark.parametrize("name", NAMES)
def test_writes_no_name_to_a_terminal_that_would_obey_it(tmp_path, name):
    path = safetensors(tmp_path / "a.safetensors", {name: entry((3,))}, b"\0" * 8)
    assert len(refuses(path)) < 1000
    torch.save({name: torch.ones(2, dtype=torch.complex64)}, tmp_path / "a.pt")
    refuses(tmp_path / "a.pt", "complex64")
    odd = name.replace(" ", "").encode("ascii", "ignore").replace(b"\n", b"")[:200]
    refuses(pickled_archive(tmp_path / "b.pt", PROTOCOL + b"c" + odd + b"\nname\n."), "reference")
    refuses(tmp_path / name[:50].replace("/", ""), "where there is no file")


CONTENTS = {
    "nothing": b"",
    "a byte": b"\0",
    "eight bytes": b"\0" * 8,
    "a text": b"hello, world, this is a text",
    "a page": b"<!DOCTYPE html><html>404</html>",
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
    "another format": b"GGUF\3\0\0\0" + b"\0" * 99,
    "an archive of other things": None,
    "an empty archive": b"PK\5\6" + b"\0" * 18,
    "half an archive": b"PK\3\4" + b"\0" * 99,
    "half a file of HDF5": b"\x89HDF\r\n\x1a\n" + b"\0" * 99,
    "half an array": b"\x93NUMPY\1\0\xff\xff{",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_says_of_what_is_no_checkpoint_what_would_be_one(tmp_path, content):
    if content is None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("readme.txt", "hello")
        content = stream.getvalue()
    (tmp_path / "a.pt").write_bytes(content)
    assert "Expected" in refuses(tmp_path / "a.pt")


def test_says_of_a_folder_without_a_checkpoint_what_it_holds(tmp_path):
    refuses(tmp_path, "a folder of 0 other files")
    (tmp_path / "config.json").write_text("{}")
    refuses(tmp_path, "a folder of 1 other files")


@pytest.mark.parametrize("path", ["/no/such", 3, None, "a\0b", ""])
def test_says_of_no_path_that_there_is_none(path):
    refuses(path, "path")
