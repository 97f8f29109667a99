"""Headers and archives that claim more than there is are refused before memory is spent."""

import json
import struct
import zipfile

import pytest
from common.hostile_files import (
    HUGE,
    entry,
    refuses,
    safetensors,
)


def test_allocates_nothing_for_a_header_that_claims_a_lot(tmp_path):
    path = tmp_path / "a.safetensors"
    refuses(safetensors(path, {"a": entry((HUGE,), (0, 4 * HUGE))}, b"\0" * 8), "within the")
    path.write_bytes(struct.pack("<Q", 1 << 62) + b"{" + b" " * 100)
    refuses(path, "a header of at most")


def test_parses_no_header_of_a_hundred_megabytes(tmp_path):
    with (tmp_path / "a.safetensors").open("wb") as stream:
        stream.write(struct.pack("<Q", 100 << 20) + b"{")
        stream.truncate(101 << 20)
    refuses(tmp_path / "a.safetensors", "a header of at most")


@pytest.mark.parametrize("text", [b'{"a":' + b"[" * 100_000, b'{"a":' * 3000, b"[" * 390_000])
def test_parses_no_header_of_objects_deep_in_each_other(tmp_path, text):
    refuses(safetensors(tmp_path / "a.safetensors", text))


def test_parses_no_header_of_a_million_objects(tmp_path):
    text = b"{" + b",".join(b'"%d":{}' % i for i in range(500_000)) + b"}"
    refuses(safetensors(tmp_path / "a.safetensors", text), "at most 400000 objects")


BAD_ENTRIES = {
    "a negative size": entry((-1,)),
    "a size that is no count": entry((2.0,)),
    "a size that is a truth": entry((True, 2)),
    "a size of text": entry(("2",)),
    "sizes whose product is beyond 64 bits": entry((1 << 33, 1 << 33, 1 << 33)),
    "more axes than any tensor": entry((1,) * 99 + (2,)),
    "offsets the wrong way round": entry(offsets=(8, 0)),
    "negative offsets": entry(offsets=(-8, 0)),
    "offsets beyond the file": entry(offsets=(8, 16)),
    "offsets of other than the shape": entry((3,)),
    "no dtype that there is": entry(dtype="F33"),
    "a dtype that is a list": entry(dtype=["F32"]),
    "nothing": {},
    "a list": [],
    "something more": {**entry(), "more": 1},
}


@pytest.mark.parametrize("bad", BAD_ENTRIES.values(), ids=BAD_ENTRIES.keys())
def test_refuses_entries_that_are_wrong(tmp_path, bad):
    refuses(safetensors(tmp_path / "a.safetensors", {"a": bad}, b"\0" * 8))


@pytest.mark.parametrize(
    "header",
    [
        {"a": entry(), "b": entry(offsets=(4, 12))},
        {"a": entry(offsets=(8, 16))},
        {"a": entry(), "b": entry(offsets=(0, 8))},
        b'{"a":%b,"a":%b}' % ((json.dumps(entry()).encode(),) * 2),
        b'{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}',
    ],
    ids=["they overlap", "a gap", "one place", "one name twice", "not a number"],
)
def test_refuses_tensors_that_do_not_lie_in_a_row(tmp_path, header):
    refuses(safetensors(tmp_path / "a.safetensors", header, b"\0" * 16))


def npy(shape, dtype="<f4", data=b""):
    head = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + data


@pytest.mark.parametrize("shape", [(HUGE,), (-1,), (1 << 40, 1 << 40), "('a',)", "(1" + "+1" * 900])
def test_refuses_an_array_that_claims_what_is_not_there(tmp_path, shape):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", npy(shape))
    refuses(tmp_path / "a.npz")


def bomb(path, name, size, claimed=None):
    """Write an archive of a member of zeros, maybe with another size in its directory."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w", force_zip64=True) as stream:
            stream.write(npy((size // 4,)))
            for _ in range(size >> 20):
                stream.write(b"\0" * (1 << 20))
        if claimed is not None:
            archive.filelist[0].file_size = claimed
    return path


def test_reads_a_bomb_block_by_block(tmp_path, measured):
    path = bomb(tmp_path / "a.npz", "a.npy", 1 << 28)
    assert path.stat().st_size < 1 << 20
    outcome, memory, _ = measured(path)
    assert outcome == "read"
    assert memory < 100 << 20
    _, memory, _ = measured(path, '    np.load(path)["a"].any()')
    assert memory > 1 << 28


@pytest.mark.parametrize("claimed", [1 << 10, 1 << 50])
def test_refuses_a_member_that_claims_another_size(tmp_path, claimed):
    refuses(bomb(tmp_path / "a.npz", "a.npy", 1 << 20, claimed))


def test_refuses_the_configuration_of_a_model_that_is_a_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * (1 << 28))
        archive.writestr("model.weights.h5", b"")
    refuses(tmp_path / "a.keras", r"at most \d+ bytes of 'config.json'")


@pytest.mark.parametrize("form", ["safetensors", "npy"])
def test_reads_a_large_file_in_little_memory(tmp_path, form, measured):
    path, count = tmp_path / f"a.{form}", 1 << 26
    if form == "npy":
        head = npy((count // 1024, 1024))
    else:
        text = json.dumps({"a": entry((count // 1024, 1024), (0, 4 * count))}).encode()
        head = struct.pack("<Q", len(text)) + text
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(len(head) + 4 * count)
    outcome, memory, _ = measured(path)
    assert outcome == "read"
    assert memory < 100 << 20
    _, memory, _ = measured(path, "    np.fromfile(path, np.uint8)")
    assert memory > 200 << 20
