"""The bundled recipes on models inside of others: wrappers, PEFT, models of text and images."""

import math

import peft
import pytest
import torch
from common import transformers_models as library
from torch import nn

import fanwise.torch

MAKERS = {
    "gpt2": library.gpt2,
    "llama": library.llama,
    "bert": library.bert,
    "vit": library.vit,
    "resnet": library.resnet,
}


class Wrapper(nn.Module):
    """A model among other things, as in a LightningModule."""

    def __init__(self, model):
        super().__init__()
        self.net = model


def laws(name, model):
    report = fanwise.torch.initialize(model, name, seed=0, dry_run=True)
    return [(row.scheme, row.expected) for row in report.rows]


@pytest.mark.parametrize("name", MAKERS)
def test_a_wrapped_model_starts_by_the_same_laws(name):
    model = MAKERS[name]()
    assert laws(name, Wrapper(model)) == laws(name, model)
    assert laws(name, Wrapper(model.base_model)) == laws(name, model.base_model)


ADAPTED = {"gpt2": "c_proj", "llama": "o_proj", "bert": "query", "vit": "o_proj"}


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing.:FutureWarning")
@pytest.mark.parametrize("name", ADAPTED)
def test_peft_keeps_the_function_of_the_model_that_it_adapts(name):
    model = MAKERS[name]()
    base = {key: values.clone() for key, values in model.state_dict().items()}
    adapted = peft.get_peft_model(
        model, peft.LoraConfig(r=2, target_modules=[ADAPTED[name]], fan_in_fan_out=name == "gpt2")
    )
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            nn.init.constant_(parameter, math.nan)
    report = fanwise.torch.initialize(adapted, name, seed=0)
    schemes = {row.path.split("lora_")[1][0]: row.scheme for row in report.rows}
    assert schemes == {"A": "torch_default", "B": "zeros"}
    assert all(torch.isfinite(parameter).all() for parameter in adapted.parameters())
    kept = adapted.unload().state_dict()
    assert [key for key, values in base.items() if not torch.equal(values, kept[key])] == []


def test_a_llama_in_a_model_of_text_and_images():
    report = fanwise.torch.initialize(library.llava(), "llama", seed=0, residual_std="std / 8")
    rows = {row.path: row for row in report.rows}
    assert rows["language_model/blocks/1/attention/out/kernel"].expected == 0.02 / 8
    assert rows["language_model/blocks/1/mlp/gate/kernel"].expected == 0.02
    assert rows["language_model/norm/weight"].scheme == "ones"
    assert rows["head/kernel"].expected == 0.02
    assert rows["model/vision_tower/encoder/layers/0/self_attn/q_proj/kernel"].expected == 0.02


@pytest.mark.parametrize(("cls", "gain"), [("LlamaModel", 1), ("GemmaModel", 0), ("Olmo2Model", 1)])
def test_a_gain_that_is_added_to_one_starts_at_zero(cls, gain):
    model = library.llama(cls)
    for parameter in model.parameters():
        nn.init.constant_(parameter, math.nan)
    fanwise.torch.initialize(model, "llama", seed=0)
    gains = [p for name, p in model.named_parameters() if "norm" in name]
    assert gains
    assert all(torch.equal(values, torch.full_like(values, gain)) for values in gains)
