"""Sub-pixels start as copies of one kernel, which has the bits that it has alone."""

import numpy as np
import pytest

import fanwise
from fanwise.spec import FanwiseError

HOW = {"seed": 5, "path": "up/kernel", "dtype": "float64"}


def test_copies_have_the_bits_of_the_small_kernel() -> None:
    small = fanwise.sample("he_normal", (3, 5, 8, 4), **HOW)
    made = fanwise.sample("icnr", (3, 5, 8, 16), **HOW)
    assert np.array_equal(made, np.repeat(small, 4, axis=-1))


def test_the_order_of_depth_to_space() -> None:
    scheme = fanwise.scheme("icnr", upscale_factor=3, subpixels="depth_to_space")
    small = fanwise.sample("he_normal", (8, 2), **HOW)
    assert np.array_equal(fanwise.sample(scheme, (8, 18), **HOW), np.tile(small, 9))


def test_its_base_is_a_variance_scaling() -> None:
    how = {"scale": 0.5, "mode": "fan_out", "distribution": "uniform"}
    small = fanwise.sample(
        fanwise.scheme("variance_scaling", **how), (2, 3, 5), axes="torch", **HOW
    )
    made = fanwise.sample(fanwise.scheme("icnr", **how), (4, 3, 5), axes="torch", **HOW)
    # One receptive axis: two sub-pixels.
    assert np.array_equal(made, np.repeat(small, 2, axis=0))


def test_pixels_of_a_shuffle_are_equal() -> None:
    kernel = fanwise.sample("icnr", (12, 5), axes="torch", **HOW)
    image = np.random.default_rng(0).normal(size=(5, 6, 7))
    channels = np.einsum("oi,ihw->ohw", kernel, image)
    # torch's pixel_shuffle.
    pixels = channels.reshape(3, 2, 2, 6, 7).transpose(0, 3, 1, 4, 2).reshape(3, 12, 14)
    assert np.array_equal(pixels[:, ::2, ::2], pixels[:, 1::2, 1::2])


def test_what_the_copies_do_not_divide() -> None:
    with pytest.raises(FanwiseError, match="one out axis that 4 divides"):
        fanwise.sample("icnr", (3, 3, 8, 18), seed=0)
    with pytest.raises(FanwiseError, match="one out axis"):
        fanwise.sample("icnr", (8, 4, 4), seed=0, axes="in out out")
