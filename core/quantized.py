"""Weights as they come back from 4 and 8 bits: NF4 in blocks, and integers in rows.

The arithmetic is that of bitsandbytes, in float32, so that the bits are its bits.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.errors import FanwiseError, Phrase

Singles = NDArray[np.float32]

#: NormalFloat-4: quantiles of a normal, scaled to ±1 (Dettmers et al. 2023, arXiv:2305.14314,
#: appendix E).
NF4: Final = np.array(
    [
        *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453),
        *(-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0),
        *(0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224),
        *(0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
    ],
    np.float32,
)
#: Elements that share a scale, in the order in which the weight is stored.
BLOCK: Final = 64
#: A block of zeros has a scale all the same.
_LEAST: Final = np.float32(1e-38)
#: What 8-bit integers are multiplied by: 1/127, as bitsandbytes writes it.
_STEP: Final = np.float32(7.874015718698502e-3)


def four_bits(weight: Singles) -> Singles:
    """Round a weight to NF4, in blocks of 64 with a scale each, and bring it back.

    Examples:
        >>> weight = np.linspace(-1, 1, 5, dtype=np.float32)
        >>> four_bits(weight).tolist()
        [-1.0, -0.5250730514526367, 0.0, 0.44070982933044434, 1.0]
    """
    flat = weight.reshape(-1)
    blocks = np.zeros((-(-flat.size // BLOCK), BLOCK), np.float32)
    blocks.reshape(-1)[: flat.size] = flat
    largest = np.abs(blocks).max(axis=1, keepdims=True)
    scaled = blocks * (np.float32(1) / np.maximum(largest, _LEAST))
    between = (NF4[:-1] + NF4[1:]) / np.float32(2)
    back: Singles = NF4[np.searchsorted(between, scaled)] * largest
    return back.reshape(-1)[: flat.size].reshape(weight.shape)


def eight_bits(weight: Singles) -> Singles:
    """Round a weight to 8-bit integers, in rows with a scale each, and bring it back.

    Raises:
        FanwiseError: for what float16 cannot hold, which is what is rounded.

    Examples:
        >>> eight_bits(np.array([[64.0, 127.0, 0.6]], np.float32)).round(4).tolist()
        [[64.0, 127.0, 1.0]]
    """
    with np.errstate(over="ignore"):
        halves = weight.astype(np.float16).astype(np.float32)
    largest = np.abs(halves).max(axis=1, keepdims=True)
    if not np.isfinite(largest).all():
        received = Phrase(f"one of {np.abs(weight).max():.4g}")
        hint = "Pass bits=4, or a smaller weight."
        raise FanwiseError("a weight that float16 can hold, for 8 bits", received, hint)
    scale = np.float32(127) / np.where(largest > 0, largest, np.float32(1))
    # Integers have no negative zero.
    back: Any = (np.rint(halves * scale) + np.float32(0)) * largest * _STEP
    return back  # type: ignore[no-any-return]
