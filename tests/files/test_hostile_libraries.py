"""What h5py and tensorstore would follow or believe: links, bombs, arrays that are not there."""

import json
import struct
import zlib

import h5py
import numpy as np
import pytest
from common.hostile_files import HUGE, refuses

pytestmark = pytest.mark.slow


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
