"""Scales that float32 has no room for are refused by every generator, and zeros are +0.0."""

from typing import Any

import numpy as np
import pytest

from fanwise import FanwiseError, sample, scheme


@pytest.mark.parametrize(
    ("name", "params", "shape"),
    [
        ("hadamard", {"gain": 2.0**-91}, (4, 4)),
        ("idinit", {"gain": 2.0**-91}, (4, 4)),
        ("idinit_zero", {"gain": 2.0**-91}, (4, 4)),
        ("sinusoidal_weights", {"gain": 2.0**-91}, (4, 4)),
        ("block_orthogonal", {"gain": 2.0**-91}, (4, 4)),
        ("kan_spline", {"gain": 2.0**-91}, (4, 4, 8)),
        ("lora_orthogonal_a", {"gain": 2.0**-91}, (4, 4)),
        ("lora_orthogonal_b", {"gain": 2.0**91}, (4, 4)),
        ("erdos_renyi", {"gain": 2.0**-91}, (4, 4)),
        ("reservoir", {"spectral_radius": 2.0**-91, "sparsity": 0.0}, (4, 4)),
        ("conv_aware", {"scale": 2.0**-180}, (3, 3, 4, 4)),
        ("icnr", {"scale": 2.0**-180}, (3, 3, 4, 4)),
        ("normc", {"gain": 2.0**-91}, (4, 4)),
        ("modular_orthogonal", {"fan_out": 5e-324}, (4, 4)),
    ],
)
def test_a_scale_out_of_range(name: str, params: dict[str, Any], shape: tuple[int, ...]) -> None:
    with pytest.raises(FanwiseError, match="a scale between"):
        sample(scheme(name, **params), shape, seed=0, dtype="float64")


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("ds_init", {"layer": 9, "gain": 5e-324}),
        ("finer_bias", {"bound": 0.0}),
        ("hash_grid", {"bound": 0.0}),
        ("small_embedding", {"bound": 0.0}),
        ("kan_spline", {"noise_scale": 0.0}),
        ("prior_bias", {"probability": 0.5}),
    ],
)
def test_zeros_have_no_sign(name: str, params: dict[str, Any]) -> None:
    drawn = sample(scheme(name, **params), (2, 3, 8), seed=0)
    assert not drawn.any()
    assert not np.signbit(drawn).any()
