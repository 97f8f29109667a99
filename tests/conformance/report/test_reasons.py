"""Why rows are what they are: each reason once."""

from fanwise.conformance.report.reasons import reason_text, reasons
from fanwise.conformance.results.rows import Outcome


def test_a_reason_is_told_once_with_all_that_it_concerns(judged):
    listed = reasons(judged.rows)
    (deviation,) = (r for r in listed.values() if r.outcome == Outcome.DEVIATION)
    assert (deviation.anchor, deviation.adapters, deviation.claims) == (
        "d1",
        ("other",),
        ("variance",),
    )
    assert deviation.text == "so it is (https://example.org/why)"


def test_every_row_that_has_a_reason_is_below_one(judged):
    listed = reasons(judged.rows)
    with_reason = [r for r in judged.rows if r.outcome in (Outcome.NONE, Outcome.DEVIATION)]
    assert sum(len(reason.rows) for reason in listed.values()) == len(with_reason)
    assert all((row.outcome, reason_text(row)) in listed for row in with_reason)
    assert len({reason.anchor for reason in listed.values()}) == len(listed)


def test_a_row_without_a_note_is_told_by_what_was_seen(sound):
    assert reason_text(sound.rows[0].marked(Outcome.NONE, "")) == sound.rows[0].observed
