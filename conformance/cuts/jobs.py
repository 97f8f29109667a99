"""Real processes, started together: every way to cut that goes with one number of them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final

from fanwise.adapters.cut_protocol import CutWay
from fanwise.conformance.cuts.matrix import CutRow, judged_row
from fanwise.conformance.processes import AdapterRequest
from fanwise.spec.errors import FanwiseError, Phrase

_PROGRAM: Final = (sys.executable, "-m", "fanwise.conformance.cuts.seat")
#: The seconds after which processes that wait for each other are ended, and between two looks.
_PATIENCE: Final = 900
_PAUSE: Final = 0.05
_LAST_LINES: Final = 15

Tell = Callable[[str], None]


@dataclass(frozen=True)
class CutJob:
    """Processes to start, and what they cut.

    Attributes:
        request: the adapter, and the variables that choose its form.
        processes: how many there are.
        variables: what they need from their beginning.
        cells: each a way, a world, and the models that are cut.
    """

    request: AdapterRequest
    processes: int
    variables: tuple[tuple[str, str], ...]
    cells: tuple[tuple[str, int, tuple[str, ...]], ...]


def ways_of(request: AdapterRequest) -> tuple[str, tuple[CutWay, ...]]:
    """Ask an adapter, in a process of its own, what it is called and which ways it has.

    Raises:
        FanwiseError: for one that has none.
    """
    done = subprocess.run(  # noqa: S603 - this very Python
        [*_PROGRAM, request.adapter, "list"],
        env={**os.environ, **dict(request.variables)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        hint = _last(done.stderr)
        raise FanwiseError("an adapter with ways to cut", Phrase(str(request)), hint)
    said = json.loads(done.stdout)
    return said["adapter"], tuple(
        CutWay(**{**way, "worlds": tuple(way["worlds"]), "models": tuple(way["models"])})
        for way in said["cuts"]
    )


def jobs_of(
    request: AdapterRequest, ways: Sequence[CutWay], worlds: Sequence[int], models: Sequence[str]
) -> Iterator[CutJob]:
    """Group the ways by the processes that they need."""
    cells = defaultdict(list)
    for way in ways:
        cut = tuple(model for model in way.models if model in models)
        for world in (world for world in way.worlds if world in worlds):
            processes = world if way.processes else 1
            cells[processes, tuple(sorted(way.environment.items()))].append((way.name, world, cut))
    for (processes, variables), listed in cells.items():
        yield CutJob(request, processes, variables, tuple(listed))


def run_job(job: CutJob, name: str, tell: Tell) -> list[CutRow]:
    """Start the processes, wait for them, and judge what they found.

    Args:
        job: what to do.
        name: what the adapter is called.
        tell: told before each model, by the first process.
    """
    with tempfile.TemporaryDirectory() as folder:
        failure = _run(job, Path(folder), tell)
        files = [Path(folder) / f"{rank}.json" for rank in range(job.processes)]
        if failure:
            return [
                CutRow(name, way, world, job.processes, {}, error=failure)
                for way, world, _ in job.cells
            ]
        found = [json.loads(file.read_text("utf-8")) for file in files]
    return [judged_row(name, way, world, found) for way, world, _ in job.cells]


def _run(job: CutJob, folder: Path, tell: Tell) -> str:
    """Run the processes; return what went wrong, or ""."""
    cells = json.dumps(
        [(way, world, model) for way, world, models in job.cells for model in models]
    )
    addresses = ",".join(_addresses(job.processes))
    variables = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
        **dict(job.request.variables),
        **dict(job.variables),
    }
    with ExitStack() as stack:
        seats = []
        for rank in range(job.processes):
            errors = stack.enter_context((folder / f"{rank}.err").open("w"))
            results = str(folder / f"{rank}.json")
            what = (job.request.adapter, str(rank), addresses, cells, results)
            output = subprocess.PIPE if rank == 0 else subprocess.DEVNULL
            seat = subprocess.Popen(  # noqa: S603 - this very Python
                [*_PROGRAM, *what], env=variables, stdin=subprocess.PIPE,
                stdout=output, stderr=errors, text=True,
            )  # fmt: skip
            stack.enter_context(seat)
            stack.callback(seat.kill)
            seats.append(seat)
        said: list[str] = []
        listener = Thread(target=_listen, args=(seats[0], said, tell), daemon=True)
        listener.start()
        failure = _waited(seats, folder, said)
        seats[0].kill()
        listener.join()
        return failure


def _waited(seats: Sequence[subprocess.Popen[str]], folder: Path, said: Sequence[str]) -> str:
    """Wait until all have written what they found, or one has ended before that."""
    until = time.monotonic() + _PATIENCE
    while not all((folder / f"{rank}.json").exists() for rank in range(len(seats))):
        for rank, seat in enumerate(seats):
            status = seat.poll()
            if status is not None and not (folder / f"{rank}.json").exists():
                last = _last((folder / f"{rank}.err").read_text(errors="replace"))
                return f"process {rank} ended with {status} after {said[-1:]}:\n{last}"
        if time.monotonic() > until:
            return f"not done after {_PATIENCE} seconds, since {said[-1:]}"
        time.sleep(_PAUSE)
    return ""


def _listen(seat: subprocess.Popen[str], said: list[str], tell: Tell) -> None:
    assert seat.stdout is not None
    for line in seat.stdout:
        said.append(line.strip())
        tell(line.strip())


def _addresses(count: int) -> list[str]:
    """Find ports that are free now."""
    with ExitStack() as stack:
        listening = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in listening:
            one.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{one.getsockname()[1]}" for one in listening]


def _last(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-_LAST_LINES:])
