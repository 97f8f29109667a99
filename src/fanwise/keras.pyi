# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: E501, PYI021, PYI051

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
    """One value everywhere; an array as value is Keras's own affair.

    Args:
        value: a number, or an array of the weight's shape.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Constant
        >>> Constant(0.5)((2,)).tolist()
        [0.5, 0.5]

    References:
        Common usage.
    """
    def __init__(
        self,
        value: ArrayLike = 0.0,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class DeltaOrthogonal(CatalogueInitializer):
    """Orthogonal at the centre of the receptive field, zero elsewhere, times gain.

    It draws the scheme ``delta_orthogonal``.

    Args:
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import DeltaOrthogonal
        >>> initializer = DeltaOrthogonal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Conv2D(16, 3, kernel_initializer=initializer)
        >>> layer.build((None, 32, 32, 8))
        >>> tuple(layer.kernel.shape)
        (3, 3, 8, 16)

    References:
        Xiao et al. 2018, arXiv:1806.05393, algorithm 1.
    """
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
    """Draw any scheme on the kernel of a depthwise convolution, (…, channels, multiplier).

    Every channel is a group of its own: fan_in is the receptive field, fan_out is that
    times the multiplier. Keras's own initializers count all channels as inputs.

    Args:
        scheme, seed, path, axes, engine: as in :class:`SchemeInitializer`; the axes are those
            of such a kernel.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import DepthwiseInitializer
        >>> initializer = DepthwiseInitializer("he_normal", seed=0, path="depthwise/kernel")
        >>> layer = keras.layers.DepthwiseConv2D(3, depthwise_initializer=initializer)
        >>> layer.build((None, 32, 32, 8))
        >>> tuple(layer.kernel.shape)
        (3, 3, 8, 1)
    """
    def __init__(
        self,
        scheme: _SchemeLike | Mapping[str, Any],
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        path: str | None = None,
        axes: str = "* out out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Dirac(CatalogueInitializer):
    """A convolution that hands its inputs through, group by group.

    It draws the scheme ``dirac``.

    Args:
        groups: number of groups of a grouped or depthwise convolution.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Dirac
        >>> initializer = Dirac()
        >>> layer = keras.layers.Conv2D(16, 3, kernel_initializer=initializer)
        >>> layer.build((None, 32, 32, 8))
        >>> tuple(layer.kernel.shape)
        (3, 3, 8, 16)

    References:
        Zagoruyko & Komodakis 2017, arXiv:1706.00388, equation 2; torch.nn.init.dirac_.
    """
    def __init__(
        self,
        groups: int = 1,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class GlorotNormal(VarianceScaling, keras.initializers.GlorotNormal):
    """Normal cut at two standard deviations, variance 1 / fan_avg.

    It draws the scheme ``glorot_normal``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import GlorotNormal
        >>> initializer = GlorotNormal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Glorot & Bengio 2010, equation 12.
    """
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
    """Uniform, variance 1 / fan_avg.

    It draws the scheme ``glorot_uniform``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import GlorotUniform
        >>> initializer = GlorotUniform(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Glorot & Bengio 2010, equation 16.
    """
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
    """Normal cut at two standard deviations, variance 2 / fan_in.

    It draws the scheme ``he_normal``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import HeNormal
        >>> initializer = HeNormal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """
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
    """Uniform, variance 2 / fan_in.

    It draws the scheme ``he_uniform``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import HeUniform
        >>> initializer = HeUniform(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """
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
    """The identity matrix, times gain; what is beyond the square is zero.

    Args:
        gain: factor on the weights.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Identity
        >>> Identity(gain=2.0)((2, 3)).tolist()
        [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """
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
    """Normal (not cut), variance gain² / fan: torch's.

    It draws the scheme ``kaiming_normal``.

    Args:
        a: negative slope, for leaky_relu.
        mode: the fan that divides the scale.
        nonlinearity: the nonlinearity that follows; its gain is applied.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import KaimingNormal
        >>> initializer = KaimingNormal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        He et al. 2015, arXiv:1502.01852, equations 10 and 15; torch.nn.init.kaiming_normal_.
    """
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
    """Uniform, variance gain² / fan: torch's name of he_uniform.

    It draws the scheme ``kaiming_uniform``.

    Args:
        a: negative slope, for leaky_relu.
        mode: the fan that divides the scale.
        nonlinearity: the nonlinearity that follows; its gain is applied.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import KaimingUniform
        >>> initializer = KaimingUniform(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        He et al. 2015, arXiv:1502.01852, equations 10 and 15; torch.nn.init.kaiming_uniform_.
    """
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
    """Normal cut at two standard deviations, variance 1 / fan_in.

    It draws the scheme ``lecun_normal``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import LecunNormal
        >>> initializer = LecunNormal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16; Klambauer et al. 2017, arXiv:1706.02515.
    """
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
    """Uniform, variance 1 / fan_in.

    It draws the scheme ``lecun_uniform``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import LecunUniform
        >>> initializer = LecunUniform(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16.
    """
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
    """Normal with the given mean and standard deviation.

    It draws the scheme ``normal``.

    Args:
        mean: mean of the (uncut) normal.
        std: standard deviation of the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Normal
        >>> initializer = Normal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """
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
    """All ones.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Ones
        >>> Ones()((2,)).tolist()
        [1.0, 1.0]

    References:
        Ioffe & Szegedy 2015, arXiv:1502.03167, section 3 (the gain of a normalization).
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Orthogonal(Drawn, keras.initializers.Orthogonal):
    """Semi-orthogonal, Haar-distributed, times gain.

    Args:
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import numpy as np
        >>> from fanwise.keras import Orthogonal
        >>> q = np.asarray(Orthogonal(seed=0, path="dense/kernel")((32, 16)))
        >>> bool(np.allclose(q.T @ q, np.eye(16), atol=1e-5))
        True

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980, SIAM J. Numer. Anal. 17(3).
    """
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
    """Normal with the given mean and standard deviation.

    Args:
        mean: the mean.
        stddev: the standard deviation, at least 0.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RandomNormal
        >>> RandomNormal(stddev=0.02, seed=0, path="dense/kernel").scheme
        scheme('normal', std=0.02)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """
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
    """Uniform between minval and maxval.

    Args:
        minval, maxval: the ends of the interval.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RandomUniform
        >>> weight = RandomUniform(-0.1, 0.1, seed=0, path="dense/kernel")((8, 16))
        >>> bool((abs(weight) <= 0.1).all())
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """
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
    """Draw any scheme.

    Args:
        scheme: a scheme, its name, or the dict that ``Scheme.to_dict`` gives.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        path: the weight's path in its model.
        axes: the role of each axis, a pattern or its name: ``"keras_transposed"`` for the
            kernel of a transposed convolution.
        engine: ``"portable"`` or ``"native"``.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SchemeInitializer
        >>> SchemeInitializer("kaiming_normal", seed=0).scheme
        scheme('kaiming_normal')
    """
    def __init__(
        self,
        scheme: _SchemeLike | Mapping[str, Any],
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Sparse(CatalogueInitializer):
    """Normal, with a fraction of the outputs of each input set to zero.

    It draws the scheme ``sparse``.

    Args:
        sparsity: fraction of the outputs of each input that is set to zero.
        std: standard deviation of the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Sparse
        >>> initializer = Sparse(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Martens 2010, Deep learning via Hessian-free optimization, section 5; torch.nn.init.sparse_.
    """
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
    """Uniform on ±1 / √fan_in: what torch's layers start with, weight and bias.

    It draws the scheme ``torch_default``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import TorchDefault
        >>> initializer = TorchDefault(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        LeCun et al. 1998, Efficient BackProp, section 4.6; reset_parameters of torch.nn.Linear.
    """
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
    """Normal cut at two standard deviations; stddev is that of the normal before the cut.

    Args:
        mean: the mean.
        stddev: the standard deviation before the cut; that of the weights is 0.88 of it.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import TruncatedNormal
        >>> scheme = TruncatedNormal(stddev=0.02, seed=0, path="dense/kernel").scheme
        >>> round(scheme.std((768, 768)), 5)
        0.01759

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """
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
    """Uniform between low and high.

    It draws the scheme ``uniform``.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Uniform
        >>> initializer = Uniform(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """
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
    """Variance scale / fan, of the distribution asked for.

    Args:
        scale: numerator of the variance, > 0.
        mode: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` or ``"fan_geo_avg"``.
        distribution: ``"truncated_normal"`` (at two standard deviations; ``"normal"`` is
            Keras's other word for it), ``"untruncated_normal"`` or ``"uniform"``.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        input_axes, output_axes: where both are given, they alone make up the fans, as in
            Keras: an axis in neither is a batch axis.
        path: the weight's path in its model.
        axes: the role of each axis, a pattern or its name; if it is given, input_axes and
            output_axes are not looked at.
        engine: ``"portable"`` or ``"native"``.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import VarianceScaling
        >>> init = VarianceScaling(2.0, "fan_out", "untruncated_normal", seed=0, path="conv/kernel")
        >>> tuple(init((3, 3, 8, 16)).shape)
        (3, 3, 8, 16)
        >>> init.get_config()["mode"]
        'fan_out'

    References:
        He et al. 2015, arXiv:1502.01852, section 2.2; Glorot & Bengio 2010, section 4.2.
    """
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
    """Normal (not cut), variance gain² / fan_avg: torch's.

    It draws the scheme ``xavier_normal``.

    Args:
        gain: factor on the weights.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import XavierNormal
        >>> initializer = XavierNormal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Glorot & Bengio 2010, equation 12; torch.nn.init.xavier_normal_.
    """
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
    """Uniform, variance gain² / fan_avg: torch's name of glorot_uniform.

    It draws the scheme ``xavier_uniform``.

    Args:
        gain: factor on the weights.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import XavierUniform
        >>> initializer = XavierUniform(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Glorot & Bengio 2010, equation 16; torch.nn.init.xavier_uniform_.
    """
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
    """All zeros.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Zeros
        >>> Zeros()((2,)).tolist()
        [0.0, 0.0]

    References:
        Common usage; for biases and the last layer of a residual branch.
    """
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
    """Find the recipe that starts a model as its own code does.

    The function is called under several seeds. What holds the same each time is a constant or a
    formula; of what differs the law is told by the values, and its numbers are written as the
    expressions that agree for all shapes. Random states, counted names and
    settings are put back. The recipe is then proved: two builds more, and a model that it has
    started itself, are judged by it with a false-alarm rate below 10⁻⁹.

    Args:
        factory: builds the model anew each time, with its weights; it takes nothing.
        seeds: of the builds, at least two; more of them tell small weights better.
        prove: whether to prove the recipe, for which the extra ``conformance`` is needed.

    Returns:
        The recipe: ``recipe.to_toml()`` writes it, and comments say what fits as well. It keeps
        weights whose start was not found.

    Raises:
        FanwiseError: for a function that builds no new model under each seed, or seeds itself; and
            for a recipe that builds of its model contradict, with their weights.

    Warns:
        UnresolvedWeightWarning: naming the weights that start in no way that was found.
        UnrepeatableFactoryWarning: where one seed does not give one model.
        UnsoundStartWarning: naming what an audit of such a model fails, whose code draws so.

    Examples:
        >>> import keras
        >>> def build():
        ...     return keras.Sequential([keras.Input((64,)), keras.layers.Dense(256, name="head")])
        >>> [rule.init["scheme"] for rule in capture(build).rules]
        ['glorot_uniform', 'zeros']
    """

constant = Constant

delta_orthogonal = DeltaOrthogonal

def deserialize(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any:
    """Make the initializer of a config; the names of Keras stand for the classes of this module.

    Args:
        config: what :func:`serialize` gave, or ``keras.initializers.serialize``.
        custom_objects: further classes, by the names that the config has for them.

    Returns:
        The initializer.

    Raises:
        FanwiseError: for a config of one of these classes that is no such data.

    Examples:
        >>> from fanwise.keras import HeNormal
        >>> deserialize(serialize(HeNormal(seed=0, path="dense/kernel"))).path
        'dense/kernel'
    """

dirac = Dirac

def get(
    identifier: Any,
) -> Any:
    """Get an initializer, as ``keras.initializers.get`` does.

    Args:
        identifier: a name of Keras or of a scheme, a config, a class, a callable, a
            tensor with the values, or None.

    Returns:
        The initializer; None for None.

    Raises:
        FanwiseError: for an unknown name.

    Examples:
        >>> get("he_normal").get_config()["seed"] is None
        True
    """

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
    """Set all weights of a built model by a recipe.

    The path of a weight is made of the names of the layers, from the model's children on,
    and its role: ``"encoder/attention/query/kernel"``. Names that Keras makes, ``dense_7``, are
    counted within the model: ``dense``, ``dense_1``. A wrapper around one layer has no part
    in the path. A layer at several places is one, under its first path.

    Args:
        model: a model or a layer, functional, sequential or subclassed; built.
        recipe: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a dict of the same form, or a :class:`fanwise.spec.recipe.Recipe`.
        seed: 0 ≤ seed < 2⁶⁴.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            samplers of Keras, each weight under a seed made of this one and its path.
        only: patterns of canonical paths; other weights are left alone.
        exclude: patterns of canonical paths that are left alone.
        missing: what a checkpoint did not bring: variables, their paths, canonical paths, or
            layers by either, all below them. Other weights are left alone; None is all weights.
        dry_run: whether to report everything, problems too, and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`: a row for every weight that is set, and the names of all that is left
        alone: what stays by its rule, ``only``, ``exclude`` or ``missing``, and what else the
        layers keep and do not train. Observed is NaN where nothing was written, or nothing read
        again.

    Raises:
        FanwiseError: where recipe and model do not fit, as where no rule with ``frozen = true``
            is about a layer that does not train; all weights are then untouched.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4, name="head")])
        >>> report = initialize(model, "keras_default", seed=0)
        >>> [row.path for row in report.rows]
        ['head/kernel', 'head/bias']
    """

kaiming_normal = KaimingNormal

kaiming_uniform = KaimingUniform

def layer_check(
    model: keras.layers.Layer,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    loss: Callable[[Any], Any] | None = None,
    training: bool = False,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    Nothing of the model is changed: neither its weights, nor what its layers keep, nor the states
    of its generators of random numbers.

    Args:
        model: any built Keras model or layer, on any backend.
        inputs: a batch, as the model takes it.
        keywords: what the model takes by name.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every array of
            floats in the output, which may be a tensor, a tuple, a dict or any object that holds
            some.
        training: whether the layers are to behave as in training.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called.
        Attention, recurrences and what :func:`register_layer` describes are seen whole; of an
        output of several tensors, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a built layer, one that does not run, an output without
            floats, and a loss that is not a scalar.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])
        >>> check = layer_check(model, keras.ops.ones((2, 8)))
        >>> [layer.class_name for layer in check.layers]
        ['Dense']
    """

lecun_normal = LecunNormal

lecun_uniform = LecunUniform

normal = Normal

ones = Ones

orthogonal = Orthogonal

def paths(
    model: keras.layers.Layer,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: a model or a layer; built.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape, axes,
        whether it trains, and what its layer declares that it starts with; ``str`` of it is a
        table.

    Raises:
        FanwiseError: for anything but a built model.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="head")])
        >>> [(row.path, row.own) for row in paths(model).rows]
        [('head/kernel', "scheme('glorot_uniform')"), ('head/bias', "scheme('zeros')")]
    """

random_normal = RandomNormal

random_uniform = RandomUniform

def register_layer(
    cls: type,
    describe: Callable[[Any], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    Without it, a weight that a layer of an unknown class has added itself is of the kind
    ``"parameter"``, has its own name for a path, and its axes as those of a kernel.

    Args:
        cls: the class of the layer; its subclasses too.
        describe: gives, for a built layer, a :class:`LayerWeight` for each weight that it
            holds itself. It replaces what Fanwise knows of the class; the layers in it are
            found as ever. A parameter that is described at all must be described as a whole.

    Raises:
        FanwiseError: for anything but a class of layers and a function.

    Examples:
        >>> import keras
        >>> class Gate(keras.layers.Layer): ...
        >>> register_layer(Gate, lambda layer: [LayerWeight("w", "kernel", axes="out in")])
    """

def serialize(
    initializer: Any,
) -> Any:
    """Return the config of an initializer, as ``keras.initializers.serialize`` gives it.

    Args:
        initializer: of this module, of Keras, or of anyone.

    Returns:
        Plain data: the name of the class, and the arguments that make it again.

    Raises:
        TypeError: for what Keras cannot serialize.

    Examples:
        >>> from fanwise.keras import HeNormal
        >>> serialize(HeNormal(seed=0))["registered_name"]
        'fanwise>HeNormal'
    """

def set_initializer(
    layer: _Layer,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int | keras.random.SeedGenerator | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> _Layer:
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.keras.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of Keras that have weights, and those of :func:`register_layer`. A layer without a
    bias needs none. What else a fresh layer starts with is set too: the running mean 0 and
    variance 1 of a batch normalization, and the zeros of the second of two biases.

    A layer that is not built yet gets initializers, which give the same when it is built; and
    an LSTM loses its ``unit_forget_bias``, since its initializer says what that starts with.

    Args:
        layer: the layer.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices stands
            for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴, a ``keras.random.SeedGenerator``, which advances for each
            weight, or None for one drawn now.
        path: the layer's path in its model, of a wrapper that of the layer in it: its kernel
            is ``"<path>/kernel"``, its bias ``"<path>/bias"`` (without a path, ``"kernel"``
            and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.

    Returns:
        The same layer.

    Raises:
        FanwiseError: for bad input, for a layer with weights of unknown axes, and for one
            that must be built first; the layer is then untouched.

    Examples:
        >>> import keras
        >>> layer = set_initializer(keras.layers.Dense(4), "lecun_normal", seed=0)
        >>> layer.kernel_initializer.scheme
        scheme('lecun_normal')
    """

sparse = Sparse

stft = STFT

def summary(
    model: keras.layers.Layer,
) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation.

    A weight that is used at several places is one row, under its first path. A scheme is shown
    where :func:`fanwise.keras.initialize`, with its report, or :func:`set_initializer` has set the
    weight, and as long as it has the values that were drawn: not after a step of training.

    Args:
        model: a model or a layer; built.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a built model.

    Examples:
        >>> import keras
        >>> summary(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])).parameters
        8
    """

torch_default = TorchDefault

truncated_normal = TruncatedNormal

uniform = Uniform

def unwritten(
    factory: Callable[[], Any],
    init: Callable[[Any], Any],
    *,
    seed: int = 0,
) -> Unwritten:
    """List the variables that a start does not write.

    The model is built, and all its variables are overwritten by one pattern of bytes, then by
    another. What holds the pattern after both starts was not written; what differs otherwise was
    computed from memory, or is not repeatable. The states of generators of seeds are left as they
    are. Random states of Keras, its backend, NumPy and Python are put back.

    Args:
        factory: builds the model anew each time, with its variables; it takes nothing.
        init: starts a model in place, or returns one that is started.
        seed: of each start.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each variable.

    Raises:
        FanwiseError: for a factory of something else, or one that raises, and for an ``init`` that
            raises.

    Examples:
        >>> def build():
        ...     layer = keras.layers.Dense(3, name="fc")
        ...     layer.build((None, 2))
        ...     return layer
        >>> print(unwritten(build, lambda layer: layer.kernel.assign(np.zeros((2, 3)))))
        fc/bias (weight, [3]): nobody wrote it
        1 of 2 tensors are not set.
    """

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
