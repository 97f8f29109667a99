"""What the sessions of nox share: where they run, what they install, and with which variables."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import nox

from costs import ROOT
from environments import CONSTRAINTS, SharedEnvironment

RESULTS = ROOT / "results"
#: Where the wheels are built that are installed everywhere: fanwise's, and that of its extension.
WHEELS = ROOT / ".nox" / "wheels"
#: Where the sources of the extension are.
KERNELS = ROOT / "kernels"
PYTEST = ("pytest", "pytest-xdist", "hypothesis", "jsonschema", "mpmath")
#: Libraries whose models are set in the tests.
LIBRARIES = (
    "diffusers",
    "dm-haiku",
    "equinox",
    "jax-resnet",
    "keras-hub",
    "peft",
    "torch-geometric",
    "transformers",
    "x-transformers",
)
#: NumPy alone, and what looks at the code; all frameworks with their libraries.
LIGHT = SharedEnvironment("light", "conformance", (*PYTEST, "ml-dtypes", "mypy", "nox", "ruff"))
FRAMEWORKS = SharedEnvironment("frameworks", "all", (*PYTEST, *LIBRARIES))
#: How many processes work at the same time; each of the tests' needs some gigabytes.
JOBS = min(os.cpu_count() or 1, 4)

#: Sessions that run in the shared environments, and those that have one of their own.
in_light = partial(nox.session, venv_backend="none", requires=["light"], allow_parallel=True)
in_frameworks = partial(nox.session, venv_backend="none", requires=["frameworks"])
alone = partial(nox.session, requires=["wheel"], default=False, allow_parallel=True)


def install(session: nox.Session, extras: str, *more: str, constraints: str = CONSTRAINTS) -> None:
    """Install the wheels themselves, in the tested versions, into the session's own environment."""
    package, *kernels = built_wheels(extras)
    asked = f"{package}[{extras}]" if extras else str(package)
    session.install("-c", constraints, asked, *map(str, kernels), *more)


def built_wheels(extras: str) -> tuple[Path, ...]:
    """Return Fanwise's wheel of this run of nox, and that of its extension if extras bring it."""
    brought = bool({"fast", "all"} & {*extras.split(",")})
    names = ("fanwise-*.whl", "fanwise_kernels-*.whl")[: 1 + brought]
    return tuple(max(WHEELS.glob(name), key=lambda path: path.stat().st_mtime) for name in names)


def run_tests(
    session: nox.Session, where: SharedEnvironment, *rooms: str, backend: str = "jax", **more: str
) -> None:
    """Run tests in several processes, each file in one of them."""
    # Each process keeps to a core of its own.
    threads = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
    how = (f"--numprocesses={JOBS}", "--dist=loadfile")
    where.run(session, "pytest", *how, *rooms, env={**environment(backend), **threads, **more})


def compile_packages(session: nox.Session, where: SharedEnvironment) -> None:
    """Compile what is installed, on all cores: once, and before warnings are errors."""
    packages = map(str, where.folder.glob("lib/python*/site-packages"))
    # A file that is there for another version of Python does not compile.
    how = ("-m", "compileall", "-q", f"-j{JOBS}")
    where.run(session, "python", *how, *packages, success_codes=(0, 1), silent=True)


def of_tests() -> dict[str, str]:
    """The variables of a program that lies in tests/."""
    return {**environment("jax"), "PYTHONPATH": str(ROOT / "tests")}


def environment(backend: str) -> dict[str, str]:
    """The variables of a run, with Keras on one backend."""
    return {
        # pytest shows failures whole there; so that a run at home is like a run there.
        "CI": "1",
        "KERAS_BACKEND": backend,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "JAX_PLATFORMS": "cpu",
        # Eight devices of one host, so that sharded weights are judged too.
        "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
    }
