"""Adapters judged side by side, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fanwise.adapters.discovery import check_name
from fanwise.conformance.results.rows import SUITE
from fanwise.conformance.results.runs import Run, read_runs
from fanwise.spec.errors import FanwiseError, Phrase

#: Called with the request, the number of steps done, their total, and what comes next.
Tell = Callable[["AdapterRequest", int, int, str], None]

#: How many of the last lines of a process that broke down are shown.
_LAST_LINES: Final = 20


@dataclass(frozen=True)
class AdapterRequest:
    """What a process is to judge: an adapter, and the variables that choose its form.

    Attributes:
        adapter: the name of an entry point, of a function that makes it, or of the suite itself.
        variables: pairs of a name and a value.
    """

    adapter: str
    variables: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> AdapterRequest:
        """Read an adapter's name with variables before it, as in a shell.

        Raises:
            FanwiseError: for a name that is not registered, or what is no variable.

        Examples:
            >>> AdapterRequest.parse("KERAS_BACKEND=jax keras")
            AdapterRequest(adapter='keras', variables=(('KERAS_BACKEND', 'jax'),))
        """
        *before, name = text.split() or [""]
        pairs = [word.partition("=") for word in before]
        if not all(key and equals for key, equals, _ in pairs):
            hint = "Write variables before the name, as in 'KERAS_BACKEND=jax keras'."
            raise FanwiseError("an adapter's name", text, hint)
        check_name(name)
        return cls(name, tuple((key, value) for key, _, value in pairs))

    def __str__(self) -> str:
        return " ".join([*(f"{key}={value}" for key, value in self.variables), self.adapter])


#: The suite on its own mutants.
SUITE_REQUEST: Final = AdapterRequest(SUITE)


def judge_side_by_side(
    requests: Sequence[AdapterRequest],
    jobs: int,
    tell: Tell,
    only: str = "*",
    *,
    quick: bool = False,
) -> Iterator[Run]:
    """Judge several adapters, so many at a time, and yield their runs in the order asked for.

    Args:
        requests: begun in this order.
        jobs: how many processes there are at the most.
        tell: is called from several threads.
        only: a pattern of the titles of steps.
        quick: judge less.

    Raises:
        FanwiseError: where one of them cannot judge; the others are ended.
    """
    how = (only, "quick") if quick else (only,)
    variables = {**_few_threads(jobs), **os.environ}
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(jobs) as pool,
        _ended_processes() as processes,
    ):
        workers = [
            _Worker(request, Path(folder) / str(number), variables, how, processes)
            for number, request in enumerate(requests)
        ]
        began = [pool.submit(worker.judge, tell) for worker in workers]
        try:
            runs, told_of = {}, 0
            for future in as_completed(began):
                runs[future] = future.result()
                while told_of < len(began) and began[told_of] in runs:
                    yield runs[began[told_of]]
                    told_of += 1
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _few_threads(jobs: int) -> dict[str, str]:
    """Return variables by which so many processes share the cores, and do not fight for them."""
    threads = str(max(1, (os.cpu_count() or 1) // jobs))
    names_of_it = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    return dict.fromkeys(names_of_it, threads)


@contextmanager
def _ended_processes() -> Iterator[list[subprocess.Popen[str]]]:
    """Yield a list for processes, and end those that still run."""
    processes: list[subprocess.Popen[str]] = []
    try:
        yield processes
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()


@dataclass
class _Worker:
    """A process that judges, its results, and what it writes to its standard error."""

    request: AdapterRequest
    place: Path
    variables: Mapping[str, str]
    how: tuple[str, ...]
    processes: list[subprocess.Popen[str]]

    def judge(self, tell: Tell) -> Run:
        """Wait for the process, and read what it has judged."""
        results = self.place.with_suffix(".json")
        program = [sys.executable, "-m", "fanwise.conformance.worker"]
        with (
            self.place.open("w+", encoding="utf-8", errors="replace") as errors,
            subprocess.Popen(  # noqa: S603 - this very Python
                [*program, self.request.adapter, str(results), *self.how],
                env={**self.variables, **dict(self.request.variables)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
            ) as process,
        ):
            self.processes.append(process)
            refusal = self._listen(process, tell)
            if process.wait():
                errors.seek(0)
                last = "".join(errors.readlines()[-_LAST_LINES:])
                raise refusal or self._broken(process.returncode, last)
        (run,) = read_runs(results)
        return run

    def _listen(self, process: subprocess.Popen[str], tell: Tell) -> FanwiseError | None:
        assert process.stdout is not None
        refusal = None
        for line in process.stdout:
            said = json.loads(line)
            if "error" in said:
                expected, received, hint, context = said["error"]
                refusal = FanwiseError(expected, Phrase(received), hint, context=context)
            else:
                tell(self.request, said["done"], said["total"], said["title"])
        return refusal

    def _broken(self, status: int, last: str) -> FanwiseError:
        hint = f"Its last lines were:\n{last}" if last.strip() else "It has said nothing."
        ended = Phrase(f"exit status {status}")
        return FanwiseError("a run that comes to its end", ended, hint, context=str(self.request))
