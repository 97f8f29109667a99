"""Ten thousand changed recipes, results and deviations: each is read, or refused in a sentence."""

import io
import time
from contextlib import contextmanager

import pytest
from rich.console import Console

import fanwise
from fanwise import FanwiseError, Scheme
from fanwise.conformance.report.html import write_html
from fanwise.conformance.report.terminal import print_run, print_verdict
from fanwise.conformance.results import deviations
from fanwise.conformance.results.runs import read_runs
from fanwise.conformance.verdict import verdict
from fanwise.spec.catalogue import parse
from fanwise.spec.fans import Fans
from fanwise.spec.plan import plan
from fanwise.spec.weights import Weight
from fuzz import mutations

COUNT = 10_000
SEED = 20_261_127
#: The processor seconds that one document may take.
SECONDS = 2.0

WEIGHTS = (
    Weight("model/h/0/out/kernel", (8, 4), "in out", "kernel", "dense"),
    Weight("head/kernel", (8, 4), "in out", "kernel", "dense"),
    Weight("head/bias", (4,), "out", "bias", "dense", beside=Fans(8, 4)),
    Weight("lstm/recurrent_kernel", (4, 5, 5), "batch in out", "recurrent_kernel", "lstm"),
    Weight("norm/scale", (4,), "out", "scale", "norm"),
    Weight("qkv/kernel", (4, 8), "in out", "kernel", "attention", class_name="models.Attention"),
    Weight("table", (4, 8), "in out", "", "parameter", trains=False),
)


@contextmanager
def no_other_error(document, refusals):
    """What is refused is refused in a sentence, and in time."""
    start, refusal = time.process_time(), ""
    try:
        yield
    except FanwiseError as error:
        refusals.append(document)
        refusal = str(error)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        pytest.fail(f"{type(error).__name__}: {error} for {document!r:.2000}")
    # The last line may name a weight, as an example of those that are alike.
    assert (
        refusal.endswith((".", ")", "?")) or ", e.g. " in refusal.rpartition("\n")[2] or not refusal
    )
    assert len(refusal) < 10_000
    assert time.process_time() - start < SECONDS, document


def test_recipes(tmp_path):
    refusals, file = [], tmp_path / "recipe.toml"
    for document in mutations.recipes(SEED, COUNT):
        source = document
        if isinstance(document, bytes):
            file.write_bytes(document)
            source = file
        with no_other_error(document, refusals):
            plan(fanwise.recipe(source), WEIGHTS, framework="torch")
    assert COUNT / 3 < len(refusals) < COUNT


def test_deviations():
    versions = {"keras": "3.10.0", "tensorflow": "2.21"}
    refusals = []
    for document in mutations.deviations(SEED, COUNT):
        with no_other_error(document, refusals):
            deviations.read(document, "keras-jax", versions)
    assert COUNT / 3 < len(refusals) < COUNT


def test_results(tmp_path):
    refusals, file = [], tmp_path / "results.json"
    for number, document in enumerate(mutations.results(SEED, COUNT)):
        file.write_bytes(document)
        with no_other_error(document, refusals):
            runs = read_runs(file)
            outcome = verdict(runs)
            if number % 50 == 0:
                shown = io.StringIO()
                console = Console(file=shown, width=190, force_terminal=False)
                print_verdict(console, outcome)
                for run in runs:
                    print_run(console, run)
                write_html(tmp_path / "page.html", outcome)
                assert all(c.isprintable() or c == "\n" for c in shown.getvalue())
    assert COUNT / 3 < len(refusals) < COUNT


def test_schemes_as_data():
    refusals = []
    for document in mutations.scheme_dicts(SEED, COUNT):
        with no_other_error(document, refusals):
            Scheme.from_dict(document)
    assert COUNT / 3 < len(refusals) < COUNT


def test_catalogues():
    refusals, count = [], COUNT // 10
    for document in mutations.catalogues(SEED, count):
        with no_other_error(document, refusals):
            parse(document)
    assert count / 3 < len(refusals) < count


def test_what_is_changed_was_sound(tmp_path):
    plan(fanwise.recipe(mutations.RECIPE), WEIGHTS, framework="torch")
    assert len(deviations.read_all(mutations.DEVIATIONS)) == 2
    file = tmp_path / "results.json"
    file.write_bytes(mutations.json_text(mutations.results_data()))
    assert verdict(read_runs(file)).passed
