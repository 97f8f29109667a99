"""Time all that there is to time, each part in a process of its own, into one file.

    python benchmarks/session.py --output results/bench.json [--scale] [--compare old.json]

What ``nox -s bench`` runs. ``--scale`` measures too what large weights and models cost, and
``--compare`` shows what became of an earlier run; ``--only`` takes the cases whose description
holds some words, and nothing else.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import machine
import results
import timing

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Part:
    """One process.

    Attributes:
        name: of the part, and of its file.
        command: the script and its arguments.
        backend: Keras's.
        most: how often it measures at most.
    """

    name: str
    command: tuple[str, ...]
    backend: str = "numpy"
    most: int = 1000


PARTS = (
    *(Part(name, ("run.py", name)) for name in ("numpy", "torch", "models", "jax")),
    *(Part(f"keras-{b}", ("run.py", "keras"), b) for b in ("tensorflow", "jax", "torch")),
)
#: What has no cases to choose from. Frameworks take seconds to import.
WHOLE = (
    Part("small-torch", ("small_calls.py", "torch")),
    Part("small-jax", ("small_calls.py", "jax")),
    *(
        Part(f"small-keras-{b}", ("small_calls.py", "keras"), b)
        for b in ("tensorflow", "jax", "torch")
    ),
    Part("first-calls", ("first_calls.py",)),
    Part("imports", ("imports.py",), "jax", most=5),
)
SCALE = (Part("scale", ("scale.py",)),)
#: Variables that this shell may have for something else: threads, instructions that a library
#: leaves unused, the eight devices that tests have. Without them all is as users have it.
SET = ("OMP_", "MKL_", "OPENBLAS_", "XLA_FLAGS", "FANWISE_", "PYTHONDONTWRITEBYTECODE")


def main() -> int:
    """Run the parts, join what they found, and compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--only", default="", help="cases whose description holds this")
    parser.add_argument("--scale", action="store_true", help="large weights and models as well")
    parser.add_argument("--compare", type=Path, metavar="OLD", help="an earlier file of results")
    parser.add_argument("--fail-slower", action="store_true", help="exit with 1 if one is slower")
    asked = parser.parse_args()
    if asked.compare is not None:
        try:
            results.read(asked.compare)  # rather than when all is measured
        except results.WrongFormatError as error:
            parser.error(str(error))
    parts = _holding(asked.only) if asked.only else (*PARTS, *WHOLE)
    if not parts:
        parser.error(f"no case holds {asked.only!r}: `python benchmarks/run.py torch --list`")
    found = results.joined(results.read(path) for path in _run(asked, parts))
    results.write(asked.output, found)
    sys.stdout.write(f"{machine.warning(found['machine']['others'])}\n")
    _script("plots.py", str(asked.output))
    if asked.compare is None:
        return 0
    fail = ("--fail-slower",) if asked.fail_slower else ()
    return _script("compare.py", str(asked.compare), str(asked.output), *fail, check=False)


def _holding(words: str) -> tuple[Part, ...]:
    """Return the parts with a case whose description holds some words; nothing is measured."""
    with ThreadPoolExecutor(timing.cores()) as threads:
        listed = threads.map(_listed, PARTS)
        return tuple(
            part
            for part, lines in zip(PARTS, listed, strict=True)
            if any(results.holds(line, words) for line in lines)
        )


def _listed(part: Part) -> list[str]:
    """Name the cases of a part."""
    command = [sys.executable, str(HERE / part.command[0]), *part.command[1:], "--list"]
    done = subprocess.run(
        command, check=True, env=_variables(part.backend), stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.stdout.splitlines()


def _run(asked: argparse.Namespace, parts: Iterable[Part]) -> Iterator[Path]:
    """Run each part, and give the file that it wrote."""
    for part in (*parts, *(SCALE if asked.scale else ())):
        output = asked.output.with_name(f"{asked.output.stem}-{part.name}.json")
        how = ("--output", str(output), "--repeats", str(min(asked.repeats, part.most)))
        only = ("--only", asked.only) if asked.only and part in PARTS else ()
        _script(*part.command, *how, *only, backend=part.backend)
        yield output


def _script(name: str, *arguments: str, backend: str = "numpy", check: bool = True) -> int:
    command = [sys.executable, str(HERE / name), *arguments]
    return subprocess.run(command, check=check, env=_variables(backend)).returncode


def _variables(backend: str) -> dict[str, str]:
    """Return the environment of a part."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(SET)}
    # A GPU is another session's.
    variables |= {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu", "PYTHONIOENCODING": "utf-8"}
    return variables | {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": backend}


if __name__ == "__main__":
    sys.exit(main())
