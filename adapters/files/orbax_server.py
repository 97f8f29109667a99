"""The process that reads the arrays of a folder of Orbax, and the questions to it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files import orbax_serving
from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.libraries import program_environment
from fanwise.spec.errors import FanwiseError, Phrase

#: How long an answer may take.
_PATIENCE: Final = 120
_LONGEST_ANSWER: Final = 1 << 16


class OrbaxServer:
    """The process that reads; what it dies of, this one does not."""

    def __init__(self, folder: Path, driver: str, store: str) -> None:
        program = str(Path(orbax_serving.__file__))
        self._process = subprocess.Popen(  # noqa: S603 - a program of this package, without a shell
            [sys.executable, "-P", program, str(folder.absolute()), driver, store],
            env=program_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._lock = threading.Lock()

    def facts(self, array: str) -> dict[str, Any]:
        """Return shape and dtype of an array."""
        with self._lock:
            return self._asked({"array": array})

    def block(self, array: str, ranges: list[tuple[int, int]], length: int) -> bytes:
        """Return the bytes of a block of an array."""
        with self._lock:
            answer = self._asked({"array": array, "index": ranges})
            if answer.get("length") != length:
                raise broken(f"{length} bytes of {quoted(array)}", f"{answer.get('length')}")
            return self._received(array, length)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _asked(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._process.returncode is not None:
            raise FanwiseError(
                "an open checkpoint",
                Phrase("one that was closed, or that tensorstore failed on"),
                "Read the tensors inside the 'with' block of open_tensors.",
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        patience = threading.Timer(_PATIENCE, self._process.kill)
        patience.start()
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline(_LONGEST_ANSWER)
        except OSError:
            line = b""
        finally:
            patience.cancel()
        if not line.endswith(b"\n"):
            self.close()
            raise broken(
                f"{quoted(request['array'])} within {orbax_serving.MEMORY} bytes of memory",
                "an array that tensorstore fails on, or that takes too much memory or time",
            )
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise broken(f"the array {quoted(request['array'])}", quoted(answer["error"]))
        return answer

    def _received(self, array: str, length: int) -> bytes:
        assert self._process.stdout is not None
        data = self._process.stdout.read(length)
        if len(data) != length:
            raise broken(f"{length} bytes of {quoted(array)}", f"{len(data)}")
        return data
