"""The bundled recipes of language models fit the classes of libraries, and set what they say."""

import peft
import pytest
import torch
from common import transformers_models as library
from torch import nn

import fanwise
import fanwise.torch

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing.:FutureWarning")
#: Models that a recipe fits which is named after another one, and models with further heads.
FITTING = [
    ("llama", library.llama, "MistralForCausalLM"),
    ("llama", library.llama, "Qwen2ForCausalLM"),
    ("llama", library.llama, "Qwen3ForCausalLM"),
    ("llama", library.llama, "LlamaForQuestionAnswering"),
    ("gemma", library.gemma, "Gemma2ForCausalLM"),
    ("gemma", library.gemma, "Gemma3ForCausalLM"),
    ("bert", library.bert, "BertForMaskedLM"),
    ("roberta", library.roberta, "RobertaForMaskedLM"),
    ("roberta", library.roberta, "XLMRobertaForMaskedLM"),
    ("t5", library.t5, "T5EncoderModel"),
    ("t5", library.t5, "T5ForTokenClassification"),
    ("whisper", library.whisper, "WhisperForAudioClassification"),
    ("mamba", library.mamba, "MambaModel"),
    ("mamba", library.mamba, "MambaForCausalLM"),
    ("mamba2", library.mamba2, "Mamba2Model"),
    ("mamba2", library.mamba2, "Mamba2ForCausalLM"),
]


@pytest.mark.parametrize(("recipe", "make", "cls"), FITTING)
def test_a_recipe_fits(recipe, make, cls):
    model = make(cls)
    before = {name: values.clone() for name, values in model.state_dict().items()}
    summary = fanwise.torch.initialize(model, recipe, seed=0)
    assert all(values.isfinite().all() for values in model.parameters())
    drawn = {name for name, values in model.named_parameters() if values.ndim > 1}
    kept = {name for name in drawn if torch.equal(model.state_dict()[name], before[name])}
    assert all(name.endswith(("A_log", "encoder.embed_positions.weight")) for name in kept)
    assert all(row.observed == pytest.approx(row.expected, abs=0.3) for row in summary.rows)


def test_the_bias_of_a_head_is_a_bias_though_its_module_declares_it():
    for name, cls in {"bert": "BertForMaskedLM", "roberta": "RobertaForMaskedLM"}.items():
        model = getattr(library, name)(cls)
        bias = model.get_output_embeddings().bias
        nn.init.ones_(bias)
        fanwise.torch.initialize(model, name, seed=0)
        assert not bias.any()


def test_norms_whose_gain_is_added_to_one_start_at_zero():
    model = library.gemma("Gemma3ForCausalLM")
    nn.init.ones_(model.model.layers[0].self_attn.q_norm.weight)
    fanwise.torch.initialize(model, "gemma", seed=0)
    norms = [values for name, values in model.named_parameters() if "norm" in name]
    assert len(norms) == 13
    assert not any(values.any() for values in norms)


def test_deepseek_starts_at_the_deviation_of_its_paper():
    model = library.deepseek_v3()
    summary = fanwise.torch.initialize(model, "deepseek_v3", seed=0)
    assert {row.expected for row in summary.rows if row.scheme == "normal"} == {0.006}
    paths = {row.path for row in summary.rows}
    assert {"blocks/1/experts/gate/kernel", "blocks/1/experts/up/kernel"} <= paths


def test_formulas_of_mamba_stay_and_its_outputs_are_scaled():
    model = library.mamba()
    mixer = model.backbone.layers[1].mixer
    ramp, steps = mixer.A_log.clone(), mixer.dt_proj.bias.clone()
    fanwise.torch.initialize(model, "mamba", seed=0, layers=2)
    assert torch.equal(mixer.A_log, ramp)
    assert torch.equal(mixer.dt_proj.bias, steps)
    assert (mixer.D == 1).all()
    # The bound of torch's own start, by the square root of the number of layers.
    bound = (1 / 16 / 2) ** 0.5
    assert 0.8 * bound < mixer.out_proj.weight.abs().max() <= bound


def std(tensor):
    return tensor.detach().std().item()


def test_a_transformer_of_torch_starts_as_a_whole():
    sizes = {"d_model": 64, "nhead": 2, "num_encoder_layers": 1, "num_decoder_layers": 1}
    model = nn.Transformer(dim_feedforward=96, batch_first=True, **sizes)
    fanwise.torch.initialize(model, "pytorch_transformer", seed=0)
    layer = model.encoder.layers[0]
    assert std(layer.linear1.weight) == pytest.approx((2 / 160) ** 0.5, rel=0.05)
    assert std(layer.self_attn.in_proj_weight) == pytest.approx((2 / 256) ** 0.5, rel=0.05)
    assert std(layer.self_attn.out_proj.weight) == pytest.approx((2 / 128) ** 0.5, rel=0.05)
    assert layer.linear1.bias.abs().max() > 0


@pytest.mark.parametrize("options", [{}, {"use_dora": True}])
def test_lora_alone_is_started(options):
    base = library.llama()
    targets = ["q_proj", "v_proj"] + ([] if options else ["embed_tokens"])
    model = peft.get_peft_model(base, peft.LoraConfig(r=4, target_modules=targets, **options))
    before = {name: values.clone() for name, values in model.state_dict().items()}
    fanwise.torch.initialize(model, "lora", seed=0)
    changed = {n for n, values in model.state_dict().items() if not torch.equal(values, before[n])}
    assert changed
    assert all("lora_A" in name or "lora_embedding_B" in name for name in changed)
    state = model.state_dict()
    assert not any(values.any() for name, values in state.items() if "lora_B" in name)


@pytest.mark.parametrize("recipe", ["llama", "mixtral", "gemma"])
def test_lora_on_a_model_of_a_recipe_starts_as_peft_starts_it(recipe):
    model = getattr(library, recipe)()
    adapted = peft.get_peft_model(model, peft.LoraConfig(r=2, target_modules=["q_proj"]))
    summary = fanwise.torch.initialize(adapted, recipe, seed=0)
    assert {row.path.split("/")[-3] for row in summary.rows} == {"lora_A", "lora_B"}


class Nanochat(nn.Module):
    """What nanochat's model holds, by its names; the code itself is in no package."""

    def __init__(self, width=64, layers=2, tokens=32):
        super().__init__()
        blocks = [self.block(width) for _ in range(layers)]
        wte = nn.Embedding(tokens, width)
        self.transformer = nn.ModuleDict({"wte": wte, "h": nn.ModuleList(blocks)})
        self.lm_head = nn.Linear(width, tokens, bias=False)
        self.resid_lambdas = nn.Parameter(torch.linspace(1.15, 1.05, layers))
        self.x0_lambdas = nn.Parameter(torch.linspace(0.2, 0.05, layers))
        self.smear_gate = nn.Linear(24, 1, bias=False)
        self.smear_lambda = nn.Parameter(torch.zeros(1))
        self.backout_lambda = nn.Parameter(0.2 * torch.ones(1))
        self.value_embeds = nn.ModuleDict({"1": nn.Embedding(tokens, width)})

    @staticmethod
    def block(width):
        linear = {name: nn.Linear(width, width, bias=False) for name in ("c_q", "c_k", "c_v")}
        attn = nn.ModuleDict({**linear, "c_proj": nn.Linear(width, width, bias=False)})
        attn["ve_gate"] = nn.Linear(12, 2, bias=False)
        up, down = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)
        return nn.ModuleDict({"attn": attn, "mlp": nn.ModuleDict({"c_fc": up, "c_proj": down})})


def test_nanochat():
    model = Nanochat()
    ramp = model.resid_lambdas.clone()
    fanwise.torch.initialize(model, "nanochat", seed=0, width=64)
    block, width_std = model.transformer["h"][0], 64**-0.5
    assert not block["attn"]["c_proj"].weight.any()
    assert not block["mlp"]["c_proj"].weight.any()
    assert std(block["attn"]["c_q"].weight) == pytest.approx(width_std, rel=0.05)
    assert std(block["mlp"]["c_fc"].weight) == pytest.approx(0.4 * width_std, rel=0.05)
    assert std(model.value_embeds["1"].weight) == pytest.approx(width_std, rel=0.05)
    assert std(model.transformer["wte"].weight) == pytest.approx(0.8, rel=0.05)
    assert std(model.lm_head.weight) == pytest.approx(0.001, rel=0.05)
    assert 0 <= model.smear_gate.weight.min() < model.smear_gate.weight.max() <= 0.02
    assert torch.equal(model.resid_lambdas, ramp)
