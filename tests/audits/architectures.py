"""The models whose checkpoints are audited: real classes, in sizes that start in a moment.

Each is large enough for the claims about its matrices to be decided: 128 wide, with 16 to 65
thousand elements in a kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

#: Of every model: its width, and how many blocks it has.
WIDTH, LAYERS = 128, 4
_TOKENS = {"vocab_size": 500, "pad_token_id": None, "bos_token_id": 1, "eos_token_id": 2}


@dataclass(frozen=True)
class Architecture:
    """A model, and the recipe by which it starts.

    Attributes:
        name: as faults refer to it.
        framework: ``"torch"``, ``"keras"`` or ``"flax"``.
        build: builds it, with what its library starts it with; a seed makes that another start.
        recipe: a bundled recipe.
        variables: of that recipe, as Fanwise is told to start the model.
        library: those by which the recipe says what the library draws; ``None`` where no
            variables do.
    """

    name: str
    framework: str
    build: Callable[[int], Any] = field(repr=False)
    recipe: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    library: Mapping[str, Any] | None = field(default_factory=dict)


def _transformers(name: str, config: str, **options: Any) -> Callable[[int], Any]:
    def build(seed: int) -> Any:
        import torch
        import transformers

        torch.manual_seed(seed)
        return getattr(transformers, name)(getattr(transformers, config)(**options)).eval()

    return build


def _gpt2(name: str, **options: Any) -> Callable[[int], Any]:
    sizes = {"n_embd": WIDTH, "n_layer": LAYERS, "n_head": 4, "n_positions": 128, **_TOKENS}
    return _transformers(name, "GPT2Config", **sizes, **options)


def _llama(name: str, config: str, **options: Any) -> Callable[[int], Any]:
    sizes = {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": 4}
    both = {"num_key_value_heads": 2, "intermediate_size": 352}
    return _transformers(name, config, **sizes, **both, **_TOKENS, **options)


def _bert(seed: int) -> Any:
    build = _transformers(
        "BertForSequenceClassification",
        "BertConfig",
        vocab_size=500,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=4 * WIDTH,
        max_position_embeddings=128,
    )
    return build(seed)


def _vit(seed: int) -> Any:
    build = _transformers(
        "ViTForImageClassification",
        "ViTConfig",
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=4 * WIDTH,
        image_size=64,
        patch_size=8,
        num_labels=100,
    )
    return build(seed)


def _torch_transformer(seed: int) -> Any:
    import torch

    torch.manual_seed(seed)
    layer = torch.nn.TransformerEncoderLayer(WIDTH, 4, 4 * WIDTH, batch_first=True)
    encoder = torch.nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    return torch.nn.Sequential(torch.nn.Embedding(500, WIDTH), encoder, torch.nn.Linear(WIDTH, 500))


def _torch_convolutions(seed: int) -> Any:
    import torch
    from torch import nn

    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 64, 3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.Conv2d(64, 128, 3),
        nn.BatchNorm2d(128),
        nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 3),
        nn.Flatten(),
        nn.Linear(256, 200),
        nn.LSTM(200, 64),
    )


def _keras_hub(kind: str, **options: Any) -> Callable[[int], Any]:
    def build(seed: int) -> Any:
        import keras
        from keras_hub import models

        keras.utils.set_random_seed(seed)
        sizes = {"vocabulary_size": 500, "num_layers": 2, "hidden_dim": WIDTH}
        return getattr(models, f"{kind}Backbone")(
            **sizes, intermediate_dim=4 * WIDTH, dropout=0, **options
        )

    return build


def _keras_convolutions(seed: int) -> Any:
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(64, 3, name="first"),
            layers.BatchNormalization(name="norm"),
            layers.Conv2D(128, 3, name="second"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(256, name="up"),
            layers.Dense(100, name="head"),
        ],
        name="small",
    )


def _nnx_perceptron(seed: int) -> Any:
    from flax import nnx

    class Block(nnx.Module):
        def __init__(self, rngs: Any) -> None:
            self.norm = nnx.LayerNorm(WIDTH, rngs=rngs)
            self.up = nnx.Linear(WIDTH, 4 * WIDTH, rngs=rngs)
            self.down = nnx.Linear(4 * WIDTH, WIDTH, rngs=rngs)

    class Perceptron(nnx.Module):
        def __init__(self, rngs: Any) -> None:
            self.tokens = nnx.Embed(500, WIDTH, rngs=rngs)
            self.blocks = nnx.List([Block(rngs) for _ in range(LAYERS)])
            self.attention = nnx.MultiHeadAttention(4, WIDTH, decode=False, rngs=rngs)
            self.head = nnx.Linear(WIDTH, 500, rngs=rngs)

    return Perceptron(nnx.Rngs(seed))


ARCHITECTURES = (
    Architecture(
        "gpt2",
        "torch",
        _gpt2("GPT2Model"),
        "gpt2",
        {"layers": LAYERS},
        {"layers": LAYERS, "position_std": 0.02},
    ),
    # Its head and its tokens are one tensor, which is no fault.
    Architecture(
        "gpt2 with a head",
        "torch",
        _gpt2("GPT2LMHeadModel"),
        "gpt2",
        {"layers": LAYERS},
        {"layers": LAYERS, "position_std": 0.02},
    ),
    Architecture("llama", "torch", _llama("LlamaForCausalLM", "LlamaConfig"), "llama"),
    Architecture("qwen2", "torch", _llama("Qwen2ForCausalLM", "Qwen2Config"), "llama"),
    Architecture("bert", "torch", _bert, "bert", {}, {"cut": 100}),
    Architecture("vit", "torch", _vit, "vit_transformers"),
    Architecture("torch transformer", "torch", _torch_transformer, "pytorch_transformer", {}, None),
    Architecture("torch convolutions", "torch", _torch_convolutions, "torch_default"),
    Architecture(
        "gpt2 of keras_hub",
        "keras",
        _keras_hub("GPT2", num_heads=4, max_sequence_length=128),
        "gpt2",
        {"layers": 2},
        # It draws its tokens from N(0, 0.01²).
        None,
    ),
    Architecture(
        "bert of keras_hub",
        "keras",
        _keras_hub("Bert", num_heads=4, max_sequence_length=128),
        "bert",
    ),
    Architecture("keras convolutions", "keras", _keras_convolutions, "keras_default"),
    Architecture("nnx perceptron", "flax", _nnx_perceptron, "flax_default"),
)


@cache
def architecture(name: str) -> Architecture:
    """Return the architecture of that name."""
    (chosen,) = (a for a in ARCHITECTURES if a.name == name)
    return chosen
