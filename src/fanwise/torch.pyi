# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import torch
import torch.nn

from fanwise.adapters.layer_weights import LayerWeight as LayerWeight
from fanwise.adapters.layer_weights import Span as Span
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.signals import LayerCheck
from fanwise.adapters.summary import Summary
from fanwise.adapters.unwritten_values import Unwritten
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme

_Layer = TypeVar("_Layer", bound=torch.nn.Module)
_RecipeLike: TypeAlias = (
    Literal[
        "beit",
        "bert",
        "convnext",
        "deepseek_v3",
        "dit",
        "efficientnet",
        "flax_default",
        "gemma",
        "gpt2",
        "gpt_oss",
        "keras_default",
        "llama",
        "lora",
        "mamba",
        "mamba2",
        "mixtral",
        "nanochat",
        "olmo2",
        "pytorch_transformer",
        "qwen3_moe",
        "resnet",
        "roberta",
        "swin",
        "t5",
        "torch_default",
        "unet",
        "vit",
        "vit_timm",
        "vit_timm_jax",
        "vit_timm_moco",
        "vit_torchvision",
        "vit_transformers",
        "whisper",
    ]
    | Recipe
    | Path
    | Mapping[str, Any]
    | str
)
_SchemeLike: TypeAlias = (
    Literal[
        "zeros",
        "ones",
        "constant",
        "uniform",
        "normal",
        "truncated_normal",
        "variance_scaling",
        "lecun_normal",
        "lecun_uniform",
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
        "xavier_normal",
        "xavier_uniform",
        "kaiming_normal",
        "kaiming_uniform",
        "torch_default",
        "orthogonal",
        "delta_orthogonal",
        "identity",
        "dirac",
        "sparse",
    ]
    | Scheme
    | str
)

def _calculate_correct_fan(
    tensor: torch.Tensor,
    mode: str,
) -> int:
    """Return the fan of a tensor that a mode names: ``"fan_in"`` or ``"fan_out"``."""

def _calculate_fan_in_and_fan_out(
    tensor: torch.Tensor,
) -> tuple[int, int]:
    """Count the fans of a tensor as torch does: axes (out, in, receptive field)."""

def _no_grad_fill_(
    tensor: torch.Tensor,
    val: float,
) -> torch.Tensor:
    """Fill a tensor as :func:`constant_` does."""

def _no_grad_normal_(
    tensor: torch.Tensor,
    mean: float,
    std: float,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor as :func:`normal_` does."""

def _no_grad_trunc_normal_(
    tensor: torch.Tensor,
    mean: float,
    std: float,
    a: float,
    b: float,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor as :func:`trunc_normal_` does."""

def _no_grad_uniform_(
    tensor: torch.Tensor,
    a: float,
    b: float,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor as :func:`uniform_` does."""

def _no_grad_zero_(
    tensor: torch.Tensor,
) -> torch.Tensor:
    """Fill a tensor as :func:`zeros_` does."""

def calculate_gain(
    nonlinearity: str,
    param: float | None = None,
) -> float:
    """Look up the gain of a nonlinearity, in torch's table."""

def capture(
    factory: Callable[[], Any],
    *,
    seeds: Sequence[int] = ...,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does."""

def constant(
    tensor: torch.Tensor,
    val: float,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`constant_`, under its old name, which torch deprecates."""

def constant_(
    tensor: torch.Tensor,
    val: float,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with one value."""

def delta_orthogonal_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``delta_orthogonal``."""

def dirac(
    tensor: torch.Tensor,
    groups: int = 1,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`dirac_`, under its old name, which torch deprecates."""

def dirac_(
    tensor: torch.Tensor,
    groups: int = 1,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill the kernel of a convolution so that it passes its inputs through."""

def eye(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`eye_`, under its old name, which torch deprecates."""

def eye_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a matrix with the identity; what is beyond the square is zero."""

def glorot_normal_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``glorot_normal``."""

def glorot_uniform_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``glorot_uniform``."""

def he_normal_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``he_normal``."""

def he_uniform_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``he_uniform``."""

def identity_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``identity``."""

def init_(
    tensor: torch.Tensor,
    scheme: _SchemeLike,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor by any scheme, in place."""

def initialize(
    model: torch.nn.Module,
    recipe: _RecipeLike,
    *,
    seed: int | None = None,
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Start a whole model by a recipe: the same function as its twins in other frameworks."""

def kaiming_normal(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`kaiming_normal_`, under its old name, which torch deprecates."""

def kaiming_normal_(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from N(0, gain² / fan), not cut."""

def kaiming_uniform(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`kaiming_uniform_`, under its old name, which torch deprecates."""

def kaiming_uniform_(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from U(-l, l) with l = gain · √(3 / fan)."""

def layer_check(
    model: torch.nn.Module,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    loss: Callable[[Any], torch.Tensor] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers."""

def lecun_normal_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lecun_normal``."""

def lecun_uniform_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lecun_uniform``."""

def normal(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`normal_`, under its old name, which torch deprecates."""

def normal_(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from the normal distribution N(mean, std²)."""

def ones_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with ones."""

def orthogonal(
    tensor: torch.Tensor,
    gain: float = 1,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`orthogonal_`, under its old name, which torch deprecates."""

def orthogonal_(
    tensor: torch.Tensor,
    gain: float = 1,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with a (semi-)orthogonal matrix, Haar-distributed, times gain."""

def paths(
    model: torch.nn.Module,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them."""

def register_layer(
    cls: type[torch.nn.Module],
    describe: Callable[[Any], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model."""

def set_initializer(
    layer: _Layer,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
) -> _Layer:
    """Set the weights of one layer, by its true axes, groups and fans."""

def sparse(
    tensor: torch.Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`sparse_`, under its old name, which torch deprecates."""

def sparse_(
    tensor: torch.Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a matrix from N(0, std²), with a fraction of every column set to zero."""

def summary(
    model: torch.nn.Module,
) -> Summary:
    """List the parameters of a model, each with its scheme, true fans and standard deviation."""

def torch_default_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``torch_default``."""

def trunc_normal_(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from N(mean, std²) cut to [a, b], in the units of the weight."""

def truncated_normal_(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    low: float = -2.0,
    high: float = 2.0,
    corrected: bool = True,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``truncated_normal``."""

def uniform(
    tensor: torch.Tensor,
    a: float = 0.0,
    b: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`uniform_`, under its old name, which torch deprecates."""

def uniform_(
    tensor: torch.Tensor,
    a: float = 0.0,
    b: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from the uniform distribution between a and b."""

def unwritten(
    factory: Callable[[], torch.nn.Module],
    init: Callable[[torch.nn.Module], object] | None = None,
    *,
    seed: int = 0,
) -> Unwritten:
    """List the parameters and buffers that a start does not write."""

def variance_scaling_(
    tensor: torch.Tensor,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``variance_scaling``."""

def xavier_normal(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`xavier_normal_`, under its old name, which torch deprecates."""

def xavier_normal_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from N(0, gain² · 2 / (fan_in + fan_out)), not cut."""

def xavier_uniform(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`xavier_uniform_`, under its old name, which torch deprecates."""

def xavier_uniform_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from U(-l, l) with l = gain · √(6 / (fan_in + fan_out))."""

def zeros_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with zeros."""

__all__ = [
    "LayerWeight",
    "Span",
    "_calculate_correct_fan",
    "_calculate_fan_in_and_fan_out",
    "_no_grad_fill_",
    "_no_grad_normal_",
    "_no_grad_trunc_normal_",
    "_no_grad_uniform_",
    "_no_grad_zero_",
    "calculate_gain",
    "capture",
    "constant",
    "constant_",
    "delta_orthogonal_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "glorot_normal_",
    "glorot_uniform_",
    "he_normal_",
    "he_uniform_",
    "identity_",
    "init_",
    "initialize",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "layer_check",
    "lecun_normal_",
    "lecun_uniform_",
    "normal",
    "normal_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "paths",
    "register_layer",
    "set_initializer",
    "sparse",
    "sparse_",
    "summary",
    "torch_default_",
    "trunc_normal_",
    "truncated_normal_",
    "uniform",
    "uniform_",
    "unwritten",
    "variance_scaling_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros_",
]
