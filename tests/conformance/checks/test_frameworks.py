"""Frameworks against each other: what one lacks or draws otherwise."""

from common.outcomes import failing

from fanwise.conformance.checks.frameworks import compare_bits, compare_samples
from fanwise.conformance.results.runs import Histogram, Run


def run_of(name, counts=(500, 500), digests=None):
    histogram = Histogram(
        scheme="scheme('normal')", subject="5×7", counts=counts, kernel=(5, 7), source={}
    )
    return Run(
        adapter=name,
        versions={},
        devices=(),
        rows=(),
        digests=digests or {"scheme('normal') 5×7": "0" * 64},
        histograms=(histogram,) if counts else (),
    )


def test_the_same_bits_and_samples_hold():
    runs = [run_of("a"), run_of("b", counts=(510, 490))]
    (bits,), (samples,) = compare_bits(runs), compare_samples(runs)
    assert not failing([bits, samples])
    assert (bits.scheme, bits.subject, bits.n) == ("scheme('normal')", "5×7", 2)
    assert (samples.adapter, samples.n) == ("a and b", 1000)


def test_another_digest_is_seen_with_all_of_them():
    (row,) = compare_bits([run_of("a"), run_of("b", digests={"scheme('normal') 5×7": "1" * 64})])
    assert row.outcome == "fail"
    assert "1" * 64 in row.observed


def test_another_law_is_seen_and_so_is_a_draw_that_is_missing():
    assert failing(compare_samples([run_of("a"), run_of("b", counts=(900, 100))]))
    (row,) = compare_samples([run_of("a"), run_of("b", counts=())])
    assert (row.outcome, row.observed) == ("fail", "one draw is missing")
