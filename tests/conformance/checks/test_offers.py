"""What a framework does not offer is said, and is no failure."""

from fanwise.conformance.checks.offers import not_offered
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.subjects import Subject


def test_what_is_not_offered_is_no_failure():
    subject = Subject(adapter="a", engine="native", scheme="scheme('dirac')", n=5)
    row = not_offered(subject, ValueError("no such function"))
    assert (row.claim, row.outcome, row.n) == ("offered", Outcome.NONE, 5)
    assert row.note == "no such function"
