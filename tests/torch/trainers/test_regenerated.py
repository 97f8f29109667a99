"""Weights that no checkpoint holds come back with the same bits."""

import copy
import io

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init


def made(**how):
    return init.Regenerated("kaiming_uniform", (4, 6), 3, "vera/A", **how)


@pytest.fixture
def alone():
    weight = fanwise.sample("kaiming_uniform", (4, 6), seed=3, path="vera/A", axes="torch")
    return torch.from_numpy(weight)


class Adapter(nn.Module):
    def __init__(self, device=None):
        super().__init__()
        self.shared = made(device=device)
        self.scale = nn.Parameter(torch.ones(4, device=device))

    def forward(self, x):
        return self.scale * nn.functional.linear(x, self.shared())


def test_it_is_drawn_and_not_saved(alone):
    model = Adapter()
    assert torch.equal(model.shared(), alone)
    assert set(model.state_dict()) == {"scale"}
    assert [name for name, _ in model.named_parameters()] == ["scale"]
    assert not model.shared.weight.requires_grad


def test_it_comes_back_from_everywhere(alone):
    model = Adapter(device="meta")
    assert model.shared.weight.is_meta
    model.to_empty(device="cpu")
    assert torch.equal(model.shared(), alone)
    with torch.no_grad():
        model.shared.weight.fill_(9)
    model.to_empty(device="cpu")
    assert torch.equal(model.shared(), alone)
    assert torch.equal(copy.deepcopy(model).shared(), alone)
    assert torch.equal(torch.compile(model, backend="eager").shared(), alone)
    file = io.BytesIO()
    torch.save(model, file)
    assert file.getvalue().count(alone.numpy().tobytes()) == 0
    file.seek(0)
    assert torch.equal(torch.load(file, weights_only=False).shared(), alone)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_its_values_are_those_of_its_dtype(dtype):
    wanted = made(dtype=dtype).weight
    moved = made(dtype=torch.bfloat16).to(dtype)
    assert moved.weight.dtype is dtype
    assert torch.equal(moved.weight, wanted)


def test_a_checkpoint_that_holds_it_is_compared(alone):
    model = Adapter()
    held = {"scale": torch.zeros(4), "shared.weight": alone.clone()}
    assert model.load_state_dict(held).unexpected_keys == []
    assert not model.scale.any()
    held["shared.weight"][0, 0] += 1
    with pytest.raises(RuntimeError, match=r"not what .* draws"):
        model.load_state_dict(held)
    assert torch.equal(model.shared(), alone)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_a_checkpoint_of_another_dtype_is_compared_in_it(dtype):
    held = made(dtype=dtype).weight.clone()
    made().load_state_dict({"weight": held})
    held[0, 0] *= 1.01
    with pytest.raises(RuntimeError, match=r"not what .* draws"):
        made().load_state_dict({"weight": held})


def test_it_comes_back_where_a_checkpoint_gives_a_model_its_memory(alone):
    model = Adapter(device="meta")
    model.load_state_dict({"scale": torch.zeros(4)}, assign=True)
    assert torch.equal(model.shared(), alone)
    model = Adapter(device="meta")
    model.load_state_dict({"scale": torch.zeros(4), "shared.weight": alone}, assign=True)
    assert torch.equal(model.shared(), alone)
    assert model.shared.weight is not alone


@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_a_tensor_that_is_set_says_where_it_is_alone(device, dtype):
    # transformers sets empty memory so, once it has loaded the rest.
    shared = made(device=device)
    memory = torch.full((4, 6), 9.0, dtype=dtype)
    shared.weight = memory
    assert torch.equal(shared.weight, made(dtype=dtype).weight)
    assert (memory == 9).all()
    assert shared.state_dict() == {}
    with pytest.raises(fanwise.FanwiseError, match="shape"):
        shared.weight = torch.zeros(6, 4)
    assert torch.equal(shared.weight, made(dtype=dtype).weight)


def test_a_model_that_has_one_is_started_beside_it(alone):
    model = Adapter()
    init.initialize(
        model, {"fanwise": 1, "rule": [{"match": "scale", "init": "ones"}]}, seed=0, report=False
    )
    assert torch.equal(model.shared(), alone)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("he_norm", (2, 3), 0, "a"), "a scheme"),
        (("he_normal", (2, -3), 0, "a"), "shape"),
        (("he_normal", (2, 3), -1, "a"), "seed"),
        (("he_normal", (2, 3), 0, None), "a path"),
    ],
)
def test_bad_input(arguments, words):
    with pytest.raises(fanwise.FanwiseError, match=words):
        init.Regenerated(*arguments)
    with pytest.raises(fanwise.FanwiseError, match="floating dtype"):
        init.Regenerated("he_normal", (2, 3), 0, "a", dtype=torch.int32)
