"""Known answers of the rules of transformers: by their width, and by their depth."""

from __future__ import annotations

import mpmath

from reference.published_laws import DIGITS, cut, normal, root, uniform

NEOX = "EleutherAI/gpt-neox, megatron/model/init_functions.py, commit ea7aefd8"
XLSTM = "NX-AI/xlstm, xlstm/components/init.py, commit 032a6fb"
OLMO = "allenai/OLMo, olmo/model.py, reset_parameters, commit 59a53e3f"
MEGATRON = "NVIDIA/Megatron-LM, megatron/core/utils.py, commit d98e8a64"
TITAN = "pytorch/torchtitan, torchtitan/models/common/param_init.py, commit b5bcd76c"


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_by_width(), *_by_depth()]


def _by_width():
    wide = [768, 4]
    return [
        normal(
            "small_init",
            wide,
            root(mpmath.mpf(2) / (5 * 768)),
            NEOX,
            "sqrt(2 / (5 d))",
            ran=0.02282177322938192,
        ),
        normal(
            "small_init",
            [48, 32],
            root(mpmath.mpf(2) / (5 * 768)),
            XLSTM,
            "sqrt(2 / (5 d)), the width given",
            ran=0.02282177322938192,
            params={"fan_in": 768},
        ),
        normal(
            "mt_nlg",
            [14336, 2],
            root(mpmath.mpf(1) / (14336 * 3)),
            (
                "bigscience-workshop/bigscience, train/tr11-176B-ml/README.md, commit 9e64ede, "
                "after arXiv:2201.11990"
            ),
            "0.00482197968631537 is printed there; sqrt(1 / (3 H))",
            ran=0.004821979686315369,
        ),
        cut(
            "mitchell",
            [48, 96],
            1 / root(48),
            3,
            OLMO,
            "1 / sqrt(d), cut at 3",
            ran=0.14433756729740646,
        ),
        cut(
            "bert_cut",
            [30, 50],
            mpmath.mpf(0.02),
            2,
            "google-research/bert, modeling.py, create_initializer, commit eedf571",
            (
                "tf.truncated_normal_initializer: a normal of 0.02, of which what lies beyond 2 "
                "deviations is drawn again"
            ),
            departs="transformers' BERT draws a whole normal.",
        ),
        normal(
            "embedding_scaled",
            [64, 32],
            1 / root(32),
            (
                "facebookresearch/fairseq, fairseq/models/transformer/transformer_base.py, "
                "Embedding, commit 3d262bb2"
            ),
            "embedding_dim^-0.5",
            axes="in out",
        ),
        uniform(
            "small_embedding",
            [64, 32],
            mpmath.mpf("1e-4"),
            "BlinkDL/SmallInitEmb, README.md",
            "uniform_(a=-1e-4, b=1e-4)",
            axes="in out",
        ),
    ]


def _by_depth():
    base = mpmath.mpf("0.02")
    olmo = "1 / sqrt(2 fan_in (layer + 1)), cut at 3"
    return [
        normal(
            "scaled_residual",
            [48, 48],
            base / root(24),
            MEGATRON,
            "std / sqrt(2 layers)",
            ran=0.004082482904638631,
            params={"layers": 12},
        ),
        normal(
            "scaled_residual",
            [96, 48],
            mpmath.mpf("0.01") / root(64),
            "Radford et al. 2019, GPT-2, section 2.3",
            "weights of residual layers times 1 / sqrt(N), with two of them in each layer",
            params={"layers": 32, "std": 0.01},
            departs=(
                "The published code, openai/gpt-2, does not scale them; it only reads trained "
                "weights."
            ),
        ),
        normal(
            "depth_scaled",
            [48, 48],
            base / root(8),
            TITAN,
            "base_std / sqrt(2 (layer_id + 1))",
            ran=0.0070710678118654745,
            params={"layer": 3},
            departs=(
                "torchtitan's models hand it to trunc_normal_, whose bounds of ±2 cut nothing "
                "at such a scale."
            ),
        ),
        cut(
            "mitchell_residual",
            [48, 48],
            1 / root(2 * 48 * 4),
            3,
            OLMO,
            olmo,
            ran=0.051031036307982884,
            params={"layer": 3},
        ),
        cut(
            "mitchell_residual",
            [192, 48],
            1 / root(2 * 192 * 4),
            3,
            OLMO,
            olmo,
            ran=0.025515518153991442,
            params={"layer": 3},
        ),
        normal(
            "wang_init",
            [768, 4],
            2 / (12 * root(768)),
            NEOX,
            "2 / (layers sqrt(d))",
            ran=0.006014065304058602,
            params={"layers": 12},
            departs=(
                "Mesh Transformer JAX, mesh_transformer/layers.py, where the rule is from, cuts "
                "its normal at two deviations."
            ),
        ),
        uniform(
            "ds_init",
            [120, 80],
            root(mpmath.mpf(6) / 200) / 2,
            "Zhang, Titov & Sennrich 2019, arXiv:1908.11365; "
            "bzhangGo/zero, docs/depth_scale_init_and_merged_attention, commit d97e2c2",
            "the printed equation, gamma alpha / sqrt(l), at alpha = 1 and the fourth layer",
            params={"layer": 3},
            departs=(
                "The code, models/transformer.py, puts (layer + 1)^-0.5 into the scale of a "
                "variance: its limits, and standard deviations, fall as (layer + 1)^-0.25."
            ),
        ),
    ]
