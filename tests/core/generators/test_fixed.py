"""Deterministic weights: what they do to what passes, and where they have no meaning."""

import numpy as np
import pytest

import fanwise
from fanwise.core.generators import GENERATORS
from fanwise.spec import FanwiseError


def fixed(name: str, shape: tuple[int, ...], axes: str = "kernel", **params) -> np.ndarray:
    how = {"seed": 0, "axes": axes, "dtype": "float64"}
    made = fanwise.sample(fanwise.scheme(name, **params), shape, **how)
    again = fanwise.sample(fanwise.scheme(name, **params), shape, **{**how, "seed": 1, "path": "x"})
    assert np.array_equal(made, again)
    assert not np.signbit(made[made == 0]).any()
    return made


@pytest.mark.parametrize(("inputs", "outputs"), [(5, 5), (3, 8), (1, 4)])
def test_zero_keeps_norms_where_nothing_is_cut_off_the_outputs(inputs: int, outputs: int) -> None:
    made = fixed("hadamard_identity", (inputs, outputs))
    assert np.allclose(made @ made.T, np.eye(inputs), atol=1e-15)


def test_zero_is_the_identity_where_it_narrows_and_stands_in_the_centre() -> None:
    assert np.array_equal(fixed("hadamard_identity", (6, 4)), np.eye(6, 4))
    made = fixed("hadamard_identity", (4, 5, 3, 3))
    assert np.array_equal(made[2, 2], np.eye(3))
    assert np.count_nonzero(made) == 3


@pytest.mark.parametrize(("inputs", "outputs"), [(4, 9), (9, 4), (5, 5), (2, 1)])
def test_idinit_passes_on_and_cancels(inputs: int, outputs: int) -> None:
    x = np.arange(1.0, inputs + 1)
    assert np.array_equal(x @ fixed("idinit", (inputs, outputs)), np.resize(x, outputs)[:outputs])
    zero = fixed("idinit_zero", (inputs, outputs), gain=0.5)
    assert np.array_equal((zero == 0.5).sum(axis=0), np.ones(outputs))
    assert np.array_equal((zero == -0.5).sum(axis=0), np.ones(outputs))
    # What is taken off is spread over all inputs that there are for it.
    left = inputs - outputs if inputs > outputs else inputs
    assert (zero < 0).any(axis=1).sum() == min(outputs, left)


def test_idinit_counts_patches_as_torch_unfolds_them() -> None:
    flat = fixed("idinit", (5, 12), "torch")
    assert np.array_equal(fixed("idinit", (5, 3, 2, 2), "torch"), flat.reshape(5, 3, 2, 2))
    keras = fixed("idinit", (2, 2, 3, 5))
    assert np.array_equal(keras.transpose(3, 2, 0, 1), flat.reshape(5, 3, 2, 2))


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_bilinear_upsampling_keeps_straight_lines(factor: int) -> None:
    size = 2 * factor - factor % 2
    kernel = fixed("bilinear_upsampling", (size, 1, 1))[:, 0, 0]
    line = np.arange(12.0)
    spread = np.zeros(factor * len(line) + size)
    for place, value in enumerate(line):
        spread[factor * place : factor * place + size] += value * kernel
    inner = spread[2 * size : -3 * size]
    assert np.allclose(np.diff(inner), 1 / factor, atol=1e-14)


def test_offsets_look_along_axes_and_diagonals_exactly() -> None:
    made = fixed("deformable_attention_grid", (256,)).reshape(8, 4, 4, 2)
    ring = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]
    assert np.array_equal(made[:, 0, 0], ring)
    assert np.array_equal(made[:, 3, 2], 3 * np.array(ring))


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"])
def test_waves_have_the_variance_of_their_fan(mode: str) -> None:
    made = fixed("sinusoidal_weights", (6, 10), mode=mode, gain=3.0)
    fan = {"fan_in": 6, "fan_out": 10, "fan_avg": 8, "fan_geo_avg": np.sqrt(60)}[mode]
    assert made.var(ddof=1) == pytest.approx(9 / fan, rel=1e-12)
    whole = fixed("sinusoidal_weights", (2, 6, 10), "batch in out", mode=mode, gain=3.0)
    assert np.array_equal(whole[1], made)


@pytest.mark.parametrize(
    ("name", "shape", "params", "words"),
    [
        ("hadamard", (4,), {}, "in and out"),
        ("hadamard_identity", (4,), {}, "in and out"),
        ("idinit", (4,), {}, "in and out"),
        ("idinit_zero", (1, 4), {}, "two inputs"),
        ("bilinear_upsampling", (4, 4), {}, "1 to 3 receptive axes"),
        ("bilinear_upsampling", (4, 4, 2, 3), {}, "as many inputs as outputs"),
        ("bilinear_upsampling", (4, 4, 2, 3), {"groups": 2}, "groups"),
        ("deformable_attention_grid", (128,), {}, "a bias of 256"),
        ("deformable_attention_grid", (16, 16), {}, "a bias of 256"),
        ("sinusoidal_weights", (2, 2), {}, "three inputs or outputs"),
        ("sinusoidal_weights", (4, 6), {"groups": 4}, "groups|divides"),
    ],
)
def test_where_they_have_no_meaning(name, shape, params, words) -> None:
    scheme = fanwise.scheme(name, **params)
    with pytest.raises(FanwiseError, match=words):
        GENERATORS[scheme.law(shape).generator].check(scheme.law(shape))
    out = np.full(shape, 7.0)
    with pytest.raises(FanwiseError, match=words):
        fanwise.sample(scheme, shape, seed=0, dtype="float64", out=out)
    assert (out == 7.0).all()
