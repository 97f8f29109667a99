"""A thousand runs with nothing wrong: no false alarm, and the rates that are stated."""

import numpy as np
import pytest

from fanwise.conformance.checks.claims import CLAIMS
from fanwise.conformance.statistics import calibration
from fanwise.conformance.statistics import tails as statistics
from fanwise.conformance.statistics.calibration import LAWS, TESTS, calibrate
from fanwise.conformance.statistics.tails import ALPHA


@pytest.mark.parametrize("law", LAWS)
def test_a_thousand_runs_with_nothing_wrong(law):
    found = list(calibrate(1000, [law]))
    assert [one for one in found if not one.sound] == []
    assert {one.claim for one in found} == set(TESTS) <= set(CLAIMS)
    assert sum(one.alarms for one in found if one.rate == ALPHA) == 0


def test_a_test_with_too_many_alarms_is_seen(monkeypatch):
    """Rates five times too high, as those of a test that forgets how often it looks."""
    eager = {"mean": lambda x, law, _, alpha: statistics.mean(x, law, min(1, 5 * alpha))}
    monkeypatch.setattr(calibration, "TESTS", eager)
    assert not all(one.sound for one in calibrate(1000, ["normal"]))


def test_an_exact_test_with_too_few_alarms_is_seen(monkeypatch):
    timid = {"variance": lambda x, law, _, alpha: statistics.variance(x, law, alpha / 5)}
    monkeypatch.setattr(calibration, "TESTS", timid)
    assert not all(one.sound for one in calibrate(1000, ["normal"]))


def test_samples_differ_from_run_to_run():
    seen = []
    law = calibration.distribution_of(LAWS["normal"].law(()))
    for seed in (0, 1):
        generator = np.random.default_rng([seed, 1])
        seen.append(law.frozen.rvs(4, random_state=generator))
    assert (seen[0] != seen[1]).all()
