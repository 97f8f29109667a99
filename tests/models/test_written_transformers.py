"""Starts of transformers' models as files: from_pretrained loads what initialize sets."""

import json
from pathlib import Path

import pytest
import torch
from torch.nn.functional import softplus
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
    WhisperConfig,
    WhisperForConditionalGeneration,
)

import fanwise
import fanwise.torch
from fanwise.adapters.shape_sources.sources import opened_shapes
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.writing import write_start

MAMBA_DRAWN = Path(__file__).parents[2] / "examples" / "recipes" / "mamba_drawn.toml"
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


def test_weights_beside_a_configuration_are_verified_by_its_model(tmp_path):
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8}
    sizes = {"vocab_size": 50, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    model = Gemma2ForCausalLM(Gemma2Config(**heads, **sizes))
    fanwise.torch.initialize(model, "gemma", seed=2)
    model.save_pretrained(tmp_path)
    # Of norms that start at zero names do not tell.
    for path in (tmp_path, tmp_path / "model.safetensors"):
        verdict = fanwise.verify(path, "gemma", seed=2)
        assert verdict.passed, verdict
        assert "0 claims undecided" in str(verdict)
    assert not fanwise.verify(tmp_path, "gemma", seed=3).passed


def test_a_mamba_whose_time_steps_are_drawn_is_written_from_shapes_alone(tmp_path):
    config = MambaConfig(vocab_size=64, hidden_size=32, num_hidden_layers=2, state_size=4)
    model = MambaForCausalLM(config)
    ramp = model.backbone.layers[1].mixer.A_log.detach().clone()
    fanwise.torch.initialize(model, MAMBA_DRAWN, seed=1, layers=2)
    expected = fanwise.torch.write(model, MAMBA_DRAWN, seed=1, layers=2, digest_only=True)
    shapes = {name: list(tensor.shape) for name, tensor in model.state_dict().items()}
    del shapes["lm_head.weight"]  # the table's
    (tmp_path / "shapes.json").write_text(json.dumps(shapes))
    with opened_shapes(tmp_path / "shapes.json") as source:
        chosen = fanwise.recipe(MAMBA_DRAWN, layers=2)
        start = planned_start(
            chosen, source.weights, source.tensors, seed=1, framework=source.framework
        )
        assert write_start(start, None, digest_only=True).digest == expected.digest
    mixer = model.backbone.layers[1].mixer
    torch.testing.assert_close(mixer.A_log.detach(), ramp, rtol=0, atol=2e-7)
    steps = softplus(mixer.dt_proj.bias.detach())
    assert config.time_step_min * 0.999 < steps.min() < 0.005
    assert 0.02 < steps.max() < config.time_step_max * 1.001
