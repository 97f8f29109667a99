"""A scheme as an initializer of JAX: ``init(key, shape, dtype, out_sharding)``."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import jax
import numpy as np

from fanwise.adapters.engines import Engine, EngineName, checked_engine
from fanwise.adapters.jax.drawing import native, portable
from fanwise.adapters.jax.drawing.dtypes import checked_dtype, is_complex, resolved_dtype
from fanwise.adapters.jax.drawing.keys import native_key
from fanwise.adapters.jax.drawing.streams_in_use import check_unmapped, note_stream
from fanwise.adapters.jax.initializers.axes import AxisRoles, column_pattern
from fanwise.core.dtypes import check_bytes
from fanwise.core.keys import checked_seed, path_counter
from fanwise.spec.axes import checked_pattern
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Columns:
    """The axis of an orthogonal weight that holds its columns."""

    column_axis: int


Axes = str | AxisRoles | Columns

_HAIKU: Final = (
    "Pass a key, or make the initializer with seed= and path=. Haiku passes no key; to use its "
    "keys, write w_init=lambda *args: init(haiku.next_rng_key(), *args)."
)


@dataclass(frozen=True)
class KeyedInitializer:
    """What the functions of this package return: an initializer, as a value.

    It compares and hashes by value, so a Flax module that holds one does too.

    Attributes:
        scheme: what it draws.
        axes: the role of each axis.
        dtype: the dtype where a call gives none; None is JAX's default.
        seed: the seed that counts instead of the key, or None.
        path: the weight's path, or None.
        engine: ``"portable"`` or ``"native"``.

    Examples:
        >>> import jax
        >>> import fanwise
        >>> init = KeyedInitializer(fanwise.scheme("he_normal"), seed=0, path="dense/kernel")
        >>> init(jax.random.key(1), (8, 16)).shape
        (8, 16)
        >>> init == KeyedInitializer(fanwise.scheme("he_normal"), seed=0, path="dense/kernel")
        True
    """

    scheme: Scheme
    axes: Axes = "kernel"
    dtype: Any = None
    seed: int | None = None
    path: str | None = None
    engine: Engine = Engine.PORTABLE

    def __call__(self, key: Any, shape: Any, dtype: Any = None, out_sharding: Any = None) -> Any:
        """Draw a weight.

        Haiku calls an initializer with the shape and the dtype alone; then there must be a seed.

        Args:
            key: a JAX key, traced or not; not looked at where there is a seed.
            shape: the weight's shape.
            dtype: float16, bfloat16, float32 or float64.
            out_sharding: how the result lies on a mesh (explicit axes).

        Returns:
            An array of the shape.

        Raises:
            FanwiseError: where the scheme has no meaning on the shape or the dtype.
        """
        if dtype is None and _is_shape(key) and not _is_sized(shape):
            if self.seed is None:
                raise FanwiseError("a JAX key before the shape", key, _HAIKU)
            key, shape, dtype = None, key, shape
        dtype = resolved_dtype(self.dtype if dtype is None else dtype)
        resolved = resolve(self.scheme, shape, self.pattern(shape))
        check_bytes(resolved.shape, np.dtype(dtype).itemsize)
        if self.engine == Engine.NATIVE or self._has_only_native(dtype):
            weight = native.draw(
                resolved.law,
                resolved.layout,
                key=native_key(key, self.seed, self.path),
                dtype=dtype,
                out_sharding=out_sharding,
            )
        else:
            weight = portable.draw(
                resolved,
                key=key,
                seed=self.seed,
                path=self.path,
                dtype=dtype,
                out_sharding=out_sharding,
            )
        if self.seed is not None:
            check_unmapped(key, self.seed, self.path, resolved.law)
            note_stream(weight, self.seed, self.path, resolved.law)
        return weight

    def pattern(self, shape: Any) -> str:
        """Return the axes pattern of a weight of a shape."""
        if isinstance(self.axes, AxisRoles):
            return self.axes.pattern(shape)
        if isinstance(self.axes, Columns):
            return column_pattern(self.axes.column_axis, shape)
        return self.axes

    def _has_only_native(self, dtype: Any) -> bool:
        if not is_complex(dtype):
            return False
        if self.seed is not None or self.path is not None:
            hint = "Pass engine='native', or leave out seed= and path=."
            raise FanwiseError("a real dtype for the portable stream", dtype, hint)
        warnings.warn(
            f"{self.scheme.name} in {dtype}: complex weights have no portable stream, so JAX's "
            "own sampler draws them. Pass engine='native' to say that this is meant.",
            stacklevel=3,
        )
        return True


def _is_shape(value: Any) -> bool:
    """Tell a shape, which Haiku passes in the place of a key, from a key and from a dtype."""
    return isinstance(value, list | tuple) and all(
        hasattr(size, "__index__") and not isinstance(size, bool) for size in value
    )


def _is_sized(value: Any) -> bool:
    """Tell a shape, even one that is refused later, from a dtype."""
    return isinstance(value, (list, tuple, np.ndarray, jax.Array))


def make(
    scheme: SchemeLike,
    axes: Axes | None = None,
    *,
    dtype: Any,
    seed: int | None,
    path: str | None,
    engine: EngineName,
) -> KeyedInitializer:
    """Make an initializer, with everything checked that can be before a shape is known."""
    chosen = as_scheme(scheme)
    if not isinstance(axes, (AxisRoles, Columns)):
        axes = chosen.pattern(axes)
        checked_pattern(axes)
    path_counter(path)
    seed = None if seed is None else checked_seed(seed)
    return KeyedInitializer(chosen, axes, checked_dtype(dtype), seed, path, checked_engine(engine))


def number(name: str, value: Any) -> Any:
    """Return a number, also where it comes as an array without axes."""
    if isinstance(value, jax.core.Tracer):
        hint = "Make the initializer with the number itself, and multiply its weights afterwards."
        raise FanwiseError(f"a number for {name}, known when it is made", value, hint)
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return value.item()
    return value
