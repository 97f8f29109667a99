"""The models of keras_hub: its backbones, and tasks on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
from keras_hub import models

from zoo.libraries.keras_hub_backbones import BACKBONES
from zoo.zoo_model import ZooModel

#: Tasks on the backbones of their families.
_LANGUAGE: Final = (
    "BloomCausalLM",
    "FalconCausalLM",
    "GPT2CausalLM",
    "GPTNeoXCausalLM",
    "GemmaCausalLM",
    "GptOssCausalLM",
    "LlamaCausalLM",
    "MistralCausalLM",
    "MixtralCausalLM",
    "OPTCausalLM",
    "Phi3CausalLM",
    "Qwen3CausalLM",
    "Qwen3MoeCausalLM",
    "QwenCausalLM",
    "QwenMoeCausalLM",
    "RWKV7CausalLM",
    "SmolLM3CausalLM",
    "BartSeq2SeqLM",
    "T5Seq2SeqLM",
    "AlbertMaskedLM",
    "BertMaskedLM",
    "DebertaV3MaskedLM",
    "DistilBertMaskedLM",
    "FNetMaskedLM",
    "RobertaMaskedLM",
    "XLMRobertaMaskedLM",
)
_CLASSES: Final = (
    "AlbertTextClassifier",
    "BertTextClassifier",
    "DebertaV3TextClassifier",
    "DistilBertTextClassifier",
    "FNetTextClassifier",
    "RobertaTextClassifier",
    "XLMRobertaTextClassifier",
    "CSPNetImageClassifier",
    "DeiTImageClassifier",
    "DenseNetImageClassifier",
    "EfficientNetImageClassifier",
    "MiTImageClassifier",
    "MobileNetImageClassifier",
    "ResNetImageClassifier",
    "SwinTransformerImageClassifier",
    "ViTImageClassifier",
    "XceptionImageClassifier",
    "HGNetV2ImageClassifier",
    "DeepLabV3ImageSegmenter",
    "SegFormerImageSegmenter",
)
_KINDS: Final = (
    "CausalLM",
    "Seq2SeqLM",
    "MaskedLM",
    "TextClassifier",
    "ImageClassifier",
    "ImageSegmenter",
)


def _task(name: str, given: dict[str, Any]) -> Callable[[int], keras.Model]:
    family = next(name.removesuffix(kind) for kind in _KINDS if name.endswith(kind))
    backbone = BACKBONES[f"{family}Backbone"]
    return lambda _: getattr(models, name)(backbone(), preprocessor=None, **given)


def _plain(build: Callable[[], keras.Model]) -> Callable[[int], keras.Model]:
    return lambda _: build()


def _lora(_: int) -> keras.Model:
    backbone = BACKBONES["GemmaBackbone"]()
    backbone.enable_lora(4)
    return models.GemmaCausalLM(backbone, preprocessor=None)


def _of_policy(policy: str, name: str) -> Callable[[int], keras.Model]:
    return lambda _: BACKBONES[name](dtype=policy)


MODELS: Final = (
    *(ZooModel(name, _plain(build)) for name, build in BACKBONES.items()),
    *(
        ZooModel(name, _task(name, given))
        for names, given in ((_LANGUAGE, {}), (_CLASSES, {"num_classes": 3}))
        for name in names
    ),
    ZooModel("GemmaCausalLM, with LoRA", _lora),
    ZooModel("LlamaBackbone in bfloat16", _of_policy("bfloat16", "LlamaBackbone")),
    ZooModel("BertBackbone in mixed_bfloat16", _of_policy("mixed_bfloat16", "BertBackbone")),
)
