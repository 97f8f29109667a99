"""New rows of an embedding, where a vocabulary grows: like the old ones, and near their mean."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.draws import StreamDraws
from fanwise.core.held_arrays import as_dtype, read_array
from fanwise.core.keys import check_path, checked_seed
from fanwise.spec.errors import FanwiseError
from fanwise.spec.gains import is_finite

Reals = NDArray[np.float64]

#: Bits of a float64's integers.
_EXACT: Final = 53
#: A normal number of the stream is rounded to 2⁻¹¹ here, and is below 8: 14 bits.
_NORMAL_BITS: Final = 14
_NORMAL_STEPS: Final = 2.0**11
#: Columns are worked on together as long as they are no more elements than this.
_AT_ONCE: Final = 1 << 23


def grow_vocabulary(
    embedding: Any, rows: int, *, seed: int, path: str | None = None, scale: float = 1e-5
) -> NDArray[Any]:
    """Work out an embedding with new rows, which are drawn around the mean of the old ones.

    A new row is μ + √scale · Σᵢ gᵢ (wᵢ - μ) / √n, with μ the mean of the n old rows w and g
    standard normal: a normal of their mean, and of their covariance times ``scale``, whatever its
    rank. A model gives such a word about the probability of an average one, where rows drawn as
    at the start may take all of it.

    The bits are the same everywhere: sums are of integers. The differences from the mean are
    rounded to 2⁻²⁰ of the largest in their column for 2¹⁸ old rows, finer for fewer. The k-th row
    of the result has random numbers of its own, however many rows are added.

    Args:
        embedding: the rows of a vocabulary, (words, width), or the bias of an output layer,
            (words,); of NumPy or a framework, in float16, bfloat16, float32 or float64.
        rows: how many are added, at least 1.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the embedding's path in its model.
        scale: of the covariance, at least 0; transformers' is 1e-9. In bfloat16 what is much
            smaller than 1e-5 leaves all new rows at the mean.

    Returns:
        A new array, (words + rows, width): the old rows as they were, then the new ones.

    Raises:
        FanwiseError: for anything but an array of one or two axes of finite floats, without rows,
            and for numbers that are none of these.

    Examples:
        >>> import fanwise
        >>> embedding = fanwise.sample("normal", (100, 8), seed=0, path="tokens/embedding")
        >>> grown = grow_vocabulary(embedding, 2, seed=0, path="tokens/embedding")
        >>> grown.shape, bool((grown[:100] == embedding).all())
        ((102, 8), True)
        >>> bool(abs(grown[100:] - embedding.mean(0)).max() < 0.02)
        True

    References:
        Hewitt 2021, Initializing new word embeddings for pretrained language models (scale 1e-5);
        transformers, modeling_utils.py, ``_init_added_embeddings_weights_with_mean`` (1e-9).
    """
    held = read_array(embedding)
    old = held.values
    if old.ndim not in (1, 2) or old.size == 0:
        hint = "Pass the rows of the old words; transpose a kernel of (width, words)."
        raise FanwiseError("an embedding of (words, width)", old.shape, hint)
    _check_numbers(rows, scale)
    seed = checked_seed(seed)
    check_path(path)
    words = len(old)
    draws = StreamDraws(seed, path)
    normals = np.stack(
        [
            np.rint(draws.normal((words,), f"row/{number}") * _NORMAL_STEPS)
            for number in range(words, words + rows)
        ]
    )
    matrix = old.reshape(words, -1)
    added = np.empty((rows, matrix.shape[1]))
    spread = math.sqrt(scale / words) / _NORMAL_STEPS
    together = max(1, _AT_ONCE // words)
    for start in range(0, matrix.shape[1], together):
        columns = slice(start, start + together)
        added[:, columns] = _drawn(matrix[:, columns].astype(np.float64), normals, spread)
    new = as_dtype(added.reshape(rows, *old.shape[1:]), held.dtype)
    return np.concatenate([as_dtype(old, held.dtype), new])


def _drawn(old: Reals, normals: Reals, spread: float) -> Reals:
    """Draw some columns of the new rows.

    Args:
        old: those columns of the old rows.
        normals: a row of whole numbers for each new row, one for each old row.
        spread: what their sums are multiplied by.
    """
    bits = (len(old) - 1).bit_length()
    mean = _mean(old, 62 - bits)
    centred, exponents = _whole(old - mean, _EXACT - 1 - _NORMAL_BITS - bits)
    # Every sum of these is a whole number below 2⁵³, so that their order does not matter.
    sums = np.ldexp(normals @ centred, exponents)
    with np.errstate(over="ignore", invalid="ignore"):
        drawn: Reals = sums * spread + mean
    return drawn


def _mean(columns: Reals, bits: int) -> Reals:
    """Return the means of columns, as sums of whole numbers below 2⁶²."""
    whole, exponents = _whole(columns, bits)
    sums = whole.astype(np.int64).sum(axis=0).astype(np.float64)
    mean: Reals = np.ldexp(sums, exponents) / len(columns)
    return mean


def _whole(columns: Reals, bits: int) -> tuple[Reals, NDArray[Any]]:
    """Round columns to whole numbers of so many bits, times powers of two."""
    exponents = np.frexp(np.abs(columns).max(axis=0))[1] - bits
    return np.rint(np.ldexp(columns, -exponents)), exponents


def _check_numbers(rows: Any, scale: Any) -> None:
    if not isinstance(rows, int | np.integer) or isinstance(rows, bool) or rows < 1:
        raise FanwiseError("a number of rows, at least 1", rows, "Pass how many are added.")
    number = isinstance(scale, int | float) and not isinstance(scale, bool)
    if not (number and is_finite(scale) and scale >= 0):
        raise FanwiseError("a finite scale of at least 0", scale, "Pass e.g. scale=1e-5.")
