"""Kill writers of starts at random moments, and let them go on: the files must be the right ones.

Each writer is a process of its own, and is ended by SIGKILL. What it has written by then is what
the next one finds. In the end every file is compared with that of a writer that nobody killed, and
what is in it with what the recipe draws.

    python tests/stress/kills.py --format=safetensors --kills=20
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import fanwise

RECIPE: Final = """
fanwise = 1

[[rule]]
role = "kernel"
init = "he_normal"

[[rule]]
role = "bias"
init = "zeros"
"""
#: Of each layer's kernel: 16 MiB, so that some are finished between two kills, and some are not.
SHAPE: Final = (2048, 2048)


def main() -> None:
    """Kill the writers of one format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--format", default="safetensors", help="of the files")
    parser.add_argument("--kills", type=int, default=20, help="how many")
    parser.add_argument("--layers", type=int, default=40, help="of the model: 16 MiB each")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="kills") as folder:
        run = Kills(Path(folder), options.format, options.layers)
        run.kill(options.kills, chance)


class Kills:
    """A start of one format, and its writers.

    Args:
        folder: for all of it.
        form: the format.
        layers: of the model.
    """

    def __init__(self, folder: Path, form: str, layers: int) -> None:
        self.folder, self.form = folder, form
        shapes = {}
        for number in range(layers):
            shapes[f"layers.{number}.up.weight"] = {"shape": SHAPE, "dtype": "float32"}
            shapes[f"layers.{number}.up.bias"] = {"shape": SHAPE[:1], "dtype": "float16"}
        (folder / "shapes.json").write_text(json.dumps(shapes))
        (folder / "rules.toml").write_text(RECIPE)

    def kill(self, count: int, chance: random.Random) -> None:
        """Kill so many writers, and look at what the last ones have written."""
        writer = self._begun("whole")
        begun = time.monotonic()
        if writer.wait():
            sys.exit("a writer that nobody killed failed")
        longest = time.monotonic() - begun
        right = digests(self.folder / self._name("whole"))
        killed = finished = 0
        while killed < count:
            writer = self._begun("out")
            time.sleep(chance.uniform(0, longest))
            if writer.poll() is None:
                os.kill(writer.pid, signal.SIGKILL)
            status = writer.wait()
            killed += status == -signal.SIGKILL
            if status not in (0, -signal.SIGKILL):
                sys.exit(f"a writer ended with {status} after {killed} kills")
            # One that was killed late may have finished.
            if status == 0 or (self.folder / self._name("out")).exists():
                finished += self._look(right)
        if self._begun("out").wait():
            sys.exit("the last writer failed")
        finished += self._look(right)
        print(
            f"{self.form}: {killed} kills at random moments within {longest:.1f} s of writing; "
            f"{finished} starts finished, all with the right bytes"
        )

    def _begun(self, name: str) -> subprocess.Popen[bytes]:
        """Start a writer, and wait until it writes, or has ended."""
        writer = self._write(name)
        journal = self.folder / f"{self._name(name)}.writing" / "journal"
        before = journal.stat().st_ino if journal.exists() else None
        while writer.poll() is None:
            # It writes the journal anew.
            with contextlib.suppress(OSError):
                if journal.stat().st_ino != before:
                    break
            time.sleep(0.01)
        return writer

    def _write(self, name: str) -> subprocess.Popen[bytes]:
        command = [
            *(sys.executable, "-m", "fanwise", "write", "--shapes", "shapes.json"),
            *("--recipe", "rules.toml", "--seed", "11", "--format", self.form),
            *("--shard-size", "100MB", "-o", self._name(name)),
        ]
        return subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)

    def _name(self, name: str) -> str:
        return f"{name}.npz" if self.form == "npz" else name

    def _look(self, right: dict[str, str]) -> int:
        """Compare what was finished with what is right, and remove it."""
        target = self.folder / self._name("out")
        found = digests(target)
        if found != right:
            wrong = [name for name in {*found, *right} if found.get(name) != right.get(name)]
            sys.exit(f"other bytes than those of a writer that nobody killed: {sorted(wrong)}")
        verdict = fanwise.verify(target)
        if not verdict.passed:
            sys.exit(str(verdict))
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        target.with_name(f"{target.name}.start.json").unlink(missing_ok=True)
        return 1


def digests(target: Path) -> dict[str, str]:
    """Return the digest of each file of a start, by its path in it."""
    files = sorted(target.rglob("*")) if target.is_dir() else [target]
    found = {}
    for file in files:
        if file.is_file():
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            found[str(file.relative_to(target)) if file != target else "file"] = digest
    return found


if __name__ == "__main__":
    main()
