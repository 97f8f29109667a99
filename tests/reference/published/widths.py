"""Known answers of the rules of residual networks, convolutions and wide networks."""

from __future__ import annotations

import mpmath
from reference.published_laws import DIGITS, constant, normal, power, properties, root, uniform

FIXUP = "hongyi-zhang/Fixup, imagenet/models/fixup_resnet_imagenet.py, commit f3fa449f"
CAIT = (
    "Touvron et al. 2021, arXiv:2103.17239; facebookresearch/deit, cait_models.py, commit 7e160fe4"
)
EFFICIENT = "timm, models/_efficientnet_builder.py, _init_weight_goog, commit aa4b5850"
MUP = "microsoft/mup, mup/init.py, normal_, after set_base_shapes, commit 1981497"
MEGATRON = (
    "NVIDIA/Megatron-LM, megatron/core/utils.py, mup_scaled_init_method_normal, commit d98e8a64"
)
MODULA = "modula-systems/modula, modula/atom.py, commit ede2ba72"
POOLE = "Poole et al. 2016, arXiv:1606.05340, section 2"


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_residual(), *_convolutions(), *_others(), *_wide(), *_spectral()]


def _residual():
    two = mpmath.mpf(2)
    cait = "0.1 up to 18 layers, 1e-5 up to 24, 1e-6 beyond"
    return [
        normal("fixup", [128, 128, 3, 3], root(two / (128 * 9)) / root(16), FIXUP,
               "ResNet-34: L^(-1/2) sqrt(2 / (out k^2))", ran=0.010416666666666666, params={"layers": 16},
               axes="torch"),
        normal("fixup", [128, 512, 1, 1], root(two / 128) * power(16, -0.25), FIXUP,
               "ResNet-50: L^(-1/4) sqrt(2 / (out k^2))", ran=0.0625,
               params={"layers": 16, "branch_layers": 3}, axes="torch"),
        normal("fixup", [128, 128, 3, 3], root(two / (128 * 9)) * power(16, -0.25), FIXUP,
               "ResNet-50: L^(-1/4) sqrt(2 / (out k^2))", ran=0.020833333333333332,
               params={"layers": 16, "branch_layers": 3}, axes="torch"),
        constant("skip_init", [1], 0.0, "De & Smith 2020, arXiv:2002.10444", "a scalar of 0 at the end of a branch"),
        constant("layer_scale", [64], 0.1, CAIT, cait, params={"layers": 12}),
        constant("layer_scale", [64], 1e-5, CAIT, cait, params={"layers": 24},),
        constant("layer_scale", [64], 1e-6, CAIT, cait, params={"layers": 48},
                 departs="The code starts its XXS models of 36 layers with 1e-5."),
    ]  # fmt: skip


def _convolutions():
    return [
        normal("efficientnet", [24, 16, 3, 3], root(mpmath.mpf(2) / (24 * 9)), EFFICIENT,
               "sqrt(2 / (out k^2 / groups))", ran=0.09622504486493763, axes="torch"),
        normal("efficientnet", [24, 1, 3, 3], root(mpmath.mpf(2) / 9), EFFICIENT,
               "sqrt(2 / (out k^2 / groups))", ran=0.4714045207910317, axes="torch", params={"groups": 24}),
        normal("efficientnet", [3, 3, 16, 24], root(mpmath.mpf(2) / (24 * 9)),
               "tensorflow/tpu, models/official/efficientnet/efficientnet_model.py, conv_kernel_initializer",
               "sqrt(2 / (height width out))"),
        uniform("efficientnet_dense", [32, 48], 1 / root(32), EFFICIENT, "1 / sqrt(out)",
                ran=0.17677669529663687, axes="torch"),
        uniform("ddpm", [3, 3, 16, 24], root(mpmath.mpf(3) / 180),
                "hojonathanho/diffusion, diffusion_tf/nn.py, default_init, commit 1e0dceb",
                "variance_scaling(scale, fan_avg, uniform)"),
        uniform("ddpm", [32, 48], root(mpmath.mpf("3e-10") / 40),
                "hojonathanho/diffusion, diffusion_tf/nn.py, default_init, commit 1e0dceb",
                "variance_scaling(1e-10, fan_avg, uniform), for a scale of 0", params={"scale": 1e-10}),
    ]  # fmt: skip


def _others():
    readme = "The code for TensorFlow cuts its normal at two deviations, and widens it; the README for torch does not."
    return [
        properties("normc", [48, 32], {"column_norms": 0.5},
                   "openai/baselines, baselines/common/tf_util.py, normc_initializer, commit ea25b9e",
                   "ran the reference code, float64: all columns have the length std", params={"gain": 0.5}),
        normal("selu", [50, 30], 1 / root(50), "Klambauer et al. 2017, arXiv:1706.02515",
               "E(w) = 0, Var(w) = 1 / n", departs=readme),
        uniform("uniform_unit_scaling", [48, 32], root(mpmath.mpf(3) / 48),
                "allenai/allennlp, allennlp/nn/initializers.py, commit 80fb6061",
                "sqrt(3 / dim) * scale", ran=0.25),
        uniform("uniform_unit_scaling", [48, 32], mpmath.mpf(5) / 3 / 4,
                "allenai/allennlp, allennlp/nn/initializers.py, commit 80fb6061",
                "sqrt(3 / dim) * 5/3, the gain of tanh", params={"gain": 5 / 3}),
    ]  # fmt: skip


def _wide():
    std = mpmath.mpf("0.02")
    quarter = {"std": 0.02, "base_width": 12}
    return [
        normal("mup_input", [10, 32], std, MUP, "one side that grows: std", ran=0.02, params={"std": 0.02}),
        normal("mup_hidden", [48, 32], std / 2, MUP, "two sides that grow: std width_mult^(-1/2)",
               ran=0.01, params=quarter),
        normal("mup_hidden", [48, 32], 1 / root(48), "Yang et al. 2022, arXiv:2203.03466, table 3",
               "hidden weights: variance 1 / fan_in"),
        normal("mup_output", [48, 10], mpmath.mpf(1) / 48, "Yang et al. 2022, arXiv:2203.03466, table 3",
               "output weights: variance 1 / fan_in^2"),
        normal("mup_output", [48, 10], std / 4, "microsoft/mup, mup/layer.py, MuReadout, commit 1981497",
               "the outputs of ones, divided by the fan_in", ran=0.005000000000000001, params=quarter,
               departs="The code keeps std in the weight, and divides by width_mult in the forward pass."),
        normal("mup_residual", [48, 48], std / (root(24) * 2), MEGATRON,
               "sigma / (sqrt(2 layers) sqrt(width_mult))", ran=0.0020412414523193153,
               params=quarter | {"layers": 12}),
        normal("complete_p", [48, 48], std / 2, "EleutherAI/nanoGPT-mup, branch completep, model.py",
               "init_std / sqrt(width_mult), c_attn and c_proj", ran=0.01, params=quarter),
        normal("u_mup", [48, 32], mpmath.mpf(1),
               "graphcore-research/unit-scaling, unit_scaling/_modules.py, Linear, commit a7b5b3c",
               "nn.init.normal_(weight)"),
        normal("ntk", [48, 32], mpmath.mpf(1),
               "google/neural-tangents, neural_tangents/_src/stax/linear.py, Dense, commit c17e770b",
               "ntk_init_fn: random.normal"),
        normal("edge_of_chaos", [50, 30], root(mpmath.mpf(1.5) / 50), POOLE,
               "weights of variance sigma_w^2 / N", params={"weight_variance": 1.5}),
    ]  # fmt: skip


def _spectral():
    nanotron = "huggingface/nanotron, src/nanotron/scaling/parametrization.py, commit 2411b022"
    exact = "The code orthogonalizes by six steps of Newton and Schulz, whose singular values are right to 1 %."
    ratio = float(root(mpmath.mpf(2) / 3))
    return [
        normal("spectral", [48, 32], root(mpmath.mpf(2) / 3) / root(48), nanotron,
               "std / sqrt(fan_in) min(1, sqrt(fan_out / fan_in))", ran=0.11785113019775793),
        normal("spectral", [32, 48], 1 / root(32), nanotron,
               "std / sqrt(fan_in) min(1, sqrt(fan_out / fan_in))", ran=0.17677669529663687),
        properties("modular_orthogonal", [48, 32], {"singular_values": ratio, "column_norms": ratio},
                   f"{MODULA}, Linear", "sqrt(fan_out / fan_in) times an orthogonal matrix", departs=exact),
        properties("modular_orthogonal", [32, 48], {"singular_values": float(root(mpmath.mpf(3) / 2))},
                   f"{MODULA}, Linear", "sqrt(fan_out / fan_in) times an orthogonal matrix", departs=exact),
        properties("modular_embedding", [64, 32], {"row_norms": float(root(32))}, f"{MODULA}, Embed",
                   "ran the reference code: all rows have the length sqrt(d_embed)", axes="in out"),
    ]  # fmt: skip
