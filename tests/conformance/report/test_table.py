"""The table of a verdict: a line for every scheme, and the worst outcome stands for a group."""

from dataclasses import replace

import fanwise
from fanwise.conformance.report.table import departures, kill_rate, lines, modes, worst
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.verdict import verdict
from fanwise.core.dtypes import NAMES


def test_the_table_has_a_line_for_every_scheme(sound, suite):
    assert set(fanwise.schemes()) <= {line.scheme for line in lines(verdict([sound, suite]))}


def test_the_worst_outcome_stands_for_all():
    assert worst([Outcome.PASS, Outcome.DEVIATION]) == Outcome.DEVIATION
    assert worst([Outcome.NONE, Outcome.PASS]) == Outcome.PASS
    assert worst([]) == Outcome.NONE


def test_the_modes_are_told_by_dtype(sound, suite):
    first = sound.rows[0]
    assert first.claim == "golden"
    wrong = replace(sound, rows=(replace(first, outcome=Outcome.FAIL), *sound.rows[1:]))
    (mode, *_) = modes(verdict([wrong, suite]))
    assert (mode.adapter, mode.mode) == ("numpy", "eager")
    assert [dtype for dtype, _, _ in mode.outcomes] == list(NAMES)
    failed = [dtype for dtype, outcome, _ in mode.outcomes if outcome == Outcome.FAIL]
    assert failed == [first.subject.split()[0]]
    assert all(count > 0 for _, _, count in mode.outcomes)


def test_deviations_are_gathered_by_their_reasons(sound):
    rows = [
        row.marked(Outcome.DEVIATION, "so it is") for row in sound.rows if row.claim == "variance"
    ]
    (departure,) = departures(rows)
    assert (departure.note, departure.claims) == ("so it is", ("variance",))
    assert "he_normal" in departure.schemes


def test_mutants_are_counted(suite):
    caught, total = kill_rate(suite.rows)
    assert caught == total > 40
