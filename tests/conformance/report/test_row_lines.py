"""Rows as lines of a page."""

from dataclasses import replace

import pytest

from fanwise.conformance.report.reasons import reasons
from fanwise.conformance.report.row_lines import (
    block_heading,
    group_heading,
    row_line,
    short_scheme,
)
from fanwise.conformance.report.row_tables import CellRows, RowBlock
from fanwise.conformance.results.claims import Group
from fanwise.conformance.results.rows import Outcome


def line(row):
    return str(row_line(row, RowBlock((row,)), reasons([row])))


def test_a_row_that_passes_is_short(sound):
    row = sound.rows[0]
    digest = row.observed
    assert line(row) == (
        f"<tr><td>✓ golden<td>{row.subject}<td>{digest[:10]}…<td>=<td>=<td>{row.n}\n"
    )


@pytest.mark.parametrize("field", ["claim", "subject", "observed", "expected", "bound", "note"])
def test_no_field_makes_a_tag(sound, field):
    hostile = replace(sound.rows[0], outcome=Outcome.FAIL, **{field: "<img src=x onerror=a()>"})
    text = line(hostile)
    assert "<img" not in text
    assert "&lt;img" in text


def test_a_failure_says_why(sound):
    assert "<small>because</small>" in line(sound.rows[0].marked(Outcome.FAIL, "because"))


def test_a_deviation_leads_to_its_reason(sound):
    text = line(sound.rows[0].marked(Outcome.DEVIATION, "so it is"))
    assert text.startswith("<tr class=deviation><td><a href=#d1>△1</a> golden<td>")


def test_numbers_have_four_figures_and_whole_ones_all(sound):
    row = replace(sound.rows[0], observed="0.0832609", bound="[0.0824111, 1.5e-07]", n=384320)
    assert "<td>0.08326<td>" in line(row)
    assert "<td>[0.08241, 1.5e-07]<td>384,320" in line(row)


def test_what_all_blocks_share_is_said_once(sound):
    chosen = ("native", "he_normal", "variance")
    rows = [row for row in sound.rows if (row.engine, row.family, row.claim) == chosen]
    steps = dict.fromkeys(row.step for row in rows)
    blocks = tuple(RowBlock(tuple(row for row in rows if row.step == step)) for step in steps)
    group = CellRows(anchor="r0", line="he_normal", group=Group.SCALE, blocks=blocks)
    assert group_heading(group) == "α ≤ 5e-13"
    headings = [block_heading(block, group) for block in blocks]
    assert headings[0] == f"{blocks[0].step} · seed {blocks[0].seed}"


def test_a_scheme_is_written_without_quotes():
    assert (
        short_scheme("scheme('uniform', high=0.05, low=-0.05)") == "uniform(high=0.05, low=-0.05)"
    )
    assert short_scheme("models") == "models"
