"""Known answers of the rules of residual networks, convolutions and other models."""

from __future__ import annotations

import mpmath

from reference.published_laws import DIGITS, constant, normal, power, properties, root, uniform

FIXUP = "hongyi-zhang/Fixup, imagenet/models/fixup_resnet_imagenet.py, commit f3fa449f"
CAIT = (
    "Touvron et al. 2021, arXiv:2103.17239; facebookresearch/deit, cait_models.py, commit 7e160fe4"
)
EFFICIENT = "timm, models/_efficientnet_builder.py, _init_weight_goog, commit aa4b5850"


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_residual(), *_convolutions(), *_others()]


def _residual():
    two = mpmath.mpf(2)
    cait = "0.1 up to 18 layers, 1e-5 up to 24, 1e-6 beyond"
    return [
        normal(
            "fixup",
            [64, 64, 3, 3],
            root(two / (64 * 9)) / root(16),
            FIXUP,
            "ResNet-34: L^(-1/2) sqrt(2 / (out k^2))",
            ran=0.01473139127471974,
            params={"layers": 16},
            axes="torch",
        ),
        normal(
            "fixup",
            [64, 256, 1, 1],
            root(two / 64) * power(16, -0.25),
            FIXUP,
            "ResNet-50: L^(-1/4) sqrt(2 / (out k^2))",
            ran=0.08838834764831845,
            params={"layers": 16, "branch_layers": 3},
            axes="torch",
        ),
        normal(
            "fixup",
            [64, 64, 3, 3],
            root(two / (64 * 9)) * power(16, -0.25),
            FIXUP,
            "ResNet-50: L^(-1/4) sqrt(2 / (out k^2))",
            ran=0.02946278254943948,
            params={"layers": 16, "branch_layers": 3},
            axes="torch",
        ),
        constant(
            "skip_init",
            [1],
            0.0,
            "De & Smith 2020, arXiv:2002.10444",
            "a scalar of 0 at the end of a branch",
        ),
        constant("layer_scale", [64], 0.1, CAIT, cait, params={"layers": 12}),
        constant(
            "layer_scale",
            [64],
            1e-5,
            CAIT,
            cait,
            params={"layers": 24},
        ),
        constant(
            "layer_scale",
            [64],
            1e-6,
            CAIT,
            cait,
            params={"layers": 48},
            departs="The code starts its XXS models of 36 layers with 1e-5.",
        ),
    ]


def _convolutions():
    return [
        normal(
            "efficientnet",
            [24, 16, 3, 3],
            root(mpmath.mpf(2) / (24 * 9)),
            EFFICIENT,
            "sqrt(2 / (out k^2 / groups))",
            ran=0.09622504486493763,
            axes="torch",
        ),
        normal(
            "efficientnet",
            [24, 1, 3, 3],
            root(mpmath.mpf(2) / 9),
            EFFICIENT,
            "sqrt(2 / (out k^2 / groups))",
            ran=0.4714045207910317,
            axes="torch",
            params={"groups": 24},
        ),
        normal(
            "efficientnet",
            [3, 3, 16, 24],
            root(mpmath.mpf(2) / (24 * 9)),
            (
                "tensorflow/tpu, models/official/efficientnet/efficientnet_model.py, "
                "conv_kernel_initializer"
            ),
            "sqrt(2 / (height width out))",
        ),
        uniform(
            "efficientnet_dense",
            [32, 48],
            1 / root(32),
            EFFICIENT,
            "1 / sqrt(out)",
            ran=0.17677669529663687,
            axes="torch",
        ),
        uniform(
            "ddpm",
            [3, 3, 16, 24],
            root(mpmath.mpf(3) / 180),
            "hojonathanho/diffusion, diffusion_tf/nn.py, default_init, commit 1e0dceb",
            "variance_scaling(scale, fan_avg, uniform)",
        ),
        uniform(
            "ddpm",
            [32, 48],
            root(mpmath.mpf("3e-10") / 40),
            "hojonathanho/diffusion, diffusion_tf/nn.py, default_init, commit 1e0dceb",
            "variance_scaling(1e-10, fan_avg, uniform), for a scale of 0",
            params={"scale": 1e-10},
        ),
    ]


def _others():
    readme = (
        "The code for TensorFlow cuts its normal at two deviations, and widens it; the README "
        "for torch does not."
    )
    return [
        properties(
            "normc",
            [48, 32],
            {"column_norms": 0.5},
            "openai/baselines, baselines/common/tf_util.py, normc_initializer, commit ea25b9e",
            "ran the reference code, float64: all columns have the length std",
            params={"gain": 0.5},
        ),
        normal(
            "selu",
            [50, 30],
            1 / root(50),
            "Klambauer et al. 2017, arXiv:1706.02515",
            "E(w) = 0, Var(w) = 1 / n",
            departs=readme,
        ),
        uniform(
            "uniform_unit_scaling",
            [48, 32],
            root(mpmath.mpf(3) / 48),
            "allenai/allennlp, allennlp/nn/initializers.py, commit 80fb6061",
            "sqrt(3 / dim) * scale",
            ran=0.25,
        ),
        uniform(
            "uniform_unit_scaling",
            [48, 32],
            mpmath.mpf(5) / 3 / 4,
            "allenai/allennlp, allennlp/nn/initializers.py, commit 80fb6061",
            "sqrt(3 / dim) * 5/3, the gain of tanh",
            params={"gain": 5 / 3},
        ),
    ]
