"""How much memory it takes to read a file, by a process of its own."""

import subprocess
import sys

import pytest

_PROGRAM = """
import resource, sys
import h5py, numpy as np
from pathlib import Path
from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

def high_water():
    (line,) = (x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x)
    return int(line.split()[1]) << 10

path = sys.argv[1]
before = high_water()
outcome = "read"
try:
    {code}
except (FanwiseError, OSError, ValueError, MemoryError) as error:
    outcome = type(error).__name__
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
print(outcome, high_water() - before, children)
"""
_READ = """
    with open_tensors(path) as file:
        for tensor in file.tensors.values():
            step = max(1, (1 << 22) // max(1, int(np.prod(tensor.shape[1:]))))
            for start in range(0, tensor.shape[0] if tensor.shape else 1, step):
                tensor.read((slice(start, start + step),) if tensor.shape else ())
"""


def _measured(path, code=_READ):
    """Return what came of it, the most memory beyond that of the imports, and of its children."""
    program = _PROGRAM.replace("    {code}", code.strip("\n").replace("\n", "\n"))
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr[-2000:]
    outcome, memory, children = done.stdout.split()
    return outcome, int(memory), int(children)


@pytest.fixture
def measured():
    return _measured
