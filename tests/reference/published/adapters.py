"""Known answers of adapters and hypernetworks."""

from __future__ import annotations

import mpmath

from reference.published_laws import DIGITS, normal, root, uniform

PEFT = "huggingface/peft 0.21.2, src/peft/tuners/lora/layer.py, reset_lora_parameters"
LORALIB = "microsoft/LoRA, loralib/layers.py, Linear, commit c4593f0"
VERA = "huggingface/peft 0.21.2, src/peft/tuners/vera/model.py, _kaiming_init"
HYPER = (
    "chrhenning/hypnettorch, hypnettorch/hnets/mlp_hnet.py, apply_hyperfan_init, commit 12133c0f"
)

LORA = "The paper names a Gaussian for A; its code draws a uniform."


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_lora(), *_hyperfan()]


def _lora():
    he = "kaiming_uniform_(a=sqrt(5)): 1 / sqrt(fan_in)"
    return [
        uniform(
            "lora_a",
            [8, 64],
            mpmath.mpf(1) / 8,
            LORALIB,
            he,
            ran=0.12499999999999999,
            axes="torch",
            departs=LORA,
        ),
        uniform(
            "lora_a",
            [8, 64],
            mpmath.mpf(1) / 8,
            PEFT,
            he,
            ran=0.12499999999999999,
            axes="torch",
            departs=LORA,
        ),
        normal(
            "lora_gaussian", [8, 64], mpmath.mpf(1) / 8, PEFT, "1 / rank", ran=0.125, axes="torch"
        ),
        uniform(
            "vera",
            [8, 64],
            root(mpmath.mpf(6) / 64),
            VERA,
            "sqrt(3) sqrt(2) / sqrt(fan_in)",
            ran=0.3061862178478973,
            axes="torch",
        ),
    ]


def _hyperfan():
    """Return answers for a head of 48 inputs, and embeddings of variance 2."""
    three = mpmath.mpf(3)
    given = {"input_variance": 2.0, "main_fan_in": 128}
    relu = "2 / (2 d_j d_k Var(e))"
    return [
        uniform(
            "hyperfan_in",
            [48, 1024],
            root(three / (128 * 48 * 2)),
            HYPER,
            relu,
            ran=0.015624999999999998,
            params=given,
        ),
        uniform(
            "hyperfan_in",
            [48, 1024],
            root(three / (2 * 128 * 48 * 2)),
            HYPER,
            "1 / (2 d_j d_k Var(e)), no ReLU",
            ran=0.011048543456039804,
            params=given | {"main_relu": False},
        ),
        uniform(
            "hyperfan_in",
            [48, 1024],
            root(2 * three / (128 * 48 * 2)),
            HYPER,
            "2 / (d_j d_k Var(e)), no bias",
            ran=0.022097086912079608,
            params=given | {"main_bias": False},
        ),
        uniform(
            "hyperfan_in",
            [48, 32],
            root(three / (48 * 2)),
            HYPER,
            "2 / (2 d_k Var(e)), the head of the bias",
            ran=0.17677669529663687,
            params=given | {"main_fan_in": 1},
        ),
        uniform(
            "hyperfan_out",
            [48, 1024],
            root(2 * three / (32 * 48 * 2)),
            HYPER,
            "2 / (d_i d_k Var(e))",
            ran=0.044194173824159216,
            params={"input_variance": 2.0, "main_fan_out": 32},
        ),
        uniform(
            "hyperfan_out",
            [48, 1024],
            root(three / (32 * 48 * 2)),
            HYPER,
            "1 / (d_i d_k Var(e)), no ReLU",
            ran=0.031249999999999997,
            params={"input_variance": 2.0, "main_fan_out": 32, "main_relu": False},
        ),
    ]
