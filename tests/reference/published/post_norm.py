"""Known answers of the rules for transformers that are deep, or have no normalization."""

from __future__ import annotations

import mpmath

from reference.published_laws import DIGITS, normal, power, root, uniform, xavier

DEEPNET = "Wang et al. 2022, arXiv:2203.00555, figure 2"
MAGNETO = "Wang et al. 2022, arXiv:2210.06423, figure 2"
T_FIXUP = "layer6ai-labs/T-Fixup, fairseq/modules/transformer_layer.py, commit b17e166d"
TORCHSCALE = (
    "torchscale scales what torch's layers start with, uniform on ±1 / sqrt(fan_in): the "
    "xavier_uniform_ "
    "of its attention's reset_parameters is never called."
)


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_norms(), *_t_fixup()]


def _norms():
    fans, other = xavier(48, 192), xavier(192, 48)
    encoder = power(mpmath.mpf(12) ** 4 * 6, mpmath.mpf(-1) / 16)
    log = mpmath.log
    sides = {"encoder_layers": 12, "decoder_layers": 6}
    return [
        normal(
            "deepnorm",
            [48, 192],
            power(96, -0.25) * fans,
            DEEPNET,
            "beta = (8 N)^(-1/4)",
            params={"layers": 12},
            departs=TORCHSCALE,
        ),
        normal(
            "deepnorm",
            [192, 48],
            power(8, -0.25) * other,
            DEEPNET,
            "beta = (8 N)^(-1/4)",
            params={"layers": 1},
            departs=TORCHSCALE,
        ),
        normal(
            "deepnorm_encoder",
            [48, 192],
            mpmath.mpf("0.87") * encoder * fans,
            DEEPNET,
            "beta = 0.87 (N^4 M)^(-1/16)",
            params=sides,
            departs="torchscale divides by (N^4 M)^(1/16) / 1.15, and 1 / 1.15 is 0.8696. "
            + TORCHSCALE,
        ),
        normal(
            "deepnorm_decoder",
            [48, 192],
            power(72, -0.25) * fans,
            DEEPNET,
            "beta = (12 M)^(-1/4)",
            params={"decoder_layers": 6},
            departs=TORCHSCALE,
        ),
        normal(
            "subln",
            [48, 192],
            root(log(24)) * fans,
            MAGNETO,
            "gamma = sqrt(log(2 N))",
            params={"layers": 12},
            departs=TORCHSCALE,
        ),
        normal(
            "subln_encoder",
            [48, 192],
            root(log(18) * log(24) / 3) * fans,
            MAGNETO,
            "gamma = sqrt(log(3 M) log(2 N) / 3)",
            params=sides,
            departs=TORCHSCALE,
        ),
        normal(
            "subln_decoder",
            [48, 192],
            root(log(18)) * fans,
            MAGNETO,
            "gamma = sqrt(log(3 M))",
            params={"decoder_layers": 6},
            departs="torchscale leaves the attention to the encoder unscaled. " + TORCHSCALE,
        ),
    ]


def _t_fixup():
    limit, square = root(3) * xavier(48, 192), root(3) * xavier(48, 48)
    encoder, decoder = mpmath.mpf("0.67") * power(12, -0.25), power(108, -0.25)
    depth = {"layers": 12}
    values = (
        "values, of which the start is xavier_uniform_(gain=1/sqrt(2)), are multiplied by sqrt(2)"
    )
    return [
        uniform(
            "t_fixup",
            [48, 192],
            encoder * limit,
            T_FIXUP,
            "0.67 N^(-1/4)",
            ran=0.056917982202378606,
            params=depth,
        ),
        uniform(
            "t_fixup",
            [48, 48],
            encoder * square,
            T_FIXUP,
            f"0.67 N^(-1/4); {values}",
            ran=0.08999523179022163,
            params=depth,
        ),
        uniform(
            "t_fixup_decoder",
            [48, 192],
            decoder * limit,
            T_FIXUP,
            "(9 N)^(-1/4)",
            ran=0.049047182606378525,
            params=depth,
        ),
        uniform(
            "t_fixup_decoder",
            [48, 48],
            decoder * square,
            T_FIXUP,
            f"(9 N)^(-1/4); {values}",
            ran=0.07755040492517495,
            params=depth,
        ),
        normal(
            "t_fixup_embedding",
            [64, 32],
            decoder / root(32),
            "layer6ai-labs/T-Fixup, fairseq/models/transformer.py, commit b17e166d",
            "(9 N)^(-1/4) d^(-1/2)",
            ran=0.054836417206353856,
            params=depth,
            axes="in out",
        ),
    ]
