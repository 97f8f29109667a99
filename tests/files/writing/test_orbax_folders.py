"""A start as a checkpoint of Orbax: restored by it, the same bytes each time, refused in words."""

import json
import shutil
from dataclasses import replace

import jax
import numpy as np
import orbax.checkpoint as ocp
import pytest
from common.starts import bits, drawn, files_of, start_of
from reference.orbax_description import describe

from fanwise.adapters.files import open_tensors
from fanwise.adapters.files.writing import orbax_folders
from fanwise.adapters.files.writing.orbax_description import array_description, tree_description
from fanwise.adapters.files.writing.protocol import FileOptions
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.writing import write_start
from fanwise.spec.errors import FanwiseError

FLAX = {
    "params/up/kernel": ((1500, 2100), "float32"),
    "params/up/bias": ((2100,), "float32"),
    "params/down/kernel": ((7, 3), "bfloat16"),
    "params/norm.out/scale": ((7,), "float32"),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A start, and the folder that it was written into, in chunks of a mebibyte."""
    folder = tmp_path_factory.mktemp("orbax")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orbax_folders, "CHUNK", 1 << 20)
        start = start_of(FLAX, framework="flax")
        outcome = write_start(start, folder / "out", format="orbax")
        write_start(start, folder / "again", format="orbax")
    return start, folder, outcome


ZARR = {"float64": "<f8", "float32": "<f4", "float16": "<f2", "bfloat16": "bfloat16"}


def _is_drawn(held, start):
    every = drawn(start)
    return {
        name: np.array_equal(bits(np.asarray(held[name])), bits(array))
        for name, array in every.items()
    } == dict.fromkeys(every, True)


def _flat(tree, prefix=""):
    for key, value in tree.items():
        name = f"{prefix}{key}"
        yield from _flat(value, f"{name}/") if isinstance(value, dict) else [(name, value)]


def test_orbax_restores_what_was_drawn(written):
    start, folder, _ = written
    assert _is_drawn(dict(_flat(ocp.StandardCheckpointer().restore(folder / "out"))), start)


def test_orbax_restores_into_sharded_arrays(written):
    start, folder, _ = written
    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("data",))
    spread = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
    tree = {}
    for tensor in start.tensors:
        *above, last = tensor.name.split("/")
        place = tree
        for key in above:
            place = place.setdefault(key, {})
        dtype = jax.numpy.dtype(tensor.dtype)
        place[last] = jax.ShapeDtypeStruct(tensor.shape, dtype, sharding=spread)
    restored = dict(_flat(ocp.StandardCheckpointer().restore(folder / "out", tree)))
    assert all(array.sharding == spread for array in restored.values())
    assert _is_drawn(restored, start)


def test_large_arrays_lie_in_several_chunks(written):
    _, folder, _ = written
    names = {file.name for file in (folder / "out" / "params.up.kernel").iterdir()}
    assert names == {".zarray", *(f"{number}.0" for number in range(13))}


def test_the_bytes_are_the_same_each_time(written):
    _, folder, _ = written
    assert files_of(folder / "out") == files_of(folder / "again")


def test_it_is_read_as_any_checkpoint(written):
    start, folder, _ = written
    with open_tensors(folder / "out") as file:
        shapes = {name: tensor.shape for name, tensor in file.tensors.items()}
    assert shapes == {tensor.name: tensor.shape for tensor in start.tensors}


def test_what_is_held_is_told_by_its_bytes(written, tmp_path, monkeypatch):
    monkeypatch.setattr(orbax_folders, "CHUNK", 1 << 20)
    start, folder, outcome = written
    plan = orbax_folders.FORMAT.plan(start, FileOptions("", 1))
    name = "params/up/kernel"
    digest = TensorDigest(outcome.tensors[name])
    copy = tmp_path / "copy"
    shutil.copytree(folder / "out", copy)
    assert plan.is_held(copy, name, digest, reread=True)
    chunk = copy / "params.up.kernel" / "5.0"
    content = bytearray(chunk.read_bytes())
    content[100] ^= 1
    chunk.write_bytes(content)
    assert plan.is_held(copy, name, digest, reread=False)
    assert not plan.is_held(copy, name, digest, reread=True)
    chunk.unlink()
    assert not plan.is_held(copy, name, digest, reread=False)


@pytest.mark.parametrize(
    "names",
    [
        ("a/b", "a"),
        ("a/b.c", "a.b/c"),
        ("a/../b",),
        ("_METADATA",),
        ("a//b",),
        ("a\\b",),
        ("a" * 256,),
        ("é" * 128,),
    ],
)
def test_names_that_no_tree_has_are_refused(names):
    start = start_of(FLAX, framework="flax")
    tensors = tuple(replace(start.tensors[0], name=name) for name in names)
    changed = replace(start, tensors=tensors)
    with pytest.raises(FanwiseError, match=r"a name that a folder may have|of one tree"):
        orbax_folders.FORMAT.plan(changed, FileOptions("", 1))


def test_what_a_kill_left_of_a_description_is_written_anew(tmp_path, monkeypatch):
    start = start_of(FLAX, framework="flax")
    tree = orbax_folders.tree_description

    def killed(paths):
        (tmp_path / "out.writing" / "files" / "_METADATA").write_bytes(tree(paths)[:100])
        raise FanwiseError("a description", "half of it", "Write it.")

    monkeypatch.setattr(orbax_folders, "tree_description", killed)
    with pytest.raises(FanwiseError, match="half of it"):
        write_start(start, tmp_path / "out", format="orbax")
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    write_start(start, tmp_path / "out", format="orbax")
    write_start(start, tmp_path / "other", format="orbax")
    assert files_of(tmp_path / "out") == files_of(tmp_path / "other")


#: Names, shapes, chunks and dtypes of all kinds, as they are written.
ARRAYS = {
    "params/up/kernel": ((1500, 2100), (30, 2100), "<f4"),
    "params/up/bias": ((7,), (7,), "<f2"),
    'params/norm.out/it\'s "q"': ((7, 3), (7, 3), "bfloat16"),
    "params/é 1/kernel": ((2,), (2,), "float8_e4m3fn"),
    "layers/10": ((3,), (3,), "|u1"),
    "layers/9": ((3,), (3,), "|b1"),
    "a/z": ((), (), "<i8"),
    "a b/a": ((0,), (1,), "<f8"),
    "empty": ((3, 0), (3, 1), "<u4"),
}


def test_it_is_described_as_orbax_describes_it(tmp_path):
    paths = {name: tuple(name.split("/")) for name in ARRAYS}
    facts = [
        {
            "keys": list(paths[name]),
            "folder": name.replace("/", "."),
            "shape": list(shape),
            "chunks": list(chunks),
            "dtype": dtype,
        }
        for name, (shape, chunks, dtype) in ARRAYS.items()
    ]
    describe(tmp_path, facts)
    held = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    written = {
        f"{name.replace('/', '.')}/.zarray": array_description(*how) for name, how in ARRAYS.items()
    }
    written["_METADATA"] = tree_description(paths.values())
    assert held == {*written}
    for file, data in written.items():
        assert (tmp_path / file).read_bytes() == data


def test_arrays_of_all_dtypes_are_described_as_zarr_names_them():
    tensors = {f"w{n}/bias": ((3,), dtype) for n, dtype in enumerate(ZARR)}
    start = start_of(tensors, framework="flax")
    plan = orbax_folders.FORMAT.plan(start, FileOptions("", 1))
    for name, (_, dtype) in tensors.items():
        said = json.loads(plan.arrays[name].description)
        assert (said["dtype"], said["shape"], said["chunks"]) == (ZARR[dtype], [3], [3])
