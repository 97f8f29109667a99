"""Progress of what takes long: told on the standard error, never in results."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from fanwise.commands.console import console, is_terminal
from fanwise.spec.errors import printable

#: Called with how much is done, of how much, and what is being done.
Tick = Callable[[int, int, str], None]

#: Seconds until anything is told.
_PATIENCE: Final = 2.0
#: Where there is no terminal, seconds from one line to the next.
_PAUSE: Final = 10.0


@contextmanager
def progress(title: str) -> Iterator[Tick]:
    """Show that something works, once it has for two seconds: a bar, or a line every ten seconds.

    Args:
        title: what works, in a word or two.

    Yields:
        What is called with how much is done, of how much, and what is being done; or never, for
        work that does not say: the time is shown all the same.
    """
    shown = _ShownProgress(title)
    watch = threading.Thread(target=shown.run, daemon=True)
    watch.start()
    try:
        yield shown.tick
    finally:
        shown.ended.set()
        watch.join()


class _ShownProgress:
    """What a thread beside the work shows of it."""

    def __init__(self, title: str) -> None:
        self.title = printable(title)
        self.ended = threading.Event()
        self.begun = time.monotonic()
        self.state: tuple[int, int, str] = (0, 0, "")

    def tick(self, done: int, total: int, what: str) -> None:
        self.state = (done, total, printable(what))

    def run(self) -> None:
        if not self.ended.wait(_PATIENCE):
            if is_terminal(sys.stderr):
                self._draw_bar()
            else:
                self._write_lines()

    def _draw_bar(self) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        columns = (
            SpinnerColumn("line"),
            TextColumn("{task.fields[words]}", markup=False),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[what]}", markup=False),
        )
        with Progress(*columns, console=console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None, words=self.title, what="")
            while not self.ended.wait(0.1):
                done, total, what = self.state
                bar.update(
                    task, completed=done, total=total or None, words=self._words(), what=what
                )

    def _write_lines(self) -> None:
        while True:
            sys.stderr.write(f"{self._words()} {self.state[2]}".rstrip() + "\n")
            sys.stderr.flush()
            if self.ended.wait(_PAUSE):
                return

    def _words(self) -> str:
        done, total, _ = self.state
        count = f" {done}/{total}" if total else ""
        return f"{self.title}:{count} ({time.monotonic() - self.begun:.0f} s)"
