"""Runs of a worker on the models of a library: a process for each of its backends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from zoo.registry import Library


def run_worker(worker: str, library: Library, share: int, limit_s: int) -> Iterator[dict[str, Any]]:
    """Run a worker on the models of a library, on each of its backends.

    Args:
        worker: the module that is run, which prints a verdict on each model, as JSON.
        library: whose models.
        share: one model in so many.
        limit_s: the longest that the models of one backend may take, in seconds.
    """
    for backend in library.backends or ("",):
        yield {
            "name": f"{library.module}-{backend}" if backend else library.module,
            "library": library.distribution,
            "version": version(library.distribution),
            "framework": f"{library.framework} on {backend}" if backend else library.framework,
            "verdicts": list(_verdicts(worker, library, backend, share, limit_s)),
        }


def _verdicts(
    worker: str, library: Library, backend: str, share: int, limit_s: int
) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", worker, library.module, library.framework]
    variables = {**os.environ, **({"KERAS_BACKEND": backend} if backend else {})}
    print(f"{library.module} {backend}", flush=True)
    log = Path(os.environ.get("ZOO_LOG", os.devnull))
    with log.open("a") as errors:
        done = subprocess.run(
            [*command, f"--share={share}"],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            timeout=limit_s,
            check=False,
        )
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or not verdicts:
        sys.exit(f"{library.module} ended with {done.returncode} after {len(verdicts)} models")
    for verdict in verdicts:
        # How long it took is another number each time.
        del verdict["seconds"]
        yield verdict
