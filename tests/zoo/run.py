"""Judge the zoo, print the table, and compare it with what is known not to be right.

    python -m zoo.run [LIBRARY ...] [--session zoo] [--share N] [--keep]

Exits with 1 where a model is not right that ``known.toml`` does not list, and where one that it
lists is right by now.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from zoo.known import surprises
from zoo.registry import LIBRARIES, Library
from zoo.tables import table
from zoo.worker_runs import run_worker

RESULTS: Final = Path(__file__).parent / "results"
#: The longest that the models of one library may take.
_LIMIT_S: Final = 900


def main() -> None:
    """Judge the libraries that were asked for, by default all of a session."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("libraries", nargs="*")
    parser.add_argument("--session", default="zoo")
    parser.add_argument("--share", type=int, default=1, help="judge one model in so many")
    parser.add_argument("--gate", action="store_true", help="judge what is judged at every change")
    parser.add_argument("--keep", action="store_true", help=f"write the results to {RESULTS}")
    arguments = parser.parse_args()
    chosen = [
        library
        for library in LIBRARIES
        if library.session == arguments.session
        and (not arguments.libraries or library.module in arguments.libraries)
        and (library.in_gate or not arguments.gate)
    ]
    if not chosen:
        sys.exit("no library of the zoo is called so")
    results = [result for library in chosen for result in judged(library, arguments.share)]
    Console().print(table(results))
    if arguments.keep:
        for result in results:
            (RESULTS / f"{result['name']}.json").write_text(json.dumps(result, indent=1) + "\n")
    faults = surprises(results, whole=arguments.share == 1)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


def judged(library: Library, share: int = 1) -> Iterator[dict[str, Any]]:
    """Judge the models of a library, on each of its backends."""
    yield from run_worker("zoo.worker", library, share, _LIMIT_S)


if __name__ == "__main__":
    main()
