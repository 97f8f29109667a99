"""Make many calls in processes of their own, and count what comes of them.

    python -m fuzz.run [--seed 0] [--share 1.0] [--door torch] [--only NUMBER]

Every call follows from its door, the seed and its number, which is told with every fault:
``--door torch --only 1234`` makes that one again. A worker writes the number of a call before it
makes it, so a call that ends the process, or never ends, is known too; the next worker goes on
after it. Ends with 1 if there was a fault.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Final

from fuzz.calls import Outcome

#: How many calls are made of each door: more than a hundred thousand together.
CALLS: Final = {
    "numpy": 60_000,
    "documents": 10_000,
    "torch": 16_000,
    "jax": 3_000,
    "keras on torch": 6_000,
    "keras on jax": 2_000,
    "keras on tensorflow": 6_000,
}
#: What an unfinished call may take, its compilation included, before its process is ended.
PATIENCE: Final = 60.0
#: What a worker may take to begin, with the import of its framework.
START: Final = 300.0
#: Faults of which no more are shown in full.
SHOWN: Final = 200


@dataclass
class Tally:
    """What came of the calls of a door.

    Attributes:
        counts: how often each outcome came, by the kind of call.
        faults: the number of a call, its kind, its outcome and what was wrong.
    """

    counts: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    faults: list[tuple[int, str, Outcome, str]] = field(default_factory=list)

    def add(self, number: int, kind: str, outcome: Outcome, note: str) -> None:
        """Count one call."""
        self.counts[kind, outcome] += 1
        if outcome.fault:
            self.faults.append((number, kind, outcome, note))


def tally(door: str, seed: int, first: int, end: int, patience: float = PATIENCE) -> Tally:
    """Make the calls of a door with the numbers from first to before end."""
    kept = Tally()
    number = first
    while number < end:
        number = _one_worker(door, seed, number, end, kept, patience)
    return kept


def _one_worker(door: str, seed: int, first: int, end: int, kept: Tally, patience: float) -> int:
    """Let a worker make calls until it is done or gone; return the number to go on with."""
    command = [sys.executable, "-m", "fuzz.worker", door, str(seed), str(first), str(end)]
    backend = door.rpartition(" on ")[2] if " on " in door else "jax"
    folders = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, folders)),
        "KERAS_BACKEND": backend,
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=variables, **pipes) as worker:
        return _watched(worker, first, kept, patience)


def _watched(worker: subprocess.Popen[str], first: int, kept: Tally, patience: float) -> int:
    """Count what a worker tells; return the number to go on with."""
    assert worker.stdout is not None
    assert worker.stderr is not None
    lines: Queue[str] = Queue()
    errors: list[str] = []
    readers = [
        Thread(target=_hand_on, args=(worker.stdout, lines.put), daemon=True),
        Thread(target=_hand_on, args=(worker.stderr, errors.append), daemon=True),
    ]
    for reader in readers:
        reader.start()
    number, unanswered, wait = first, False, START
    while line := _next_line(lines, wait):
        mark, _, rest = line.rstrip("\n").partition(" ")
        if mark == ">":
            number, unanswered, wait = int(rest), True, patience
        elif mark == "=":
            kind, outcome, note = rest.split("\t")
            kept.add(number, kind, Outcome(outcome), note)
            unanswered = False
    if line is None:
        worker.kill()
        kept.add(number, "?", Outcome.HUNG, f"no answer in {wait:.0f} s")
    code = worker.wait()
    for reader in readers:
        reader.join()
    if line is not None and (unanswered or code):
        last = " / ".join(text.strip() for text in errors[-25:] if text.strip())
        kept.add(number, "?", Outcome.CRASHED, f"exit {code}: {last[-900:]}")
    return number + 1


def _hand_on(stream: IO[str], put: Callable[[str], object]) -> None:
    """Hand the lines of a stream on, and "" at its end."""
    for line in stream:
        put(line)
    put("")


def _next_line(lines: Queue[str], wait: float) -> str | None:
    """Return the next line, "" at the end, or None if it does not come in time."""
    try:
        return lines.get(timeout=wait)
    except Empty:
        return None


def lines_of(tallies: dict[str, Tally]) -> Iterator[str]:
    """Write the counts as a table, by door and kind of call."""
    columns = list(Outcome)
    yield "".join((f"{'calls':32}", *(f"{outcome:>13}" for outcome in columns)))
    total: Counter[Outcome] = Counter()
    for door, kept in tallies.items():
        for kind in sorted({kind for kind, _ in kept.counts}):
            counts = [kept.counts[kind, outcome] for outcome in columns]
            yield "".join(
                (f"{door + ': ' + kind:32}", *(f"{count or '·':>13}" for count in counts))
            )
            total.update(dict(zip(columns, counts, strict=True)))
    yield "".join(
        (f"{f'{sum(total.values())} calls':32}", *(f"{total[o] or '·':>13}" for o in columns))
    )


def main() -> int:
    """Run what the command line asks for; return how many faults there were."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=1.0, help="of the calls that are made")
    parser.add_argument("--door", action="append", choices=list(CALLS), help="may be repeated")
    parser.add_argument("--only", type=int, help="the number of one call")
    asked = parser.parse_args()
    tallies: dict[str, Tally] = {}
    for door in asked.door or CALLS:
        started = time.perf_counter()
        first, end = 0, max(1, round(CALLS[door] * asked.share))
        if asked.only is not None:
            first, end = asked.only, asked.only + 1
        kept = tallies[door] = tally(door, asked.seed, first, end)
        print(f"{door}: {end - first} calls, {time.perf_counter() - started:.0f} s", flush=True)
        for number, kind, outcome, note in kept.faults[:SHOWN]:
            print(f"  {outcome}: {door} {number} ({kind}): {note[:1500]}", flush=True)
    print("\n".join(lines_of(tallies)))
    return sum(len(kept.faults) for kept in tallies.values())


if __name__ == "__main__":
    sys.exit(min(main(), 1))
