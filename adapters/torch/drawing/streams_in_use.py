"""The streams that living torch weights were drawn from, with a warning for two of one."""

from __future__ import annotations

from typing import Final

from torch import Tensor

from fanwise.adapters.repeated_streams import Span, StreamUses
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import byte_length

_uses: Final = StreamUses()


def note_stream(tensor: Tensor, seed: int, path: str | None) -> None:
    """Remember a tensor's stream; warn where another weight in use was drawn from it.

    To be called where the caller gave the seed and something random is drawn, and before it
    is written, so that a warning made an error leaves the tensor as it was.

    Args:
        tensor: what is about to be drawn; on the meta device nothing is.
        seed, path: they choose the stream.

    Warns:
        RepeatedStreamWarning: at the line of the caller's own code.
    """
    memory = sharded.memory(tensor)
    if memory.is_meta or memory.numel() == 0:
        return
    # Not the tensor: views, ``detach()`` and ``.data`` of one weight are that weight.
    _uses.note(seed, path, memory.untyped_storage(), _bytes_of(memory))


def _bytes_of(memory: Tensor) -> Span:
    """Return where in its storage a tensor begins and ends, so that packed halves differ."""
    start = memory.storage_offset() * memory.itemsize
    return start, start + byte_length(memory)


def note_plain_stream(tensor: Tensor, seed: int, path: str | None) -> None:
    """Remember the stream of a tensor that is known to be plain, contiguous and not empty."""
    _uses.note(seed, path, tensor.untyped_storage(), _bytes_of(tensor))
