"""Capture models of the zoo, print the table, and compare it with what is known not to be right.

    python -m zoo.captures [LIBRARY ...] [--session zoo] [--gate] [--keep]

Exits with 1 where a model is not proved that ``captures.toml`` does not list, and where one that
it lists is proved by now.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from zoo.captured import OUTCOMES
from zoo.known import surprises
from zoo.registry import LIBRARIES, Library
from zoo.worker_runs import run_worker

RESULTS: Final = Path(__file__).parent / "capture_results"
#: The longest that the models of one library may take.
_LIMIT_S: Final = 1800
#: The models that bundled recipes cite.
_CITED: Final = (
    Library("cited", "transformers", "torch"),
    Library("cited_vision", "timm", "torch", "zoo_vision"),
    Library("cited_keras", "keras-hub", "keras", backends=("torch",)),
)
#: One model in so many is captured, where that is not all of them.
_SHARES: Final = {
    "transformers": 10,
    "diffusers": 8,
    "torch_geometric": 10,
    "peft": 5,
    "x_transformers": 5,
    "monai": 6,
    "timm": 8,
    "torchvision": 6,
    "segmentation_models_pytorch": 8,
    "vit_pytorch": 5,
    "pytorchcv": 8,
    "keras_hub": 10,
    "keras_applications": 7,
    "keras_parts": 2,
    "keras_share": 4,
    "transformers_flax": 7,
}
#: What is captured at every change, and one model in how many.
_GATE: Final = {"cited": 9, "keras_parts": 16}


def main() -> None:
    """Capture models of the libraries that were asked for, by default all of a session."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("libraries", nargs="*")
    parser.add_argument("--session", default="zoo")
    parser.add_argument("--gate", action="store_true", help="capture what every change does")
    parser.add_argument("--keep", action="store_true", help=f"write the results to {RESULTS}")
    arguments = parser.parse_args()
    chosen = [
        library
        for library in (*_CITED, *LIBRARIES)
        if (library.module in _GATE if arguments.gate else library.session == arguments.session)
        and (not arguments.libraries or library.module in arguments.libraries)
    ]
    if not chosen:
        sys.exit("no library of the zoo is called so")
    shares = _GATE if arguments.gate else _SHARES
    results = [
        result for library in chosen for result in captured(library, shares.get(library.module, 1))
    ]
    Console().print(table(results))
    if arguments.keep:
        for result in results:
            (RESULTS / f"{result['name']}.json").write_text(json.dumps(result, indent=1) + "\n")
    faults = surprises(results, "captures.toml", right="proved", whole=not arguments.gate)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


def captured(library: Library, share: int = 1) -> Iterator[dict[str, Any]]:
    """Capture models of a library, on each of its backends."""
    yield from run_worker("zoo.capture_worker", library, share, _LIMIT_S)


def table(results: Iterable[Mapping[str, Any]]) -> Table:
    """Lay out what came of each library's models, and of all."""
    laid = Table("library", "framework", *OUTCOMES, "weights", "resolved")
    whole: Counter[str] = Counter()
    for result in results:
        counts = counted(result["verdicts"])
        whole += counts
        laid.add_row(result["name"], result["framework"], *_cells(counts))
    laid.add_section()
    laid.add_row("all", "", *_cells(whole))
    return laid


def counted(verdicts: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Count models by outcome, and their weights."""
    counts: Counter[str] = Counter()
    for verdict in verdicts:
        counts[verdict["outcome"]] += 1
        counts["weights"] += verdict["weights"]
        counts["resolved"] += verdict["resolved"]
    return counts


def _cells(counts: Counter[str]) -> list[str]:
    return [str(counts[name]) for name in (*OUTCOMES, "weights", "resolved")]


if __name__ == "__main__":
    main()
