"""The sessions on starts: written to files, cut over processes, trained, by real trainers."""

from __future__ import annotations

import nox

from environments import CONSTRAINTS
from sessions import FRAMEWORKS, PYTEST, RESULTS, alone, environment, in_frameworks, install


@in_frameworks(default=False)
def kills(session: nox.Session) -> None:
    """Kill writers of starts at random moments, twenty for each format; minutes."""
    for form in ("safetensors", "npz", "dcp", "orbax"):
        options = (f"--format={form}", *session.posargs)
        FRAMEWORKS.run(session, "python", "tests/stress/kills.py", *options)


@in_frameworks(default=False)
def writing(session: nox.Session) -> None:
    """Time writers of starts beside drawing and the disk, and measure their memory."""
    output = f"--output={RESULTS / 'writing.json'}"
    FRAMEWORKS.run(session, "python", "benchmarks/writing.py", output, *session.posargs)


@in_frameworks(default=False)
def proof(session: nox.Session) -> None:
    """Train a small Llama cut in every way; ``-- --output proof/measured.json`` for its page."""
    FRAMEWORKS.run(session, "python", "proof/run.py", *session.posargs, env=environment("jax"))


@alone()
def trainers(session: nox.Session) -> None:
    """Run the examples of trainers, each with the trainer itself, and tests of hooks."""
    libraries = ("lightning", "hydra-core", "transformers", "accelerate", "peft", "megatron-core")
    install(session, "torch,fast", *libraries, *PYTEST)
    # Apart, since pip looks long for what suits all of them at once. torchtitan imports Triton,
    # which the torch for CPUs comes without.
    session.install("-c", CONSTRAINTS, "torchtitan", "triton")
    session.run("pytest", "tests/trainers", *session.posargs, env=environment("torch"))


@in_frameworks(default=False)
def cuts(session: nox.Session) -> None:
    """Cut models in every way of each framework, over real processes; minutes."""
    adapters = ("torch", "jax", "KERAS_BACKEND=jax keras", "KERAS_BACKEND=tensorflow keras")
    chosen = () if "--adapter" in " ".join(session.posargs) else adapters
    written = (f"--json={RESULTS / 'cuts.json'}", f"--html={RESULTS / 'cuts.html'}")
    asked = (*(f"--adapter={name}" for name in chosen), *written, *session.posargs)
    FRAMEWORKS.run(session, "python", "-m", "fanwise.conformance.cuts", *asked)
