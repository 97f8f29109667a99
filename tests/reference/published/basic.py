"""Known answers of the schemes of version 1.0: their papers' equations, in 50 digits."""

from __future__ import annotations

import mpmath

HE = "He et al. 2015, arXiv:1502.01852"
GLOROT = "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward networks"
DIGITS = "in 50-digit arithmetic"
INFINITY = float("inf")


def _number(value):
    return float(value)


def _sqrt(value):
    return mpmath.sqrt(mpmath.mpf(value))


def _cut_std():
    """The standard deviation of a standard normal that is cut at ±2."""
    low, high = mpmath.mpf(-2), mpmath.mpf(2)
    mass = mpmath.ncdf(high) - mpmath.ncdf(low)
    return mpmath.sqrt(1 + (low * mpmath.npdf(low) - high * mpmath.npdf(high)) / mass)


def _answer(scheme, shape, source, obtained, expect, params=None, axes="kernel"):
    return {
        "scheme": scheme,
        "params": params or {},
        "shape": shape,
        "axes": axes,
        "source": source,
        "obtained": obtained,
        "departs": "",
        "expect": expect,
    }


def _uniform(scheme, shape, source, where, limit, params=None, axes="kernel"):
    law = {
        "kind": "uniform",
        "mean": 0.0,
        "std": _number(limit / _sqrt(3)),
        "low": _number(-limit),
        "high": _number(limit),
    }
    expect = {"law": law, "rtol": 1e-12, "atol": 1e-15}
    return _answer(scheme, shape, source, f"{where}, {DIGITS}", expect, params, axes)


def _normal(scheme, shape, source, where, std, params=None, axes="kernel"):
    expect = {
        "law": {"kind": "normal", "mean": 0.0, "std": _number(std)},
        "rtol": 1e-12,
        "atol": 1e-15,
    }
    return _answer(scheme, shape, source, f"{where}, {DIGITS}", expect, params, axes)


def _cut(scheme, shape, source, where, std):
    sigma = std / _cut_std()
    law = {
        "kind": "truncated_normal",
        "mean": 0.0,
        "std": _number(std),
        "sigma": _number(sigma),
        "low": _number(-2 * sigma),
        "high": _number(2 * sigma),
    }
    expect = {"law": law, "rtol": 1e-12, "atol": 1e-15}
    obtained = f"{where}; the cut at two standard deviations as tf.keras has it; {DIGITS}"
    return _answer(scheme, shape, source, obtained, expect)


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(50):
        return [*_plain(), *_scaled(), *_structured()]


def _plain():
    johnson = "Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions"
    normal = {"kind": "normal", "mean": 0.1, "std": 0.02}
    uniform = {"kind": "uniform", "mean": 0.375, "low": -0.25, "high": 1.0}
    uniform["std"] = _number(mpmath.mpf(1.25) / _sqrt(12))
    low, high = mpmath.mpf(-1), mpmath.mpf(3)
    mass = mpmath.ncdf(high) - mpmath.ncdf(low)
    middle = (mpmath.npdf(low) - mpmath.npdf(high)) / mass
    square = (low * mpmath.npdf(low) - high * mpmath.npdf(high)) / mass
    sigma = mpmath.mpf("0.5") / mpmath.sqrt(1 + square - middle**2)
    cut = {
        "kind": "truncated_normal",
        "mean": _number(middle * sigma),
        "std": 0.5,
        "low": _number(low * sigma),
        "high": _number(high * sigma),
    }
    near = {"rtol": 1e-12, "atol": 1e-15}
    usage = "common usage, as numpy.zeros, numpy.ones and numpy.full"
    return [
        _answer("zeros", [2], usage, "by definition", {"values": [0.0, 0.0]}, axes="out"),
        _answer("ones", [2], usage, "by definition", {"values": [1.0, 1.0]}, axes="out"),
        _answer(
            "constant", [2], usage, "by definition", {"values": [0.63, 0.63]}, {"value": 0.63},
            "out",
        ),
        _answer(
            "uniform", [30, 20], johnson, f"chapter 26, {DIGITS}", {"law": uniform, **near},
            {"low": -0.25, "high": 1.0},
        ),
        _answer(
            "normal", [30, 20], johnson, "chapter 13", {"law": normal, **near},
            {"mean": 0.1, "std": 0.02},
        ),
        _answer(
            "truncated_normal", [30, 20], johnson, f"section 10.1, {DIGITS}", {"law": cut, **near},
            {"std": 0.5, "low": -1.0, "high": 3.0},
        ),
        _normal(
            "variance_scaling", [30, 50], "google/jax, jax/_src/nn/initializers.py",
            "scale / sqrt(fan_in · fan_out), mode fan_geo_avg",
            _sqrt(mpmath.mpf(3) / _sqrt(1500)),
            {"scale": 3.0, "mode": "fan_geo_avg", "distribution": "normal"},
        ),
        _uniform(
            "xavier_uniform", [50, 30], "pytorch/pytorch, torch/nn/init.py",
            "gain · sqrt(6 / (fan_in + fan_out))", 2 * _sqrt(mpmath.mpf(6) / 80), {"gain": 2.0},
            "torch",
        ),
        _answer(
            "given", [2, 2], "common usage, as numpy.array", "by definition",
            {"values": [[1.5, -2.0], [0.0, 4.0]]}, {"values": [[1.5, -2.0], [0.0, 4.0]]}, "in out",
        ),
    ]  # fmt: skip


def _scaled():
    field = [3, 3, 16, 24]  # fan_in = 144, fan_out = 216
    lecun = "LeCun et al. 1998, Efficient BackProp"
    torch = "pytorch/pytorch, torch/nn/init.py"
    return [
        _cut("he_normal", field, HE, "equation 10", _sqrt(2) / 12),
        _uniform("he_uniform", field, HE, "equation 10", _sqrt(mpmath.mpf(6) / 144)),
        _cut("glorot_normal", [30, 50], GLOROT, "equation 12", _sqrt(mpmath.mpf(2) / 80)),
        _uniform("glorot_uniform", [30, 50], GLOROT, "equation 16", _sqrt(mpmath.mpf(6) / 80)),
        _cut("lecun_normal", [30, 50], lecun, "equation 16", 1 / _sqrt(30)),
        _uniform("lecun_uniform", [30, 50], lecun, "equation 16", _sqrt(mpmath.mpf(3) / 30)),
        _normal(
            "xavier_normal", [50, 30], torch, "gain · sqrt(2 / (fan_in + fan_out))",
            2 * _sqrt(mpmath.mpf(2) / 80), {"gain": 2.0}, "torch",
        ),
        _normal(
            "kaiming_normal", [24, 16, 3, 3], torch, "gain / sqrt(fan_out), of tanh 5/3",
            mpmath.mpf(5) / 3 / _sqrt(216), {"mode": "fan_out", "nonlinearity": "tanh"}, "torch",
        ),
        _uniform(
            "kaiming_uniform", [24, 16, 3, 3], torch, "sqrt(3) · gain / sqrt(fan_in), of slope 0.2",
            _sqrt(3) * _sqrt(2 / (1 + mpmath.mpf(0.2) ** 2)) / 12, {"a": 0.2}, "torch",
        ),
        _uniform(
            "torch_default", [50, 30], "pytorch/pytorch, torch/nn/modules/linear.py",
            "kaiming_uniform_(weight, a=sqrt(5)), as reset_parameters says: 1 / sqrt(fan_in)",
            1 / _sqrt(30), axes="torch",
        ),
    ]  # fmt: skip


def _structured():
    saxe = "Saxe et al. 2014, arXiv:1312.6120"
    centre = [[[0.0] * 3 for _ in range(3)], [[0.0] * 3 for _ in range(3)]]
    passing = [[1.0 if i == o else 0.0 for o in range(3)] for i in range(2)]
    dirac = [[[row[:] for row in centre[0][:2]] for _ in range(3)] for _ in range(3)]
    dirac[1][1] = passing
    return [
        _answer(
            "orthogonal", [40, 24], saxe, "section 3: WᵀW = gain² 1",
            {"properties": {"singular_values": 2.0, "column_norms": 2.0}}, {"gain": 2.0},
        ),
        _answer(
            "delta_orthogonal", [3, 3, 8, 16], "Xiao et al. 2018, arXiv:1806.05393",
            "algorithm 1: an orthogonal matrix in the middle, zeros elsewhere",
            {"properties": {"places": 1, "singular_values": [1.0] * 8 + [0.0] * 8, "zeros": 1024}},
        ),
        _answer(
            "identity", [2, 3], "Le, Jaitly & Hinton 2015, arXiv:1504.00941", "section 3",
            {"values": [[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]]}, {"gain": 0.5},
        ),
        _answer(
            "dirac", [3, 3, 2, 3], "Zagoruyko & Komodakis 2017, arXiv:1706.00388",
            "equation 2: a convolution that is the identity", {"values": dirac},
        ),
        _answer(
            "sparse", [40, 25], "pytorch/pytorch, torch/nn/init.py, sparse_",
            "ceil(sparsity · outputs) zeros for each input",
            {"properties": {"zeros_per_row": 3, "zeros": 120}}, {"sparsity": 0.1},
        ),
    ]  # fmt: skip
