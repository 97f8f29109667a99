# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, overload

import flax.linen
import flax.nnx
import jax
from jax.nn.initializers import Initializer as Initializer
from jax.nn.initializers import constant as constant
from jax.nn.initializers import ones as ones
from jax.nn.initializers import zeros as zeros
from jax.typing import ArrayLike, DTypeLike

from fanwise.adapters.jax.initializers.axes import AxisRoles
from fanwise.adapters.jax.initializers.keyed_initializer import Columns
from fanwise.adapters.layer_weights import LayerWeight as LayerWeight
from fanwise.adapters.layer_weights import Span as Span
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.signals import LayerCheck
from fanwise.adapters.summary import Summary
from fanwise.adapters.unwritten_values import Unwritten
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight

_Layer = TypeVar("_Layer")
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
_Tree = TypeVar("_Tree")

@dataclass(frozen=True)
class KeyedInitializer:
    """What the functions of this package return: an initializer, as a value."""

    scheme: Scheme
    axes: str | AxisRoles | Columns = "kernel"
    dtype: DTypeLike | None = None
    seed: int | None = None
    path: str | None = None
    engine: Literal["portable", "native"] = "portable"
    def __call__(
        self,
        key: jax.Array | Sequence[int] | None,
        shape: Sequence[int] | DTypeLike | None,
        dtype: DTypeLike | None = None,
        out_sharding: Any = None,
    ) -> jax.Array: ...

def capture(
    factory: Callable[..., Any],
    *,
    inputs: Any = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    seeds: Sequence[int] = ...,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does."""

def delta_orthogonal(
    scale: ArrayLike = 1.0,
    column_axis: int = -1,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of kernels that are orthogonal at their centre, else zero."""

def dirac(
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``dirac``."""

def glorot_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme glorot_normal."""

def glorot_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme glorot_uniform."""

def he_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme he_normal."""

def he_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme he_uniform."""

def identity(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``identity``."""

@overload
def initialize(
    model: flax.linen.Module,
    recipe: _RecipeLike,
    *,
    seed: int,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> tuple[Any, Summary]:
    """Set all weights of a model by a recipe."""

@overload
def initialize(  # type: ignore[overload-cannot-match]
    model: flax.nnx.Module,
    recipe: _RecipeLike,
    *,
    seed: int,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Set all weights of a model by a recipe."""

@overload
def initialize(  # type: ignore[overload-cannot-match]
    model: _Tree,
    recipe: _RecipeLike,
    *,
    seed: int,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> tuple[_Tree, Summary]:
    """Set all weights of a model by a recipe."""

def initializer(
    scheme: _SchemeLike,
    *,
    axes: str = "kernel",
    dtype: DTypeLike | None = None,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of any scheme."""

def kaiming_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme kaiming_normal."""

def kaiming_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme kaiming_uniform."""

def layer_check(
    model: Any,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    loss: Callable[[Any], Any] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers."""

def lecun_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme lecun_normal."""

def lecun_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme lecun_uniform."""

def normal(
    stddev: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws normally, with mean 0."""

def ones_init() -> Initializer:
    """Return :func:`ones`, by Flax's name for it."""

def orthogonal(
    scale: ArrayLike = 1.0,
    column_axis: int = -1,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of semi-orthogonal matrices, Haar-distributed."""

def paths(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them."""

def register_layer(
    cls: type,
    describe: Callable[[Any, Mapping[str, tuple[int, ...]]], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model."""

@overload
def set_initializer(
    layer: _Layer,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    inputs: None = None,
) -> _Layer:
    """Set the weights of one layer, by its true axes, groups and fans."""

@overload
def set_initializer(
    layer: Any,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...],
) -> dict[str, Any]:
    """Set the weights of one layer, by its true axes, groups and fans."""

def sparse(
    sparsity: float = 0.1,
    std: float = 0.01,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sparse``."""

def summary(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    variables: Any = None,
) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation."""

def torch_default(
    dtype: DTypeLike | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``torch_default``."""

def truncated_normal(
    stddev: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    lower: ArrayLike = -2.0,
    upper: ArrayLike = 2.0,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws normally between two bounds."""

def uniform(
    scale: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws uniformly between 0 and ``scale``."""

def unwritten(
    factory: Callable[[], Any],
    init: Callable[[Any], Any],
    *,
    seed: int = 0,
) -> Unwritten:
    """List the arrays that a start does not write."""

def variance_scaling(
    scale: ArrayLike,
    mode: str,
    distribution: str,
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of variance ``scale / fan``."""

def xavier_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme xavier_normal."""

def xavier_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme xavier_uniform."""

def zeros_init() -> Initializer:
    """Return :func:`zeros`, by Flax's name for it."""

__all__ = [
    "Initializer",
    "KeyedInitializer",
    "LayerWeight",
    "Span",
    "capture",
    "constant",
    "delta_orthogonal",
    "dirac",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "initialize",
    "initializer",
    "kaiming_normal",
    "kaiming_uniform",
    "layer_check",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "ones_init",
    "orthogonal",
    "paths",
    "register_layer",
    "set_initializer",
    "sparse",
    "summary",
    "torch_default",
    "truncated_normal",
    "uniform",
    "unwritten",
    "variance_scaling",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
    "zeros_init",
]
