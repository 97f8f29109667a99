"""All rows in an order in which they can be found."""

from collections import Counter

from fanwise.conformance.report.row_tables import row_sections
from fanwise.conformance.report.table import lines
from fanwise.conformance.verdict import verdict


def told(section):
    return [row for group in section.groups for block in group.blocks for row in block.rows]


def test_every_row_is_told_once_or_is_alike_in_all(judged):
    sections = row_sections(judged)
    alike = told(sections.alike)
    assert alike
    for section, run in zip(sections.frameworks, judged.runs, strict=True):
        assert len(told(section)) + len(alike) == len(run.rows)
    assert Counter(told(sections.together)) == Counter(judged.compared)
    assert Counter(told(sections.suite)) == Counter(judged.suite)


def test_a_row_that_one_framework_has_otherwise_is_not_alike(judged):
    sections = row_sections(judged)
    (deviation,) = (row for row in judged.rows if row.outcome == "deviation")
    assert deviation in told(sections.frameworks[1])
    assert [section.name for section in sections.every] == [
        *("numpy", "other", "alike in all frameworks", "together", "the suite itself")
    ]


def test_every_cell_of_the_table_leads_to_rows(judged):
    sections = row_sections(judged)
    anchors = {group.anchor: group for section in sections.every for group in section.groups}
    for line in lines(judged):
        for column, cell in enumerate(line.cells):
            for group, _ in cell.outcomes:
                found = anchors[sections.place(column, line.scheme, group)]
                assert (found.line, found.group) == (line.scheme, group)
    assert len(anchors) == sum(len(section.groups) for section in sections.every)


def test_a_row_leads_to_the_group_that_has_it(judged):
    sections = row_sections(judged)
    groups = {group.anchor: group for section in sections.every for group in section.groups}
    for row in (judged.rows[0], judged.compared[0], judged.suite[0]):
        group = groups[sections.place_of(row)]
        assert row.claim in {r.claim for block in group.blocks for r in block.rows}


def test_one_framework_alone_has_nothing_alike(sound, suite):
    sections = row_sections(verdict([sound, suite]))
    assert sections.alike.groups == ()
    assert sections.alike not in sections.every
