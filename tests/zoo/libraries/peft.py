"""What PEFT adds to small models of transformers: adapters of every kind that needs no data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import peft
import transformers
from torch import nn

from zoo.seeded import torch_model
from zoo.tiny_configurations import tiny_configuration

#: The models, and the layers of attention that are adapted.
_BASES: Final[dict[str, tuple[type, list[str]]]] = {
    "llama": (transformers.LlamaForCausalLM, ["q_proj", "v_proj"]),
    "gpt2": (transformers.GPT2LMHeadModel, ["c_attn"]),
    "bert": (transformers.BertForSequenceClassification, ["query", "value"]),
    "vit": (transformers.ViTModel, ["q_proj", "v_proj"]),
    "t5": (transformers.T5ForConditionalGeneration, ["q", "v"]),
}

_LORA: Final = {"r": 4}
_ADAPTERS: Final[tuple[tuple[str, str, str, dict[str, Any]], ...]] = (
    *((f"LoRA of {base}", base, "LoraConfig", _LORA) for base in _BASES),
    *((f"DoRA of {base}", base, "LoraConfig", {**_LORA, "use_dora": True}) for base in _BASES),
    ("LoRA, rank-stabilized", "llama", "LoraConfig", {**_LORA, "use_rslora": True}),
    ("LoRA, Gaussian", "llama", "LoraConfig", {**_LORA, "init_lora_weights": "gaussian"}),
    ("LoRA with a head", "llama", "LoraConfig", {**_LORA, "modules_to_save": ["lm_head"]}),
    ("LoRA of all linear layers", "llama", "LoraConfig", {**_LORA, "target_modules": "all-linear"}),
    ("LoRA with biases", "bert", "LoraConfig", {**_LORA, "bias": "all"}),
    ("LoRA of embeddings", "llama", "LoraConfig", {**_LORA, "target_modules": ["embed_tokens"]}),
    ("AdaLoRA", "llama", "AdaLoraConfig", {"total_step": 10}),
    ("IA3", "llama", "IA3Config", {"feedforward_modules": []}),
    ("IA3 of feed-forward", "bert", "IA3Config", {"feedforward_modules": ["value"]}),
    ("VeRA", "llama", "VeraConfig", {"r": 4}),
    ("LoHa", "llama", "LoHaConfig", {"r": 4}),
    ("LoKr", "llama", "LoKrConfig", {"r": 4}),
    ("OFT", "llama", "OFTConfig", {"oft_block_size": 4}),
    ("BOFT", "llama", "BOFTConfig", {"boft_block_size": 4}),
    ("HRA", "llama", "HRAConfig", {"r": 4}),
    ("FourierFT", "llama", "FourierFTConfig", {"n_frequency": 20}),
    ("VB-LoRA", "llama", "VBLoRAConfig", {"r": 4, "num_vectors": 16, "vector_length": 4}),
    ("LN tuning", "bert", "LNTuningConfig", {"target_modules": ["LayerNorm"]}),
    ("Poly", "llama", "PolyConfig", {"r": 4, "n_tasks": 2, "n_skills": 2, "n_splits": 2}),
    ("MiSS", "llama", "MissConfig", {"r": 4}),
    ("RoAd", "llama", "RoadConfig", {"group_size": 4}),
    ("SHiRA", "llama", "ShiraConfig", {"r": 4}),
    ("C3A", "llama", "C3AConfig", {"block_size": 8}),
    ("RandLoRA", "llama", "RandLoraConfig", {"r": 4}),
    ("DeLoRA", "llama", "DeloraConfig", {"r": 4}),
    ("GraLoRA", "llama", "GraloraConfig", {"r": 4, "gralora_k": 2}),
    ("WaveFT", "llama", "WaveFTConfig", {"n_frequency": 20}),
)
_PROMPTS: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("prompt tuning", "PromptTuningConfig", {}),
    ("prefix tuning", "PrefixTuningConfig", {}),
    ("prefix tuning, projected", "PrefixTuningConfig", {"prefix_projection": True}),
    ("p-tuning", "PromptEncoderConfig", {"encoder_hidden_size": 16}),
)


def _adapted(base: str, configuration: str, options: dict[str, Any]) -> nn.Module:
    cls, targets = _BASES[base]
    chosen = {"target_modules": targets, **options}
    adapter = getattr(peft, configuration)(**chosen)
    model: nn.Module = peft.get_peft_model(cls(tiny_configuration(base)), adapter)
    return model


def _prompted(configuration: str, options: dict[str, Any]) -> nn.Module:
    adapter = getattr(peft, configuration)(num_virtual_tokens=6, task_type="CAUSAL_LM", **options)
    base = transformers.LlamaForCausalLM(tiny_configuration("llama"))
    model: nn.Module = peft.get_peft_model(base, adapter)
    return model


_BUILDS: Final[tuple[tuple[str, Callable[[], nn.Module]], ...]] = (
    *((name, partial(_adapted, *rest)) for name, *rest in _ADAPTERS),
    *((name, partial(_prompted, *rest)) for name, *rest in _PROMPTS),
)
MODELS: Final = tuple(torch_model(name, make) for name, make in _BUILDS)
