"""Architectures of transformers, as it makes them from small configurations.

All that can be made small by the names of their sizes, and need no other library: the bare model
of each, and heads of some.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import transformers
from torch import nn
from transformers import CONFIG_MAPPING
from transformers.models.auto import modeling_auto

from zoo.seeded import torch_model
from zoo.tiny_configurations import tiny_configuration
from zoo.zoo_model import ZooModel

#: What transformers calls them.
_TEXT: Final = """
afmoe aimv2 aimv2_vision_model albert altclip apertus apertus1p5_text arcee aria_text
audio-spectrogram-transformer audioflamingo3 audioflamingo3_encoder aya_vision bailing_hybrid
bamba bart beam beit bert bert-generation big_bird bigbird_pegasus biogpt bitnet blenderbot
blenderbot-small blip blip-2 blip_2_qformer bloom bros camembert chinese_clip
chinese_clip_vision_model clip clip_text_model clip_vision_model clipseg codegen cohere
cohere2 cohere2_moe cohere_asr convbert convnextv2 cosmos3_edge_text cosmos3_edge_vision
cpmant cwm data2vec-text data2vec-vision deberta deberta-v2 decision_transformer deepseek_v4
deepseek_vl deit diffllama dinov2 dinov2_with_registers dinov3_vit distilbert doge dory dpr
dpt electra ernie ernie4_5 ernie4_5_moe esmc eurobert exaone exaone4 exaone4_5
exaone4_5_vision exaone_moe falcon_h1 falcon_mamba flaubert flava flex_olmo flint fnet
fun_asr_nano_encoder fuyu gemma gemma2 gemma3 gemma3_text gemma4_audio gemma4_vision git glm
glm4 glm4_moe glm4v_moe_text glm4v_text glm_image_text glm_image_vision glm_image_vqmodel
glm_ocr_text glmasr glmasr_encoder gpt-sw3 gpt_bigcode gpt_neo gpt_neox gpt_neox_japanese
gpt_oss gptj gradium_phonon_tts granite granite_docling_text granite_speech5_ctc
granite_speech5_encoder granite_speech_plus granite_swa granitemoe granitemoe_swa
granitemoehybrid granitemoeshared gte helium higgs_audio_v2 hy_v3 hyperclovax ibert idefics
idefics2 idefics3 idefics3_vision ijepa imagegpt inkling2_loop_text inkling2_text inkling_text
instructblip instructblipvideo internvl internvl_vision jais2 jamba jetmoe jina_embeddings_v3
kimi_k25 kimi_k25_vision kimi_linear kolibri1 kosmos-2 kosmos-2.5 laguna lara_mini lasr_ctc
lasr_encoder layoutlm layoutlmv3 lfm2 lfm3 lfm3_vl_vision lighton_ocr lilt llama4_text llava
llava_next llava_next_video llava_onevision longformer longt5 m2m_100 mamba mamba2 marian
mbart megatron-bert mellum metaclip_2 mimo_v2_flash minicpm3 minicpm_ocr minicpm_ocr_vision
minicpmv4_6 minicpmv4_7 minicpmv4_7_vision minimax minimax_m2 minimax_m3_vl_text ministral3
mistral mistral3 mistral_large4 mistral_large4_text mixtral mlcd mobilebert modernbert
modernbert-decoder modernvbert molmo2 molmo2_text moonshine moshi moss_transcribe_diarize
moss_transcribe_diarize_audio mpnet mpt mra muse_glimmer_assistant muse_glimmer_text
muse_glimmer_vision muse_spark_text muse_spark_vision musicflamingo mvp nanochat
nemotron3_5_transcribe_asr_audio nemotron3_5_transcribe_word_timestamp nemotron3_diarization
nemotron3_diarization_audio nemotron_asr_streaming_encoder nemotron_h nllb-moe nomic_bert
nystromformer olmo olmo2 olmo3 olmo_hybrid olmoe oneformer openai-gpt openai_privacy_filter
opt ovis2 owlv2 owlvit paddleocr_vl paligemma parakeet_ctc parakeet_encoder parakeet_tdt
patchtsmixer patchtst pegasus pegasus_x persimmon phi phi3 phimoe pi0 pixio pixtral plbart
pocket_tts pp_ocrv5_mobile_rec qianfan_ocr qianfan_ocr_vision qwen2 qwen2_5_omni_thinker
qwen2_5_vl qwen2_5_vl_text qwen2_5_vl_vision qwen2_audio qwen2_audio_encoder qwen2_moe
qwen2_vl qwen2_vl_text qwen3 qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen3_5_moe_vision
qwen3_5_text qwen3_5_vision qwen3_moe qwen3_next qwen3_vl_moe_text qwen3_vl_text qwen4_exp
qwen4_exp_text qwen4_exp_vision radio recurrent_gemma rembert rf_detr roberta
roberta-prelayernorm roformer rwkv sam sam3_lite_text sam3_lite_text_text_model sam3_tracker
sam3_vision_model sam3_vit_model sam_hq sam_hq_vision_model sam_vision_model sapiens2
sarvam_mla seed_oss segformer seggpt sew sew-d siglip siglip2 siglip2_vision_model
siglip_vision_model smollm3 smolvlm smolvlm_vision solar_open speecht5 splinter squeezebert
stablelm starcoder2 step3p7 swin switch_transformers t5 t5gemma t5gemma2 tapas timesfm
timesfm2_5 timesformer tipsv2 tipsv2_text_model tipsv2_vision_model udop ultrabert ultravbert
umt5 unispeech unispeech-sat unlimited_ocr vaultgemma video_llama_3 video_llama_3_vision
video_llava videomae videoprism videoprism_vision_model vilt vipllava vision-text-dual-encoder
visual_bert vit vit_mae vit_msn vitdet vivit voxtral voxtral_encoder voxtral_realtime
voxtral_realtime_encoder
"""
_ARCHITECTURES: Final = tuple(_TEXT.split())

#: Models with a head, by the mapping that they are in.
_HEADS: Final[dict[str, str]] = {
    "MODEL_FOR_CAUSAL_LM_MAPPING": """
        bloom codegen gemma gemma2 gpt2 gpt_neo gpt_neox gptj granite llama mamba mamba2 mistral
        mixtral olmo olmo2 opt phi phi3 qwen2 qwen2_moe qwen3 qwen3_moe stablelm starcoder2
    """,
    "MODEL_FOR_MASKED_LM_MAPPING": "albert bert deberta-v2 distilbert electra mpnet roberta",
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING": "bart marian mbart pegasus t5",
    "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING": "bert distilbert roberta",
    "MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING": "beit convnext deit regnet resnet swin vit",
    "MODEL_FOR_CTC_MAPPING": "hubert wav2vec2 wavlm",
}

transformers.logging.set_verbosity_error()


def _models() -> Iterator[ZooModel]:
    for architecture in _ARCHITECTURES:
        cls = _class_of("MODEL_MAPPING", architecture)
        yield torch_model(cls.__name__, partial(_built, cls, architecture))
    for mapping, architectures in _HEADS.items():
        for architecture in architectures.split():
            cls = _class_of(mapping, architecture)
            yield torch_model(cls.__name__, partial(_built, cls, architecture))


def _class_of(mapping: str, architecture: str) -> type[Any]:
    found = getattr(modeling_auto, mapping)[CONFIG_MAPPING[architecture]]
    cls: type[Any] = found[0] if isinstance(found, list | tuple) else found
    return cls


def _built(cls: type[Any], architecture: str) -> nn.Module:
    model: nn.Module = cls(tiny_configuration(architecture))
    return model


MODELS: Final = tuple(_models())
