# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: PYI021, PYI051

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from numpy.typing import DTypeLike, NDArray

from fanwise.conformance.audits.audit import audit as audit
from fanwise.conformance.audits.verification import verify as verify
from fanwise.core.low_rank import AdaptedWeight as AdaptedWeight
from fanwise.core.low_rank import loftq as loftq
from fanwise.core.low_rank import olora as olora
from fanwise.core.low_rank import pissa as pissa
from fanwise.core.vocabulary import grow_vocabulary as grow_vocabulary
from fanwise.spec.edge_of_chaos import EdgeOfChaos as EdgeOfChaos
from fanwise.spec.edge_of_chaos import edge_of_chaos as edge_of_chaos
from fanwise.spec.errors import FanwiseError as FanwiseError
from fanwise.spec.errors import RepeatedStreamWarning as RepeatedStreamWarning
from fanwise.spec.errors import UnrepeatableFactoryWarning as UnrepeatableFactoryWarning
from fanwise.spec.errors import UnresolvedWeightWarning as UnresolvedWeightWarning
from fanwise.spec.errors import UnsetBufferWarning as UnsetBufferWarning
from fanwise.spec.errors import UnsoundStartWarning as UnsoundStartWarning
from fanwise.spec.fans import Fans as Fans
from fanwise.spec.fans import fans as fans
from fanwise.spec.gains import gain as gain
from fanwise.spec.recipe import recipe as recipe
from fanwise.spec.recipe import recipes as recipes
from fanwise.spec.registry import register as register
from fanwise.spec.registry import scheme as scheme
from fanwise.spec.registry import schemes as schemes
from fanwise.spec.scheme import Scheme as Scheme

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

SPEC_VERSION: str

__version__: str

def sample(
    scheme: _SchemeLike,
    shape: Sequence[int],
    *,
    seed: int,
    path: str | None = None,
    axes: str | None = None,
    dtype: DTypeLike | None = None,
    index: tuple[slice, ...] | slice | None = None,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Sample a weight: the same bits for the same arguments, everywhere.

    Args:
        scheme: a scheme or its name.
        shape: the whole weight's shape.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis, a pattern or its name; None for the scheme's own, which few
            have, or else ``"kernel"``.
        dtype: float16, bfloat16, float32 (the default) or float64; that of ``out`` if
            it is given.
        index: a tuple of slices: that block alone, equal to ``sample(…)[index]``. Only
            the block is drawn, unless the scheme is a structured one; of a large orthogonal
            weight no more is in memory than the block and some columns.
        out: where to write, an array of the block's shape with any strides. bfloat16
            may be a uint16 view of the bits (with ``dtype="bfloat16"``).

    Returns:
        ``out``, or a new array of the block's shape.

    Raises:
        FanwiseError: for bad input; ``out`` is then untouched.

    Examples:
        >>> weight = sample("he_normal", (512, 256), seed=0, path="dense/kernel")
        >>> round(float(weight.std()), 3)
        0.063
        >>> whole = sample("he_normal", (512, 256), seed=0)
        >>> block = sample("he_normal", (512, 256), seed=0, index=(slice(8, 16),))
        >>> bool((block == whole[8:16]).all())
        True
    """

__all__ = [
    "SPEC_VERSION",
    "AdaptedWeight",
    "EdgeOfChaos",
    "Fans",
    "FanwiseError",
    "RepeatedStreamWarning",
    "Scheme",
    "UnrepeatableFactoryWarning",
    "UnresolvedWeightWarning",
    "UnsetBufferWarning",
    "UnsoundStartWarning",
    "audit",
    "edge_of_chaos",
    "fans",
    "gain",
    "grow_vocabulary",
    "loftq",
    "olora",
    "pissa",
    "recipe",
    "recipes",
    "register",
    "sample",
    "scheme",
    "schemes",
    "verify",
]
