"""The sizes of the small Llama that is trained, and of its training."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

ROOT: Final = Path(__file__).resolve().parent.parent
#: What it reads: the bytes of the specification.
TEXT: Final = ROOT / "spec" / "SPEC.md"
RECIPE: Final = Path(__file__).with_name("llama.toml")
SEED: Final = 17

TOKENS: Final = 256
WIDTH: Final = 64
LAYERS: Final = 4
HEADS: Final = 4
HEAD: Final = WIDTH // HEADS
HIDDEN: Final = 192
LENGTH: Final = 64
EPSILON: Final = 1e-5

STEPS: Final = 50
#: Sequences of a step, of all processes together.
BATCH: Final = 16
RATE: Final = 3e-3
BETAS: Final = (0.9, 0.95)
DECAY: Final = 0.1


def batch(step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the tokens of a step, and those that come next: (BATCH, LENGTH) each."""
    text = np.frombuffer(TEXT.read_bytes(), np.uint8)[: 1 << 16]
    starts = np.random.default_rng([SEED, step]).integers(0, len(text) - LENGTH - 1, BATCH)
    pieces = np.stack([text[start : start + LENGTH + 1] for start in starts]).astype(np.int64)
    return pieces[:, :-1], pieces[:, 1:]


def turns() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the cosines and sines of the rotary positions, (LENGTH, HEAD / 2) each."""
    angles = np.outer(np.arange(LENGTH), 10000.0 ** (-np.arange(0, HEAD, 2) / HEAD))
    return np.cos(angles), np.sin(angles)
