"""Pickles made to run code, or to take all memory, are refused; naive readers fall for them."""

import pickle
import struct

import numpy as np
import pytest
import torch
from common.hostile_files import HUGE, PROTOCOL, Calls, pickled_archive, refuses

from fanwise.adapters.files import open_tensors


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
