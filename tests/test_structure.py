"""The rules of the rooms hold, and each of them can be broken."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "docs" / "structure.py"
WINGS = ("initializers", "drawing", "layers", "conformance")
VERBS = (
    *("initialize", "set_initializer", "summary", "paths", "signals"),
    *("stored_weights", "builds", "unwritten", "lsuv", "write"),
)


@pytest.fixture(scope="module")
def structure():
    found = importlib.util.spec_from_file_location("structure", SCRIPT)
    module = importlib.util.module_from_spec(found)
    sys.modules["structure"] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path):
    """A small package without a fault."""
    for adapter in ("torch", "keras", "jax"):
        for wing in WINGS:
            write(tmp_path, f"adapters/{adapter}/{wing}/__init__.py", "")
        for verb in VERBS:
            write(tmp_path, f"adapters/{adapter}/{verb}.py", "")
    write(tmp_path, "conformance/__init__.py", "")
    write(tmp_path, "spec/laws.py", "class Law: ...")
    write(tmp_path, "core/sampler.py", "from fanwise.spec.laws import Law")
    return tmp_path


def write(root, name, text):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def test_the_package_keeps_the_rules(structure):
    assert structure.faults(ROOT) == []


def test_a_small_package_keeps_them_too(structure, tree):
    assert structure.faults(tree) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("spec/a.py", "import fanwise.core.sampler", "fanwise.spec.a imports upwards"),
        (
            "core/a.py",
            "def late():\n    from fanwise.adapters.torch import initialize",
            "fanwise.core.a imports upwards",
        ),
        (
            "adapters/jax/drawing/a.py",
            "from fanwise.adapters.jax.layers import b",
            "fanwise.adapters.jax.drawing.a imports upwards: fanwise.adapters.jax.layers",
        ),
        (
            "adapters/torch/summary.py",
            "from fanwise.adapters.torch.conformance import a",
            "fanwise.adapters.torch.summary imports upwards",
        ),
        (
            "adapters/torch/layers/a.py",
            "from fanwise.adapters.jax.layers import b",
            "fanwise.adapters.torch.layers.a imports another adapter",
        ),
        ("core/a.py", "import jax.numpy", "fanwise.core.a imports a framework: jax.numpy"),
        (
            "adapters/keras/helpers.py",
            "",
            "the adapter of keras has something that the others do not: helpers",
        ),
        (
            "adapters/jax/initializers/a.py",
            "from ..conformance import models",
            "fanwise.adapters.jax.initializers.a imports upwards: fanwise.adapters.jax.conformance",
        ),
        (
            "core/a.py",
            "import importlib\nimportlib.import_module('fanwise.conformance')",
            "fanwise.core.a imports upwards: fanwise.conformance",
        ),
        (
            "adapters/torch/layers/a.py",
            "import jax",
            "fanwise.adapters.torch.layers.a imports a framework: jax",
        ),
        ("conformance/a.py", "import flax.nnx", "fanwise.conformance.a imports a framework"),
        ("core/a.py", "import fanwise_kernels", "fanwise.core.a imports the extension past"),
        (
            "adapters/torch/drawing/a.py",
            "from fanwise_kernels import draw",
            "fanwise.adapters.torch.drawing.a imports the extension past the gate",
        ),
        (
            "adapters/numpy.py",
            "class Law: ...",
            "2 classes are called Law: in fanwise.spec.laws, fanwise.adapters.numpy",
        ),
    ],
)
def test_a_broken_rule_is_named(structure, tree, name, text, fault):
    write(tree, name, text)
    (named,) = structure.faults(tree)
    assert named.startswith(fault)


def test_a_circle_of_modules_is_named(structure, tree):
    write(tree, "spec/a.py", "import fanwise.spec.b")
    write(tree, "spec/b.py", "from fanwise.spec import a")
    assert structure.faults(tree) == ["a circle of modules: fanwise.spec.a, fanwise.spec.b"]


def test_a_circle_of_wings_is_named_though_no_module_is_in_one(structure, tree):
    for wing, other in (("layers", "initializers"), ("initializers", "layers")):
        name = f"adapters/jax/{wing}"
        write(tree, f"{name}/high.py", f"import fanwise.adapters.jax.{other}.low")
        write(tree, f"{name}/low.py", "")
    assert structure.faults(tree) == ["a circle of the wings of adapters/jax: initializers, layers"]


def test_a_circle_of_wings_is_named_in_the_suite_too(structure, tree):
    for wing, other in (("checks", "results"), ("results", "checks")):
        write(tree, f"conformance/{wing}/__init__.py", "")
        write(tree, f"conformance/{wing}/high.py", f"import fanwise.conformance.{other}.low")
        write(tree, f"conformance/{wing}/low.py", "")
    assert structure.faults(tree) == ["a circle of the wings of conformance: checks, results"]


@pytest.mark.parametrize("wing", WINGS)
def test_a_file_with_the_name_of_a_wing_is_none(structure, tree, wing):
    (tree / "adapters" / "jax" / wing / "__init__.py").unlink()
    write(tree, f"adapters/jax/{wing}.py", "")
    assert structure.faults(tree) == [
        f"the adapter of jax has no {wing}",
        f"the adapter of jax has something that the others do not: {wing}",
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_a_missing_verb_is_named(structure, tree, verb):
    (tree / "adapters" / "keras" / f"{verb}.py").unlink()
    assert structure.faults(tree) == [f"the adapter of keras has no {verb}"]


def test_keras_may_call_the_adapters_of_its_backends(structure, tree):
    write(tree, "adapters/keras/drawing/a.py", "import fanwise.adapters.jax.drawing")
    assert structure.faults(tree) == []


def test_floors_are_the_longest_chain_and_a_circle_is_one_of_them(structure):
    assert structure.floors_of({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"c"}}) == 3
    assert structure.floors_of({"a": {"b"}, "b": {"a", "c"}, "c": set()}) == 2
    assert structure.floors_of({}) == 0


def run(*arguments):
    return subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_command_prints_figures_and_fails_on_a_fault(tree):
    right = run(tree, "--json")
    assert right.returncode == 0
    rows = {row["room"]: row for row in json.loads(right.stdout)["figures"]}
    assert rows["adapters/jax, its wings"] == {
        "room": "adapters/jax, its wings",
        "nodes": len(WINGS) + len(VERBS),
        "floors": 1,
        "arrows": 0,
    }
    write(tree, "kernels/src/a.c", '#include <math.h>\n#include "b.h"\n')
    write(tree, "kernels/src/b.h", "")
    rows = {row["room"]: row for row in json.loads(run(tree, "--json").stdout)["figures"]}
    sources = {"room": "kernels/src", "nodes": 2, "floors": 2, "arrows": 1}
    assert rows["kernels/src"] == sources
    write(tree, "core/a.py", "import torch")
    wrong = run(tree)
    assert wrong.returncode == 1
    assert "fanwise.core.a imports a framework: torch" in wrong.stdout
