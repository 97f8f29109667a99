"""What takes long says how far it is, to whoever asks, and to nobody else."""

import numpy as np
import pytest
from torch import nn

import fanwise
from fanwise.adapters.lint.lint import lint
from fanwise.captures import captured_by
from fanwise.conformance.checks.registry import calibration, faults
from fanwise.conformance.mutants import kills as kills_module
from fanwise.conformance.mutants.kills import kills
from fanwise.conformance.statistics.calibration import calibrate

RULES = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}


@pytest.fixture
def told():
    """What is told: a list of (done, total, title), that a call of ``told.add`` adds to."""

    class Told(list):
        def add(self, *state):
            self.append(state)

        def check(self):
            """Check that what is done never gets less, nor more than there is."""
            totals = {total for _, total, _ in self if total}
            assert len(totals) == 1
            counted = [done for done, total, _ in self if total]
            assert counted == sorted(counted)
            assert counted[-1] <= totals.pop()
            return counted

    return Told()


def test_a_calibration_tells_of_every_sample(told):
    tests = dict(list(calibration().items())[:2])
    rates = list(calibrate(3, tests, ["normal", "uniform"], progress=told.add))
    assert told.check() == list(range(12))
    assert rates == list(calibrate(3, tests, ["normal", "uniform"]))


def test_the_mutants_are_told_of_one_by_one(told, monkeypatch):
    monkeypatch.setattr(kills_module, "faults", lambda: list(faults())[:2])
    kills(range(2), told.add)
    assert told.check() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("prove", "builds"), [(True, 8), (False, 4)])
def test_a_capture_tells_of_every_build(told, prove, builds):
    captured_by(lambda: nn.Linear(64, 50), "torch", prove=prove, progress=told.add)
    assert told.check() == list(range(builds))
    assert {total for _, total, _ in told} == {builds}


@pytest.mark.parametrize("recipe", [None, RULES])
def test_an_audit_tells_how_much_it_has_read(told, tmp_path, recipe):
    rng = np.random.default_rng(0)
    weights = {f"{i}.weight": rng.normal(0, 0.02, (1024, 1024)).astype("f4") for i in range(3)}
    np.savez(tmp_path / "w.npz", **weights)
    audit = fanwise.audit(tmp_path / "w.npz", recipe, framework="torch", progress=told.add)
    read = told.check()
    assert read[0] == 0
    assert read[-1] >= 8  # of 12 megabytes, before the last block is read
    assert {total for _, total, _ in told if total} == {12}
    assert audit == fanwise.audit(tmp_path / "w.npz", recipe, framework="torch")


def test_a_lint_tells_of_every_file(told, tmp_path):
    for name in ("a.py", "b.py", "c.txt"):
        (tmp_path / name).write_text("x = 1\n")
    lint(tmp_path, progress=told.add)
    assert told.check() == [0, 1]


def test_nothing_is_told_to_who_does_not_ask(tmp_path, capsys):
    np.savez(tmp_path / "w.npz", **{"0.weight": np.zeros((64, 64), "f4")})
    fanwise.audit(tmp_path / "w.npz", framework="torch")
    lint(tmp_path)
    assert capsys.readouterr() == ("", "")
