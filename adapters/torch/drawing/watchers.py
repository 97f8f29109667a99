"""What watches torch's calls, and must see a draw, which otherwise goes past torch into memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from torch import _C, Tensor

from fanwise.adapters.torch.drawing.memory import is_fake
from fanwise.spec.errors import FanwiseError, Phrase

_PROXY: Final = _C._TorchDispatchModeKey.PROXY  # noqa: SLF001 (there is no public name for it)
_FAKE: Final = _C._TorchDispatchModeKey.FAKE  # noqa: SLF001 (nor for these)
_FUNCTIONAL: Final = _C._TorchDispatchModeKey.FUNCTIONAL  # noqa: SLF001

_count_modes: Final = _C._len_torch_dispatch_stack  # noqa: SLF001
_trace: Final = _C._get_tracing_state  # noqa: SLF001
#: Torch's own stubs lack it.
_set_trace: Final = vars(_C)["_set_tracing_state"]


def is_watched() -> bool:
    """Tell whether a dispatch mode is active, or a trace is being recorded."""
    return _count_modes() > 0 or _trace() is not None


@contextmanager
def unrecorded() -> Iterator[None]:
    """Keep what is only looked at out of jit.trace, in which every size is a tensor."""
    state = _trace()
    _set_trace(None)
    try:
        yield
    finally:
        _set_trace(state)


def check_fake(tensor: Tensor) -> None:
    """Raise for a real tensor where all of them have to be fake."""
    if _C._get_dispatch_mode(_FAKE) is not None and not is_fake(tensor):  # noqa: SLF001
        hint = "Make it inside the mode, or initialize it outside of it."
        raise FanwiseError("a fake tensor in a FakeTensorMode", Phrase("a real one"), hint)


def is_recorded() -> bool:
    """Tell whether what torch does is written down to be run again: jit.trace, make_fx."""
    return bool(
        _trace() is not None
        or _C._get_dispatch_mode(_PROXY) is not None  # noqa: SLF001
        or _C._get_dispatch_mode(_FUNCTIONAL) is not None  # noqa: SLF001
    )


def check_unrecorded() -> None:
    """Raise where a trace is being recorded: it would lack what goes past torch into memory."""
    if is_watched() and is_recorded():
        hint = "Initialize outside of the function that is traced."
        raise FanwiseError("a call outside of a trace", Phrase("code that is being traced"), hint)
