"""Known answers of the rules of wide networks."""

from __future__ import annotations

import mpmath

from reference.published_laws import DIGITS, normal, properties, root

MUP = "microsoft/mup, mup/init.py, normal_, after set_base_shapes, commit 1981497"
MEGATRON = (
    "NVIDIA/Megatron-LM, megatron/core/utils.py, mup_scaled_init_method_normal, commit d98e8a64"
)
MODULA = "modula-systems/modula, modula/atom.py, commit ede2ba72"
POOLE = "Poole et al. 2016, arXiv:1606.05340, section 2"


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_wide(), *_spectral()]


def _wide():
    std = mpmath.mpf("0.02")
    quarter = {"std": 0.02, "base_width": 12}
    return [
        normal(
            "mup_input",
            [10, 32],
            std,
            MUP,
            "one side that grows: std",
            ran=0.02,
            params={"std": 0.02},
        ),
        normal(
            "mup_hidden",
            [48, 32],
            std / 2,
            MUP,
            "two sides that grow: std width_mult^(-1/2)",
            ran=0.01,
            params=quarter,
        ),
        normal(
            "mup_hidden",
            [48, 32],
            1 / root(48),
            "Yang et al. 2022, arXiv:2203.03466, table 3",
            "hidden weights: variance 1 / fan_in",
            params={"base_width": 1},
        ),
        normal(
            "mup_output",
            [48, 10],
            mpmath.mpf(1) / 48,
            "Yang et al. 2022, arXiv:2203.03466, table 3",
            "output weights: variance 1 / fan_in^2",
            params={"base_width": 1},
        ),
        normal(
            "mup_output",
            [48, 10],
            std / 4,
            "microsoft/mup, mup/layer.py, MuReadout, commit 1981497",
            "the outputs of ones, divided by the fan_in",
            ran=0.005000000000000001,
            params=quarter,
            departs=(
                "The code keeps std in the weight, and divides by width_mult in the forward pass."
            ),
        ),
        normal(
            "mup_residual",
            [48, 48],
            std / (root(24) * 2),
            MEGATRON,
            "sigma / (sqrt(2 layers) sqrt(width_mult))",
            ran=0.0020412414523193153,
            params=quarter | {"layers": 12},
        ),
        normal(
            "complete_p",
            [48, 48],
            std / 2,
            "EleutherAI/nanoGPT-mup, branch completep, model.py",
            "init_std / sqrt(width_mult), c_attn and c_proj",
            ran=0.01,
            params=quarter,
        ),
        normal(
            "u_mup",
            [48, 32],
            mpmath.mpf(1),
            "graphcore-research/unit-scaling, unit_scaling/_modules.py, Linear, commit a7b5b3c",
            "nn.init.normal_(weight)",
        ),
        normal(
            "ntk",
            [48, 32],
            mpmath.mpf(1),
            "google/neural-tangents, neural_tangents/_src/stax/linear.py, Dense, commit c17e770b",
            "ntk_init_fn: random.normal",
        ),
        normal(
            "edge_of_chaos",
            [50, 30],
            root(mpmath.mpf(1.5) / 50),
            POOLE,
            "weights of variance sigma_w^2 / N",
            params={"weight_variance": 1.5},
        ),
    ]


def _spectral():
    nanotron = "huggingface/nanotron, src/nanotron/scaling/parametrization.py, commit 2411b022"
    exact = (
        "The code orthogonalizes by six steps of Newton and Schulz, whose singular values are "
        "right to 1 %, but for the smallest of a square matrix."
    )
    ratio = float(root(mpmath.mpf(2) / 3))
    return [
        normal(
            "spectral",
            [48, 32],
            root(mpmath.mpf(2) / 3) / root(48),
            nanotron,
            "std / sqrt(fan_in) min(1, sqrt(fan_out / fan_in))",
            ran=0.11785113019775793,
        ),
        normal(
            "spectral",
            [32, 48],
            1 / root(32),
            nanotron,
            "std / sqrt(fan_in) min(1, sqrt(fan_out / fan_in))",
            ran=0.17677669529663687,
        ),
        properties(
            "modular_orthogonal",
            [48, 32],
            {"singular_values": ratio, "column_norms": ratio},
            f"{MODULA}, Linear",
            "sqrt(fan_out / fan_in) times an orthogonal matrix",
            departs=exact,
        ),
        properties(
            "modular_orthogonal",
            [32, 48],
            {"singular_values": float(root(mpmath.mpf(3) / 2))},
            f"{MODULA}, Linear",
            "sqrt(fan_out / fan_in) times an orthogonal matrix",
            departs=exact,
        ),
        properties(
            "modular_embedding",
            [64, 32],
            {"row_norms": float(root(32))},
            f"{MODULA}, Embed",
            "ran the reference code: all rows have the length sqrt(d_embed)",
            axes="in out",
        ),
    ]
