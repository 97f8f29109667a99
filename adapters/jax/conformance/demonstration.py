"""What the demonstration shows of JAX: its own kernel, and the one that Fanwise draws."""

from __future__ import annotations

from typing import Any, Final

import jax
import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.jax.initializers.absolute import initializer

OURS: Final = "fanwise.jax.he_normal(path=path)(key, shape)"


def name() -> str:
    """Return what the framework is called."""
    return "jax"


def own(shape: tuple[int, int], seed: int) -> NDArray[Any]:
    """Draw a weight by the framework's own initializer."""
    return np.array(jax.nn.initializers.he_normal()(jax.random.key(seed), shape))


def ours(shape: tuple[int, int], seed: int, path: str) -> NDArray[Any]:
    """Draw a kernel by Fanwise."""
    return np.array(initializer("he_normal", path=path)(jax.random.key(seed), shape))
