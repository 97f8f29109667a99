"""The names of ``jax.nn.initializers`` whose scale is not a matter of fans, and any scheme.

Every function makes an initializer ``init(key, shape, dtype=None, out_sharding=None)``, as
in JAX, and takes three keyword-only arguments more:

- ``seed``: the seed that counts instead of the key. The key of a Flax layer depends on
  where the layer stands, so the weights of another framework come out only with a seed.
  Weights of one seed want a path each.
- ``path``: the weight's path in its model, which gives it a stream of its own.
- ``engine``: ``"portable"``, the same bits as everywhere, or ``"native"``, JAX's samplers.
"""

from __future__ import annotations

from typing import Any

# These draw nothing: JAX's own, with all that they accept.
from jax.nn.initializers import Initializer, ones, zeros

from fanwise.adapters.engines import EngineName
from fanwise.adapters.jax.initializers.keyed_initializer import (
    Columns,
    KeyedInitializer,
    make,
    number,
)
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import SchemeLike, scheme


def initializer(
    scheme: SchemeLike,
    *,
    axes: str | None = None,
    dtype: Any = None,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> KeyedInitializer:
    """Make an initializer of any scheme.

    Args:
        scheme: a scheme or its name.
        axes: the role of each axis, a pattern or its name, e.g. ``"keras_transposed"`` for
            a Flax ``ConvTranspose(transpose_kernel=True)``; None for the scheme's own, which few
            have, or else ``"kernel"``.
        dtype: the dtype where a call gives none.
        seed: 0 ≤ seed < 2⁶⁴, which counts instead of the key.
        path: the weight's path in its model; every path has a stream of its own.
        engine: ``"portable"``, the same bits as everywhere, or ``"native"``, JAX's own samplers.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> init = initializer("he_normal", axes="out in *", seed=0, path="conv/kernel")
        >>> init(jax.random.key(1), (32, 16, 3, 3)).shape
        (32, 16, 3, 3)
    """
    return make(scheme, axes, dtype=dtype, seed=seed, path=path, engine=engine)


def zeros_init() -> Initializer:
    """Return :func:`zeros`, by Flax's name for it.

    Returns:
        JAX's own initializer of zeros.

    Examples:
        >>> import jax
        >>> zeros_init()(jax.random.key(0), (2,))
        Array([0., 0.], dtype=float32)
    """
    return zeros


def ones_init() -> Initializer:
    """Return :func:`ones`, by Flax's name for it.

    Returns:
        JAX's own initializer of ones.

    Examples:
        >>> import jax
        >>> ones_init()(jax.random.key(0), (2,))
        Array([1., 1.], dtype=float32)
    """
    return ones


def uniform(
    scale: Any = 1e-2,
    dtype: Any = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws uniformly between 0 and ``scale``.

    Args:
        scale: the end of the interval; it may be negative.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> float(uniform(2.0)(jax.random.key(0), (1000,)).max()) < 2.0
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """
    end = number("scale", scale)
    below = isinstance(end, (int, float)) and end < 0
    chosen = scheme("uniform", low=end if below else 0.0, high=0.0 if below else end)
    return make(chosen, dtype=dtype, seed=seed, path=path, engine=engine)


def normal(
    stddev: Any = 1e-2,
    dtype: Any = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws normally, with mean 0.

    Args:
        stddev: the standard deviation, at least 0.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> normal(0.02)(jax.random.key(0), (768, 768)).std().round(4)
        Array(0.02, dtype=float32)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """
    chosen = scheme("normal", std=number("stddev", stddev))
    return make(chosen, dtype=dtype, seed=seed, path=path, engine=engine)


def truncated_normal(
    stddev: Any = 1e-2,
    dtype: Any = None,
    lower: Any = -2.0,
    upper: Any = 2.0,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws normally between two bounds.

    As in JAX ``stddev`` is that of the normal before the cut; the scheme
    ``truncated_normal`` takes that of the weights, unless ``corrected=False``.

    Args:
        stddev: standard deviation before the cut.
        lower, upper: the bounds, in units of ``stddev``.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> truncated_normal(0.02)(jax.random.key(0), (768, 768)).std().round(4)
        Array(0.0176, dtype=float32)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """
    chosen = scheme(
        "truncated_normal",
        std=number("stddev", stddev),
        low=number("lower", lower),
        high=number("upper", upper),
        corrected=False,
    )
    return make(chosen, dtype=dtype, seed=seed, path=path, engine=engine)


def orthogonal(
    scale: Any = 1.0,
    column_axis: int = -1,
    dtype: Any = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> KeyedInitializer:
    """Make an initializer of semi-orthogonal matrices, Haar-distributed.

    Args:
        scale: factor on the weights.
        column_axis: the axis that holds the columns; the others together are the rows.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> q = orthogonal()(jax.random.key(0), (64, 32))
        >>> bool(jnp.allclose(q.T @ q, jnp.eye(32), atol=1e-5))
        True

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980, SIAM J. Numer. Anal. 17(3).
    """
    chosen = scheme("orthogonal", gain=number("scale", scale))
    if not hasattr(column_axis, "__index__"):
        raise FanwiseError("an integer for column_axis", column_axis, "Pass e.g. -1.")
    columns = Columns(column_axis.__index__())
    return make(chosen, columns, dtype=dtype, seed=seed, path=path, engine=engine)


def delta_orthogonal(
    scale: Any = 1.0,
    column_axis: int = -1,
    dtype: Any = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> KeyedInitializer:
    """Make an initializer of kernels that are orthogonal at their centre, else zero.

    Args:
        scale: factor on the weights.
        column_axis: -1 or -2, as in JAX. Both have the same distribution, and here the
            same weights.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> kernel = delta_orthogonal()(jax.random.key(0), (3, 3, 8, 16))
        >>> int((kernel != 0).any(axis=(2, 3)).sum())
        1

    References:
        Xiao et al. 2018, arXiv:1806.05393, algorithm 1.
    """
    if column_axis not in (-2, -1, 0, 1):
        raise FanwiseError("column_axis -1 or -2", column_axis, "Pass one of the two.")
    chosen = scheme("delta_orthogonal", gain=number("scale", scale))
    return make(chosen, dtype=dtype, seed=seed, path=path, engine=engine)
