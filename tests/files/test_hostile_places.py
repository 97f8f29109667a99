"""Files that lead to other files of the machine are refused: names, links, pipes, devices."""

import json
import os

import pytest
import torch
from common.hostile_files import refuses
from safetensors.torch import save_file


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
