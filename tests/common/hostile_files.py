"""Reading files that must not be readable, and writing some of these."""

import json
import os
import struct
import zipfile

import pytest

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

#: What is before the operations of a pickle of torch.
PROTOCOL = b"\x80\x02"
#: More elements than any machine holds.
HUGE = 10**15


def read_all(path):
    with open_tensors(path) as file:
        for tensor in file.tensors.values():
            tensor.read(())


def refuses(path, match=None):
    """Read all of a file that must not be readable, and return what is said of it."""
    with pytest.raises(FanwiseError, match=match) as caught:
        read_all(path)
    assert all(letter.isprintable() for letter in str(caught.value))
    return str(caught.value)


def safetensors(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def entry(shape=(2,), offsets=(0, 8), dtype="F32"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


class Calls:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


def pickled_archive(path, pickled, **records):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", pickled)
        archive.writestr("a/version", "3")
        for name, content in records.items():
            archive.writestr(f"a/data/{name}", content)
    return path
