"""Starts of low-rank adapters that are worked out from the weight that they adapt."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Format, format_of
from fanwise.core.held_arrays import HeldArray, as_dtype, read_array
from fanwise.core.quantized import eight_bits, four_bits
from fanwise.spec.axes import IN, OUT, TORCH, layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.gains import is_finite

Reals = NDArray[np.float64]

_QUANTIZED: Final = {4: four_bits, 8: eight_bits}


class AdaptedWeight(NamedTuple):
    """A pair of low-rank factors, and what is left of the weight that they adapt.

    Of a weight that is stored as ``(out, in)``, as in torch, ``base + scaling * b @ a`` is the
    weight that was given. Of one that is stored as ``(in, out)``, as in Keras and Flax, both
    factors are transposed, and it is ``base + scaling * a @ b``.

    Attributes:
        a: the factor that inputs go into first: ``(rank, in)``, or ``(in, rank)``.
        b: the factor that outputs come out of: ``(out, rank)``, or ``(rank, out)``.
        base: what is frozen, in the shape and dtype of the weight.

    Examples:
        >>> import numpy as np
        >>> weight = np.arange(6.0).reshape(2, 3)
        >>> a, b, base = pissa(weight, 1)
        >>> a.shape, b.shape, bool(np.allclose(base + b @ a, weight))
        ((1, 3), (2, 1), True)
    """

    a: NDArray[Any]
    b: NDArray[Any]
    base: NDArray[Any]


def pissa(weight: Any, rank: int, *, scaling: float = 1.0, axes: str = TORCH) -> AdaptedWeight:
    """Work out PiSSA: the factors hold the largest singular values, the base the rest.

    Of W = U S Vᵀ, a is √(S_r / scaling) V_rᵀ and b is U_r √(S_r / scaling). Of each column of b
    the element of the largest magnitude is positive, which a singular value decomposition leaves
    open. The weight is decomposed in float64.

    Args:
        weight: a matrix, of NumPy or a framework, in float16, bfloat16, float32 or float64.
        rank: of the factors, at most the smaller side of the weight.
        scaling: what the product of the factors is multiplied by: alpha / rank of a LoRA layer.
        axes: the pattern in which the weight is stored: ``"torch"``, (out, in), or ``"kernel"``,
            (in, out).

    Returns:
        The named tuple ``(a, b, base)``. The factors are float32, float64 of a float64 weight;
        the base is what is left of the weight, in its dtype.

    Raises:
        FanwiseError: for anything but a matrix of finite floats, and a rank that it does not have.

    Examples:
        >>> import numpy as np
        >>> a, b, base = pissa(np.diag([4.0, 1.0, 0.25]), rank=1)
        >>> a.tolist(), b.T.tolist(), base.diagonal().tolist()
        ([[2.0, 0.0, 0.0]], [[2.0, 0.0, 0.0]], [0.0, 1.0, 0.25])

    References:
        Meng et al. 2024, arXiv:2404.02948, equations 2 to 4; peft, tuners/lora/layer.py,
        ``pissa_init``.
    """
    held = _matrix(weight, rank, axes)
    factor = _scaling(scaling)
    a, b = _largest(held.out_in, rank)
    root = math.sqrt(factor)
    return held.split(a / root, b / root, factor)


def olora(weight: Any, rank: int, *, scaling: float = 1.0, axes: str = TORCH) -> AdaptedWeight:
    """Work out OLoRA: b has orthonormal columns, of the QR decomposition of the weight.

    Of W = Q R, b is the first columns of Q and a the first rows of R, whose diagonal is positive,
    which the decomposition leaves open. The weight is decomposed in float64.

    Args:
        weight: a matrix, of NumPy or a framework, in float16, bfloat16, float32 or float64.
        rank: of the factors, at most the smaller side of the weight.
        scaling: what the product of the factors is multiplied by: alpha / rank of a LoRA layer.
            The factors do not depend on it; the base does.
        axes: the pattern in which the weight is stored: ``"torch"``, (out, in), or ``"kernel"``,
            (in, out).

    Returns:
        The named tuple ``(a, b, base)``. The factors are float32, float64 of a float64 weight;
        the base is what is left of the weight, in its dtype.

    Raises:
        FanwiseError: for anything but a matrix of finite floats, and a rank that it does not have.

    Examples:
        >>> import numpy as np
        >>> a, b, base = olora(np.array([[0.0, 5.0], [2.0, 1.0]]), rank=1)
        >>> a.tolist(), b.T.tolist(), base.tolist()
        ([[2.0, 1.0]], [[0.0, 1.0]], [[0.0, 5.0], [0.0, 0.0]])

    References:
        Büyükakyüz 2024, arXiv:2406.01775, section 3; peft, tuners/lora/layer.py, ``olora_init``.
    """
    held = _matrix(weight, rank, axes)
    factor = _scaling(scaling)
    q, r = np.linalg.qr(held.out_in)
    signs = np.where(np.diagonal(r)[:rank] < 0, -1.0, 1.0)
    # Adding 0 leaves no negative zeros.
    return held.split(signs[:, None] * r[:rank] + 0.0, q[:, :rank] * signs + 0.0, factor)


def loftq(
    weight: Any,
    rank: int,
    bits: int = 4,
    *,
    iterations: int = 1,
    scaling: float = 1.0,
    axes: str = TORCH,
) -> AdaptedWeight:
    """Work out LoftQ: a quantized base, and factors that make up for what it lost.

    In turns the weight less b @ a is quantized, and the difference of the weight to that is
    decomposed: of U S Vᵀ, a is √S_r V_rᵀ and b is U_r √S_r, with signs as those of :func:`pissa`.
    Unlike the two others, the sum is not the weight itself: it is nearer to it than the base.

    Args:
        weight: a matrix, of NumPy or a framework, in float16, bfloat16, float32 or float64.
        rank: of the factors, at most the smaller side of the weight.
        bits: 4, NF4 in blocks of 64 elements; or 8, integers in rows; as bitsandbytes rounds.
        iterations: how many times, at least 1. peft's ``loftq_iter``, which is 1 too; the paper
            does 5.
        scaling: what the product of the factors is multiplied by: alpha / rank of a LoRA layer.
            The factors are divided by its root. peft leaves it out, and is right for 1 alone.
        axes: the pattern in which the weight is stored: ``"torch"``, (out, in), or ``"kernel"``,
            (in, out). Rows and blocks are those of (out, in).

    Returns:
        The named tuple ``(a, b, base)``. The factors are float32, float64 of a float64 weight;
        the base has the values of the quantized weight, in the dtype of the weight.

    Raises:
        FanwiseError: for anything but a matrix of finite floats, a rank that it does not have, and
            other bits.

    Examples:
        >>> import numpy as np
        >>> import fanwise
        >>> weight = fanwise.sample("he_normal", (64, 64), seed=0)
        >>> a, b, base = loftq(weight, rank=8)
        >>> float(abs(base + b @ a - weight).mean()) < float(abs(base - weight).mean())
        True

    References:
        Li et al. 2023, arXiv:2310.08659, algorithm 1; peft, utils/loftq_utils.py, ``loftq_init``.
    """
    held = _matrix(weight, rank, axes)
    factor = _scaling(scaling)
    if isinstance(bits, bool) or bits not in _QUANTIZED:
        raise FanwiseError("4 or 8 bits", bits, "Pass bits=4 for NF4, or bits=8 for integers.")
    if not _is_count(iterations):
        raise FanwiseError("a number of iterations, at least 1", iterations, "Pass e.g. 1.")
    whole, quantize = held.out_in, _QUANTIZED[bits]
    product: Reals = np.zeros_like(whole)
    for _ in range(iterations):
        single = as_dtype(np.ascontiguousarray(whole - product), format_of("float32"))
        base = quantize(single).astype(np.float64)
        a, b = _largest(whole - base, rank)
        product = b @ a
    root = math.sqrt(factor)
    return held.with_base(a / root, b / root, base)


class _Matrix(NamedTuple):
    """A weight to be adapted, as (out, in) in float64."""

    held: HeldArray
    out_in: Reals
    is_turned: bool

    def split(self, a: Reals, b: Reals, scaling: float) -> AdaptedWeight:
        """Return factors as they will be stored, and what they leave of the weight."""
        a, b = (as_dtype(factor, self._factors).astype(np.float64) for factor in (a, b))
        with np.errstate(over="ignore", invalid="ignore"):
            left = self.out_in - scaling * (b @ a)
        return self.with_base(a, b, left)

    def with_base(self, a: Reals, b: Reals, base: Reals) -> AdaptedWeight:
        """Return factors and a base in the dtypes and the order of the weight."""
        a, b = as_dtype(a, self._factors), as_dtype(b, self._factors)
        rounded = as_dtype(base, self.held.dtype)
        if self.is_turned:
            a, b, rounded = a.T, b.T, rounded.T
        return AdaptedWeight(*map(np.ascontiguousarray, (a, b, rounded)))

    @property
    def _factors(self) -> Format:
        return format_of("float64" if self.held.dtype.name == "float64" else "float32")


def _matrix(weight: Any, rank: int, axes: str) -> _Matrix:
    held = read_array(weight)
    roles = layout(held.values.shape, axes).roles
    if set(roles) != {IN, OUT} or len(roles) != 2:
        received = Phrase(f"shape {held.values.shape}, read as {' '.join(roles)!r}")
        hint = "Pass a matrix; reshape a convolution's kernel to (out, all others)."
        raise FanwiseError("a matrix of inputs and outputs", received, hint)
    most = min(held.values.shape)
    if not _is_count(rank) or rank > most:
        hint = f"Pass a whole number from 1 to {most}, the smaller side of the weight."
        raise FanwiseError(f"a rank that {held.values.shape} has", rank, hint)
    is_turned = roles[0] == IN
    values = held.values.astype(np.float64)
    return _Matrix(held, values.T if is_turned else values, is_turned)


def _largest(matrix: Reals, rank: int) -> tuple[Reals, Reals]:
    """Return the factors of the largest singular values, each with the roots of these."""
    u, s, vh = np.linalg.svd(matrix, full_matrices=False)
    u, s, vh = u[:, :rank], s[:rank], vh[:rank]
    columns = np.arange(rank)
    signs = np.where(u[np.abs(u).argmax(axis=0), columns] < 0, -1.0, 1.0)
    roots = signs * np.sqrt(s)
    # Adding 0 leaves no negative zeros.
    return roots[:, None] * vh + 0.0, u * roots + 0.0


def _scaling(scaling: Any) -> float:
    number = isinstance(scaling, int | float | np.floating | np.integer)
    if isinstance(scaling, bool) or not number or not is_finite(scaling) or scaling <= 0:
        hint = "Pass alpha / rank of the layer, e.g. scaling=2.0."
        raise FanwiseError("a finite scaling above 0", scaling, hint)
    return float(scaling)


def _is_count(number: Any) -> bool:
    is_integer = isinstance(number, int | np.integer) and not isinstance(number, bool)
    return is_integer and number >= 1
