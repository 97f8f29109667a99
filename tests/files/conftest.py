"""How much memory a call takes, in a process of its own."""

import os
import resource
import sys

import pytest


def _peak_of(call):
    """Return how much the most memory of a fork exceeds what it began with, in bytes."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            with open("/proc/self/clear_refs", "w") as stream:
                stream.write("5")
            before = _high_water()
            call()
            os.write(writer, str(_high_water() - before).encode())
            status = 0
        except BaseException as error:  # the parent says that it failed
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        finally:
            os._exit(status)
    os.close(writer)
    answer = os.read(reader, 100)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    assert not status, f"the call ended with status {status}"
    return int(answer)


def _high_water():
    with open("/proc/self/status") as stream:
        (line,) = (line for line in stream if line.startswith("VmHWM"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert children < 1 << 20, "a process of its own takes more than 1 GiB"
    return int(line.split()[1]) << 10


@pytest.fixture
def memory_of():
    return _peak_of
