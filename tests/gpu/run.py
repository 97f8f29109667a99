"""All that a GPU is needed for, in minutes: run by ``nox -s gpu``.

    python tests/gpu/run.py [--rehearse] [--output FILE]

The golden tensors on torch, JAX and Keras, models, graphs and compiled code; then the times, into
``results/gpu-CARD.json``. Fails where there is no CUDA device. ``--rehearse`` takes the same steps
on a CPU, the kernels under Triton's interpreter and of everything a little, so that a mistake need
not wait for a card. A step that fails does not keep the others from running.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: The arguments of Python, and Keras's backend. Each step is a process of its own.
STEPS = (
    (("-m", "pytest", "-q", "{here}/torch_on_cuda.py"), "torch"),
    (("-m", "pytest", "-q", "{here}/golden_on_cuda.py"), "jax"),
    (("-m", "pytest", "-q", "{here}/golden_on_cuda.py", "-k", "keras"), "torch"),
    (("{root}/benchmarks/gpu.py",), "jax"),
)


def main() -> int:
    """Run the steps, and say how each ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rehearse", action="store_true", help="on a CPU, a little of each")
    parser.add_argument("--output", help="the file for the times")
    arguments = parser.parse_args()
    # Not the eight devices that other tests have. JAX must not take all of the memory.
    variables = {**os.environ, "XLA_FLAGS": "", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
    variables["JAX_PLATFORMS"] = "cpu" if arguments.rehearse else "cuda,cpu"
    variables["FANWISE_REHEARSAL"] = "1" if arguments.rehearse else "0"
    if not arguments.rehearse and not _has_device():
        parser.error("no CUDA device; --rehearse takes the same steps on a CPU")
    ended = []
    for given, backend in STEPS:
        command = [part.format(here=HERE, root=ROOT) for part in given]
        if command[0].endswith("gpu.py") and arguments.output:
            command.append(f"--output={arguments.output}")
        began = time.monotonic()
        run = subprocess.run(
            [sys.executable, *command],
            env={**variables, "KERAS_BACKEND": backend},
            cwd=ROOT,
            check=False,
        )
        told = f"{' '.join(given)}, Keras on {backend}: {time.monotonic() - began:.0f} s"
        ended.append((run.returncode, told))
    for code, told in ended:
        print("failed" if code else "passed", told)
    return 1 if any(code for code, _ in ended) else 0


def _has_device() -> bool:
    """Ask torch, in a process of its own."""
    code = "import sys, torch; sys.exit(not torch.cuda.is_available())"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
