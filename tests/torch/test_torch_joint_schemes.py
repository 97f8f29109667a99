"""Schemes of several weights, on models of torch and of PEFT."""

import peft
import pytest
from common.joint_schemes import ATTENTION, HEADS, WIDTH, check_attention, check_pair, lora
from torch import nn

import fanwise.torch


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))


def test_attention_by_layers() -> None:
    model = nn.ModuleList([Attention(), Attention()])
    fanwise.torch.initialize(model, ATTENTION, seed=0)
    for block in model:
        layers = (block.query, block.key, block.value, block.out)
        check_attention(*(layer.weight.detach().numpy().T for layer in layers))
    assert not (model[0].query.weight == model[1].query.weight).any()


def test_attention_packed() -> None:
    model = nn.ModuleDict({"attention": nn.MultiheadAttention(WIDTH, HEADS)})
    fanwise.torch.initialize(model, ATTENTION, seed=0)
    packed = model.attention.in_proj_weight.detach().numpy()
    out = model.attention.out_proj.weight.detach().numpy().T
    check_attention(*(packed[i * WIDTH : (i + 1) * WIDTH].T for i in range(3)), out)


@pytest.mark.parametrize("target", ["linear", "conv"])
def test_peft(target: str) -> None:
    base = nn.ModuleDict({"linear": nn.Linear(24, 16), "conv": nn.Conv2d(8, 12, 3)})
    model = peft.get_peft_model(base, peft.LoraConfig(r=4, target_modules=[target]))
    fanwise.torch.initialize(model, lora("lora_A", "lora_B"), seed=0)
    layer = model.base_model.model[target]
    first, second = (
        part["default"].weight.detach().numpy() for part in (layer.lora_A, layer.lora_B)
    )
    check_pair(second.reshape(len(second), -1), first.reshape(len(first), -1))
