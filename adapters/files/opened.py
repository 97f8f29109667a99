"""A file, or a folder of them, whose tensors can be read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from fanwise.adapters.stored_weights import StoredTensor


@dataclass(frozen=True)
class TensorFile:
    """The tensors of a file, to be read inside a ``with`` block.

    Attributes:
        tensors: by the names that the file gives them, in its order.
        format: what it is, ``"safetensors"``.
        framework: whose names these are: ``"torch"``, ``"keras"``, ``"flax"``, or ``""`` where
            the file does not say.
        metadata: what else it says of itself.
    """

    tensors: Mapping[str, StoredTensor]
    format: str
    framework: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    _closing: Callable[[], None] = field(default=lambda: None, repr=False)

    def close(self) -> None:
        """Close the file; its tensors cannot be read any more."""
        self._closing()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


#: Where a reader puts what is to be closed with its file.
Closing = contextlib.ExitStack
