"""Importing Fanwise, and sampling, imports no framework, and is quick."""

import importlib.metadata
import os
import subprocess
import sys
from importlib import resources

import pytest

import fanwise.spec

SPEC = resources.files("fanwise.spec").joinpath("SPEC.md").read_text("utf-8")

#: Frameworks, and what only an extra installs.
HEAVY = (
    "torch",
    "tensorflow",
    "keras",
    "jax",
    "flax",
    "scipy",
    "rich",
    "typer",
)

#: What the initializers of an adapter share with the verbs, which take whole models.
SHARED = ("engines", "extras", "layer_weights", "recipe_forms", "repeated_streams", "signatures")
#: What reads recipes and models, which no initializer needs.
WHOLE = ("fanwise.captures", "fanwise.conformance", "fanwise.spec.plan", "fanwise.spec.recipe")

#: What importing Fanwise may take beyond importing NumPy.
SECONDS = 0.060

SAMPLE = "import fanwise; fanwise.sample('he_normal', (8, 4), seed=0, path='kernel')"


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    own = {name: value for name, value in os.environ.items() if name != "FANWISE_FAST"}
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=own
    ).stdout


def imported(code: str) -> set[str]:
    """Which of the heavy modules a fresh interpreter holds after the code."""
    return set(run(f"{code}\nimport sys\nprint(*(n for n in {HEAVY} if n in sys.modules))").split())


@pytest.mark.parametrize(
    "code",
    [
        "import fanwise",
        SAMPLE,
        "import fanwise; fanwise.sample('orthogonal', (8, 4), seed=0, dtype='bfloat16')",
        "import fanwise.spec, fanwise.core, fanwise.adapters.protocol, fanwise.adapters.discovery",
    ],
)
def test_no_framework_is_imported(code: str) -> None:
    assert imported(code) == set()


def own_modules(code: str) -> set[str]:
    """Which modules of the package a fresh interpreter holds after the code."""
    listing = "print(*(name for name in sys.modules if name.startswith('fanwise.')))"
    return set(run(f"{code}\nimport sys\n{listing}").split())


def needless(modules: set[str], framework: str) -> set[str]:
    """Those that no initializer needs."""
    own = f"fanwise.adapters.{framework}"
    needed = {"fanwise.adapters", own, *(f"fanwise.adapters.{name}" for name in SHARED)}
    wings = (f"{own}.drawing", f"{own}.initializers")
    return {name for name in modules if name.startswith(WHOLE)} | {
        name
        for name in modules - needed
        if name.startswith("fanwise.adapters") and not name.startswith(wings)
    }


def test_importing_fanwise_loads_the_specification_and_the_core_alone() -> None:
    loaded = own_modules("import fanwise")
    assert not needless(loaded, "")
    assert {name.split(".")[1] for name in loaded} == {"core", "spec"}


@pytest.mark.parametrize("name", ["torch", "keras", "jax"])
def test_a_door_loads_what_takes_whole_models_when_it_is_asked_for(name: str) -> None:
    door = f"import fanwise.{name}; "
    assert not needless(own_modules(f"{door}dir(fanwise.{name})"), name)
    verb = needless(own_modules(f"{door}fanwise.{name}.initialize"), name)
    assert {f"fanwise.adapters.{name}.initialize", "fanwise.spec.recipe"} <= verb


@pytest.mark.parametrize("name", ["torch", "keras", "jax"])
def test_a_door_has_the_names_that_it_lists(name: str) -> None:
    code = f"""
import fanwise.{name} as door
assert {{*door.__all__}} <= {{*dir(door)}}
print(all(hasattr(door, name) for name in dir(door)), hasattr(door, "nothing"))
print(door.initialize is door.initialize, "initialize" in vars(door))
"""
    assert run(code).split() == ["True", "False", "True", "True"]


def test_an_audit_imports_no_framework() -> None:
    code = """
import numpy as np
import fanwise
weights = {"up.weight": fanwise.sample("he_normal", (64, 32), seed=0, axes="torch")}
fanwise.audit(weights, {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}, seed=0)
fanwise.audit(weights)
"""
    assert imported(code) <= {"scipy"}


def test_an_audit_without_scipy_says_what_to_install() -> None:
    code = """
import sys
sys.modules["scipy"] = None
import fanwise
try:
    fanwise.audit
except AttributeError as error:
    print(error)
"""
    assert 'Run: pip install "fanwise[conformance]"' in run(code)


@pytest.mark.parametrize("name", ["torch", "keras", "jax"])
def test_a_framework_is_imported_where_its_door_is_asked_for(name: str) -> None:
    assert name in imported(f"import fanwise; fanwise.{name}.initialize")


def test_a_door_that_cannot_be_opened_says_why() -> None:
    code = """
import sys
sys.modules["torch"] = None
import fanwise
try:
    fanwise.torch
except AttributeError as error:
    print(error)
print(hasattr(fanwise, "torch"), hasattr(fanwise, "nothing"))
"""
    message, answers = run(code).splitlines()
    assert message.startswith("fanwise.torch cannot be imported: ")
    assert answers == "False False"


def test_the_versions_are_those_of_the_package_and_of_the_catalogue() -> None:
    code = "import fanwise; versions = fanwise.__version__, fanwise.SPEC_VERSION"
    assert imported(code) == set()
    package, spec = run(f"{code}; print(*versions)").split()
    assert package == importlib.metadata.version("fanwise")
    assert SPEC.splitlines()[0].endswith(f"version {spec}")
    assert fanwise.SPEC_VERSION == spec == fanwise.spec.catalogue().version


@pytest.mark.parametrize("name", ["scipy", "rich"])
def test_the_check_can_fail(name: str) -> None:
    """Where one is imported, it is seen: even below the code that is looked at."""
    assert name in imported(f"import fanwise, {name}")
    assert name in imported(f"exec('import {name}')")


def test_every_heavy_module_would_be_seen() -> None:
    fake = f"import sys\nfor name in {HEAVY}: sys.modules[name] = sys"
    assert imported(fake) == set(HEAVY)


def extra_seconds(code: str) -> float:
    """What the code takes of a processor after NumPy is imported, at best.

    Only its own thread is counted, as those that NumPy starts turn idly for a while. Other
    processes only ever add to it, so more runs can but come closer to the truth: five, and
    more as long as the machine seems too busy to tell.
    """
    timed = (
        f"import time, numpy\nstart = time.thread_time()\n{code}\nprint(time.thread_time() - start)"
    )
    best = min(float(run(timed)) for _ in range(5))
    for _ in range(10):
        if best <= SECONDS:
            break
        best = min(best, float(run(timed)))
    return best


def test_the_import_is_quick() -> None:
    assert extra_seconds("import fanwise") <= SECONDS


def test_a_slow_import_would_be_seen() -> None:
    assert (
        extra_seconds(
            f"end = start + {SECONDS}\nwhile time.thread_time() < end: pass\nimport fanwise"
        )
        > SECONDS
    )
