"""Known answers of the rules of transformers: by their width, by their depth, and T5's."""

from __future__ import annotations

import mpmath
from reference.published_laws import DIGITS, cut, normal, power, root, uniform, xavier

NEOX = "EleutherAI/gpt-neox, megatron/model/init_functions.py, commit ea7aefd8"
XLSTM = "NX-AI/xlstm, xlstm/components/init.py, commit 032a6fb"
OLMO = "allenai/OLMo, olmo/model.py, reset_parameters, commit 59a53e3f"
MEGATRON = "NVIDIA/Megatron-LM, megatron/core/utils.py, commit d98e8a64"
TITAN = "pytorch/torchtitan, torchtitan/models/common/param_init.py, commit b5bcd76c"
DEEPNET = "Wang et al. 2022, arXiv:2203.00555, figure 2"
MAGNETO = "Wang et al. 2022, arXiv:2210.06423, figure 2"
T_FIXUP = "layer6ai-labs/T-Fixup, fairseq/modules/transformer_layer.py, commit b17e166d"
MESH = "tensorflow/mesh, mesh_tensorflow/transformer/attention.py, commit da907937"
MESH_LAYERS = (
    "tensorflow/mesh, mesh_tensorflow/layers.py, VarianceScalingInitializer, commit da907937"
)
PORT = "transformers 5.24.0, models/t5/modeling_t5.py, _init_weights"

TORCHSCALE = (
    "torchscale scales what torch's layers start with, uniform on ±1 / sqrt(fan_in): the xavier_uniform_ "
    "of its attention's reset_parameters is never called."
)
PORT_IS_NOT_CUT = (
    "The port to transformers draws a whole normal; that to T5X widens it before the cut."
)


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_by_width(), *_by_depth(), *_norms(), *_t_fixup(), *_t5()]


def _by_width():
    wide = [768, 4]
    return [
        normal("small_init", wide, root(mpmath.mpf(2) / (5 * 768)), NEOX, "sqrt(2 / (5 d))",
               ran=0.02282177322938192),
        normal("small_init", [48, 32], root(mpmath.mpf(2) / (5 * 768)), XLSTM, "sqrt(2 / (5 d)), the width given",
               ran=0.02282177322938192, params={"fan_in": 768}),
        normal("mt_nlg", [14336, 2], root(mpmath.mpf(1) / (14336 * 3)),
               "bigscience-workshop/bigscience, train/tr11-176B-ml/README.md, commit 9e64ede, after arXiv:2201.11990",
               "0.00482197968631537 is printed there; sqrt(1 / (3 H))", ran=0.004821979686315369),
        cut("mitchell", [48, 96], 1 / root(48), 3, OLMO, "1 / sqrt(d), cut at 3",
            ran=0.14433756729740646),
        cut("bert_cut", [30, 50], mpmath.mpf(0.02), 2,
            "google-research/bert, modeling.py, create_initializer, commit eedf571",
            "tf.truncated_normal_initializer: a normal of 0.02, of which what lies beyond 2 deviations is drawn again",
            departs="transformers' BERT draws a whole normal."),
        normal("embedding_scaled", [64, 32], 1 / root(32),
               "facebookresearch/fairseq, fairseq/models/transformer/transformer_base.py, Embedding, commit 3d262bb2",
               "embedding_dim^-0.5", axes="in out"),
        uniform("small_embedding", [64, 32], mpmath.mpf("1e-4"),
                "BlinkDL/SmallInitEmb, README.md", "uniform_(a=-1e-4, b=1e-4)", axes="in out"),
    ]  # fmt: skip


def _by_depth():
    base = mpmath.mpf("0.02")
    olmo = "1 / sqrt(2 fan_in (layer + 1)), cut at 3"
    return [
        normal("scaled_residual", [48, 48], base / root(24), MEGATRON, "std / sqrt(2 layers)",
               ran=0.004082482904638631, params={"layers": 12}),
        normal("scaled_residual", [96, 48], mpmath.mpf("0.01") / root(64),
               "Radford et al. 2019, GPT-2, section 2.3",
               "weights of residual layers times 1 / sqrt(N), with two of them in each layer",
               params={"layers": 32, "std": 0.01},
               departs="The published code, openai/gpt-2, does not scale them; it only reads trained weights."),
        normal("depth_scaled", [48, 48], base / root(8), TITAN, "base_std / sqrt(2 (layer_id + 1))",
               ran=0.0070710678118654745, params={"layer": 3},
               departs="torchtitan's models hand it to trunc_normal_, whose bounds of ±2 cut nothing at such a scale."),
        cut("mitchell_residual", [48, 48], 1 / root(2 * 48 * 4), 3, OLMO, olmo,
            ran=0.051031036307982884, params={"layer": 3}),
        cut("mitchell_residual", [192, 48], 1 / root(2 * 192 * 4), 3, OLMO, olmo,
            ran=0.025515518153991442, params={"layer": 3}),
        normal("wang_init", [768, 4], 2 / (12 * root(768)), NEOX, "2 / (layers sqrt(d))",
               ran=0.006014065304058602, params={"layers": 12}),
        uniform("ds_init", [480, 320], root(mpmath.mpf(6) / 800) / 2,
                "Zhang, Titov & Sennrich 2019, arXiv:1908.11365; "
                "bzhangGo/zero, docs/depth_scale_init_and_merged_attention, commit d97e2c2",
                "the printed equation, gamma alpha / sqrt(l), at alpha = 1 and the fourth layer", params={"layer": 3},
                departs="The code, models/transformer.py, puts (layer + 1)^-0.5 into the scale of a variance: its "
                "limits, and standard deviations, fall as (layer + 1)^-0.25."),
    ]  # fmt: skip


def _norms():
    fans, other = xavier(48, 192), xavier(192, 48)
    encoder = power(mpmath.mpf(12) ** 4 * 6, mpmath.mpf(-1) / 16)
    log = mpmath.log
    sides = {"encoder_layers": 12, "decoder_layers": 6}
    return [
        normal("deepnorm", [48, 192], power(96, -0.25) * fans, DEEPNET, "beta = (8 N)^(-1/4)",
               params={"layers": 12}, departs=TORCHSCALE),
        normal("deepnorm", [192, 48], power(8, -0.25) * other, DEEPNET, "beta = (8 N)^(-1/4)",
               params={"layers": 1}, departs=TORCHSCALE),
        normal("deepnorm_encoder", [48, 192], mpmath.mpf("0.87") * encoder * fans, DEEPNET,
               "beta = 0.87 (N^4 M)^(-1/16)", params=sides,
               departs="torchscale divides by (N^4 M)^(1/16) / 1.15, and 1 / 1.15 is 0.8696. " + TORCHSCALE),
        normal("deepnorm_decoder", [48, 192], power(72, -0.25) * fans, DEEPNET, "beta = (12 M)^(-1/4)",
               params={"decoder_layers": 6}, departs=TORCHSCALE),
        normal("subln", [48, 192], root(log(24)) * fans, MAGNETO, "gamma = sqrt(log(2 N))",
               params={"layers": 12}, departs=TORCHSCALE),
        normal("subln_encoder", [48, 192], root(log(18) * log(24) / 3) * fans, MAGNETO,
               "gamma = sqrt(log(3 M) log(2 N) / 3)", params=sides, departs=TORCHSCALE),
        normal("subln_decoder", [48, 192], root(log(18)) * fans, MAGNETO, "gamma = sqrt(log(3 M))",
               params={"decoder_layers": 6},
               departs="torchscale leaves the attention to the encoder unscaled. " + TORCHSCALE),
    ]  # fmt: skip


def _t_fixup():
    limit, square = root(3) * xavier(48, 192), root(3) * xavier(48, 48)
    encoder, decoder = mpmath.mpf("0.67") * power(12, -0.25), power(108, -0.25)
    depth = {"layers": 12}
    values = (
        "values, of which the start is xavier_uniform_(gain=1/sqrt(2)), are multiplied by sqrt(2)"
    )
    return [
        uniform("t_fixup", [48, 192], encoder * limit, T_FIXUP, "0.67 N^(-1/4)",
                ran=0.056917982202378606, params=depth),
        uniform("t_fixup", [48, 48], encoder * square, T_FIXUP, f"0.67 N^(-1/4); {values}",
                ran=0.08999523179022163, params=depth),
        uniform("t_fixup_decoder", [48, 192], decoder * limit, T_FIXUP, "(9 N)^(-1/4)",
                ran=0.049047182606378525, params=depth),
        uniform("t_fixup_decoder", [48, 48], decoder * square, T_FIXUP, f"(9 N)^(-1/4); {values}",
                ran=0.07755040492517495, params=depth),
        normal("t_fixup_embedding", [64, 32], decoder / root(32),
               "layer6ai-labs/T-Fixup, fairseq/models/transformer.py, commit b17e166d",
               "(9 N)^(-1/4) d^(-1/2)", ran=0.054836417206353856, params=depth, axes="in out"),
    ]  # fmt: skip


def _t5():
    return [
        normal("t5_query", [48, 32], 1 / root(48 * 8), MESH, "(d_model d_kv)^(-1/2)",
               ran=0.05103103630798288, params={"head_width": 8}),
        normal("t5_query", [48, 32], 1 / root(48 * 8), PORT, "(d_model d_kv)^(-1/2)",
               ran=0.05103103630798288, params={"head_width": 8}),
        normal("t5_key", [48, 32], 1 / root(48), MESH, "d_model^(-1/2)", ran=0.14433756729740643),
        normal("t5_output", [4, 8, 48], 1 / root(32), MESH, "(heads d_kv)^(-1/2)",
               ran=0.1767766952966369, axes="in in out"),
        cut("t5_up", [48, 96], 1 / root(48), 2, MESH_LAYERS, "d_model^(-1/2)",
            ran=0.14433756729740643, departs=PORT_IS_NOT_CUT),
        cut("t5_down", [96, 48], 1 / root(96), 2, MESH_LAYERS, "d_ff^(-1/2)", departs=PORT_IS_NOT_CUT),
        normal("t5_position", [32, 4], 1 / root(48), PORT, "d_model^(-1/2)",
               ran=0.14433756729740643, params={"model_width": 48}, axes="in out",
               departs="mesh_tensorflow names no initializer for this table, and so draws Glorot's uniform, as T5X does."),
        cut("switch_moe", [48, 96], root(mpmath.mpf("0.1") / 48), 2, MESH_LAYERS, "sqrt(s / fan_in), s = 0.1",
            ran=0.04564354645876384, departs="The port to T5X widens the normal before the cut."),
    ]  # fmt: skip
