"""Everything that is run on Fanwise. costs.toml says how long each session takes."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path

import nox

# nox loads this file without its folder in the path.
sys.path.insert(0, str(Path(__file__).parent))

# Their sessions are found because they are imported.
import start_sessions  # noqa: F401
from costs import ROOT
from environments import CONSTRAINTS, tell_minutes
from sessions import (
    FRAMEWORKS,
    JOBS,
    KERNELS,
    LIGHT,
    PYTEST,
    RESULTS,
    WHEELS,
    alone,
    built_wheels,
    compile_packages,
    environment,
    in_frameworks,
    in_light,
    install,
    of_tests,
    run_tests,
)
from zoo_sessions import CAPTURES_RUN, ZOO_RUN

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "virtualenv"
nox.options.sessions = ["lint", "structure", "types", "tests", "conformance"]

FOURTH = ROOT / "examples" / "fanwise-mlx"
#: The tests that need no framework.
BASE_ROOMS = ("tests/spec", "tests/core", "tests/reference")
#: Those of everything but models: the suite, the command line, files, sources.
ROOMS = (
    "tests/commands",
    "tests/conformance",
    "tests/fuzz",
    "tests/files",
    "tests/names_in_files",
    "tests/shape_sources",
    "tests/starts",
    "tests/captures",
    "tests/lint",
    "tests/benchmarks",
    *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/test_*.py")),
)
#: Those of each framework, and the backend of Keras that the first run of them has.
FRAMEWORK_ROOMS = (
    ("torch", ("tests/torch", "tests/torch_ranks")),
    ("jax", ("tests/jax", "tests/keras")),
)
#: The backends of Keras that it has not there.
OTHER_BACKENDS = ("tensorflow", "torch")
#: Those of the engines, which hand memory to the core.
DRAWING_ROOMS = tuple(f"tests/{framework}/drawing" for framework in ("torch", "jax", "keras"))
#: Those of what has other code on each backend of Keras; the session backends runs all of Keras's.
BACKEND_ROOMS = tuple(f"tests/keras/{wing}" for wing in ("drawing", "initializers", "conformance"))
#: Those of whole models: of libraries, of the zoo, of checkpoints that are audited.
ROOMS_OF_MODELS = ("tests/models", "tests/zoo", "tests/audits")

#: The adapters that are judged, with Keras on each of its backends; what takes long, first.
ADAPTERS = (
    "KERAS_BACKEND=jax keras",
    "jax",
    "KERAS_BACKEND=tensorflow keras",
    "torch",
    "KERAS_BACKEND=torch keras",
    "numpy",
)
#: The extras whose lowest versions are judged together, the adapter, and Keras's backend there.
LOWEST = {
    "numpy": ("conformance,fast", "numpy", "numpy"),
    "jax": ("conformance,jax,keras", "jax", "jax"),
    "keras-jax": ("conformance,jax,keras", "keras", "jax"),
    "keras-tensorflow": ("conformance,tensorflow-cpu", "keras", "tensorflow"),
    "keras-torch": ("conformance,torch,keras", "keras", "torch"),
}
#: What builds the site.
SITE = ("mkdocs-material", "mkdocstrings[python]")
#: Those of docs/ whose types are checked.
SCRIPTS = ("make_tables", "make_stubs", "make_names", "release_notes", "structure")


@nox.session(reuse_venv=True, default=False)
def wheel(session: nox.Session) -> None:
    """Build the wheels that the other sessions install: Fanwise's, and that of its extension."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    new = Path(session.create_tmp()) / "new"
    # Another nox may build in this folder, or install from it.
    with (WHEELS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # What an earlier build left would find its way into the wheels.
        for folder in (ROOT / "build", KERNELS / "build", new):
            shutil.rmtree(folder, ignore_errors=True)
        how = ("--quiet", "--no-deps", f"--wheel-dir={new}")
        session.run_install("pip", "wheel", *how, ".", str(KERNELS), silent=True)
        for built in new.glob("*.whl"):  # none with --no-install
            built.replace(WHEELS / built.name)


@nox.session(reuse_venv=LIGHT.is_current, requires=["wheel"], default=False, allow_parallel=True)
def light(session: nox.Session) -> None:
    """Make the environment without frameworks."""
    LIGHT.make(session, *built_wheels(LIGHT.extras))


@nox.session(
    reuse_venv=FRAMEWORKS.is_current, requires=["wheel"], default=False, allow_parallel=True
)
def frameworks(session: nox.Session) -> None:
    """Make the environment with all frameworks."""
    FRAMEWORKS.make(session, *built_wheels(FRAMEWORKS.extras))


@in_light()
def lint(session: nox.Session) -> None:
    """Check format, style and types."""
    LIGHT.run(session, "ruff", "format", "--check", ".")
    LIGHT.run(session, "ruff", "check", ".")
    LIGHT.run(session, "mypy", "-p", "fanwise")
    scripts = [f"docs/{script}.py" for script in SCRIPTS]
    pictures = sorted(map(str, ROOT.glob("docs/pictures/*.py")))
    paths = {"MYPYPATH": os.pathsep.join(("docs", "docs/pictures"))}
    roots = sorted(path.name for path in ROOT.glob("*.py"))
    LIGHT.run(session, "mypy", *roots, *scripts, *pictures, env=paths)
    LIGHT.run(session, "python", "docs/make_tables.py", "--check")
    LIGHT.run(session, "python", "docs/make_audits.py", "--check")
    LIGHT.run(session, "python", "benchmarks/table.py", "--check")


@in_frameworks()
def types(session: nox.Session) -> None:
    """Check the stubs against the modules, and users' scripts under mypy and pyright."""
    variables = environment("jax")
    # basedpyright is pyright with a Node of its own, so that PyPI alone is needed.
    FRAMEWORKS.add(session, "mypy", "basedpyright")
    FRAMEWORKS.run(session, "python", "docs/make_stubs.py", "--check", env=variables)
    FRAMEWORKS.run(session, "pytest", "tests/typing", *session.posargs, env=variables)


@nox.session(allow_parallel=True)
def structure(session: nox.Session) -> None:
    """Print rooms, floors and arrows, and fail on an import that runs upwards or in a circle."""
    session.run("python", "docs/structure.py", *session.posargs)


@in_light()
def base(session: nox.Session) -> None:
    """Test the specification and the core with NumPy alone, as the base install has it."""
    compile_packages(session, LIGHT)
    run_tests(session, LIGHT, *BASE_ROOMS, *session.posargs)


@in_frameworks()
def tests(session: nox.Session) -> None:
    """Test everything but what takes long, with all frameworks in one environment."""
    if session.posargs:
        variables = environment(os.environ.get("KERAS_BACKEND", "jax"))
        FRAMEWORKS.run(session, "pytest", *session.posargs, env=variables)
        return
    tell_minutes(session)
    compile_packages(session, FRAMEWORKS)
    # The base with the extension, and no test of it left out; the session base has NumPy alone.
    run_tests(session, FRAMEWORKS, *BASE_ROOMS, "-m", "not slow", FANWISE_FAST="1")
    run_tests(session, FRAMEWORKS, *ROOMS, "-m", "not slow")
    for backend, rooms in FRAMEWORK_ROOMS:
        run_tests(session, FRAMEWORKS, *rooms, "-m", "not slow", backend=backend)


@in_frameworks(default=False)
def tests_long(session: nox.Session) -> None:
    """Test what takes long: slow tests, models of libraries, Keras on its other backends."""
    tell_minutes(session)
    compile_packages(session, FRAMEWORKS)
    every_room = (*BASE_ROOMS, *ROOMS, *(room for _, rooms in FRAMEWORK_ROOMS for room in rooms))
    run_tests(session, FRAMEWORKS, *every_room, "-m", "slow")
    # What draws in the frameworks has other code where NumPy does it, and Keras on each backend.
    run_tests(session, FRAMEWORKS, *DRAWING_ROOMS, "-m", "not slow", FANWISE_FAST="0")
    for backend in OTHER_BACKENDS:
        run_tests(session, FRAMEWORKS, *BACKEND_ROOMS, backend=backend)
    run_tests(session, FRAMEWORKS, *ROOMS_OF_MODELS)
    # Triton is not there.
    left_out = ("--ignore-glob=*/test_claims.py", "--ignore-glob=*/triton_*.py")
    run_tests(session, FRAMEWORKS, "--doctest-modules", *left_out, "--pyargs", "fanwise")
    FRAMEWORKS.run(session, *ZOO_RUN, "--gate", "--share=10", env=of_tests())
    FRAMEWORKS.run(session, *CAPTURES_RUN, "--gate", env=of_tests())


@in_frameworks(default=False)
def backends(session: nox.Session) -> None:
    """Test all of Keras on the backends that ``tests`` does not have."""
    for backend in OTHER_BACKENDS:
        run_tests(session, FRAMEWORKS, "tests/keras", *session.posargs, backend=backend)


@in_frameworks()
def conformance(session: nox.Session) -> None:
    """Judge every framework, several at a time, and compare them; ``-- --quick`` for less."""
    if not session.posargs:
        tell_minutes(session)
    output = RESULTS / "conformance.json"
    output.unlink(missing_ok=True)
    adapters = () if "--adapter" in " ".join(session.posargs) else ADAPTERS
    FRAMEWORKS.run(
        session,
        *("fanwise", "conformance", *(f"--adapter={name}" for name in adapters)),
        *(f"--jobs={JOBS}", f"--output={output}", *session.posargs),
        env=environment("jax"),
        success_codes=(0, 1),  # what fails, the verdict says
    )
    report = (f"--json={RESULTS / 'verdict.json'}", f"--html={RESULTS / 'report.html'}")
    FRAMEWORKS.run(session, "fanwise", "verdict", str(output), *report)


@in_frameworks(default=False)
def docs(session: nox.Session) -> None:
    """Build the site into results/site, and run every page; see that pictures are as drawn."""
    FRAMEWORKS.add(session, *SITE)
    variables = {**environment("jax"), "NO_MKDOCS_2_WARNING": "1"}
    FRAMEWORKS.run(session, "python", "docs/pictures/draw.py", "--check", env=variables)
    FRAMEWORKS.run(session, "mkdocs", "build", "--quiet", env=variables)
    # Page by page: one takes as long as ten others.
    rooms = ("tests/pages", "tests/pictures")
    run_tests(session, FRAMEWORKS, "--dist=load", *rooms, *session.posargs)


@alone()
def fourth(session: nox.Session) -> None:
    """Judge a framework that Fanwise does not know, by an adapter of another distribution."""
    shutil.rmtree(FOURTH / "build", ignore_errors=True)
    install(session, "conformance", str(FOURTH), *PYTEST)
    output = f"--output={RESULTS / 'fourth.json'}"
    session.run("fanwise", "conformance", "--adapter=numpy", "--adapter=mlx", output)
    report = f"--html={RESULTS / 'fourth.html'}"
    session.run("fanwise", "verdict", str(RESULTS / "fourth.json"), report)
    session.run("pytest", "tests/fourth", str(FOURTH / "tests"), *session.posargs)


@alone()
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


@alone(python="3.13")
def newest(session: nox.Session) -> None:
    """Test the newest versions that there are: the base, JAX, and Keras on it."""
    wheel, extension = built_wheels("fast")
    extras = f"{wheel}[conformance,fast,jax,keras]"
    session.install("--upgrade", extras, str(extension), *PYTEST, "ml-dtypes")
    variables = environment("jax")
    session.run("pytest", *BASE_ROOMS, env={**variables, "FANWISE_FAST": "1"})
    chosen = [f"--adapter={name}" for name in ("numpy", "jax", "keras")]
    session.run("fanwise", "conformance", *chosen, *session.posargs, env=variables)


@nox.session(default=False, requires=["wheel"], allow_parallel=True)
def dist(session: nox.Session) -> None:
    """Build sdist and wheel, check and test them; --keep leaves them in dist/."""
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    checkers = ("build", "twine", "check-jsonschema", *PYTEST, "numpy", "pyyaml")
    session.install("-c", CONSTRAINTS, *checkers)
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
    # Our own archive, so without the filter that Python 3.11.0 to 3.11.3 do not have.
    shutil.unpack_archive(sdist, folder / "unpacked")
    (unpacked,) = (folder / "unpacked").iterdir()
    with session.chdir(unpacked):
        how = ("-m", "pytest", f"--numprocesses={JOBS}", "--dist=loadfile", *BASE_ROOMS)
        session.run(python, *how, external=True, env=environment("jax"))
    if "--keep" in session.posargs:
        shutil.copytree(folder / "dist", ROOT / "dist", dirs_exist_ok=True)


@nox.session(default=False, allow_parallel=True)
def kernels(session: nox.Session) -> None:
    """Build sdist and wheel of the extension, check them, draw by it; --keep as in dist."""
    shutil.rmtree(KERNELS / "build", ignore_errors=True)
    session.install("-c", CONSTRAINTS, "build", "twine", "abi3audit", "numpy")
    folder = Path(session.create_tmp()).resolve() / "kernels"
    shutil.rmtree(folder, ignore_errors=True)
    # The wheel is built from the sdist, so that one is whole.
    session.run("python", "-m", "build", f"--outdir={folder}", str(KERNELS), silent=True)
    (sdist,), (wheel,) = ([*folder.glob(f"*.{kind}")] for kind in ("tar.gz", "whl"))
    session.run("twine", "check", "--strict", str(sdist), str(wheel))
    session.run("abi3audit", "--strict", str(wheel))
    session.install("-c", CONSTRAINTS, ".", str(wheel))
    draw_golden(session)
    session.run("python", "kernels/checks/exhaustive.py")
    if "--keep" in session.posargs:
        shutil.copytree(folder, ROOT / "dist", dirs_exist_ok=True)


@alone()
def triton(session: nox.Session) -> None:
    """Test the kernels for GPUs where there is none: by Triton's interpreter, and their code.

    Not among the frameworks: a process that has TensorFlow dies of importing Triton, by their two
    copies of LLVM, and torch's compiler imports it where it can.
    """
    install(session, "conformance,fast,jax,keras,torch", "triton", *PYTEST, "ml-dtypes")
    how = (f"--numprocesses={JOBS}", "--dist=load")
    session.run("pytest", *how, "tests/gpu_kernels", *session.posargs, env=environment("torch"))


@alone(python=("3.12", "3.13"))
def abi(session: nox.Session) -> None:
    """Draw by one wheel of the extension on other versions of Python."""
    install(session, "fast")
    draw_golden(session)


@in_frameworks(default=False)
def fuzz(session: nox.Session) -> None:
    """Make a hundred thousand calls, right and wrong, and count what comes of them."""
    FRAMEWORKS.run(session, "python", "-m", "fuzz.run", *session.posargs, env=of_tests())


@in_light(default=False)
def mutants(session: nox.Session) -> None:
    """Break adapters in every way the suite knows, on seeds that no one has tried."""
    LIGHT.run(session, "fanwise", "mutants", *(session.posargs or ("--seeds=20",)))


@in_light(default=False)
def exhaustive(session: nox.Session) -> None:
    """Prove the normal quantile over all 2³² words."""
    LIGHT.run(session, "python", "tests/core/exhaustive_quantile.py")


@alone()
def stress(session: nox.Session) -> None:
    """Interrupt 10,000 draws, and fork amid others; minutes."""
    install(session, "torch,fast")
    for path in ("numpy", "compiled"):
        for into, count in (("numpy", 4000), ("torch", 1000)):
            options = (f"--path={path}", f"--into={into}", f"--count={count}")
            session.run("python", "tests/stress/interrupts.py", *options)
        session.run("python", "tests/stress/forks.py", f"--path={path}")


@in_frameworks(default=False)
def bench(session: nox.Session) -> None:
    """Time Fanwise against the frameworks' own, and filling memory; ``-- --compare old.json``."""
    output = f"--output={RESULTS / 'bench.json'}"
    FRAMEWORKS.run(session, "python", "benchmarks/session.py", output, *session.posargs)


@alone()
def gpu(session: nox.Session) -> None:
    """Draw on a CUDA device, and time it; ``-- --rehearse`` does all of it without one."""
    install(session, "all", *PYTEST, "jax[cuda13]")
    session.run("python", "tests/gpu/run.py", *session.posargs, env={"CI": "1"})


@in_light(default=False)
def vectors(session: nox.Session) -> None:
    """Write the golden vectors again."""
    LIGHT.run(session, "python", "-m", "fanwise.conformance.vectors", "conformance/vectors")


def draw_golden(session: nox.Session) -> None:
    """Draw the golden vectors by the extension that is installed, and nothing else."""
    script = str(ROOT / "tests" / "release" / "golden_by_extension.py")
    with session.chdir(session.create_tmp()):  # where no sources lie
        session.run("python", script, env={"FANWISE_FAST": "1"})


if __name__ == "__main__":
    nox.main()
