"""Known answers of schemes of a given norm, density or spline: their code on the stream's words.

The code of the authors was run on the same numbers, in float64, and gave the same to 1e-15.
"""

from __future__ import annotations

import math

import mpmath
import numpy as np
from scipy.interpolate import BSpline

from reference import stream

MIYATO = (
    "pytorch/pytorch 2.13, torch/nn/utils/parametrizations.py, spectral_norm; arXiv:1802.05957, "
    "equation 8"
)
SPHERE = (
    "Unakar/Spectral-Sphere-Optimizer, sso.py, _target_radius, commit 304d7a4; arXiv:2601.08393, "
    "algorithm 1"
)
KAN = "Blealtan/efficient-kan, src/efficient_kan/kan.py, reset_parameters, commit 7b6ce1c"
KAN_DEPARTS = (
    "The paper says Xavier for the base weights. The code hands sqrt(5) times the scale to "
    "kaiming_uniform_ as the slope of a leaky ReLU, so that a larger scale gives smaller weights."
)
RIGL = "google-research/rigl, rigl/sparse_utils.py, get_sparsities_erdos_renyi, commit d39fc7d"
SET = (
    "dcmocanu/sparse-evolutionary-artificial-neural-networks, "
    "SET-MLP-Keras-Weights-Mask/set_mlp_keras_cifar10.py, createWeightsMask, commit 0ca80f8"
)
SET_DEPARTS = (
    "The code of SET draws for each element whether it is connected, so that only the expected "
    "number is known; RigL's takes that number, rounded, as here."
)
ESN = "SciML/ReservoirComputing.jl, src/inits/inits_reservoir.jl, rand_sparse, commit 14e36ad"
ESN_DEPARTS = (
    "Its documentation calls sparsity the fraction of zeros; the code makes 1 - sparsity zeros of "
    "each column, so it is the density there."
)


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(50):
        return [*_norms(), *_splines(), *_graphs(), *_reservoirs()]


def _answer(scheme, shape, source, obtained, expect, params=None, axes="kernel", departs=""):
    return {
        "scheme": scheme,
        "params": params or {},
        "shape": shape,
        "axes": axes,
        "source": source,
        "obtained": obtained,
        "departs": departs,
        "expect": expect,
    }


def _norms():
    key, law = stream.key(0, None), ("normal", 0.0, 1.0)
    drawn = [stream.value(i, key=key, law=law, dtype="float64") for i in range(24)]
    matrix = np.array(drawn).reshape(6, 4)
    yield _answer(
        "spectral_normalized", [6, 4], MIYATO,
        "ran it on the normals of the stream, in float64, with 2000 steps of the power method",
        {"values": (matrix / np.linalg.norm(matrix, 2)).tolist(), "rtol": 1e-12},
    )  # fmt: skip
    yield _answer(
        "spectral_normalized", [3, 3, 8, 16], MIYATO, "the norm of the unfolded kernel",
        {"properties": {"spectral_norm": 2.5}}, {"gain": 2.5},
    )  # fmt: skip
    for shape, gain in ([48, 192], 1.0), ([192, 48], 2.0):
        radius = gain * mpmath.sqrt(mpmath.mpf(shape[1]) / shape[0])
        yield _answer(
            "spectral_sphere", shape, SPHERE, "scaler · sqrt(n_out / n_in)",
            {"properties": {"spectral_norm": float(radius)}}, {"gain": gain},
        )  # fmt: skip


def _splines():
    inputs, outputs, grid, order = 3, 2, 5, 3
    key = stream.key(0, None)
    drawn = [
        (stream.uniform_integer(stream.word(key, i)) + 2**24) / 2**25
        for i in range((grid + 1) * inputs * outputs)
    ]
    noise = (np.array(drawn).reshape(grid + 1, -1) - 0.5) * 0.1 / grid
    knots = np.arange(-order, grid + order + 1.0)
    table = BSpline.design_matrix(np.arange(grid + 1.0), knots, order).toarray()
    made = np.linalg.lstsq(table, noise)[0].reshape(grid + order, inputs, outputs)
    yield _answer(
        "kan_spline", [outputs, inputs, grid + order], KAN,
        "ran it in float64 with the uniform numbers of the stream; this is its transcription",
        {"values": made.transpose(2, 1, 0).tolist(), "rtol": 1e-9, "atol": 1e-15},
        axes="out in *",
    )  # fmt: skip
    for scale in 0.5, 1.0, 3.0:
        limit = mpmath.sqrt(6 / ((1 + 5 * mpmath.mpf(scale) ** 2) * 400))
        law = {
            "kind": "uniform",
            "mean": 0.0,
            "std": float(limit / mpmath.sqrt(3)),
            "low": float(-limit),
            "high": float(limit),
        }
        yield _answer(
            "kan_base", [30, 400], KAN,
            "kaiming_uniform_(a = sqrt(5) · scale_base), in 50-digit arithmetic",
            {"law": law, "rtol": 1e-12, "atol": 1e-15}, {"slope_factor": scale}, "out in",
            KAN_DEPARTS,
        )  # fmt: skip


def _graphs():
    shapes = [3, 3, 64, 96], [256, 128]
    sizes = [math.prod(shape) for shape in shapes]
    # As many connections as 0.9 zeros leave, shared out by epsilon (sum of sides).
    ones = sum(size - math.floor(0.9 * size) for size in sizes)
    epsilon = ones / sum(sum(shape) for shape in shapes)
    for shape, size in zip(shapes, sizes, strict=True):
        zeros = math.floor((1 - epsilon * sum(shape) / size) * size)
        yield _answer(
            "erdos_renyi", shape, RIGL, "ran it for both layers at sparsity 0.9: epsilon and zeros",
            {"properties": {"zeros": zeros}}, {"epsilon": epsilon}, departs=SET_DEPARTS,
        )  # fmt: skip
    yield _answer(
        "erdos_renyi", [300, 200], SET, "prob = 1 - epsilon (rows + columns) / (rows · columns)",
        {"properties": {"zeros": 300 * 200 - 20 * 500}}, departs=SET_DEPARTS,
    )  # fmt: skip


def _reservoirs():
    yield _answer(
        "reservoir", [10, 10], ESN,
        "sparse_init of WeightInitializers, as documented: 9 zeros of 10; scale_radius!",
        {"properties": {"zeros_per_row": 9, "spectral_radius": 1.25}}, {"spectral_radius": 1.25},
        departs=ESN_DEPARTS,
    )  # fmt: skip
    yield _answer(
        "reservoir", [40, 40], "Jaeger 2001, The echo state approach, GMD report 148, section 3",
        "W is scaled to a spectral radius below 1",
        {"properties": {"zeros_per_row": 36, "spectral_radius": 0.9}}, {"elements": "uniform"},
    )  # fmt: skip
