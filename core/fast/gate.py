"""Which of the core's two backends draws: NumPy, or the compiled extension."""

from __future__ import annotations

import os
import threading
import warnings
from enum import Enum
from typing import Final

from fanwise.core.fast.extension import INSTALL, Kernels, load
from fanwise.spec.errors import FanwiseError, Phrase


class Backend(Enum):
    """What draws. The bits are the same, but of orthogonal weights, which are sums of floats.

    Those agree to rounding, so a process is to draw them by one of the two.
    """

    NUMPY = "numpy"
    COMPILED = "compiled"


#: Environment variable that chooses the backend where no one else does.
SWITCH: Final = "FANWISE_FAST"
#: What it may be, in capitals too; the extension is taken, if there is one, where it is empty.
SWITCHES: Final = {
    "": None,
    **dict.fromkeys(("0", "false", "off", "no"), Backend.NUMPY),
    **dict.fromkeys(("1", "true", "on", "yes"), Backend.COMPILED),
}

#: Held by the thread that looks for it; a signal that interrupts that thread may draw as well.
_loading: Final = threading.RLock()
if hasattr(os, "register_at_fork"):
    # Else it would be held for ever in a process that is forked meanwhile.
    os.register_at_fork(
        before=_loading.acquire,
        after_in_parent=_loading.release,
        after_in_child=_loading.release,
    )
#: The extension, or why there is none; empty until it was looked for.
_found: Final[list[Kernels | ImportError]] = []
#: Not empty while it is looked for.
_begun: Final[list[bool]] = []


def kernels(backend: Backend | None = None) -> Kernels | None:
    """Return the extension, or None where NumPy is to draw.

    Args:
        backend: None for what the environment says, or else what is there.

    Raises:
        FanwiseError: where the environment says something else, or where the extension is asked
            for, by it or by the caller, and is not there.
    """
    if backend is None:
        backend = _switched()
    if backend is Backend.NUMPY:
        return None
    if not _found:
        # Whoever comes meanwhile waits: drawn by NumPy, an orthogonal weight would have other
        # bits than in the next run.
        with _loading:
            if _begun:  # by this very thread, which a signal interrupted
                return None
            _find(backend)
    found = _found[0]
    if not isinstance(found, ImportError):
        return found
    if backend is None:
        return None
    hint = f"{INSTALL}; or unset {SWITCH}, and NumPy draws the same bits, slower."
    raise FanwiseError("the compiled extension", Phrase(str(found)), hint)


def _find(backend: Backend | None) -> None:
    """Look for the extension, unless that is done."""
    if not _found:
        _begun.append(True)
        try:
            _found.append(_look())
        finally:
            _begun.clear()
        _warn_of(_found[0], backend)


def _switched() -> Backend | None:
    """Return what the environment says."""
    said = os.environ.get(SWITCH, "")
    if said.lower() in SWITCHES:
        return SWITCHES[said.lower()]
    known = ", ".join(filter(None, SWITCHES))
    raise FanwiseError(f"{SWITCH} to be one of {known}", said, f"Correct or unset {SWITCH}.")


def _look() -> Kernels | ImportError:
    try:
        return load()
    except ImportError as error:
        return error


def _warn_of(found: Kernels | ImportError, backend: Backend | None) -> None:
    """Say that what is installed is of no use; who asks for it by name is told by an error."""
    of_no_use = isinstance(found, ImportError) and not isinstance(found, ModuleNotFoundError)
    if of_no_use and backend is None:
        told = f"{found}; NumPy draws the same bits, slower. {INSTALL}"
        warnings.warn(told, RuntimeWarning, stacklevel=3)
