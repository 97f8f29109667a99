"""Compile in several processes at once: all draw the same, and one file of each kind is kept.

python tests/stress/compiles.py --processes=3
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

#: Draws by both paths, and prints whether the bits are the same.
DRAW = """
import os
import fanwise
def draw(switch, dtype):
    os.environ["FANWISE_FAST"] = switch
    return fanwise.sample("he_normal", (333, 77), seed=3, path="w", dtype=dtype).tobytes()
print(all(draw("0", dtype) == draw("1", dtype) for dtype in ("float16", "float32", "float64")))
"""


def main() -> None:
    """Compile as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FANWISE_CACHE_DIR": folder}
        command = [sys.executable, "-W", "error", "-c", DRAW]
        started = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
            for _ in range(options.processes)
        ]
        said = [process.communicate(timeout=500)[0].strip() for process in started]
        assert said == ["True"] * options.processes, said
        kept = sorted(path.name for path in Path(folder).iterdir())
        assert [name.rpartition("-")[2] for name in kept] == ["2.o", "4.o", "8.o"], kept
    print(f"{options.processes} compiles at once")


if __name__ == "__main__":
    main()
