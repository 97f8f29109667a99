"""What a change did: two files of results side by side.

    python benchmarks/compare.py old.json new.json [--fail-slower]

Nanoseconds do not compare across machines, or under another load, so each case is judged by what
was timed in turn with it: the time of filling memory (for an orthogonal weight, of its products),
and the framework's own. A change of 1.10 is a cost that grew by a tenth. A case is called slower,
or faster, where both quotients say so, each by more than the middle half of either run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import results
from timing import Quartiles


@dataclass(frozen=True)
class Change:
    """One case in two runs.

    Attributes:
        words: which case.
        old, new: nanoseconds for an element.
        by_bound: the cost by the bound, of the new run by that of the old.
        by_theirs: the same of the cost by the framework's own; None where there is none.
        verdict: ``"slower"``, ``"faster"``, or ``""``.
    """

    words: str
    old: float
    new: float
    by_bound: float
    by_theirs: float | None
    verdict: str

    def __str__(self) -> str:
        theirs = "" if self.by_theirs is None else f"{self.by_theirs:.2f}"
        numbers = f"{self.old:10.3g} {self.new:10.3g} {self.by_bound:9.2f} {theirs:>9}"
        return f"{self.words:68} {numbers}  {self.verdict}".rstrip()


HEAD = f"{'ns for an element':68} {'old':>10} {'new':>10} {'by bound':>9} {'by theirs':>9}"


def changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """Compare every case that both results have."""
    before = {results.key_of(case): case for case in old["cases"]}
    for case in new["cases"]:
        key = results.key_of(case)
        if key in before:
            yield _change(" ".join(key), before[key], case)


def main() -> int:
    """Print the comparison; 1 where something became slower and that was to fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--fail-slower", action="store_true", help="exit with 1 if one is slower")
    asked = parser.parse_args()
    try:
        old, new = results.read(asked.old), results.read(asked.new)
    except results.WrongFormatError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = [*changes(old, new)]
    sys.stdout.write("\n".join([HEAD, *map(str, found)]) + "\n")
    slower = [change for change in found if change.verdict == "slower"]
    faster = [change for change in found if change.verdict == "faster"]
    sys.stdout.write(f"{len(found)} in common: {len(slower)} slower, {len(faster)} faster\n")
    for which, data in (("old", old), ("new", new)):
        machine = data["machine"]
        others = f"others took {machine['others']:.2f} of {machine['cores']} cores"
        sys.stdout.write(f"{which}: {machine['processor']}; {others}\n")
    return int(asked.fail_slower and bool(slower))


def _change(words: str, old: dict[str, Any], new: dict[str, Any]) -> Change:
    pairs = [(old["limit"], new["limit"])]
    if old["ratio"] is not None and new["ratio"] is not None:
        pairs.append((_inverse(old["ratio"]), _inverse(new["ratio"])))
    verdicts = {_verdict(*pair) for pair in pairs}
    by_bound, *rest = (after[1] / before[1] for before, after in pairs)
    return Change(
        words,
        old["ours"][1],
        new["ours"][1],
        by_bound,
        rest[0] if rest else None,
        verdicts.pop() if len(verdicts) == 1 else "",
    )


def _verdict(before: Quartiles, after: Quartiles) -> str:
    if after[0] > before[2]:
        return "slower"
    return "faster" if after[2] < before[0] else ""


def _inverse(quartiles: Quartiles) -> Quartiles:
    low, middle, high = quartiles
    return 1 / high, 1 / middle, 1 / low


if __name__ == "__main__":
    sys.exit(main())
