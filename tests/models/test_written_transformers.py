"""Starts of transformers' models as files: from_pretrained loads what initialize sets."""

import pytest
import torch
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
    WhisperConfig,
    WhisperForConditionalGeneration,
)

import fanwise.torch

SMALL = {"vocab_size": 100, "num_attention_heads": 4, "num_hidden_layers": 2}
MODELS = {
    "llama": (
        LlamaForCausalLM,
        LlamaConfig(hidden_size=32, intermediate_size=64, tie_word_embeddings=True, **SMALL),
    ),
    "t5": (
        T5ForConditionalGeneration,
        T5Config(d_model=32, d_ff=64, d_kv=8, num_layers=2, vocab_size=100, num_heads=4),
    ),
    # Its encoder's positions are frozen sines, which stay: transformers' own code tells them.
    "whisper": (
        WhisperForConditionalGeneration,
        WhisperConfig(
            d_model=32,
            vocab_size=100,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            max_source_positions=20,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=1,
        ),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_folder_is_loaded_whole_and_equal(tmp_path, name):
    cls, config = MODELS[name]
    with torch.device("meta"):
        model = cls(config)
    written = fanwise.torch.write(model, name, seed=1, to=tmp_path / "out", shard_size="20KB")
    assert len(written.files) > 2
    config.save_pretrained(tmp_path / "out")
    loaded, info = cls.from_pretrained(tmp_path / "out", output_loading_info=True)
    assert not any(info.values())
    expected = cls(config)
    fanwise.torch.initialize(expected, name, seed=1)
    for key, tensor in expected.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], tensor), key
