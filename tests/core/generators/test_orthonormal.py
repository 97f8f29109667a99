"""Rotations, blocks and spectra: what is orthogonal, and how it follows from orthogonal."""

import numpy as np
import pytest

import fanwise
from fanwise.core.draws import StreamDraws
from fanwise.core.generators.orthonormal import orthonormal
from fanwise.spec import FanwiseError

HOW = {"seed": 5, "path": "layer/kernel", "dtype": "float64"}


@pytest.mark.parametrize("size", [1, 2, 5, 12])
def test_rotations_are_orthogonal_matrices_with_the_last_column_turned(size: int) -> None:
    shape = (20, size, size)
    rotations = fanwise.sample("glow_rotation", shape, axes="batch in out", **HOW)
    matrices = fanwise.sample("orthogonal", shape, axes="batch in out", **HOW)
    assert np.allclose(np.linalg.det(rotations), 1.0, atol=1e-12)
    signs = np.linalg.det(matrices).round()
    assert set(signs) == {-1.0, 1.0}
    matrices[:, :, -1] *= signs[:, None]
    assert np.array_equal(rotations, matrices)


def test_a_rotation_is_square() -> None:
    for shape in ((3, 4), (3, 3, 4, 4), (4,)):
        with pytest.raises(FanwiseError, match="glow_rotation"):
            fanwise.sample("glow_rotation", shape, seed=0)


def test_one_block_is_orthogonal() -> None:
    made = fanwise.sample("block_orthogonal", (3, 4, 20), **HOW)
    assert np.array_equal(made, fanwise.sample("orthogonal", (3, 4, 20), **HOW))


def test_blocks_along_the_outputs_are_those_of_batches_stored_side_by_side() -> None:
    scheme = fanwise.scheme("block_orthogonal", in_blocks=2, out_blocks=3, gain=0.5)
    made = fanwise.sample(scheme, (12, 8), axes="torch", **HOW)
    for o in range(3):
        for i in range(2):
            block = made[4 * o : 4 * o + 4, 4 * i : 4 * i + 4]
            assert np.allclose(block @ block.T, 0.25 * np.eye(4), atol=1e-13)
    assert abs(made[:4, :4] @ made[:4, 4:].T).max() > 0.01


def test_blocks_that_do_not_divide() -> None:
    with pytest.raises(FanwiseError, match="in_blocks that divide 8"):
        fanwise.sample(fanwise.scheme("block_orthogonal", in_blocks=3), (8, 6), seed=0)


@pytest.mark.parametrize("shape", [(5, 4, 3), (3, 4, 9, 2), (3, 2, 3, 7, 2)])
def test_spectra_of_one_output_are_orthogonal(shape: tuple[int, ...]) -> None:
    made = fanwise.sample(fanwise.scheme("conv_aware", noise=0.0), shape, **HOW)
    axes = tuple(range(len(shape) - 2))
    half = np.fft.rfftn(np.moveaxis(made, (-1, -2), (0, 1)), axes=[a + 2 for a in axes])
    outputs, inputs = half.shape[:2]
    spectra = half.reshape(outputs, inputs, -1)
    if len(axes) == 1:  # with more, mirrored coefficients are averaged
        assert np.allclose(spectra.imag, 0.0, atol=1e-12)
        size = spectra.shape[-1]
        for output in spectra.real:
            gram = output[:size] @ output[:size].T
            assert np.allclose(gram, gram[0, 0] * np.eye(len(gram)), atol=1e-12)
    assert np.mean(made**2) == pytest.approx(2.0 / np.prod(shape[:-1]), rel=1e-12)


def test_kernels_are_spectra_transformed_back_one_by_one() -> None:
    """As keras-contrib does it, output by output, with the same bases and the same noise."""
    draws = StreamDraws(5, "layer/kernel")
    bases = orthonormal(draws.normal((2 * 2, 6, 6), "basis")).reshape(2, 12, 3, 2)
    kernels = [[np.fft.irfft2(bases[o, i], (3, 3)) for i in range(8)] for o in range(2)]
    made = np.transpose(kernels, (2, 3, 1, 0)) + 0.05 * draws.normal((3, 3, 8, 2))
    made *= np.sqrt(2 / 72 / np.mean(made**2))
    assert np.allclose(made, fanwise.sample("conv_aware", (3, 3, 8, 2), **HOW), atol=1e-13)


def test_noise_is_added_before_the_scale() -> None:
    made = fanwise.sample(fanwise.scheme("conv_aware", noise=1000.0), (3, 3, 4, 2), **HOW)
    normals = fanwise.sample("normal", (3, 3, 4, 2), **HOW)
    expected = normals / np.sqrt(np.mean(normals**2)) * np.sqrt(2.0 / 36)
    assert np.allclose(made, expected, rtol=0, atol=1e-3)


def test_a_kernel_of_one_tap_has_no_spectrum() -> None:
    for shape in ((8, 4), (1, 1, 8, 4)):
        with pytest.raises(FanwiseError, match="conv_aware"):
            fanwise.sample("conv_aware", shape, seed=0)
