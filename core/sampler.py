"""The front of the core: sample a scheme on a shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.blocks import Index, block_shape, checked_index
from fanwise.core.draws import shared_path
from fanwise.core.dtypes import Format, bfloat16_dtype, empty, format_of
from fanwise.core.fast.gate import Backend
from fanwise.core.fill import fill
from fanwise.core.keys import check_path, checked_seed
from fanwise.core.magnitudes import check_fits
from fanwise.core.memory import overlaps
from fanwise.core.quantile import window
from fanwise.core.structured import check, write_structured
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Law, StructuredLaw, TruncatedNormalLaw
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.resolved import Resolved, resolve


@uncompiled
def sample(
    scheme: SchemeLike,
    shape: Sequence[int],
    *,
    seed: int,
    path: str | None = None,
    axes: str | None = None,
    dtype: object = None,
    index: tuple[slice, ...] | slice | None = None,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Sample a weight: the same bits for the same arguments, everywhere.

    Args:
        scheme: a scheme or its name.
        shape: the whole weight's shape.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis, a pattern or its name; None for the scheme's own, which few
            have, or else ``"kernel"``.
        dtype: float16, bfloat16, float32 (the default) or float64; that of ``out`` if
            it is given.
        index: a tuple of slices: that block alone, equal to ``sample(…)[index]``. Only
            the block is drawn, unless the scheme is a structured one; of a large orthogonal
            weight no more is in memory than the block and some columns.
        out: where to write, an array of the block's shape with any strides. bfloat16
            may be a uint16 view of the bits (with ``dtype="bfloat16"``).

    Returns:
        ``out``, or a new array of the block's shape.

    Raises:
        FanwiseError: for bad input; ``out`` is then untouched.

    Examples:
        >>> weight = sample("he_normal", (512, 256), seed=0, path="dense/kernel")
        >>> round(float(weight.std()), 3)
        0.063
        >>> whole = sample("he_normal", (512, 256), seed=0)
        >>> block = sample("he_normal", (512, 256), seed=0, index=(slice(8, 16),))
        >>> bool((block == whole[8:16]).all())
        True
    """
    resolved = resolve(as_scheme(scheme), shape, axes)
    return draw(resolved, seed=seed, path=path, dtype=dtype, index=index, out=out)


def draw(
    resolved: Resolved,
    *,
    seed: int,
    path: str | None = None,
    dtype: object = None,
    index: tuple[slice, ...] | slice | None = None,
    out: NDArray[Any] | None = None,
    backend: Backend | None = None,
) -> NDArray[Any]:
    """Draw a weight whose scheme is worked out: :func:`sample`, past its door.

    Args:
        resolved: the scheme on the shape of the whole weight.
        seed, path: they choose the stream.
        dtype, index, out: as :func:`sample` takes them.
        backend: what draws; None for the one that suits. The bits are the same, but of orthogonal
            weights, which agree to rounding.

    Raises:
        FanwiseError: for bad input; ``out`` is then untouched.
    """
    shape, part = resolved.shape, None
    if index is not None:
        part = checked_index(index, shape)
        shape = block_shape(part, shape)
    seed = checked_seed(seed)
    check_path(path)
    into, target, result = _destination(dtype, out, shape)
    write(target, resolved, part, seed=seed, path=path, into=into, backend=backend)
    return result


def write(
    out: NDArray[Any],
    resolved: Resolved,
    index: Index | None,
    *,
    seed: int,
    path: str | None,
    into: Format,
    backend: Backend | None = None,
) -> None:
    """Write a weight, or a block of it, into storage.

    Args:
        out: storage of the block's shape, any strides; uint16 for bfloat16.
        resolved: the scheme on the shape of the whole weight.
        index: one slice per axis; None for the whole weight.
        seed, path: they choose the stream.
        into: the dtype of the weight.
        backend: what draws; None for the one that suits.
    """
    law = resolved.law
    check_law(law, into.name, path)
    if isinstance(law, StructuredLaw):
        if out.size:
            write_structured(out, law, index, seed=seed, path=path, into=into, backend=backend)
    elif out.size:
        fill(out, resolved, index, seed=seed, path=path, into=into, backend=backend)


def check_law(law: Law, dtype: str | None = None, path: str | None = None) -> None:
    """Raise for a law that cannot be drawn, before anything is.

    Args:
        law: of the weight.
        dtype: of the weight; None where it is not known yet.
        path: of the weight; None where it has none, or is not known yet.

    Raises:
        FanwiseError: for a structured law that has no meaning on its shape, or on a path that does
            not say which of several weights it is, a cut that leaves too few words, and values
            that the dtype cannot hold.
    """
    if isinstance(law, StructuredLaw):
        check(law)
        if law.members and isinstance(path, str):
            shared_path(path, law.members)
    elif isinstance(law, TruncatedNormalLaw):
        window(law.low, law.high)
    if dtype is not None:
        check_fits(law, dtype)


def _destination(
    dtype: object, out: NDArray[Any] | None, shape: tuple[int, ...]
) -> tuple[Format, NDArray[Any], NDArray[Any]]:
    """Return the format, the array to write its storage into, and the array to return."""
    if out is None:
        into = format_of("float32" if dtype is None else dtype)
        stored = bfloat16_dtype() if into.name == "bfloat16" else into.storage
        result = empty(shape, stored)
        return into, result.view(into.storage), result
    if not isinstance(out, np.ndarray):
        raise FanwiseError("a NumPy array as out", type(out), "Pass an array, or leave out out=.")
    into = format_of(out.dtype if dtype is None else dtype)
    if out.dtype not in (into.storage, into.name):
        hint = f"Pass an array of {into.name}, or dtype={out.dtype.name!r}."
        raise FanwiseError(f"an out of dtype {into.name}", out.dtype, hint)
    if out.shape != shape:
        raise FanwiseError(f"an out of shape {shape}", out.shape, "Pass the block's own shape.")
    if not out.flags.writeable:
        raise FanwiseError("a writable out", Phrase("a read-only array"), "Pass a copy of it.")
    if not out.flags.c_contiguous and overlaps(out.shape, out.strides, out.itemsize):
        received = Phrase(f"shape {out.shape} with strides {out.strides}")
        hint = "Pass a contiguous array, then broadcast it."
        raise FanwiseError("an out with memory of its own for every element", received, hint)
    return into, out.view(into.storage), out
