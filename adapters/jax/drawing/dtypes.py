"""Which dtype a weight comes out in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.core.dtypes import format_of
from fanwise.spec.errors import FanwiseError


def checked_dtype(dtype: Any) -> Any:
    """Return a dtype of weights, or None as it is.

    Complex dtypes pass: JAX's own initializers draw them.

    Raises:
        FanwiseError: for anything but the four floating and the complex dtypes.
    """
    if dtype is None:
        return None
    return _known(dtype) if isinstance(dtype, _FIXED) else _checked(dtype)


def _checked(dtype: Any) -> Any:
    try:
        checked = np.dtype(jnp.dtype(dtype))
    except (TypeError, ValueError):  # a name with a lone surrogate is a ValueError
        hint = "Pass e.g. dtype=jnp.float32."
        raise FanwiseError("a dtype", dtype, hint) from None
    if not is_complex(checked):
        format_of(checked)
    return checked


#: What never changes its meaning, and can be looked up.
_FIXED: Final = (str, np.dtype, type)
_known: Final = lru_cache(maxsize=64)(_checked)


def is_complex(dtype: Any) -> bool:
    """Tell whether it is a complex dtype."""
    return bool(np.issubdtype(dtype, np.complexfloating))


def resolved_dtype(dtype: Any) -> Any:
    """Return the dtype that JAX will hold the weight in.

    None is JAX's default float. Without 64-bit mode JAX turns float64 into float32,
    with the warning that its own initializers give.
    """
    checked = checked_dtype(dtype)
    if checked is None:
        return jax.dtypes.canonicalize_dtype(float)
    return jnp.zeros((), checked).dtype if checked.itemsize >= 8 else checked


def wide_mode() -> AbstractContextManager[Any]:
    """Return JAX's 64-bit mode, for the code inside."""
    on = True
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(on)  # type: ignore[no-any-return]
    from jax.experimental import enable_x64

    return enable_x64(on)  # type: ignore[no-any-return]
