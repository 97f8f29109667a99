"""Running a page, in a folder and a process of its own, in an environment like a reader's."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

from pages.blocks import steps

WORKER = Path(__file__).with_name("worker.py")
#: Settings of the tests, or of a terminal, that a reader does not have.
UNSET = (
    "KERAS_BACKEND",
    "XLA_FLAGS",
    "FORCE_COLOR",
    "NO_COLOR",
    "CLICOLOR_FORCE",
    "TTY_COMPATIBLE",
)
COMMAND = f"""\
#!{sys.executable}
import sys
from fanwise.__main__ import main
sys.exit(main())
"""


def faults(page, folder):
    """Do what a page says in a new folder, and return what is not as it says."""
    outside = folder / "outside"
    outside.mkdir()
    planned, results = outside / "page", outside / "results.json"
    planned.write_text(json.dumps([dataclasses.asdict(step) for step in steps(page)]), "utf-8")
    command = outside / "fanwise"
    command.write_text(COMMAND, "utf-8")
    command.chmod(0o755)
    inside = folder / "inside"
    inside.mkdir()
    done = subprocess.run(
        [sys.executable, str(WORKER), str(planned), str(results)],
        cwd=inside,
        env=_environment(outside),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    if not results.is_file():
        return [f"It ended with status {done.returncode}:\n{done.stdout}{done.stderr}"]
    return json.loads(results.read_text("utf-8"))


def _environment(commands):
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    folders = (str(commands), str(Path(sys.executable).parent), kept["PATH"])
    return {
        **kept,
        "PATH": os.pathsep.join(folders),
        "COLUMNS": "80",
        "KERAS_HOME": str(commands),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
