"""The core gives its known answers, stage by stage."""

from common.outcomes import failing

from fanwise.conformance.checks import core_stages
from fanwise.conformance.checks.core_stages import CHECK, stages
from fanwise.conformance.checks.faults import patched


def test_the_core_gives_the_known_answers():
    rows = list(stages())
    assert not failing(rows)
    assert {row.claim for row in rows} == {claim.name for claim in CHECK.claims}
    assert {(row.adapter, row.engine) for row in rows} == {("suite", "core")}


def test_a_wrong_key_is_seen_at_its_stage_and_at_no_other():
    with patched(f"{core_stages.__name__}.window", lambda low, high: (0, 0)):
        assert failing(stages()) == {"window"}
