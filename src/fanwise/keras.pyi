# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import keras.initializers
import keras.layers
import keras.random
from keras.initializers import STFT as STFT
from keras.initializers import Initializer as Initializer
from numpy.typing import ArrayLike

from fanwise.adapters.keras.initializers.base import Drawn
from fanwise.adapters.keras.initializers.catalogue import CatalogueInitializer, CatalogueScaling
from fanwise.adapters.layer_weights import LayerWeight as LayerWeight
from fanwise.adapters.layer_weights import Span as Span
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.signals import LayerCheck
from fanwise.adapters.summary import Summary
from fanwise.adapters.unwritten_values import Unwritten
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme

_Layer = TypeVar("_Layer", bound=keras.layers.Layer)
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

class Constant(Drawn, keras.initializers.Constant):
    """One value everywhere; an array as value is Keras's own affair."""
    def __init__(
        self,
        value: ArrayLike = 0.0,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class DeltaOrthogonal(CatalogueInitializer):
    """Orthogonal at the centre of the receptive field, zero elsewhere, times gain."""
    def __init__(
        self,
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class DepthwiseInitializer(SchemeInitializer):
    """Draw any scheme on the kernel of a depthwise convolution, (…, channels, multiplier)."""
    def __init__(
        self,
        scheme: _SchemeLike | Mapping[str, Any],
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        path: str | None = None,
        axes: str = "* out out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Dirac(CatalogueInitializer):
    """A convolution that hands its inputs through, group by group."""
    def __init__(
        self,
        groups: int = 1,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class GlorotNormal(VarianceScaling, keras.initializers.GlorotNormal):
    """Normal cut at two standard deviations, variance 1 / fan_avg."""
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class GlorotUniform(VarianceScaling, keras.initializers.GlorotUniform):
    """Uniform, variance 1 / fan_avg."""
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HeNormal(VarianceScaling, keras.initializers.HeNormal):
    """Normal cut at two standard deviations, variance 2 / fan_in."""
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HeUniform(VarianceScaling, keras.initializers.HeUniform):
    """Uniform, variance 2 / fan_in."""
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Identity(Drawn, keras.initializers.Identity):
    """The identity matrix, times gain; what is beyond the square is zero."""
    def __init__(
        self,
        gain: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...
    def __call__(
        self,
        shape: Any,
        dtype: Any = None,
        layout: Any = None,
    ) -> Any: ...

IdentityInitializer = Identity

class KaimingNormal(CatalogueScaling):
    """Normal (not cut), variance gain² / fan: torch's."""
    def __init__(
        self,
        a: float = 0.0,
        mode: str = "fan_in",
        nonlinearity: str = "leaky_relu",
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class KaimingUniform(CatalogueScaling):
    """Uniform, variance gain² / fan: torch's name of he_uniform."""
    def __init__(
        self,
        a: float = 0.0,
        mode: str = "fan_in",
        nonlinearity: str = "leaky_relu",
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LecunNormal(VarianceScaling, keras.initializers.LecunNormal):
    """Normal cut at two standard deviations, variance 1 / fan_in."""
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LecunUniform(VarianceScaling, keras.initializers.LecunUniform):
    """Uniform, variance 1 / fan_in."""
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Normal(CatalogueInitializer):
    """Normal with the given mean and standard deviation."""
    def __init__(
        self,
        mean: float = 0.0,
        std: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Ones(Drawn, keras.initializers.Ones):
    """All ones."""
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Orthogonal(Drawn, keras.initializers.Orthogonal):
    """Semi-orthogonal, Haar-distributed, times gain."""
    def __init__(
        self,
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

OrthogonalInitializer = Orthogonal

class RandomNormal(Drawn, keras.initializers.RandomNormal):
    """Normal with the given mean and standard deviation."""
    def __init__(
        self,
        mean: float = 0.0,
        stddev: float = 0.05,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RandomUniform(Drawn, keras.initializers.RandomUniform):
    """Uniform between minval and maxval."""
    def __init__(
        self,
        minval: float = -0.05,
        maxval: float = 0.05,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

STFTInitializer = STFT

class SchemeInitializer(Drawn):
    """Draw any scheme."""
    def __init__(
        self,
        scheme: _SchemeLike | Mapping[str, Any],
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Sparse(CatalogueInitializer):
    """Normal, with a fraction of the outputs of each input set to zero."""
    def __init__(
        self,
        sparsity: float = 0.1,
        std: float = 0.01,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class TorchDefault(CatalogueScaling):
    """Uniform on ±1 / √fan_in: what torch's layers start with, weight and bias."""
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class TruncatedNormal(Drawn, keras.initializers.TruncatedNormal):
    """Normal cut at two standard deviations; stddev is that of the normal before the cut."""
    def __init__(
        self,
        mean: float = 0.0,
        stddev: float = 0.05,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Uniform(CatalogueInitializer):
    """Uniform between low and high."""
    def __init__(
        self,
        low: float = 0.0,
        high: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class VarianceScaling(Drawn, keras.initializers.VarianceScaling):
    """Variance scale / fan, of the distribution asked for."""
    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class XavierNormal(CatalogueScaling):
    """Normal (not cut), variance gain² / fan_avg: torch's."""
    def __init__(
        self,
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class XavierUniform(CatalogueScaling):
    """Uniform, variance gain² / fan_avg: torch's name of glorot_uniform."""
    def __init__(
        self,
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Zeros(Drawn, keras.initializers.Zeros):
    """All zeros."""
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

def capture(
    factory: Callable[[], Any],
    *,
    seeds: Sequence[int] = ...,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does."""

constant = Constant

delta_orthogonal = DeltaOrthogonal

def deserialize(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any:
    """Make the initializer of a config; the names of Keras stand for the classes of this module."""

dirac = Dirac

def get(
    identifier: Any,
) -> Any:
    """Get an initializer, as ``keras.initializers.get`` does."""

glorot_normal = GlorotNormal

glorot_uniform = GlorotUniform

he_normal = HeNormal

he_uniform = HeUniform

identity = Identity

def initialize(
    model: keras.layers.Layer,
    recipe: _RecipeLike,
    *,
    seed: int,
    engine: Literal["portable", "native"] = "portable",
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Set all weights of a built model by a recipe."""

kaiming_normal = KaimingNormal

kaiming_uniform = KaimingUniform

def layer_check(
    model: keras.layers.Layer,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    loss: Callable[[Any], Any] | None = None,
    training: bool = False,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers."""

lecun_normal = LecunNormal

lecun_uniform = LecunUniform

normal = Normal

ones = Ones

orthogonal = Orthogonal

def paths(
    model: keras.layers.Layer,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them."""

random_normal = RandomNormal

random_uniform = RandomUniform

def register_layer(
    cls: type,
    describe: Callable[[Any], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model."""

def serialize(
    initializer: Any,
) -> Any:
    """Return the config of an initializer, as ``keras.initializers.serialize`` gives it."""

def set_initializer(
    layer: _Layer,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int | keras.random.SeedGenerator | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> _Layer:
    """Set the weights of one layer, by its true axes, groups and fans."""

sparse = Sparse

stft = STFT

def summary(
    model: keras.layers.Layer,
) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation."""

torch_default = TorchDefault

truncated_normal = TruncatedNormal

uniform = Uniform

def unwritten(
    factory: Callable[[], Any],
    init: Callable[[Any], Any],
    *,
    seed: int = 0,
) -> Unwritten:
    """List the variables that a start does not write."""

variance_scaling = VarianceScaling

xavier_normal = XavierNormal

xavier_uniform = XavierUniform

zeros = Zeros

__all__ = [
    "STFT",
    "Constant",
    "DeltaOrthogonal",
    "DepthwiseInitializer",
    "Dirac",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "KaimingNormal",
    "KaimingUniform",
    "LayerWeight",
    "LecunNormal",
    "LecunUniform",
    "Normal",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomNormal",
    "RandomUniform",
    "STFTInitializer",
    "SchemeInitializer",
    "Span",
    "Sparse",
    "TorchDefault",
    "TruncatedNormal",
    "Uniform",
    "VarianceScaling",
    "XavierNormal",
    "XavierUniform",
    "Zeros",
    "capture",
    "constant",
    "delta_orthogonal",
    "deserialize",
    "dirac",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "initialize",
    "kaiming_normal",
    "kaiming_uniform",
    "layer_check",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "orthogonal",
    "paths",
    "random_normal",
    "random_uniform",
    "register_layer",
    "serialize",
    "set_initializer",
    "sparse",
    "stft",
    "summary",
    "torch_default",
    "truncated_normal",
    "uniform",
    "unwritten",
    "variance_scaling",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]
