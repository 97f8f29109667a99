"""Files that torch.save writes, and what trainers put into them."""

import argparse

import numpy as np
import pytest
import torch
from common.tensor_files import assert_holds, tensors_in_any_order, tensors_of_every_dtype

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

FORMS = pytest.mark.parametrize("archive", [True, False], ids=["archive", "old form"])


@FORMS
@pytest.mark.parametrize("tensors", [tensors_of_every_dtype, tensors_in_any_order])
def test_reads_tensors_of_every_dtype_and_in_any_order(tmp_path, tensors, archive):
    path = tmp_path / "a.pt"
    torch.save(tensors(), path, _use_new_zipfile_serialization=archive)
    file = assert_holds(path, tensors())
    assert (file.format, file.framework) == ("torch", "torch")


@FORMS
def test_finds_the_state_dict_of_a_trainers_checkpoint(tmp_path, archive):
    model = torch.nn.TransformerEncoderLayer(16, 2, 32)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(3, 2, 16)).sum().backward()
    optimizer.step()
    content = {
        "state_dict": model.state_dict(),
        "optimizer_states": [optimizer.state_dict()],
        "epoch": 3,
        "hyper_parameters": argparse.Namespace(rate=1e-3),
        "best": np.float64(0.5),
        "device": torch.device("cpu"),
    }
    torch.save(content, tmp_path / "a.ckpt", _use_new_zipfile_serialization=archive)
    assert_holds(tmp_path / "a.ckpt", model.state_dict())


def test_reads_parameters_and_their_names(tmp_path):
    parameters = dict(torch.nn.LSTM(3, 4).named_parameters())
    torch.save({"model": parameters}, tmp_path / "a.pt")
    assert_holds(tmp_path / "a.pt", parameters)


def test_names_tensors_of_several_parts_by_their_paths(tmp_path):
    one, two = torch.ones(2), torch.zeros(3)
    torch.save({"generator": {"w": one}, "critic": [{"w": two}]}, tmp_path / "a.pt")
    assert_holds(tmp_path / "a.pt", {"generator.w": one, "critic.0.w": two})


def test_reads_a_tensor_that_is_saved_alone(tmp_path):
    torch.save(torch.ones(2), tmp_path / "a.pt")
    assert_holds(tmp_path / "a.pt", {"": torch.ones(2)})


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: torch.ones(2, dtype=torch.complex64), "stored as complex64"),
        (lambda: torch.ones(2, 2).to_sparse(), "sparse"),
        (lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), "quantized"),
        (lambda: torch.ones(2, device="meta"), "meta"),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_names_a_tensor_without_plain_numbers_and_reads_those_beside_it(tmp_path, make, reason):
    torch.save({"odd": make(), "weight": torch.ones(2)}, tmp_path / "a.pt")
    with open_tensors(tmp_path / "a.pt") as file:
        with pytest.raises(FanwiseError, match=f"'odd', which .*{reason}"):
            file.tensors["odd"].read(())
        assert file.tensors["weight"].read(()).sum() == 2


def test_says_of_a_pickled_model_that_its_state_dict_is_wanted(tmp_path):
    torch.save(torch.nn.Linear(2, 3), tmp_path / "a.pt")
    with pytest.raises(FanwiseError, match=r"'torch.nn.modules.linear.Linear'.*state_dict\(\)"):
        open_tensors(tmp_path / "a.pt")


@pytest.mark.filterwarnings("ignore:.*jit")
def test_says_of_a_program_that_its_state_dict_is_wanted(tmp_path):
    torch.jit.script(torch.nn.Linear(2, 3)).save(tmp_path / "a.pt")
    with pytest.raises(FanwiseError, match="a program of TorchScript"):
        open_tensors(tmp_path / "a.pt")


def test_says_that_there_is_no_tensor(tmp_path):
    torch.save({"epoch": 3}, tmp_path / "a.pt")
    with pytest.raises(FanwiseError, match="a file without any"):
        open_tensors(tmp_path / "a.pt")


def test_reads_blocks_of_large_tensors_in_any_order(tmp_path):
    large = torch.arange(3000 * 2000, dtype=torch.int32).view(3000, 2000)
    tensors = {"rows": large, "columns": large.t(), "far": large[::7, ::11]}
    torch.save(tensors, tmp_path / "a.pt")
    assert_holds(tmp_path / "a.pt", tensors)
