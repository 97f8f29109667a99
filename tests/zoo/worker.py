"""Judge the models of one library, and print what comes of each as a line of JSON.

A process of its own for each library: what one leaves behind, no other sees.

    python -m zoo.worker MODULE FRAMEWORK [--share N]
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
from zoo.verdicts import Verdict
from zoo.zoo_model import ZooModel


def main() -> None:
    """Judge every model of the library, or one in so many."""
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
    judge = importlib.import_module(f"zoo.judges.{arguments.framework}_models").judge
    for model in models[:: arguments.share]:
        if arguments.only in model.name:
            started = time.perf_counter()
            verdict = _verdict(judge, model)
            seconds = round(time.perf_counter() - started, 2)
            print(json.dumps({**asdict(verdict), "seconds": seconds}), file=lines, flush=True)


def _verdict(judge: object, model: ZooModel) -> Verdict:
    """Judge a model; that it is refused, or cannot be built, is a verdict too."""
    assert callable(judge)
    try:
        verdict = judge(model)
    except FanwiseError as error:
        return Verdict(model.name, "error", str(error).splitlines()[0])
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        return Verdict(model.name, "wrong", f"{type(error).__name__}: {error}"[:300])
    assert isinstance(verdict, Verdict)
    return verdict


if __name__ == "__main__":
    main()
