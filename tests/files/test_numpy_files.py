"""Files of NumPy: arrays of every dtype, in either order, compressed or not."""

import ml_dtypes
import numpy as np
import pytest
from common.tensor_files import assert_reads

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

DTYPES = ["f2", "f4", ">f4", "f8", "i1", "i8", "u2", "?"]


def arrays():
    values = np.random.default_rng(0).normal(size=(6, 5, 4)) * 9
    return {
        **{f"layer/{dtype}": values.astype(dtype) for dtype in DTYPES},
        "columns": np.asfortranarray(values),
        "scalar": np.float32(2),
        "empty": np.zeros((0, 3)),
        "large": np.arange(1 << 21),
        "large columns": np.asfortranarray(np.arange(1 << 22).reshape(1 << 11, -1)),
    }


def native(values):
    values = np.asarray(values)
    return values.astype(values.dtype.newbyteorder("="))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_reads_archives(tmp_path, save):
    save(tmp_path / "a.npz", **arrays())
    with open_tensors(tmp_path / "a.npz") as file:
        assert (file.format, list(file.tensors)) == ("npz", list(arrays()))
        for name, values in arrays().items():
            assert file.tensors[name].dtype == np.asarray(values).dtype.name
            assert_reads(file.tensors[name], native(values))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_reads_an_array_under_the_name_of_its_file(tmp_path, version):
    values = np.arange(6.0).reshape(2, 3)
    with (tmp_path / "kernel.npy").open("wb") as stream:
        np.lib.format.write_array(stream, values, version)
    with open_tensors(tmp_path / "kernel.npy") as file:
        assert_reads(file.tensors["kernel"], values)


def test_knows_bfloat16_of_which_numpy_writes_no_name(tmp_path):
    values = np.array([1.5, -2.25, np.nan], ml_dtypes.bfloat16)
    np.savez(tmp_path / "a.npz", a=values)
    with open_tensors(tmp_path / "a.npz") as file:
        assert file.tensors["a"].dtype == "bfloat16"
        assert_reads(file.tensors["a"], values.astype(np.float32))


@pytest.mark.parametrize(
    "values",
    [np.array([object()]), np.array(["a"]), np.ones(2, complex), np.zeros(2, [("a", "f4")])],
    ids=["objects", "texts", "complex numbers", "records"],
)
def test_names_an_array_without_plain_numbers_and_reads_those_beside_it(tmp_path, values):
    np.savez(tmp_path / "a.npz", odd=values, weight=np.ones(2))
    with open_tensors(tmp_path / "a.npz") as file:
        with pytest.raises(FanwiseError, match="'odd', whose dtype is"):
            file.tensors["odd"].read(())
        assert file.tensors["weight"].read(()).sum() == 2


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_notices_by_the_checksum_that_a_number_was_changed(tmp_path, save):
    save(tmp_path / "a.npz", kernel=np.random.default_rng(0).normal(size=1000))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[2000] ^= 1
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(FanwiseError), open_tensors(tmp_path / "a.npz") as file:
        file.tensors["kernel"].read(())
