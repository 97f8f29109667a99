"""Known answers of structured schemes: their equations in fractions and 50 digits.

Where there is code of the authors, it was run too, in float32, and gave these numbers.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath

SYLVESTER = "Sylvester 1867, Philosophical Magazine 34(232)"
ZERO = (
    "jiaweizzhao/ZerO-initialization, example_mnist.ipynb, ZerO_Init_on_matrix, commit cf2bf5d; "
    "arXiv:2110.12661, algorithm 1"
)
IDINIT = "Pan et al. 2025, arXiv:2503.04626, section 3"
SINUSOIDAL = (
    "jmiravet/Sinusoidal-Initialization, initialize.py, sinusoidal_, commit 334f680; "
    "arXiv:2505.12909"
)
ICNR = "fastai/fastai, fastai/layers.py, icnr, commit 03d7ecd; arXiv:1707.02937, section 2"
FCN = "shelhamer/fcn.berkeleyvision.org, surgery.py, upsample_filt and interp, commit 0b07df9"
DETR = (
    "fundamentalvision/Deformable-DETR, models/ops/modules/ms_deform_attn.py, "
    "_reset_parameters, commit 11169a6"
)
GLOW = "openai/glow, model.py, invertible_1x1_conv, commit 1f13529; arXiv:1807.03039, section 3.2"
BLOCKS = "allenai/allennlp, allennlp/nn/initializers.py, block_orthogonal, commit 054dba6"
DIMENET = "gasteigerjo/dimenet, dimenet/model/initializers.py, GlorotOrthogonal, commit c2136f9"
AWARE = (
    "keras-team/keras-contrib, keras_contrib/initializers/convaware.py, commit 2ee0cb0; "
    "arXiv:1702.06295"
)
RAN = "the equations in exact arithmetic; the authors' code, run in float32, gives the same"


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(50):
        return [*_hadamards(), *_identities(), *_waves(), *_upsampling(), *_offsets(), *_bases()]


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


def _values(values, rtol=1e-14, atol=0.0):
    return {"values": values, "rtol": rtol, "atol": atol}


def _sylvester(order):
    """Build the matrix by doubling."""
    matrix = [[1]]
    while len(matrix) < order:
        matrix = [row + row for row in matrix] + [row + [-x for x in row] for row in matrix]
    return matrix


def _scaled_sylvester(rows, columns, order, gain=1):
    scale = gain / mpmath.sqrt(order)
    whole = _sylvester(order)
    return [[float(whole[i][j] * scale) for j in range(columns)] for i in range(rows)]


def _hadamards():
    doubled = "H doubled by [[H, H], [H, -H]], over the root of its order"
    yield _answer("hadamard", [8, 8], SYLVESTER, doubled, _values(_scaled_sylvester(8, 8, 8)))
    yield _answer(
        "hadamard", [3, 5], SYLVESTER, doubled, _values(_scaled_sylvester(3, 5, 8, 2)),
        {"gain": 2.0},
    )  # fmt: skip
    # In torch's order: rows are outputs.
    yield _answer(
        "hadamard_identity", [9, 4], ZERO, RAN, _values(_scaled_sylvester(9, 4, 16)), axes="torch",
        departs="algorithm 1 prints the factor 2^(-(m - 1) / 2), the code has 2^(-m / 2)",
    )  # fmt: skip
    narrow = [[float(o == i) for i in range(7)] for o in range(4)]
    yield _answer("hadamard_identity", [4, 7], ZERO, RAN, _values(narrow), axes="torch")
    wide = _scaled_sylvester(3, 2, 4)
    middle = [
        [[[wide[o][i] * (r == c == 1) for c in range(3)] for r in range(3)] for i in range(2)]
        for o in range(3)
    ]
    yield _answer(
        "hadamard_identity", [3, 2, 3, 3], ZERO,
        "a convolution holds the matrix in its centre, k div 2",
        _values(middle), axes="torch",
    )  # fmt: skip


def _repeated(outputs, inputs, number):
    return [[number if o % inputs == i else 0.0 for i in range(inputs)] for o in range(outputs)]


def _differences(outputs, inputs, small):
    rows = _repeated(outputs, inputs, small)
    for o, row in enumerate(rows):
        left = inputs - outputs
        row[outputs + o % left if left > 0 else (o + 1) % inputs] = -small
    return rows


def _as_kernel(matrix, inputs, field):
    """Fold the columns of a matrix into (in, *field)."""
    height, width = field
    return [
        [
            [[row[(i * height + y) * width + x] for x in range(width)] for y in range(height)]
            for i in range(inputs)
        ]
        for row in matrix
    ]


def _identities():
    read = "the definition, as another implementation reads it, whose code gives the same"
    for outputs, inputs in ((7, 3), (3, 7)):
        shape = [outputs, inputs]
        yield _answer(
            "idinit", shape, IDINIT, read, _values(_repeated(outputs, inputs, 1.0)), axes="torch"
        )
        yield _answer(
            "idinit_zero", shape, IDINIT, read,
            _values(_differences(outputs, inputs, 1e-6)), axes="torch",
        )  # fmt: skip
    patches = _as_kernel(_repeated(5, 12, 2.0), 3, (2, 2))
    yield _answer(
        "idinit", [5, 3, 2, 2], IDINIT, read, _values(patches), {"gain": 2.0}, axes="torch"
    )


def _wave(outputs, inputs, fan, gain):
    waves = [
        [
            mpmath.sin(2 * mpmath.pi * k * (mpmath.mpf(j) / inputs + mpmath.mpf(1) / outputs))
            for j in range(inputs)
        ]
        for k in range(1, outputs + 1)
    ]
    flat = [x for row in waves for x in row]
    mean = mpmath.fsum(flat) / len(flat)
    variance = mpmath.fsum((x - mean) ** 2 for x in flat) / (len(flat) - 1)
    amplitude = gain / mpmath.sqrt(variance * fan)
    return [[float(x * amplitude) for x in row] for row in waves]


def _waves():
    gain = mpmath.sqrt(2)
    for shape, mode, fan in ([[6, 8], "fan_in", 8], [[9, 4], "fan_out", 9], [[7, 2], "fan_in", 2]):
        yield _answer(
            "sinusoidal_weights", shape, SINUSOIDAL, RAN,
            _values(_wave(*shape, fan, gain), 1e-12, 1e-14), {"mode": mode}, axes="torch",
        )  # fmt: skip
    folded = _as_kernel(_wave(4, 12, 12, mpmath.mpf(1)), 2, (2, 3))
    yield _answer(
        "sinusoidal_weights", [4, 2, 2, 3], SINUSOIDAL, RAN,
        _values(folded, 1e-12, 1e-14), {"gain": 1.0}, axes="torch",
    )  # fmt: skip


def _tent(size):
    factor = (size + 1) // 2
    middle = Fraction(size - 1, 2)
    return [1 - abs(place - middle) / factor for place in range(size)]


def _bilinear(height, width):
    return [[float(y * x) for x in _tent(width)] for y in _tent(height)]


def _upsampling():
    zeros = [[0.0] * 4 for _ in range(4)]
    full = [[_bilinear(4, 4) if o == i else zeros for o in range(3)] for i in range(3)]
    yield _answer(
        "bilinear_upsampling", [3, 3, 4, 4], FCN, RAN, _values(full), axes="torch_transposed"
    )
    yield _answer(
        "bilinear_upsampling", [2, 1, 5, 5], FCN, RAN, _values([[_bilinear(5, 5)]] * 2),
        {"groups": 2}, "torch_transposed",
    )  # fmt: skip
    copied = "copies of a kernel of the small shape; the authors' code copies the same ones"
    yield _answer(
        "icnr", [12, 5, 3, 3], ICNR, copied,
        {"properties": {"consecutive_copies": 4, "distinct_columns": 3}}, axes="torch",
    )  # fmt: skip
    yield _answer(
        "icnr", [3, 3, 5, 18], "kostyaev/ICNR, icnr.py, as deepfakes/faceswap has it",
        "tf.space_to_depth of a kernel upsampled by nearest neighbours",
        {"properties": {"strided_copies": 9, "distinct_columns": 2}},
        {"upscale_factor": 3, "subpixels": "depth_to_space"},
    )  # fmt: skip


def _offsets():
    for heads, levels, points in ((8, 4, 4), (6, 1, 2), (5, 2, 3)):
        rows = []
        for head in range(heads):
            angle = 2 * mpmath.pi * head / heads
            direction = [mpmath.cos(angle), mpmath.sin(angle)]
            largest = max(abs(x) for x in direction)
            rows.append([x / largest for x in direction])
        offsets = [
            float(x * (point + 1))
            for row, _, point in product(rows, range(levels), range(points))
            for x in row
        ]
        yield _answer(
            "deformable_attention_grid", [len(offsets)], DETR,
            "the code's formula in 50 digits; run in float32 it gives the same to 1e-6",
            _values(offsets, 1e-15, 1e-40), {"heads": heads, "levels": levels, "points": points},
        )  # fmt: skip


def _bases():
    whole = {"signed_determinant": 1.0, "singular_values": 1.0}
    for size in (7, 12):
        yield _answer(
            "glow_rotation", [size, size], GLOW, "section 3.2: a random rotation, of log-det 0",
            {"properties": whole, "atol": 1e-11},
            departs="numpy.linalg.qr gives a determinant of (-1)^(n - 1), so that the code's "
            "matrix is no rotation for an even number of channels",
        )  # fmt: skip
    # Four orthogonal matrices side by side: W Wᵀ = 4 gain² 1.
    yield _answer(
        "block_orthogonal", [8, 32], BLOCKS, "each block with orthonormal columns, times gain",
        {"properties": {"singular_values": 4.0, "column_norms": 2.0, "row_norms": 4.0}},
        {"out_blocks": 4, "gain": 2.0},
    )  # fmt: skip
    yield _answer(
        "glorot_orthogonal", [30, 20], DIMENET,
        "orthogonal, times sqrt(scale / ((in + out) · variance)), whose expected variance is "
        "1 / max(in, out)",
        {"properties": {"singular_values": float(mpmath.sqrt(2 * mpmath.mpf(30) / 50))}},
        departs="the code divides by the variance of the very matrix, which differs from weight "
        "to weight; PyG's copy of it by the unbiased one",
    )  # fmt: skip
    yield _answer(
        "conv_aware", [5, 5, 6, 4], AWARE, "scaled to the variance 2 / fan_in",
        {"properties": {"mean_square": 2.0 / 150}},
        departs="bases are singular vectors of a symmetric Gaussian matrix, here they are Haar-"
        "distributed; the variance is taken about the mean of the sample, here about 0",
    )  # fmt: skip
