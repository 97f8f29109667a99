"""The session joins what its parts measured into one file, and compares it."""

import json
import sys

import pytest


@pytest.fixture
def run(module, tmp_path, monkeypatch):
    """Run the session with one part; its exit code, and what it wrote."""
    session = module("session")
    monkeypatch.setattr(session, "PARTS", (session.Part("numpy", ("run.py", "numpy")),))

    def run(*arguments):
        output = tmp_path / "new" / "bench.json"
        one = "--only=numpy uniform 4096 × 4096 float32 NumPy 1"
        given = ["session.py", f"--output={output}", "--repeats=2", one, *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", given)
        return session.main(), json.loads(output.read_text("utf-8"))

    return run


def test_a_run_is_compared_with_an_earlier_one(run, measured, tmp_path, capfd):
    old = tmp_path / "old.json"
    measured = json.loads(json.dumps(measured))
    # So much faster that no load hides it.
    measured["cases"][0] |= {"limit": [1e-3] * 3, "ratio": [1e3] * 3}
    old.write_text(json.dumps(measured))
    code, found = run("--compare", old)
    assert code == 0
    assert found["format"] == 2
    assert found["machine"]["repeats"] == 2
    assert [case["name"] for case in found["cases"]] == ["uniform"]
    assert "1 in common: 1 slower" in capfd.readouterr().out
    assert run("--compare", old, "--fail-slower")[0] == 1


def test_an_earlier_run_of_another_form_is_refused_before_anything_is_measured(
    run, tmp_path, capsys
):
    old = tmp_path / "old.json"
    old.write_text("{}")
    with pytest.raises(SystemExit):
        run("--compare", old)
    assert "of format None" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_parts_of_one_machine_are_joined(module):
    joined = module("results").joined
    first = {"machine": {"cores": 2, "others": 0.5, "packages": {"numpy": "2"}}, "cases": [1]}
    second = {"machine": {"cores": 2, "others": 0.1, "packages": {"jax": "1"}}, "cases": [2]}
    first |= {"format": 2, "small_calls": {"torch": [4]}}
    second |= {"first_call": [1, 2, 3], "small_calls": {"jax": [5]}}
    assert joined([first, second]) == {
        "machine": {"cores": 2, "others": 0.5, "packages": {"numpy": "2", "jax": "1"}},
        "cases": [1, 2],
        "first_call": [1, 2, 3],
        "small_calls": {"torch": [4], "jax": [5]},
    }
