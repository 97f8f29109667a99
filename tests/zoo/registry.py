"""The libraries of the zoo, and the session and framework that each of them is judged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Library:
    """A library whose models are in the zoo.

    Attributes:
        module: in ``zoo.libraries``, whose ``MODELS`` are those of the library.
        distribution: what it is installed as.
        framework: whose models they are.
        session: of nox; one of them has torchvision, and the torch that goes with it.
        backends: of Keras that they are judged on; empty for the other frameworks.
        in_gate: whether a share of it is judged with every change.
    """

    module: str
    distribution: str
    framework: str
    session: str = "zoo"
    backends: tuple[str, ...] = ()
    in_gate: bool = False


#: With the torch that the project is tested with.
_TORCH: Final[tuple[Library, ...]] = (
    Library("transformers", "transformers", "torch", in_gate=True),
    Library("peft", "peft", "torch", in_gate=True),
    Library("diffusers", "diffusers", "torch"),
    Library("torch_geometric", "torch-geometric", "torch", in_gate=True),
    Library("x_transformers", "x-transformers", "torch", in_gate=True),
    Library("monai", "monai", "torch"),
    Library("gpytorch", "gpytorch", "torch"),
    Library("zuko", "zuko", "torch"),
    Library("rtdl", "rtdl-revisiting-models", "torch"),
    Library("torchrl", "torchrl", "torch"),
    Library("vector_quantize", "vector-quantize-pytorch", "torch"),
    Library("performer_pytorch", "performer-pytorch", "torch"),
    Library("reformer_pytorch", "reformer-pytorch", "torch"),
    Library("linear_attention_transformer", "linear-attention-transformer", "torch"),
    Library("perceiver_pytorch", "perceiver-pytorch", "torch"),
    Library("egnn_pytorch", "egnn-pytorch", "torch"),
    Library("mambapy", "mambapy", "torch"),
    Library("ncps", "ncps", "torch"),
    Library("stable_baselines3", "stable-baselines3", "torch"),
    Library("e3nn", "e3nn", "torch"),
    Library("pytorch_tcn", "pytorch-tcn", "torch"),
    Library("conformer", "conformer", "torch"),
    Library("pytorch_tabnet", "pytorch-tabnet", "torch"),
    Library("sentence_transformers", "sentence-transformers", "torch"),
)

#: With torchvision, and the torch that it needs.
_VISION: Final[tuple[Library, ...]] = (
    Library("timm", "timm", "torch", "zoo_vision"),
    Library("torchvision", "torchvision", "torch", "zoo_vision"),
    Library("segmentation_models_pytorch", "segmentation_models_pytorch", "torch", "zoo_vision"),
    Library("vit_pytorch", "vit-pytorch", "torch", "zoo_vision"),
    Library("kornia", "kornia", "torch", "zoo_vision"),
    Library("pytorchcv", "pytorchcv", "torch", "zoo_vision"),
    Library("effdet", "effdet", "torch", "zoo_vision"),
    Library("efficientnet_pytorch", "efficientnet_pytorch", "torch", "zoo_vision"),
    Library("lightly", "lightly", "torch", "zoo_vision"),
    Library("open_clip", "open_clip_torch", "torch", "zoo_vision"),
)

_KERAS: Final[tuple[Library, ...]] = (
    Library("keras_applications", "keras", "keras", backends=("torch",)),
    Library("keras_hub", "keras-hub", "keras", backends=("torch",), in_gate=True),
    Library("kimm", "kimm", "keras", backends=("torch",)),
    Library("kyolo", "kyolo", "keras", backends=("torch",)),
    Library("ncps_keras", "ncps", "keras", backends=("torch",)),
    Library("keras_share", "keras", "keras", backends=("jax", "tensorflow")),
    Library("keras_parts", "keras", "keras", backends=("jax", "tensorflow", "torch"), in_gate=True),
)

#: With a transformers that has models of Flax.
_JAX: Final[tuple[Library, ...]] = (
    Library("bottleneck_transformer_flax", "bottleneck-transformer-flax", "jax", "zoo_flax"),
    Library("equimo", "equimo", "jax", "zoo_flax"),
    Library("equinox_nn", "equinox", "jax", "zoo_flax"),
    Library("flaxdiff", "flaxdiff", "jax", "zoo_flax"),
    Library("flaxmodels", "flaxmodels", "jax", "zoo_flax"),
    Library("haiku_nets", "dm-haiku", "jax", "zoo_flax"),
    Library("jax_resnet", "jax-resnet", "jax", "zoo_flax"),
    Library("jimm", "jax-image-models", "jax", "zoo_flax", in_gate=True),
    Library("transformers_flax", "transformers", "jax", "zoo_flax"),
    Library("tunix", "google-tunix", "jax", "zoo_flax"),
)

LIBRARIES: Final = (*_TORCH, *_VISION, *_KERAS, *_JAX)
