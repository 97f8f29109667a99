"""Known answers of T5 and of the mixtures of experts that follow it."""

from __future__ import annotations

import mpmath

from reference.published_laws import DIGITS, cut, normal, root

MESH = "tensorflow/mesh, mesh_tensorflow/transformer/attention.py, commit da907937"
MESH_LAYERS = (
    "tensorflow/mesh, mesh_tensorflow/layers.py, VarianceScalingInitializer, commit da907937"
)
PORT = "transformers 5.24.0, models/t5/modeling_t5.py, _init_weights"
PORT_IS_NOT_CUT = (
    "The port to transformers draws a whole normal; that to T5X widens it before the cut."
)


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_matrices()]


def _matrices():
    return [
        normal(
            "t5_query",
            [48, 32],
            1 / root(48 * 8),
            MESH,
            "(d_model d_kv)^(-1/2)",
            ran=0.05103103630798288,
            params={"head_width": 8},
        ),
        normal(
            "t5_query",
            [48, 32],
            1 / root(48 * 8),
            PORT,
            "(d_model d_kv)^(-1/2)",
            ran=0.05103103630798288,
            params={"head_width": 8},
        ),
        normal("t5_key", [48, 32], 1 / root(48), MESH, "d_model^(-1/2)", ran=0.14433756729740643),
        normal(
            "t5_key",
            [4, 8, 48],
            1 / root(32),
            MESH,
            "(heads d_kv)^(-1/2)",
            ran=0.1767766952966369,
            axes="in in out",
        ),
        cut(
            "t5_up",
            [48, 96],
            1 / root(48),
            2,
            MESH_LAYERS,
            "d_model^(-1/2)",
            ran=0.14433756729740643,
            departs=PORT_IS_NOT_CUT,
        ),
        cut(
            "t5_up",
            [96, 48],
            1 / root(96),
            2,
            MESH_LAYERS,
            "d_ff^(-1/2)",
            departs=PORT_IS_NOT_CUT,
        ),
        normal(
            "t5_position",
            [32, 4],
            1 / root(48),
            PORT,
            "d_model^(-1/2)",
            ran=0.14433756729740643,
            params={"model_width": 48},
            axes="in out",
            departs=(
                "mesh_tensorflow names no initializer for this table, and so draws Glorot's "
                "uniform, as T5X does."
            ),
        ),
        cut(
            "switch_moe",
            [48, 96],
            root(mpmath.mpf("0.1") / 48),
            2,
            MESH_LAYERS,
            "sqrt(s / fan_in), s = 0.1",
            ran=0.04564354645876384,
            departs="The port to T5X widens the normal before the cut.",
        ),
    ]
