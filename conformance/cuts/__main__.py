"""``python -m fanwise.conformance.cuts --adapter torch …``: the matrix, by real processes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fanwise.conformance.cuts.jobs import jobs_of, run_job, ways_of
from fanwise.conformance.cuts.matrix import LARGE, SMALL, matrix_data
from fanwise.conformance.processes import AdapterRequest


def main() -> None:
    """Judge all that is asked for, and exit with 1 where anything is not as it must be."""
    parser = argparse.ArgumentParser(prog="fanwise.conformance.cuts", description=__doc__)
    parser.add_argument("--adapter", action="append", required=True)
    parser.add_argument("--world", action="append", type=int)
    parser.add_argument("--way", default="", help="only ways with this in their names")
    parser.add_argument("--model", action="append", choices=[*SMALL, LARGE])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--html", type=Path)
    asked = parser.parse_args()
    rows = []
    for text in asked.adapter:
        request = AdapterRequest.parse(text)
        name, ways = ways_of(request)
        chosen = [way for way in ways if asked.way in way.name]
        worlds = asked.world or range(1, 1 << 10)
        for job in jobs_of(request, chosen, worlds, asked.model or [*SMALL, LARGE]):
            rows += run_job(job, name, lambda line: print(line, file=sys.stderr, flush=True))
    for row in rows:
        print(row)
    data = matrix_data(rows, {})
    if asked.json:
        asked.json.write_text(json.dumps(data, indent=1), "utf-8")
    sys.exit(not data["passed"])


if __name__ == "__main__":
    main()
