# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: PYI021, PYI051

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from numpy.typing import DTypeLike, NDArray

from fanwise.conformance.audits.audit import audit as audit
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
        "s4d_log_real",
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
        "zero_init",
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
            the block is drawn, unless the scheme is a structured one.
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
    "recipe",
    "recipes",
    "register",
    "sample",
    "scheme",
    "schemes",
]
