"""A row comes to its outcome by a finding or by a comparison."""

import pytest

from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow, judged_engine
from fanwise.conformance.results.subjects import Subject, elements, size_text
from fanwise.conformance.statistics.tails import ALPHA, Finding

CLAIM = Claim(name="mean", group=Group.SCALE, null="the mean is right")
SUBJECT = Subject(
    adapter="a", engine=Origin.CORE, scheme="scheme('normal', std=2.0)", subject="5×7", n=35, seed=3
)


@pytest.mark.parametrize(("observed", "outcome"), [(1.0, "pass"), (1.1, "fail")])
def test_a_finding_passes_within_its_bounds(observed, outcome):
    row = SUBJECT.judge(CLAIM, Finding(observed, 1.0, 0.9, 1.05))
    assert (row.outcome, row.bound, row.alpha) == (outcome, "[0.9, 1.05]", ALPHA)
    assert (row.claim, row.subject, row.n, row.seed) == ("mean", "5×7", 35, 3)


def test_what_must_be_equal_is_compared():
    assert SUBJECT.compare(CLAIM, "x", "x").outcome == Outcome.PASS
    row = SUBJECT.compare(CLAIM, "y", "x")
    assert (row.outcome, row.alpha, row.bound) == (Outcome.FAIL, 0.0, "equal")


def test_rows_are_built_by_keyword_and_name_their_scheme():
    row = SUBJECT.compare(CLAIM, "x", "x")
    assert row.family == "normal"
    assert SUBJECT.scheme in str(row)
    with pytest.raises(TypeError):
        ResultRow("a", Origin.CORE, "mean", "s", "", Outcome.PASS, "x", "x")


def test_an_engine_is_found_by_its_name():
    assert judged_engine("native").name == "NATIVE"
    assert judged_engine("start") is Origin.START
    with pytest.raises(ValueError, match="other"):
        judged_engine("other")


def test_shapes_in_words():
    assert (size_text((3, 3, 8)), elements((3, 3, 8))) == ("3×3×8", 72)
