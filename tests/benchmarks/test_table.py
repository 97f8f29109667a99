"""The tables of pages follow from the results that are kept, and hold all that they are to show."""

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

KEPT = "benchmarks/measured.json"


@pytest.fixture
def table(module, tmp_path, monkeypatch):
    """The script, on pages of its own."""
    table = module("table")
    for name in (*table.PAGES, KEPT):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(table, "ROOT", tmp_path)
    monkeypatch.setattr(table, "KEPT", tmp_path / KEPT)
    return table


@pytest.fixture
def run(table, monkeypatch):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["table.py", *arguments])
        return table.main()

    return run


def test_pages_show_what_was_measured(run):
    assert run("--check") == 0


@pytest.mark.parametrize("page", ["README.md", "docs/speed.md", "benchmarks/README.md"])
def test_a_page_that_says_something_else_is_named_and_written_again(table, run, page, capsys):
    file = table.ROOT / page
    text = file.read_text("utf-8")
    begin = text.index(table.BEGIN)
    digit = next(at for at in range(begin, len(text)) if text[at] == "4")
    file.write_text(f"{text[:digit]}5{text[digit + 1 :]}", "utf-8")
    assert run("--check") == 1
    assert page in capsys.readouterr().err
    assert run() == 0
    assert file.read_text("utf-8") == text


def test_another_measurement_is_another_page(table, module, run, tmp_path, monkeypatch):
    monkeypatch.setattr(table.subprocess, "run", lambda *_, **__: None)
    data = json.loads(table.KEPT.read_text("utf-8"))
    data["machine"]["repeats"] = module("wholeness").FEWEST
    for case in data["cases"]:
        case["ours"] = [123.0, 123.0, 123.0]
    (tmp_path / "other.json").write_text(json.dumps(data))
    assert run(str(tmp_path / "other.json")) == 0
    assert run("--check") == 0
    for page in ("README.md", "docs/speed.md"):
        assert " | 123" in (tmp_path / page).read_text("utf-8")


def test_every_row_that_is_to_be_shown_was_measured(table, module):
    shown = module("shown")
    data = module("results").read(table.KEPT)
    measured = {module("results").key_of(case)[:-1] for case in data["cases"]}
    assert {*shown.ROWS, *shown.SMALL, *shown.FEW} <= measured
    assert data["scale"]["draws"]


def test_every_aim_was_measured(table, module):
    results = module("results")
    data = results.read(table.KEPT)
    cases = {results.key_of(case): case for case in data["cases"]}
    cores = data["machine"]["cores"]
    missing = [aim for aim in module("aims").AIMS if aim.measured(cases, cores) is None]
    assert not missing


def _without(data, *names):
    return {name: value for name, value in data.items() if name not in names}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: {**data, "cases": data["cases"][:-1]}, "lack cases, 1 in all, as "),
        (lambda data: _without(data, "imports", "scale"), "lack imports; scale: measure with"),
        (lambda data: _without(data, "first_call"), "lack first_call: measure with"),
        (lambda data: {**data, "imports": {}}, "lack imports: measure with"),
        (
            lambda data: {**data, "machine": {**data["machine"], "repeats": 8}},
            "lack repeats (8, of 9 at least): measure with",
        ),
    ],
    ids=["a case", "two parts", "first calls", "an import", "repeats"],
)
def test_results_that_are_not_whole_are_refused_before_anything_is_written(
    table, module, run, tmp_path, capsys, change, words
):
    files = {name: (tmp_path / name).read_bytes() for name in (*table.PAGES, KEPT)}
    data = json.loads(table.KEPT.read_text("utf-8"))
    data["machine"]["repeats"] = module("wholeness").FEWEST
    (tmp_path / "part.json").write_text(json.dumps(change(data)))
    with pytest.raises(SystemExit) as stopped:
        run(str(tmp_path / "part.json"))
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err.splitlines()[-1]
    assert files == {name: (tmp_path / name).read_bytes() for name in files}


def test_an_aim_that_was_not_measured_is_missed(table, module, monkeypatch):
    aim = module("aims").Aim("torch", "normal_", "7 × 7", 1.8, "limit")
    wholeness = module("wholeness")
    monkeypatch.setattr(wholeness, "AIMS", (*wholeness.AIMS, aim))
    data = json.loads(table.KEPT.read_text("utf-8"))
    assert [*wholeness.lacking(data)] == ["what 1 aims are held to"]


def test_files_that_are_no_results_are_an_error_of_one_line(run, tmp_path, capsys):
    for name in ("missing.json", "README.md"):
        with pytest.raises(SystemExit):
            run(str(tmp_path / name))
        assert f"{name}" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("given", [("--nonsense",), ("--check", "results.json")])
def test_other_arguments_are_refused(run, given, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(*given)
    assert stopped.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_help_is_printed(run, capsys):
    with pytest.raises(SystemExit) as stopped:
        run("--help")
    assert stopped.value.code == 0
    assert "--check" in capsys.readouterr().out


def test_what_is_not_shown_is_not_kept(table, measured, tmp_path):
    path = tmp_path / "kept.json"
    table.keep({"machine": {}, "cases": [{**measured["cases"][0], "size": "7 × 7"}]}, path)
    assert json.loads(path.read_text("utf-8"))["cases"] == []


@pytest.mark.parametrize(
    ("quotient", "value", "met"),
    [("limit", 1.8, True), ("limit", 1.81, False), ("ratio", 1.8, True), ("ratio", 1.79, False)],
)
def test_an_aim_is_met_up_to_what_is_shown_of_it(module, quotient, value, met):
    aim = module("aims").Aim("torch", "normal_", "10", 1.8, quotient)
    assert aim.is_met(value) is met


def test_a_cost_is_the_reverse_of_a_ratio(module):
    aim = module("aims").Aim("torch", "normal_", "10", 1.0, "cost")
    key = ("torch", "normal_", "10", "float32", "compiled", "2")
    assert aim.measured({key: {"ratio": [3.0, 4.0, 5.0]}}, 2) == 0.25
    assert aim.measured({}, 2) is None


def test_another_dtype_is_held_to_float32(module):
    aim = module("aims").Aim("torch", "normal_", "10", 1.0, "float32", dtype="bfloat16")
    key = ("torch", "normal_", "10", "bfloat16", "compiled", "2")
    other = ("torch", "normal_", "10", "float32", "compiled", "2")
    assert aim.measured({key: {"ours": [2, 3, 4]}, other: {"ours": [1, 2, 3]}}, 2) == 1.5
    assert aim.measured({key: {"ours": [2, 3, 4]}}, 2) is None
