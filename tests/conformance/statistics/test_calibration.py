"""A thousand runs with nothing wrong: no false alarm, and the rates that are stated."""

import numpy as np
import pytest

from fanwise.conformance.checks.registry import calibration as calibrated_tests
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.calibration import LAWS, calibrate, law_test
from fanwise.conformance.statistics.distributions import distribution_of
from fanwise.conformance.statistics.tails import ALPHA

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("law", LAWS)
def test_a_thousand_runs_with_nothing_wrong(law):
    tests = calibrated_tests()
    calibrations = list(calibrate(1000, tests, [law]))
    assert [calibration for calibration in calibrations if not calibration.sound] == []
    assert {calibration.claim for calibration in calibrations} == set(tests)
    at_suite_rate = [one.alarms for one in calibrations if one.rate == ALPHA]
    assert sum(at_suite_rate) == 0


def test_every_test_of_the_suite_that_draws_is_calibrated():
    assert set(calibrated_tests()) == {
        "mean", "variance", "distribution", "tails", "half precision", "two samples", "rows",
        "lags", "seeds",
    }  # fmt: skip


def test_a_test_with_too_many_alarms_is_seen():
    """Rates five times too high, as those of a test that forgets how often it looks."""
    eager = law_test(lambda x, law, alpha: tails.mean(x, law, min(1, 5 * alpha)))
    assert not all(one.sound for one in calibrate(1000, {"mean": eager}, ["normal"]))


def test_an_exact_test_with_too_few_alarms_is_seen():
    def judge(x, law, alpha):
        return tails.variance(x, law, alpha / 5)

    for exact, sound in ((frozenset({"normal"}), False), (frozenset(), True)):
        timid = {"variance": law_test(judge, exact)}
        assert all(one.sound for one in calibrate(1000, timid, ["normal"])) is sound


def test_samples_differ_from_run_to_run():
    seen = []
    law = distribution_of(LAWS["normal"].law(()))
    for seed in (0, 1):
        generator = np.random.default_rng([seed, 1])
        seen.append(law.frozen.rvs(4, random_state=generator))
    assert (seen[0] != seen[1]).all()
