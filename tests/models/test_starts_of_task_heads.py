"""Task heads, cross-attention and modules that PEFT trains start as transformers starts them."""

import peft
import pytest
import torch
import transformers

import fanwise.torch

# What transformers and PEFT say of themselves when LoRA is added.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::RuntimeWarning")

T5 = {"d_model": 48, "d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 4, "vocab_size": 96}
IMAGES = {
    "hidden_size": 48,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 32,
    "patch_size": 8,
    "encoder_stride": 8,
}
GPT2 = {"n_embd": 48, "n_layer": 2, "n_head": 4, "n_positions": 32, "vocab_size": 96}
MIXTRAL = {
    "hidden_size": 48,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 96,
    "num_local_experts": 4,
}


def built(name, config, **values):
    torch.manual_seed(0)
    return getattr(transformers, name)(getattr(transformers, config)(**values))


def with_lora(model, **options):
    return peft.get_peft_model(model, peft.LoraConfig(r=4, **options))


def cross_attended():
    return built(
        "GPT2LMHeadModel",
        "GPT2Config",
        add_cross_attention=True,
        **GPT2,
        bos_token_id=0,
        eos_token_id=0,
    )


CASES = [
    pytest.param(
        "gpt2", cross_attended, {"layers": 2, "position_std": 0.02}, id="cross-attention of GPT-2"
    ),
    pytest.param(
        "t5",
        lambda: built("T5ForTokenClassification", "T5Config", **T5, num_labels=40),
        {"d_model": 48, "d_kv": 16},
        id="tokens of T5",
    ),
    *(
        pytest.param(
            "vit_transformers", lambda n=name, c=config: built(n, c, **IMAGES), {}, id=name
        )
        for name, config in (
            ("ViTForMaskedImageModeling", "ViTConfig"),
            ("DeiTModel", "DeiTConfig"),
            ("DeiTForImageClassificationWithTeacher", "DeiTConfig"),
            ("DeiTForMaskedImageModeling", "DeiTConfig"),
        )
    ),
    pytest.param(
        "vit_transformers",
        lambda: with_lora(
            built("ViTForImageClassification", "ViTConfig", **IMAGES, num_labels=40),
            target_modules=["q_proj"],
            modules_to_save=["classifier"],
        ),
        {},
        id="a head of ViT that PEFT trains",
    ),
    pytest.param(
        "mixtral",
        lambda: with_lora(
            built("MixtralForCausalLM", "MixtralConfig", **MIXTRAL), target_modules="all-linear"
        ),
        {},
        id="routers of Mixtral below LoRA",
    ),
]


@pytest.mark.parametrize(("recipe", "make", "variables"), CASES)
def test_every_weight_has_the_deviation_that_its_library_gives_it(recipe, make, variables):
    model = make()
    held = {path: weight.detach().clone() for path, weight in model.named_parameters()}
    fanwise.torch.initialize(model, recipe, seed=0, **variables)
    for path, weight in model.named_parameters():
        before, after = held[path].std(correction=0), weight.detach().std(correction=0)
        # Six standard errors of the two.
        error = 6 * (1 / weight.numel()) ** 0.5
        assert float(after) == pytest.approx(float(before), rel=max(error, 0.01)), path


def test_a_head_of_beit_that_peft_trains_is_scaled_as_any():
    model = built("BeitForImageClassification", "BeitConfig", **IMAGES, num_labels=40)
    tuned = with_lora(model, target_modules="all-linear", modules_to_save=["classifier"])
    fanwise.torch.initialize(tuned, "beit", seed=0)
    (head,) = (
        w
        for p, w in tuned.named_parameters()
        if p.endswith("classifier.modules_to_save.default.weight")
    )
    assert float(head.detach().std()) == pytest.approx(2e-5, rel=0.2)
