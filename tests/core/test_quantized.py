"""Rounding to 4 and 8 bits: the results of bitsandbytes, and what it may lose."""

import hashlib

import numpy as np
import pytest
from scipy.stats import norm

import fanwise
from fanwise.core.quantized import NF4, eight_bits, four_bits
from fanwise.spec import FanwiseError

#: By bitsandbytes 0.50.2 on a CPU, of ``quantize_4bit`` (blocks of 64, no second quantization)
#: and of ``Int8Params``, each brought back: the first codes, and SHA-256 of the result.
BITSANDBYTES = {
    (16, 128): (
        "de07facdbdea3e548935ed112594a0ed501778df5fea340e8e127ff6f82d5aa1",
        "71b95fec9e179713040c37ea58d7127d",
        [58, 87, -100, 3, 105, 25, 54, 59, 41, 60, 80, 29],
        "63312efde61561439344436c20a93254",
    ),
    (7, 33): (
        "d9a2e1f11b541b9adc023d466ed143b557777777777777777777777777777777",
        "08f30205e57c3b2b3ad27dc1d3cea662",
        [65, 20, 34, -69, 101, -88, 119, -88, -100, 42, -27, -34],
        "ccc1fd8d2041d2745675d9281796a89e",
    ),
}


def weight_of(shape) -> np.ndarray:
    weight = fanwise.sample("he_normal", shape, seed=3, axes="torch")
    weight[1] = 0
    return weight


def digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values)).hexdigest()[:32]


@pytest.mark.parametrize("shape", BITSANDBYTES)
def test_four_bits_are_those_of_bitsandbytes(shape) -> None:
    codes, whole, _, _ = BITSANDBYTES[shape]
    weight = weight_of(shape)
    back = four_bits(weight)
    first = back.reshape(-1)[:64] / np.abs(weight.reshape(-1)[:64]).max()
    expected = NF4[[int(code, 16) for code in codes]]
    np.testing.assert_allclose(first, expected, rtol=1e-6)
    assert digest(back) == whole


@pytest.mark.parametrize("shape", BITSANDBYTES)
def test_eight_bits_are_those_of_bitsandbytes(shape) -> None:
    _, _, codes, whole = BITSANDBYTES[shape]
    weight = weight_of(shape)
    back = eight_bits(weight)
    largest = np.abs(weight[0].astype(np.float16)).max()
    np.testing.assert_allclose(back[0, :12] * 127 / largest, codes, rtol=1e-3)
    assert digest(back) == whole


def test_the_levels_are_the_quantiles_of_the_paper() -> None:
    """QLoRA's construction: 8 below zero, 9 from it, equal areas, cut at 1 - 1/32 / 2 and so on."""
    offset = 0.9677083
    above = norm.ppf(np.linspace(offset, 0.5, 9)[:-1])
    below = -norm.ppf(np.linspace(offset, 0.5, 8)[:-1])
    levels = np.sort([*above, 0, *below]) / above.max()
    np.testing.assert_allclose(NF4, levels, atol=2e-7)


@pytest.mark.parametrize("quantize", [four_bits, eight_bits])
def test_what_comes_back_is_near_and_again_the_same(quantize) -> None:
    weight = weight_of((16, 128))
    back = quantize(weight)
    widest = 0.16 if quantize is four_bits else 0.5 / 127 + 1e-3
    assert np.abs(back - weight).max() <= widest * np.abs(weight).max()
    # Of 8 bits float16 is what is rounded, so that levels come back within its precision.
    np.testing.assert_allclose(quantize(back), back, rtol=2e-3)
    assert not back[1].any()
    assert back.dtype == np.float32


def test_eight_bits_of_what_float16_does_not_hold() -> None:
    with pytest.raises(FanwiseError, match="bits=4"):
        eight_bits(np.array([[1e6, 0]], np.float32))
