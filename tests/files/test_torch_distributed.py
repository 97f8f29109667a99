"""Folders of torch.distributed.checkpoint: by one process, and by several with shards."""

import os
import pickle
import subprocess
import sys

import pytest
import torch
import torch.distributed.checkpoint as dcp
from common.tensor_files import assert_holds, tensors_of_every_dtype

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def test_reads_tensors_of_every_dtype(tmp_path):
    tensors = {**tensors_of_every_dtype(), "turned": torch.randn(5, 3).t()}
    dcp.save(dict(tensors), checkpoint_id=tmp_path / "a")
    file = assert_holds(tmp_path / "a", tensors)
    assert file.framework == "torch"


def test_finds_the_state_dict_beside_that_of_the_optimizer(tmp_path):
    model = torch.nn.Linear(4, 3)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(2, 4)).sum().backward()
    optimizer.step()
    state = {"model": model.state_dict(), "optim": optimizer.state_dict(), "step": 3}
    dcp.save(state, checkpoint_id=tmp_path / "a")
    assert_holds(tmp_path / "a", model.state_dict())


_RANK = """
import os, sys, torch, torch.distributed as dist, torch.distributed.checkpoint as dcp
from torch.distributed.tensor import Replicate, Shard, distribute_tensor
rank = int(sys.argv[1])
dist.init_process_group("gloo", init_method=f"file://{sys.argv[2]}/meet", rank=rank, world_size=2)
mesh = dist.device_mesh.init_device_mesh("cpu", (2,))
whole = torch.arange(35.0).view(7, 5)
state = {
    "rows": distribute_tensor(whole, mesh, [Shard(0)]),
    "columns": distribute_tensor(whole, mesh, [Shard(1)]),
    "same": distribute_tensor(whole, mesh, [Replicate()]),
}
dcp.save(state, checkpoint_id=f"{sys.argv[2]}/a")
dist.destroy_process_group()
"""


def test_puts_together_the_shards_of_two_processes(tmp_path):
    variables = {**os.environ, "OMP_NUM_THREADS": "1"}
    ranks = [
        subprocess.Popen([sys.executable, "-c", _RANK, str(rank), str(tmp_path)], env=variables)
        for rank in range(2)
    ]
    assert [rank.wait(120) for rank in ranks] == [0, 0]
    assert len(list((tmp_path / "a").glob("*.distcp"))) == 2
    whole = torch.arange(35.0).view(7, 5)
    assert_holds(tmp_path / "a", {"rows": whole, "columns": whole, "same": whole})


def test_names_a_file_that_is_missing(tmp_path):
    dcp.save({"a": torch.ones(3)}, checkpoint_id=tmp_path / "a")
    (tmp_path / "a" / "__0_0.distcp").unlink()
    with pytest.raises(FanwiseError, match=r"__0_0\.distcp.*No such file"):
        open_tensors(tmp_path / "a")


class Calls:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


def test_runs_nothing_that_its_metadata_asks_for(tmp_path):
    dcp.save({"a": torch.ones(3)}, checkpoint_id=tmp_path / "a")
    metadata = tmp_path / "a" / ".metadata"
    metadata.write_bytes(pickle.dumps(Calls(tmp_path / "ran")))
    with pytest.raises(FanwiseError, match=r"a reference to '(posix|nt)\.mkdir'"):
        open_tensors(tmp_path / "a")
    assert not (tmp_path / "ran").exists()
    # That is what torch does with it.
    with pytest.raises((AttributeError, TypeError, RuntimeError, dcp.api.CheckpointException)):
        dcp.load({"a": torch.ones(3)}, checkpoint_id=tmp_path / "a")
    assert (tmp_path / "ran").exists()
