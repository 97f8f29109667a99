"""The sessions of nox: all are listed with what they cost, and the gate runs what it must."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKERS = {"session", "in_light", "in_frameworks", "alone"}
#: What others need, and nobody asks for.
MEANS = {"wheel", "light", "frameworks"}


def sessions():
    """Every function that is decorated as a session."""
    return {
        node.name
        for file in ROOT.glob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        for name in [getattr(decorator, "func", decorator)]
        if (name.attr if isinstance(name, ast.Attribute) else name.id) in MAKERS
    }


def read(name):
    return (ROOT / name).read_text("utf-8")


def minutes():
    return tomllib.loads(read("costs.toml"))["sessions"]


def test_every_session_is_in_contributing():
    assert len(sessions()) > 20
    missing = {
        name
        for name in sessions() - MEANS
        if not re.search(rf"\b{name}\b", read("CONTRIBUTING.md"))
    }
    assert not missing


def test_contributing_says_what_was_measured():
    said = dict(re.findall(r"nox -s (\w+) *# ([0-9.]+) min: ", read("CONTRIBUTING.md")))
    assert {name: float(said[name]) for name in said} == minutes()


def test_the_gate_is_what_has_minutes():
    gate = read(".ci/run")
    words = {word.partition("(")[0].strip('"') for word in re.split(r"\s+", gate)}
    assert set(minutes()) <= sessions()
    assert words & sessions() - MEANS == set(minutes())


def test_an_environment_has_its_costs():
    made = set(tomllib.loads(read("costs.toml"))["environments"])
    named = set(re.findall(r'SharedEnvironment\(\s*"(\w+)"', read("sessions.py")))
    assert made == named <= MEANS


@pytest.fixture
def costs(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    import costs

    return costs


def test_measured_minutes_are_written_where_they_are_said(costs, monkeypatch, tmp_path):
    for name in ("costs.toml", "CONTRIBUTING.md"):
        (tmp_path / name).write_text(read(name), "utf-8")
    monkeypatch.setattr(costs, "ROOT", tmp_path)
    monkeypatch.setattr(costs, "COSTS", tmp_path / "costs.toml")
    monkeypatch.setattr(costs, "CONTRIBUTING", tmp_path / "CONTRIBUTING.md")
    (tmp_path / ".nox" / "light").mkdir(parents=True)
    made = '{"of": "", "costs": {"packages": 7, "gigabytes": 9.5, "minutes": 3.0}}'
    (tmp_path / ".nox" / "light" / "made.json").write_text(made)
    report = tmp_path / "report.json"
    report.write_text(
        '{"sessions": [{"name": "tests", "result": "success", "duration": 444},'
        ' {"name": "lint", "result": "failed", "duration": 999},'
        ' {"name": "wheel", "result": "success", "duration": 3}]}'
    )
    costs.write_costs([report])
    before, after = (
        tomllib.loads(read("costs.toml")),
        tomllib.loads((tmp_path / "costs.toml").read_text()),
    )
    assert after["sessions"] == {**before["sessions"], "tests": 7.4}
    assert after["environments"]["light"] == {"packages": 7, "gigabytes": 9.5, "minutes": 3.0}
    assert after["environments"]["frameworks"] == before["environments"]["frameworks"]
    assert re.search(
        r"nox -s tests +# 7\.4 min: ", (tmp_path / "CONTRIBUTING.md").read_text("utf-8")
    )
