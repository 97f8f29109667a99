"""The number of claims, and what it is made of."""

from fanwise.conformance.report.tallies import tallies
from fanwise.conformance.results.rows import Outcome


def test_all_tallies_together_are_all_claims(judged):
    counted = tallies(judged)
    none = sum(row.outcome == Outcome.NONE for row in judged.rows)
    assert sum(tally.total for tally in counted) + none == len(judged.rows)
    assert sum(tally.none for tally in counted) == none > 0


def test_each_column_of_a_tally_is_one_framework(judged):
    for number, run in enumerate(judged.runs):
        rows = [row for row in run.rows if row.outcome != Outcome.NONE]
        assert sum(tally.judged[number] for tally in tallies(judged)) == len(rows)


def test_a_tally_says_how_many_schemes_subjects_and_claims(judged):
    portable = next(tally for tally in tallies(judged) if tally.engine == "portable")
    rows = [row for row in judged.rows if row.engine == "portable"]
    assert portable.schemes == len({row.scheme for row in rows})
    assert portable.subjects >= portable.schemes
    assert portable.claims == len({row.claim for row in rows})
