"""What PEFT adds to a model starts as PEFT starts it, and what it has frozen stays."""

import math

import peft
import pytest
import torch
from common import transformers_models as library
from torch import nn

import fanwise.torch
from fanwise.spec.errors import FanwiseError

#: Standard deviations of an estimate, beyond which a test fails by chance once in 10⁹.
WIDE = 6
LINEAR = {"target_modules": ["lin"]}
EVERY = {"target_modules": ["emb", "lin", "conv"]}
TOKENS = {"task_type": "CAUSAL_LM", "num_virtual_tokens": 16}
CONFIGS = {
    "LoRA": lambda: peft.LoraConfig(r=8, **EVERY),
    "LoRA, Gaussian": lambda: peft.LoraConfig(r=8, init_lora_weights="gaussian", **EVERY),
    "LoRA, not initialized": lambda: peft.LoraConfig(r=8, init_lora_weights=False, **EVERY),
    "LoRA with biases": lambda: peft.LoraConfig(r=8, lora_bias=True, **LINEAR),
    "rsLoRA": lambda: peft.LoraConfig(r=8, use_rslora=True, **LINEAR),
    "AdaLoRA": lambda: peft.AdaLoraConfig(total_step=9, **LINEAR),
    "LoHa": lambda: peft.LoHaConfig(r=8, target_modules=["lin", "conv"]),
    "LoHa, not initialized": lambda: peft.LoHaConfig(r=8, init_weights=False, **LINEAR),
    "LoKr": lambda: peft.LoKrConfig(r=8, target_modules=["lin", "conv"]),
    "LoKr, Lycoris": lambda: peft.LoKrConfig(r=8, init_weights="lycoris", **LINEAR),
    "VeRA": lambda: peft.VeraConfig(r=8, **LINEAR),
    "HRA": lambda: peft.HRAConfig(r=8, **LINEAR),
    "HRA of an odd rank": lambda: peft.HRAConfig(r=7, **LINEAR),
    "HRA, not initialized": lambda: peft.HRAConfig(r=8, init_weights=False, **LINEAR),
    "IA3": lambda: peft.IA3Config(feedforward_modules=[], **LINEAR),
    "OFT": lambda: peft.OFTConfig(oft_block_size=8, **LINEAR),
    "BOFT": lambda: peft.BOFTConfig(boft_block_size=8, **LINEAR),
    "BOFT, not initialized": lambda: peft.BOFTConfig(
        boft_block_size=8, init_weights=False, **LINEAR
    ),
    "FourierFT": lambda: peft.FourierFTConfig(n_frequency=200, **LINEAR),
    "WaveFT": lambda: peft.WaveFTConfig(n_frequency=200, **LINEAR),
    "C3A": lambda: peft.C3AConfig(block_size=8, **LINEAR),
    "C3A, Gaussian": lambda: peft.C3AConfig(block_size=8, init_weights="gaussian", **LINEAR),
    "VB-LoRA": lambda: peft.VBLoRAConfig(r=8, num_vectors=16, vector_length=8, topk=2, **LINEAR),
    "Poly": lambda: peft.PolyConfig(r=8, n_tasks=4, n_skills=8, **LINEAR),
    "DeLoRA": lambda: peft.DeloraConfig(r=8, **LINEAR),
    "GraLoRA": lambda: peft.GraloraConfig(r=8, gralora_k=2, **LINEAR),
    "HiRA": lambda: peft.HiraConfig(r=8, **LINEAR),
    "GLoRA": lambda: peft.GloraConfig(r=8, **LINEAR),
    "MiSS": lambda: peft.MissConfig(r=8, **LINEAR),
    "RandLoRA": lambda: peft.RandLoraConfig(r=8, **LINEAR),
    "RoAd": lambda: peft.RoadConfig(group_size=8, **LINEAR),
    "SHiRA": lambda: peft.ShiraConfig(r=4, **LINEAR),
    "Lily": lambda: peft.LilyConfig(r=8, **LINEAR),
    "BEFT": lambda: peft.BeftConfig(**LINEAR),
    "TinyLoRA": lambda: peft.TinyLoraConfig(r=2, **LINEAR),
    "UniLoRA": lambda: peft.UniLoraConfig(r=4, **LINEAR),
}
PROMPTS = {
    "prompt tuning": lambda: peft.PromptTuningConfig(**TOKENS),
    "prefix tuning": lambda: peft.PrefixTuningConfig(**TOKENS),
    "prefix by a network": lambda: peft.PrefixTuningConfig(prefix_projection=True, **TOKENS),
    "P-tuning": lambda: peft.PromptEncoderConfig(encoder_hidden_size=32, **TOKENS),
    "of several tasks": lambda: peft.MultitaskPromptTuningConfig(
        num_tasks=4, num_ranks=4, **TOKENS
    ),
    "adaption prompts": lambda: peft.AdaptionPromptConfig(
        adapter_len=8, adapter_layers=2, task_type="CAUSAL_LM"
    ),
}
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning")


class Small(nn.Module):
    """A layer of each kind that adapters are added to."""

    def __init__(self):
        super().__init__()
        self.emb, self.lin = nn.Embedding(48, 64), nn.Linear(64, 64)
        self.conv, self.head = nn.Conv2d(8, 16, 3), nn.Linear(64, 4)

    def forward(self, tokens):
        return self.head(self.lin(self.emb(tokens)))


def adapted(config, seed=0, make=Small):
    torch.manual_seed(seed)
    return peft.get_peft_model(make(), config())


def values(model, *, train):
    parameters = model.named_parameters()
    return {name: p.detach().clone() for name, p in parameters if p.requires_grad == train}


def is_constant(tensor):
    return bool((tensor == tensor.flatten()[0]).all())


def check_started_as_peft_does(config, make, recipe):
    """Compare each parameter with PEFT's own start: constants to the bit, draws by their size."""
    model, fresh = adapted(config, make=make), adapted(config, 1, make=make)
    wanted, kept = values(fresh, train=True), values(model, train=False)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.fill_(math.nan)
    fanwise.torch.initialize(model, recipe, seed=0)
    assert all(map(torch.equal, kept.values(), values(model, train=False).values()))
    drawn = values(model, train=True)
    assert drawn.keys() == wanted.keys()
    for name, value in drawn.items():
        if is_constant(wanted[name]):
            assert torch.equal(value, wanted[name]), name
        else:
            assert not is_constant(value), name
            ratio = value.square().mean() / wanted[name].square().mean()
            # Of two estimates of a normal's variance, each with an error of sqrt(2 / n).
            assert abs(ratio.log()) < WIDE * 2 / math.sqrt(value.numel()), name
    again = adapted(config, 2, make=make)
    fanwise.torch.initialize(again, recipe, seed=0)
    assert all(map(torch.equal, drawn.values(), values(again, train=True).values()))


@pytest.mark.parametrize("name", CONFIGS)
def test_an_adapter_starts_as_there(name):
    check_started_as_peft_does(CONFIGS[name], Small, "torch_default")


@pytest.mark.parametrize("name", PROMPTS)
def test_virtual_tokens_start_as_there(name):
    check_started_as_peft_does(PROMPTS[name], library.llama, "torch_default")
    if name != "adaption prompts":  # they wrap the attention, which then has another path
        check_started_as_peft_does(PROMPTS[name], library.llama, "llama")


ADAPTED = {
    "gpt2": "c_attn",
    "llama": "q_proj",
    "bert": "query",
    "vit": "q_proj",
    "t5": "q",
    "whisper": "q_proj",
    "mamba": "in_proj",
}
CASES = [(name, True) for name in ADAPTED]
CASES += [(name, start) for name in ("gpt2", "bert") for start in ("gaussian", False)]


@pytest.mark.parametrize(("name", "start"), CASES)
def test_the_bundled_recipes_start_a_lora_as_there(name, start):
    def config():
        return peft.LoraConfig(
            r=8,
            init_lora_weights=start,
            target_modules=[ADAPTED[name]],
            fan_in_fan_out=name == "gpt2",
        )

    check_started_as_peft_does(config, getattr(library, name), name)


@pytest.mark.parametrize("start", ["pissa", "olora", "orthogonal"])
def test_a_lora_that_is_computed_from_the_weights_below_stays(start):
    model = adapted(lambda: peft.LoraConfig(r=8, init_lora_weights=start, **LINEAR))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    report = fanwise.torch.initialize(model, "torch_default", seed=0)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert "base_model/model/lin/lora_A/default/kernel" in report.left_alone


@pytest.mark.parametrize("start", [True, False])
def test_magnitudes_of_dora_are_those_of_the_weights_that_were_drawn(start):
    def config():
        return peft.LoraConfig(r=8, init_lora_weights=start, use_dora=True, **EVERY)

    model = adapted(config)
    for rules in ("torch_default", WITH_BASE):
        fanwise.torch.initialize(model, rules, seed=3)
        for name, axes in (("emb", (0,)), ("lin", (1,)), ("conv", (1, 2, 3))):
            layer = model.base_model.model.get_submodule(name)
            whole = layer.get_base_layer().weight + layer.get_delta_weight("default")
            magnitude = layer.lora_magnitude_vector["default"].weight
            norms = torch.linalg.vector_norm(whole, dim=axes)
            torch.testing.assert_close(magnitude.flatten(), norms)


WITH_BASE = {
    "fanwise": 1,
    "extends": "torch_default",
    "rule": [{"match": "**/base_layer/*", "frozen": True, "init": {"scheme": "normal", "std": 2}}],
}


def test_the_norms_of_delora_follow_the_weight_below():
    model = adapted(CONFIGS["DeLoRA"])
    fanwise.torch.initialize(model, WITH_BASE, seed=3)
    layer = model.base_model.model.lin
    norms = torch.linalg.vector_norm(layer.get_base_layer().weight, dim=0)
    torch.testing.assert_close(layer.delora_w_norm["default"], norms)


def test_a_start_that_is_no_law_of_single_numbers_is_named():
    model = adapted(lambda: peft.DeftConfig(r=8, **LINEAR))
    before = values(model, train=True)
    with pytest.raises(FanwiseError, match=r"lin/deft_P/default.*declares has no scheme"):
        fanwise.torch.initialize(model, "torch_default", seed=0)
    assert all(map(torch.equal, before.values(), values(model, train=True).values()))


def test_reflections_come_in_pairs_that_undo_each_other():
    model = adapted(CONFIGS["HRA"])
    fanwise.torch.initialize(model, "torch_default", seed=0)
    columns = model.base_model.model.lin.hra_u["default"]
    assert torch.equal(columns[:, ::2], columns[:, 1::2])
    assert not torch.equal(columns[:, 0], columns[:, 2])


def test_modules_to_save_are_drawn_and_their_originals_stay():
    def config():
        return peft.LoraConfig(r=8, modules_to_save=["head"], **LINEAR)

    model = adapted(config)
    original = model.base_model.model.head.original_module.weight.clone()
    rows = {row.path: row for row in fanwise.torch.initialize(model, "torch_default", seed=0).rows}
    assert rows["base_model/model/head/modules_to_save/default/kernel"].fan_in == 64
    assert torch.equal(model.base_model.model.head.original_module.weight, original)


def test_an_adapter_that_is_not_active_stays():
    model = adapted(CONFIGS["LoRA"])
    model.add_adapter("other", CONFIGS["LoRA"]())
    before = values(model, train=False)
    fanwise.torch.initialize(model, "torch_default", seed=0)
    assert any("other" in name for name in before)
    assert all(map(torch.equal, before.values(), values(model, train=False).values()))


def test_the_quantized_model_below_an_adapter_stays():
    """As QLoRA has it: integers in the place of each weight that is adapted, and of others."""
    model = adapted(CONFIGS["LoRA with biases"])
    for layer in (model.base_model.model.lin.base_layer, model.base_model.model.head):
        integers = torch.zeros(layer.weight.shape, dtype=torch.int8)
        layer.weight = nn.Parameter(integers, requires_grad=False)
    report = fanwise.torch.initialize(model, "torch_default", seed=0)
    assert {row.kind for row in report.rows} == {"adapter"}
    assert "base_model/model/head/kernel" in report.left_alone
