"""Progress of runs side by side: a bar for each, or lines that begin with its name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fanwise.conformance.processes import AdapterRequest, Tell
from fanwise.conformance.report.terminal import escape

#: Without a terminal, a run says where it is at every such part of its way.
_PARTS: Final = 5


@contextmanager
def show_side_by_side(console: Console) -> Iterator[Tell]:
    """Yield what shows how far each run is."""
    if not console.is_terminal:
        yield _line_writer(console)
        return
    columns = (
        TextColumn("{task.fields[name]}"),
        BarColumn(bar_width=16),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}
        lock = threading.Lock()

        def tell(request: AdapterRequest, done: int, total: int, title: str) -> None:
            with lock:
                if request not in tasks:
                    tasks[request] = bars.add_task("", name=escape(str(request)))
            bars.update(tasks[request], completed=done, total=total, description=escape(title))

        yield tell


def _line_writer(console: Console) -> Tell:
    told: set[tuple[AdapterRequest, int]] = set()
    lock = threading.Lock()

    def tell(request: AdapterRequest, done: int, total: int, title: str) -> None:
        part = (request, _PARTS * done // total)
        with lock:
            if part not in told:
                told.add(part)
                console.print(escape(f"{request}: {done}/{total} {title}"), highlight=False)

    return tell
