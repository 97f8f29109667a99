# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: E501, PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import torch
import torch.nn
from numpy.typing import ArrayLike
from typing_extensions import deprecated

from fanwise.adapters.layer_weights import LayerWeight as LayerWeight
from fanwise.adapters.layer_weights import Span as Span
from fanwise.adapters.lsuv import LsuvReport
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.signals import LayerCheck
from fanwise.adapters.starts.written import Written
from fanwise.adapters.summary import Summary
from fanwise.adapters.torch.trainers.param_init import ParamInit
from fanwise.adapters.torch.trainers.regenerated import Regenerated as Regenerated
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

def _calculate_correct_fan(
    tensor: torch.Tensor,
    mode: str,
) -> int:
    """Return the fan of a tensor that a mode names: ``"fan_in"`` or ``"fan_out"``.

    Raises:
        FanwiseError: for another mode, and for fewer than two axes.
    """

def _calculate_fan_in_and_fan_out(
    tensor: torch.Tensor,
) -> tuple[int, int]:
    """Count the fans of a tensor as torch does: axes (out, in, receptive field).

    Raises:
        FanwiseError: for fewer than two axes.
    """

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

def alibi_slopes_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out *",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``alibi_slopes``.

    ALiBi's slope of each head: 2^(−8(h + 1)/H); where H is no power of two, the next smaller one's, then every other one of twice as many.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import alibi_slopes_
        >>> weight = alibi_slopes_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Press, Smith & Lewis 2022, arXiv:2108.12409, section 3.
    """

def arange_(
    tensor: torch.Tensor,
    start: float = 0.0,
    step: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``arange``.

    From start on in steps, along the outputs.

    Args:
        tensor: what to fill, in place.
        start: the first of a sequence of numbers.
        step: the difference between a number of a sequence and the next.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import arange_
        >>> weight = arange_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Common usage: numpy.arange.
    """

def bert_cut_(
    tensor: torch.Tensor,
    std: float = 0.02,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``bert_cut``.

    Normal of 0.02 cut at two standard deviations of itself: 0.0176 comes out.

    Args:
        tensor: what to fill, in place.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import bert_cut_
        >>> weight = bert_cut_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Devlin et al. 2019, arXiv:1810.04805: its code; the paper does not say.
    """

def bilinear_upsampling_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``bilinear_upsampling``.

    Transposed convolution that interpolates: each channel has a bilinear kernel to itself.

    Args:
        tensor: what to fill, in place.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import bilinear_upsampling_
        >>> weight = bilinear_upsampling_(torch.empty(8, 8, 4, 4), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (8, 8, 4, 4)

    References:
        Long, Shelhamer & Darrell 2015, arXiv:1411.4038, section 3.3.
    """

def block_orthogonal_(
    tensor: torch.Tensor,
    in_blocks: int = 1,
    out_blocks: int = 1,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``block_orthogonal``.

    Blocks side by side, each semi-orthogonal by itself, times gain.

    Args:
        tensor: what to fill, in place.
        in_blocks: the number of equal blocks side by side along the inputs.
        out_blocks: the number of equal blocks side by side along the outputs.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import block_orthogonal_
        >>> weight = block_orthogonal_(torch.empty(32, 8), out_blocks=4, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32, 8)

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3, for each block.
    """

def calculate_gain(
    nonlinearity: str,
    param: float | None = None,
) -> float:
    """Look up the gain of a nonlinearity, in torch's table.

    Args:
        nonlinearity: a name, e.g. ``"relu"``.
        param: the negative slope of ``"leaky_relu"``, 0.01 if None.

    Returns:
        The factor on the standard deviation.

    Raises:
        FanwiseError: for a nonlinearity that torch does not know.

    Examples:
        >>> calculate_gain("tanh")
        1.6666666666666667
    """

def capture(
    factory: Callable[[], Any],
    *,
    seeds: Sequence[int] = ...,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does.

    The function is called under several seeds. What holds the same each time is a constant or a
    formula; of what differs the law is told by the values, and its numbers are written as the
    expressions that agree for all shapes. Random states of torch, NumPy and Python are put
    back. The recipe is then proved: two builds more, and a model that it has started itself, are
    judged by it with a false-alarm rate below 10⁻⁹.

    Args:
        factory: builds the model anew each time; it takes nothing.
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
        >>> from torch import nn
        >>> recipe = capture(lambda: nn.Sequential(nn.Linear(64, 256), nn.Linear(256, 16)))
        >>> sorted({rule.init["scheme"] for rule in recipe.rules})
        ['torch_default']
    """

def chrono_forget_(
    tensor: torch.Tensor,
    steps: float,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``chrono_forget``.

    Bias of a forget gate: ln U(1, steps − 1), so that memories last 1 to steps − 1 steps. chrono_input is the other half.

    Args:
        tensor: what to fill, in place.
        steps: the longest dependency that is to be learned, in time steps.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import chrono_forget_
        >>> weight = chrono_forget_(torch.empty(16,), steps=784.0, seed=0, path="layer/forget_bias")
        >>> tuple(weight.shape)
        (16,)

    References:
        Tallec & Ollivier 2018, arXiv:1804.11188: the chrono initialization.
    """

def chrono_input_(
    tensor: torch.Tensor,
    steps: float,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``chrono_input``.

    Bias of an input gate: −ln U(1, steps − 1), of the same draw as chrono_forget's. Of a bias of several gates it is the first, and the others are 0.

    Args:
        tensor: what to fill, in place.
        steps: the longest dependency that is to be learned, in time steps.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import chrono_input_
        >>> weight = chrono_input_(torch.empty(16,), steps=784.0, seed=0, path="layer/bias")
        >>> tuple(weight.shape)
        (16,)

    References:
        Tallec & Ollivier 2018, arXiv:1804.11188: the chrono initialization.
    """

def class_prior_(
    tensor: torch.Tensor,
    probabilities: ArrayLike,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``class_prior``.

    The logarithms of the classes' frequencies: a softmax begins with those.

    Args:
        tensor: what to fill, in place.
        probabilities: the probability of each class (for class_prior, counts do as well).
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import class_prior_
        >>> weight = class_prior_(torch.empty(4,), probabilities=(0.7, 0.2, 0.09, 0.01), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4,)

    References:
        Bishop 1995, Neural Networks for Pattern Recognition, chapter 6: a softmax of ln p is p.
    """

def complete_p_(
    tensor: torch.Tensor,
    base_width: float,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``complete_p``.

    Normal of std √(base_width / fan_in), without a factor of depth, which is in the residual branches.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import complete_p_
        >>> weight = complete_p_(torch.empty(16, 8), std=0.02, base_width=256.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Dey et al. 2025, arXiv:2505.01618, table 1.
    """

@deprecated("Use constant_.")
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
    """Fill a tensor with one value.

    Args:
        tensor: what to fill, in place.
        val: the value, a finite number.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> constant_(torch.empty(2), 0.5)
        tensor([0.5000, 0.5000])

    References:
        Common usage.
    """

def conv_aware_(
    tensor: torch.Tensor,
    scale: float = 2.0,
    noise: float = 0.05,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``conv_aware``.

    Convolution whose kernels into one output are orthogonal in the frequency domain; mean square scale / fan_in.

    Args:
        tensor: what to fill, in place.
        scale: numerator of the variance.
        noise: standard deviation of the noise that is added before scaling.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import conv_aware_
        >>> weight = conv_aware_(torch.empty(16, 8, 3, 3), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8, 3, 3)

    References:
        Aghajanyan 2017, arXiv:1702.06295, section 3.
    """

def ddpm_(
    tensor: torch.Tensor,
    scale: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``ddpm``.

    Uniform, variance scale / fan_avg; the last layer of each branch with a scale of 1e-10.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        scale: numerator of the variance.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import ddpm_
        >>> weight = ddpm_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Ho, Jain & Abbeel 2020, arXiv:2006.11239: its code.
    """

def deepnorm_(
    tensor: torch.Tensor,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``deepnorm``.

    Xavier's normal times (8 layers)^(-1/4): values, outputs and feed-forward of an encoder or a decoder alone.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import deepnorm_
        >>> weight = deepnorm_(torch.empty(16, 8), layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """

def deepnorm_decoder_(
    tensor: torch.Tensor,
    decoder_layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``deepnorm_decoder``.

    Xavier's normal times (12 decoder_layers)^(-1/4): the decoder beside an encoder.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import deepnorm_decoder_
        >>> weight = deepnorm_decoder_(torch.empty(16, 8), decoder_layers=6, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """

def deepnorm_encoder_(
    tensor: torch.Tensor,
    encoder_layers: int,
    decoder_layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``deepnorm_encoder``.

    Xavier's normal times 0.87 (encoder_layers⁴ decoder_layers)^(-1/16): the encoder beside a decoder.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        encoder_layers: the number of layers of the encoder.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import deepnorm_encoder_
        >>> weight = deepnorm_encoder_(torch.empty(16, 8), encoder_layers=12, decoder_layers=6, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Wang et al. 2022, arXiv:2203.00555, figure 2.
    """

def deformable_attention_grid_(
    tensor: torch.Tensor,
    heads: int = 8,
    levels: int = 4,
    points: int = 4,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``deformable_attention_grid``.

    Bias of the sampling offsets: each head looks in its own direction, point p of it p + 1 samples far.

    Args:
        tensor: what to fill, in place.
        heads: the number of attention heads.
        levels: the number of feature levels that attention samples.
        points: the number of points that a head samples on each level.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import deformable_attention_grid_
        >>> weight = deformable_attention_grid_(torch.empty(256,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (256,)

    References:
        Zhu et al. 2021, arXiv:2010.04159, appendix A.4.
    """

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
    """Fill a tensor by the scheme ``delta_orthogonal``.

    Orthogonal at the centre of the receptive field, zero elsewhere, times gain.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import delta_orthogonal_
        >>> weight = delta_orthogonal_(torch.empty(16, 8, 3, 3), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8, 3, 3)

    References:
        Xiao et al. 2018, arXiv:1806.05393, algorithm 1.
    """

def depth_scaled_(
    tensor: torch.Tensor,
    layer: int,
    std: float = 0.02,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``depth_scaled``.

    Normal of std / √(2 (layer + 1)), with layers counted from 0: later layers write less.

    Args:
        tensor: what to fill, in place.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        layer: the number of the layer (block) in the model, from 0.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import depth_scaled_
        >>> weight = depth_scaled_(torch.empty(16, 8), layer=3, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Bao et al. 2022, arXiv:2106.08254, section 2.5 (BEiT); torchtitan's models.
    """

@deprecated("Use dirac_.")
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
    """Fill the kernel of a convolution so that it passes its inputs through.

    Args:
        tensor: what to fill, in place; three to five axes.
        groups: the number of groups of the convolution.
        seed, path, axes, engine: checked as in :func:`init_`; there is one result only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> dirac_(torch.empty(1, 1, 3))
        tensor([[[0., 1., 0.]]])

    References:
        Zagoruyko & Komodakis 2017, arXiv:1706.00388, equation 2; torch.nn.init.dirac_.
    """

def ds_init_(
    tensor: torch.Tensor,
    layer: int,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``ds_init``.

    Xavier's uniform times gain / √(layer + 1), with layers counted from 0.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        layer: the number of the layer (block) in the model, from 0.
        gain: factor on the weights.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import ds_init_
        >>> weight = ds_init_(torch.empty(16, 8), layer=3, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Zhang, Titov & Sennrich 2019, arXiv:1908.11365, section 4.
    """

def edge_of_chaos_(
    tensor: torch.Tensor,
    weight_variance: float,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``edge_of_chaos``.

    Normal, variance weight_variance / fan_in, where weight_variance is that at which signals neither die nor explode.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        weight_variance: the variance of a weight, times fan_in.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import edge_of_chaos_
        >>> weight = edge_of_chaos_(torch.empty(16, 8), weight_variance=1.76, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Poole et al. 2016, arXiv:1606.05340, section 2; Schoenholz et al. 2017, arXiv:1611.01232.
    """

def efficientnet_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``efficientnet``.

    Normal, variance 2 / fan_out: convolutions.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import efficientnet_
        >>> weight = efficientnet_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Tan & Le 2019, arXiv:1905.11946: its code.
    """

def efficientnet_dense_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``efficientnet_dense``.

    Uniform on ±1 / √fan_out: the classifier.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        fan_out: fan_out itself, instead of the one counted from the shape.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import efficientnet_dense_
        >>> weight = efficientnet_dense_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Tan & Le 2019, arXiv:1905.11946: its code.
    """

def embedding_scaled_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``embedding_scaled``.

    Normal, variance 1 / fan_out: a table of (tokens, width), to be multiplied by √width where it is used.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        fan_out: fan_out itself, instead of the one counted from the shape.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import embedding_scaled_
        >>> weight = embedding_scaled_(torch.empty(64, 32), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.4, which multiplies embeddings by √width.
    """

def erdos_renyi_(
    tensor: torch.Tensor,
    epsilon: float = 20.0,
    elements: str = "uniform",
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``erdos_renyi``.

    Glorot's law on the connections of a random graph: density epsilon (in + out) / (in out), with a receptive field epsilon (in + out + k…) / (in out k…).

    Args:
        tensor: what to fill, in place; at least two axes.
        epsilon: connections for each input and each output, about: the density is epsilon (in + out) / (in out).
        elements: what the elements that are not zero are drawn from, with mean 0.
        gain: factor on the weights.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import erdos_renyi_
        >>> weight = erdos_renyi_(torch.empty(128, 256), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (128, 256)

    References:
        Mocanu et al. 2018, arXiv:1707.04780, equation 1; Evci et al. 2020, arXiv:1911.11134, section 3 (1) for convolutions
    """

@deprecated("Use eye_.")
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
    """Fill a matrix with the identity; what is beyond the square is zero.

    Args:
        tensor: what to fill, in place; two axes.
        seed, path, axes, engine: checked as in :func:`init_`; there is one result only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> eye_(torch.empty(2, 3))
        tensor([[1., 0., 0.],
                [0., 1., 0.]])

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """

def finer_bias_(
    tensor: torch.Tensor,
    bound: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``finer_bias``.

    Uniform on ±bound: the first bias, whose size chooses the frequencies.

    Args:
        tensor: what to fill, in place.
        bound: the largest magnitude, in the weight's units.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import finer_bias_
        >>> weight = finer_bias_(torch.empty(64,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        Liu et al. 2024, arXiv:2312.02434.
    """

def fixup_(
    tensor: torch.Tensor,
    layers: int,
    branch_layers: int = 2,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``fixup``.

    Normal of layers^(-1 / (2 branch_layers - 2)) √(2 / fan_out): the layers of a branch but its last.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        layers: the number of layers (blocks) of the model.
        branch_layers: the number of layers with weights in a residual branch.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import fixup_
        >>> weight = fixup_(torch.empty(16, 8), layers=16, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Zhang, Dauphin & Ma 2019, arXiv:1901.09321, section 3.
    """

def forget_bias_(
    tensor: torch.Tensor,
    value: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``forget_bias``.

    One value, 1 unless given, for the bias of a forget gate: the gate begins open.

    Args:
        tensor: what to fill, in place.
        value: the value of every element.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import forget_bias_
        >>> weight = forget_bias_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Gers, Schmidhuber & Cummins 2000, Learning to forget; Jozefowicz, Zaremba & Sutskever 2015, An empirical exploration of recurrent network architectures.
    """

def fourier_features_(
    tensor: torch.Tensor,
    std: float = 10.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``fourier_features``.

    Normal of std, which chooses the frequencies: a matrix that does not train.

    Args:
        tensor: what to fill, in place.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import fourier_features_
        >>> weight = fourier_features_(torch.empty(64, 2), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 2)

    References:
        Tancik et al. 2020, arXiv:2006.10739.
    """

def geomspace_(
    tensor: torch.Tensor,
    low: float = 0.001,
    high: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``geomspace``.

    From low to high, each the same multiple of the one before, along the outputs.

    Args:
        tensor: what to fill, in place.
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import geomspace_
        >>> weight = geomspace_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Common usage: numpy.geomspace.
    """

def given_(
    tensor: torch.Tensor,
    values: ArrayLike,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``given``.

    The values that are given.

    Args:
        tensor: what to fill, in place.
        values: the numbers themselves, or rows of them, in canonical order (in, out).
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import given_
        >>> weight = given_(torch.empty(2, 3), values=((0.0, 0.5, 1.0), (1.0, 0.5, 0.0)), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (2, 3)

    References:
        Common usage: tables and priors that are known beforehand.
    """

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
    """Fill a tensor by the scheme ``glorot_normal``.

    Normal cut at two standard deviations, variance 1 / fan_avg.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import glorot_normal_
        >>> weight = glorot_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Glorot & Bengio 2010, equation 12.
    """

def glorot_orthogonal_(
    tensor: torch.Tensor,
    scale: float = 2.0,
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``glorot_orthogonal``.

    Semi-orthogonal, Haar-distributed; of a matrix with Glorot's variance, scale / (fan_in + fan_out).

    Args:
        tensor: what to fill, in place; at least two axes.
        scale: numerator of the variance.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import glorot_orthogonal_
        >>> weight = glorot_orthogonal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Gasteiger, Groß & Günnemann 2020, arXiv:2003.03123, code.
    """

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
    """Fill a tensor by the scheme ``glorot_uniform``.

    Uniform, variance 1 / fan_avg.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import glorot_uniform_
        >>> weight = glorot_uniform_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Glorot & Bengio 2010, equation 16.
    """

def glow_rotation_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``glow_rotation``.

    Random rotation: Haar-distributed orthogonal, of determinant 1.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import glow_rotation_
        >>> weight = glow_rotation_(torch.empty(12, 12), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (12, 12)

    References:
        Kingma & Dhariwal 2018, arXiv:1807.03039, section 3.2.
    """

def hadamard_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hadamard``.

    Sylvester's Hadamard matrix over √order, or the upper left part of one.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hadamard_
        >>> weight = hadamard_(torch.empty(16, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 16)

    References:
        Sylvester 1867, Philosophical Magazine 34(232).
    """

def hadamard_identity_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hadamard_identity``.

    ZerO: an identity, or a Hadamard matrix where the layer widens (by √2 less than the paper's, as in its code); a convolution holds it in its centre.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hadamard_identity_
        >>> weight = hadamard_identity_(torch.empty(16, 6), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 6)

    References:
        Zhao, Schäfer & Anandkumar 2022, arXiv:2110.12661, algorithm 1.
    """

def hash_grid_(
    tensor: torch.Tensor,
    bound: float = 0.0001,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hash_grid``.

    Uniform on ±0.0001: the features of a hash table.

    Args:
        tensor: what to fill, in place.
        bound: the largest magnitude, in the weight's units.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hash_grid_
        >>> weight = hash_grid_(torch.empty(64, 2), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 2)

    References:
        Müller et al. 2022, arXiv:2201.05989, section 4.
    """

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
    """Fill a tensor by the scheme ``he_normal``.

    Normal cut at two standard deviations, variance 2 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import he_normal_
        >>> weight = he_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

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
    """Fill a tensor by the scheme ``he_uniform``.

    Uniform, variance 2 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import he_uniform_
        >>> weight = he_uniform_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

def hippo_fourier_a_(
    tensor: torch.Tensor,
    window: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out in",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hippo_fourier_a``.

    A of the truncated Fourier basis over a sliding window, states in pairs of cosine and sine. S4's code has it at window = 2.

    Args:
        tensor: what to fill, in place.
        window: the length of the window of time that a state remembers.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hippo_fourier_a_
        >>> weight = hippo_fourier_a_(torch.empty(16, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 16)

    References:
        Gu et al. 2023, arXiv:2206.12037, S4-FouT; Gu et al. 2020, arXiv:2008.07669, appendix D.4.
    """

def hippo_fourier_b_(
    tensor: torch.Tensor,
    window: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out *",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hippo_fourier_b``.

    B of the truncated Fourier basis: 2, 0, 2√2, 0, 2√2 … over window. S4's code has it at window = 2.

    Args:
        tensor: what to fill, in place.
        window: the length of the window of time that a state remembers.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hippo_fourier_b_
        >>> weight = hippo_fourier_b_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Gu et al. 2023, arXiv:2206.12037, S4-FouT.
    """

def hippo_legs_a_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out in",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hippo_legs_a``.

    HiPPO's A for Legendre polynomials over all of the past, with the sign of S4.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hippo_legs_a_
        >>> weight = hippo_legs_a_(torch.empty(16, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 16)

    References:
        Gu et al. 2020, arXiv:2008.07669, theorem 2; Gu, Goel & Ré 2022, arXiv:2111.00396, equation 2.
    """

def hippo_legs_b_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out *",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hippo_legs_b``.

    HiPPO's B for Legendre polynomials over all of the past: √(2n + 1).

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hippo_legs_b_
        >>> weight = hippo_legs_b_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Gu et al. 2020, arXiv:2008.07669, theorem 2.
    """

def hippo_legs_p_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hippo_legs_p``.

    The low-rank part of HiPPO-LegS: √(n + ½), with which A + P Pᵀ is normal.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hippo_legs_p_
        >>> weight = hippo_legs_p_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Gu, Goel & Ré 2022, arXiv:2111.00396, theorem 1 and appendix C.1.
    """

def hippo_legt_a_(
    tensor: torch.Tensor,
    window: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out in",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hippo_legt_a``.

    HiPPO's A for Legendre polynomials over a sliding window. S4's code has it at window = 2.

    Args:
        tensor: what to fill, in place.
        window: the length of the window of time that a state remembers.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hippo_legt_a_
        >>> weight = hippo_legt_a_(torch.empty(16, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 16)

    References:
        Gu et al. 2020, arXiv:2008.07669, appendix D.1; Gu et al. 2023, arXiv:2206.12037, definition of S4-LegT.
    """

def hippo_legt_b_(
    tensor: torch.Tensor,
    window: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out *",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hippo_legt_b``.

    HiPPO's B for Legendre polynomials over a sliding window: √(2n + 1) / window. S4's code has it at window = 2.

    Args:
        tensor: what to fill, in place.
        window: the length of the window of time that a state remembers.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hippo_legt_b_
        >>> weight = hippo_legt_b_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Gu et al. 2020, arXiv:2008.07669, appendix D.1.
    """

def hyperfan_in_(
    tensor: torch.Tensor,
    main_fan_in: float,
    main_bias: bool = True,
    main_relu: bool = True,
    input_variance: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hyperfan_in``.

    Uniform, variance such that the layer made has the variance of He's or LeCun's, by its fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        main_fan_in: the fan_in of the layer whose weights are made; 1 for the head that makes its bias.
        main_bias: whether the bias of that layer is made too.
        main_relu: whether a ReLU follows that layer.
        input_variance: the variance of what goes into the weight.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hyperfan_in_
        >>> weight = hyperfan_in_(torch.empty(16, 8), main_fan_in=128.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Chang, Flokas & Lipson 2020, arXiv:2312.08399, section 4.1 and table 1.
    """

def hyperfan_out_(
    tensor: torch.Tensor,
    main_fan_out: float,
    main_relu: bool = True,
    input_variance: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``hyperfan_out``.

    Uniform, variance such that the layer made has the variance of He's or LeCun's, by its fan_out.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        main_fan_out: the fan_out of the layer whose weights are made.
        main_relu: whether a ReLU follows that layer.
        input_variance: the variance of what goes into the weight.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import hyperfan_out_
        >>> weight = hyperfan_out_(torch.empty(16, 8), main_fan_out=128.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Chang, Flokas & Lipson 2020, arXiv:2312.08399, section 4.2 and table 1.
    """

def icnr_(
    tensor: torch.Tensor,
    upscale_factor: int = 2,
    subpixels: str = "pixel_shuffle",
    scale: float = 2.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``icnr``.

    Sub-pixel convolution: every sub-pixel of a channel starts as a copy of one kernel, he_normal unless scale, mode and distribution say otherwise.

    Args:
        tensor: what to fill, in place.
        upscale_factor: how many times finer the upsampled grid is, along each axis.
        subpixels: where the sub-pixels of a channel are: side by side (torch's pixel_shuffle), or channels apart (TensorFlow's depth_to_space).
        scale: numerator of the variance.
        mode: the fan that divides the scale.
        distribution: the distribution; the normal is uncut, the truncated one cut at two standard deviations.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import icnr_
        >>> weight = icnr_(torch.empty(16, 8, 3, 3), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8, 3, 3)

    References:
        Aitken et al. 2017, arXiv:1707.02937, section 2.
    """

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
    """Fill a tensor by the scheme ``identity``.

    The identity matrix, times gain.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import identity_
        >>> weight = identity_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """

def idinit_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``idinit``.

    IDInit: identities one after another, until every output has an input; of a convolution over its patches.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import idinit_
        >>> weight = idinit_(torch.empty(16, 6), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 6)

    References:
        Pan et al. 2025, arXiv:2503.04626, section 3.
    """

def idinit_zero_(
    tensor: torch.Tensor,
    gain: float = 1e-06,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``idinit_zero``.

    IDInit for the last layer of a residual branch: each output is a tiny difference of two inputs.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import idinit_zero_
        >>> weight = idinit_zero_(torch.empty(16, 6), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 6)

    References:
        Pan et al. 2025, arXiv:2503.04626, section 3.
    """

def init_(
    tensor: torch.Tensor,
    scheme: _SchemeLike,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor by any scheme, in place.

    Args:
        tensor: float16, bfloat16, float32 or float64, with any strides, on any device; a
            parameter, a view of one, or a tensor without gradient. On the meta device
            there is nothing to write. Of a sharded one (DTensor, so also FSDP2) every rank
            draws its own part of the whole; the result does not depend on the mesh.
        scheme: a scheme or its name.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn from torch's default generator, so
            that ``torch.manual_seed`` governs; for a sharded tensor, from that of its mesh's
            first rank. In code that ``torch.compile`` compiles it must be given.
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis, a pattern or its name; None for the scheme's own, which few
            have, or else ``"torch"``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            functions of ``torch.nn.init``, for which a path counts only beside a seed.
        generator: draws the seed in the place of torch's default one.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import fanwise, torch
        >>> weight = init_(torch.empty(4, 3), "he_normal", seed=0, path="dense/kernel")
        >>> kernel = fanwise.sample("he_normal", (3, 4), seed=0, path="dense/kernel")
        >>> bool((weight.numpy() == kernel.T).all())
        True
    """

def init_method(
    scheme: _SchemeLike,
    *,
    seed: int,
    path: str,
    axes: str | None = None,
    group: Any = None,
    rows: int | None = None,
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Make an ``init_method`` for layers that cut their weights themselves, as Megatron's do.

    Such a layer holds a plain tensor with the attributes ``tensor_model_parallel``,
    ``partition_dim`` and ``partition_stride``, and calls its ``init_method`` with it. Here the
    shape and the fans are those of the whole weight, and the numbers those that this rank's part
    of it has, whatever the number of ranks. A tensor without the attributes is a whole weight, so
    that a layer that starts a master weight on the CPU and then cuts it gets the same.

    Args:
        scheme: a scheme or its name.
        seed: 0 ≤ seed < 2⁶⁴; the same on all ranks.
        path: of the weight in its model. Each layer needs a method of its own: one that several
            layers share would give them the same numbers.
        axes: the role of each axis; None for the scheme's own, or else ``"torch"``.
        group: the process group of the ranks that share the weight, or ``(rank, size)``; None
            for Megatron's own, those of experts for a tensor with ``allreduce = False``. Pass it
            where Megatron cuts experts over other ranks than the rest: it marks a layer of them
            only when it has started.
        rows: how many rows the whole weight has without padding, where a vocabulary is padded to
            fit the ranks; the rows behind them are zero.

    Returns:
        A function that writes into a tensor and returns it. It raises FanwiseError for a tensor
        that it cannot write, which is then untouched.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import torch
        >>> part = torch.empty(2, 8)  # the second half of four rows
        >>> part.tensor_model_parallel, part.partition_dim, part.partition_stride = True, 0, 1
        >>> init = init_method("he_normal", seed=0, path="up/kernel", group=(1, 2))
        >>> held = init(part).clone()
        >>> del part
        >>> whole = init_method("he_normal", seed=0, path="up/kernel")(torch.empty(4, 8))
        >>> torch.equal(held, whole[2:])
        True
    """

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
    part_of: torch.nn.Module | None = None,
    at: str | Mapping[str, str] | None = None,
    group: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Start a whole model by a recipe: the same function as its twins in other frameworks.

    Every weight is drawn from the seed and its canonical path. What a layer packs into one
    tensor (query, key and value; the gates of a recurrence) gets what separate weights
    would. A tensor that is shared is set once, under its first path. Running statistics are
    set too, and the rows of an embedding's padding are zero. A parameter that does not train
    is drawn only by a rule with ``frozen = true``. Wrappers (compilation, data parallelism,
    averaging, checkpointing) have no part in paths. Of a sharded model (DTensor,
    so also FSDP2) every rank draws its own parts, and every rank must call. On the meta
    device there is nothing to write: materialize the model first, or ask for a dry run.

    Args:
        model: any module.
        recipe: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a dict of the same form, or a :class:`fanwise.spec.recipe.Recipe`.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn once, from the generator, if anything
            random is drawn.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            functions of ``torch.nn.init``, for which a path counts only beside a seed.
        generator: torch's, in the place of its default one.
        only: patterns of canonical paths; other weights are not touched.
        exclude: patterns of canonical paths that are not touched.
        missing: what a checkpoint did not bring, and all that is set: names of ``state_dict`` or
            canonical paths, what ``load_state_dict`` returned, or transformers' loading
            information; a tensor that was brought under one of several names is not missing.
            Without it, parameters that transformers marks as loaded
            (``_is_hf_initialized``) are left alone, unless ``only`` names them.
        part_of: the whole model, usually on the meta device, where ``model`` is a part of it, such
            as a stage of a pipeline. The recipe is held to the whole, whose layers it counts; what
            the part has is set, as the whole would be. It takes a seed.
        at: where a part stands that names its modules anew: the name of the part in the whole,
            ``"layers.4"``; or those of its modules, ``{"layers.0": "layers.4"}``. Without
            ``part_of`` the paths are those names, and the recipe is held to the part.
        group: of the ranks that share the weights that layers cut themselves, into plain tensors
            with ``tensor_model_parallel``: a process group, or ``(rank, size)``, with ``(0, 1)``
            where they are whole. Without it the layers are asked, and then Megatron. It takes a
            seed.
        dry_run: whether to check and report everything, problems too, and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`, a row for each weight that the recipe sets, and the names of what is
        left as it is: other weights, buffers and tensors; ``str`` of it is a table.
        Observed is NaN where nothing was written, or nothing read again.

    Raises:
        FanwiseError: for bad input, a weight without a rule, a rule without a weight, and
            weights that cannot be drawn: quantized, sparse, overlapping, partly on the meta
            device, and so on; and for ranks that do not pass the same seed. The model is then
            untouched.

    Warns:
        UnsetBufferWarning: where buffers, or weights that stay, seem to hold what lay in their
            memory before.

    Examples:
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> report = initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
        >>> [row.path for row in report.rows]
        ['0/kernel', '0/bias', '2/kernel', '2/bias']
    """

def initialize_callback(
    recipe: _RecipeLike,
    *,
    seed: int,
    **how: Any,
) -> Any:
    """Make a callback of Lightning that starts the model by a recipe before it is trained.

    It is :func:`fanwise.torch.initialize`, called when the strategy has placed the model: on its
    device, sharded or not. A model that was made on the meta device (``configure_model`` under
    FSDP2) has memory by then. A run that goes on is not started anew: neither from a checkpoint
    (``ckpt_path``), nor by a second ``fit`` of the same module with this callback. The report is
    the attribute ``summary`` of the callback.

    Args:
        recipe: as in :func:`fanwise.torch.initialize`; its paths are those of the LightningModule.
        seed: 0 ≤ seed < 2⁶⁴; the same on all ranks.
        how: further arguments of :func:`fanwise.torch.initialize`.

    Returns:
        A ``lightning.pytorch.Callback``, or one of ``pytorch_lightning`` where that is imported
        and the other is not.

    Raises:
        FanwiseError: for bad input, and where there is no Lightning.

    Examples:
        >>> from fanwise import FanwiseError
        >>> try:
        ...     initialize_callback("torch_default", seed=-1)
        ... except FanwiseError as error:
        ...     print(error.expected)
        an integer seed, 0 <= seed < 2**64
    """

@deprecated("Use kaiming_normal_.")
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
    """Fill a tensor from N(0, gain² / fan), not cut.

    Args:
        tensor: what to fill, in place; at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: the fan that divides: ``"fan_in"``, ``"fan_out"``, or one that torch lacks,
            ``"fan_avg"`` and ``"fan_geo_avg"``.
        nonlinearity: whose gain is applied.
        fan: the fan itself, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = kaiming_normal_(torch.empty(3, 5), nonlinearity="relu", seed=0)

    References:
        He et al. 2015, equations 10 and 15.
    """

@deprecated("Use kaiming_uniform_.")
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
    """Fill a tensor from U(-l, l) with l = gain · √(3 / fan).

    Args:
        tensor: what to fill, in place; at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: the fan that divides: ``"fan_in"``, ``"fan_out"``, or one that torch lacks,
            ``"fan_avg"`` and ``"fan_geo_avg"``.
        nonlinearity: whose gain is applied.
        fan: the fan itself, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = kaiming_uniform_(torch.empty(3, 5), nonlinearity="relu", seed=0)

    References:
        He et al. 2015, equations 10 and 15.
    """

def kan_base_(
    tensor: torch.Tensor,
    slope_factor: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``kan_base``.

    Base weights and spline scalers of efficient-kan: uniform of variance 2 / ((1 + 5 slope_factor²) fan_in). Its scale_base or scale_spline is that factor: the larger, the smaller the weights.

    Args:
        tensor: what to fill, in place; at least two axes.
        slope_factor: factor on the slope of √5 that kaiming_uniform is given: the larger, the smaller the weights.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import kan_base_
        >>> weight = kan_base_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Liu et al. 2024, arXiv:2404.19756, section 2.2, which says Xavier
    """

def kan_spline_(
    tensor: torch.Tensor,
    noise_scale: float = 0.1,
    spline_order: int = 3,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out in *",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``kan_spline``.

    Coefficients of splines through noise at the grid points of a Kolmogorov-Arnold layer: the least ones that take the values (U - 1/2) noise_scale / G, with U ~ U(0, 1).

    Args:
        tensor: what to fill, in place.
        noise_scale: factor on the noise that the weights begin with.
        spline_order: order of the B-splines; cubic ones have 3.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import kan_spline_
        >>> weight = kan_spline_(torch.empty(16, 8, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8, 8)

    References:
        Liu et al. 2024, arXiv:2404.19756, section 2.2
    """

def layer_check(
    model: torch.nn.Module,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    loss: Callable[[Any], torch.Tensor] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    A layer is a module without children, or one that has weights of its own; children whose
    weights it describes as its own are part of it. Nothing of the model is changed: neither its
    weights and their ``grad``, nor its modes, nor what its layers keep, such as running
    statistics; and no generator of random numbers.

    Args:
        model: any module, in the mode (train or eval) in which it is to be seen.
        inputs: a batch, as the model takes it.
        keywords: what the model takes by name, e.g. what a tokenizer returns.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every tensor of
            floats in the output, but for the caches of a next call. An output may be a
            tensor, a tuple, a dict, a dataclass or any object that holds some.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called. Of an
        output of several tensors, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, a model on the meta device, a model that does
            not run, an output without floats, and a loss that is not a scalar.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> check = layer_check(nn.Sequential(nn.Linear(8, 4), nn.ReLU()), torch.ones(2, 8))
        >>> [layer.class_name for layer in check.layers]
        ['Linear', 'ReLU']
        >>> check = layer_check(nn.Linear(8, 4), keywords={"input": torch.ones(2, 8)})
        >>> check.layers[0].shape
        (2, 4)
    """

def layer_scale_(
    tensor: torch.Tensor,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``layer_scale``.

    One value by depth: 0.1 up to 18 layers, 0.00001 up to 24, 0.000001 beyond.

    Args:
        tensor: what to fill, in place.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import layer_scale_
        >>> weight = layer_scale_(torch.empty(64,), layers=24, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        Touvron et al. 2021, arXiv:2103.17239 (CaiT), on LayerScale.
    """

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
    """Fill a tensor by the scheme ``lecun_normal``.

    Normal cut at two standard deviations, variance 1 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lecun_normal_
        >>> weight = lecun_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16; Klambauer et al. 2017, arXiv:1706.02515.
    """

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
    """Fill a tensor by the scheme ``lecun_uniform``.

    Uniform, variance 1 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lecun_uniform_
        >>> weight = lecun_uniform_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16.
    """

def lightning_slopes_(
    tensor: torch.Tensor,
    layer: int,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out *",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lightning_slopes``.

    Rates of decay of lightning attention: 2^(−8(h + 1)/H), smaller in every layer, and nearly 0 in the last.

    Args:
        tensor: what to fill, in place.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lightning_slopes_
        >>> weight = lightning_slopes_(torch.empty(8,), layer=3, layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (8,)

    References:
        MiniMax 2025, arXiv:2501.08313; the rule is in the code alone.
    """

def linspace_(
    tensor: torch.Tensor,
    low: float = 0.0,
    high: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``linspace``.

    Evenly spaced from low to high, along the outputs.

    Args:
        tensor: what to fill, in place.
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import linspace_
        >>> weight = linspace_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Common usage: numpy.linspace.
    """

def log_uniform_(
    tensor: torch.Tensor,
    low: float = 0.001,
    high: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``log_uniform``.

    Uniform in the logarithm, between low and high.

    Args:
        tensor: what to fill, in place.
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import log_uniform_
        >>> weight = log_uniform_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Hamming 1970, On the distribution of numbers; scipy.stats.loguniform.
    """

def lora_a_(
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
    """Fill a tensor by the scheme ``lora_a``.

    Uniform on ±1 / √fan_in: LoRA's A, beside a B of zeros.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lora_a_
        >>> weight = lora_a_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Hu et al. 2021, arXiv:2106.09685, section 4.1.
    """

def lora_gaussian_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lora_gaussian``.

    Normal of 1 / fan_out, which is the rank: LoRA's A, beside a B of zeros.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        fan_out: fan_out itself, instead of the one counted from the shape.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lora_gaussian_
        >>> weight = lora_gaussian_(torch.empty(8, 64), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (8, 64)

    References:
        Hu et al. 2021, arXiv:2106.09685, section 4.1, which names a Gaussian and no scale.
    """

def lora_orthogonal_a_(
    tensor: torch.Tensor,
    gain: float = 0.1,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lora_orthogonal_a``.

    A of a low-rank pair whose product B A is zero though neither is: Gaussians times the even rows of a rotation that both share.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lora_orthogonal_a_
        >>> weight = lora_orthogonal_a_(torch.empty(8, 64), seed=0, path="layer/lora_A")
        >>> tuple(weight.shape)
        (8, 64)

    References:
        https://datta0.github.io/posts/rethink-lora-init, on orthogonal initialization; no paper.
    """

def lora_orthogonal_b_(
    tensor: torch.Tensor,
    gain: float = 0.1,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lora_orthogonal_b``.

    B of a low-rank pair, beside lora_orthogonal_a: the odd rows of the rotation times Gaussians.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lora_orthogonal_b_
        >>> weight = lora_orthogonal_b_(torch.empty(64, 8), seed=0, path="layer/lora_B")
        >>> tuple(weight.shape)
        (64, 8)

    References:
        https://datta0.github.io/posts/rethink-lora-init, on orthogonal initialization; no paper.
    """

def lru_gamma_(
    tensor: torch.Tensor,
    radius_min: float = 0.0,
    radius_max: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lru_gamma``.

    LRU's gamma_log, ln √(1 − |λ|²), of the same draw as lru_ring's nu_log: what is put in is normalized.

    Args:
        tensor: what to fill, in place.
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lru_gamma_
        >>> weight = lru_gamma_(torch.empty(64,), seed=0, path="layer/gamma_log")
        >>> tuple(weight.shape)
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, section 3.4, equation 7.
    """

def lru_phase_(
    tensor: torch.Tensor,
    phase_max: float = ...,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lru_phase``.

    LRU's theta_log: the logarithm of an angle that is uniform from 0 to phase_max, the full circle unless given.

    Args:
        tensor: what to fill, in place.
        phase_max: the largest angle of an eigenvalue, in radians.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lru_phase_
        >>> weight = lru_phase_(torch.empty(64,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, lemma 3.2.
    """

def lru_ring_(
    tensor: torch.Tensor,
    radius_min: float = 0.0,
    radius_max: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lru_ring``.

    LRU's nu_log: exp(−exp(ν)) is the magnitude of eigenvalues that are uniform on a ring. lru_gamma is the other half.

    Args:
        tensor: what to fill, in place.
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lru_ring_
        >>> weight = lru_ring_(torch.empty(64,), seed=0, path="layer/nu_log")
        >>> tuple(weight.shape)
        (64,)

    References:
        Orvieto et al. 2023, arXiv:2303.06349, lemma 3.2.
    """

def lsuv(
    model: torch.nn.Module,
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
    what its layer gives on the batch, until the variance is 1. The model runs in eval mode:
    dropout does nothing, and a normalization by batches uses the statistics that it holds.

    Left alone, and named in the report, are other weights (embeddings, attention, recurrences,
    normalizations), what does not train, and what transformers marks as loaded. A kernel of
    several layers, or of one that is called several times, is scaled by the mean of the variances
    of its calls. It differs from the authors' code, which also shifts biases by the mean, and takes
    the last call.

    Args:
        model: any module.
        inputs: a batch, as the model takes it; of the data that it is to be trained on.
        keywords: what the model takes by name.
        seed: 0 ≤ seed < 2⁶⁴, of the start.
        start: the scheme of the kernels; None scales the kernels that are there, and leaves
            biases as they are. Then there is no seed.
        tolerance: how far from 1 a variance may be.
        most: how often one kernel is scaled at most.
        only: patterns of canonical paths; other weights are not touched.
        exclude: patterns of canonical paths that are not touched.

    Returns:
        A :class:`LsuvReport`, a row for each layer; ``str`` of it is a table. ``converged`` says
        whether all variances are within the tolerance.

    Raises:
        FanwiseError: for bad input, a model that does not run or is sharded, and an output that
            does not vary or is not finite; the model is then as it was.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
        >>> batch = torch.linspace(-1, 1, 512 * 64).reshape(512, 64).sin()
        >>> report = lsuv(model, batch, seed=0)
        >>> [layer.path for layer in report.layers], report.converged
        (['0', '2'], True)

    References:
        Mishkin & Matas 2016, arXiv:1511.06422, algorithm 1.
    """

def mamba2_a_log_(
    tensor: torch.Tensor,
    low: float = 1.0,
    high: float = 16.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mamba2_a_log``.

    Mamba-2's A_log: ln U(low, high), from 1 to 16 unless given, one for each head.

    Args:
        tensor: what to fill, in place.
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mamba2_a_log_
        >>> weight = mamba2_a_log_(torch.empty(64,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        Dao & Gu 2024, arXiv:2405.21060; A_init_range of the code.
    """

def mamba_a_log_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mamba_a_log``.

    Mamba's A_log: ln(n + 1) over the states, the same in every channel.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mamba_a_log_
        >>> weight = mamba_a_log_(torch.empty(32, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32, 16)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6.
    """

def mamba_dt_bias_(
    tensor: torch.Tensor,
    dt_min: float = 0.001,
    dt_max: float = 0.1,
    dt_floor: float = 0.0001,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mamba_dt_bias``.

    Mamba's bias of the step of time: softplus of it is log-uniform between dt_min and dt_max, and dt_floor at least.

    Args:
        tensor: what to fill, in place.
        dt_min: the smallest step of time.
        dt_max: the largest step of time.
        dt_floor: what a step of time is raised to where it is smaller.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mamba_dt_bias_
        >>> weight = mamba_dt_bias_(torch.empty(64,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6.
    """

def mamba_dt_proj_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mamba_dt_proj``.

    Mamba's projection to steps of time: uniform on ±gain / √fan_in, the fan being dt_rank.

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mamba_dt_proj_
        >>> weight = mamba_dt_proj_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Gu & Dao 2023, arXiv:2312.00752, section 3.6; dt_init = "random" of the code.
    """

def mamba_out_proj_(
    tensor: torch.Tensor,
    layers: int,
    branches: int = 1,
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mamba_out_proj``.

    Mamba's output projections: torch's default, uniform on ±1 / √fan_in, over √(branches · layers).

    Args:
        tensor: what to fill, in place; at least two axes.
        layers: the number of layers (blocks) of the model.
        branches: the number of residual branches of a layer.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mamba_out_proj_
        >>> weight = mamba_out_proj_(torch.empty(16, 8), layers=24, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Radford et al. 2019 (GPT-2), section 2.3, whose factor it is; the uniform is the code's.
    """

def mimetic_key_(
    tensor: torch.Tensor,
    heads: int,
    noise_scale: float = 0.7,
    identity_scale: float = 0.7,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mimetic_key``.

    Key of mimetic attention, beside mimetic_query.

    Args:
        tensor: what to fill, in place.
        heads: the number of attention heads.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mimetic_key_
        >>> weight = mimetic_key_(torch.empty(64, 64), heads=4, seed=0, path="layer/key")
        >>> tuple(weight.shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mimetic_out_(
    tensor: torch.Tensor,
    noise_scale: float = 0.4,
    identity_scale: float = 0.4,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mimetic_out``.

    Output of mimetic attention, beside mimetic_value.

    Args:
        tensor: what to fill, in place.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mimetic_out_
        >>> weight = mimetic_out_(torch.empty(64, 64), seed=0, path="layer/out")
        >>> tuple(weight.shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mimetic_query_(
    tensor: torch.Tensor,
    heads: int,
    noise_scale: float = 0.7,
    identity_scale: float = 0.7,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mimetic_query``.

    Query of mimetic attention: of each head W_Q W_Kᵀ is the nearest of its rank to noise_scale Z + identity_scale I, with Z ~ N(0, 1/d).

    Args:
        tensor: what to fill, in place.
        heads: the number of attention heads.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mimetic_query_
        >>> weight = mimetic_query_(torch.empty(64, 64), heads=4, seed=0, path="layer/query")
        >>> tuple(weight.shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mimetic_value_(
    tensor: torch.Tensor,
    noise_scale: float = 0.4,
    identity_scale: float = 0.4,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mimetic_value``.

    Value of mimetic attention: the product with the output's weight is noise_scale Z - identity_scale I, with Z ~ N(0, 1/d).

    Args:
        tensor: what to fill, in place.
        noise_scale: factor on the noise that the weights begin with.
        identity_scale: factor on the identity that the product of two weights is near.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mimetic_value_
        >>> weight = mimetic_value_(torch.empty(64, 64), seed=0, path="layer/value")
        >>> tuple(weight.shape)
        (64, 64)

    References:
        Trockman & Kolter 2023, arXiv:2305.09828, section 3
    """

def mitchell_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mitchell``.

    Normal cut at three standard deviations of itself, which are 1 / √fan_in before the cut.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mitchell_
        >>> weight = mitchell_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Groeneveld et al. 2024, arXiv:2402.00838, the initialization of OLMo.
    """

def mitchell_residual_(
    tensor: torch.Tensor,
    layer: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mitchell_residual``.

    Normal cut at three standard deviations of itself, which are 1 / √(2 fan_in (layer + 1)) before the cut.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        layer: the number of the layer (block) in the model, from 0.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mitchell_residual_
        >>> weight = mitchell_residual_(torch.empty(16, 8), layer=3, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Groeneveld et al. 2024, arXiv:2402.00838, the initialization of OLMo.
    """

def modular_embedding_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``modular_embedding``.

    Normal, with every row of a table of (tokens, width) scaled to the length √width.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        fan_out: fan_out itself, instead of the one counted from the shape.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import modular_embedding_
        >>> weight = modular_embedding_(torch.empty(64, 32), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        Large et al. 2024, arXiv:2405.14813; Bernstein & Newhouse 2024, arXiv:2410.21265.
    """

def modular_orthogonal_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``modular_orthogonal``.

    Semi-orthogonal, Haar-distributed, times √(fan_out / fan_in).

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import modular_orthogonal_
        >>> weight = modular_orthogonal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Large et al. 2024, arXiv:2405.14813; Bernstein & Newhouse 2024, arXiv:2410.21265.
    """

def mt_nlg_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mt_nlg``.

    Normal, variance 1 / (3 fan_in).

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mt_nlg_
        >>> weight = mt_nlg_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Smith et al. 2022, arXiv:2201.11990: a standard deviation of sqrt(1 / (3 H)), H being the width.
    """

def multilabel_prior_(
    tensor: torch.Tensor,
    probabilities: ArrayLike,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``multilabel_prior``.

    The logits of the labels' frequencies: sigmoids, one for each label, begin with those.

    Args:
        tensor: what to fill, in place.
        probabilities: the probability of each class (for class_prior, counts do as well).
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import multilabel_prior_
        >>> weight = multilabel_prior_(torch.empty(4,), probabilities=(0.7, 0.2, 0.09, 0.01), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4,)

    References:
        Lin et al. 2017, arXiv:1708.02002, section 3.3, with a probability for each label.
    """

def mup_hidden_(
    tensor: torch.Tensor,
    base_width: float,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mup_hidden``.

    Normal of std √(base_width / fan_in): matrices with two sides that grow.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mup_hidden_
        >>> weight = mup_hidden_(torch.empty(16, 8), std=0.02, base_width=256.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3.
    """

def mup_input_(
    tensor: torch.Tensor,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mup_input``.

    Normal of std, whatever the width: embeddings, and layers whose inputs do not grow.

    Args:
        tensor: what to fill, in place.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mup_input_
        >>> weight = mup_input_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3, for a fan_in that is constant.
    """

def mup_output_(
    tensor: torch.Tensor,
    base_width: float,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mup_output``.

    Normal of std base_width / fan_in: the head, where nothing divides its outputs.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mup_output_
        >>> weight = mup_output_(torch.empty(16, 8), std=0.02, base_width=256.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3.
    """

def mup_residual_(
    tensor: torch.Tensor,
    layers: int,
    base_width: float,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``mup_residual``.

    Normal of std √(base_width / fan_in) / √(2 layers): matrices that write into the residual stream, in Megatron's μP.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        layers: the number of layers (blocks) of the model.
        base_width: the fan_in, in the model that std was found on, of what is fan_in here.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import mup_residual_
        >>> weight = mup_residual_(torch.empty(16, 8), std=0.02, layers=12, base_width=256.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Yang et al. 2022, arXiv:2203.03466, table 3, with GPT-2's factor of depth.
    """

@deprecated("Use normal_.")
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
    """Fill a tensor from the normal distribution N(mean, std²).

    Args:
        tensor: what to fill, in place.
        mean, std: mean and standard deviation.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = normal_(torch.empty(3, 5), std=0.02, seed=0)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """

def normc_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``normc``.

    Normal, with every output's column scaled to the length gain.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import normc_
        >>> weight = normc_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Common usage in reinforcement learning; Dhariwal et al. 2017, OpenAI Baselines.
    """

def ntk_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``ntk``.

    Normal of 1, whatever the shape: each layer divides by √fan_in.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import ntk_
        >>> weight = ntk_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Jacot, Gabriel & Hongler 2018, arXiv:1806.07572, page 3.
    """

def ones_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with ones.

    Args:
        tensor: what to fill, in place.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> ones_(torch.empty(2))
        tensor([1., 1.])

    References:
        Ioffe & Szegedy 2015, arXiv:1502.03167, section 3 (the gain of a normalization).
    """

@deprecated("Use orthogonal_.")
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
    """Fill a tensor with a (semi-)orthogonal matrix, Haar-distributed, times gain.

    Args:
        tensor: what to fill, in place; at least two axes. The matrix is that of all ``out``
            axes against all others.
        gain: factor on the matrix.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = orthogonal_(torch.empty(3, 5), seed=0)

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980.
    """

def param_init(
    model: torch.nn.Module,
    recipe: _RecipeLike,
    *,
    seed: int,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    **variables: float | str,
) -> ParamInit:
    """Return the start of a model parameter by parameter, as callables.

    It is :func:`fanwise.torch.initialize` for a trainer that sets parameters itself, one by one,
    as torchtitan's ``param_init`` does. The whole model is planned, usually on the meta device
    and before it is cut. The callables then write the same values wherever the parameters are by
    then: on another device, in another dtype, sharded (DTensor), or in a stage of a pipeline,
    which knows nothing of the other stages. Nothing is written here.

    Args:
        model: the whole model, on any device.
        recipe: as in :func:`fanwise.torch.initialize`.
        seed: 0 ≤ seed < 2⁶⁴; the same on all ranks.
        only: patterns of canonical paths; other weights get no callable.
        exclude: patterns of canonical paths that get none.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        The callables, by the names of ``named_parameters`` and ``named_buffers``; a tensor that
        is shared has all of its names. Each takes the tensor, writes it and returns it. Its
        method ``of`` gives those of one module.

    Raises:
        FanwiseError: where :func:`fanwise.torch.initialize` would raise before it writes, and for
            weights that no single tensor holds: parametrized ones, and those that others start
            as a function of.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> with torch.device("meta"):
        ...     model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
        >>> starts = param_init(model, "torch_default", seed=0)
        >>> sorted(starts)
        ['0.bias', '0.weight', '2.bias', '2.weight']
        >>> weight = starts["2.weight"](torch.empty(2, 4))
        >>> sorted(starts.of("2"))
        ['bias', 'weight']
    """

def paths(
    model: torch.nn.Module,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: any module; one on the meta device too.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape, axes,
        and whether it trains; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, or one with parameters without a shape.

    Examples:
        >>> from torch import nn
        >>> [row.path for row in paths(nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2))).rows]
        ['0/kernel', '0/bias', '1/scale', '1/offset']
    """

def powers_(
    tensor: torch.Tensor,
    base: float = 2.0,
    start: float = 0.0,
    step: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``powers``.

    base^start, and on by factors of base^step, along the outputs.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        start: the first of a sequence of numbers.
        step: the difference between a number of a sequence and the next.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import powers_
        >>> weight = powers_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Common usage: base ** numpy.arange.
    """

def prior_bias_(
    tensor: torch.Tensor,
    probability: float = 0.01,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``prior_bias``.

    The logit of a probability: a sigmoid begins with it. Detectors begin with 0.01.

    Args:
        tensor: what to fill, in place.
        probability: the probability that a sigmoid gives at the start.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import prior_bias_
        >>> weight = prior_bias_(torch.empty(8,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (8,)

    References:
        Lin et al. 2017, arXiv:1708.02002, sections 3.3 and 4.1.
    """

def register_layer(
    cls: type[torch.nn.Module],
    describe: Callable[[Any], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    It counts for subclasses too, goes before what is known of the children of the layer,
    and takes the place of an earlier one for the same class. What is not described of a
    layer is treated as if nothing were registered.

    Args:
        cls: the class of the layer.
        describe: gives, for such a layer, a :class:`LayerWeight` for each of its weights. A
            parameter that is described at all must be described as a whole.

    Raises:
        FanwiseError: for anything but a class of modules and a function.

    Examples:
        >>> class Scaled(nn.Module): ...
        >>> register_layer(Scaled, lambda layer: [LayerWeight("g", "scale", "torch", "norm")])
    """

def reservoir_(
    tensor: torch.Tensor,
    spectral_radius: float = 0.9,
    sparsity: float = 0.9,
    elements: str = "normal",
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``reservoir``.

    The recurrent weights of an echo-state network: sparse, and scaled to a spectral radius.

    Args:
        tensor: what to fill, in place.
        spectral_radius: the largest magnitude of an eigenvalue.
        sparsity: fraction of the outputs of each input that is set to zero.
        elements: what the elements that are not zero are drawn from, with mean 0.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import reservoir_
        >>> weight = reservoir_(torch.empty(64, 64), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 64)

    References:
        Jaeger 2001, The echo state approach, GMD report 148, section 3; Lukoševičius 2012, A practical guide, section 3.2
    """

def retnet_angles_(
    tensor: torch.Tensor,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``retnet_angles``.

    RetNet's frequencies, each twice: from 1 to 1/base, both ends included.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import retnet_angles_
        >>> weight = retnet_angles_(torch.empty(64,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        Sun et al. 2023, arXiv:2307.08621, section 2.1; the ends are the code's.
    """

def retnet_decay_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "out *",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``retnet_decay``.

    RetNet's logarithms of the decay of each head: ln(1 − 2^(−5 − h)).

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import retnet_decay_
        >>> weight = retnet_decay_(torch.empty(8,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (8,)

    References:
        Sun et al. 2023, arXiv:2307.08621, section 2.2, equation 8.
    """

def rg_lru_(
    tensor: torch.Tensor,
    radius_min: float = 0.9,
    radius_max: float = 0.999,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rg_lru``.

    Griffin's a_param: exp(−softplus(a)) is the magnitude of decays that are uniform on a ring, 0.9 to 0.999 unless given.

    Args:
        tensor: what to fill, in place.
        radius_min: the smallest magnitude of an eigenvalue.
        radius_max: the largest magnitude of an eigenvalue.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rg_lru_
        >>> weight = rg_lru_(torch.empty(64,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        De et al. 2024, arXiv:2402.19427, section 2.4.
    """

def rotary_(
    tensor: torch.Tensor,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rotary``.

    RoPE's frequencies: base^(−2i/d), of d channels, for i = 0 … d/2 − 1.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rotary_
        >>> weight = rotary_(torch.empty(32,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32,)

    References:
        Su et al. 2021, arXiv:2104.09864, section 3.2.2, equation 15.
    """

def rotary_linear_(
    tensor: torch.Tensor,
    factor: float,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rotary_linear``.

    RoPE's frequencies over factor: positions are interpolated.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rotary_linear_
        >>> weight = rotary_linear_(torch.empty(32,), factor=4.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32,)

    References:
        Chen, Wong, Chen & Tian 2023, arXiv:2306.15595, equation 4.
    """

def rotary_llama3_(
    tensor: torch.Tensor,
    base: float = 500000.0,
    factor: float = 8.0,
    context: int = 8192,
    low_freq_factor: float = 1.0,
    high_freq_factor: float = 4.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rotary_llama3``.

    Llama 3.1's frequencies: RoPE's where they are fast, over factor where they are slow, mixed by the frequency between.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        context: the length of the context in training, before it is stretched, in tokens.
        low_freq_factor: frequencies that turn less often than that over the context are divided by the factor.
        high_freq_factor: frequencies that turn more often than that over the context stay as they are.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rotary_llama3_
        >>> weight = rotary_llama3_(torch.empty(64,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64,)

    References:
        Grattafiori et al. 2024, arXiv:2407.21783; the rule is in the code alone.
    """

def rotary_longrope_(
    tensor: torch.Tensor,
    factors: ArrayLike,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rotary_longrope``.

    LongRoPE's frequencies: RoPE's, each over a factor of its own that a search has found.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factors: what each frequency is divided by.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rotary_longrope_
        >>> weight = rotary_longrope_(torch.empty(4,), factors=(1.0, 1.5, 4.0, 16.0), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4,)

    References:
        Ding et al. 2024, arXiv:2402.13753, section 3.
    """

def rotary_ntk_(
    tensor: torch.Tensor,
    factor: float,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rotary_ntk``.

    RoPE's frequencies with base · factor^(d/(d − 2)) as base: the fastest stay, the slowest is divided by factor.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rotary_ntk_
        >>> weight = rotary_ntk_(torch.empty(32,), factor=4.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32,)

    References:
        bloc97 2023, NTK-aware scaled RoPE; Peng et al. 2023, arXiv:2309.00071, definition 1.
    """

def rotary_yarn_(
    tensor: torch.Tensor,
    factor: float,
    context: int,
    base: float = 10000.0,
    beta_fast: float = 32.0,
    beta_slow: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rotary_yarn``.

    YaRN's frequencies: RoPE's where they are fast, RoPE's over factor where they are slow, mixed by a ramp over i between.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        factor: how many times longer than in training the context is to be.
        context: the length of the context in training, before it is stretched, in tokens.
        beta_fast: frequencies that turn as many times over the context, or more, stay as they are.
        beta_slow: frequencies that turn as few times over the context, or less, are divided by the factor.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rotary_yarn_
        >>> weight = rotary_yarn_(torch.empty(32,), factor=16.0, context=4096, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32,)

    References:
        Peng, Quesnelle, Fan & Shippole 2023, arXiv:2309.00071, section 3.2, definition 2.
    """

def rwkv7_channel_mix_(
    tensor: torch.Tensor,
    layer: int,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rwkv7_channel_mix``.

    RWKV-7's token shift of the feed-forward part, x_k: 1 − (n/d)^((1 − layer/layers)⁴).

    Args:
        tensor: what to fill, in place.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rwkv7_channel_mix_
        >>> weight = rwkv7_channel_mix_(torch.empty(1, 1, 128), layer=3, layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_decay_(
    tensor: torch.Tensor,
    layer: int,
    layers: int,
    head_width: int = 64,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rwkv7_decay``.

    RWKV-7's w0, the bias of the decay: from −5.5 to 0.5 by a power that grows with depth, with a zigzag over each head.

    Args:
        tensor: what to fill, in place.
        head_width: the number of channels of a head.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rwkv7_decay_
        >>> weight = rwkv7_decay_(torch.empty(1, 1, 128), layer=3, layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_key_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rwkv7_key``.

    RWKV-7's k_k, the factor on keys that are removed: a ramp from 0.76 to 0.66.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rwkv7_key_
        >>> weight = rwkv7_key_(torch.empty(1, 1, 128), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_mix_(
    tensor: torch.Tensor,
    exponent: float,
    layer: int,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rwkv7_mix``.

    RWKV-7's token shift, x_r to x_g: 1 − (n/d)^(exponent · (1 − layer/layers)); exponents are 0.2 (r, g), 0.7 (k, v) and 0.9 (w, a).

    Args:
        tensor: what to fill, in place.
        exponent: the power that a ramp is raised to in the first layer.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rwkv7_mix_
        >>> weight = rwkv7_mix_(torch.empty(1, 1, 128), exponent=0.7, layer=3, layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_norm_(
    tensor: torch.Tensor,
    layer: int,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rwkv7_norm``.

    RWKV-7's scale of the norm after the recurrence, ln_x or g_norm: ((layer + 1)/layers)^0.7.

    Args:
        tensor: what to fill, in place.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rwkv7_norm_
        >>> weight = rwkv7_norm_(torch.empty(128,), layer=3, layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (128,)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_rate_(
    tensor: torch.Tensor,
    head_width: int = 64,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rwkv7_rate``.

    RWKV-7's a0, the bias of the rate at which it learns in context: −0.19, a ramp, and a zigzag over each head.

    Args:
        tensor: what to fill, in place.
        head_width: the number of channels of a head.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rwkv7_rate_
        >>> weight = rwkv7_rate_(torch.empty(1, 1, 128), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def rwkv7_value_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``rwkv7_value``.

    RWKV-7's v0, the bias of the mixture with the first layer's values: a ramp from 0.93 to 0.53.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import rwkv7_value_
        >>> weight = rwkv7_value_(torch.empty(1, 1, 128), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (1, 1, 128)

    References:
        Peng et al. 2025, arXiv:2503.14456, appendix on initialization.
    """

def s4_log_dt_(
    tensor: torch.Tensor,
    dt_min: float = 0.001,
    dt_max: float = 0.1,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``s4_log_dt``.

    Logarithm of the step of time of S4 and S4D: uniform between the logarithms of dt_min and dt_max.

    Args:
        tensor: what to fill, in place.
        dt_min: the smallest step of time.
        dt_max: the largest step of time.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import s4_log_dt_
        >>> weight = s4_log_dt_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Gu, Goel & Ré 2022, arXiv:2111.00396, appendix; Gu et al. 2023, arXiv:2206.12037, on time scales.
    """

def s4d_inv_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``s4d_inv``.

    Imaginary parts of S4D-Inv: (N/π)(N/(2n + 1) − 1), N being twice the outputs, since each stands for a pair.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import s4d_inv_
        >>> weight = s4d_inv_(torch.empty(4, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, equation 8 (S4D-Inv).
    """

def s4d_lin_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``s4d_lin``.

    Imaginary parts of S4D-Lin: π n.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import s4d_lin_
        >>> weight = s4d_lin_(torch.empty(4, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, equation 9 (S4D-Lin).
    """

def s4d_quad_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``s4d_quad``.

    Imaginary parts of S4D-Quad: (2n + 1)² / π.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import s4d_quad_
        >>> weight = s4d_quad_(torch.empty(4, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, section 4.3 (S4D-Quad).
    """

def s4d_real_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``s4d_real``.

    S4D-Real: poles −1, −2, −3 …, of which ln(n + 1) is stored: Mamba's A_log.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import s4d_real_
        >>> weight = s4d_real_(torch.empty(4, 16), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4, 16)

    References:
        Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893, section 4.3 (S4D-Real).
    """

def sal_hidden_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``sal_hidden``.

    Normal, variance 2 / fan_out: the layers before the last.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        fan_out: fan_out itself, instead of the one counted from the shape.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import sal_hidden_
        >>> weight = sal_hidden_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Atzmon & Lipman 2020, arXiv:1911.10414, theorem 1.
    """

def sal_sphere_(
    tensor: torch.Tensor,
    std: float = 1e-05,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``sal_sphere``.

    Normal of mean √(π / fan_in) and hardly any spread: the last layer, which makes a sphere of the layers before it.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import sal_sphere_
        >>> weight = sal_sphere_(torch.empty(1, 64), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (1, 64)

    References:
        Atzmon & Lipman 2020, arXiv:1911.10414, theorem 1; Gropp et al. 2020, arXiv:2002.10099.
    """

def scaled_residual_(
    tensor: torch.Tensor,
    layers: int,
    std: float = 0.02,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``scaled_residual``.

    Normal of std / √(2 layers): the matrices that write into the residual stream.

    Args:
        tensor: what to fill, in place.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import scaled_residual_
        >>> weight = scaled_residual_(torch.empty(16, 8), layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Radford et al. 2019, GPT-2, section 2.3; Shoeybi et al. 2019, arXiv:1909.08053, section 4.
    """

def selu_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``selu``.

    Normal, variance 1 / fan_in: for self-normalizing networks.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import selu_
        >>> weight = selu_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Klambauer et al. 2017, arXiv:1706.02515, on initialization.
    """

def set_initializer(
    layer: _Layer,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
    group: Any = None,
) -> _Layer:
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.torch.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of torch that have weights, and those of :func:`register_layer`. A layer without a
    bias needs none. What else a fresh layer starts with is set too: the running mean 0 and
    variance 1 of a batch normalization, the zeros of an embedding's padding, and the zeros
    of the second of two biases.

    Args:
        layer: the layer.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices
            stands for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn once, from the generator, if anything
            random is drawn.
        path: the layer's path in its model: its kernel is ``"<path>/kernel"``, its bias
            ``"<path>/bias"`` (without a path, ``"kernel"`` and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.
        generator: torch's, in the place of its default one.
        group: of the ranks that share the weights of a layer that cuts them itself, as in
            :func:`fanwise.torch.initialize`.

    Returns:
        The same layer.

    Warns:
        RepeatedStreamWarning: where another layer in use was drawn from this seed and path.

    Raises:
        FanwiseError: for bad input, and for a layer with weights of unknown axes; the layer
            is then untouched.

    Examples:
        >>> from torch import nn
        >>> layer = set_initializer(nn.Linear(6, 4), "he_normal", seed=0, path="dense")
        >>> layer.bias.tolist()
        [0.0, 0.0, 0.0, 0.0]
    """

def sinusoidal_(
    tensor: torch.Tensor,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``sinusoidal``.

    Vaswani's table of positions: sine and cosine in turn, of pos / base^(2i/d).

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import sinusoidal_
        >>> weight = sinusoidal_(torch.empty(64, 32), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """

def sinusoidal_2d_(
    tensor: torch.Tensor,
    grid_width: int,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``sinusoidal_2d``.

    The table of positions of an image's patches: sines and cosines of the place in its row, then of the row; a quarter of the channels each.

    Args:
        tensor: what to fill, in place.
        grid_width: the number of patches in a row of an image.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import sinusoidal_2d_
        >>> weight = sinusoidal_2d_(torch.empty(64, 32), grid_width=8, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        He et al. 2022, arXiv:2111.06377, appendix A.1; Chen, Xie & He 2021, arXiv:2104.02057.
    """

def sinusoidal_halves_(
    tensor: torch.Tensor,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``sinusoidal_halves``.

    The table of sinusoidal, with all sines first and all cosines after them.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import sinusoidal_halves_
        >>> weight = sinusoidal_halves_(torch.empty(64, 32), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5, with channels in another order.
    """

def sinusoidal_tensor2tensor_(
    tensor: torch.Tensor,
    base: float = 10000.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``sinusoidal_tensor2tensor``.

    Tensor2Tensor's and fairseq's table: all sines, then all cosines, of pos / base^(i/(d/2 − 1)); an odd channel is 0.

    Args:
        tensor: what to fill, in place.
        base: the number whose powers are taken; of rotary and sinusoidal positions, 2π times it is (about) the longest wavelength.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import sinusoidal_tensor2tensor_
        >>> weight = sinusoidal_tensor2tensor_(torch.empty(64, 32), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5, as its own code has it.
    """

def sinusoidal_weights_(
    tensor: torch.Tensor,
    gain: float = ...,
    mode: str = "fan_in",
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``sinusoidal_weights``.

    Output k is the k-th sine wave over the inputs; scaled so that the weight's variance is gain² / fan.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        mode: the fan that divides the scale.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import sinusoidal_weights_
        >>> weight = sinusoidal_weights_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Fernández-Hernández et al. 2025, arXiv:2505.12909, section 3.
    """

def siren_(
    tensor: torch.Tensor,
    omega: float = 30.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``siren``.

    Uniform on ±√(6 / fan_in) / omega: the layers behind a sine.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        omega: the factor on what goes into the sine.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import siren_
        >>> weight = siren_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Sitzmann et al. 2020, arXiv:2006.09661, section 3.2 and supplement, section 1.5.
    """

def siren_first_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``siren_first``.

    Uniform on ±1 / fan_in: the first layer, of coordinates in [-1, 1].

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import siren_first_
        >>> weight = siren_first_(torch.empty(64, 2), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 2)

    References:
        Sitzmann et al. 2020, arXiv:2006.09661, as its code has it.
    """

def skip_init_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``skip_init``.

    All zeros: the scalar at the end of a residual branch.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import skip_init_
        >>> weight = skip_init_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        De & Smith 2020, arXiv:2002.10444; Bachlechner et al. 2020, arXiv:2003.04887 (ReZero), equation 1.
    """

def small_embedding_(
    tensor: torch.Tensor,
    bound: float = 0.0001,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``small_embedding``.

    Uniform on ±0.0001: a table of tokens that a normalization follows.

    Args:
        tensor: what to fill, in place.
        bound: the largest magnitude, in the weight's units.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import small_embedding_
        >>> weight = small_embedding_(torch.empty(64, 32), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        Peng 2022, SmallInitEmb: LayerNorm(SmallInit(Embedding)) in a Transformer.
    """

def small_init_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``small_init``.

    Normal, variance 2 / (5 fan_in).

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import small_init_
        >>> weight = small_init_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Nguyen & Salazar 2019, arXiv:1910.05895, section 2.2.
    """

@deprecated("Use sparse_.")
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
    """Fill a matrix from N(0, std²), with a fraction of every column set to zero.

    Args:
        tensor: what to fill, in place; two axes.
        sparsity: the fraction of the outputs of each input that is zero, rounded up.
        std: standard deviation of the others.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = sparse_(torch.empty(3, 5), sparsity=0.1, seed=0)

    References:
        Martens 2010, Deep learning via Hessian-free optimization, section 5.
    """

def spectral_(
    tensor: torch.Tensor,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``spectral``.

    Normal of std / √fan_in, times √(fan_out / fan_in) where that is below 1: a spectral norm near √(fan_out / fan_in).

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import spectral_
        >>> weight = spectral_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Yang, Simon & Bernstein 2023, arXiv:2310.17813, parametrization 1.
    """

def spectral_normalized_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``spectral_normalized``.

    Normal, divided by the spectral norm of the whole matrix (receptive × in by out), times the gain.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import spectral_normalized_
        >>> weight = spectral_normalized_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Miyato et al. 2018, arXiv:1802.05957, equations 7 and 8
    """

def spectral_sphere_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``spectral_sphere``.

    Normal, scaled to the spectral norm gain · sqrt(fan_out / fan_in) exactly: on the sphere that the spectral optimizers keep weights on.

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import spectral_sphere_
        >>> weight = spectral_sphere_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Xie et al. 2026, arXiv:2601.08393, algorithm 1
    """

def subln_(
    tensor: torch.Tensor,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``subln``.

    Xavier's normal times √ln(2 layers): values, outputs and feed-forward of an encoder or a decoder alone.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import subln_
        >>> weight = subln_(torch.empty(16, 8), layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """

def subln_decoder_(
    tensor: torch.Tensor,
    decoder_layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``subln_decoder``.

    Xavier's normal times √ln(3 decoder_layers): the decoder beside an encoder.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import subln_decoder_
        >>> weight = subln_decoder_(torch.empty(16, 8), decoder_layers=6, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """

def subln_encoder_(
    tensor: torch.Tensor,
    encoder_layers: int,
    decoder_layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``subln_encoder``.

    Xavier's normal times √(ln(3 decoder_layers) ln(2 encoder_layers) / 3): the encoder beside a decoder.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        encoder_layers: the number of layers of the encoder.
        decoder_layers: the number of layers of the decoder.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import subln_encoder_
        >>> weight = subln_encoder_(torch.empty(16, 8), encoder_layers=12, decoder_layers=6, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Wang et al. 2022, arXiv:2210.06423 (Magneto), figure 2.
    """

def summary(
    model: torch.nn.Module,
) -> Summary:
    """List the parameters of a model, each with its scheme, true fans and standard deviation.

    A row is called as :func:`initialize` and :func:`paths` call the weight, and by the tensor's own
    name where it holds several weights, or is computed from. A tensor that is used at several
    places is one row, under its first path. A scheme is
    shown as long as the tensor holds what it wrote: not after a step of training. Of a tensor
    that holds several weights, the schemes of all are shown, and what the weights have in
    common. A weight that a layer computes is one row, with the values that it has now, and as
    many parameters as there are behind it. A sharded tensor is shown as the whole that it is a
    part of; for that every rank of its mesh must make the summary, since the ranks add up what
    they see.

    Args:
        model: any module.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, or one with parameters without a shape.

    Examples:
        >>> from torch import nn
        >>> summary(nn.Sequential(nn.Linear(3, 2, bias=False))).parameters
        6
    """

def switch_moe_(
    tensor: torch.Tensor,
    scale: float = 0.1,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``switch_moe``.

    Normal of √(scale / fan_in), cut at two standard deviations of itself, with a scale of 0.1.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        scale: numerator of the variance.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import switch_moe_
        >>> weight = switch_moe_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Fedus, Zoph & Shazeer 2022, arXiv:2101.03961, section 2.4.
    """

def t5_key_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``t5_key``.

    Normal, variance 1 / fan_in: keys and values, and the output of attention, whose fan_in is all heads.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import t5_key_
        >>> weight = t5_key_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code.
    """

def t5_position_(
    tensor: torch.Tensor,
    model_width: float,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``t5_position``.

    Normal of 1 / √model_width: the table of relative positions, as transformers draws it.

    Args:
        tensor: what to fill, in place.
        model_width: the width of the model: of its residual stream.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import t5_position_
        >>> weight = t5_position_(torch.empty(32, 8), model_width=512.0, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32, 8)

    References:
        Wolf et al. 2020, arXiv:1910.03771 (transformers); Raffel et al. 2020, arXiv:1910.10683, section 2.1.
    """

def t5_query_(
    tensor: torch.Tensor,
    head_width: int = 64,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``t5_query``.

    Normal, variance 1 / (fan_in head_width): queries of an attention that does not divide their products.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        head_width: the number of channels of a head.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import t5_query_
        >>> weight = t5_query_(torch.empty(16, 8), head_width=64, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code; Shazeer & Stern 2018, arXiv:1804.04235.
    """

def t5_up_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``t5_up``.

    Normal of 1 / √fan_in, cut at two standard deviations of itself.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import t5_up_
        >>> weight = t5_up_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Raffel et al. 2020, arXiv:1910.10683: its code.
    """

def t_fixup_(
    tensor: torch.Tensor,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``t_fixup``.

    Xavier's uniform times 0.67 layers^(-1/4): values, outputs and feed-forward of an encoder without normalization.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import t_fixup_
        >>> weight = t_fixup_(torch.empty(16, 8), layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """

def t_fixup_decoder_(
    tensor: torch.Tensor,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    fan_out: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``t_fixup_decoder``.

    Xavier's uniform times (9 layers)^(-1/4): values, outputs and feed-forward of a decoder without normalization.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in and fan_out are given.
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        fan_out: fan_out itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import t_fixup_decoder_
        >>> weight = t_fixup_decoder_(torch.empty(16, 8), layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """

def t_fixup_embedding_(
    tensor: torch.Tensor,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_out: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* in out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``t_fixup_embedding``.

    Normal of (9 layers)^(-1/4) / √fan_out: a table of (tokens, width).

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_out is given.
        layers: the number of layers (blocks) of the model.
        fan_out: fan_out itself, instead of the one counted from the shape.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import t_fixup_embedding_
        >>> weight = t_fixup_embedding_(torch.empty(64, 32), layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (64, 32)

    References:
        Huang et al. 2020, Improving Transformer Optimization Through Better Initialization, section 3.
    """

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
    """Fill a tensor by the scheme ``torch_default``.

    Uniform on ±1 / √fan_in: what torch's layers start with, weight and bias.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import torch_default_
        >>> weight = torch_default_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        LeCun et al. 1998, Efficient BackProp, section 4.6; reset_parameters of torch.nn.Linear.
    """

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
    """Fill a tensor from N(mean, std²) cut to [a, b], in the units of the weight.

    The standard deviation is that of the normal before the cut. In contrast,
    :func:`truncated_normal_` takes its bounds in standard deviations, and corrects for
    the cut.

    Args:
        tensor: what to fill, in place.
        mean, std: mean and standard deviation of the normal before the cut.
        a, b: the bounds of the values.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = trunc_normal_(torch.empty(3, 5), std=0.02, a=-0.04, b=0.04, seed=0)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """

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
    """Fill a tensor by the scheme ``truncated_normal``.

    Normal cut at low and high standard deviations.

    Args:
        tensor: what to fill, in place.
        mean: mean of the (uncut) normal.
        std: standard deviation of the weights, or of what the rule of the scheme starts with.
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        corrected: whether std is that of the cut weights (true) or of the normal before the cut (false).
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import truncated_normal_
        >>> weight = truncated_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """

def u_mup_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``u_mup``.

    Normal of 1, whatever the shape: the scale is in the operations.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import u_mup_
        >>> weight = u_mup_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Blake et al. 2024, arXiv:2407.17465, table 2.
    """

@deprecated("Use uniform_.")
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
    """Fill a tensor from the uniform distribution between a and b.

    Args:
        tensor: what to fill, in place.
        a, b: lower and upper end.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = uniform_(torch.empty(3, 5), -0.1, 0.1, seed=0)
        >>> bool((weight.abs() <= 0.1).all())
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """

def uniform_gate_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``uniform_gate``.

    Bias of a gate that begins uniform on (1/n, 1 − 1/n), n the number of units: the logit of that.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import uniform_gate_
        >>> weight = uniform_gate_(torch.empty(16,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16,)

    References:
        Gu, Gulcehre, Paine, Hoffman & Pascanu 2020, arXiv:1910.09890, section 3.2.
    """

def uniform_unit_scaling_(
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
    """Fill a tensor by the scheme ``uniform_unit_scaling``.

    Uniform, variance gain² / fan_in: TensorFlow 1's and AllenNLP's name.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        gain: factor on the weights.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import uniform_unit_scaling_
        >>> weight = uniform_unit_scaling_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Sussillo & Abbott 2014, arXiv:1412.6558.
    """

def unwritten(
    factory: Callable[[], torch.nn.Module],
    init: Callable[[torch.nn.Module], object] | None = None,
    *,
    seed: int = 0,
) -> Unwritten:
    """List the parameters and buffers that a start does not write.

    The model is built on the meta device, where nothing has values, and given memory that is
    filled with one pattern of bytes, then with another. What holds the pattern after both starts
    was not written; what differs otherwise was computed from memory, or is not repeatable. Ties,
    non-persistent buffers and tensors that are plain attributes are seen too. Random states of
    torch, NumPy and Python are put back.

    Args:
        factory: builds the model anew each time; it takes nothing.
        init: starts a model in place, or returns one that is started. ``None`` is the model's own
            way: its ``init_weights()``, or else ``reset_parameters()`` of each module.
        seed: of each start.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each tensor.

    Raises:
        FanwiseError: for a factory that cannot build on the meta device, or an ``init`` that
            raises.

    Examples:
        >>> class Gate(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.fc = nn.Linear(2, 2)
        ...         self.gate = nn.Parameter(torch.empty(2))
        >>> def start(model):
        ...     model.fc.reset_parameters()
        ...     nn.init.zeros_(model.gate[:1])
        >>> print(unwritten(Gate, start))
        gate (parameter, [2]): nobody wrote some elements: 1 of 2, first [1]
        1 of 3 tensors are not set.
    """

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
    """Fill a tensor by the scheme ``variance_scaling``.

    Variance scale / fan, of the distribution asked for.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        scale: numerator of the variance.
        mode: the fan that divides the scale.
        distribution: the distribution; the normal is uncut, the truncated one cut at two standard deviations.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import variance_scaling_
        >>> weight = variance_scaling_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        He et al. 2015, arXiv:1502.01852, section 2.2; Glorot & Bengio 2010, section 4.2.
    """

def vera_(
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
    """Fill a tensor by the scheme ``vera``.

    Uniform, variance 2 / fan_in: VeRA's A and B, which all layers share and which do not train.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import vera_
        >>> weight = vera_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Kopiczko, Blankevoort & Asano 2024, arXiv:2310.11454, section 3.3.
    """

def wang_init_(
    tensor: torch.Tensor,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    fan_in: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``wang_init``.

    Normal of 2 / (layers √fan_in): the matrices that write into the residual stream.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan_in is given.
        layers: the number of layers (blocks) of the model.
        fan_in: fan_in itself, instead of the one counted from the shape: for a bias, that of the weight beside it.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import wang_init_
        >>> weight = wang_init_(torch.empty(16, 8), layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Wang 2021, Mesh Transformer JAX; Black et al. 2022, arXiv:2204.06745 (GPT-NeoX-20B), which takes it over.
    """

def write(
    model: torch.nn.Module,
    recipe: _RecipeLike,
    *,
    seed: int,
    to: str | PathLike[str] | None = None,
    format: str | None = None,
    form: str = "names",
    dtype: str | torch.dtype | None = None,
    shard_size: int | str = "5GB",
    digest_only: bool = False,
    progress: Callable[[int, int, str], None] = ...,
    **variables: float | str,
) -> Written:
    """Write what a model starts with by a recipe into files, and leave the model as it is.

    The bytes are those that ``initialize`` would set and ``state_dict`` give, drawn block by
    block: memory does not grow with the model, which may be on the meta device. What the recipe
    does not set is copied from the model. Files are written beside their place and renamed when
    they are complete; a call that was ended is finished by the same call. Only weights that are
    made as a whole, such as orthogonal ones, take memory of their size, one at a time per core.

    Args:
        model: any module.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴.
        to: a folder; or a file whose suffix says its format, ``.safetensors`` or ``.npz``.
            Beside the tensors stands ``start.json``, with a SHA-256 of each.
        format: ``"safetensors"``, ``"npz"``, ``"dcp"`` or ``"orbax"``; None for what ``to`` says,
            or else safetensors, in files and with the index that transformers loads.
        form: ``"names"``, those of ``state_dict``; or ``"canonical"``: weights alone, under
            canonical paths, with their axes in canonical order, the same bytes from any framework.
        dtype: of all floats, such as ``"bfloat16"`` or ``torch.bfloat16``; None for the model's
            own, or float32 in the canonical form.
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
        >>> from torch import nn
        >>> model = nn.Linear(6, 4, device="meta")
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> written = write(model, {"fanwise": 1, "rule": rules}, seed=0, digest_only=True)
        >>> sorted(written.tensors), written.elements
        (['bias', 'weight'], 28)
    """

@deprecated("Use xavier_normal_.")
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
    """Fill a tensor from N(0, gain² · 2 / (fan_in + fan_out)), not cut.

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        fan: the mean of fan_in and fan_out, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = xavier_normal_(torch.empty(3, 5), gain=2.0, seed=0)

    References:
        Glorot & Bengio 2010, equation 12.
    """

@deprecated("Use xavier_uniform_.")
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
    """Fill a tensor from U(-l, l) with l = gain · √(6 / (fan_in + fan_out)).

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        fan: the mean of fan_in and fan_out, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = xavier_uniform_(torch.empty(3, 5), gain=2.0, seed=0)

    References:
        Glorot & Bengio 2010, equation 16.
    """

def xlstm_forget_(
    tensor: torch.Tensor,
    low: float = 3.0,
    high: float = 6.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``xlstm_forget``.

    Bias of mLSTM's forget gates: evenly spaced over the heads, from 3 to 6.

    Args:
        tensor: what to fill, in place.
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import xlstm_forget_
        >>> weight = xlstm_forget_(torch.empty(8,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (8,)

    References:
        Beck et al. 2024, arXiv:2405.04517, appendix.
    """

def xlstm_power_law_(
    tensor: torch.Tensor,
    layer: int,
    layers: int,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``xlstm_power_law``.

    Bias of sLSTM's forget gates: from 5 down to −7 over each head, by a power that grows with depth.

    Args:
        tensor: what to fill, in place.
        layer: the number of the layer (block) in the model, from 0.
        layers: the number of layers (blocks) of the model.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import xlstm_power_law_
        >>> weight = xlstm_power_law_(torch.empty(4, 16), layer=3, layers=12, seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (4, 16)

    References:
        Beck et al. 2024, arXiv:2405.04517; the rule is in the code alone.
    """

def xpos_scale_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "* out",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``xpos_scale``.

    xPos's scale of each pair of channels: (2i/d + 0.4) / 1.4.

    Args:
        tensor: what to fill, in place.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import xpos_scale_
        >>> weight = xpos_scale_(torch.empty(32,), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (32,)

    References:
        Sun et al. 2023, arXiv:2212.10554, section 2.2, algorithm 1.
    """

def zeros_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with zeros.

    Args:
        tensor: what to fill, in place.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> zeros_(torch.empty(2))
        tensor([0., 0.])

    References:
        Common usage; for biases and the last layer of a residual branch.
    """

__all__ = [
    "LayerWeight",
    "Regenerated",
    "Span",
    "_calculate_correct_fan",
    "_calculate_fan_in_and_fan_out",
    "_no_grad_fill_",
    "_no_grad_normal_",
    "_no_grad_trunc_normal_",
    "_no_grad_uniform_",
    "_no_grad_zero_",
    "alibi_slopes_",
    "arange_",
    "bert_cut_",
    "bilinear_upsampling_",
    "block_orthogonal_",
    "calculate_gain",
    "capture",
    "chrono_forget_",
    "chrono_input_",
    "class_prior_",
    "complete_p_",
    "constant",
    "constant_",
    "conv_aware_",
    "ddpm_",
    "deepnorm_",
    "deepnorm_decoder_",
    "deepnorm_encoder_",
    "deformable_attention_grid_",
    "delta_orthogonal_",
    "depth_scaled_",
    "dirac",
    "dirac_",
    "ds_init_",
    "edge_of_chaos_",
    "efficientnet_",
    "efficientnet_dense_",
    "embedding_scaled_",
    "erdos_renyi_",
    "eye",
    "eye_",
    "finer_bias_",
    "fixup_",
    "forget_bias_",
    "fourier_features_",
    "geomspace_",
    "given_",
    "glorot_normal_",
    "glorot_orthogonal_",
    "glorot_uniform_",
    "glow_rotation_",
    "hadamard_",
    "hadamard_identity_",
    "hash_grid_",
    "he_normal_",
    "he_uniform_",
    "hippo_fourier_a_",
    "hippo_fourier_b_",
    "hippo_legs_a_",
    "hippo_legs_b_",
    "hippo_legs_p_",
    "hippo_legt_a_",
    "hippo_legt_b_",
    "hyperfan_in_",
    "hyperfan_out_",
    "icnr_",
    "identity_",
    "idinit_",
    "idinit_zero_",
    "init_",
    "init_method",
    "initialize",
    "initialize_callback",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "kan_base_",
    "kan_spline_",
    "layer_check",
    "layer_scale_",
    "lecun_normal_",
    "lecun_uniform_",
    "lightning_slopes_",
    "linspace_",
    "log_uniform_",
    "lora_a_",
    "lora_gaussian_",
    "lora_orthogonal_a_",
    "lora_orthogonal_b_",
    "lru_gamma_",
    "lru_phase_",
    "lru_ring_",
    "lsuv",
    "mamba2_a_log_",
    "mamba_a_log_",
    "mamba_dt_bias_",
    "mamba_dt_proj_",
    "mamba_out_proj_",
    "mimetic_key_",
    "mimetic_out_",
    "mimetic_query_",
    "mimetic_value_",
    "mitchell_",
    "mitchell_residual_",
    "modular_embedding_",
    "modular_orthogonal_",
    "mt_nlg_",
    "multilabel_prior_",
    "mup_hidden_",
    "mup_input_",
    "mup_output_",
    "mup_residual_",
    "normal",
    "normal_",
    "normc_",
    "ntk_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "param_init",
    "paths",
    "powers_",
    "prior_bias_",
    "register_layer",
    "reservoir_",
    "retnet_angles_",
    "retnet_decay_",
    "rg_lru_",
    "rotary_",
    "rotary_linear_",
    "rotary_llama3_",
    "rotary_longrope_",
    "rotary_ntk_",
    "rotary_yarn_",
    "rwkv7_channel_mix_",
    "rwkv7_decay_",
    "rwkv7_key_",
    "rwkv7_mix_",
    "rwkv7_norm_",
    "rwkv7_rate_",
    "rwkv7_value_",
    "s4_log_dt_",
    "s4d_inv_",
    "s4d_lin_",
    "s4d_quad_",
    "s4d_real_",
    "sal_hidden_",
    "sal_sphere_",
    "scaled_residual_",
    "selu_",
    "set_initializer",
    "sinusoidal_",
    "sinusoidal_2d_",
    "sinusoidal_halves_",
    "sinusoidal_tensor2tensor_",
    "sinusoidal_weights_",
    "siren_",
    "siren_first_",
    "skip_init_",
    "small_embedding_",
    "small_init_",
    "sparse",
    "sparse_",
    "spectral_",
    "spectral_normalized_",
    "spectral_sphere_",
    "subln_",
    "subln_decoder_",
    "subln_encoder_",
    "summary",
    "switch_moe_",
    "t5_key_",
    "t5_position_",
    "t5_query_",
    "t5_up_",
    "t_fixup_",
    "t_fixup_decoder_",
    "t_fixup_embedding_",
    "torch_default_",
    "trunc_normal_",
    "truncated_normal_",
    "u_mup_",
    "uniform",
    "uniform_",
    "uniform_gate_",
    "uniform_unit_scaling_",
    "unwritten",
    "variance_scaling_",
    "vera_",
    "wang_init_",
    "write",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "xlstm_forget_",
    "xlstm_power_law_",
    "xpos_scale_",
    "zeros_",
]
