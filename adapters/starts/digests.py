"""The SHA-256 of tensors, and the one that stands for a whole start."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TensorDigest:
    """What is known of a tensor once all of its bytes have been seen.

    Attributes:
        sha256: of its bytes, in hexadecimal.
        crc32: of them, and of what a file has before them, where its format asks for that.
    """

    sha256: str
    crc32: int | None = None


def start_digest(digests: Mapping[str, str]) -> str:
    """Return the digest of a start: SHA-256 of the sorted lines of names and digests.

    Args:
        digests: the SHA-256 of each tensor's bytes, in hexadecimal, by its name.

    Examples:
        >>> start_digest({"b": "22", "a": "11"}) == start_digest({"a": "11", "b": "22"})
        True
    """
    lines = sorted(f"{name} {digest}\n" for name, digest in digests.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()
