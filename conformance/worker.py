"""One adapter, or the suite itself, judged in a process of its own.

``python -m fanwise.conformance.worker ADAPTER RESULTS ONLY [quick]`` writes the results to a
file. It tells on its standard output, in lines of JSON, how far it is, or why it cannot judge;
what frameworks print goes to its standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fanwise.conformance.results.rows import SUITE
from fanwise.conformance.results.runs import write_runs
from fanwise.conformance.run import check_suite, run_named
from fanwise.spec.errors import FanwiseError

#: The exit status of a process that cannot judge, and has said why.
_REFUSED: Final = 2


def main() -> None:
    """Judge what the arguments name."""
    name, results, only, *quick = sys.argv[1:]
    tell = _line_writer()

    def progress(done: int, total: int, title: str) -> None:
        tell({"done": done, "total": total, "title": title})

    try:
        if name == SUITE:
            judged = check_suite(progress, quick=bool(quick))
        else:
            judged = run_named(name, progress, only, quick=bool(quick))
        write_runs(Path(results), [judged])
    except FanwiseError as error:
        tell({"error": [error.expected, repr(error.received), error.hint, error.context]})
        sys.exit(_REFUSED)


def _line_writer() -> Callable[[Any], None]:
    """Keep the standard output to ourselves, and return what writes a line to it."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return lambda value: print(json.dumps(value), file=lines, flush=True)


if __name__ == "__main__":
    main()
