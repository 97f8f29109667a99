"""Interrupt draws at random moments: no thread may write on, and nothing may break.

An interrupt is a signal whose handler raises KeyboardInterrupt, as Ctrl-C does; every other one
is followed by a second, which may come while the first is on its way out.

    python tests/stress/interrupts.py --path=compiled --count=10000
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import fanwise
from fanwise.core import threads
from fanwise.core.fast import gate

#: Enough for several threads on both paths.
SIZE = threads.WORTH_COMPILED_THREADS + 5
#: The pages of a weight that was abandoned are watched for so long, in seconds.
WATCHED = 0.001


class Interrupts:
    """The alarm that interrupts a call, once or twice."""

    def __init__(self, seed: int) -> None:
        self.random, self.left = random.Random(seed), 0
        signal.signal(signal.SIGALRM, self._interrupt)

    def call(self, function: Callable[[], Any], longest: float) -> bool:
        """Call a function that an alarm may interrupt; tell whether it ended by itself."""
        ended = False
        try:
            self.left = self.random.choice((1, 2))
            signal.setitimer(signal.ITIMER_REAL, self.random.uniform(1e-6, longest))
            function()
            ended = True
        except KeyboardInterrupt:
            pass
        finally:
            self.left = 0  # first of all: no handler runs before it
            signal.setitimer(signal.ITIMER_REAL, 0)
        return ended

    def _interrupt(self, *_: object) -> None:
        if self.left:
            self.left -= 1
            signal.setitimer(signal.ITIMER_REAL, self.random.uniform(1e-6, 1e-4))
            raise KeyboardInterrupt


def interrupt(draw: Callable[[Any], Any], new: Callable[[], Any], count: int, seed: int) -> int:
    """Draw again and again until so many draws were interrupted; return how many were not.

    Args:
        draw: draws into what ``new`` makes.
        new: makes an array, or what NumPy sees as one.
        count: interrupts.
        seed: of the moments.
    """
    right = new()
    draw(right)
    started = time.perf_counter()
    draw(right)
    longest = 1.2 * (time.perf_counter() - started)
    right = np.asarray(right).copy()
    interrupts, ended, interrupted = Interrupts(seed), 0, 0
    while interrupted < count:
        out = new()
        if interrupts.call(lambda out=out: draw(out), longest):
            ended += 1
            assert np.array_equal(np.asarray(out), right), "a draw that ended is wrong"
            continue
        interrupted += 1
        # What the caller does with it now is the caller's alone.
        out[...] = 0
        if interrupted % 4:
            time.sleep(WATCHED)
            assert not np.asarray(out).any(), "an abandoned draw has written"
        # In one of four its memory is freed at once.
    return ended


def main() -> None:
    """Interrupt as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", choices=("numpy", "compiled"), required=True)
    parser.add_argument("--into", choices=("numpy", "torch"), default="numpy")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faulthandler.enable()
    os.environ[gate.SWITCH] = "1" if options.path == "compiled" else "0"
    threads._cores = lambda: options.threads
    if options.into == "torch":
        import torch

        from fanwise.torch import normal_

        def new() -> Any:
            return torch.empty(SIZE)

        def draw(out: Any) -> Any:
            return normal_(out, seed=1, path="w")
    else:

        def new() -> Any:
            return np.empty(SIZE, np.float32)

        def draw(out: Any) -> Any:
            return fanwise.sample("normal", (SIZE,), seed=1, path="w", out=out)

    ended = interrupt(draw, new, options.count, options.seed)
    print(f"{options.path}, {options.into}: {options.count} interrupts, {ended} draws not reached")


if __name__ == "__main__":
    main()
