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


def test_words_that_no_case_holds_are_refused_before_anything_is_measured(run, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        run("--only=numpy uniform 4096 × 4097")
    assert stopped.value.code == 2
    assert "no case holds 'numpy uniform 4096 × 4097'" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_parts_without_a_case_that_holds_the_words_are_not_run(module, run, monkeypatch):
    session = module("session")
    parts = (*session.PARTS, session.Part("torch", ("run.py", "torch")))
    monkeypatch.setattr(session, "PARTS", parts)
    run_part = session._script
    ran = []

    def script(*command, **how):
        ran.append(command[:2])
        return run_part(*command, **how)

    monkeypatch.setattr(session, "_script", script)
    assert len(run()[1]["cases"]) == 1
    assert ("run.py", "numpy") in ran
    assert ("run.py", "torch") not in ran


@pytest.mark.parametrize("words", ["4096 x 4096 float32", "4096x4096", "normal 4096 x", "4096 × 4"])
def test_an_x_between_numbers_is_taken_for_a_cross(module, words):
    assert module("results").holds("numpy normal 4096 × 4096 float32 NumPy 1", words)


def test_an_x_in_a_word_stays_one(module):
    holds = module("results").holds
    assert holds("jax he_normal 64 × 64", "jax he")
    assert not holds("numpy normal 4096 × 4096", "4096 x 64")


def test_a_part_without_a_case_that_holds_the_words_writes_nothing(
    module, tmp_path, monkeypatch, capsys
):
    output = tmp_path / "numpy.json"
    given = ["run.py", "numpy", f"--output={output}", "--only=nothing"]
    monkeypatch.setattr(sys, "argv", given)
    with pytest.raises(SystemExit):
        module("run").main()
    assert "no case holds 'nothing'" in capsys.readouterr().err
    assert not output.exists()


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
