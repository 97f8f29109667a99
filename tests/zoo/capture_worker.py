"""Capture the models of one library, and print what comes of each as a line of JSON.

A process of its own for each library: what one leaves behind, no other sees.

    python -m zoo.capture_worker MODULE FRAMEWORK [--share N] [--only NAME]
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
import traceback
from dataclasses import asdict

from fanwise import FanwiseError
from zoo.captured import CaptureVerdict, capture
from zoo.zoo_model import ZooModel


def main() -> None:
    """Capture every model of the library, or one in so many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module")
    parser.add_argument("framework")
    parser.add_argument("--share", type=int, default=1, help="one model in so many")
    parser.add_argument("--only", default="", help="models that have this in their names")
    arguments = parser.parse_args()
    # What the libraries print goes elsewhere.
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    models = importlib.import_module(f"zoo.libraries.{arguments.module}").MODELS
    for model in models[:: arguments.share]:
        if arguments.only in model.name:
            started = time.perf_counter()
            verdict = _verdict(model, arguments.framework)
            seconds = round(time.perf_counter() - started, 2)
            print(json.dumps({**asdict(verdict), "seconds": seconds}), file=lines, flush=True)


def _verdict(model: ZooModel, framework: str) -> CaptureVerdict:
    """Capture a model; that it is refused, or cannot be built, is a verdict too."""
    try:
        return capture(model, framework)
    except Exception as error:  # noqa: BLE001
        if not isinstance(error, FanwiseError):
            traceback.print_exc()
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        return CaptureVerdict(model.name, "error", reason=reason)


if __name__ == "__main__":
    main()
