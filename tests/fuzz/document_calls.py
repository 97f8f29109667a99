"""Documents that something was done to, read: recipes, results and lists of deviations."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import fanwise
from fanwise.conformance.results import deviations
from fanwise.conformance.results.runs import read_runs
from fanwise.conformance.verdict import verdict
from fanwise.spec.fans import Fans
from fanwise.spec.plan import plan
from fanwise.spec.weights import Weight
from fuzz import mutations
from fuzz.calls import Call, Calls, Chooser

_FOLDER: Final = tempfile.TemporaryDirectory()
_WEIGHTS: Final = (
    Weight("model/h/0/out/kernel", (8, 4), "in out", "kernel", "dense"),
    Weight("head/kernel", (8, 4), "in out", "kernel", "dense"),
    Weight("head/bias", (4,), "out", "bias", "dense", beside=Fans(8, 4)),
    Weight("lstm/recurrent_kernel", (4, 5, 5), "batch in out", "recurrent_kernel", "lstm"),
    Weight("qkv/kernel", (4, 8), "in out", "kernel", "attention", class_name="models.Attention"),
    Weight("table", (4, 8), "in out", "", "parameter", trains=False),
)
_VERSIONS: Final = {"keras": "3.10.0", "tensorflow": "2.21"}


def recipe(chooser: Chooser) -> Call:
    """Read a recipe, and plan a model's weights by it."""
    source: Any = next(mutations.recipes(chooser.getrandbits(60), 1))
    if isinstance(source, bytes):
        source = _file("recipe.toml", source)

    def run() -> object:
        return plan(fanwise.recipe(source), _WEIGHTS, framework="torch").planned

    return Call(text=f"recipe({_shown(source)})", run=run)


def deviation(chooser: Chooser) -> Call:
    """Read a deviations.toml."""
    text = next(mutations.deviations(chooser.getrandbits(60), 1))
    return Call(
        text=f"deviations.read({text!r:.600})",
        run=lambda: deviations.read(text, "keras-jax", _VERSIONS),
    )


def result(chooser: Chooser) -> Call:
    """Read results, and give the verdict."""
    document = next(mutations.results(chooser.getrandbits(60), 1))

    def run() -> object:
        return verdict(read_runs(_file("results.json", document)))

    return Call(text=f"verdict({document!r:.600})", run=run)


CALLS: Calls = {"recipe": recipe, "deviations": deviation, "results": result}


def _file(name: str, content: bytes) -> Path:
    path = Path(_FOLDER.name, name)
    path.write_bytes(content)
    return path


def _shown(source: Any) -> str:
    return repr(source.read_bytes() if isinstance(source, Path) else source)[:600]
