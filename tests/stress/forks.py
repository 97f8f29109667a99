"""Fork while other threads draw: parent and children draw the same, and none waits for ever.

python tests/stress/forks.py --path=compiled --count=200
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
import warnings

import fanwise
from fanwise.core import threads
from fanwise.core.fast import gate

SIZE = threads.WORTH_COMPILED_THREADS + 5
#: A child that takes longer, in seconds, waits for ever.
PATIENCE = 60


def draw() -> bytes:
    """Draw on several threads."""
    return fanwise.sample("normal", (SIZE,), seed=1, path="w").tobytes()


def draw_until(stopped: threading.Event, right: bytes, wrong: list[bytes]) -> None:
    """Draw until told to stop."""
    while not stopped.is_set():
        if draw() != right:
            wrong.append(b"")


def in_child(right: bytes) -> None:
    """Draw in a child, which is then left."""
    signal.alarm(PATIENCE)
    os._exit(draw() != right)


def main() -> None:
    """Fork as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", choices=("numpy", "compiled"), required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--threads", type=int, default=16)
    options = parser.parse_args()
    # Python 3.12 and later warn of what is tried here.
    warnings.simplefilter("ignore", DeprecationWarning)
    os.environ[gate.SWITCH] = "1" if options.path == "compiled" else "0"
    threads._cores = lambda: options.threads
    right, stopped, wrong = draw(), threading.Event(), []
    drawing = [threading.Thread(target=draw_until, args=(stopped, right, wrong)) for _ in range(2)]
    for thread in drawing:
        thread.start()
    try:
        for number in range(options.count):
            child = os.fork()
            if not child:
                in_child(right)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            assert status == 0, f"child {number} ended with {status}"
    finally:
        stopped.set()
        for thread in drawing:
            thread.join()
    assert not wrong
    print(f"{options.path}: {options.count} forks")


if __name__ == "__main__":
    main()
