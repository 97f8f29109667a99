"""Which dtype a weight comes out in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.core.dtypes import format_of
from fanwise.spec.errors import FanwiseError


def checked_dtype(dtype: Any) -> Any:
    """A dtype of weights, or None as it is.

    Complex dtypes pass: JAX's own initializers draw them.

    Raises:
        FanwiseError: for anything but the four floating and the complex dtypes.
    """
    if dtype is None:
        return None
    try:
        found = np.dtype(jnp.dtype(dtype))
    except TypeError:
        hint = "Pass e.g. dtype=jnp.float32."
        raise FanwiseError("a dtype", dtype, hint) from None
    if not is_complex(found):
        format_of(found)
    return found


def is_complex(dtype: Any) -> bool:
    """Whether it is a complex dtype."""
    return bool(np.issubdtype(dtype, np.complexfloating))


def resolved_dtype(dtype: Any) -> Any:
    """The dtype that JAX will hold the weight in.

    None is JAX's default float. Without 64-bit mode JAX turns float64 into float32,
    with the warning that its own initializers give.
    """
    found = checked_dtype(dtype)
    if found is None or found.itemsize >= 8:
        return jnp.zeros((), found).dtype
    return found


def wide_mode() -> AbstractContextManager[Any]:
    """JAX's 64-bit mode, for the code inside."""
    on = True
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(on)  # type: ignore[no-any-return]
    from jax.experimental import enable_x64

    return enable_x64(on)  # type: ignore[no-any-return]
