"""The models: each as its library builds it, in a size that shows a fault, and its recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

_GCN: Final = str(Path(__file__).with_name("gcn.toml"))


@dataclass(frozen=True)
class LibraryStart:
    """A model of a library, to be audited as it starts.

    Attributes:
        title: what the page calls it.
        library: the distribution that it is of.
        shown: how it is built, for the reader.
        recipe: what the paper, or the code that was released with it, says.
        build: builds it.
        variables: of the recipe.
        note: what the library says of the difference, where it does, and where.
    """

    title: str
    library: str
    shown: str
    recipe: str
    build: Callable[[], Any]
    variables: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


def _of_transformers(model: str, config: str, **settings: Any) -> Callable[[], Any]:
    def build() -> Any:
        library = import_module("transformers")
        return getattr(library, model)(getattr(library, config)(**settings))

    return build


def _of(module: str, name: str, **settings: Any) -> Callable[[], Any]:
    return lambda: getattr(import_module(module), name)(**settings)


def _of_timm(name: str, **settings: Any) -> Callable[[], Any]:
    return lambda: import_module("timm").create_model(name, **settings)


def _lora() -> Any:
    transformers, peft = import_module("transformers"), import_module("peft")
    config = transformers.LlamaConfig(**_WIDE, intermediate_size=512)
    adapters = peft.LoraConfig(r=16, target_modules=["q_proj", "v_proj"])
    return peft.get_peft_model(transformers.LlamaForCausalLM(config), adapters)


def _gcn() -> Any:
    return import_module("torch_geometric.nn").GCN(256, 256, num_layers=3, out_channels=64)


def _jax_resnet() -> Any:
    jax, jnp = import_module("jax"), import_module("jax.numpy")
    model = import_module("jax_resnet").ResNet18(n_classes=100)
    return model.init(jax.random.key(0), jnp.ones((1, 64, 64, 3)))


_WIDE: Final = {
    "hidden_size": 256,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 2000,
}
_HUB: Final = {"num_layers": 2, "hidden_dim": 256, "vocabulary_size": 2000}
STARTS: Final = {
    "gpt2-transformers": LibraryStart(
        "GPT-2 of transformers",
        "transformers",
        "GPT2LMHeadModel(GPT2Config(n_layer=4, n_embd=256, n_head=4, n_positions=256, …))",
        "gpt2",
        _of_transformers(
            *("GPT2LMHeadModel", "GPT2Config"),
            n_layer=4,
            n_embd=256,
            n_head=4,
            n_positions=256,
            vocab_size=2000,
        ),
        {"layers": 4},
        "Positions are drawn with `initializer_range`, 0.02, as the tokens are; the released code "
        "has 0.01 for them.",
    ),
    "gpt2-keras-hub": LibraryStart(
        "GPT-2 of keras_hub",
        "keras-hub",
        "GPT2Backbone(num_layers=2, hidden_dim=256, intermediate_dim=1024, num_heads=4, …)",
        "gpt2",
        _of(
            *("keras_hub.models", "GPT2Backbone"),
            **{**_HUB, "intermediate_dim": 1024, "num_heads": 4, "max_sequence_length": 256},
        ),
        {"layers": 2},
        "One initializer draws every kernel: the projections onto the residual stream are not "
        "scaled by depth. Positions are drawn with 0.02.",
    ),
    "bert-transformers": LibraryStart(
        "BERT of transformers",
        "transformers",
        "BertForMaskedLM(BertConfig(num_hidden_layers=2, hidden_size=256, …))",
        "bert",
        _of_transformers("BertForMaskedLM", "BertConfig", **_WIDE, intermediate_size=1024),
        {},
        "`_init_weights` draws `normal_(0, 0.02)` and cuts nothing; the released code cuts at two "
        "standard deviations, which leaves 0.0176. The library's source says so in a comment.",
    ),
    "bert-keras-hub": LibraryStart(
        "BERT of keras_hub",
        "keras-hub",
        "BertBackbone(num_layers=2, hidden_dim=256, intermediate_dim=1024, num_heads=4, …)",
        "bert",
        _of(
            *("keras_hub.models", "BertBackbone"),
            **{**_HUB, "intermediate_dim": 1024, "num_heads": 4, "max_sequence_length": 256},
        ),
        {},
        "The law is the paper's. On its torch backend `keras.random.truncated_normal` "
        "draws four normals for each element and takes the first one within the cut; "
        "where none of the four is, once in 230,000 elements, it takes the first one, "
        "uncut.",
    ),
    "t5-transformers": LibraryStart(
        "T5 of transformers",
        "transformers",
        "T5ForConditionalGeneration(T5Config(d_model=256, d_kv=64, num_heads=4, num_layers=2, …))",
        "t5",
        _of_transformers(
            *("T5ForConditionalGeneration", "T5Config"),
            d_model=256,
            d_kv=64,
            num_heads=4,
            num_layers=2,
            d_ff=1024,
            vocab_size=2000,
        ),
        {"d_model": 256, "d_kv": 64},
    ),
    "llama-transformers": LibraryStart(
        "Llama of transformers",
        "transformers",
        "LlamaForCausalLM(LlamaConfig(num_hidden_layers=2, hidden_size=256, …))",
        "llama",
        _of_transformers("LlamaForCausalLM", "LlamaConfig", **_WIDE, intermediate_size=512),
    ),
    "llama-keras-hub": LibraryStart(
        "Llama of keras_hub",
        "keras-hub",
        "LlamaBackbone(num_layers=2, hidden_dim=256, intermediate_dim=512, …)",
        "llama",
        _of(
            *("keras_hub.models", "LlamaBackbone"),
            **{**_HUB, "intermediate_dim": 512, "num_query_heads": 4, "num_key_value_heads": 4},
        ),
        {},
        "Tokens and head are drawn with 0.01; the paper gives no numbers, and the recipe has those "
        "of the released configurations. Within a block, query, key, value and output hold "
        "the same numbers: `LlamaAttention` hands one initializer, which has one seed, to all four "
        "layers.",
    ),
    "mamba-transformers": LibraryStart(
        "Mamba of transformers",
        "transformers",
        "MambaForCausalLM(MambaConfig(hidden_size=256, num_hidden_layers=2, vocab_size=2000))",
        "mamba",
        _of_transformers(
            *("MambaForCausalLM", "MambaConfig"),
            hidden_size=256,
            num_hidden_layers=2,
            vocab_size=2000,
        ),
        {"layers": 2},
        "`initializer_range` is 0.1 by default, and `rescale_prenorm_residual` is off.",
    ),
    "mamba2-transformers": LibraryStart(
        "Mamba 2 of transformers",
        "transformers",
        "Mamba2ForCausalLM(Mamba2Config(hidden_size=256, num_hidden_layers=2, num_heads=8, …))",
        "mamba2",
        _of_transformers(
            *("Mamba2ForCausalLM", "Mamba2Config"),
            hidden_size=256,
            num_hidden_layers=2,
            num_heads=8,
            head_dim=64,
            state_size=32,
            n_groups=2,
            vocab_size=2000,
        ),
        {"layers": 2},
        "`initializer_range` is 0.1 by default, and `rescale_prenorm_residual` is off.",
    ),
    "whisper-transformers": LibraryStart(
        "Whisper of transformers",
        "transformers",
        "WhisperForConditionalGeneration(WhisperConfig(d_model=256, …))",
        "whisper",
        _of_transformers(
            *("WhisperForConditionalGeneration", "WhisperConfig"),
            d_model=256,
            encoder_layers=2,
            decoder_layers=2,
            vocab_size=2000,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=1024,
            decoder_ffn_dim=1024,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=3,
        ),
    ),
    "vit-transformers": LibraryStart(
        "ViT of transformers",
        "transformers",
        "ViTForImageClassification(ViTConfig(num_hidden_layers=2, hidden_size=256, …))",
        "vit",
        _of_transformers(
            *("ViTForImageClassification", "ViTConfig"),
            num_hidden_layers=2,
            hidden_size=256,
            num_attention_heads=4,
            intermediate_size=1024,
        ),
        {},
        "Every kernel is a normal of 0.02, where the released code of the paper has Glorot's "
        "uniform, LeCun's normal for the patches, and a head of zeros.",
    ),
    "vit-torchvision": LibraryStart(
        "ViT of torchvision",
        "torchvision",
        "VisionTransformer(image_size=64, patch_size=16, num_layers=2, hidden_dim=256, …)",
        "vit",
        _of(
            *("torchvision.models", "VisionTransformer"),
            image_size=64,
            patch_size=16,
            num_layers=2,
            num_heads=4,
            hidden_dim=256,
            mlp_dim=1024,
        ),
        {},
        "Query, key and value are one matrix, of which Glorot's limit is taken, and the "
        "projection behind them is left as torch starts it; the patches are a normal that "
        "is cut at ±2, which is 55 standard deviations.",
    ),
    "vit-timm": LibraryStart(
        "ViT of timm",
        "timm",
        "create_model('vit_tiny_patch16_224', depth=2, embed_dim=256, num_heads=4)",
        "vit",
        _of_timm("vit_tiny_patch16_224", depth=2, embed_dim=256, num_heads=4),
        {},
        "By default every kernel of a block is a normal of 0.02, cut at ±2, which is a hundred "
        "standard deviations; `weight_init='jax'` gives the start of the paper's code.",
    ),
    "swin-timm": LibraryStart(
        "Swin of timm",
        "timm",
        "create_model('swin_tiny_patch4_window7_224', embed_dim=128, depths=[1, 1], …)",
        "swin",
        _of_timm("swin_tiny_patch4_window7_224", embed_dim=128, depths=[1, 1], num_heads=[4, 4]),
    ),
    "beit-timm": LibraryStart(
        "BEiT of timm",
        "timm",
        "create_model('beit_base_patch16_224', depth=2, embed_dim=256, num_heads=4)",
        "beit",
        _of_timm("beit_base_patch16_224", depth=2, embed_dim=256, num_heads=4),
    ),
    "resnet-torchvision": LibraryStart(
        "ResNet-18 of torchvision",
        "torchvision",
        "resnet18()",
        "resnet",
        _of("torchvision.models", "resnet18"),
    ),
    "resnet-timm": LibraryStart(
        "ResNet-18 of timm",
        "timm",
        "create_model('resnet18')",
        "resnet",
        _of_timm("resnet18"),
        {},
        "`zero_init_last` is on by default: the last norm of every branch begins at 0, as Goyal "
        "et al. 2017 have it (`basic_residual_scale = 0` in the recipe).",
    ),
    "convnext-timm": LibraryStart(
        "ConvNeXt of timm",
        "timm",
        "create_model('convnext_atto')",
        "convnext",
        _of_timm("convnext_atto"),
    ),
    "efficientnet-torchvision": LibraryStart(
        "EfficientNet of torchvision",
        "torchvision",
        "efficientnet_b0()",
        "efficientnet",
        _of("torchvision.models", "efficientnet_b0"),
        {},
        "`kaiming_normal_(mode='fan_out')` counts the fan of a depthwise convolution over all its "
        "channels; the released code counts that of one.",
    ),
    "efficientnet-keras": LibraryStart(
        "EfficientNet of Keras",
        "keras",
        "keras.applications.EfficientNetB0(weights=None)",
        "efficientnet",
        _of("keras.applications", "EfficientNetB0", weights=None),
        {},
        "The normals are cut at two standard deviations, to the standard deviation of the "
        "paper's code, which cuts nothing.",
    ),
    "unet-diffusers": LibraryStart(
        "The U-Net of diffusers",
        "diffusers",
        "UNet2DModel(block_out_channels=(128, 128), layers_per_block=1, …)",
        "unet",
        _of(
            *("diffusers", "UNet2DModel"),
            block_out_channels=(128, 128),
            layers_per_block=1,
            sample_size=32,
            down_block_types=("DownBlock2D", "AttnDownBlock2D"),
            up_block_types=("AttnUpBlock2D", "UpBlock2D"),
        ),
        {},
        "The model leaves its layers at what torch starts them with, and defines no start of its "
        "own.",
    ),
    "lora-peft": LibraryStart(
        "LoRA of peft",
        "peft",
        "get_peft_model(LlamaForCausalLM(…), LoraConfig(r=16, target_modules=['q_proj', …]))",
        "lora",
        _lora,
    ),
    "gcn-torch-geometric": LibraryStart(
        "GCN of torch_geometric",
        "torch-geometric",
        "GCN(256, 256, num_layers=3, out_channels=64)",
        _GCN,
        _gcn,
    ),
    "resnet-jax-resnet": LibraryStart(
        "ResNet-18 of jax-resnet",
        "jax-resnet",
        "ResNet18(n_classes=100).init(key, images)",
        "resnet",
        _jax_resnet,
        {},
        "Kernels are left to Flax's `kaiming_normal` of the fan_in, cut at two standard "
        "deviations, where the paper's is of the fan_out; the head is left to Flax's "
        "`Dense`.",
    ),
}
