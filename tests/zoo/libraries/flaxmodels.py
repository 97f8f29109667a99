"""Models of flaxmodels."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import flaxmodels
import jax.numpy as jnp
from flaxmodels.gpt2 import gpt2
from flaxmodels.stylegan2 import discriminator, generator

from zoo.judges.jax_builds import Linen
from zoo.zoo_model import ZooModel

_GPT2: Final = SimpleNamespace(
    vocab_size=99,
    n_positions=40,
    n_embd=32,
    n_layer=2,
    n_head=4,
    layer_norm_epsilon=1e-5,
    embd_pdrop=0.0,
    attn_pdrop=0.0,
    resid_pdrop=0.0,
    activation_function="gelu_new",
    use_cache=False,
)


def _residual(make: Callable[..., Any], seed: int) -> Linen:
    module = make(output="logits", pretrained=None, normalize=False, num_classes=10)
    return Linen(module, (jnp.ones((1, 64, 64, 3)),), seed, {"train": True})


def _vgg(make: Callable[..., Any], seed: int) -> Linen:
    module = make(output="activations", pretrained=None, normalize=False, include_head=False)
    return Linen(module, (jnp.ones((1, 32, 32, 3)),), seed, {"train": False})


def _gpt2(make: Callable[..., Any], seed: int) -> Linen:
    return Linen(make(config=_GPT2), (jnp.zeros((1, 4), jnp.int32),), seed)


def _generator(seed: int) -> Linen:
    module = generator.Generator(
        resolution=16, z_dim=32, w_dim=32, mapping_layer_features=32, num_ws=6, fmap_base=256
    )
    return Linen(module, (jnp.ones((1, 32)),), seed, streams=("noise",))


def _discriminator(seed: int) -> Linen:
    module = discriminator.Discriminator(resolution=16, fmap_base=256)
    return Linen(module, (jnp.ones((1, 16, 16, 3)),), seed)


MODELS: Final = (
    *(
        ZooModel(name, lambda seed, name=name: _residual(getattr(flaxmodels, name), seed))
        for name in ("ResNet18",)
    ),
    ZooModel("VGG16", lambda seed: _vgg(flaxmodels.VGG16, seed)),
    *(
        ZooModel(name, lambda seed, name=name: _gpt2(getattr(gpt2, name), seed))
        for name in ("GPT2Model", "GPT2LMHeadModel")
    ),
    ZooModel("stylegan2.Generator", _generator),
    ZooModel("stylegan2.Discriminator", _discriminator),
)
