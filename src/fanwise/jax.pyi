# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: E501, PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
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
from fanwise.adapters.starts.written import Written
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
_Tree = TypeVar("_Tree")

@dataclass(frozen=True)
class KeyedInitializer:
    """What the functions of this package return: an initializer, as a value.

    It compares and hashes by value, so a Flax module that holds one does too.

    Attributes:
        scheme: what it draws.
        axes: the role of each axis.
        dtype: the dtype where a call gives none; None is JAX's default.
        seed: the seed that counts instead of the key, or None.
        path: the weight's path, or None.
        engine: ``"portable"`` or ``"native"``.

    Examples:
        >>> import jax
        >>> import fanwise
        >>> init = KeyedInitializer(fanwise.scheme("he_normal"), seed=0, path="dense/kernel")
        >>> init(jax.random.key(1), (8, 16)).shape
        (8, 16)
        >>> init == KeyedInitializer(fanwise.scheme("he_normal"), seed=0, path="dense/kernel")
        True
    """

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

@dataclass(frozen=True)
class NdInitializer:
    """What :func:`nd_initializer` returns: an initializer, as a value.

    Attributes:
        initializer: what draws, once the axes are known.

    Examples:
        >>> import jax
        >>> init = nd_initializer("lecun_normal", seed=0, path="query/kernel")
        >>> init(jax.random.key(0), (64, 4, 16), "float32", 0, (1, 2)).shape
        (64, 4, 16)
    """

    initializer: KeyedInitializer
    def __call__(
        self,
        key: jax.Array | Sequence[int] | None,
        shape: Sequence[int] | DTypeLike | None,
        dtype: DTypeLike | None = None,
        in_axis: int | Sequence[int] = -2,
        out_axis: int | Sequence[int] = -1,
        batch_axis: int | Sequence[int] = (),
        out_sharding: Any = None,
    ) -> jax.Array: ...

def alibi_slopes(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out *",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``alibi_slopes``.

    ALiBi's slope of each head: 2^(−8(h + 1)/H); where H is no power of two, the next smaller one's, then every other one of twice as many.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import alibi_slopes
        >>> init = alibi_slopes(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Press, Smith & Lewis 2022, arXiv:2108.12409, section 3.
    """

def arange(
    start: float = 0.0,
    step: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``arange``.

    From start on in steps, along the outputs.

    Args:
        start: the first of a sequence of numbers.
        step: the difference between a number of a sequence and the next.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import arange
        >>> init = arange(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Common usage: numpy.arange.
    """

def bert_cut(
    std: float = 0.02,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``bert_cut``.

    Normal of 0.02 cut at two standard deviations of itself: 0.0176 comes out.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import bert_cut
        >>> init = bert_cut(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Devlin et al. 2019, arXiv:1810.04805: its code; the paper does not say.
    """

def bilinear_upsampling(
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``bilinear_upsampling``.

    Transposed convolution that interpolates: each channel has a bilinear kernel to itself.

    Args:
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import bilinear_upsampling
        >>> init = bilinear_upsampling(path="layer/kernel")
        >>> init(jax.random.key(0), (4, 4, 8, 8)).shape
        (4, 4, 8, 8)

    References:
        Long, Shelhamer & Darrell 2015, arXiv:1411.4038, section 3.3.
    """

def block_orthogonal(
    in_blocks: int = 1,
    out_blocks: int = 1,
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``block_orthogonal``.

    Blocks side by side, each semi-orthogonal by itself, times gain.

    Args:
        in_blocks: the number of equal blocks side by side along the inputs.
        out_blocks: the number of equal blocks side by side along the outputs.
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import block_orthogonal
        >>> init = block_orthogonal(out_blocks=4, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 32)).shape
        (8, 32)

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3, for each block.
    """

def capture(
    factory: Callable[..., Any],
    *,
    inputs: Any = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    seeds: Sequence[int] = ...,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does.

    The function is called under several seeds. What holds the same each time is a constant or a
    formula; of what differs the law is told by the values, and its numbers are written as the
    expressions that agree for all shapes. Random states of NumPy and Python are put
    back. The recipe is then proved: two builds more, and a model that it has started itself, are
    judged by it with a false-alarm rate below 10⁻⁹.

    Args:
        factory: builds the model anew each time: one of nnx, a pytree, or a linen module or what
            ``haiku.transform`` gives: alone, with a tuple of what it is called with, with its
            variables, or with both. Its parameter is given a key; an integer if it is called
            ``seed``; ``nnx.Rngs`` if it is called ``rngs``. Without one, the keys that it makes of
            numbers (``jax.random.key(0)``, ``nnx.Rngs(0)``) differ from build to build.
        inputs: what a linen module, or a function of Haiku, is called with: a tuple of arrays or
            ShapeDtypeStructs, or one.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
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
        >>> import jax
        >>> recipe = capture(lambda key: {"kernel": jax.random.normal(key, (64, 256))})
        >>> [rule.init["scheme"] for rule in recipe.rules]
        ['normal']
    """

def chrono_forget(
    steps: float,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``chrono_forget``.

    Bias of a forget gate: ln U(1, steps − 1), so that memories last 1 to steps − 1 steps. chrono_input is the other half.

    Args:
        steps: the longest dependency that is to be learned, in time steps.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import chrono_forget
        >>> init = chrono_forget(steps=784.0, path="layer/forget_bias")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Tallec & Ollivier 2018, arXiv:1804.11188: the chrono initialization.
    """

def chrono_input(
    steps: float,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``chrono_input``.

    Bias of an input gate: −ln U(1, steps − 1), of the same draw as chrono_forget's. Of a bias of several gates it is the first, and the others are 0.

    Args:
        steps: the longest dependency that is to be learned, in time steps.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import chrono_input
        >>> init = chrono_input(steps=784.0, path="layer/bias")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Tallec & Ollivier 2018, arXiv:1804.11188: the chrono initialization.
    """

def class_prior(
    probabilities: Sequence[Any] | ArrayLike,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``class_prior``.

    The logarithms of the classes' frequencies: a softmax begins with those.

    Args:
        probabilities: the probability of each class (for class_prior, counts do as well).
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import class_prior
        >>> init = class_prior(probabilities=(0.7, 0.2, 0.09, 0.01), path="layer/kernel")
        >>> init(jax.random.key(0), (4,)).shape
        (4,)

    References:
        Bishop 1995, Neural Networks for Pattern Recognition, chapter 6: a softmax of ln p is p.
    """

def complete_p(
    base_width: float,
    std: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``complete_p``.

    Normal of std √(base_width / fan_in), without a factor of depth, which is in the residual branches.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import complete_p
        >>> init = complete_p(std=0.02, base_width=256.0, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Dey et al. 2025, arXiv:2505.01618, table 1.
    """

def conv_aware(
    scale: float = 2.0,
    noise: float = 0.05,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``conv_aware``.

    Convolution whose kernels into one output are orthogonal in the frequency domain; mean square scale / fan_in.

    Args:
        scale: numerator of the variance.
        noise: standard deviation of the noise that is added before scaling.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import conv_aware
        >>> init = conv_aware(path="layer/kernel")
        >>> init(jax.random.key(0), (3, 3, 8, 16)).shape
        (3, 3, 8, 16)

    References:
        Aghajanyan 2017, arXiv:1702.06295, section 3.
    """

def ddpm(
    scale: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``ddpm``.

    Uniform, variance scale / fan_avg; the last layer of each branch with a scale of 1e-10.

    Args:
        scale: numerator of the variance.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import ddpm
        >>> init = ddpm(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Ho, Jain & Abbeel 2020, arXiv:2006.11239: its code.
    """

def deepnorm(
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``deepnorm``.

    Xavier's normal times (8 layers)^(-1/4): values, outputs and feed-forward of an encoder or a decoder alone.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import deepnorm
        >>> init = deepnorm(layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """

def deepnorm_decoder(
    decoder_layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``deepnorm_decoder``.

    Xavier's normal times (12 decoder_layers)^(-1/4): the decoder beside an encoder.

    Args:
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import deepnorm_decoder
        >>> init = deepnorm_decoder(decoder_layers=6, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """

def deepnorm_encoder(
    encoder_layers: int,
    decoder_layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``deepnorm_encoder``.

    Xavier's normal times 0.87 (encoder_layers⁴ decoder_layers)^(-1/16): the encoder beside a decoder.

    Args:
        encoder_layers: the number of layers of the encoder.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import deepnorm_encoder
        >>> init = deepnorm_encoder(encoder_layers=12, decoder_layers=6, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """

def deformable_attention_grid(
    heads: int = 8,
    levels: int = 4,
    points: int = 4,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``deformable_attention_grid``.

    Bias of the sampling offsets: each head looks in its own direction, point p of it p + 1 samples far.

    Args:
        heads: the number of attention heads.
        levels: the number of feature levels that attention samples.
        points: the number of points that a head samples on each level.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import deformable_attention_grid
        >>> init = deformable_attention_grid(path="layer/kernel")
        >>> init(jax.random.key(0), (256,)).shape
        (256,)

    References:
        Zhu et al. 2021, arXiv:2010.04159, appendix A.4.
    """

def delta_orthogonal(
    scale: ArrayLike = 1.0,
    column_axis: int = -1,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of kernels that are orthogonal at their centre, else zero.

    Args:
        scale: factor on the weights.
        column_axis: -1 or -2, as in JAX. Both have the same distribution, and here the
            same weights.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> kernel = delta_orthogonal()(jax.random.key(0), (3, 3, 8, 16))
        >>> int((kernel != 0).any(axis=(2, 3)).sum())
        1

    References:
        Xiao et al. 2018, arXiv:1806.05393, algorithm 1.
    """

def depth_scaled(
    layer: int,
    std: float = 0.02,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``depth_scaled``.

    Normal of std / √(2 (layer + 1)), with layers counted from 0: later layers write less.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        layer: the number of the layer (block) in the model, from 0.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import depth_scaled
        >>> init = depth_scaled(layer=3, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Bao et al. 2022, arXiv:2106.08254, section 2.5 (BEiT); torchtitan's models.
    """

def dirac(
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``dirac``.

    A convolution that hands its inputs through, group by group.

    Args:
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import dirac
        >>> init = dirac(path="layer/kernel")
        >>> init(jax.random.key(0), (3, 3, 8, 16)).shape
        (3, 3, 8, 16)

    References:
        Zagoruyko & Komodakis 2017, arXiv:1706.00388, equation 2; torch.nn.init.dirac_.
    """

def ds_init(
    layer: int,
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``ds_init``.

    Xavier's uniform times gain / √(layer + 1), with layers counted from 0.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        gain: factor on the weights.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import ds_init
        >>> init = ds_init(layer=3, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Zhang, Titov & Sennrich 2019, arXiv:1908.11365, section 4.
    """

def edge_of_chaos(
    weight_variance: float,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``edge_of_chaos``.

    Normal, variance weight_variance / fan_in, where weight_variance is that at which signals neither die nor explode.

    Args:
        weight_variance: the variance of a weight, times fan_in.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import edge_of_chaos
        >>> init = edge_of_chaos(weight_variance=1.76, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Poole et al. 2016, arXiv:1606.05340, section 2; Schoenholz et al. 2017, arXiv:1611.01232.
    """

def efficientnet(
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``efficientnet``.

    Normal, variance 2 / fan_out: convolutions.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import efficientnet
        >>> init = efficientnet(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Tan & Le 2019, arXiv:1905.11946: its code.
    """

def efficientnet_dense(
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``efficientnet_dense``.

    Uniform on ±1 / √fan_out: the classifier.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import efficientnet_dense
        >>> init = efficientnet_dense(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Tan & Le 2019, arXiv:1905.11946: its code.
    """

def embedding_scaled(
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``embedding_scaled``.

    Normal, variance 1 / fan_out: a table of (tokens, width), to be multiplied by √width where it is used.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import embedding_scaled
        >>> init = embedding_scaled(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.4, which multiplies embeddings by √width.
    """

def erdos_renyi(
    epsilon: float = 20.0,
    elements: str = "uniform",
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``erdos_renyi``.

    Glorot's law on the connections of a random graph: density epsilon (in + out) / (in out), with a receptive field epsilon (in + out + k…) / (in out k…).

    Args:
        epsilon: connections for each input and each output, about: the density is epsilon (in + out) / (in out).
        elements: what the elements that are not zero are drawn from, with mean 0.
        gain: factor on the weights.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import erdos_renyi
        >>> init = erdos_renyi(path="layer/kernel")
        >>> init(jax.random.key(0), (256, 128)).shape
        (256, 128)

    References:
        Mocanu et al. 2018, arXiv:1707.04780, equation 1; Evci et al. 2020, arXiv:1911.11134, section 3 (1) for convolutions
    """

def finer_bias(
    bound: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``finer_bias``.

    Uniform on ±bound: the first bias, whose size chooses the frequencies.

    Args:
        bound: the largest magnitude, in the weight's units.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import finer_bias
        >>> init = finer_bias(path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Liu et al. 2024, arXiv:2312.02434.
    """

def fixup(
    layers: int,
    branch_layers: int = 2,
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``fixup``.

    Normal of layers^(-1 / (2 branch_layers - 2)) √(2 / fan_out): the layers of a branch but its last.

    Args:
        layers: the number of layers (blocks) of the model.
        branch_layers: the number of layers with weights in a residual branch.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import fixup
        >>> init = fixup(layers=16, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Zhang, Dauphin & Ma 2019, arXiv:1901.09321, section 3.
    """

def forget_bias(
    value: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``forget_bias``.

    One value, 1 unless given, for the bias of a forget gate: the gate begins open.

    Args:
        value: the value of every element.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import forget_bias
        >>> init = forget_bias(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Gers, Schmidhuber & Cummins 2000, Learning to forget; Jozefowicz, Zaremba & Sutskever 2015, An empirical exploration of recurrent network architectures.
    """

def fourier_features(
    std: float = 10.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``fourier_features``.

    Normal of std, which chooses the frequencies: a matrix that does not train.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import fourier_features
        >>> init = fourier_features(path="layer/kernel")
        >>> init(jax.random.key(0), (2, 64)).shape
        (2, 64)

    References:
        Tancik et al. 2020, arXiv:2006.10739.
    """

def geomspace(
    low: float = 0.001,
    high: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``geomspace``.

    From low to high, each the same multiple of the one before, along the outputs.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import geomspace
        >>> init = geomspace(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Common usage: numpy.geomspace.
    """

def given(
    values: Sequence[Any] | ArrayLike,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``given``.

    The values that are given.

    Args:
        values: the numbers themselves, or rows of them, in canonical order (in, out).
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import given
        >>> init = given(values=((0.0, 0.5, 1.0), (1.0, 0.5, 0.0)), path="layer/kernel")
        >>> init(jax.random.key(0), (2, 3)).shape
        (2, 3)

    References:
        Common usage: tables and priors that are known beforehand.
    """

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
    """Make an initializer of the scheme glorot_normal.

    Normal cut at two standard deviations, variance 1 / fan_avg.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import glorot_normal
        >>> glorot_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 12.
    """

def glorot_orthogonal(
    scale: float = 2.0,
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``glorot_orthogonal``.

    Semi-orthogonal, Haar-distributed; of a matrix with Glorot's variance, scale / (fan_in + fan_out).

    Args:
        scale: numerator of the variance.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import glorot_orthogonal
        >>> init = glorot_orthogonal(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Gasteiger, Groß & Günnemann 2020, arXiv:2003.03123, code.
    """

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
    """Make an initializer of the scheme glorot_uniform.

    Uniform, variance 1 / fan_avg.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import glorot_uniform
        >>> glorot_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 16.
    """

def glow_rotation(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``glow_rotation``.

    Random rotation: Haar-distributed orthogonal, of determinant 1.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import glow_rotation
        >>> init = glow_rotation(path="layer/kernel")
        >>> init(jax.random.key(0), (12, 12)).shape
        (12, 12)

    References:
        Kingma & Dhariwal 2018, arXiv:1807.03039, section 3.2.
    """

def hadamard(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hadamard``.

    Sylvester's Hadamard matrix over √order, or the upper left part of one.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hadamard
        >>> init = hadamard(path="layer/kernel")
        >>> init(jax.random.key(0), (16, 16)).shape
        (16, 16)

    References:
        Sylvester 1867, Philosophical Magazine 34(232).
    """

def hadamard_identity(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hadamard_identity``.

    ZerO: an identity, or a Hadamard matrix where the layer widens (by √2 less than the paper's, as in its code); a convolution holds it in its centre.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hadamard_identity
        >>> init = hadamard_identity(path="layer/kernel")
        >>> init(jax.random.key(0), (6, 16)).shape
        (6, 16)

    References:
        Zhao, Schäfer & Anandkumar 2022, arXiv:2110.12661, algorithm 1.
    """

def hash_grid(
    bound: float = 0.0001,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hash_grid``.

    Uniform on ±0.0001: the features of a hash table.

    Args:
        bound: the largest magnitude, in the weight's units.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hash_grid
        >>> init = hash_grid(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 2)).shape
        (64, 2)

    References:
        Müller et al. 2022, arXiv:2201.05989, section 4.
    """

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
    """Make an initializer of the scheme he_normal.

    Normal cut at two standard deviations, variance 2 / fan_in.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import he_normal
        >>> he_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

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
    """Make an initializer of the scheme he_uniform.

    Uniform, variance 2 / fan_in.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import he_uniform
        >>> he_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

def hippo_fourier_a(
    window: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out in",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hippo_fourier_a``.

    A of the truncated Fourier basis over a sliding window, states in pairs of cosine and sine. S4's code has it at window = 2.

    Args:
        window: the length of the window of time that a state remembers.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hippo_fourier_a
        >>> init = hippo_fourier_a(path="layer/kernel")
        >>> init(jax.random.key(0), (16, 16)).shape
        (16, 16)

    References:
        Gu et al. 2023, arXiv:2206.12037, S4-FouT; Gu et al. 2020, arXiv:2008.07669, appendix D.4.
    """

def hippo_fourier_b(
    window: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out *",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hippo_fourier_b``.

    B of the truncated Fourier basis: 2, 0, 2√2, 0, 2√2 … over window. S4's code has it at window = 2.

    Args:
        window: the length of the window of time that a state remembers.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hippo_fourier_b
        >>> init = hippo_fourier_b(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Gu et al. 2023, arXiv:2206.12037, S4-FouT.
    """

def hippo_legs_a(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out in",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hippo_legs_a``.

    HiPPO's A for Legendre polynomials over all of the past, with the sign of S4.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hippo_legs_a
        >>> init = hippo_legs_a(path="layer/kernel")
        >>> init(jax.random.key(0), (16, 16)).shape
        (16, 16)

    References:
        Gu et al. 2020, arXiv:2008.07669, theorem 2; Gu, Goel & Ré 2022, arXiv:2111.00396, equation 2.
    """

def hippo_legs_b(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out *",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hippo_legs_b``.

    HiPPO's B for Legendre polynomials over all of the past: √(2n + 1).

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hippo_legs_b
        >>> init = hippo_legs_b(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Gu et al. 2020, arXiv:2008.07669, theorem 2.
    """

def hippo_legs_p(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hippo_legs_p``.

    The low-rank part of HiPPO-LegS: √(n + ½), with which A + P Pᵀ is normal.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hippo_legs_p
        >>> init = hippo_legs_p(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Gu, Goel & Ré 2022, arXiv:2111.00396, theorem 1 and appendix C.1.
    """

def hippo_legt_a(
    window: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out in",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hippo_legt_a``.

    HiPPO's A for Legendre polynomials over a sliding window. S4's code has it at window = 2.

    Args:
        window: the length of the window of time that a state remembers.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hippo_legt_a
        >>> init = hippo_legt_a(path="layer/kernel")
        >>> init(jax.random.key(0), (16, 16)).shape
        (16, 16)

    References:
        Gu et al. 2020, arXiv:2008.07669, appendix D.1; Gu et al. 2023, arXiv:2206.12037, definition of S4-LegT.
    """

def hippo_legt_b(
    window: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out *",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hippo_legt_b``.

    HiPPO's B for Legendre polynomials over a sliding window: √(2n + 1) / window. S4's code has it at window = 2.

    Args:
        window: the length of the window of time that a state remembers.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hippo_legt_b
        >>> init = hippo_legt_b(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Gu et al. 2020, arXiv:2008.07669, appendix D.1.
    """

def hyperfan_in(
    main_fan_in: float,
    main_bias: bool = True,
    main_relu: bool = True,
    input_variance: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hyperfan_in``.

    Uniform, variance such that the layer made has the variance of He's or LeCun's, by its fan_in.

    Args:
        main_fan_in: the fan_in of the layer whose weights are made; 1 for the head that makes its bias.
        main_bias: whether the bias of that layer is made too.
        main_relu: whether a ReLU follows that layer.
        input_variance: the variance of what goes into the weight.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hyperfan_in
        >>> init = hyperfan_in(main_fan_in=128.0, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Chang, Flokas & Lipson 2020, arXiv:2312.08399, section 4.1 and table 1.
    """

def hyperfan_out(
    main_fan_out: float,
    main_relu: bool = True,
    input_variance: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``hyperfan_out``.

    Uniform, variance such that the layer made has the variance of He's or LeCun's, by its fan_out.

    Args:
        main_fan_out: the fan_out of the layer whose weights are made.
        main_relu: whether a ReLU follows that layer.
        input_variance: the variance of what goes into the weight.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import hyperfan_out
        >>> init = hyperfan_out(main_fan_out=128.0, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Chang, Flokas & Lipson 2020, arXiv:2312.08399, section 4.2 and table 1.
    """

def icnr(
    upscale_factor: int = 2,
    subpixels: str = "pixel_shuffle",
    scale: float = 2.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``icnr``.

    Sub-pixel convolution: every sub-pixel of a channel starts as a copy of one kernel, he_normal unless scale, mode and distribution say otherwise.

    Args:
        upscale_factor: how many times finer the upsampled grid is, along each axis.
        subpixels: where the sub-pixels of a channel are: side by side (torch's pixel_shuffle), or channels apart (TensorFlow's depth_to_space).
        scale: numerator of the variance.
        mode: the fan that divides the scale.
        distribution: the distribution; the normal is uncut, the truncated one cut at two standard deviations.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import icnr
        >>> init = icnr(path="layer/kernel")
        >>> init(jax.random.key(0), (3, 3, 8, 16)).shape
        (3, 3, 8, 16)

    References:
        Aitken et al. 2017, arXiv:1707.02937, section 2.
    """

def identity(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``identity``.

    The identity matrix, times gain.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import identity
        >>> init = identity(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """

def idinit(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``idinit``.

    IDInit: identities one after another, until every output has an input; of a convolution over its patches.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import idinit
        >>> init = idinit(path="layer/kernel")
        >>> init(jax.random.key(0), (6, 16)).shape
        (6, 16)

    References:
        Pan et al. 2025, arXiv:2503.04626, section 3.
    """

def idinit_zero(
    gain: float = 1e-06,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``idinit_zero``.

    IDInit for the last layer of a residual branch: each output is a tiny difference of two inputs.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import idinit_zero
        >>> init = idinit_zero(path="layer/kernel")
        >>> init(jax.random.key(0), (6, 16)).shape
        (6, 16)

    References:
        Pan et al. 2025, arXiv:2503.04626, section 3.
    """

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
    """Set all weights of a model by a recipe.

    The same recipe and seed give the same weights, under the same canonical paths, in
    torch, Keras and Flax; docs/recipes.md says what the paths are. All is checked before
    anything is drawn, and all is drawn before anything is written.

    A **linen module** is traced on its inputs, which shows what layer made which variable;
    Flax's own initializers compute nothing. An **nnx model** is set in place; it may be
    abstract (``nnx.eval_shape``), which leaves the state of its random numbers to you.
    Of any other **pytree** the nodes of Equinox's classes, and of those of
    :func:`register_layer`, say what their arrays are; for the others it is their names
    (``w``, ``kernel``, ``weight``, ``b``, ``bias``, ``scale``, ``gamma``, ``offset``, ``beta``,
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``). Of a Flax ``TrainState``
    the parameters and running statistics are drawn; the state of an optimizer or of a
    model beside it (``optax``, ``nnx.State``, ``eqx.nn.State``) is refused.

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, JAX's own
            samplers, with the key of the seed and of the path.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.weights.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        missing: what a checkpoint did not bring, and all that is set: names of arrays or of what
            holds several, "/"-joined or as ``jax.tree_util.keystr`` writes them, key paths,
            tuples of names, or canonical paths. Other weights stay as they are.
        dry_run: return the plan, with its problems; draw and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        **variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        For a linen module its variables and the Summary; for an nnx model the Summary; for
        a pytree a new one and the Summary. In a dry run the variables are abstract, or
        ``values``, and the pytree is the one given.

    Raises:
        FanwiseError: for a recipe that does not fit the model, and whatever else would
            keep a weight from being set; nothing has changed then.

    Examples:
        >>> import jax.numpy as jnp
        >>> import fanwise
        >>> tree = {"head": {"kernel": jnp.zeros((512, 10)), "bias": jnp.zeros(10)}}
        >>> tree, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((tree["head"]["kernel"] == weight).all())
        True
    """

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
    """Set all weights of a model by a recipe.

    The same recipe and seed give the same weights, under the same canonical paths, in
    torch, Keras and Flax; docs/recipes.md says what the paths are. All is checked before
    anything is drawn, and all is drawn before anything is written.

    A **linen module** is traced on its inputs, which shows what layer made which variable;
    Flax's own initializers compute nothing. An **nnx model** is set in place; it may be
    abstract (``nnx.eval_shape``), which leaves the state of its random numbers to you.
    Of any other **pytree** the nodes of Equinox's classes, and of those of
    :func:`register_layer`, say what their arrays are; for the others it is their names
    (``w``, ``kernel``, ``weight``, ``b``, ``bias``, ``scale``, ``gamma``, ``offset``, ``beta``,
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``). Of a Flax ``TrainState``
    the parameters and running statistics are drawn; the state of an optimizer or of a
    model beside it (``optax``, ``nnx.State``, ``eqx.nn.State``) is refused.

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, JAX's own
            samplers, with the key of the seed and of the path.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.weights.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        missing: what a checkpoint did not bring, and all that is set: names of arrays or of what
            holds several, "/"-joined or as ``jax.tree_util.keystr`` writes them, key paths,
            tuples of names, or canonical paths. Other weights stay as they are.
        dry_run: return the plan, with its problems; draw and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        **variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        For a linen module its variables and the Summary; for an nnx model the Summary; for
        a pytree a new one and the Summary. In a dry run the variables are abstract, or
        ``values``, and the pytree is the one given.

    Raises:
        FanwiseError: for a recipe that does not fit the model, and whatever else would
            keep a weight from being set; nothing has changed then.

    Examples:
        >>> import jax.numpy as jnp
        >>> import fanwise
        >>> tree = {"head": {"kernel": jnp.zeros((512, 10)), "bias": jnp.zeros(10)}}
        >>> tree, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((tree["head"]["kernel"] == weight).all())
        True
    """

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
    """Set all weights of a model by a recipe.

    The same recipe and seed give the same weights, under the same canonical paths, in
    torch, Keras and Flax; docs/recipes.md says what the paths are. All is checked before
    anything is drawn, and all is drawn before anything is written.

    A **linen module** is traced on its inputs, which shows what layer made which variable;
    Flax's own initializers compute nothing. An **nnx model** is set in place; it may be
    abstract (``nnx.eval_shape``), which leaves the state of its random numbers to you.
    Of any other **pytree** the nodes of Equinox's classes, and of those of
    :func:`register_layer`, say what their arrays are; for the others it is their names
    (``w``, ``kernel``, ``weight``, ``b``, ``bias``, ``scale``, ``gamma``, ``offset``, ``beta``,
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``). Of a Flax ``TrainState``
    the parameters and running statistics are drawn; the state of an optimizer or of a
    model beside it (``optax``, ``nnx.State``, ``eqx.nn.State``) is refused.

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, JAX's own
            samplers, with the key of the seed and of the path.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.weights.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        missing: what a checkpoint did not bring, and all that is set: names of arrays or of what
            holds several, "/"-joined or as ``jax.tree_util.keystr`` writes them, key paths,
            tuples of names, or canonical paths. Other weights stay as they are.
        dry_run: return the plan, with its problems; draw and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        **variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        For a linen module its variables and the Summary; for an nnx model the Summary; for
        a pytree a new one and the Summary. In a dry run the variables are abstract, or
        ``values``, and the pytree is the one given.

    Raises:
        FanwiseError: for a recipe that does not fit the model, and whatever else would
            keep a weight from being set; nothing has changed then.

    Examples:
        >>> import jax.numpy as jnp
        >>> import fanwise
        >>> tree = {"head": {"kernel": jnp.zeros((512, 10)), "bias": jnp.zeros(10)}}
        >>> tree, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((tree["head"]["kernel"] == weight).all())
        True
    """

def initializer(
    scheme: _SchemeLike,
    *,
    axes: str | None = None,
    dtype: DTypeLike | None = None,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of any scheme.

    Args:
        scheme: a scheme or its name.
        axes: the role of each axis, a pattern or its name, e.g. ``"keras_transposed"`` for
            a Flax ``ConvTranspose(transpose_kernel=True)``; None for the scheme's own, which few
            have, or else ``"kernel"``.
        dtype: the dtype where a call gives none.
        seed: 0 ≤ seed < 2⁶⁴, which counts instead of the key.
        path: the weight's path in its model; every path has a stream of its own.
        engine: ``"portable"``, the same bits as everywhere, or ``"native"``, JAX's own samplers.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> init = initializer("he_normal", axes="out in *", seed=0, path="conv/kernel")
        >>> init(jax.random.key(1), (32, 16, 3, 3)).shape
        (32, 16, 3, 3)
    """

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
    """Make an initializer of the scheme kaiming_normal.

    Normal (not cut), variance gain² / fan: torch's. JAX's function of this name is he_normal.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import kaiming_normal
        >>> kaiming_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equations 10 and 15; torch.nn.init.kaiming_normal_.
    """

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
    """Make an initializer of the scheme kaiming_uniform.

    Uniform, variance gain² / fan: torch's name of he_uniform.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import kaiming_uniform
        >>> kaiming_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equations 10 and 15; torch.nn.init.kaiming_uniform_.
    """

def kan_base(
    slope_factor: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``kan_base``.

    Base weights and spline scalers of efficient-kan: uniform of variance 2 / ((1 + 5 slope_factor²) fan_in). Its scale_base or scale_spline is that factor: the larger, the smaller the weights.

    Args:
        slope_factor: factor on the slope of √5 that kaiming_uniform is given: the larger, the smaller the weights.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import kan_base
        >>> init = kan_base(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Liu et al. 2024, arXiv:2404.19756, section 2.2, which says Xavier
    """

def kan_spline(
    noise_scale: float = 0.1,
    spline_order: int = 3,
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out in *",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``kan_spline``.

    Coefficients of splines through noise at the grid points of a Kolmogorov-Arnold layer: the least ones that take the values (U - 1/2) noise_scale / G, with U ~ U(0, 1).

    Args:
        noise_scale: factor on the noise that the weights begin with.
        spline_order: order of the B-splines; cubic ones have 3.
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import kan_spline
        >>> init = kan_spline(path="layer/kernel")
        >>> init(jax.random.key(0), (16, 8, 8)).shape
        (16, 8, 8)

    References:
        Liu et al. 2024, arXiv:2404.19756, section 2.2
    """

def layer_check(
    model: Any,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    loss: Callable[[Any], Any] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    Nothing of the model is changed. Nothing is compiled, so that what is called in a loop
    (``nn.scan``, ``jax.lax.scan``) is seen at each step. A layer within ``vmap`` has the shape that
    it has for one example, and the standard deviations are those of all examples.

    Args:
        model: a module of Flax linen or nnx, or of Equinox.
        inputs: a batch, as the model takes it; of a linen module, first its variables, as
            ``module.init`` gives them.
        keywords: what the model takes by name; of a linen module, what ``module.apply`` does, such
            as ``rngs`` and ``mutable`` too.
        method: the name of a method to call in the place of ``__call__``, or a function of
            the model and the inputs, e.g. ``lambda model, x: jax.vmap(model)(x)``.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every array of
            floats in the output, but for caches and states.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called. Layers
        are those of known classes, modules that call no others, and those with arrays of their own.
        Of an output of several arrays, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but such a model, one that does not run, an output without
            floats, and a loss that is not a scalar.

    Examples:
        >>> import jax.numpy as jnp
        >>> from flax import linen
        >>> module, x = linen.Sequential([linen.Dense(4), linen.relu]), jnp.ones((2, 8))
        >>> check = layer_check(module, module.init(jax.random.key(0), x), x)
        >>> [layer.class_name for layer in check.layers]
        ['Dense']
    """

def layer_scale(
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``layer_scale``.

    One value by depth: 0.1 up to 18 layers, 0.00001 up to 24, 0.000001 beyond.

    Args:
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import layer_scale
        >>> init = layer_scale(layers=24, path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Touvron et al. 2021, arXiv:2103.17239 (CaiT), on LayerScale.
    """

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
    """Make an initializer of the scheme lecun_normal.

    Normal cut at two standard deviations, variance 1 / fan_in.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lecun_normal
        >>> lecun_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16; Klambauer et al. 2017, arXiv:1706.02515.
    """

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
    """Make an initializer of the scheme lecun_uniform.

    Uniform, variance 1 / fan_in.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lecun_uniform
        >>> lecun_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16.
    """

def lightning_slopes(
    layer: int,
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out *",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lightning_slopes``.

    Rates of decay of lightning attention: 2^(−8(h + 1)/H), smaller in every layer, and nearly 0 in the last.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lightning_slopes
        >>> init = lightning_slopes(layer=3, layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (8,)).shape
        (8,)

    References:
        MiniMax 2025, arXiv:2501.08313; the rule is in the code alone.
    """

def linspace(
    low: float = 0.0,
    high: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``linspace``.

    Evenly spaced from low to high, along the outputs.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import linspace
        >>> init = linspace(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Common usage: numpy.linspace.
    """

def log_uniform(
    low: float = 0.001,
    high: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``log_uniform``.

    Uniform in the logarithm, between low and high.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import log_uniform
        >>> init = log_uniform(path="layer/kernel")
        >>> init(jax.random.key(0), (16, 8)).shape
        (16, 8)

    References:
        Hamming 1970, On the distribution of numbers; scipy.stats.loguniform.
    """

def lora_a(
    dtype: DTypeLike | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lora_a``.

    Uniform on ±1 / √fan_in: LoRA's A, beside a B of zeros.

    Args:
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lora_a
        >>> init = lora_a(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Hu et al. 2021, arXiv:2106.09685, section 4.1.
    """

def lora_gaussian(
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lora_gaussian``.

    Normal of 1 / fan_out, which is the rank: LoRA's A, beside a B of zeros.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lora_gaussian
        >>> init = lora_gaussian(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 8)).shape
        (64, 8)

    References:
        Hu et al. 2021, arXiv:2106.09685, section 4.1, which names a Gaussian and no scale.
    """

def lora_orthogonal_a(
    gain: float = 0.1,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lora_orthogonal_a``.

    A of a low-rank pair whose product B A is zero though neither is: Gaussians times the even rows of a rotation that both share.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lora_orthogonal_a
        >>> init = lora_orthogonal_a(path="layer/lora_A")
        >>> init(jax.random.key(0), (64, 8)).shape
        (64, 8)

    References:
        https://datta0.github.io/posts/rethink-lora-init, on orthogonal initialization; no paper.
    """

def lora_orthogonal_b(
    gain: float = 0.1,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lora_orthogonal_b``.

    B of a low-rank pair, beside lora_orthogonal_a: the odd rows of the rotation times Gaussians.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lora_orthogonal_b
        >>> init = lora_orthogonal_b(path="layer/lora_B")
        >>> init(jax.random.key(0), (8, 64)).shape
        (8, 64)

    References:
        https://datta0.github.io/posts/rethink-lora-init, on orthogonal initialization; no paper.
    """

def lru_gamma(
    radius_min: float = 0.0,
    radius_max: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lru_gamma``.

    LRU's gamma_log, ln √(1 − |λ|²), of the same draw as lru_ring's nu_log: what is put in is normalized.

    Args:
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lru_gamma
        >>> init = lru_gamma(path="layer/gamma_log")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, section 3.4, equation 7.
    """

def lru_phase(
    phase_max: float = ...,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lru_phase``.

    LRU's theta_log: the logarithm of an angle that is uniform from 0 to phase_max, the full circle unless given.

    Args:
        phase_max: the largest angle of an eigenvalue, in radians.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lru_phase
        >>> init = lru_phase(path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, lemma 3.2.
    """

def lru_ring(
    radius_min: float = 0.0,
    radius_max: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``lru_ring``.

    LRU's nu_log: exp(−exp(ν)) is the magnitude of eigenvalues that are uniform on a ring. lru_gamma is the other half.

    Args:
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import lru_ring
        >>> init = lru_ring(path="layer/nu_log")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, lemma 3.2.
    """

def lsuv(
    model: Any,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    seed: int | None = None,
    start: _SchemeLike | None = "orthogonal",
    tolerance: float = 0.1,
    most: int = 10,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
) -> Any:
    """Set a model so that its layers give a variance of 1 on a batch: layer-sequential, by data.

    The kernels of dense and convolutional layers start orthonormal, and their biases at zero.
    Then, in the order of the forward pass, each kernel is divided by the standard deviation of
    what its layer gives on the batch, until the variance is 1. An nnx model runs as after
    ``model.eval()``; a linen module as its keywords say, e.g. ``keywords={"train": False}``.

    Left alone, and named in the report, are other weights: embeddings, attention, recurrences,
    normalizations. A layer that is called several times is scaled by the mean of the variances of
    its calls. It differs from the authors' code, which also shifts biases by the mean, and takes
    the last call.

    Args:
        model: an nnx model, which is set in place; or a linen module.
        inputs: a batch, as the model takes it, of the data that it is to be trained on; of a linen
            module, first its variables, as ``module.init`` gives them.
        keywords: what the model takes by name; of a linen module, what ``module.apply`` does.
        method: the method of a linen module to call, where that is not ``__call__``; of an nnx
            model, its name.
        seed: 0 ≤ seed < 2⁶⁴, of the start.
        start: the scheme of the kernels; None scales the kernels that are there, and leaves
            biases as they are. Then there is no seed.
        tolerance: how far from 1 a variance may be.
        most: how often one kernel is scaled at most.
        only: patterns of canonical paths; other weights stay as they are.
        exclude: patterns of the canonical paths to leave as they are.

    Returns:
        For an nnx model a :class:`LsuvReport`, a row for each layer, of which ``str`` is a table;
        ``converged`` says whether all variances are within the tolerance. For a linen module its
        new variables and the report.

    Raises:
        FanwiseError: for bad input, a model that does not run, and an output that does not vary
            or is not finite; the model is then as it was.

    Examples:
        >>> import jax.numpy as jnp
        >>> from flax import nnx
        >>> layers = [nnx.Linear(64, 128, rngs=nnx.Rngs(0)), nnx.relu]
        >>> model = nnx.Sequential(*layers, nnx.Linear(128, 10, rngs=nnx.Rngs(1)))
        >>> batch = jnp.sin(jnp.arange(512.0 * 64).reshape(512, 64))
        >>> report = lsuv(model, batch, seed=0)
        >>> [layer.path for layer in report.layers], report.converged
        (['layers/0', 'layers/2'], True)

    References:
        Mishkin & Matas 2016, arXiv:1511.06422, algorithm 1.
    """

def mamba2_a_log(
    low: float = 1.0,
    high: float = 16.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mamba2_a_log``.

    Mamba-2's A_log: ln U(low, high), from 1 to 16 unless given, one for each head.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mamba2_a_log
        >>> init = mamba2_a_log(path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Dao & Gu 2024, arXiv:2405.21060; A_init_range of the code.
    """

def mamba_a_log(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mamba_a_log``.

    Mamba's A_log: ln(n + 1) over the states, the same in every channel.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mamba_a_log
        >>> init = mamba_a_log(path="layer/kernel")
        >>> init(jax.random.key(0), (32, 16)).shape
        (32, 16)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6.
    """

def mamba_dt_bias(
    dt_min: float = 0.001,
    dt_max: float = 0.1,
    dt_floor: float = 0.0001,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mamba_dt_bias``.

    Mamba's bias of the step of time: softplus of it is log-uniform between dt_min and dt_max, and dt_floor at least.

    Args:
        dt_min: the smallest step of time.
        dt_max: the largest step of time.
        dt_floor: what a step of time is raised to where it is smaller.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mamba_dt_bias
        >>> init = mamba_dt_bias(path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6.
    """

def mamba_dt_proj(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mamba_dt_proj``.

    Mamba's projection to steps of time: uniform on ±gain / √fan_in, the fan being dt_rank.

    Args:
        gain: factor on the weights.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mamba_dt_proj
        >>> init = mamba_dt_proj(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6; dt_init = "random" of the code.
    """

def mamba_out_proj(
    layers: int,
    branches: int = 1,
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mamba_out_proj``.

    Mamba's output projections: torch's default, uniform on ±1 / √fan_in, over √(branches · layers).

    Args:
        layers: the number of layers (blocks) of the model.
        branches: the number of residual branches of a layer.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mamba_out_proj
        >>> init = mamba_out_proj(layers=24, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Radford et al. 2019 (GPT-2), section 2.3, whose factor it is; the uniform is the code's.
    """

def mimetic_key(
    heads: int,
    noise_scale: float = 0.7,
    identity_scale: float = 0.7,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mimetic_key``.

    Key of mimetic attention, beside mimetic_query.

    Args:
        heads: the number of attention heads.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mimetic_key
        >>> init = mimetic_key(heads=4, path="layer/key")
        >>> init(jax.random.key(0), (64, 64)).shape
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mimetic_out(
    noise_scale: float = 0.4,
    identity_scale: float = 0.4,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mimetic_out``.

    Output of mimetic attention, beside mimetic_value.

    Args:
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mimetic_out
        >>> init = mimetic_out(path="layer/out")
        >>> init(jax.random.key(0), (64, 64)).shape
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mimetic_query(
    heads: int,
    noise_scale: float = 0.7,
    identity_scale: float = 0.7,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mimetic_query``.

    Query of mimetic attention: of each head W_Q W_Kᵀ is the nearest of its rank to noise_scale Z + identity_scale I, with Z ~ N(0, 1/d).

    Args:
        heads: the number of attention heads.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mimetic_query
        >>> init = mimetic_query(heads=4, path="layer/query")
        >>> init(jax.random.key(0), (64, 64)).shape
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mimetic_value(
    noise_scale: float = 0.4,
    identity_scale: float = 0.4,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mimetic_value``.

    Value of mimetic attention: the product with the output's weight is noise_scale Z - identity_scale I, with Z ~ N(0, 1/d).

    Args:
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mimetic_value
        >>> init = mimetic_value(path="layer/value")
        >>> init(jax.random.key(0), (64, 64)).shape
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mitchell(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mitchell``.

    Normal cut at three standard deviations of itself, which are 1 / √fan_in before the cut.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mitchell
        >>> init = mitchell(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Groeneveld et al. 2024, arXiv:2402.00838, the initialization of OLMo.
    """

def mitchell_residual(
    layer: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mitchell_residual``.

    Normal cut at three standard deviations of itself, which are 1 / √(2 fan_in (layer + 1)) before the cut.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mitchell_residual
        >>> init = mitchell_residual(layer=3, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Groeneveld et al. 2024, arXiv:2402.00838, the initialization of OLMo.
    """

def modular_embedding(
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``modular_embedding``.

    Normal, with every row of a table of (tokens, width) scaled to the length √width.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import modular_embedding
        >>> init = modular_embedding(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        Large et al. 2024, arXiv:2405.14813; Bernstein & Newhouse 2024, arXiv:2410.21265.
    """

def modular_orthogonal(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``modular_orthogonal``.

    Semi-orthogonal, Haar-distributed, times √(fan_out / fan_in).

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import modular_orthogonal
        >>> init = modular_orthogonal(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Large et al. 2024, arXiv:2405.14813; Bernstein & Newhouse 2024, arXiv:2410.21265.
    """

def mt_nlg(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mt_nlg``.

    Normal, variance 1 / (3 fan_in).

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mt_nlg
        >>> init = mt_nlg(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Smith et al. 2022, arXiv:2201.11990: a standard deviation of sqrt(1 / (3 H)), H being the width.
    """

def multilabel_prior(
    probabilities: Sequence[Any] | ArrayLike,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``multilabel_prior``.

    The logits of the labels' frequencies: sigmoids, one for each label, begin with those.

    Args:
        probabilities: the probability of each class (for class_prior, counts do as well).
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import multilabel_prior
        >>> init = multilabel_prior(probabilities=(0.7, 0.2, 0.09, 0.01), path="layer/kernel")
        >>> init(jax.random.key(0), (4,)).shape
        (4,)

    References:
        Lin et al. 2017, arXiv:1708.02002, section 3.3, with a probability for each label.
    """

def mup_hidden(
    base_width: float,
    std: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mup_hidden``.

    Normal of std √(base_width / fan_in): matrices with two sides that grow.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mup_hidden
        >>> init = mup_hidden(std=0.02, base_width=256.0, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3.
    """

def mup_input(
    std: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mup_input``.

    Normal of std, whatever the width: embeddings, and layers whose inputs do not grow.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mup_input
        >>> init = mup_input(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3, for a fan_in that is constant.
    """

def mup_output(
    base_width: float,
    std: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mup_output``.

    Normal of std base_width / fan_in: the head, where nothing divides its outputs.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mup_output
        >>> init = mup_output(std=0.02, base_width=256.0, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3.
    """

def mup_residual(
    layers: int,
    base_width: float,
    std: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``mup_residual``.

    Normal of std √(base_width / fan_in) / √(2 layers): matrices that write into the residual stream, in Megatron's μP.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        layers: the number of layers (blocks) of the model.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import mup_residual
        >>> init = mup_residual(std=0.02, layers=12, base_width=256.0, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3, with GPT-2's factor of depth.
    """

def nd_initializer(
    scheme: _SchemeLike,
    *,
    dtype: DTypeLike | None = None,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> NdInitializer:
    """Make an initializer that is told the axes of inputs and outputs at each call.

    This is the ``NdInitializer`` of MaxText and trainers like it, whose layers call
    ``init(key, shape, dtype, in_axis, out_axis)`` with kernels of any number of axes.

    Args:
        scheme: a scheme or its name.
        dtype: the dtype where a call gives none.
        seed: 0 ≤ seed < 2⁶⁴, which counts instead of the key.
        path: the weight's path in its model; every path has a stream of its own.
        engine: ``"portable"``, the same bits as everywhere, or ``"native"``, JAX's own samplers.

    Returns:
        The initializer; it compares and hashes by value.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import fanwise
        >>> init = nd_initializer("lecun_normal", seed=0, path="query/kernel")
        >>> weight = init(None, (64, 4, 16), in_axis=0, out_axis=(1, 2))
        >>> alone = fanwise.sample(
        ...     "lecun_normal", (64, 4, 16), seed=0, path="query/kernel", axes="in out out"
        ... )
        >>> bool((weight == alone).all())
        True
    """

def normal(
    stddev: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws normally, with mean 0.

    Args:
        stddev: the standard deviation, at least 0.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> normal(0.02)(jax.random.key(0), (768, 768)).std().round(4)
        Array(0.02, dtype=float32)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """

def normc(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``normc``.

    Normal, with every output's column scaled to the length gain.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import normc
        >>> init = normc(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Common usage in reinforcement learning; Dhariwal et al. 2017, OpenAI Baselines.
    """

def ntk(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``ntk``.

    Normal of 1, whatever the shape: each layer divides by √fan_in.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import ntk
        >>> init = ntk(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Jacot, Gabriel & Hongler 2018, arXiv:1806.07572, page 3.
    """

def ones_init() -> Initializer:
    """Return :func:`ones`, by Flax's name for it.

    Returns:
        JAX's own initializer of ones.

    Examples:
        >>> import jax
        >>> ones_init()(jax.random.key(0), (2,))
        Array([1., 1.], dtype=float32)
    """

def orthogonal(
    scale: ArrayLike = 1.0,
    column_axis: int = -1,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of semi-orthogonal matrices, Haar-distributed.

    Args:
        scale: factor on the weights.
        column_axis: the axis that holds the columns; the others together are the rows.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> q = orthogonal()(jax.random.key(0), (64, 32))
        >>> bool(jnp.allclose(q.T @ q, jnp.eye(32), atol=1e-5))
        True

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980, SIAM J. Numer. Anal. 17(3).
    """

def paths(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: an nnx model, a module of Equinox or another pytree; or a linen module, with
            what it is called with.
        inputs, keywords, method, values: of a linen module, as in
            :func:`fanwise.jax.initialize`.
        describe: of a pytree, as in :func:`fanwise.jax.initialize`.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape and axes;
        ``str`` of it is a table.

    Raises:
        FanwiseError: for what is no model.

    Examples:
        >>> import jax.numpy as jnp
        >>> [row.path for row in paths({"head": {"kernel": jnp.ones((3, 2))}}).rows]
        ['head/kernel']
    """

def powers(
    base: float = 2.0,
    start: float = 0.0,
    step: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``powers``.

    base^start, and on by factors of base^step, along the outputs.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        start: the first of a sequence of numbers.
        step: the difference between a number of a sequence and the next.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import powers
        >>> init = powers(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Common usage: base ** numpy.arange.
    """

def prior_bias(
    probability: float = 0.01,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``prior_bias``.

    The logit of a probability: a sigmoid begins with it. Detectors begin with 0.01.

    Args:
        probability: the probability that a sigmoid gives at the start.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import prior_bias
        >>> init = prior_bias(path="layer/kernel")
        >>> init(jax.random.key(0), (8,)).shape
        (8,)

    References:
        Lin et al. 2017, arXiv:1708.02002, sections 3.3 and 4.1.
    """

def register_layer(
    cls: type,
    describe: Callable[[Any, Mapping[str, tuple[int, ...]]], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    Without it a parameter of a class that Fanwise does not know has its own name for a
    path, no role and no fans. It takes the place of what Fanwise knows of the class.

    Args:
        cls: the class, a Flax linen or nnx module or a node of a pytree; its subclasses too.
        describe: gives, for a layer and the shapes of its variables by their paths below
            it, a :class:`LayerWeight` for each weight. A variable that is described at all
            must be described as a whole.

    Raises:
        FanwiseError: for anything but a class and a function.

    Examples:
        >>> class Gate: ...
        >>> register_layer(Gate, lambda layer, shapes: [LayerWeight("w", "kernel", "out in")])
    """

def reservoir(
    spectral_radius: float = 0.9,
    sparsity: float = 0.9,
    elements: str = "normal",
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``reservoir``.

    The recurrent weights of an echo-state network: sparse, and scaled to a spectral radius.

    Args:
        spectral_radius: the largest magnitude of an eigenvalue.
        sparsity: fraction of the outputs of each input that is set to zero.
        elements: what the elements that are not zero are drawn from, with mean 0.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import reservoir
        >>> init = reservoir(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 64)).shape
        (64, 64)

    References:
        Jaeger 2001, The echo state approach, GMD report 148, section 3; Lukoševičius 2012, A practical guide, section 3.2
    """

def retnet_angles(
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``retnet_angles``.

    RetNet's frequencies, each twice: from 1 to 1/base, both ends included.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import retnet_angles
        >>> init = retnet_angles(path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Sun et al. 2023, arXiv:2307.08621, section 2.1; the ends are the code's.
    """

def retnet_decay(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "out *",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``retnet_decay``.

    RetNet's logarithms of the decay of each head: ln(1 − 2^(−5 − h)).

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import retnet_decay
        >>> init = retnet_decay(path="layer/kernel")
        >>> init(jax.random.key(0), (8,)).shape
        (8,)

    References:
        Sun et al. 2023, arXiv:2307.08621, section 2.2, equation 8.
    """

def rg_lru(
    radius_min: float = 0.9,
    radius_max: float = 0.999,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rg_lru``.

    Griffin's a_param: exp(−softplus(a)) is the magnitude of decays that are uniform on a ring, 0.9 to 0.999 unless given.

    Args:
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rg_lru
        >>> init = rg_lru(path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        De et al. 2024, arXiv:2402.19427, section 2.4.
    """

def rotary(
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rotary``.

    RoPE's frequencies: base^(−2i/d), of d channels, for i = 0 … d/2 − 1.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rotary
        >>> init = rotary(path="layer/kernel")
        >>> init(jax.random.key(0), (32,)).shape
        (32,)

    References:
        Su et al. 2021, arXiv:2104.09864, section 3.2.2, equation 15.
    """

def rotary_linear(
    factor: float,
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rotary_linear``.

    RoPE's frequencies over factor: positions are interpolated.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rotary_linear
        >>> init = rotary_linear(factor=4.0, path="layer/kernel")
        >>> init(jax.random.key(0), (32,)).shape
        (32,)

    References:
        Chen, Wong, Chen & Tian 2023, arXiv:2306.15595, equation 4.
    """

def rotary_llama3(
    base: float = 500000.0,
    factor: float = 8.0,
    context: int = 8192,
    low_freq_factor: float = 1.0,
    high_freq_factor: float = 4.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rotary_llama3``.

    Llama 3.1's frequencies: RoPE's where they are fast, over factor where they are slow, mixed by the frequency between.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        context: the length of the context in training, before it is stretched, in tokens.
        low_freq_factor: frequencies that turn less often than that over the context are divided by the factor.
        high_freq_factor: frequencies that turn more often than that over the context stay as they are.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rotary_llama3
        >>> init = rotary_llama3(path="layer/kernel")
        >>> init(jax.random.key(0), (64,)).shape
        (64,)

    References:
        Grattafiori et al. 2024, arXiv:2407.21783; the rule is in the code alone.
    """

def rotary_longrope(
    factors: Sequence[Any] | ArrayLike,
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rotary_longrope``.

    LongRoPE's frequencies: RoPE's, each over a factor of its own that a search has found.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factors: what each frequency is divided by.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rotary_longrope
        >>> init = rotary_longrope(factors=(1.0, 1.5, 4.0, 16.0), path="layer/kernel")
        >>> init(jax.random.key(0), (4,)).shape
        (4,)

    References:
        Ding et al. 2024, arXiv:2402.13753, section 3.
    """

def rotary_ntk(
    factor: float,
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rotary_ntk``.

    RoPE's frequencies with base · factor^(d/(d − 2)) as base: the fastest stay, the slowest is divided by factor.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rotary_ntk
        >>> init = rotary_ntk(factor=4.0, path="layer/kernel")
        >>> init(jax.random.key(0), (32,)).shape
        (32,)

    References:
        bloc97 2023, NTK-aware scaled RoPE; Peng et al. 2023, arXiv:2309.00071, definition 1.
    """

def rotary_yarn(
    factor: float,
    context: int,
    base: float = 10000.0,
    beta_fast: float = 32.0,
    beta_slow: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rotary_yarn``.

    YaRN's frequencies: RoPE's where they are fast, RoPE's over factor where they are slow, mixed by a ramp over i between.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        context: the length of the context in training, before it is stretched, in tokens.
        beta_fast: frequencies that turn as many times over the context, or more, stay as they are.
        beta_slow: frequencies that turn as few times over the context, or less, are divided by the factor.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rotary_yarn
        >>> init = rotary_yarn(factor=16.0, context=4096, path="layer/kernel")
        >>> init(jax.random.key(0), (32,)).shape
        (32,)

    References:
        Peng, Quesnelle, Fan & Shippole 2023, arXiv:2309.00071, section 3.2, definition 2.
    """

def rwkv7_channel_mix(
    layer: int,
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rwkv7_channel_mix``.

    RWKV-7's token shift of the feed-forward part, x_k: 1 − (n/d)^((1 − layer/layers)⁴).

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rwkv7_channel_mix
        >>> init = rwkv7_channel_mix(layer=3, layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (1, 1, 128)).shape
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_decay(
    layer: int,
    layers: int,
    head_width: int = 64,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rwkv7_decay``.

    RWKV-7's w0, the bias of the decay: from −5.5 to 0.5 by a power that grows with depth, with a zigzag over each head.

    Args:
        head_width: the number of channels of a head.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rwkv7_decay
        >>> init = rwkv7_decay(layer=3, layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (1, 1, 128)).shape
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_key(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rwkv7_key``.

    RWKV-7's k_k, the factor on keys that are removed: a ramp from 0.76 to 0.66.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rwkv7_key
        >>> init = rwkv7_key(path="layer/kernel")
        >>> init(jax.random.key(0), (1, 1, 128)).shape
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_mix(
    exponent: float,
    layer: int,
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rwkv7_mix``.

    RWKV-7's token shift, x_r to x_g: 1 − (n/d)^(exponent · (1 − layer/layers)); exponents are 0.2 (r, g), 0.7 (k, v) and 0.9 (w, a).

    Args:
        exponent: the power that a ramp is raised to in the first layer.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rwkv7_mix
        >>> init = rwkv7_mix(exponent=0.7, layer=3, layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (1, 1, 128)).shape
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_norm(
    layer: int,
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rwkv7_norm``.

    RWKV-7's scale of the norm after the recurrence, ln_x or g_norm: ((layer + 1)/layers)^0.7.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rwkv7_norm
        >>> init = rwkv7_norm(layer=3, layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (128,)).shape
        (128,)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_rate(
    head_width: int = 64,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rwkv7_rate``.

    RWKV-7's a0, the bias of the rate at which it learns in context: −0.19, a ramp, and a zigzag over each head.

    Args:
        head_width: the number of channels of a head.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rwkv7_rate
        >>> init = rwkv7_rate(path="layer/kernel")
        >>> init(jax.random.key(0), (1, 1, 128)).shape
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_value(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``rwkv7_value``.

    RWKV-7's v0, the bias of the mixture with the first layer's values: a ramp from 0.93 to 0.53.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import rwkv7_value
        >>> init = rwkv7_value(path="layer/kernel")
        >>> init(jax.random.key(0), (1, 1, 128)).shape
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def s4_log_dt(
    dt_min: float = 0.001,
    dt_max: float = 0.1,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``s4_log_dt``.

    Logarithm of the step of time of S4 and S4D: uniform between the logarithms of dt_min and dt_max.

    Args:
        dt_min: the smallest step of time.
        dt_max: the largest step of time.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import s4_log_dt
        >>> init = s4_log_dt(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Gu, Goel & Ré 2022, arXiv:2111.00396, appendix; Gu et al. 2023, arXiv:2206.12037, on time scales.
    """

def s4d_inv(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``s4d_inv``.

    Imaginary parts of S4D-Inv: (N/π)(N/(2n + 1) − 1), N being twice the outputs, since each stands for a pair.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import s4d_inv
        >>> init = s4d_inv(path="layer/kernel")
        >>> init(jax.random.key(0), (4, 16)).shape
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, equation 8 (S4D-Inv).
    """

def s4d_lin(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``s4d_lin``.

    Imaginary parts of S4D-Lin: π n.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import s4d_lin
        >>> init = s4d_lin(path="layer/kernel")
        >>> init(jax.random.key(0), (4, 16)).shape
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, equation 9 (S4D-Lin).
    """

def s4d_quad(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``s4d_quad``.

    Imaginary parts of S4D-Quad: (2n + 1)² / π.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import s4d_quad
        >>> init = s4d_quad(path="layer/kernel")
        >>> init(jax.random.key(0), (4, 16)).shape
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, section 4.3 (S4D-Quad).
    """

def s4d_real(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``s4d_real``.

    S4D-Real: poles −1, −2, −3 …, of which ln(n + 1) is stored: Mamba's A_log.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import s4d_real
        >>> init = s4d_real(path="layer/kernel")
        >>> init(jax.random.key(0), (4, 16)).shape
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, section 4.3 (S4D-Real).
    """

def sal_hidden(
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sal_hidden``.

    Normal, variance 2 / fan_out: the layers before the last.

    Args:
        fan_out: fan_out itself, instead of the one counted from the shape.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sal_hidden
        >>> init = sal_hidden(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Atzmon & Lipman 2020, arXiv:1911.10414, theorem 1.
    """

def sal_sphere(
    std: float = 1e-05,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sal_sphere``.

    Normal of mean √(π / fan_in) and hardly any spread: the last layer, which makes a sphere of the layers before it.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sal_sphere
        >>> init = sal_sphere(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 1)).shape
        (64, 1)

    References:
        Atzmon & Lipman 2020, arXiv:1911.10414, theorem 1; Gropp et al. 2020, arXiv:2002.10099.
    """

def scaled_residual(
    layers: int,
    std: float = 0.02,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``scaled_residual``.

    Normal of std / √(2 layers): the matrices that write into the residual stream.

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import scaled_residual
        >>> init = scaled_residual(layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Radford et al. 2019, GPT-2, section 2.3; Shoeybi et al. 2019, arXiv:1909.08053, section 4.
    """

def selu(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``selu``.

    Normal, variance 1 / fan_in: for self-normalizing networks.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import selu
        >>> init = selu(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Klambauer et al. 2017, arXiv:1706.02515, on initialization.
    """

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
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.jax.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of Flax linen, nnx and Equinox that have weights, those of :func:`register_layer`,
    and dicts of arrays whose names say what they are. A layer without a bias needs none. What
    else a fresh layer starts with is set too: the running mean 0 and variance 1 of a batch
    normalization, and the zeros of the second of two biases.

    Args:
        layer: the layer: a linen or nnx module, a module of Equinox, or a pytree.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices
            stands for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the layer's path in its model: its kernel is ``"<path>/kernel"``, its bias
            ``"<path>/bias"`` (without a path, ``"kernel"`` and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.
        inputs: what a linen module is called with, which alone needs them: arrays, or
            ``jax.ShapeDtypeStruct`` values.

    Returns:
        Of an nnx module the module itself, set in place: its variables stay the same
        objects. Of a linen module its variables, as ``layer.init`` gives them. Of a module
        of Equinox and of a pytree a new one, with the arrays that are set replaced.

    Warns:
        RepeatedStreamWarning: where another weight in use was drawn by the same seed and path.

    Raises:
        FanwiseError: for bad input, and for a layer with weights of unknown axes; the layer
            is then untouched.

    Examples:
        >>> import fanwise
        >>> from flax import nnx
        >>> layer = nnx.Linear(512, 256, rngs=nnx.Rngs(0))
        >>> layer = set_initializer(layer, "he_normal", seed=0, path="dense")
        >>> weight = fanwise.sample("he_normal", (512, 256), seed=0, path="dense/kernel")
        >>> bool((layer.kernel[...] == weight).all())
        True
    """

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
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.jax.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of Flax linen, nnx and Equinox that have weights, those of :func:`register_layer`,
    and dicts of arrays whose names say what they are. A layer without a bias needs none. What
    else a fresh layer starts with is set too: the running mean 0 and variance 1 of a batch
    normalization, and the zeros of the second of two biases.

    Args:
        layer: the layer: a linen or nnx module, a module of Equinox, or a pytree.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices
            stands for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the layer's path in its model: its kernel is ``"<path>/kernel"``, its bias
            ``"<path>/bias"`` (without a path, ``"kernel"`` and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.
        inputs: what a linen module is called with, which alone needs them: arrays, or
            ``jax.ShapeDtypeStruct`` values.

    Returns:
        Of an nnx module the module itself, set in place: its variables stay the same
        objects. Of a linen module its variables, as ``layer.init`` gives them. Of a module
        of Equinox and of a pytree a new one, with the arrays that are set replaced.

    Warns:
        RepeatedStreamWarning: where another weight in use was drawn by the same seed and path.

    Raises:
        FanwiseError: for bad input, and for a layer with weights of unknown axes; the layer
            is then untouched.

    Examples:
        >>> import fanwise
        >>> from flax import nnx
        >>> layer = nnx.Linear(512, 256, rngs=nnx.Rngs(0))
        >>> layer = set_initializer(layer, "he_normal", seed=0, path="dense")
        >>> weight = fanwise.sample("he_normal", (512, 256), seed=0, path="dense/kernel")
        >>> bool((layer.kernel[...] == weight).all())
        True
    """

def sinusoidal(
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sinusoidal``.

    Vaswani's table of positions: sine and cosine in turn, of pos / base^(2i/d).

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sinusoidal
        >>> init = sinusoidal(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """

def sinusoidal_2d(
    grid_width: int,
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sinusoidal_2d``.

    The table of positions of an image's patches: sines and cosines of the place in its row, then of the row; a quarter of the channels each.

    Args:
        grid_width: the number of patches in a row of an image.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sinusoidal_2d
        >>> init = sinusoidal_2d(grid_width=8, path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        He et al. 2022, arXiv:2111.06377, appendix A.1; Chen, Xie & He 2021, arXiv:2104.02057.
    """

def sinusoidal_halves(
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sinusoidal_halves``.

    The table of sinusoidal, with all sines first and all cosines after them.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sinusoidal_halves
        >>> init = sinusoidal_halves(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5, with channels in another order.
    """

def sinusoidal_tensor2tensor(
    base: float = 10000.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sinusoidal_tensor2tensor``.

    Tensor2Tensor's and fairseq's table: all sines, then all cosines, of pos / base^(i/(d/2 − 1)); an odd channel is 0.

    Args:
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sinusoidal_tensor2tensor
        >>> init = sinusoidal_tensor2tensor(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5, as its own code has it.
    """

def sinusoidal_weights(
    gain: float = ...,
    mode: str = "fan_in",
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sinusoidal_weights``.

    Output k is the k-th sine wave over the inputs; scaled so that the weight's variance is gain² / fan.

    Args:
        gain: factor on the weights.
        mode: the fan that divides the scale.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sinusoidal_weights
        >>> init = sinusoidal_weights(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Fernández-Hernández et al. 2025, arXiv:2505.12909, section 3.
    """

def siren(
    omega: float = 30.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``siren``.

    Uniform on ±√(6 / fan_in) / omega: the layers behind a sine.

    Args:
        omega: the factor on what goes into the sine.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import siren
        >>> init = siren(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Sitzmann et al. 2020, arXiv:2006.09661, section 3.2 and supplement, section 1.5.
    """

def siren_first(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``siren_first``.

    Uniform on ±1 / fan_in: the first layer, of coordinates in [-1, 1].

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import siren_first
        >>> init = siren_first(path="layer/kernel")
        >>> init(jax.random.key(0), (2, 64)).shape
        (2, 64)

    References:
        Sitzmann et al. 2020, arXiv:2006.09661, as its code has it.
    """

def skip_init(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``skip_init``.

    All zeros: the scalar at the end of a residual branch.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import skip_init
        >>> init = skip_init(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        De & Smith 2020, arXiv:2002.10444; Bachlechner et al. 2020, arXiv:2003.04887 (ReZero), equation 1.
    """

def small_embedding(
    bound: float = 0.0001,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``small_embedding``.

    Uniform on ±0.0001: a table of tokens that a normalization follows.

    Args:
        bound: the largest magnitude, in the weight's units.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import small_embedding
        >>> init = small_embedding(path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        Peng 2022, SmallInitEmb: LayerNorm(SmallInit(Embedding)) in a Transformer.
    """

def small_init(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``small_init``.

    Normal, variance 2 / (5 fan_in).

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import small_init
        >>> init = small_init(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Nguyen & Salazar 2019, arXiv:1910.05895, section 2.2.
    """

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
    """Make an initializer of the scheme ``sparse``.

    Normal, with a fraction of the outputs of each input set to zero.

    Args:
        sparsity: fraction of the outputs of each input that is set to zero.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sparse
        >>> init = sparse(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Martens 2010, Deep learning via Hessian-free optimization, section 5; torch.nn.init.sparse_.
    """

def spectral(
    std: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``spectral``.

    Normal of std / √fan_in, times √(fan_out / fan_in) where that is below 1: a spectral norm near √(fan_out / fan_in).

    Args:
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import spectral
        >>> init = spectral(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Yang, Simon & Bernstein 2023, arXiv:2310.17813, parametrization 1.
    """

def spectral_normalized(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``spectral_normalized``.

    Normal, divided by the spectral norm of the whole matrix (receptive × in by out), times the gain.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import spectral_normalized
        >>> init = spectral_normalized(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Miyato et al. 2018, arXiv:1802.05957, equations 7 and 8
    """

def spectral_sphere(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``spectral_sphere``.

    Normal, scaled to the spectral norm gain · sqrt(fan_out / fan_in) exactly: on the sphere that the spectral optimizers keep weights on.

    Args:
        gain: factor on the weights.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import spectral_sphere
        >>> init = spectral_sphere(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Xie et al. 2026, arXiv:2601.08393, algorithm 1
    """

def subln(
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``subln``.

    Xavier's normal times √ln(2 layers): values, outputs and feed-forward of an encoder or a decoder alone.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import subln
        >>> init = subln(layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """

def subln_decoder(
    decoder_layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``subln_decoder``.

    Xavier's normal times √ln(3 decoder_layers): the decoder beside an encoder.

    Args:
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import subln_decoder
        >>> init = subln_decoder(decoder_layers=6, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """

def subln_encoder(
    encoder_layers: int,
    decoder_layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``subln_encoder``.

    Xavier's normal times √(ln(3 decoder_layers) ln(2 encoder_layers) / 3): the encoder beside a decoder.

    Args:
        encoder_layers: the number of layers of the encoder.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import subln_encoder
        >>> init = subln_encoder(encoder_layers=12, decoder_layers=6, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """

def summary(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    variables: Any = None,
) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation.

    A scheme is shown where :func:`fanwise.jax.initialize` or :func:`set_initializer` drew the
    weight, and as long as the model holds the array that was drawn: not after a step of
    training, nor for what was drawn within ``jax.jit``. Of an array without values, or of which
    other processes have a part, the deviation is NaN.

    Args:
        model: an nnx model, a module of Equinox or another pytree; or a linen module, with
            its inputs and variables.
        inputs, keywords, method: what a linen module is called with, as in
            :func:`fanwise.jax.initialize`.
        variables: a linen module's variables.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for what is no model, and for a linen module without its variables.

    Examples:
        >>> import jax.numpy as jnp
        >>> summary({"head": {"kernel": jnp.ones((3, 2)), "bias": jnp.ones(2)}}).parameters
        8
    """

def switch_moe(
    scale: float = 0.1,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``switch_moe``.

    Normal of √(scale / fan_in), cut at two standard deviations of itself, with a scale of 0.1.

    Args:
        scale: numerator of the variance.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import switch_moe
        >>> init = switch_moe(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Fedus, Zoph & Shazeer 2022, arXiv:2101.03961, section 2.4.
    """

def t5_key(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``t5_key``.

    Normal, variance 1 / fan_in: keys and values, and the output of attention, whose fan_in is all heads.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import t5_key
        >>> init = t5_key(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code.
    """

def t5_position(
    model_width: float,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``t5_position``.

    Normal of 1 / √model_width: the table of relative positions, as transformers draws it.

    Args:
        model_width: the width of the model: of its residual stream.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import t5_position
        >>> init = t5_position(model_width=512.0, path="layer/kernel")
        >>> init(jax.random.key(0), (32, 8)).shape
        (32, 8)

    References:
        Wolf et al. 2020, arXiv:1910.03771 (transformers); Raffel et al. 2020, arXiv:1910.10683, section 2.1.
    """

def t5_query(
    head_width: int = 64,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``t5_query``.

    Normal, variance 1 / (fan_in head_width): queries of an attention that does not divide their products.

    Args:
        head_width: the number of channels of a head.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import t5_query
        >>> init = t5_query(head_width=64, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code; Shazeer & Stern 2018, arXiv:1804.04235.
    """

def t5_up(
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``t5_up``.

    Normal of 1 / √fan_in, cut at two standard deviations of itself.

    Args:
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import t5_up
        >>> init = t5_up(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code.
    """

def t_fixup(
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``t_fixup``.

    Xavier's uniform times 0.67 layers^(-1/4): values, outputs and feed-forward of an encoder without normalization.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import t_fixup
        >>> init = t_fixup(layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """

def t_fixup_decoder(
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``t_fixup_decoder``.

    Xavier's uniform times (9 layers)^(-1/4): values, outputs and feed-forward of a decoder without normalization.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import t_fixup_decoder
        >>> init = t_fixup_decoder(layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """

def t_fixup_embedding(
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_out: float | None = None,
    axes: str = "* in out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``t_fixup_embedding``.

    Normal of (9 layers)^(-1/4) / √fan_out: a table of (tokens, width).

    Args:
        layers: the number of layers (blocks) of the model.
        fan_out: fan_out itself, instead of the one counted from the shape.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import t_fixup_embedding
        >>> init = t_fixup_embedding(layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (64, 32)).shape
        (64, 32)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """

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
    """Make an initializer of the scheme ``torch_default``.

    Uniform on ±1 / √fan_in: what torch's layers start with, weight and bias.

    Args:
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import torch_default
        >>> init = torch_default(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        LeCun et al. 1998, Efficient BackProp, section 4.6; reset_parameters of torch.nn.Linear.
    """

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
    """Make an initializer that draws normally between two bounds.

    As in JAX ``stddev`` is that of the normal before the cut; the scheme
    ``truncated_normal`` takes that of the weights, unless ``corrected=False``.

    Args:
        stddev: standard deviation before the cut.
        lower, upper: the bounds, in units of ``stddev``.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> truncated_normal(0.02)(jax.random.key(0), (768, 768)).std().round(4)
        Array(0.0176, dtype=float32)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """

def u_mup(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``u_mup``.

    Normal of 1, whatever the shape: the scale is in the operations.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import u_mup
        >>> init = u_mup(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Blake et al. 2024, arXiv:2407.17465, table 2.
    """

def uniform(
    scale: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws uniformly between 0 and ``scale``.

    Args:
        scale: the end of the interval; it may be negative.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> float(uniform(2.0)(jax.random.key(0), (1000,)).max()) < 2.0
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """

def uniform_gate(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``uniform_gate``.

    Bias of a gate that begins uniform on (1/n, 1 − 1/n), n the number of units: the logit of that.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import uniform_gate
        >>> init = uniform_gate(path="layer/kernel")
        >>> init(jax.random.key(0), (16,)).shape
        (16,)

    References:
        Gu, Gulcehre, Paine, Hoffman & Pascanu 2020, arXiv:1910.09890, section 3.2.
    """

def uniform_unit_scaling(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``uniform_unit_scaling``.

    Uniform, variance gain² / fan_in: TensorFlow 1's and AllenNLP's name.

    Args:
        gain: factor on the weights.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import uniform_unit_scaling
        >>> init = uniform_unit_scaling(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Sussillo & Abbott 2014, arXiv:1412.6558.
    """

def unwritten(
    factory: Callable[[], Any],
    init: Callable[[Any], Any],
    *,
    seed: int = 0,
) -> Unwritten:
    """List the arrays that a start does not write.

    The model is built without values, by ``eval_shape``, and given arrays that are filled with one
    pattern of bytes, then with another. What holds the pattern after both starts was not written;
    what differs otherwise was computed from memory, or is not repeatable. Keys of random numbers
    are ``jax.random.key(seed)``, and not judged.

    Args:
        factory: builds the model anew each time; it takes nothing. A module of ``flax.nnx``, or
            any pytree, such as an Equinox module or the variables of a module of Linen.
        init: starts a module of ``flax.nnx`` in place, or returns the model that is started, as
            :func:`fanwise.jax.initialize` does.
        seed: of each start, for the generators of Python and NumPy.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each array.

    Raises:
        FanwiseError: for a factory that cannot build without values, or an ``init`` that raises.

    Examples:
        >>> from flax import nnx
        >>> def start(model):
        ...     model.kernel[...] = jax.numpy.zeros((2, 3))
        >>> print(unwritten(lambda: nnx.Linear(2, 3, rngs=nnx.Rngs(0)), start))
        bias (array, [3]): nobody wrote it
        1 of 2 tensors are not set.
    """

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
    """Make an initializer of variance ``scale / fan``.

    Args:
        scale: numerator of the variance, positive.
        mode: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` or ``"fan_geo_avg"``.
        distribution: ``"truncated_normal"`` (at two standard deviations, the variance
            corrected), ``"normal"`` (not cut) or ``"uniform"``.
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> init = variance_scaling(1.0, "fan_in", "normal", in_axis=(0, 1), out_axis=2)
        >>> init(jax.random.key(0), (8, 64, 512)).std().round(3)
        Array(0.044, dtype=float32)

    References:
        He et al. 2015, arXiv:1502.01852, section 2.2; Glorot & Bengio 2010, section 4.2.
    """

def vera(
    dtype: DTypeLike | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``vera``.

    Uniform, variance 2 / fan_in: VeRA's A and B, which all layers share and which do not train.

    Args:
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import vera
        >>> init = vera(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Kopiczko, Blankevoort & Asano 2024, arXiv:2310.11454, section 3.3.
    """

def wang_init(
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``wang_init``.

    Normal of 2 / (layers √fan_in): the matrices that write into the residual stream.

    Args:
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import wang_init
        >>> init = wang_init(layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Wang 2021, Mesh Transformer JAX; Black et al. 2022, arXiv:2204.06745 (GPT-NeoX-20B), which takes it over.
    """

def write(
    model: Any,
    recipe: _RecipeLike,
    *,
    seed: int,
    to: str | PathLike[str] | None = None,
    format: str | None = None,
    form: str = "names",
    dtype: str | None = None,
    shard_size: int | str = "5GB",
    digest_only: bool = False,
    progress: Callable[[int, int, str], None] = ...,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
    **variables: float | str,
) -> Written:
    """Write what a model starts with by a recipe into files, and leave the model as it is.

    The bytes are those that ``initialize`` would set, drawn block by block: memory does not grow
    with the model, which may be abstract, of ``jax.eval_shape`` or ``nnx.eval_shape``. What the
    recipe does not set is copied from the model. Files are written beside their place and renamed
    when they are complete; a call that was ended is finished by the same call. Only weights that
    are made as a whole, such as orthogonal ones, take memory of their size, one at a time per core.

    Args:
        model: a linen module, an nnx model, or another pytree, as in :func:`initialize`.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴.
        to: a folder; or a file whose suffix says its format, ``.safetensors`` or ``.npz``.
            Beside the tensors stands ``start.json``, with a SHA-256 of each.
        format: ``"safetensors"``, ``"npz"``, ``"dcp"`` or ``"orbax"``; None for what ``to`` says,
            or else safetensors, in files and with the index that transformers loads.
        form: ``"names"``, the places of the arrays, joined by ``/``; or ``"canonical"``: weights
            alone, under canonical paths, with their axes in canonical order, the same bytes from
            any framework.
        dtype: of all floats, such as ``"bfloat16"``; None for the model's own, or float32 in the
            canonical form.
        shard_size: the most bytes of tensors in one file of a folder: a number, or ``"5GB"``.
        digest_only: whether to draw and hash all, and write nothing.
        progress: called with the bytes that are done, all bytes, and a title.
        inputs, keywords, method, values: of a linen module, as in :func:`initialize`.
        describe: of a pytree, as in :func:`initialize`.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Written`: the digest, that of each tensor, and the files; ``str`` of it tells.

    Raises:
        FanwiseError: for a recipe that does not fit the model; for what is neither drawn nor
            copied, since the model has no values, or computes it; for a target that is there
            already, is being written, or was begun with something else. Nothing is changed then.

    Examples:
        >>> import jax
        >>> tree = {"head": {"kernel": jax.ShapeDtypeStruct((6, 4), "float32")}}
        >>> rules = [{"role": "kernel", "init": "he_normal"}]
        >>> written = write(tree, {"fanwise": 1, "rule": rules}, seed=0, digest_only=True)
        >>> sorted(written.tensors), written.elements
        (['head/kernel'], 24)
    """

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
    """Make an initializer of the scheme xavier_normal.

    Normal (not cut), variance gain² / fan_avg: torch's. JAX's function of this name is glorot_normal.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import xavier_normal
        >>> xavier_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 12; torch.nn.init.xavier_normal_.
    """

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
    """Make an initializer of the scheme xavier_uniform.

    Uniform, variance gain² / fan_avg: torch's name of glorot_uniform.

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import xavier_uniform
        >>> xavier_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 16; torch.nn.init.xavier_uniform_.
    """

def xlstm_forget(
    low: float = 3.0,
    high: float = 6.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``xlstm_forget``.

    Bias of mLSTM's forget gates: evenly spaced over the heads, from 3 to 6.

    Args:
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import xlstm_forget
        >>> init = xlstm_forget(path="layer/kernel")
        >>> init(jax.random.key(0), (8,)).shape
        (8,)

    References:
        Beck et al. 2024, arXiv:2405.04517, appendix.
    """

def xlstm_power_law(
    layer: int,
    layers: int,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``xlstm_power_law``.

    Bias of sLSTM's forget gates: from 5 down to −7 over each head, by a power that grows with depth.

    Args:
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import xlstm_power_law
        >>> init = xlstm_power_law(layer=3, layers=12, path="layer/kernel")
        >>> init(jax.random.key(0), (4, 16)).shape
        (4, 16)

    References:
        Beck et al. 2024, arXiv:2405.04517; the rule is in the code alone.
    """

def xpos_scale(
    dtype: DTypeLike | None = None,
    *,
    axes: str = "* out",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``xpos_scale``.

    xPos's scale of each pair of channels: (2i/d + 0.4) / 1.4.

    Args:
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import xpos_scale
        >>> init = xpos_scale(path="layer/kernel")
        >>> init(jax.random.key(0), (32,)).shape
        (32,)

    References:
        Sun et al. 2023, arXiv:2212.10554, section 2.2, algorithm 1.
    """

def zeros_init() -> Initializer:
    """Return :func:`zeros`, by Flax's name for it.

    Returns:
        JAX's own initializer of zeros.

    Examples:
        >>> import jax
        >>> zeros_init()(jax.random.key(0), (2,))
        Array([0., 0.], dtype=float32)
    """

__all__ = [
    "Initializer",
    "KeyedInitializer",
    "LayerWeight",
    "NdInitializer",
    "Span",
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
    "initializer",
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
    "nd_initializer",
    "normal",
    "normc",
    "ntk",
    "ones",
    "ones_init",
    "orthogonal",
    "paths",
    "powers",
    "prior_bias",
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
    "zeros_init",
]
