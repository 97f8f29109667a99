"""Files of safetensors, written by its library: one, and several with an index."""

import json

import numpy as np
import pytest
import torch
from common.tensor_files import assert_holds, assert_reads, tensors_of_every_dtype
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import save_file

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError


def test_reads_every_dtype_as_torch_has_it(tmp_path):
    tensors = tensors_of_every_dtype()
    save_file(tensors, tmp_path / "a.safetensors")
    file = assert_holds(tmp_path / "a.safetensors", tensors)
    assert file.format == "safetensors"


def test_tells_a_file_by_what_is_in_it_not_by_its_name(tmp_path):
    save_file({"weight": torch.ones(3)}, tmp_path / "weights.bin")
    with open_tensors(tmp_path / "weights.bin") as file:
        assert file.format == "safetensors"


@pytest.mark.parametrize(("says", "framework"), [("pt", "torch"), ("flax", "flax"), ("np", "")])
def test_knows_the_framework_that_the_file_names(tmp_path, says, framework):
    save_numpy({"a": np.ones(3)}, tmp_path / "a.safetensors", metadata={"format": says})
    with open_tensors(tmp_path / "a.safetensors") as file:
        assert file.framework == framework
        assert file.metadata == {"format": says}


def test_names_a_complex_tensor_and_reads_those_beside_it(tmp_path):
    tensors = {"rotation": torch.ones(3, dtype=torch.complex64), "weight": torch.ones(2)}
    save_file(tensors, tmp_path / "a.safetensors")
    with open_tensors(tmp_path / "a.safetensors") as file:
        assert file.tensors["rotation"].dtype == "complex64"
        with pytest.raises(FanwiseError, match="'rotation', which is stored as complex64"):
            file.tensors["rotation"].read(())
        assert file.tensors["weight"].read(()).sum() == 2


def test_refuses_to_read_once_the_file_is_closed(tmp_path):
    save_file({"weight": torch.ones(3)}, tmp_path / "a.safetensors")
    with open_tensors(tmp_path / "a.safetensors") as file:
        pass
    with pytest.raises(FanwiseError, match="which was closed"):
        file.tensors["weight"].read(())


def sharded(folder):
    save_file({"a": torch.ones(3), "b": torch.zeros(2)}, folder / "m-1-of-2.safetensors")
    save_file({"c": torch.full((4,), 2.0)}, folder / "m-2-of-2.safetensors")
    places = {"a": "m-1-of-2.safetensors", "b": "m-1-of-2.safetensors"}
    places["c"] = "m-2-of-2.safetensors"
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": places}))
    return index, places


@pytest.mark.parametrize("by", ["index", "folder"])
def test_reads_shards_by_their_index(tmp_path, by):
    index, places = sharded(tmp_path)
    with open_tensors(index if by == "index" else tmp_path) as file:
        assert list(file.tensors) == list(places)
        assert_reads(file.tensors["c"], np.full(4, 2, np.float32))


def test_reads_shards_as_transformers_writes_them(tmp_path):
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config(n_layer=2, n_embd=32, n_head=2, vocab_size=500))
    model.save_pretrained(tmp_path, max_shard_size="50KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    state = model.state_dict()
    with open_tensors(tmp_path) as file:
        assert file.framework == "torch"
        assert set(file.tensors) == set(state) - {"lm_head.weight"}
        for name, tensor in file.tensors.items():
            assert_reads(tensor, state[name].numpy())


def test_names_a_shard_that_is_missing(tmp_path):
    index, _ = sharded(tmp_path)
    (tmp_path / "m-2-of-2.safetensors").unlink()
    with pytest.raises(FanwiseError, match=r"m-2-of-2.*No such file"):
        open_tensors(index)


def test_names_a_tensor_that_is_not_where_the_index_says(tmp_path):
    index, places = sharded(tmp_path)
    index.write_text(json.dumps({"weight_map": {**places, "d": "m-2-of-2.safetensors"}}))
    with pytest.raises(FanwiseError, match=r"the tensor .d. in .m-2-of-2\.safetensors."):
        open_tensors(index)


def test_names_a_tensor_that_the_index_does_not_name(tmp_path):
    index, places = sharded(tmp_path)
    del places["b"]
    index.write_text(json.dumps({"weight_map": places}))
    with pytest.raises(FanwiseError, match=r"in the index\. Received: 'b'"):
        open_tensors(index)


def test_reads_links_into_the_blobs_of_the_hubs_cache(tmp_path):
    snapshot, blobs = tmp_path / "snapshots" / "1", tmp_path / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    index, _ = sharded(snapshot)
    for path in snapshot.iterdir():
        path.rename(blobs / path.name)
        path.symlink_to(f"../../blobs/{path.name}")
    with open_tensors(index) as file:
        assert len(file.tensors) == 3
