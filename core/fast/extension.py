"""The compiled extension: what it offers, and whether it is there and fits.

It is a distribution of its own, ``fanwise-kernels``, whose sources are in ``kernels/``; Fanwise
draws the same bits without it, but of orthogonal weights, which then agree to rounding.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Final, Protocol, cast

#: Raised, there and here, when what is handed over changes: jobs, scales, entries, the table.
ABI: Final = 2

NAME: Final = "fanwise_kernels"
INSTALL: Final = (
    'Run: pip install --upgrade "fanwise[fast]", or in a copy of the repository: '
    "pip install --upgrade ./kernels"
)


class Kernels(Protocol):
    """What the extension offers. Addresses are integers; all that is at them outlives the call."""

    ABI: int

    def draw(self, entries: int, first: int, last: int, table: int) -> None:
        """Draw some entries of many weights; other threads of Python run meanwhile."""

    def draw_weight(self, job: int, scale: int, out: int, k0: int, k1: int, table: int) -> None:
        """Draw all tiles of one plan, in this thread."""

    def block(
        self, c0: int, c1: int, c2: int, c3: int, k0: int, k1: int
    ) -> tuple[int, int, int, int]:
        """Compute the four words of one Philox block."""

    def reflects(self) -> bool:
        """Return whether the instruction set has what the next four take."""

    def make_reflections(
        self, reflections: int, panel: int, gaussian: int, down: int, along: int
    ) -> None:
        """Make a panel of reflections of the first matrix."""

    def apply_reflections(self, reflections: int, panel: int, last: int, columns: int) -> None:
        """Apply a panel to the columns of the identity that are the last one's own."""

    def write_reflected(self, reflections: int, panel: int, work: int) -> None:
        """Write the columns of the first matrix that belong to a panel."""

    def write_orthonormal(
        self, reflections: int, work: int, gaussians: int, apart: int, down: int, along: int
    ) -> None:
        """Do both for all panels of all matrices."""

    def instruction_sets(self) -> tuple[str, ...]:
        """Name what this build has code for and this processor can run, the fastest first."""

    def use(self, name: str) -> None:
        """Draw by one of the instruction sets from now on, in all threads."""


def is_installed() -> bool:
    """Return whether it is there, without importing it."""
    return importlib.util.find_spec(NAME) is not None


def load() -> Kernels:
    """Import the extension.

    Raises:
        ModuleNotFoundError: where it is not installed.
        ImportError: where it does not work, or is for another version of Fanwise.
    """
    try:
        module = importlib.import_module(NAME)
    except ModuleNotFoundError as error:
        if error.name == NAME:
            raise ModuleNotFoundError("fanwise-kernels is not installed", name=NAME) from None
        raise ImportError(f"fanwise-kernels does not work: {error!r}") from error
    except Exception as error:
        raise ImportError(f"fanwise-kernels does not work: {error!r}") from error
    found = getattr(module, "ABI", None)
    if found != ABI:
        raise ImportError(f"fanwise-kernels has the interface {found}, not {ABI}, of this Fanwise")
    return cast("Kernels", module)
