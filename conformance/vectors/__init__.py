"""Golden vectors: known answers in JSON, the same for every language and framework.

``python -m fanwise.conformance.vectors FOLDER`` writes them again; a test compares the
files with what an implementation that shares no code with the core gives.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import Draw
from fanwise.core import sample, to_canonical
from fanwise.core.dtypes import format_of
from fanwise.spec.scheme import Scheme

VERSION: Final = "1"


@dataclass(frozen=True)
class Golden:
    """A weight with the digest that every implementation must give it."""

    id: str
    draw: Draw
    sha256: str


def digest(stored: NDArray[Any], axes: str) -> str:
    """Return the SHA-256 of a weight's little-endian bytes in canonical order."""
    canonical = np.ascontiguousarray(to_canonical(stored, axes))
    little = canonical.astype(canonical.dtype.newbyteorder("<"), copy=False)
    return hashlib.sha256(little.tobytes()).hexdigest()


def golden(name: str = "tensors") -> tuple[Golden, ...]:
    """Return the golden tensors: of the laws, or of every later scheme of the ``catalogue``."""
    return tuple(Golden(row["id"], draw_of(row), row["sha256"]) for row in load(name)["cases"])


def load(name: str) -> dict[str, Any]:
    """Return the vectors of one file."""
    folder = resources.files("fanwise.conformance") / "vectors"
    data: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return data


def draw_of(row: dict[str, Any]) -> Draw:
    """Return the draw that a row of a file describes."""
    return Draw(
        Scheme.from_dict(row["scheme"]),
        tuple(row["shape"]),
        int(row["seed"]),
        row["path"],
        row["axes"],
        row["dtype"],
    )


def far_blocks() -> tuple[tuple[Draw, tuple[slice, ...], str], ...]:
    """Return blocks of weights that are too large to draw whole, with the digest of each block."""
    return tuple(
        (draw_of(row), tuple(slice(*part) for part in row["index"]), row["sha256"])
        for row in load("blocks")["cases"]
    )


def block_digest(draw: Draw, index: tuple[slice, ...]) -> str:
    """Return the SHA-256 of a block's little-endian bytes, in storage order."""
    shape = tuple(len(range(*part.indices(n))) for part, n in zip(index, draw.shape, strict=True))
    block = draw_block(draw, shape, index)
    little = block.astype(block.dtype.newbyteorder("<"), copy=False)
    return hashlib.sha256(np.ascontiguousarray(little).tobytes()).hexdigest()


def draw_block(
    draw: Draw, shape: tuple[int, ...], index: tuple[slice, ...] | None = None
) -> NDArray[Any]:
    """Draw a weight as it is stored, or a block of it that has a shape."""
    out = np.empty(shape, format_of(draw.dtype).storage)
    how: dict[str, Any] = {"seed": draw.seed, "path": draw.path, "axes": draw.axes}
    return sample(draw.scheme, draw.shape, dtype=draw.dtype, index=index, out=out, **how)
