"""The sessions on public libraries: their models set, captured and judged, their sources read."""

from __future__ import annotations

import nox

from costs import ROOT
from sessions import (
    FRAMEWORKS,
    PYTEST,
    RESULTS,
    alone,
    environment,
    in_frameworks,
    install,
    of_tests,
)

#: The libraries of the zoo, in the versions that its results are of.
ZOO = "tests/zoo/requirements.txt"
ZOO_VISION = "tests/zoo/requirements-vision.txt"
ZOO_FLAX = "tests/zoo/requirements-flax.txt"
#: The libraries whose sources the lint was read on.
LINTED = "tests/lint_libraries/requirements.txt"
#: What judges the models of the zoo, and what captures them.
ZOO_RUN = ("python", "-m", "zoo.run")
CAPTURES_RUN = ("python", "-m", "zoo.captures")


@alone()
def zoo(session: nox.Session) -> None:
    """Set models of public libraries by the recipes of their frameworks, and judge each."""
    install(session, "all", "-r", ZOO, "rich")
    session.run(*ZOO_RUN, "--session=zoo", *session.posargs, env=of_tests())


@alone()
def zoo_vision(session: nox.Session) -> None:
    """The same of the libraries that need torchvision, with the torch that it needs."""
    install(session, "torch", "-r", ZOO_VISION, "rich", constraints=ZOO_VISION)
    session.run(*ZOO_RUN, "--session=zoo_vision", *session.posargs, env=of_tests())


@alone()
def zoo_flax(session: nox.Session) -> None:
    """The same of the libraries of JAX, with the last transformers that has models of Flax."""
    install(session, "jax", "-r", ZOO_FLAX, constraints=ZOO_FLAX)
    session.run(*ZOO_RUN, "--session=zoo_flax", *session.posargs, env=of_tests())


@alone()
def captures(session: nox.Session) -> None:
    """Capture models of the zoo, and prove the recipes."""
    install(session, "all", "-r", ZOO, "rich")
    session.run(*CAPTURES_RUN, "--session=zoo", *session.posargs, env=of_tests())


@alone()
def captures_vision(session: nox.Session) -> None:
    """The same of the libraries that need torchvision."""
    install(session, "torch,conformance", "-r", ZOO_VISION, "rich", constraints=ZOO_VISION)
    session.run(*CAPTURES_RUN, "--session=zoo_vision", *session.posargs, env=of_tests())


@alone()
def captures_flax(session: nox.Session) -> None:
    """The same of the libraries of JAX."""
    install(session, "jax,conformance", "-r", ZOO_FLAX, constraints=ZOO_FLAX)
    session.run(*CAPTURES_RUN, "--session=zoo_flax", *session.posargs, env=of_tests())


@in_frameworks(default=False)
def audits(session: nox.Session) -> None:
    """Plant faults in checkpoints, and audit a thousand right ones beside them."""
    FRAMEWORKS.run(session, "python", "-m", "audits.bench", *session.posargs, env=of_tests())


@alone()
def vision(session: nox.Session) -> None:
    """Judge the recipes of vision by torchvision and timm, which need another torch."""
    libraries = ("timm", "transformers", "keras-hub", "diffusers")
    extras = "torch,keras,conformance"
    install(session, extras, *PYTEST, "-r", ZOO_VISION, *libraries, constraints=ZOO_VISION)
    variables = environment("torch")
    session.run("pytest", "tests/vision", *session.posargs, env=variables)
    chosen = ("--adapter=torch", "--only=recipe *", f"--output={RESULTS / 'vision.json'}")
    session.run("fanwise", "conformance", *chosen, env=variables)


@alone()
def lint_libraries(session: nox.Session) -> None:
    """Run the lint on public libraries, in the versions whose findings were read."""
    install(session, "cli")
    session.install("--no-deps", "-r", LINTED)
    variables = {"PYTHONPATH": str(ROOT / "tests")}
    session.run("python", "-m", "lint_libraries.run", *session.posargs, env=variables)
