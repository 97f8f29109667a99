"""A row of the matrix holds if every process found the core's weights, in bounded memory."""

import json

import pytest

from fanwise.conformance.cuts.expected import expected_digests
from fanwise.conformance.cuts.matrix import BESIDE, judged_row, matrix_data
from fanwise.conformance.cuts.report import page_of, terminal_lines

PART = 100 << 20


def cell(model="encoder", allocated=PART, in_place=False, **weights):
    return {
        "way": "rows",
        "world": 2,
        "model": model,
        "part": PART,
        "allocated": allocated,
        "in_place": in_place,
        "weights": {**expected_digests(model), **weights},
    }


def row(*cells):
    return judged_row("mine", "rows", 2, [[one] for one in cells])


def test_equal_weights_hold():
    found = row(cell(), cell())
    assert found.passed
    assert found.processes == 2
    assert list(found.digests) == ["encoder"]


def test_one_weight_of_one_process_is_seen():
    found = row(cell(), cell(**{"up/kernel": "0" * 64}))
    assert not found.passed
    assert found.wrong == ("encoder: up/kernel",)
    assert found.digests == {"encoder": ""}


def test_a_weight_that_no_process_has_is_seen():
    short = cell()
    del short["weights"]["up/bias"]
    assert row(short, short).wrong == ("encoder: up/bias",)


@pytest.mark.parametrize(
    ("allocated", "in_place", "passed"),
    [
        (PART + BESIDE, False, True),
        (PART + BESIDE + 1, False, False),
        (BESIDE, True, True),
        (BESIDE + 1, True, False),
        (None, False, True),
    ],
)
def test_memory_of_the_worst_process_counts(monkeypatch, allocated, in_place, passed):
    monkeypatch.setattr("fanwise.conformance.cuts.matrix.LARGE", "encoder")
    found = row(cell(allocated=0), cell(allocated=allocated, in_place=in_place))
    assert found.passed is passed


def test_the_report_names_what_fails():
    rows = [row(cell(), cell()), row(cell(**{"up/kernel": "0"}), cell())]
    data = json.loads(json.dumps(matrix_data(rows)))
    assert not data["passed"]
    assert [one["passed"] for one in data["rows"]] == [True, False]
    assert not matrix_data([])["passed"]
    text = "\n".join(terminal_lines(rows))
    assert "other weights: encoder: up/kernel" in text
    assert text.endswith("1 of 2 hold")
    assert "encoder: up/kernel" in page_of(rows[1:])
    assert 'class="bad"' not in page_of(rows[:1])
