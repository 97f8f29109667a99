"""The bundled recipes on models of the libraries that end in a head, and on those that do not."""

import numpy as np
import pytest
import torch
from common import keras_hub_models as hub
from common import transformers_models as library
from keras import ops

import fanwise.keras
import fanwise.torch

TORCH = {
    "gpt2": (library.gpt2, ["GPT2Model", "GPT2LMHeadModel", "GPT2ForSequenceClassification"]),
    "llama": (library.llama, ["LlamaModel", "LlamaForCausalLM", "LlamaForSequenceClassification"]),
    "bert": (library.bert, ["BertModel", "BertForSequenceClassification", "BertForMaskedLM"]),
    "roberta": (library.roberta, ["RobertaModel", "RobertaForSequenceClassification"]),
    "gemma": (library.gemma, ["GemmaModel", "GemmaForCausalLM"]),
    "mixtral": (library.mixtral, ["MixtralModel", "MixtralForCausalLM"]),
    "qwen3_moe": (library.qwen3_moe, ["Qwen3MoeModel", "Qwen3MoeForCausalLM"]),
    "deepseek_v3": (library.deepseek_v3, ["DeepseekV3Model", "DeepseekV3ForCausalLM"]),
    "gpt_oss": (library.gpt_oss, ["GptOssModel", "GptOssForSequenceClassification"]),
    "olmo2": (library.llama, ["Olmo2Model", "Olmo2ForCausalLM"]),
    "whisper": (library.whisper, ["WhisperModel", "WhisperForConditionalGeneration"]),
    "vit": (library.vit, ["ViTModel", "ViTForImageClassification"]),
    "resnet": (library.resnet, ["ResNetModel", "ResNetForImageClassification"]),
}
KERAS = {
    "gpt2": (hub.gpt2, "CausalLM", {}),
    "llama": (hub.llama, "CausalLM", {}),
    "bert": (hub.bert, "TextClassifier", {"num_classes": 3}),
    "vit": (hub.vit, "ImageClassifier", {"num_classes": 3}),
    "resnet": (hub.resnet, "ImageClassifier", {"num_classes": 3}),
}


@pytest.mark.parametrize("name", TORCH)
def test_models_of_transformers_get_the_same_body(name):
    make, (bare, *headed) = TORCH[name]
    model = make(bare)
    fanwise.torch.initialize(model, name, seed=5)
    body = model.state_dict()
    for cls in headed:
        whole = make(cls)
        fanwise.torch.initialize(whole, name, seed=5)
        inner = whole.base_model.state_dict()
        # Some heads take the place of the pooler.
        assert {key.partition(".")[0] for key in body if key not in inner} <= {"pooler"}
        assert [key for key, values in inner.items() if not torch.equal(values, body[key])] == []


@pytest.mark.parametrize("name", KERAS)
def test_models_of_keras_hub_get_the_same_body(name):
    make, head, options = KERAS[name]
    backbone = make()
    fanwise.keras.initialize(backbone, name, seed=5)
    body = [ops.convert_to_numpy(weight.value) for weight in backbone.weights]
    model = hub.with_head(backbone, head, **options)
    for weight in backbone.weights:
        weight.assign(ops.zeros_like(weight.value))
    fanwise.keras.initialize(model, name, seed=5)
    for values, weight in zip(body, backbone.weights, strict=True):
        np.testing.assert_array_equal(
            values, ops.convert_to_numpy(weight.value), err_msg=weight.path
        )
