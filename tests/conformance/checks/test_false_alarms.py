"""All false-alarm rates together are small."""

from dataclasses import replace

from fanwise.conformance.checks.false_alarms import FAMILY, false_alarms
from fanwise.conformance.results.verdicts import Verdict


def test_the_sum_of_the_rates_is_judged(sound, suite):
    whole = Verdict(runs=(sound,), suite=suite.rows, compared=())
    row = false_alarms(whole)
    assert (row.claim, row.outcome) == ("false alarms", "pass")
    assert float(row.observed) <= FAMILY
    rows = tuple(replace(row, engine="native", alpha=1e-11) for row in sound.rows)
    careless = replace(whole, runs=(replace(sound, rows=rows),))
    assert false_alarms(careless).outcome == "fail"
