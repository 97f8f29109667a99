"""Files that are made to run code, to take all memory, to leave their folder, to write terminals.

Each is refused with an error; and where a naive reader falls for it, that is shown beside.
"""

import io
import json
import os
import pickle
import struct
import zipfile
import zlib

import h5py
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError


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


# Code.


class Calls:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


@pytest.mark.parametrize("archive", [True, False], ids=["archive", "old form"])
@pytest.mark.parametrize("where", ["weights", "beside them"])
def test_runs_nothing_that_a_pickle_of_torch_asks_for(tmp_path, archive, where):
    content = {"weight": torch.ones(2), "more": Calls(tmp_path / "ran")}
    content = content["more"] if where == "weights" else content
    torch.save(content, tmp_path / "a.pt", _use_new_zipfile_serialization=archive)
    refuses(tmp_path / "a.pt", r"a reference to '(posix|nt)\.mkdir'")
    assert not (tmp_path / "ran").exists()
    torch.load(tmp_path / "a.pt", weights_only=False)
    assert (tmp_path / "ran").exists()


def test_runs_nothing_that_a_bare_pickle_asks_for(tmp_path):
    (tmp_path / "a.pt").write_bytes(pickle.dumps(Calls(tmp_path / "ran")))
    refuses(tmp_path / "a.pt", "Nothing is unpickled")
    assert not (tmp_path / "ran").exists()


def test_unpickles_no_array_of_objects(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.array([Calls(tmp_path / "ran")], object))
    refuses(tmp_path / "a.npz", "whose dtype is 'object'")
    assert not (tmp_path / "ran").exists()
    np.load(tmp_path / "a.npz", allow_pickle=True)["a"]
    assert (tmp_path / "ran").exists()


def pickled_archive(path, pickled, **records):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", pickled)
        archive.writestr("a/version", "3")
        for name, content in records.items():
            archive.writestr(f"a/data/{name}", content)
    return path


PROTOCOL = b"\x80\x02"
#: Pickles that a reader by name, by call or by attribute falls for.
REFERENCES = {
    "eval": b"cbuiltins\neval\n(X\x01\0\0\x001tR.",
    "a dotted name": b"\x8c\x05torch\x8c\x0fos.path.dirname\x93.",
    "a name of an allowed module": b"ctorch\nload\n(X\x01\0\0\0atR.",
    "torch's own loader of bytes": b"ctorch.storage\n_load_from_bytes\n(U\x00tR.",
    "an instance": b"(ios\nsystem\nX\x01\0\0\0a.",
    "an object": b"(cos\nsystem\nX\x01\0\0\0ao.",
    "a number of the registry": b"\x82\x01.",
}


@pytest.mark.parametrize("pickled", REFERENCES.values(), ids=REFERENCES.keys())
def test_refuses_whatever_a_pickle_refers_to_but_tensors(tmp_path, pickled):
    refuses(pickled_archive(tmp_path / "a.pt", PROTOCOL + pickled))


# Memory and time. What these would take, were they believed, is far beyond any machine.

HUGE = 10**15


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


#: Opcodes; the memo of the last one makes pickle allocate 32 GB.
BOMBS = {
    "a memo of many places": b"]r\xff\xff\xff\x7f0" + b"Nr\xff\xff\xff\xff.",
    "a long text that is not there": b"X\xff\xff\xff\x7f.",
    "a long number that is not there": b"\x8b\xff\xff\xff\x7f.",
    "bytes that are not there": b"\x96" + struct.pack("<Q", 1 << 62) + b".",
    "a list of many values": b"]q\0(" + b"h\0" * 10_100_000 + b"e.",
    "many lists": b"(" + b"]" * 3_000_000 + b"t.",
    "tuples deep in each other as a key": b"}(" + b"N" + b"\x85" * 1_000_000 + b"Nu.",
    "a list that is its own content": b"]q\0h\0a.",
    "lists that are doubled again and again": b"]q\0"
    + b"".join(b"](h%ch%ceq%c" % (i, i, i + 1) for i in range(100))
    + b".",
    "a dict of calls of a long list": b"("
    + b"N" * 1_000_000
    + b"lq\0"
    + b"0ccollections\nOrderedDict\nq\1("
    + b"h\1h\0\x85R" * 50_000
    + b"t.",
}


@pytest.mark.parametrize("pickled", BOMBS.values(), ids=BOMBS.keys())
def test_spends_little_memory_on_a_pickle(tmp_path, pickled, measured):
    outcome, memory, _ = measured(pickled_archive(tmp_path / "a.pt", PROTOCOL + pickled))
    assert outcome == "FanwiseError"
    assert memory < 400 << 20


def tensor_pickle(offset=0, shape=(2,), strides=(1,), count=2, key="0"):
    """Return the pickle of a dict with a tensor, as torch writes it."""

    def of(value):
        if isinstance(value, tuple):
            return b"(" + b"".join(map(of, value)) + b"t"
        return (
            b"\x8a"
            + pickle.encode_long(value).__len__().to_bytes(1, "little")
            + (pickle.encode_long(value))
        )

    text = key.encode()
    storage = b"(X\x07\0\0\0storagectorch\nFloatStorage\nX" + struct.pack("<I", len(text)) + text
    storage += b"X\3\0\0\0cpu" + of(count) + b"tQ"
    rebuilt = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + of(offset) + of(shape)
    rebuilt += of(strides) + b"\x89NtR"
    return PROTOCOL + b"}X\1\0\0\0w" + rebuilt + b"s."


def test_the_pickle_of_these_tests_is_one_that_torch_reads(tmp_path):
    path = pickled_archive(tmp_path / "a.pt", tensor_pickle(), **{"0": np.ones(2, "f4").tobytes()})
    with open_tensors(path) as file:
        assert file.tensors["w"].read(()).tolist() == [1, 1]


BAD_TENSORS = {
    "more than the storage": {"shape": (3,)},
    "a part beyond it": {"offset": 1},
    "a negative offset": {"offset": -1},
    "an offset beyond 64 bits": {"offset": 1 << 80},
    "a negative size": {"shape": (-1,)},
    "a huge size": {"shape": (HUGE,)},
    "a huge size in one place": {"shape": (HUGE,), "strides": (0,)},
    "sizes beyond 64 bits in one place": {"shape": (1 << 40, 1 << 40), "strides": (0, 0)},
    "a negative stride": {"offset": 1, "strides": (-1,)},
    "no stride for an axis": {"shape": (1, 2)},
    "a storage of more than the file has": {"count": HUGE},
    "a storage of a negative count": {"count": -1},
    "a storage that is not there": {"key": "1"},
    "a storage elsewhere": {"key": "../data.pkl"},
}


@pytest.mark.parametrize("bad", BAD_TENSORS.values(), ids=BAD_TENSORS.keys())
def test_refuses_tensors_that_leave_their_storage(tmp_path, bad):
    records = {"0": np.ones(2, "f4").tobytes()}
    refuses(pickled_archive(tmp_path / "a.pt", tensor_pickle(**bad), **records))


# Other files of the machine.


def index_of(folder, name):
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": name}}))
    return index


def secret_beside(tmp_path):
    """Write a file that a checkpoint in a folder beside it should not be able to read."""
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    save_file({"a": torch.ones(2)}, tmp_path / "secret.safetensors")
    return folder, tmp_path / "secret.safetensors"


@pytest.mark.parametrize(
    "name",
    ["../secret.safetensors", "a/../../secret.safetensors", "ABSOLUTE", "..", "", ".", 3, None],
)
def test_refuses_shards_in_other_folders(tmp_path, name):
    folder, secret = secret_beside(tmp_path)
    refuses(index_of(folder, str(secret) if name == "ABSOLUTE" else name))


def test_refuses_links_into_other_folders(tmp_path):
    folder, secret = secret_beside(tmp_path)
    (folder / "a.safetensors").symlink_to(secret)
    refuses(index_of(folder, "a.safetensors"), "the name of a file in")
    (folder / "inner").symlink_to(tmp_path)
    refuses(index_of(folder, "inner/secret.safetensors"), "the name of a file in")


def test_refuses_links_in_a_distributed_checkpoint(tmp_path):
    import torch.distributed.checkpoint as dcp

    with pytest.warns(UserWarning, match="single process"):
        dcp.save({"a": torch.ones(3)}, checkpoint_id=tmp_path / "a")
    (tmp_path / "a" / "__0_0.distcp").rename(tmp_path / "elsewhere")
    (tmp_path / "a" / "__0_0.distcp").symlink_to(tmp_path / "elsewhere")
    refuses(tmp_path / "a", "the name of a file in")


def test_hashes_nothing_deep_of_the_metadata_of_a_distributed_checkpoint(tmp_path):
    import torch.distributed.checkpoint as dcp

    with pytest.warns(UserWarning, match="single process"):
        dcp.save({"a": torch.ones(3)}, checkpoint_id=tmp_path / "a")
    metadata = (tmp_path / "a" / ".metadata").read_bytes()
    # The index of a chunk has an offset: here, of tuples in tuples.
    place = metadata.index(b"\x8c\x06offset", metadata.index(b"MetadataIndex"))
    value = metadata.index(b"h", place)
    end = metadata.index(b"R", value) + 1
    deep = b"N" + b"\x85" * 1_000_000
    changed = bytearray(metadata[:value] + deep + metadata[end:])
    # The frame that says how long it is goes, as a pickle may do without.
    del changed[2:11]
    (tmp_path / "a" / ".metadata").write_bytes(changed)
    refuses(tmp_path / "a")


def test_says_what_is_wrong_with_a_piece_that_is_opened_late(tmp_path):
    import torch.distributed.checkpoint as dcp

    with pytest.warns(UserWarning, match="single process"):
        dcp.save({"a": torch.ones(3)}, checkpoint_id=tmp_path / "a")
    piece = tmp_path / "a" / "__0_0.distcp"
    piece.write_bytes(piece.read_bytes().replace(b"PK\5\6", b"PK\5\7"))
    refuses(tmp_path / "a", "BadZipFile")


def test_waits_for_no_pipe_and_reads_no_device(tmp_path):
    os.mkfifo(tmp_path / "a.safetensors")
    refuses(tmp_path / "a.safetensors", "a pipe, a device")
    refuses(tmp_path, "a pipe, a device")
    refuses("/dev/zero", "a pipe, a device")
    refuses(index_of(tmp_path, "a.safetensors"), "a pipe, a device")


def test_follows_no_link_and_no_virtual_dataset_of_hdf5(tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["a"] = np.arange(4.0)
    (tmp_path / "secret.bin").write_bytes(np.arange(4.0).tobytes())

    def attempt(name, write):
        with h5py.File(tmp_path / name, "w") as file:
            write(file)
        with h5py.File(tmp_path / name) as file:
            assert file["a"][:].tolist() == [0, 1, 2, 3]
        refuses(tmp_path / name, "of the file itself")

    def link(file):
        file["a"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "a")

    def virtual(file):
        layout = h5py.VirtualLayout((4,), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "a", (4,))
        file.create_virtual_dataset("a", layout)

    def external(file):
        file.create_dataset("a", (4,), "f8", external=[(str(tmp_path / "secret.bin"), 0, 32)])

    def soft(file):
        file["b"] = np.arange(4.0)
        file["a"] = h5py.SoftLink("/b")

    attempt("link.h5", link)
    attempt("virtual.h5", virtual)
    attempt("external.h5", external)
    attempt("soft.h5", soft)


def test_ends_where_a_group_of_hdf5_lies_in_itself(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file.create_group("a")
        group["again"] = group
    refuses(tmp_path / "a.h5", "in two groups, or in itself")


def test_lists_no_dataset_of_hdf5_twice(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["a"] = np.ones(2)
        file["b"] = file["a"]
    refuses(tmp_path / "a.h5", "in two groups, or in itself")


def test_inflates_no_chunk_of_hdf5_beyond_its_size(tmp_path, measured):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        dataset = file.create_dataset("a", (1024,), "f4", chunks=(1024,), compression="gzip")
        dataset.id.write_direct_chunk((0,), zlib.compress(b"\0" * (1 << 29), 9))
    outcome, memory, children = measured(tmp_path / "a.h5")
    assert outcome == "FanwiseError"
    assert memory + children < 300 << 20
    _, memory, _ = measured(tmp_path / "a.h5", '    h5py.File(path)["a"][:]')
    assert memory > 1 << 29


def test_believes_no_dataset_of_hdf5_that_was_never_written(tmp_path):
    for options in ({}, {"chunks": (1024,)}, {"chunks": (1 << 26,)}):
        with h5py.File(tmp_path / "a.h5", "w") as file:
            file.create_dataset("a", (HUGE,), "f4", **options)
        refuses(tmp_path / "a.h5")


def test_survives_a_text_of_hdf5_that_claims_gigabytes(tmp_path, measured):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["a"] = np.ones(2)
        file.attrs["name"] = "model"
    content = (tmp_path / "a.h5").read_bytes()
    place = content.index(b"name\0")
    length = content.index(struct.pack("<I", 5), place)
    changed = content[:length] + struct.pack("<I", 0xFFFF0000) + content[length + 4 :]
    (tmp_path / "a.h5").write_bytes(changed)
    outcome, memory, children = measured(tmp_path / "a.h5")
    assert outcome == "FanwiseError"
    assert memory + children < 300 << 20
    _, memory, _ = measured(tmp_path / "a.h5", '    h5py.File(path).attrs["name"]')
    assert memory > 1 << 30


def test_refuses_links_in_a_folder_of_orbax(tmp_path):
    import orbax.checkpoint as ocp

    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "a", {"a": np.ones(3)})
    manifest = tmp_path / "a" / "manifest.ocdbt"
    manifest.rename(tmp_path / "elsewhere")
    manifest.symlink_to(tmp_path / "elsewhere")
    refuses(tmp_path / "a", "has no links in it")


def test_reads_no_array_of_orbax_that_claims_what_is_not_there(tmp_path):
    import orbax.checkpoint as ocp

    with ocp.Checkpointer(ocp.PyTreeCheckpointHandler(use_ocdbt=False)) as checkpointer:
        checkpointer.save(tmp_path / "a", args=ocp.args.PyTreeSave({"a": np.ones(3)}))
    facts = json.loads((tmp_path / "a" / "a" / ".zarray").read_text())
    for shape, chunk in ([HUGE], [3]), ([HUGE], [HUGE]), ([1 << 62], [3]):
        changed = {**facts, "shape": shape, "chunks": chunk}
        (tmp_path / "a" / "a" / ".zarray").write_text(json.dumps(changed))
        refuses(tmp_path / "a")


def test_survives_a_chunk_of_orbax_that_is_a_bomb(tmp_path, measured):
    import orbax.checkpoint as ocp

    with ocp.Checkpointer(ocp.PyTreeCheckpointHandler(use_ocdbt=False)) as checkpointer:
        checkpointer.save(tmp_path / "a", args=ocp.args.PyTreeSave({"a": np.ones(3, np.float32)}))
    facts = json.loads((tmp_path / "a" / "a" / ".zarray").read_text())
    facts["compressor"] = {"id": "zlib", "level": 9}
    (tmp_path / "a" / "a" / ".zarray").write_text(json.dumps(facts))
    (tmp_path / "a" / "a" / "0").write_bytes(zlib.compress(b"\0" * (1 << 30), 9))
    outcome, memory, children = measured(tmp_path / "a")
    assert outcome == "FanwiseError"
    assert memory + children < 512 << 20


# Terminals and pages.

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


# What is no checkpoint at all.

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
