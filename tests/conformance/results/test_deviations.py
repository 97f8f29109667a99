"""Deviations that an adapter lists: known and marked, and gone when they have gone."""

from dataclasses import replace

import pytest
from common.conformance import OneWrong

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.results import deviations
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.run import run
from fanwise.conformance.verdict import verdict

pytestmark = pytest.mark.slow

LISTED = """
[[deviation]]
adapter = "numpy"
claims = ["variance"]
schemes = ["he_uniform"]
reason = "scale 2 % too large"
reference = "https://example.org/1"
versions = ["numpy>=1.0"]
"""


def test_a_listed_deviation_is_no_failure_and_one_that_vanished_is(quick):
    class Listed(OneWrong):
        deviations = LISTED

    class Mended(NumpyAdapter):
        deviations = LISTED

    marked = [row for row in run(Listed()).rows if row.outcome == Outcome.DEVIATION]
    assert {row.claim for row in marked} == {"variance"}
    assert "scale 2 % too large" in marked[0].note
    (vanished,) = run(Mended()).failures
    assert vanished.observed == "did not occur"


def test_a_condition_on_versions_decides():
    text = LISTED.replace("numpy>=1.0", "numpy<1.0")
    assert deviations.read(text, "numpy", {"numpy": "2.4.6"}) == ()
    assert len(deviations.read(LISTED, "numpy", {"numpy": "2.4.6"})) == 1
    assert deviations.read(LISTED, "other", {"numpy": "2.4.6"}) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LISTED.replace("numpy>=1.0", "numpy is old"), "a condition on a version"),
        (LISTED.replace('reason = "scale 2 % too large"', ""), "the key 'reason' in deviation 1"),
        (LISTED.replace("numpy>=1.0", "scipy>=1.0"), "a package whose version"),
        (
            LISTED.replace('["variance"]', '"variance"'),
            "a list of texts as 'claims' of deviation 1",
        ),
        (LISTED + 'engine = "portable"\n', "an engine whose faults can be listed"),
        (LISTED + "engine = 3\n", "an engine whose faults can be listed"),
        (LISTED + 'engines = "own"\n', "Did you mean 'engine'"),
        (LISTED.replace("[[deviation]]", "[[deviations]]"), "Did you mean 'deviation'"),
        (LISTED.replace("[[deviation]]", "[deviation]"), "a list of deviations"),
        (LISTED.replace('["he_uniform"]', "[3]"), "entry 1 of 'schemes' of deviation 1"),
        (LISTED.replace('["he_uniform"]', "[]"), "a list of texts"),
        (LISTED.replace('"numpy"', "3"), "text as 'adapter' of deviation 1"),
        (LISTED.replace("numpy>=1.0", "numpy>=" + "9" * 5000), "a condition on a version"),
        (LISTED.replace("numpy>=1.0", "numpy>=1..0"), "a condition on a version"),
        (LISTED.replace('["numpy>=1.0"]', '"numpy>=1.0"'), "a list of conditions"),
        ("deviation = ", "as TOML"),
        ("a = " + "{x=" * 3000, "nested too deeply"),
    ],
)
def test_a_malformed_deviation_is_refused(text, words):
    with pytest.raises(fanwise.FanwiseError, match=words):
        deviations.read(text, "numpy", {"numpy": "2.4.6"})


def test_a_listed_deviation_of_a_law_explains_a_differing_sample(sound, suite):
    first = sound.histograms[0]
    cells = [sum(first.counts), *[0] * (len(first.counts) - 1)]
    rows = tuple(
        replace(row, outcome=Outcome.DEVIATION, note="so it is")
        if (row.claim, row.scheme, row.subject) == ("distribution", first.scheme, first.subject)
        and row.engine == "native"
        else row
        for row in sound.rows
    )
    changed = (replace(first, counts=tuple(cells)), *sound.histograms[1:])
    other = replace(sound, adapter="other", rows=rows, histograms=changed)
    (row,) = [
        row for row in verdict([sound, other, suite]).compared if row.outcome == Outcome.DEVIATION
    ]
    assert (row.claim, row.note) == ("two samples", "so it is")
