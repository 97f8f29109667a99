"""A start as a distributed checkpoint: loaded by torch, the same bytes each time, no hang."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.distributed.checkpoint as dcp
from common.starts import bits, drawn, files_of, start_of

from fanwise.adapters.files import open_tensors
from fanwise.adapters.files.writing.protocol import FileOptions
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.writing import write_start
from fanwise.adapters.torch.checkpoints import saved_tensors
from fanwise.adapters.torch.checkpoints.distributed import FORMAT

SMALL = dict.fromkeys(("a.weight", "b.weight"), ((3, 5), "float32"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A start, and the folder that it was written into."""
    folder = tmp_path_factory.mktemp("dcp")
    start = start_of()
    outcome = write_start(start, folder / "out", format="dcp")
    write_start(start, folder / "again", format="dcp")
    return start, folder, outcome


def _loaded(start, folder):
    held = {
        tensor.name: torch.full(tensor.shape, 3, dtype=getattr(torch, tensor.dtype))
        for tensor in start.tensors
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is one process
        dcp.load(held, checkpoint_id=folder, no_dist=True)
    return held


def test_torch_loads_what_was_drawn(written):
    start, folder, _ = written
    held = _loaded(start, folder / "out")
    for name, array in drawn(start).items():
        loaded = held[name].reshape(-1).view(torch.uint8).numpy()
        assert np.array_equal(loaded, bits(array).reshape(-1)), name


def test_large_tensors_lie_in_several_chunks(written):
    _, folder, _ = written
    metadata = dcp.FileSystemReader(folder / "out").read_metadata()
    chunks = {name: len(facts.chunks) for name, facts in metadata.state_dict_metadata.items()}
    assert chunks["up.weight"] == 4
    assert chunks["up.bias"] == 1


def test_the_bytes_are_the_same_each_time(written):
    _, folder, _ = written
    assert files_of(folder / "out") == files_of(folder / "again")


def test_it_is_read_as_any_checkpoint(written):
    start, folder, _ = written
    with open_tensors(folder / "out") as file:
        shapes = {name: tensor.shape for name, tensor in file.tensors.items()}
    assert shapes == {tensor.name: tensor.shape for tensor in start.tensors}


def test_what_is_held_is_told_by_its_bytes(written, tmp_path):
    start, folder, outcome = written
    plan = FORMAT.plan(start, FileOptions("", 1))
    digest = TensorDigest(outcome.tensors["up.weight"])
    file = tmp_path / plan.files["up.weight"]
    content = bytearray((folder / "out" / file.name).read_bytes())
    file.write_bytes(content)
    assert plan.is_held(tmp_path, "up.weight", digest, reread=True)
    content[5 << 20] ^= 1
    file.write_bytes(content)
    assert plan.is_held(tmp_path, "up.weight", digest, reread=False)
    assert not plan.is_held(tmp_path, "up.weight", digest, reread=True)
    file.write_bytes(content[:-1])
    assert not plan.is_held(tmp_path, "up.weight", digest, reread=False)


def test_scalars_and_empty_tensors_are_saved(tmp_path):
    tensors = SMALL | {"up.bias": ((0,), "float32")}
    start = start_of(tensors)
    write_start(start, tmp_path / "out", format="dcp")
    assert _loaded(start, tmp_path / "out")["up.bias"].shape == (0,)


class _StopError(Exception):
    """What stops a write."""


def test_a_failure_of_the_writer_ends_the_work(tmp_path, monkeypatch):
    def refuse(*_):
        raise _StopError

    monkeypatch.setattr(saved_tensors.TimelessWriter, "write_data", refuse)
    with pytest.raises(_StopError):
        write_start(start_of(), tmp_path / "out", format="dcp")
    assert not (tmp_path / "out").exists()


def test_what_was_stopped_goes_on_to_the_same_bytes(written, tmp_path, monkeypatch):
    start, folder, _ = written

    def stop(done, total, what):
        if done == total:  # some tensors are finished, and one is not
            raise _StopError

    with pytest.raises(_StopError):
        write_start(start, tmp_path / "out", format="dcp", progress=stop)
    outcome = write_start(start, tmp_path / "out", format="dcp")
    assert outcome.kept > 0
    assert files_of(tmp_path / "out") == files_of(folder / "out")


def test_torch_loads_all_names_of_a_tensor(tmp_path):
    start = replace(start_of(SMALL), ties={"head.weight": "b.weight"})
    write_start(start, tmp_path / "out", format="dcp")
    held = {name: torch.zeros(3, 5) for name in (*SMALL, "head.weight")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is one process
        dcp.load(held, checkpoint_id=tmp_path / "out", no_dist=True)
    array = drawn(start)["b.weight"]
    assert np.array_equal(held["b.weight"].numpy(), array)
    assert np.array_equal(held["head.weight"].numpy(), array)
    assert len(list((tmp_path / "out").glob("*.distcp"))) == len(SMALL)
