# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: E501, PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
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
from fanwise.adapters.lsuv import LsuvReport
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.signals import LayerCheck
from fanwise.adapters.starts.written import Written
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
        "given",
        "linspace",
        "arange",
        "geomspace",
        "powers",
        "log_uniform",
        "small_init",
        "mt_nlg",
        "mitchell",
        "bert_cut",
        "embedding_scaled",
        "small_embedding",
        "scaled_residual",
        "depth_scaled",
        "mitchell_residual",
        "wang_init",
        "ds_init",
        "deepnorm",
        "deepnorm_encoder",
        "deepnorm_decoder",
        "subln",
        "subln_encoder",
        "subln_decoder",
        "t_fixup",
        "t_fixup_decoder",
        "t_fixup_embedding",
        "t5_query",
        "t5_key",
        "t5_up",
        "t5_position",
        "switch_moe",
        "fixup",
        "skip_init",
        "layer_scale",
        "efficientnet",
        "efficientnet_dense",
        "ddpm",
        "normc",
        "selu",
        "uniform_unit_scaling",
        "mup_input",
        "mup_hidden",
        "mup_output",
        "mup_residual",
        "u_mup",
        "complete_p",
        "spectral",
        "modular_orthogonal",
        "modular_embedding",
        "ntk",
        "edge_of_chaos",
        "forget_bias",
        "chrono_forget",
        "chrono_input",
        "uniform_gate",
        "xlstm_forget",
        "xlstm_power_law",
        "prior_bias",
        "class_prior",
        "multilabel_prior",
        "hippo_legs_a",
        "hippo_legs_b",
        "hippo_legs_p",
        "hippo_legt_a",
        "hippo_legt_b",
        "hippo_fourier_a",
        "hippo_fourier_b",
        "s4d_lin",
        "s4d_inv",
        "s4d_quad",
        "s4d_real",
        "s4_log_dt",
        "mamba_a_log",
        "mamba2_a_log",
        "mamba_dt_bias",
        "mamba_dt_proj",
        "mamba_out_proj",
        "lru_ring",
        "lru_gamma",
        "lru_phase",
        "rg_lru",
        "retnet_decay",
        "lightning_slopes",
        "rwkv7_mix",
        "rwkv7_channel_mix",
        "rwkv7_decay",
        "rwkv7_rate",
        "rwkv7_value",
        "rwkv7_key",
        "rwkv7_norm",
        "alibi_slopes",
        "rotary",
        "rotary_linear",
        "rotary_ntk",
        "rotary_yarn",
        "rotary_llama3",
        "rotary_longrope",
        "retnet_angles",
        "xpos_scale",
        "sinusoidal",
        "sinusoidal_halves",
        "sinusoidal_tensor2tensor",
        "sinusoidal_2d",
        "hadamard",
        "hadamard_identity",
        "idinit",
        "idinit_zero",
        "sinusoidal_weights",
        "icnr",
        "bilinear_upsampling",
        "deformable_attention_grid",
        "glow_rotation",
        "block_orthogonal",
        "glorot_orthogonal",
        "conv_aware",
        "spectral_normalized",
        "spectral_sphere",
        "reservoir",
        "erdos_renyi",
        "mimetic_query",
        "mimetic_key",
        "mimetic_value",
        "mimetic_out",
        "siren_first",
        "siren",
        "finer_bias",
        "hash_grid",
        "sal_sphere",
        "sal_hidden",
        "fourier_features",
        "kan_spline",
        "kan_base",
        "lora_orthogonal_a",
        "lora_orthogonal_b",
        "lora_a",
        "lora_gaussian",
        "vera",
        "hyperfan_in",
        "hyperfan_out",
    ]
    | Scheme
    | str
)

class AlibiSlopes(CatalogueInitializer):
    """ALiBi's slope of each head: 2^(−8(h + 1)/H); where H is no power of two, the next smaller one's, then every other one of twice as many.

    It draws the scheme ``alibi_slopes``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import AlibiSlopes
        >>> initializer = AlibiSlopes()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Press, Smith & Lewis 2022, arXiv:2108.12409, section 3.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "out *",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Arange(CatalogueInitializer):
    """From start on in steps, along the outputs.

    It draws the scheme ``arange``.

    Args:
        start: the first of a sequence of numbers.
        step: the difference between a number of a sequence and the next.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Arange
        >>> initializer = Arange()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Common usage: numpy.arange.
    """
    def __init__(
        self,
        start: float = 0.0,
        step: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class BertCut(CatalogueInitializer):
    """Normal of 0.02 cut at two standard deviations of itself: 0.0176 comes out.

    It draws the scheme ``bert_cut``.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import BertCut
        >>> initializer = BertCut(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Devlin et al. 2019, arXiv:1810.04805: its code; the paper does not say.
    """
    def __init__(
        self,
        std: float = 0.02,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class BilinearUpsampling(CatalogueInitializer):
    """Transposed convolution that interpolates: each channel has a bilinear kernel to itself.

    It draws the scheme ``bilinear_upsampling``.

    Args:
        groups: number of groups of a grouped or depthwise convolution.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import BilinearUpsampling
        >>> initializer = BilinearUpsampling()
        >>> tuple(initializer((4, 4, 8, 8)).shape)
        (4, 4, 8, 8)

    References:
        Long, Shelhamer & Darrell 2015, arXiv:1411.4038, section 3.3.
    """
    def __init__(
        self,
        groups: int = 1,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class BlockOrthogonal(CatalogueInitializer):
    """Blocks side by side, each semi-orthogonal by itself, times gain.

    It draws the scheme ``block_orthogonal``.

    Args:
        in_blocks: the number of equal blocks side by side along the inputs.
        out_blocks: the number of equal blocks side by side along the outputs.
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import BlockOrthogonal
        >>> initializer = BlockOrthogonal(out_blocks=4, seed=0, path="layer/kernel")
        >>> tuple(initializer((8, 32)).shape)
        (8, 32)

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3, for each block.
    """
    def __init__(
        self,
        in_blocks: int = 1,
        out_blocks: int = 1,
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ChronoForget(CatalogueInitializer):
    """Bias of a forget gate: ln U(1, steps − 1), so that memories last 1 to steps − 1 steps. chrono_input is the other half.

    It draws the scheme ``chrono_forget``.

    Args:
        steps: the longest dependency that is to be learned, in time steps.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import ChronoForget
        >>> initializer = ChronoForget(steps=784.0, seed=0, path="layer/forget_bias")
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Tallec & Ollivier 2018, arXiv:1804.11188: the chrono initialization.
    """
    def __init__(
        self,
        steps: float,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ChronoInput(CatalogueInitializer):
    """Bias of an input gate: −ln U(1, steps − 1), of the same draw as chrono_forget's. Of a bias of several gates it is the first, and the others are 0.

    It draws the scheme ``chrono_input``.

    Args:
        steps: the longest dependency that is to be learned, in time steps.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import ChronoInput
        >>> initializer = ChronoInput(steps=784.0, seed=0, path="layer/bias")
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Tallec & Ollivier 2018, arXiv:1804.11188: the chrono initialization.
    """
    def __init__(
        self,
        steps: float,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ClassPrior(CatalogueInitializer):
    """The logarithms of the classes' frequencies: a softmax begins with those.

    It draws the scheme ``class_prior``.

    Args:
        probabilities: the probability of each class (for class_prior, counts do as well).
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import ClassPrior
        >>> initializer = ClassPrior(probabilities=(0.7, 0.2, 0.09, 0.01))
        >>> tuple(initializer((4,)).shape)
        (4,)

    References:
        Bishop 1995, Neural Networks for Pattern Recognition, chapter 6: a softmax of ln p is p.
    """
    def __init__(
        self,
        probabilities: ArrayLike,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class CompleteP(CatalogueScaling):
    """Normal of std √(base_width / fan_in), without a factor of depth, which is in the residual branches.

    It draws the scheme ``complete_p``.

    Args:
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import CompleteP
        >>> initializer = CompleteP(std=0.02, base_width=256.0, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Dey et al. 2025, arXiv:2505.01618, table 1.
    """
    def __init__(
        self,
        base_width: float,
        std: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

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

class ConvAware(CatalogueInitializer):
    """Convolution whose kernels into one output are orthogonal in the frequency domain; mean square scale / fan_in.

    It draws the scheme ``conv_aware``.

    Args:
        scale: numerator of the variance.
        noise: standard deviation of the noise that is added before scaling.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import ConvAware
        >>> initializer = ConvAware(seed=0, path="layer/kernel")
        >>> tuple(initializer((3, 3, 8, 16)).shape)
        (3, 3, 8, 16)

    References:
        Aghajanyan 2017, arXiv:1702.06295, section 3.
    """
    def __init__(
        self,
        scale: float = 2.0,
        noise: float = 0.05,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Ddpm(CatalogueScaling):
    """Uniform, variance scale / fan_avg; the last layer of each branch with a scale of 1e-10.

    It draws the scheme ``ddpm``.

    Args:
        scale: numerator of the variance.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Ddpm
        >>> initializer = Ddpm(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Ho, Jain & Abbeel 2020, arXiv:2006.11239: its code.
    """
    def __init__(
        self,
        scale: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Deepnorm(CatalogueScaling):
    """Xavier's normal times (8 layers)^(-1/4): values, outputs and feed-forward of an encoder or a decoder alone.

    It draws the scheme ``deepnorm``.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Deepnorm
        >>> initializer = Deepnorm(layers=12, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """
    def __init__(
        self,
        layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class DeepnormDecoder(CatalogueScaling):
    """Xavier's normal times (12 decoder_layers)^(-1/4): the decoder beside an encoder.

    It draws the scheme ``deepnorm_decoder``.

    Args:
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import DeepnormDecoder
        >>> initializer = DeepnormDecoder(decoder_layers=6, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """
    def __init__(
        self,
        decoder_layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class DeepnormEncoder(CatalogueScaling):
    """Xavier's normal times 0.87 (encoder_layers⁴ decoder_layers)^(-1/16): the encoder beside a decoder.

    It draws the scheme ``deepnorm_encoder``.

    Args:
        encoder_layers: the number of layers of the encoder.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import DeepnormEncoder
        >>> initializer = DeepnormEncoder(encoder_layers=12, decoder_layers=6, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """
    def __init__(
        self,
        encoder_layers: int,
        decoder_layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class DeformableAttentionGrid(CatalogueInitializer):
    """Bias of the sampling offsets: each head looks in its own direction, point p of it p + 1 samples far.

    It draws the scheme ``deformable_attention_grid``.

    Args:
        heads: the number of attention heads.
        levels: the number of feature levels that attention samples.
        points: the number of points that a head samples on each level.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import DeformableAttentionGrid
        >>> initializer = DeformableAttentionGrid()
        >>> tuple(initializer((256,)).shape)
        (256,)

    References:
        Zhu et al. 2021, arXiv:2010.04159, appendix A.4.
    """
    def __init__(
        self,
        heads: int = 8,
        levels: int = 4,
        points: int = 4,
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

class DepthScaled(CatalogueInitializer):
    """Normal of std / √(2 (layer + 1)), with layers counted from 0: later layers write less.

    It draws the scheme ``depth_scaled``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import DepthScaled
        >>> initializer = DepthScaled(layer=3, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Bao et al. 2022, arXiv:2106.08254, section 2.5 (BEiT); torchtitan's models.
    """
    def __init__(
        self,
        layer: int,
        std: float = 0.02,
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

class DsInit(CatalogueScaling):
    """Xavier's uniform times gain / √(layer + 1), with layers counted from 0.

    It draws the scheme ``ds_init``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        gain: factor on the weights.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import DsInit
        >>> initializer = DsInit(layer=3, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Zhang, Titov & Sennrich 2019, arXiv:1908.11365, section 4.
    """
    def __init__(
        self,
        layer: int,
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class EdgeOfChaos(CatalogueScaling):
    """Normal, variance weight_variance / fan_in, where weight_variance is that at which signals neither die nor explode.

    It draws the scheme ``edge_of_chaos``.

    Args:
        weight_variance: the variance of a weight, times fan_in.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import EdgeOfChaos
        >>> initializer = EdgeOfChaos(weight_variance=1.76, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Poole et al. 2016, arXiv:1606.05340, section 2; Schoenholz et al. 2017, arXiv:1611.01232.
    """
    def __init__(
        self,
        weight_variance: float,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Efficientnet(CatalogueScaling):
    """Normal, variance 2 / fan_out: convolutions.

    It draws the scheme ``efficientnet``.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Efficientnet
        >>> initializer = Efficientnet(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Tan & Le 2019, arXiv:1905.11946: its code.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class EfficientnetDense(CatalogueScaling):
    """Uniform on ±1 / √fan_out: the classifier.

    It draws the scheme ``efficientnet_dense``.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import EfficientnetDense
        >>> initializer = EfficientnetDense(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Tan & Le 2019, arXiv:1905.11946: its code.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class EmbeddingScaled(CatalogueInitializer):
    """Normal, variance 1 / fan_out: a table of (tokens, width), to be multiplied by √width where it is used.

    It draws the scheme ``embedding_scaled``.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import EmbeddingScaled
        >>> initializer = EmbeddingScaled(seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.4, which multiplies embeddings by √width.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ErdosRenyi(CatalogueScaling):
    """Glorot's law on the connections of a random graph: density epsilon (in + out) / (in out), with a receptive field epsilon (in + out + k…) / (in out k…).

    It draws the scheme ``erdos_renyi``.

    Args:
        epsilon: connections for each input and each output, about: the density is epsilon (in + out) / (in out).
        elements: what the elements that are not zero are drawn from, with mean 0.
        gain: factor on the weights.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import ErdosRenyi
        >>> initializer = ErdosRenyi(seed=0, path="layer/kernel")
        >>> tuple(initializer((256, 128)).shape)
        (256, 128)

    References:
        Mocanu et al. 2018, arXiv:1707.04780, equation 1; Evci et al. 2020, arXiv:1911.11134, section 3 (1) for convolutions
    """
    def __init__(
        self,
        epsilon: float = 20.0,
        elements: str = "uniform",
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class FinerBias(CatalogueInitializer):
    """Uniform on ±bound: the first bias, whose size chooses the frequencies.

    It draws the scheme ``finer_bias``.

    Args:
        bound: the largest magnitude, in the weight's units.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import FinerBias
        >>> initializer = FinerBias(seed=0, path="layer/kernel")
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Liu et al. 2024, arXiv:2312.02434.
    """
    def __init__(
        self,
        bound: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Fixup(CatalogueScaling):
    """Normal of layers^(-1 / (2 branch_layers - 2)) √(2 / fan_out): the layers of a branch but its last.

    It draws the scheme ``fixup``.

    Args:
        layers: the number of layers (blocks) of the model.
        branch_layers: the number of layers with weights in a residual branch.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Fixup
        >>> initializer = Fixup(layers=16, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Zhang, Dauphin & Ma 2019, arXiv:1901.09321, section 3.
    """
    def __init__(
        self,
        layers: int,
        branch_layers: int = 2,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ForgetBias(CatalogueInitializer):
    """One value, 1 unless given, for the bias of a forget gate: the gate begins open.

    It draws the scheme ``forget_bias``.

    Args:
        value: the value of every element.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import ForgetBias
        >>> initializer = ForgetBias()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Gers, Schmidhuber & Cummins 2000, Learning to forget; Jozefowicz, Zaremba & Sutskever 2015, An empirical exploration of recurrent network architectures.
    """
    def __init__(
        self,
        value: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class FourierFeatures(CatalogueInitializer):
    """Normal of std, which chooses the frequencies: a matrix that does not train.

    It draws the scheme ``fourier_features``.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import FourierFeatures
        >>> initializer = FourierFeatures(seed=0, path="layer/kernel")
        >>> tuple(initializer((2, 64)).shape)
        (2, 64)

    References:
        Tancik et al. 2020, arXiv:2006.10739.
    """
    def __init__(
        self,
        std: float = 10.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Geomspace(CatalogueInitializer):
    """From low to high, each the same multiple of the one before, along the outputs.

    It draws the scheme ``geomspace``.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Geomspace
        >>> initializer = Geomspace()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Common usage: numpy.geomspace.
    """
    def __init__(
        self,
        low: float = 0.001,
        high: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Given(CatalogueInitializer):
    """The values that are given.

    It draws the scheme ``given``.

    Args:
        values: the numbers themselves, or rows of them, in canonical order (in, out).
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Given
        >>> initializer = Given(values=((0.0, 0.5, 1.0), (1.0, 0.5, 0.0)))
        >>> tuple(initializer((2, 3)).shape)
        (2, 3)

    References:
        Common usage: tables and priors that are known beforehand.
    """
    def __init__(
        self,
        values: ArrayLike,
        *,
        path: str | None = None,
        axes: str = "* in out",
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

class GlorotOrthogonal(CatalogueScaling):
    """Semi-orthogonal, Haar-distributed; of a matrix with Glorot's variance, scale / (fan_in + fan_out).

    It draws the scheme ``glorot_orthogonal``.

    Args:
        scale: numerator of the variance.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import GlorotOrthogonal
        >>> initializer = GlorotOrthogonal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Gasteiger, Groß & Günnemann 2020, arXiv:2003.03123, code.
    """
    def __init__(
        self,
        scale: float = 2.0,
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

class GlowRotation(CatalogueInitializer):
    """Random rotation: Haar-distributed orthogonal, of determinant 1.

    It draws the scheme ``glow_rotation``.

    Args:
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import GlowRotation
        >>> initializer = GlowRotation(seed=0, path="layer/kernel")
        >>> tuple(initializer((12, 12)).shape)
        (12, 12)

    References:
        Kingma & Dhariwal 2018, arXiv:1807.03039, section 3.2.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Hadamard(CatalogueInitializer):
    """Sylvester's Hadamard matrix over √order, or the upper left part of one.

    It draws the scheme ``hadamard``.

    Args:
        gain: factor on the weights.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Hadamard
        >>> initializer = Hadamard()
        >>> tuple(initializer((16, 16)).shape)
        (16, 16)

    References:
        Sylvester 1867, Philosophical Magazine 34(232).
    """
    def __init__(
        self,
        gain: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HadamardIdentity(CatalogueInitializer):
    """ZerO: an identity, or a Hadamard matrix where the layer widens (by √2 less than the paper's, as in its code); a convolution holds it in its centre.

    It draws the scheme ``hadamard_identity``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HadamardIdentity
        >>> initializer = HadamardIdentity()
        >>> tuple(initializer((6, 16)).shape)
        (6, 16)

    References:
        Zhao, Schäfer & Anandkumar 2022, arXiv:2110.12661, algorithm 1.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HashGrid(CatalogueInitializer):
    """Uniform on ±0.0001: the features of a hash table.

    It draws the scheme ``hash_grid``.

    Args:
        bound: the largest magnitude, in the weight's units.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HashGrid
        >>> initializer = HashGrid(seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 2)).shape)
        (64, 2)

    References:
        Müller et al. 2022, arXiv:2201.05989, section 4.
    """
    def __init__(
        self,
        bound: float = 0.0001,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* in out",
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

class HippoFourierA(CatalogueInitializer):
    """A of the truncated Fourier basis over a sliding window, states in pairs of cosine and sine. S4's code has it at window = 2.

    It draws the scheme ``hippo_fourier_a``.

    Args:
        window: the length of the window of time that a state remembers.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HippoFourierA
        >>> initializer = HippoFourierA()
        >>> tuple(initializer((16, 16)).shape)
        (16, 16)

    References:
        Gu et al. 2023, arXiv:2206.12037, S4-FouT; Gu et al. 2020, arXiv:2008.07669, appendix D.4.
    """
    def __init__(
        self,
        window: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "out in",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HippoFourierB(CatalogueInitializer):
    """B of the truncated Fourier basis: 2, 0, 2√2, 0, 2√2 … over window. S4's code has it at window = 2.

    It draws the scheme ``hippo_fourier_b``.

    Args:
        window: the length of the window of time that a state remembers.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HippoFourierB
        >>> initializer = HippoFourierB()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Gu et al. 2023, arXiv:2206.12037, S4-FouT.
    """
    def __init__(
        self,
        window: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "out *",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HippoLegsA(CatalogueInitializer):
    """HiPPO's A for Legendre polynomials over all of the past, with the sign of S4.

    It draws the scheme ``hippo_legs_a``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HippoLegsA
        >>> initializer = HippoLegsA()
        >>> tuple(initializer((16, 16)).shape)
        (16, 16)

    References:
        Gu et al. 2020, arXiv:2008.07669, theorem 2; Gu, Goel & Ré 2022, arXiv:2111.00396, equation 2.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "out in",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HippoLegsB(CatalogueInitializer):
    """HiPPO's B for Legendre polynomials over all of the past: √(2n + 1).

    It draws the scheme ``hippo_legs_b``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HippoLegsB
        >>> initializer = HippoLegsB()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Gu et al. 2020, arXiv:2008.07669, theorem 2.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "out *",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HippoLegsP(CatalogueInitializer):
    """The low-rank part of HiPPO-LegS: √(n + ½), with which A + P Pᵀ is normal.

    It draws the scheme ``hippo_legs_p``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HippoLegsP
        >>> initializer = HippoLegsP()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Gu, Goel & Ré 2022, arXiv:2111.00396, theorem 1 and appendix C.1.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HippoLegtA(CatalogueInitializer):
    """HiPPO's A for Legendre polynomials over a sliding window. S4's code has it at window = 2.

    It draws the scheme ``hippo_legt_a``.

    Args:
        window: the length of the window of time that a state remembers.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HippoLegtA
        >>> initializer = HippoLegtA()
        >>> tuple(initializer((16, 16)).shape)
        (16, 16)

    References:
        Gu et al. 2020, arXiv:2008.07669, appendix D.1; Gu et al. 2023, arXiv:2206.12037, definition of S4-LegT.
    """
    def __init__(
        self,
        window: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "out in",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HippoLegtB(CatalogueInitializer):
    """HiPPO's B for Legendre polynomials over a sliding window: √(2n + 1) / window. S4's code has it at window = 2.

    It draws the scheme ``hippo_legt_b``.

    Args:
        window: the length of the window of time that a state remembers.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import HippoLegtB
        >>> initializer = HippoLegtB()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Gu et al. 2020, arXiv:2008.07669, appendix D.1.
    """
    def __init__(
        self,
        window: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "out *",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HyperfanIn(CatalogueScaling):
    """Uniform, variance such that the layer made has the variance of He's or LeCun's, by its fan_in.

    It draws the scheme ``hyperfan_in``.

    Args:
        main_fan_in: the fan_in of the layer whose weights are made; 1 for the head that makes its bias.
        main_bias: whether the bias of that layer is made too.
        main_relu: whether a ReLU follows that layer.
        input_variance: the variance of what goes into the weight.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import HyperfanIn
        >>> initializer = HyperfanIn(main_fan_in=128.0, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Chang, Flokas & Lipson 2020, arXiv:2312.08399, section 4.1 and table 1.
    """
    def __init__(
        self,
        main_fan_in: float,
        main_bias: bool = True,
        main_relu: bool = True,
        input_variance: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class HyperfanOut(CatalogueScaling):
    """Uniform, variance such that the layer made has the variance of He's or LeCun's, by its fan_out.

    It draws the scheme ``hyperfan_out``.

    Args:
        main_fan_out: the fan_out of the layer whose weights are made.
        main_relu: whether a ReLU follows that layer.
        input_variance: the variance of what goes into the weight.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import HyperfanOut
        >>> initializer = HyperfanOut(main_fan_out=128.0, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Chang, Flokas & Lipson 2020, arXiv:2312.08399, section 4.2 and table 1.
    """
    def __init__(
        self,
        main_fan_out: float,
        main_relu: bool = True,
        input_variance: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Icnr(CatalogueInitializer):
    """Sub-pixel convolution: every sub-pixel of a channel starts as a copy of one kernel, he_normal unless scale, mode and distribution say otherwise.

    It draws the scheme ``icnr``.

    Args:
        upscale_factor: how many times finer the upsampled grid is, along each axis.
        subpixels: where the sub-pixels of a channel are: side by side (torch's pixel_shuffle), or channels apart (TensorFlow's depth_to_space).
        scale: numerator of the variance.
        mode: the fan that divides the scale.
        distribution: the distribution; the normal is uncut, the truncated one cut at two standard deviations.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Icnr
        >>> initializer = Icnr(seed=0, path="layer/kernel")
        >>> tuple(initializer((3, 3, 8, 16)).shape)
        (3, 3, 8, 16)

    References:
        Aitken et al. 2017, arXiv:1707.02937, section 2.
    """
    def __init__(
        self,
        upscale_factor: int = 2,
        subpixels: str = "pixel_shuffle",
        scale: float = 2.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
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

class Idinit(CatalogueInitializer):
    """IDInit: identities one after another, until every output has an input; of a convolution over its patches.

    It draws the scheme ``idinit``.

    Args:
        gain: factor on the weights.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Idinit
        >>> initializer = Idinit()
        >>> tuple(initializer((6, 16)).shape)
        (6, 16)

    References:
        Pan et al. 2025, arXiv:2503.04626, section 3.
    """
    def __init__(
        self,
        gain: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class IdinitZero(CatalogueInitializer):
    """IDInit for the last layer of a residual branch: each output is a tiny difference of two inputs.

    It draws the scheme ``idinit_zero``.

    Args:
        gain: factor on the weights.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import IdinitZero
        >>> initializer = IdinitZero()
        >>> tuple(initializer((6, 16)).shape)
        (6, 16)

    References:
        Pan et al. 2025, arXiv:2503.04626, section 3.
    """
    def __init__(
        self,
        gain: float = 1e-06,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

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

class KanBase(CatalogueScaling):
    """Base weights and spline scalers of efficient-kan: uniform of variance 2 / ((1 + 5 slope_factor²) fan_in). Its scale_base or scale_spline is that factor: the larger, the smaller the weights.

    It draws the scheme ``kan_base``.

    Args:
        slope_factor: factor on the slope of √5 that kaiming_uniform is given: the larger, the smaller the weights.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import KanBase
        >>> initializer = KanBase(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Liu et al. 2024, arXiv:2404.19756, section 2.2, which says Xavier
    """
    def __init__(
        self,
        slope_factor: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class KanSpline(CatalogueInitializer):
    """Coefficients of splines through noise at the grid points of a Kolmogorov-Arnold layer: the least ones that take the values (U - 1/2) noise_scale / G, with U ~ U(0, 1).

    It draws the scheme ``kan_spline``.

    Args:
        noise_scale: factor on the noise that the weights begin with.
        spline_order: order of the B-splines; cubic ones have 3.
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import KanSpline
        >>> initializer = KanSpline(seed=0, path="layer/kernel")
        >>> tuple(initializer((16, 8, 8)).shape)
        (16, 8, 8)

    References:
        Liu et al. 2024, arXiv:2404.19756, section 2.2
    """
    def __init__(
        self,
        noise_scale: float = 0.1,
        spline_order: int = 3,
        gain: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "out in *",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LayerScale(CatalogueInitializer):
    """One value by depth: 0.1 up to 18 layers, 0.00001 up to 24, 0.000001 beyond.

    It draws the scheme ``layer_scale``.

    Args:
        layers: the number of layers (blocks) of the model.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LayerScale
        >>> initializer = LayerScale(layers=24)
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Touvron et al. 2021, arXiv:2103.17239 (CaiT), on LayerScale.
    """
    def __init__(
        self,
        layers: int,
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

class LightningSlopes(CatalogueInitializer):
    """Rates of decay of lightning attention: 2^(−8(h + 1)/H), smaller in every layer, and nearly 0 in the last.

    It draws the scheme ``lightning_slopes``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LightningSlopes
        >>> initializer = LightningSlopes(layer=3, layers=12)
        >>> tuple(initializer((8,)).shape)
        (8,)

    References:
        MiniMax 2025, arXiv:2501.08313; the rule is in the code alone.
    """
    def __init__(
        self,
        layer: int,
        layers: int,
        *,
        path: str | None = None,
        axes: str = "out *",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Linspace(CatalogueInitializer):
    """Evenly spaced from low to high, along the outputs.

    It draws the scheme ``linspace``.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Linspace
        >>> initializer = Linspace()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Common usage: numpy.linspace.
    """
    def __init__(
        self,
        low: float = 0.0,
        high: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LogUniform(CatalogueInitializer):
    """Uniform in the logarithm, between low and high.

    It draws the scheme ``log_uniform``.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LogUniform
        >>> initializer = LogUniform(seed=0, path="layer/kernel")
        >>> tuple(initializer((16, 8)).shape)
        (16, 8)

    References:
        Hamming 1970, On the distribution of numbers; scipy.stats.loguniform.
    """
    def __init__(
        self,
        low: float = 0.001,
        high: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LoraA(CatalogueScaling):
    """Uniform on ±1 / √fan_in: LoRA's A, beside a B of zeros.

    It draws the scheme ``lora_a``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import LoraA
        >>> initializer = LoraA(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Hu et al. 2021, arXiv:2106.09685, section 4.1.
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

class LoraGaussian(CatalogueScaling):
    """Normal of 1 / fan_out, which is the rank: LoRA's A, beside a B of zeros.

    It draws the scheme ``lora_gaussian``.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LoraGaussian
        >>> initializer = LoraGaussian(seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 8)).shape)
        (64, 8)

    References:
        Hu et al. 2021, arXiv:2106.09685, section 4.1, which names a Gaussian and no scale.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LoraOrthogonalA(CatalogueInitializer):
    """A of a low-rank pair whose product B A is zero though neither is: Gaussians times the even rows of a rotation that both share.

    It draws the scheme ``lora_orthogonal_a``.

    Args:
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LoraOrthogonalA
        >>> initializer = LoraOrthogonalA(seed=0, path="layer/lora_A")
        >>> tuple(initializer((64, 8)).shape)
        (64, 8)

    References:
        https://datta0.github.io/posts/rethink-lora-init, on orthogonal initialization; no paper.
    """
    def __init__(
        self,
        gain: float = 0.1,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LoraOrthogonalB(CatalogueInitializer):
    """B of a low-rank pair, beside lora_orthogonal_a: the odd rows of the rotation times Gaussians.

    It draws the scheme ``lora_orthogonal_b``.

    Args:
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LoraOrthogonalB
        >>> initializer = LoraOrthogonalB(seed=0, path="layer/lora_B")
        >>> tuple(initializer((8, 64)).shape)
        (8, 64)

    References:
        https://datta0.github.io/posts/rethink-lora-init, on orthogonal initialization; no paper.
    """
    def __init__(
        self,
        gain: float = 0.1,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LruGamma(CatalogueInitializer):
    """LRU's gamma_log, ln √(1 − |λ|²), of the same draw as lru_ring's nu_log: what is put in is normalized.

    It draws the scheme ``lru_gamma``.

    Args:
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LruGamma
        >>> initializer = LruGamma(seed=0, path="layer/gamma_log")
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, section 3.4, equation 7.
    """
    def __init__(
        self,
        radius_min: float = 0.0,
        radius_max: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LruPhase(CatalogueInitializer):
    """LRU's theta_log: the logarithm of an angle that is uniform from 0 to phase_max, the full circle unless given.

    It draws the scheme ``lru_phase``.

    Args:
        phase_max: the largest angle of an eigenvalue, in radians.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LruPhase
        >>> initializer = LruPhase(seed=0, path="layer/kernel")
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, lemma 3.2.
    """
    def __init__(
        self,
        phase_max: float = ...,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class LruRing(CatalogueInitializer):
    """LRU's nu_log: exp(−exp(ν)) is the magnitude of eigenvalues that are uniform on a ring. lru_gamma is the other half.

    It draws the scheme ``lru_ring``.

    Args:
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import LruRing
        >>> initializer = LruRing(seed=0, path="layer/nu_log")
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, lemma 3.2.
    """
    def __init__(
        self,
        radius_min: float = 0.0,
        radius_max: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Mamba2ALog(CatalogueInitializer):
    """Mamba-2's A_log: ln U(low, high), from 1 to 16 unless given, one for each head.

    It draws the scheme ``mamba2_a_log``.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Mamba2ALog
        >>> initializer = Mamba2ALog(seed=0, path="layer/kernel")
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Dao & Gu 2024, arXiv:2405.21060; A_init_range of the code.
    """
    def __init__(
        self,
        low: float = 1.0,
        high: float = 16.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MambaALog(CatalogueInitializer):
    """Mamba's A_log: ln(n + 1) over the states, the same in every channel.

    It draws the scheme ``mamba_a_log``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import MambaALog
        >>> initializer = MambaALog()
        >>> tuple(initializer((32, 16)).shape)
        (32, 16)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MambaDtBias(CatalogueInitializer):
    """Mamba's bias of the step of time: softplus of it is log-uniform between dt_min and dt_max, and dt_floor at least.

    It draws the scheme ``mamba_dt_bias``.

    Args:
        dt_min: the smallest step of time.
        dt_max: the largest step of time.
        dt_floor: what a step of time is raised to where it is smaller.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import MambaDtBias
        >>> initializer = MambaDtBias(seed=0, path="layer/kernel")
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6.
    """
    def __init__(
        self,
        dt_min: float = 0.001,
        dt_max: float = 0.1,
        dt_floor: float = 0.0001,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MambaDtProj(CatalogueScaling):
    """Mamba's projection to steps of time: uniform on ±gain / √fan_in, the fan being dt_rank.

    It draws the scheme ``mamba_dt_proj``.

    Args:
        gain: factor on the weights.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MambaDtProj
        >>> initializer = MambaDtProj(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6; dt_init = "random" of the code.
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

class MambaOutProj(CatalogueScaling):
    """Mamba's output projections: torch's default, uniform on ±1 / √fan_in, over √(branches · layers).

    It draws the scheme ``mamba_out_proj``.

    Args:
        layers: the number of layers (blocks) of the model.
        branches: the number of residual branches of a layer.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MambaOutProj
        >>> initializer = MambaOutProj(layers=24, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Radford et al. 2019 (GPT-2), section 2.3, whose factor it is; the uniform is the code's.
    """
    def __init__(
        self,
        layers: int,
        branches: int = 1,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MimeticKey(CatalogueInitializer):
    """Key of mimetic attention, beside mimetic_query.

    It draws the scheme ``mimetic_key``.

    Args:
        heads: the number of attention heads.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import MimeticKey
        >>> initializer = MimeticKey(heads=4, seed=0, path="layer/key")
        >>> tuple(initializer((64, 64)).shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """
    def __init__(
        self,
        heads: int,
        noise_scale: float = 0.7,
        identity_scale: float = 0.7,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MimeticOut(CatalogueInitializer):
    """Output of mimetic attention, beside mimetic_value.

    It draws the scheme ``mimetic_out``.

    Args:
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import MimeticOut
        >>> initializer = MimeticOut(seed=0, path="layer/out")
        >>> tuple(initializer((64, 64)).shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """
    def __init__(
        self,
        noise_scale: float = 0.4,
        identity_scale: float = 0.4,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MimeticQuery(CatalogueInitializer):
    """Query of mimetic attention: of each head W_Q W_Kᵀ is the nearest of its rank to noise_scale Z + identity_scale I, with Z ~ N(0, 1/d).

    It draws the scheme ``mimetic_query``.

    Args:
        heads: the number of attention heads.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import MimeticQuery
        >>> initializer = MimeticQuery(heads=4, seed=0, path="layer/query")
        >>> tuple(initializer((64, 64)).shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """
    def __init__(
        self,
        heads: int,
        noise_scale: float = 0.7,
        identity_scale: float = 0.7,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MimeticValue(CatalogueInitializer):
    """Value of mimetic attention: the product with the output's weight is noise_scale Z - identity_scale I, with Z ~ N(0, 1/d).

    It draws the scheme ``mimetic_value``.

    Args:
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import MimeticValue
        >>> initializer = MimeticValue(seed=0, path="layer/value")
        >>> tuple(initializer((64, 64)).shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """
    def __init__(
        self,
        noise_scale: float = 0.4,
        identity_scale: float = 0.4,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Mitchell(CatalogueScaling):
    """Normal cut at three standard deviations of itself, which are 1 / √fan_in before the cut.

    It draws the scheme ``mitchell``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Mitchell
        >>> initializer = Mitchell(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Groeneveld et al. 2024, arXiv:2402.00838, the initialization of OLMo.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MitchellResidual(CatalogueScaling):
    """Normal cut at three standard deviations of itself, which are 1 / √(2 fan_in (layer + 1)) before the cut.

    It draws the scheme ``mitchell_residual``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MitchellResidual
        >>> initializer = MitchellResidual(layer=3, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Groeneveld et al. 2024, arXiv:2402.00838, the initialization of OLMo.
    """
    def __init__(
        self,
        layer: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ModularEmbedding(CatalogueInitializer):
    """Normal, with every row of a table of (tokens, width) scaled to the length √width.

    It draws the scheme ``modular_embedding``.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import ModularEmbedding
        >>> initializer = ModularEmbedding(seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        Large et al. 2024, arXiv:2405.14813; Bernstein & Newhouse 2024, arXiv:2410.21265.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ModularOrthogonal(CatalogueScaling):
    """Semi-orthogonal, Haar-distributed, times √(fan_out / fan_in).

    It draws the scheme ``modular_orthogonal``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import ModularOrthogonal
        >>> initializer = ModularOrthogonal(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Large et al. 2024, arXiv:2405.14813; Bernstein & Newhouse 2024, arXiv:2410.21265.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MtNlg(CatalogueScaling):
    """Normal, variance 1 / (3 fan_in).

    It draws the scheme ``mt_nlg``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MtNlg
        >>> initializer = MtNlg(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Smith et al. 2022, arXiv:2201.11990: a standard deviation of sqrt(1 / (3 H)), H being the width.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MultilabelPrior(CatalogueInitializer):
    """The logits of the labels' frequencies: sigmoids, one for each label, begin with those.

    It draws the scheme ``multilabel_prior``.

    Args:
        probabilities: the probability of each class (for class_prior, counts do as well).
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import MultilabelPrior
        >>> initializer = MultilabelPrior(probabilities=(0.7, 0.2, 0.09, 0.01))
        >>> tuple(initializer((4,)).shape)
        (4,)

    References:
        Lin et al. 2017, arXiv:1708.02002, section 3.3, with a probability for each label.
    """
    def __init__(
        self,
        probabilities: ArrayLike,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MupHidden(CatalogueScaling):
    """Normal of std √(base_width / fan_in): matrices with two sides that grow.

    It draws the scheme ``mup_hidden``.

    Args:
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MupHidden
        >>> initializer = MupHidden(std=0.02, base_width=256.0, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3.
    """
    def __init__(
        self,
        base_width: float,
        std: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MupInput(CatalogueInitializer):
    """Normal of std, whatever the width: embeddings, and layers whose inputs do not grow.

    It draws the scheme ``mup_input``.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MupInput
        >>> initializer = MupInput(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3, for a fan_in that is constant.
    """
    def __init__(
        self,
        std: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MupOutput(CatalogueScaling):
    """Normal of std base_width / fan_in: the head, where nothing divides its outputs.

    It draws the scheme ``mup_output``.

    Args:
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MupOutput
        >>> initializer = MupOutput(std=0.02, base_width=256.0, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3.
    """
    def __init__(
        self,
        base_width: float,
        std: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class MupResidual(CatalogueScaling):
    """Normal of std √(base_width / fan_in) / √(2 layers): matrices that write into the residual stream, in Megatron's μP.

    It draws the scheme ``mup_residual``.

    Args:
        layers: the number of layers (blocks) of the model.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import MupResidual
        >>> initializer = MupResidual(std=0.02, layers=12, base_width=256.0, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3, with GPT-2's factor of depth.
    """
    def __init__(
        self,
        layers: int,
        base_width: float,
        std: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Normal(CatalogueInitializer):
    """Normal with the given mean and standard deviation.

    It draws the scheme ``normal``.

    Args:
        mean: mean of the (uncut) normal.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
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

class Normc(CatalogueInitializer):
    """Normal, with every output's column scaled to the length gain.

    It draws the scheme ``normc``.

    Args:
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Normc
        >>> initializer = Normc(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Common usage in reinforcement learning; Dhariwal et al. 2017, OpenAI Baselines.
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

class Ntk(CatalogueInitializer):
    """Normal of 1, whatever the shape: each layer divides by √fan_in.

    It draws the scheme ``ntk``.

    Args:
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Ntk
        >>> initializer = Ntk(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Jacot, Gabriel & Hongler 2018, arXiv:1806.07572, page 3.
    """
    def __init__(
        self,
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

class Powers(CatalogueInitializer):
    """base^start, and on by factors of base^step, along the outputs.

    It draws the scheme ``powers``.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        start: the first of a sequence of numbers.
        step: the difference between a number of a sequence and the next.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Powers
        >>> initializer = Powers()
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Common usage: base ** numpy.arange.
    """
    def __init__(
        self,
        base: float = 2.0,
        start: float = 0.0,
        step: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class PriorBias(CatalogueInitializer):
    """The logit of a probability: a sigmoid begins with it. Detectors begin with 0.01.

    It draws the scheme ``prior_bias``.

    Args:
        probability: the probability that a sigmoid gives at the start.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import PriorBias
        >>> initializer = PriorBias()
        >>> tuple(initializer((8,)).shape)
        (8,)

    References:
        Lin et al. 2017, arXiv:1708.02002, sections 3.3 and 4.1.
    """
    def __init__(
        self,
        probability: float = 0.01,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

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

class Reservoir(CatalogueInitializer):
    """The recurrent weights of an echo-state network: sparse, and scaled to a spectral radius.

    It draws the scheme ``reservoir``.

    Args:
        spectral_radius: the largest magnitude of an eigenvalue.
        sparsity: fraction of the outputs of each input that is set to zero.
        elements: what the elements that are not zero are drawn from, with mean 0.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Reservoir
        >>> initializer = Reservoir(seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 64)).shape)
        (64, 64)

    References:
        Jaeger 2001, The echo state approach, GMD report 148, section 3; Lukoševičius 2012, A practical guide, section 3.2
    """
    def __init__(
        self,
        spectral_radius: float = 0.9,
        sparsity: float = 0.9,
        elements: str = "normal",
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RetnetAngles(CatalogueInitializer):
    """RetNet's frequencies, each twice: from 1 to 1/base, both ends included.

    It draws the scheme ``retnet_angles``.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RetnetAngles
        >>> initializer = RetnetAngles()
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Sun et al. 2023, arXiv:2307.08621, section 2.1; the ends are the code's.
    """
    def __init__(
        self,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RetnetDecay(CatalogueInitializer):
    """RetNet's logarithms of the decay of each head: ln(1 − 2^(−5 − h)).

    It draws the scheme ``retnet_decay``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RetnetDecay
        >>> initializer = RetnetDecay()
        >>> tuple(initializer((8,)).shape)
        (8,)

    References:
        Sun et al. 2023, arXiv:2307.08621, section 2.2, equation 8.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "out *",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RgLru(CatalogueInitializer):
    """Griffin's a_param: exp(−softplus(a)) is the magnitude of decays that are uniform on a ring, 0.9 to 0.999 unless given.

    It draws the scheme ``rg_lru``.

    Args:
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RgLru
        >>> initializer = RgLru(seed=0, path="layer/kernel")
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        De et al. 2024, arXiv:2402.19427, section 2.4.
    """
    def __init__(
        self,
        radius_min: float = 0.9,
        radius_max: float = 0.999,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rotary(CatalogueInitializer):
    """RoPE's frequencies: base^(−2i/d), of d channels, for i = 0 … d/2 − 1.

    It draws the scheme ``rotary``.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rotary
        >>> initializer = Rotary()
        >>> tuple(initializer((32,)).shape)
        (32,)

    References:
        Su et al. 2021, arXiv:2104.09864, section 3.2.2, equation 15.
    """
    def __init__(
        self,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RotaryLinear(CatalogueInitializer):
    """RoPE's frequencies over factor: positions are interpolated.

    It draws the scheme ``rotary_linear``.

    Args:
        factor: how many times longer than in training the context is to be.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RotaryLinear
        >>> initializer = RotaryLinear(factor=4.0)
        >>> tuple(initializer((32,)).shape)
        (32,)

    References:
        Chen, Wong, Chen & Tian 2023, arXiv:2306.15595, equation 4.
    """
    def __init__(
        self,
        factor: float,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RotaryLlama3(CatalogueInitializer):
    """Llama 3.1's frequencies: RoPE's where they are fast, over factor where they are slow, mixed by the frequency between.

    It draws the scheme ``rotary_llama3``.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        context: the length of the context in training, before it is stretched, in tokens.
        low_freq_factor: frequencies that turn less often than that over the context are divided by the factor.
        high_freq_factor: frequencies that turn more often than that over the context stay as they are.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RotaryLlama3
        >>> initializer = RotaryLlama3()
        >>> tuple(initializer((64,)).shape)
        (64,)

    References:
        Grattafiori et al. 2024, arXiv:2407.21783; the rule is in the code alone.
    """
    def __init__(
        self,
        base: float = 500000.0,
        factor: float = 8.0,
        context: int = 8192,
        low_freq_factor: float = 1.0,
        high_freq_factor: float = 4.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RotaryLongrope(CatalogueInitializer):
    """LongRoPE's frequencies: RoPE's, each over a factor of its own that a search has found.

    It draws the scheme ``rotary_longrope``.

    Args:
        factors: what each frequency is divided by.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RotaryLongrope
        >>> initializer = RotaryLongrope(factors=(1.0, 1.5, 4.0, 16.0))
        >>> tuple(initializer((4,)).shape)
        (4,)

    References:
        Ding et al. 2024, arXiv:2402.13753, section 3.
    """
    def __init__(
        self,
        factors: ArrayLike,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RotaryNtk(CatalogueInitializer):
    """RoPE's frequencies with base · factor^(d/(d − 2)) as base: the fastest stay, the slowest is divided by factor.

    It draws the scheme ``rotary_ntk``.

    Args:
        factor: how many times longer than in training the context is to be.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RotaryNtk
        >>> initializer = RotaryNtk(factor=4.0)
        >>> tuple(initializer((32,)).shape)
        (32,)

    References:
        bloc97 2023, NTK-aware scaled RoPE; Peng et al. 2023, arXiv:2309.00071, definition 1.
    """
    def __init__(
        self,
        factor: float,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class RotaryYarn(CatalogueInitializer):
    """YaRN's frequencies: RoPE's where they are fast, RoPE's over factor where they are slow, mixed by a ramp over i between.

    It draws the scheme ``rotary_yarn``.

    Args:
        factor: how many times longer than in training the context is to be.
        context: the length of the context in training, before it is stretched, in tokens.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        beta_fast: frequencies that turn as many times over the context, or more, stay as they are.
        beta_slow: frequencies that turn as few times over the context, or less, are divided by the factor.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RotaryYarn
        >>> initializer = RotaryYarn(factor=16.0, context=4096)
        >>> tuple(initializer((32,)).shape)
        (32,)

    References:
        Peng, Quesnelle, Fan & Shippole 2023, arXiv:2309.00071, section 3.2, definition 2.
    """
    def __init__(
        self,
        factor: float,
        context: int,
        base: float = 10000.0,
        beta_fast: float = 32.0,
        beta_slow: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rwkv7ChannelMix(CatalogueInitializer):
    """RWKV-7's token shift of the feed-forward part, x_k: 1 − (n/d)^((1 − layer/layers)⁴).

    It draws the scheme ``rwkv7_channel_mix``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rwkv7ChannelMix
        >>> initializer = Rwkv7ChannelMix(layer=3, layers=12)
        >>> tuple(initializer((1, 1, 128)).shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """
    def __init__(
        self,
        layer: int,
        layers: int,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rwkv7Decay(CatalogueInitializer):
    """RWKV-7's w0, the bias of the decay: from −5.5 to 0.5 by a power that grows with depth, with a zigzag over each head.

    It draws the scheme ``rwkv7_decay``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        head_width: the number of channels of a head.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rwkv7Decay
        >>> initializer = Rwkv7Decay(layer=3, layers=12)
        >>> tuple(initializer((1, 1, 128)).shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """
    def __init__(
        self,
        layer: int,
        layers: int,
        head_width: int = 64,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rwkv7Key(CatalogueInitializer):
    """RWKV-7's k_k, the factor on keys that are removed: a ramp from 0.76 to 0.66.

    It draws the scheme ``rwkv7_key``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rwkv7Key
        >>> initializer = Rwkv7Key()
        >>> tuple(initializer((1, 1, 128)).shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rwkv7Mix(CatalogueInitializer):
    """RWKV-7's token shift, x_r to x_g: 1 − (n/d)^(exponent · (1 − layer/layers)); exponents are 0.2 (r, g), 0.7 (k, v) and 0.9 (w, a).

    It draws the scheme ``rwkv7_mix``.

    Args:
        exponent: the power that a ramp is raised to in the first layer.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rwkv7Mix
        >>> initializer = Rwkv7Mix(exponent=0.7, layer=3, layers=12)
        >>> tuple(initializer((1, 1, 128)).shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """
    def __init__(
        self,
        exponent: float,
        layer: int,
        layers: int,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rwkv7Norm(CatalogueInitializer):
    """RWKV-7's scale of the norm after the recurrence, ln_x or g_norm: ((layer + 1)/layers)^0.7.

    It draws the scheme ``rwkv7_norm``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rwkv7Norm
        >>> initializer = Rwkv7Norm(layer=3, layers=12)
        >>> tuple(initializer((128,)).shape)
        (128,)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """
    def __init__(
        self,
        layer: int,
        layers: int,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rwkv7Rate(CatalogueInitializer):
    """RWKV-7's a0, the bias of the rate at which it learns in context: −0.19, a ramp, and a zigzag over each head.

    It draws the scheme ``rwkv7_rate``.

    Args:
        head_width: the number of channels of a head.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rwkv7Rate
        >>> initializer = Rwkv7Rate()
        >>> tuple(initializer((1, 1, 128)).shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """
    def __init__(
        self,
        head_width: int = 64,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Rwkv7Value(CatalogueInitializer):
    """RWKV-7's v0, the bias of the mixture with the first layer's values: a ramp from 0.93 to 0.53.

    It draws the scheme ``rwkv7_value``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Rwkv7Value
        >>> initializer = Rwkv7Value()
        >>> tuple(initializer((1, 1, 128)).shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class S4LogDt(CatalogueInitializer):
    """Logarithm of the step of time of S4 and S4D: uniform between the logarithms of dt_min and dt_max.

    It draws the scheme ``s4_log_dt``.

    Args:
        dt_min: the smallest step of time.
        dt_max: the largest step of time.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import S4LogDt
        >>> initializer = S4LogDt(seed=0, path="layer/kernel")
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Gu, Goel & Ré 2022, arXiv:2111.00396, appendix; Gu et al. 2023, arXiv:2206.12037, on time scales.
    """
    def __init__(
        self,
        dt_min: float = 0.001,
        dt_max: float = 0.1,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class S4dInv(CatalogueInitializer):
    """Imaginary parts of S4D-Inv: (N/π)(N/(2n + 1) − 1), N being twice the outputs, since each stands for a pair.

    It draws the scheme ``s4d_inv``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import S4dInv
        >>> initializer = S4dInv()
        >>> tuple(initializer((4, 16)).shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, equation 8 (S4D-Inv).
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class S4dLin(CatalogueInitializer):
    """Imaginary parts of S4D-Lin: π n.

    It draws the scheme ``s4d_lin``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import S4dLin
        >>> initializer = S4dLin()
        >>> tuple(initializer((4, 16)).shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, equation 9 (S4D-Lin).
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class S4dQuad(CatalogueInitializer):
    """Imaginary parts of S4D-Quad: (2n + 1)² / π.

    It draws the scheme ``s4d_quad``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import S4dQuad
        >>> initializer = S4dQuad()
        >>> tuple(initializer((4, 16)).shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, section 4.3 (S4D-Quad).
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class S4dReal(CatalogueInitializer):
    """S4D-Real: poles −1, −2, −3 …, of which ln(n + 1) is stored: Mamba's A_log.

    It draws the scheme ``s4d_real``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import S4dReal
        >>> initializer = S4dReal()
        >>> tuple(initializer((4, 16)).shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, section 4.3 (S4D-Real).
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

STFTInitializer = STFT

class SalHidden(CatalogueScaling):
    """Normal, variance 2 / fan_out: the layers before the last.

    It draws the scheme ``sal_hidden``.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SalHidden
        >>> initializer = SalHidden(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Atzmon & Lipman 2020, arXiv:1911.10414, theorem 1.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SalSphere(CatalogueScaling):
    """Normal of mean √(π / fan_in) and hardly any spread: the last layer, which makes a sphere of the layers before it.

    It draws the scheme ``sal_sphere``.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SalSphere
        >>> initializer = SalSphere(seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 1)).shape)
        (64, 1)

    References:
        Atzmon & Lipman 2020, arXiv:1911.10414, theorem 1; Gropp et al. 2020, arXiv:2002.10099.
    """
    def __init__(
        self,
        std: float = 1e-05,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class ScaledResidual(CatalogueInitializer):
    """Normal of std / √(2 layers): the matrices that write into the residual stream.

    It draws the scheme ``scaled_residual``.

    Args:
        layers: the number of layers (blocks) of the model.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import ScaledResidual
        >>> initializer = ScaledResidual(layers=12, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Radford et al. 2019, GPT-2, section 2.3; Shoeybi et al. 2019, arXiv:1909.08053, section 4.
    """
    def __init__(
        self,
        layers: int,
        std: float = 0.02,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SchemeInitializer(Drawn):
    """Draw any scheme.

    Args:
        scheme: a scheme, its name, or the dict that ``Scheme.to_dict`` gives.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        path: the weight's path in its model.
        axes: the role of each axis, a pattern or its name: ``"keras_transposed"`` for the
            kernel of a transposed convolution; None for the scheme's own, which few have, or
            else ``"kernel"``.
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
        axes: str | None = None,
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Selu(CatalogueScaling):
    """Normal, variance 1 / fan_in: for self-normalizing networks.

    It draws the scheme ``selu``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Selu
        >>> initializer = Selu(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Klambauer et al. 2017, arXiv:1706.02515, on initialization.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Sinusoidal(CatalogueInitializer):
    """Vaswani's table of positions: sine and cosine in turn, of pos / base^(2i/d).

    It draws the scheme ``sinusoidal``.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Sinusoidal
        >>> initializer = Sinusoidal()
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """
    def __init__(
        self,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Sinusoidal2d(CatalogueInitializer):
    """The table of positions of an image's patches: sines and cosines of the place in its row, then of the row; a quarter of the channels each.

    It draws the scheme ``sinusoidal_2d``.

    Args:
        grid_width: the number of patches in a row of an image.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Sinusoidal2d
        >>> initializer = Sinusoidal2d(grid_width=8)
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        He et al. 2022, arXiv:2111.06377, appendix A.1; Chen, Xie & He 2021, arXiv:2104.02057.
    """
    def __init__(
        self,
        grid_width: int,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SinusoidalHalves(CatalogueInitializer):
    """The table of sinusoidal, with all sines first and all cosines after them.

    It draws the scheme ``sinusoidal_halves``.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SinusoidalHalves
        >>> initializer = SinusoidalHalves()
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5, with channels in another order.
    """
    def __init__(
        self,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SinusoidalTensor2tensor(CatalogueInitializer):
    """Tensor2Tensor's and fairseq's table: all sines, then all cosines, of pos / base^(i/(d/2 − 1)); an odd channel is 0.

    It draws the scheme ``sinusoidal_tensor2tensor``.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SinusoidalTensor2tensor
        >>> initializer = SinusoidalTensor2tensor()
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5, as its own code has it.
    """
    def __init__(
        self,
        base: float = 10000.0,
        *,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SinusoidalWeights(CatalogueInitializer):
    """Output k is the k-th sine wave over the inputs; scaled so that the weight's variance is gain² / fan.

    It draws the scheme ``sinusoidal_weights``.

    Args:
        gain: factor on the weights.
        mode: the fan that divides the scale.
        groups: number of groups of a grouped or depthwise convolution.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SinusoidalWeights
        >>> initializer = SinusoidalWeights()
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Fernández-Hernández et al. 2025, arXiv:2505.12909, section 3.
    """
    def __init__(
        self,
        gain: float = ...,
        mode: str = "fan_in",
        groups: int = 1,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Siren(CatalogueScaling):
    """Uniform on ±√(6 / fan_in) / omega: the layers behind a sine.

    It draws the scheme ``siren``.

    Args:
        omega: the factor on what goes into the sine.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Siren
        >>> initializer = Siren(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Sitzmann et al. 2020, arXiv:2006.09661, section 3.2 and supplement, section 1.5.
    """
    def __init__(
        self,
        omega: float = 30.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SirenFirst(CatalogueScaling):
    """Uniform on ±1 / fan_in: the first layer, of coordinates in [-1, 1].

    It draws the scheme ``siren_first``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SirenFirst
        >>> initializer = SirenFirst(seed=0, path="layer/kernel")
        >>> tuple(initializer((2, 64)).shape)
        (2, 64)

    References:
        Sitzmann et al. 2020, arXiv:2006.09661, as its code has it.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SkipInit(CatalogueInitializer):
    """All zeros: the scalar at the end of a residual branch.

    It draws the scheme ``skip_init``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SkipInit
        >>> initializer = SkipInit()
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        De & Smith 2020, arXiv:2002.10444; Bachlechner et al. 2020, arXiv:2003.04887 (ReZero), equation 1.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SmallEmbedding(CatalogueInitializer):
    """Uniform on ±0.0001: a table of tokens that a normalization follows.

    It draws the scheme ``small_embedding``.

    Args:
        bound: the largest magnitude, in the weight's units.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SmallEmbedding
        >>> initializer = SmallEmbedding(seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        Peng 2022, SmallInitEmb: LayerNorm(SmallInit(Embedding)) in a Transformer.
    """
    def __init__(
        self,
        bound: float = 0.0001,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SmallInit(CatalogueScaling):
    """Normal, variance 2 / (5 fan_in).

    It draws the scheme ``small_init``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SmallInit
        >>> initializer = SmallInit(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Nguyen & Salazar 2019, arXiv:1910.05895, section 2.2.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class Sparse(CatalogueInitializer):
    """Normal, with a fraction of the outputs of each input set to zero.

    It draws the scheme ``sparse``.

    Args:
        sparsity: fraction of the outputs of each input that is set to zero.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
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

class Spectral(CatalogueScaling):
    """Normal of std / √fan_in, times √(fan_out / fan_in) where that is below 1: a spectral norm near √(fan_out / fan_in).

    It draws the scheme ``spectral``.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Spectral
        >>> initializer = Spectral(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Yang, Simon & Bernstein 2023, arXiv:2310.17813, parametrization 1.
    """
    def __init__(
        self,
        std: float = 1.0,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SpectralNormalized(CatalogueInitializer):
    """Normal, divided by the spectral norm of the whole matrix (receptive × in by out), times the gain.

    It draws the scheme ``spectral_normalized``.

    Args:
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SpectralNormalized
        >>> initializer = SpectralNormalized(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Miyato et al. 2018, arXiv:1802.05957, equations 7 and 8
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

class SpectralSphere(CatalogueScaling):
    """Normal, scaled to the spectral norm gain · sqrt(fan_out / fan_in) exactly: on the sphere that the spectral optimizers keep weights on.

    It draws the scheme ``spectral_sphere``.

    Args:
        gain: factor on the weights.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SpectralSphere
        >>> initializer = SpectralSphere(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Xie et al. 2026, arXiv:2601.08393, algorithm 1
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

class Subln(CatalogueScaling):
    """Xavier's normal times √ln(2 layers): values, outputs and feed-forward of an encoder or a decoder alone.

    It draws the scheme ``subln``.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Subln
        >>> initializer = Subln(layers=12, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """
    def __init__(
        self,
        layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SublnDecoder(CatalogueScaling):
    """Xavier's normal times √ln(3 decoder_layers): the decoder beside an encoder.

    It draws the scheme ``subln_decoder``.

    Args:
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SublnDecoder
        >>> initializer = SublnDecoder(decoder_layers=6, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """
    def __init__(
        self,
        decoder_layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SublnEncoder(CatalogueScaling):
    """Xavier's normal times √(ln(3 decoder_layers) ln(2 encoder_layers) / 3): the encoder beside a decoder.

    It draws the scheme ``subln_encoder``.

    Args:
        encoder_layers: the number of layers of the encoder.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SublnEncoder
        >>> initializer = SublnEncoder(encoder_layers=12, decoder_layers=6, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """
    def __init__(
        self,
        encoder_layers: int,
        decoder_layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class SwitchMoe(CatalogueScaling):
    """Normal of √(scale / fan_in), cut at two standard deviations of itself, with a scale of 0.1.

    It draws the scheme ``switch_moe``.

    Args:
        scale: numerator of the variance.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import SwitchMoe
        >>> initializer = SwitchMoe(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Fedus, Zoph & Shazeer 2022, arXiv:2101.03961, section 2.4.
    """
    def __init__(
        self,
        scale: float = 0.1,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class T5Key(CatalogueScaling):
    """Normal, variance 1 / fan_in: keys and values, and the output of attention, whose fan_in is all heads.

    It draws the scheme ``t5_key``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import T5Key
        >>> initializer = T5Key(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class T5Position(CatalogueInitializer):
    """Normal of 1 / √model_width: the table of relative positions, as transformers draws it.

    It draws the scheme ``t5_position``.

    Args:
        model_width: the width of the model: of its residual stream.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import T5Position
        >>> initializer = T5Position(model_width=512.0, seed=0, path="layer/kernel")
        >>> tuple(initializer((32, 8)).shape)
        (32, 8)

    References:
        Wolf et al. 2020, arXiv:1910.03771 (transformers); Raffel et al. 2020, arXiv:1910.10683, section 2.1.
    """
    def __init__(
        self,
        model_width: float,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* in out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class T5Query(CatalogueScaling):
    """Normal, variance 1 / (fan_in head_width): queries of an attention that does not divide their products.

    It draws the scheme ``t5_query``.

    Args:
        head_width: the number of channels of a head.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import T5Query
        >>> initializer = T5Query(head_width=64, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code; Shazeer & Stern 2018, arXiv:1804.04235.
    """
    def __init__(
        self,
        head_width: int = 64,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class T5Up(CatalogueScaling):
    """Normal of 1 / √fan_in, cut at two standard deviations of itself.

    It draws the scheme ``t5_up``.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import T5Up
        >>> initializer = T5Up(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class TFixup(CatalogueScaling):
    """Xavier's uniform times 0.67 layers^(-1/4): values, outputs and feed-forward of an encoder without normalization.

    It draws the scheme ``t_fixup``.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import TFixup
        >>> initializer = TFixup(layers=12, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """
    def __init__(
        self,
        layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class TFixupDecoder(CatalogueScaling):
    """Xavier's uniform times (9 layers)^(-1/4): values, outputs and feed-forward of a decoder without normalization.

    It draws the scheme ``t_fixup_decoder``.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import TFixupDecoder
        >>> initializer = TFixupDecoder(layers=12, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """
    def __init__(
        self,
        layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class TFixupEmbedding(CatalogueInitializer):
    """Normal of (9 layers)^(-1/4) / √fan_out: a table of (tokens, width).

    It draws the scheme ``t_fixup_embedding``.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_out: fan_out itself, instead of the one counted from the shape.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import TFixupEmbedding
        >>> initializer = TFixupEmbedding(layers=12, seed=0, path="layer/kernel")
        >>> tuple(initializer((64, 32)).shape)
        (64, 32)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """
    def __init__(
        self,
        layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        fan_out: float | None = None,
        path: str | None = None,
        axes: str = "* in out",
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

class UMup(CatalogueInitializer):
    """Normal of 1, whatever the shape: the scale is in the operations.

    It draws the scheme ``u_mup``.

    Args:
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import UMup
        >>> initializer = UMup(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Blake et al. 2024, arXiv:2407.17465, table 2.
    """
    def __init__(
        self,
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

class UniformGate(CatalogueInitializer):
    """Bias of a gate that begins uniform on (1/n, 1 − 1/n), n the number of units: the logit of that.

    It draws the scheme ``uniform_gate``.

    Args:
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import UniformGate
        >>> initializer = UniformGate(seed=0, path="layer/kernel")
        >>> tuple(initializer((16,)).shape)
        (16,)

    References:
        Gu, Gulcehre, Paine, Hoffman & Pascanu 2020, arXiv:1910.09890, section 3.2.
    """
    def __init__(
        self,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class UniformUnitScaling(CatalogueScaling):
    """Uniform, variance gain² / fan_in: TensorFlow 1's and AllenNLP's name.

    It draws the scheme ``uniform_unit_scaling``.

    Args:
        gain: factor on the weights.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import UniformUnitScaling
        >>> initializer = UniformUnitScaling(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Sussillo & Abbott 2014, arXiv:1412.6558.
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

class Vera(CatalogueScaling):
    """Uniform, variance 2 / fan_in: VeRA's A and B, which all layers share and which do not train.

    It draws the scheme ``vera``.

    Args:
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import Vera
        >>> initializer = Vera(seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Kopiczko, Blankevoort & Asano 2024, arXiv:2310.11454, section 3.3.
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

class WangInit(CatalogueScaling):
    """Normal of 2 / (layers √fan_in): the matrices that write into the residual stream.

    It draws the scheme ``wang_init``.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        seed, input_axes, output_axes, path, axes, engine: as in :class:`VarianceScaling`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import WangInit
        >>> initializer = WangInit(layers=12, seed=0, path="layer/kernel")
        >>> layer = keras.layers.Dense(16, kernel_initializer=initializer)
        >>> layer.build((None, 8))
        >>> tuple(layer.kernel.shape)
        (8, 16)

    References:
        Wang 2021, Mesh Transformer JAX; Black et al. 2022, arXiv:2204.06745 (GPT-NeoX-20B), which takes it over.
    """
    def __init__(
        self,
        layers: int,
        seed: int | keras.random.SeedGenerator | dict[str, Any] | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        fan_in: float | None = None,
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

class XlstmForget(CatalogueInitializer):
    """Bias of mLSTM's forget gates: evenly spaced over the heads, from 3 to 6.

    It draws the scheme ``xlstm_forget``.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import XlstmForget
        >>> initializer = XlstmForget()
        >>> tuple(initializer((8,)).shape)
        (8,)

    References:
        Beck et al. 2024, arXiv:2405.04517, appendix.
    """
    def __init__(
        self,
        low: float = 3.0,
        high: float = 6.0,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class XlstmPowerLaw(CatalogueInitializer):
    """Bias of sLSTM's forget gates: from 5 down to −7 over each head, by a power that grows with depth.

    It draws the scheme ``xlstm_power_law``.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import XlstmPowerLaw
        >>> initializer = XlstmPowerLaw(layer=3, layers=12)
        >>> tuple(initializer((4, 16)).shape)
        (4, 16)

    References:
        Beck et al. 2024, arXiv:2405.04517; the rule is in the code alone.
    """
    def __init__(
        self,
        layer: int,
        layers: int,
        *,
        path: str | None = None,
        axes: str = "* out",
        engine: Literal["portable", "native"] = "portable",
    ) -> None: ...

class XposScale(CatalogueInitializer):
    """xPos's scale of each pair of channels: (2i/d + 0.4) / 1.4.

    It draws the scheme ``xpos_scale``.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import XposScale
        >>> initializer = XposScale()
        >>> tuple(initializer((32,)).shape)
        (32,)

    References:
        Sun et al. 2023, arXiv:2212.10554, section 2.2, algorithm 1.
    """
    def __init__(
        self,
        *,
        path: str | None = None,
        axes: str = "* out",
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

alibi_slopes = AlibiSlopes

arange = Arange

bert_cut = BertCut

bilinear_upsampling = BilinearUpsampling

block_orthogonal = BlockOrthogonal

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

chrono_forget = ChronoForget

chrono_input = ChronoInput

class_prior = ClassPrior

complete_p = CompleteP

constant = Constant

conv_aware = ConvAware

ddpm = Ddpm

deepnorm = Deepnorm

deepnorm_decoder = DeepnormDecoder

deepnorm_encoder = DeepnormEncoder

deformable_attention_grid = DeformableAttentionGrid

delta_orthogonal = DeltaOrthogonal

depth_scaled = DepthScaled

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

ds_init = DsInit

edge_of_chaos = EdgeOfChaos

efficientnet = Efficientnet

efficientnet_dense = EfficientnetDense

embedding_scaled = EmbeddingScaled

erdos_renyi = ErdosRenyi

finer_bias = FinerBias

fixup = Fixup

forget_bias = ForgetBias

fourier_features = FourierFeatures

geomspace = Geomspace

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

given = Given

glorot_normal = GlorotNormal

glorot_orthogonal = GlorotOrthogonal

glorot_uniform = GlorotUniform

glow_rotation = GlowRotation

hadamard = Hadamard

hadamard_identity = HadamardIdentity

hash_grid = HashGrid

he_normal = HeNormal

he_uniform = HeUniform

hippo_fourier_a = HippoFourierA

hippo_fourier_b = HippoFourierB

hippo_legs_a = HippoLegsA

hippo_legs_b = HippoLegsB

hippo_legs_p = HippoLegsP

hippo_legt_a = HippoLegtA

hippo_legt_b = HippoLegtB

hyperfan_in = HyperfanIn

hyperfan_out = HyperfanOut

icnr = Icnr

identity = Identity

idinit = Idinit

idinit_zero = IdinitZero

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

kan_base = KanBase

kan_spline = KanSpline

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

layer_scale = LayerScale

lecun_normal = LecunNormal

lecun_uniform = LecunUniform

lightning_slopes = LightningSlopes

linspace = Linspace

log_uniform = LogUniform

lora_a = LoraA

lora_gaussian = LoraGaussian

lora_orthogonal_a = LoraOrthogonalA

lora_orthogonal_b = LoraOrthogonalB

lru_gamma = LruGamma

lru_phase = LruPhase

lru_ring = LruRing

def lsuv(
    model: keras.layers.Layer,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    seed: int | None = None,
    start: _SchemeLike | None = "orthogonal",
    tolerance: float = 0.1,
    most: int = 10,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
) -> LsuvReport:
    """Set a model so that its layers give a variance of 1 on a batch: layer-sequential, by data.

    The kernels of dense and convolutional layers start orthonormal, and their biases at zero.
    Then, in the order of the forward pass, each kernel is divided by the standard deviation of
    what its layer gives on the batch before its activation, until the variance is 1. The model
    runs with ``training=False``: dropout does nothing, and a normalization by batches uses the
    statistics that it holds.

    Left alone, and named in the report, are other weights (embeddings, attention, recurrences,
    normalizations), and what does not train. A layer that is called several times is scaled by the
    mean of the variances of its calls. It differs from the authors' code, which also shifts biases
    by the mean, and takes the last call.

    Args:
        model: a built Keras model or layer.
        inputs: a batch, as the model takes it; of the data that it is to be trained on.
        keywords: what the model takes by name.
        seed: 0 ≤ seed < 2⁶⁴, of the start.
        start: the scheme of the kernels; None scales the kernels that are there, and leaves
            biases as they are. Then there is no seed.
        tolerance: how far from 1 a variance may be.
        most: how often one kernel is scaled at most.
        only: patterns of canonical paths; other weights are left alone.
        exclude: patterns of canonical paths that are left alone.

    Returns:
        A :class:`LsuvReport`, a row for each layer; ``str`` of it is a table. ``converged`` says
        whether all variances are within the tolerance.

    Raises:
        FanwiseError: for bad input, a model that does not run, and an output that does not vary
            or is not finite; the model is then as it was.

    Examples:
        >>> import keras
        >>> from keras import layers
        >>> hidden = layers.Dense(128, activation="relu", name="hidden")
        >>> model = keras.Sequential([keras.Input((64,)), hidden, layers.Dense(10, name="head")])
        >>> batch = keras.ops.sin(keras.ops.reshape(keras.ops.arange(512.0 * 64), (512, 64)))
        >>> report = lsuv(model, batch, seed=0)
        >>> [layer.path for layer in report.layers], report.converged
        (['hidden', 'head'], True)

    References:
        Mishkin & Matas 2016, arXiv:1511.06422, algorithm 1.
    """

mamba2_a_log = Mamba2ALog

mamba_a_log = MambaALog

mamba_dt_bias = MambaDtBias

mamba_dt_proj = MambaDtProj

mamba_out_proj = MambaOutProj

mimetic_key = MimeticKey

mimetic_out = MimeticOut

mimetic_query = MimeticQuery

mimetic_value = MimeticValue

mitchell = Mitchell

mitchell_residual = MitchellResidual

modular_embedding = ModularEmbedding

modular_orthogonal = ModularOrthogonal

mt_nlg = MtNlg

multilabel_prior = MultilabelPrior

mup_hidden = MupHidden

mup_input = MupInput

mup_output = MupOutput

mup_residual = MupResidual

normal = Normal

normc = Normc

ntk = Ntk

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

powers = Powers

prior_bias = PriorBias

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

reservoir = Reservoir

retnet_angles = RetnetAngles

retnet_decay = RetnetDecay

rg_lru = RgLru

rotary = Rotary

rotary_linear = RotaryLinear

rotary_llama3 = RotaryLlama3

rotary_longrope = RotaryLongrope

rotary_ntk = RotaryNtk

rotary_yarn = RotaryYarn

rwkv7_channel_mix = Rwkv7ChannelMix

rwkv7_decay = Rwkv7Decay

rwkv7_key = Rwkv7Key

rwkv7_mix = Rwkv7Mix

rwkv7_norm = Rwkv7Norm

rwkv7_rate = Rwkv7Rate

rwkv7_value = Rwkv7Value

s4_log_dt = S4LogDt

s4d_inv = S4dInv

s4d_lin = S4dLin

s4d_quad = S4dQuad

s4d_real = S4dReal

sal_hidden = SalHidden

sal_sphere = SalSphere

scaled_residual = ScaledResidual

selu = Selu

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

sinusoidal = Sinusoidal

sinusoidal_2d = Sinusoidal2d

sinusoidal_halves = SinusoidalHalves

sinusoidal_tensor2tensor = SinusoidalTensor2tensor

sinusoidal_weights = SinusoidalWeights

siren = Siren

siren_first = SirenFirst

skip_init = SkipInit

small_embedding = SmallEmbedding

small_init = SmallInit

sparse = Sparse

spectral = Spectral

spectral_normalized = SpectralNormalized

spectral_sphere = SpectralSphere

stft = STFT

subln = Subln

subln_decoder = SublnDecoder

subln_encoder = SublnEncoder

def summary(
    model: keras.layers.Layer,
) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation.

    A weight that is used at several places is one row, under its first path. A scheme is shown
    where :func:`fanwise.keras.initialize`, with its report, or :func:`set_initializer` has set the
    weight, and as long as it has the values that were drawn: not after a step of training.
    Of a weight of which other processes have a part neither it nor the deviation is known.

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

switch_moe = SwitchMoe

t5_key = T5Key

t5_position = T5Position

t5_query = T5Query

t5_up = T5Up

t_fixup = TFixup

t_fixup_decoder = TFixupDecoder

t_fixup_embedding = TFixupEmbedding

torch_default = TorchDefault

truncated_normal = TruncatedNormal

u_mup = UMup

uniform = Uniform

uniform_gate = UniformGate

uniform_unit_scaling = UniformUnitScaling

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

vera = Vera

wang_init = WangInit

def write(
    model: keras.layers.Layer,
    recipe: _RecipeLike,
    *,
    seed: int,
    to: str | PathLike[str] | None = None,
    format: str | None = None,
    form: str = "names",
    dtype: Any = None,
    shard_size: int | str = "5GB",
    digest_only: bool = False,
    progress: Callable[[int, int, str], None] = ...,
    **variables: float | str,
) -> Written:
    """Write what a model starts with by a recipe into files, and leave the model as it is.

    The bytes are those that ``initialize`` would set, drawn block by block: memory does not grow
    with the model. What the recipe
    does not set is copied from the model. Files are written beside their place and renamed when
    they are complete; a call that was ended is finished by the same call. Only weights that are
    made as a whole, such as orthogonal ones, take memory of their size, one at a time per core.

    Args:
        model: a model or a layer; built.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴.
        to: a folder; or a file whose suffix says its format, ``.safetensors`` or ``.npz``.
            Beside the tensors stands ``start.json``, with a SHA-256 of each.
        format: ``"safetensors"``, ``"npz"``, ``"dcp"`` or ``"orbax"``; None for what ``to`` says,
            or else safetensors, in files and with the index that transformers loads.
        form: ``"names"``, the paths of the variables; or ``"canonical"``: weights alone, under
            canonical paths, with their axes in canonical order, the same bytes from any framework.
        dtype: of all floats, such as ``"bfloat16"`` or the backend's own; None for the model's,
            or float32 in the canonical form.
        shard_size: the most bytes of tensors in one file of a folder: a number, or ``"5GB"``.
        digest_only: whether to draw and hash all, and write nothing.
        progress: called with the bytes that are done, all bytes, and a title.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Written`: the digest, that of each tensor, and the files; ``str`` of it tells.

    Raises:
        FanwiseError: for a recipe that does not fit the model; for what is neither drawn nor
            copied, since the model has no values, or computes it; for a target that is there
            already, is being written, or was begun with something else. Nothing is changed then.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(4, name="head")])
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> written = write(
        ...     model, {"fanwise": 1, "rule": rules}, seed=0, form="canonical", digest_only=True
        ... )
        >>> sorted(written.tensors), written.elements
        (['head/bias', 'head/kernel'], 28)
    """

xavier_normal = XavierNormal

xavier_uniform = XavierUniform

xlstm_forget = XlstmForget

xlstm_power_law = XlstmPowerLaw

xpos_scale = XposScale

zeros = Zeros

__all__ = [
    "STFT",
    "AlibiSlopes",
    "Arange",
    "BertCut",
    "BilinearUpsampling",
    "BlockOrthogonal",
    "ChronoForget",
    "ChronoInput",
    "ClassPrior",
    "CompleteP",
    "Constant",
    "ConvAware",
    "Ddpm",
    "Deepnorm",
    "DeepnormDecoder",
    "DeepnormEncoder",
    "DeformableAttentionGrid",
    "DeltaOrthogonal",
    "DepthScaled",
    "DepthwiseInitializer",
    "Dirac",
    "DsInit",
    "EdgeOfChaos",
    "Efficientnet",
    "EfficientnetDense",
    "EmbeddingScaled",
    "ErdosRenyi",
    "FinerBias",
    "Fixup",
    "ForgetBias",
    "FourierFeatures",
    "Geomspace",
    "Given",
    "GlorotNormal",
    "GlorotOrthogonal",
    "GlorotUniform",
    "GlowRotation",
    "Hadamard",
    "HadamardIdentity",
    "HashGrid",
    "HeNormal",
    "HeUniform",
    "HippoFourierA",
    "HippoFourierB",
    "HippoLegsA",
    "HippoLegsB",
    "HippoLegsP",
    "HippoLegtA",
    "HippoLegtB",
    "HyperfanIn",
    "HyperfanOut",
    "Icnr",
    "Identity",
    "IdentityInitializer",
    "Idinit",
    "IdinitZero",
    "Initializer",
    "KaimingNormal",
    "KaimingUniform",
    "KanBase",
    "KanSpline",
    "LayerScale",
    "LayerWeight",
    "LecunNormal",
    "LecunUniform",
    "LightningSlopes",
    "Linspace",
    "LogUniform",
    "LoraA",
    "LoraGaussian",
    "LoraOrthogonalA",
    "LoraOrthogonalB",
    "LruGamma",
    "LruPhase",
    "LruRing",
    "Mamba2ALog",
    "MambaALog",
    "MambaDtBias",
    "MambaDtProj",
    "MambaOutProj",
    "MimeticKey",
    "MimeticOut",
    "MimeticQuery",
    "MimeticValue",
    "Mitchell",
    "MitchellResidual",
    "ModularEmbedding",
    "ModularOrthogonal",
    "MtNlg",
    "MultilabelPrior",
    "MupHidden",
    "MupInput",
    "MupOutput",
    "MupResidual",
    "Normal",
    "Normc",
    "Ntk",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "Powers",
    "PriorBias",
    "RandomNormal",
    "RandomUniform",
    "Reservoir",
    "RetnetAngles",
    "RetnetDecay",
    "RgLru",
    "Rotary",
    "RotaryLinear",
    "RotaryLlama3",
    "RotaryLongrope",
    "RotaryNtk",
    "RotaryYarn",
    "Rwkv7ChannelMix",
    "Rwkv7Decay",
    "Rwkv7Key",
    "Rwkv7Mix",
    "Rwkv7Norm",
    "Rwkv7Rate",
    "Rwkv7Value",
    "S4LogDt",
    "S4dInv",
    "S4dLin",
    "S4dQuad",
    "S4dReal",
    "STFTInitializer",
    "SalHidden",
    "SalSphere",
    "ScaledResidual",
    "SchemeInitializer",
    "Selu",
    "Sinusoidal",
    "Sinusoidal2d",
    "SinusoidalHalves",
    "SinusoidalTensor2tensor",
    "SinusoidalWeights",
    "Siren",
    "SirenFirst",
    "SkipInit",
    "SmallEmbedding",
    "SmallInit",
    "Span",
    "Sparse",
    "Spectral",
    "SpectralNormalized",
    "SpectralSphere",
    "Subln",
    "SublnDecoder",
    "SublnEncoder",
    "SwitchMoe",
    "T5Key",
    "T5Position",
    "T5Query",
    "T5Up",
    "TFixup",
    "TFixupDecoder",
    "TFixupEmbedding",
    "TorchDefault",
    "TruncatedNormal",
    "UMup",
    "Uniform",
    "UniformGate",
    "UniformUnitScaling",
    "VarianceScaling",
    "Vera",
    "WangInit",
    "XavierNormal",
    "XavierUniform",
    "XlstmForget",
    "XlstmPowerLaw",
    "XposScale",
    "Zeros",
    "alibi_slopes",
    "arange",
    "bert_cut",
    "bilinear_upsampling",
    "block_orthogonal",
    "capture",
    "chrono_forget",
    "chrono_input",
    "class_prior",
    "complete_p",
    "constant",
    "conv_aware",
    "ddpm",
    "deepnorm",
    "deepnorm_decoder",
    "deepnorm_encoder",
    "deformable_attention_grid",
    "delta_orthogonal",
    "depth_scaled",
    "deserialize",
    "dirac",
    "ds_init",
    "edge_of_chaos",
    "efficientnet",
    "efficientnet_dense",
    "embedding_scaled",
    "erdos_renyi",
    "finer_bias",
    "fixup",
    "forget_bias",
    "fourier_features",
    "geomspace",
    "get",
    "given",
    "glorot_normal",
    "glorot_orthogonal",
    "glorot_uniform",
    "glow_rotation",
    "hadamard",
    "hadamard_identity",
    "hash_grid",
    "he_normal",
    "he_uniform",
    "hippo_fourier_a",
    "hippo_fourier_b",
    "hippo_legs_a",
    "hippo_legs_b",
    "hippo_legs_p",
    "hippo_legt_a",
    "hippo_legt_b",
    "hyperfan_in",
    "hyperfan_out",
    "icnr",
    "identity",
    "idinit",
    "idinit_zero",
    "initialize",
    "kaiming_normal",
    "kaiming_uniform",
    "kan_base",
    "kan_spline",
    "layer_check",
    "layer_scale",
    "lecun_normal",
    "lecun_uniform",
    "lightning_slopes",
    "linspace",
    "log_uniform",
    "lora_a",
    "lora_gaussian",
    "lora_orthogonal_a",
    "lora_orthogonal_b",
    "lru_gamma",
    "lru_phase",
    "lru_ring",
    "lsuv",
    "mamba2_a_log",
    "mamba_a_log",
    "mamba_dt_bias",
    "mamba_dt_proj",
    "mamba_out_proj",
    "mimetic_key",
    "mimetic_out",
    "mimetic_query",
    "mimetic_value",
    "mitchell",
    "mitchell_residual",
    "modular_embedding",
    "modular_orthogonal",
    "mt_nlg",
    "multilabel_prior",
    "mup_hidden",
    "mup_input",
    "mup_output",
    "mup_residual",
    "normal",
    "normc",
    "ntk",
    "ones",
    "orthogonal",
    "paths",
    "powers",
    "prior_bias",
    "random_normal",
    "random_uniform",
    "register_layer",
    "reservoir",
    "retnet_angles",
    "retnet_decay",
    "rg_lru",
    "rotary",
    "rotary_linear",
    "rotary_llama3",
    "rotary_longrope",
    "rotary_ntk",
    "rotary_yarn",
    "rwkv7_channel_mix",
    "rwkv7_decay",
    "rwkv7_key",
    "rwkv7_mix",
    "rwkv7_norm",
    "rwkv7_rate",
    "rwkv7_value",
    "s4_log_dt",
    "s4d_inv",
    "s4d_lin",
    "s4d_quad",
    "s4d_real",
    "sal_hidden",
    "sal_sphere",
    "scaled_residual",
    "selu",
    "serialize",
    "set_initializer",
    "sinusoidal",
    "sinusoidal_2d",
    "sinusoidal_halves",
    "sinusoidal_tensor2tensor",
    "sinusoidal_weights",
    "siren",
    "siren_first",
    "skip_init",
    "small_embedding",
    "small_init",
    "sparse",
    "spectral",
    "spectral_normalized",
    "spectral_sphere",
    "stft",
    "subln",
    "subln_decoder",
    "subln_encoder",
    "summary",
    "switch_moe",
    "t5_key",
    "t5_position",
    "t5_query",
    "t5_up",
    "t_fixup",
    "t_fixup_decoder",
    "t_fixup_embedding",
    "torch_default",
    "truncated_normal",
    "u_mup",
    "uniform",
    "uniform_gate",
    "uniform_unit_scaling",
    "unwritten",
    "variance_scaling",
    "vera",
    "wang_init",
    "write",
    "xavier_normal",
    "xavier_uniform",
    "xlstm_forget",
    "xlstm_power_law",
    "xpos_scale",
    "zeros",
]
