"""Known answers, as they are read from their files."""

import math

import pytest
from common.known_answers import row

import fanwise
from fanwise.conformance.vectors.known_answers import answer_of, known_answers
from fanwise.spec.catalogue import catalogue


def test_every_scheme_has_one():
    assert {answer.draw.scheme.family for answer in known_answers()} == {*catalogue().entries}
    assert len({answer.source for answer in known_answers()}) >= 40


def test_every_answer_is_of_a_scheme_with_a_law_on_its_shape():
    for answer in known_answers():
        assert answer.draw.scheme.family in catalogue().entries
        assert math.prod(answer.draw.shape) <= 1 << 16


@pytest.mark.parametrize(
    "broken",
    [
        {"expect": {}},
        {"expect": {"values": [], "law": {}}},
        {"expect": {"numbers": []}},
        {"more": 1},
    ],
)
def test_an_answer_without_a_form_is_refused(broken):
    with pytest.raises(fanwise.FanwiseError, match="known answer"):
        answer_of({**row("zeros", [2], {"values": [0.0, 0.0]}), **broken})


def test_lists_are_the_tuples_that_a_scheme_takes_and_the_axes_those_of_its_entry():
    answer = answer_of(
        row(
            "given",
            [2, 2],
            {"values": [[1.0, 2.0], [3.0, 4.0]]},
            params={"values": [[1, 2], [3, 4]]},
        )
    )
    assert answer.draw.axes == catalogue().entries["given"].axes
    assert answer.draw.scheme["values"] == ((1.0, 2.0), (3.0, 4.0))
