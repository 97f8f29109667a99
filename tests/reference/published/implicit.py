"""Known answers of networks of coordinates."""

from __future__ import annotations

import mpmath

from reference.published_laws import DIGITS, normal, root, uniform

SIREN = "vsitzmann/siren, modules.py, commit 4df34bae"
FINER = "liuzhen0212/FINER, models.py, FinerLayer, commit 51a9254"
IGR = "amosgropp/IGR, code/model/network.py, commit a2e43af"


def answers():
    """Return the known answers, as the file holds them."""
    with mpmath.workdps(DIGITS):
        return [*_periodic(), *_spheres(), *_features()]


def _periodic():
    first = (
        "The paper's first version has sqrt(6 / n) here too; its authors say that the code is "
        "right (vsitzmann/siren#4)."
    )
    limit = root(mpmath.mpf(6) / 48)
    return [
        uniform(
            "siren_first",
            [2, 64],
            mpmath.mpf(1) / 2,
            f"{SIREN}, first_layer_sine_init",
            "1 / n",
            ran=0.5,
            departs=first,
        ),
        uniform(
            "siren",
            [48, 32],
            limit / 30,
            f"{SIREN}, sine_init",
            "sqrt(6 / n) / 30",
            ran=0.011785113019775794,
        ),
        uniform(
            "siren", [48, 32], limit / 5, f"{FINER}", "sqrt(6 / n) / omega", params={"omega": 5.0}
        ),
        uniform(
            "finer_bias",
            [64],
            mpmath.mpf(5),
            FINER,
            "uniform on ±first_bias_scale",
            ran=5.0,
            params={"bound": 5.0},
        ),
    ]


def _spheres():
    others = (
        "IGR's deviation is 1e-5. SAL's own code has twice the mean, and a deviation of "
        "1e-6; that of IDR and VolSDF has 1e-4."
    )
    return [
        normal(
            "sal_sphere",
            [64, 1],
            mpmath.mpf("1e-5"),
            IGR,
            "mean sqrt(pi) / sqrt(fan_in)",
            ran=1e-5,
            mean=root(mpmath.pi) / root(64),
            departs=others,
        ),
        normal(
            "sal_sphere",
            [256, 1],
            mpmath.mpf("1e-4"),
            "lioryariv/idr, code/model/implicit_differentiable_renderer.py, commit 44959e7",
            "mean sqrt(pi) / sqrt(fan_in), 1e-4",
            mean=root(mpmath.pi) / root(256),
            params={"std": 1e-4},
        ),
        normal(
            "sal_hidden",
            [3, 64],
            root(2) / root(64),
            IGR,
            "sqrt(2) / sqrt(out)",
            ran=0.1767766952966369,
        ),
    ]


def _features():
    return [
        uniform(
            "hash_grid",
            [64, 2],
            mpmath.mpf("1e-4"),
            "NVlabs/tiny-cuda-nn, include/tiny-cuda-nn/encodings/grid.h, commit 6ee3546",
            "uniform on ±1e-4",
            axes="in out",
        ),
        normal(
            "fourier_features",
            [2, 64],
            mpmath.mpf(10),
            "tancik/fourier-feature-networks, Demo.ipynb, commit 9c110c31",
            "a normal times 10, gauss_10.0",
        ),
    ]
