"""Plant the faults, audit right checkpoints beside them, and count both.

    python -m audits.bench [FAULT ...] [--right COUNT] [--share N] [--keep]

Exits with 1 where a fault is missed or not called by its name, where something else is called one,
and where an audit of a right checkpoint fails.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from audits.faults import FAULTS
from audits.faults.planted_fault import PlantedFault
from audits.right_checkpoints import checkpoints
from audits.verdicts import judge_fault
from fanwise.spec.versions import package_version

RESULTS: Final = Path(__file__).parent / "results.json"


def main() -> None:
    """Judge what was asked for, by default everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", help="a word of their names")
    parser.add_argument("--right", type=int, default=1000, help="how many right checkpoints")
    parser.add_argument("--share", type=int, default=1, help="judge one in so many of each")
    parser.add_argument("--keep", action="store_true", help=f"write the results to {RESULTS}")
    arguments = parser.parse_args()
    words = arguments.faults
    chosen = [f for f in FAULTS if not words or any(word in f.name for word in words)]
    found = [_told(result) for result in planted(chosen[:: arguments.share])]
    alarms = _told_alarms(arguments.right // arguments.share)
    results = {"fanwise": package_version(), "faults": found, "right": alarms}
    if arguments.keep:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    missed = sum(not result["found"] for result in found)
    print(f"{len(found) - missed} of {len(found)} planted faults found and named")
    print(f"{alarms['alarms']} false alarms in {alarms['audits']} audits of right checkpoints")
    sys.exit(1 if missed or alarms["alarms"] else 0)


def planted(faults: Sequence[PlantedFault]) -> Iterator[dict[str, Any]]:
    """Judge faults, each as plain data."""
    for fault in faults:
        start = time.perf_counter()
        verdict = judge_fault(fault)
        yield {
            "name": fault.name,
            "model": fault.model,
            "audit": fault.audit,
            "found": verdict.is_found,
            "named": list(verdict.right or verdict.named),
            "strays": list(verdict.strays[:5]),
            "seconds": round(time.perf_counter() - start, 2),
        }


def _told(result: dict[str, Any]) -> dict[str, Any]:
    mark = "found " if result["found"] else "MISSED"
    named = ", ".join(result["named"]) or "nothing"
    strays = f"; beside it {', '.join(result['strays'])}" if result["strays"] else ""
    line = f"{mark} {result['name']} ({result['model']}, {result['audit']}): {named}{strays}"
    print(line, flush=True)
    # How long it took is another number each time.
    del result["seconds"]
    return result


def _told_alarms(count: int) -> dict[str, Any]:
    """Audit right checkpoints, and tell of those that are found at fault."""
    alarms, kinds = 0, Counter[str]()
    for kind, seed in checkpoints(count):
        verdict = kind.audit(seed)
        kinds[f"{kind.model}, drawn by {kind.start}"] += 1
        if not verdict.passed:
            alarms += 1
            print(f"FALSE ALARM {kind}, seed {seed}: {verdict}", flush=True)
    return {"audits": kinds.total(), "alarms": alarms, "kinds": dict(sorted(kinds.items()))}


if __name__ == "__main__":
    main()
