"""Everything that is run on Fanwise, each in an environment of its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "virtualenv"
nox.options.sessions = ["lint", "structure", "types", "tests", "conformance"]

ROOT = Path(__file__).parent
RESULTS = ROOT / "results"
FOURTH = ROOT / "examples" / "fanwise-mlx"
CONSTRAINTS = "constraints.txt"
#: The libraries of the zoo, in the versions that its results are of.
ZOO = "tests/zoo/requirements.txt"
ZOO_VISION = "tests/zoo/requirements-vision.txt"
ZOO_FLAX = "tests/zoo/requirements-flax.txt"
#: The libraries whose sources the lint was read on.
LINTED = "tests/lint_libraries/requirements.txt"
PYTEST = ("pytest", "hypothesis", "jsonschema", "mpmath")
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
#: Libraries whose models recipes cite, by the framework that they are judged with.
SOURCES = {
    "torch": ("transformers", "peft", "keras-hub"),
    "tensorflow": ("keras-hub",),
    "jax": ("keras-hub",),
}
#: The tests that need no framework.
BASE_ROOMS = ("tests/spec", "tests/core", "tests/reference")
#: Those that read files and values: checkpoints, builds of models, sources.
ROOMS_OF_FILES = ("tests/files", "tests/names_in_files", "tests/captures", "tests/lint")

#: The adapters that are judged in the environment of each framework, and Keras's backend there.
FRAMEWORKS = {
    "numpy": (("numpy",), "numpy"),
    "torch": (("torch", "keras"), "torch"),
    "tensorflow": (("keras",), "tensorflow"),
    "jax": (("jax", "keras"), "jax"),
}
#: The extras whose lowest versions are judged together, the adapter, and Keras's backend there.
LOWEST = {
    "numpy": ("conformance,fast", "numpy", "numpy"),
    "jax": ("conformance,jax,keras", "jax", "jax"),
    "keras-jax": ("conformance,jax,keras", "keras", "jax"),
    "keras-tensorflow": ("conformance,tensorflow-cpu", "keras", "tensorflow"),
    "keras-torch": ("conformance,torch,keras", "keras", "torch"),
}
#: Those of docs/ whose types are checked.
SCRIPTS = ("make_tables", "make_stubs", "structure")
#: What this invocation of nox was asked to judge; the verdict is about these.
judged: list[str] = []


@nox.session
def lint(session: nox.Session) -> None:
    """Check format, style and types."""
    install(session, "conformance", "ruff", "mypy", "nox")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy", "-p", "fanwise")
    session.run("mypy", "noxfile.py", *(f"docs/{script}.py" for script in SCRIPTS))
    session.run("python", "docs/make_tables.py", "--check")
    session.run("python", "docs/make_audits.py", "--check")
    session.run("python", "benchmarks/table.py", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check the stubs against the modules, and users' scripts under mypy and pyright."""
    # basedpyright is pyright with a Node of its own, so that PyPI alone is needed.
    install(session, "all", *PYTEST, "mypy", "basedpyright")
    session.run("python", "docs/make_stubs.py", "--check", env=environment("jax"))
    session.run("pytest", "tests/typing", *session.posargs, env=environment("jax"))


@nox.session
def structure(session: nox.Session) -> None:
    """Print rooms, floors and arrows, and fail on an import that runs upwards or in a circle."""
    session.run("python", "docs/structure.py", *session.posargs)


@nox.session
def base(session: nox.Session) -> None:
    """Test the specification and the core with NumPy alone, as the base install has it."""
    install(session, "", *PYTEST, "scipy", "ml-dtypes", "rich")
    session.run("pytest", *BASE_ROOMS, *session.posargs, env=environment("jax"))


@nox.session
def tests(session: nox.Session) -> None:
    """Test everything, with all frameworks in one environment."""
    install(session, "all", *PYTEST, *LIBRARIES)
    backends = ("tensorflow", "jax", "torch")
    rooms = (*BASE_ROOMS, *map(str, ROOT.glob("tests/test_*.py")))
    if session.posargs:
        session.run(
            "pytest", *session.posargs, env=environment(os.environ.get("KERAS_BACKEND", "jax"))
        )
        return
    session.run("pytest", *rooms, env=environment("jax"))
    # The same on the compiled path.
    compiled = {**environment("jax"), "FANWISE_FAST": "1"}
    session.run("pytest", *BASE_ROOMS, env=compiled)
    session.run("pytest", "tests/conformance", env=environment("jax"))
    session.run("pytest", "tests/fuzz", env=environment("jax"))
    session.run("pytest", *ROOMS_OF_FILES, env=environment("jax"))
    doctests = ("--doctest-modules", "--ignore-glob=*/test_claims.py", "--pyargs", "fanwise")
    session.run("pytest", *doctests, env=environment("jax"))
    session.run("pytest", "tests/models", "tests/zoo", "tests/audits", env=environment("jax"))
    _judge_zoo(session, "--gate", "--share=10")
    _capture_zoo(session, "--gate")
    session.run("pytest", "tests/torch", "tests/torch_ranks", env=environment("torch"))
    session.run("pytest", "tests/jax", env=environment("jax"))
    for backend in backends:
        session.run("pytest", "tests/keras", env=environment(backend))


@nox.session
@nox.parametrize("framework", list(FRAMEWORKS), ids=list(FRAMEWORKS))
def conformance(session: nox.Session, framework: str) -> None:
    """Judge one framework; the verdict over all that were asked for follows."""
    adapters, backend = FRAMEWORKS[framework]
    results(framework).unlink(missing_ok=True)
    judged.append(framework)
    session.notify("verdict")
    extras = "conformance,fast" if framework == "numpy" else f"{framework},keras,conformance"
    install(session, extras, *SOURCES.get(framework, ()))
    chosen = [f"--adapter={name}" for name in adapters]
    output = f"--output={results(framework)}"
    session.run("fanwise", "conformance", *chosen, output, env=environment(backend))


@nox.session(default=False)
def verdict(session: nox.Session) -> None:
    """Compare the frameworks that were judged, and write the report."""
    asked = judged or list(FRAMEWORKS)
    install(session, "conformance")
    files = [str(results(framework)) for framework in asked]
    report = (f"--json={RESULTS / 'verdict.json'}", f"--html={RESULTS / 'report.html'}")
    session.run("fanwise", "verdict", *files, *report)


@nox.session(default=False)
def fourth(session: nox.Session) -> None:
    """Judge a framework that Fanwise does not know, by an adapter of another distribution."""
    shutil.rmtree(FOURTH / "build", ignore_errors=True)
    install(session, "conformance", str(FOURTH), *PYTEST)
    output = f"--output={results('fourth')}"
    session.run("fanwise", "conformance", "--adapter=numpy", "--adapter=mlx", output)
    report = f"--html={RESULTS / 'fourth.html'}"
    session.run("fanwise", "verdict", str(results("fourth")), report)
    session.run("pytest", "tests/fourth", str(FOURTH / "tests"), *session.posargs)


@nox.session(default=False)
@nox.parametrize("subject", list(LOWEST), ids=list(LOWEST))
def lowest(session: nox.Session, subject: str) -> None:
    """Test the lowest versions that pyproject.toml allows: the base, and each framework."""
    extras, adapter, backend = LOWEST[subject]
    variables = environment(backend)
    more = ("hypothesis", "jsonschema", "mpmath", "ml-dtypes") if subject == "numpy" else ()
    install(session, extras, *more, constraints="constraints-lowest.txt")
    if subject == "numpy":
        # Settings of our own tests that pytest 8 does not know stay out of it.
        rooms = [str(ROOT / room) for room in BASE_ROOMS]
        plain = ("-q", "-p", "no:cacheprovider", "-c", os.devnull)
        how = ("--import-mode=importlib", "-o", f"pythonpath={ROOT / 'tests'}")
        session.run("pytest", *plain, *how, *rooms, env=variables)
        suite = ("--pyargs", "fanwise.conformance", "--fanwise-adapter=numpy", "-k", "row or bits")
        with session.chdir(session.create_tmp()):
            session.run("pytest", *plain, *suite, env=variables)
    session.run("fanwise", "conformance", f"--adapter={adapter}", *session.posargs, env=variables)


@nox.session(default=False, python="3.13")
def newest(session: nox.Session) -> None:
    """Test the newest versions that there are: the base, JAX, and Keras on it."""
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    session.install("--upgrade", ".[conformance,fast,jax,keras]", *PYTEST, "ml-dtypes")
    variables = environment("jax")
    session.run("pytest", *BASE_ROOMS, env=variables)
    chosen = [f"--adapter={name}" for name in ("numpy", "jax", "keras")]
    session.run("fanwise", "conformance", *chosen, *session.posargs, env=variables)


@nox.session
def dist(session: nox.Session) -> None:
    """Build sdist and wheel, check and test them; --keep leaves them in dist/."""
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    session.install("-c", CONSTRAINTS, "build", "twine", "check-jsonschema", *PYTEST, "pyyaml")
    folder = Path(session.create_tmp()).resolve()
    shutil.rmtree(folder / "dist", ignore_errors=True)
    session.run("python", "-m", "build", f"--outdir={folder / 'dist'}", silent=True)
    (sdist,), (wheel,) = ([*folder.glob(f"dist/*.{kind}")] for kind in ("tar.gz", "whl"))
    session.run("twine", "check", "--strict", str(sdist), str(wheel))
    session.run("python", "tests/release/sdist_files.py", str(sdist))
    session.run("pytest", "tests/release")
    schema = "check-jsonschema", "--builtin-schema"
    session.run(*schema, "vendor.citation-file-format", "CITATION.cff")
    workflows = sorted(map(str, ROOT.glob(".github/workflows/*.yml")))
    session.run(*schema, "vendor.github-workflows", *workflows)
    # What was installed for the checks must not be what makes the wheel work.
    session.run("python", "-m", "venv", "--clear", str(folder / "clean"))
    python = str(folder / "clean" / "bin" / "python")
    pip = (python, "-m", "pip", "install", "--quiet", "-c", CONSTRAINTS)
    session.run(*pip, f"{wheel}[cli]", external=True)
    session.run(python, "-m", "fanwise", "--version", external=True)
    session.run(*pip, *PYTEST, "scipy", "ml-dtypes", external=True)
    shutil.unpack_archive(sdist, folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    with session.chdir(unpacked):
        session.run(python, "-m", "pytest", *BASE_ROOMS, external=True, env=environment("jax"))
    if "--keep" in session.posargs:
        shutil.copytree(folder / "dist", ROOT / "dist", dirs_exist_ok=True)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Make a hundred thousand calls, right and wrong, and count what comes of them."""
    install(session, "all", *PYTEST)
    variables = {**environment("jax"), "PYTHONPATH": str(ROOT / "tests")}
    session.run("python", "-m", "fuzz.run", *session.posargs, env=variables)


@nox.session(default=False)
def zoo(session: nox.Session) -> None:
    """Set models of public libraries by the recipes of their frameworks, and judge each."""
    install(session, "all", "-r", ZOO, "rich")
    _judge_zoo(session, "--session=zoo")


@nox.session(default=False)
def zoo_vision(session: nox.Session) -> None:
    """The same of the libraries that need torchvision, with the torch that it needs."""
    install(session, "torch", "-r", ZOO_VISION, "rich", constraints=ZOO_VISION)
    _judge_zoo(session, "--session=zoo_vision")


@nox.session(default=False)
def zoo_flax(session: nox.Session) -> None:
    """The same of the libraries of JAX, with the last transformers that has models of Flax."""
    install(session, "jax", "-r", ZOO_FLAX, constraints=ZOO_FLAX)
    _judge_zoo(session, "--session=zoo_flax")


@nox.session(default=False)
def captures(session: nox.Session) -> None:
    """Capture models of the zoo, and prove the recipes."""
    install(session, "all", "-r", ZOO, "rich")
    _capture_zoo(session, "--session=zoo")


@nox.session(default=False)
def captures_vision(session: nox.Session) -> None:
    """The same of the libraries that need torchvision."""
    install(session, "torch,conformance", "-r", ZOO_VISION, "rich", constraints=ZOO_VISION)
    _capture_zoo(session, "--session=zoo_vision")


@nox.session(default=False)
def captures_flax(session: nox.Session) -> None:
    """The same of the libraries of JAX."""
    install(session, "jax,conformance", "-r", ZOO_FLAX, constraints=ZOO_FLAX)
    _capture_zoo(session, "--session=zoo_flax")


@nox.session(default=False)
def audits(session: nox.Session) -> None:
    """Plant faults in checkpoints, and audit a thousand right ones beside them; minutes."""
    install(session, "all", *LIBRARIES)
    variables = {**environment("jax"), "PYTHONPATH": str(ROOT / "tests")}
    session.run("python", "-m", "audits.bench", *session.posargs, env=variables)


@nox.session(default=False)
def vision(session: nox.Session) -> None:
    """Judge the recipes of vision by torchvision and timm, which need another torch."""
    libraries = ("timm", "transformers", "keras-hub", "diffusers")
    extras = "torch,keras,conformance"
    install(session, extras, *PYTEST, "-r", ZOO_VISION, *libraries, constraints=ZOO_VISION)
    variables = environment("torch")
    session.run("pytest", "tests/vision", *session.posargs, env=variables)
    chosen = ("--adapter=torch", "--only=recipe *", f"--output={results('vision')}")
    session.run("fanwise", "conformance", *chosen, env=variables)


@nox.session(default=False)
def lint_libraries(session: nox.Session) -> None:
    """Run the lint on public libraries, in the versions whose findings were read."""
    install(session, "cli")
    session.install("--no-deps", "-r", LINTED)
    variables = {"PYTHONPATH": str(ROOT / "tests")}
    session.run("python", "-m", "lint_libraries.run", *session.posargs, env=variables)


def _judge_zoo(session: nox.Session, *which: str) -> None:
    variables = {**environment("jax"), "PYTHONPATH": str(ROOT / "tests")}
    session.run("python", "-m", "zoo.run", *which, *session.posargs, env=variables)


def _capture_zoo(session: nox.Session, *which: str) -> None:
    variables = {**environment("jax"), "PYTHONPATH": str(ROOT / "tests")}
    session.run("python", "-m", "zoo.captures", *which, *session.posargs, env=variables)


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Break adapters in every way the suite knows, on seeds that no one has tried."""
    install(session, "conformance")
    session.run("fanwise", "mutants", *(session.posargs or ("--seeds=20",)))


@nox.session(default=False)
def exhaustive(session: nox.Session) -> None:
    """Prove the normal quantile over all 2³² words."""
    install(session, "conformance")
    session.run("python", "tests/core/exhaustive_quantile.py")


@nox.session(default=False)
def stress(session: nox.Session) -> None:
    """Interrupt 10,000 draws, fork amid others, compile in three processes at once; minutes."""
    install(session, "torch,fast")
    for path in ("numpy", "compiled"):
        for into, count in (("numpy", 4000), ("torch", 1000)):
            options = (f"--path={path}", f"--into={into}", f"--count={count}")
            session.run("python", "tests/stress/interrupts.py", *options)
        session.run("python", "tests/stress/forks.py", f"--path={path}")
    session.run("python", "tests/stress/compiles.py")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Time Fanwise against the frameworks' own initializers, side by side."""
    install(session, "all")
    kept = []
    for framework, backend in (
        ("numpy", "numpy"),
        ("torch", "torch"),
        ("keras", "tensorflow"),
        ("keras", "jax"),
        ("keras", "torch"),
        ("jax", "jax"),
    ):
        name = f"{framework}-{backend}" if framework == "keras" else framework
        kept.append(f"{RESULTS}/bench-{name}.json")
        # Not the eight devices that the tests have: they would share the cores.
        variables = {**environment(backend), "XLA_FLAGS": ""}
        script = ("benchmarks/run.py", framework, f"--output={kept[-1]}", *session.posargs)
        session.run("python", *script, env=variables)
    session.run("python", "benchmarks/plots.py", *kept)


@nox.session(default=False)
def gpu(session: nox.Session) -> None:
    """Draw the golden tensors, and models, on a CUDA device; fails where there is none."""
    install(session, "all", *PYTEST, "jax[cuda13]")
    variables = {**environment("torch"), "JAX_PLATFORMS": "cuda,cpu"}
    files = ("tests/gpu/golden_on_cuda.py", "tests/gpu/torch_on_cuda.py")
    session.run("pytest", *files, *session.posargs, env=variables)


@nox.session(default=False)
def vectors(session: nox.Session) -> None:
    """Write the golden vectors again."""
    install(session, "conformance")
    session.run("python", "-m", "fanwise.conformance.vectors", "conformance/vectors")


def install(session: nox.Session, extras: str, *more: str, constraints: str = CONSTRAINTS) -> None:
    """Install the wheel itself, in the tested versions."""
    # What an earlier build left would find its way into the wheel.
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    session.install("-c", constraints, f".[{extras}]" if extras else ".", *more)


def results(framework: str) -> Path:
    """Where the results of one framework are written."""
    return RESULTS / f"{framework}.json"


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


if __name__ == "__main__":
    nox.main()
