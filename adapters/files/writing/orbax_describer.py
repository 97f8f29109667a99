"""The process in which Orbax describes arrays, and what it is told."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fanwise.adapters.files.faults import broken
from fanwise.adapters.files.libraries import program_environment
from fanwise.spec.errors import printable


class OrbaxDescriber:
    """A process that imports Orbax while the arrays are written, to be used in a ``with`` block.

    Args:
        folder: of the checkpoint.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        # Not imported: it imports JAX.
        program = str(Path(__file__).with_name("orbax_finishing.py"))
        self._process = subprocess.Popen(  # noqa: S603 - a program of this package, without a shell
            [sys.executable, "-P", program, str(self._folder)],
            env={**program_environment(), "JAX_PLATFORMS": "cpu"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Its input is this process's to end; it ends with it.
        self._process.communicate()

    def describe(self, arrays: Sequence[dict[str, Any]]) -> None:
        """Write what says of chunks which array they are, and of arrays which tree.

        Args:
            arrays: what :mod:`fanwise.adapters.files.writing.orbax_finishing` asks of each.

        Raises:
            FanwiseError: where Orbax fails.
        """
        self._clear(arrays)
        process = self._process
        assert process.stdin is not None
        assert process.stderr is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(list(arrays)).encode() + b"\n")
            process.stdin.flush()
        told = process.stderr.read().decode(errors="replace")
        if process.wait():
            reason = printable(told.strip().rpartition("\n")[2])
            hint = "Update it: pip install -U orbax-checkpoint"
            raise broken("a checkpoint that Orbax describes", reason, hint)

    def _clear(self, arrays: Sequence[dict[str, Any]]) -> None:
        """Remove what a kill has left of an earlier description."""
        for facts in arrays:
            place = self._folder / facts["folder"]
            place.mkdir(parents=True, exist_ok=True)
            for file in place.iterdir():
                if not (file.name[0].isdecimal() and file.name[-1].isdecimal()):
                    file.unlink()
        for file in self._folder.glob("_*"):
            file.unlink()
