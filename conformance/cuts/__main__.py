"""``python -m fanwise.conformance.cuts --adapter torch …``: the matrix, by real processes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fanwise.conformance.cuts.jobs import jobs_of, run_job, ways_of
from fanwise.conformance.cuts.matrix import LARGE, SMALL, matrix_data
from fanwise.conformance.cuts.report import page_of, terminal_lines
from fanwise.conformance.processes import AdapterRequest
from fanwise.conformance.results.files import write_text


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
            rows += run_job(job, name, _tell)
    print("\n".join(terminal_lines(rows)))
    data = matrix_data(rows)
    if asked.json:
        write_text(asked.json, json.dumps(data, indent=1) + "\n")
    if asked.html:
        write_text(asked.html, page_of(rows))
    sys.exit(not data["passed"])


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
