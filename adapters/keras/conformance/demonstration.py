"""What the demonstration shows of Keras: its own kernel, and the one that Fanwise draws."""

from __future__ import annotations

from typing import Any, Final

import keras
from numpy.typing import NDArray

from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.adapters.keras.initializers.schemes import SchemeInitializer

OURS: Final = "fanwise.keras.HeNormal(seed=0, path=path)(shape)"


def name() -> str:
    """Return what the framework is called, and what it runs on."""
    return f"keras on {keras.backend.backend()}"


def own(shape: tuple[int, int], seed: int) -> NDArray[Any]:
    """Draw a weight by the framework's own initializer."""
    return host_array(keras.initializers.HeNormal(seed=seed)(shape))


def ours(shape: tuple[int, int], seed: int, path: str) -> NDArray[Any]:
    """Draw a kernel by Fanwise."""
    return host_array(SchemeInitializer("he_normal", seed=seed, path=path)(shape))
