"""Every name that a framework has for an initializer has a row, whose two sides are compared."""

import sys
from dataclasses import replace

import pytest

from pages.places import DOCS

sys.path.insert(0, str(DOCS))

import make_names
import name_rows

FRAMEWORKS = sorted(make_names.MODULES)


@pytest.fixture
def rows(monkeypatch):
    """Put other rows in the place of a framework's functions, and leave the rest out."""

    def put(functions):
        tables = {"functions": functions, "usual": []}
        monkeypatch.setattr(name_rows, "rows", lambda _, table: tables[table])

    return put


def test_the_pages_show_what_is_so(capsys):
    assert make_names.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_name_that_a_framework_adds_needs_a_row(framework, monkeypatch):
    names = {framework: [*name_rows.public_names()[framework], "newest_normal"]}
    monkeypatch.setattr(name_rows, "public_names", lambda: names)
    assert next(make_names.faults(framework)) == f"{framework}.toml has no row for newest_normal"


def test_a_name_that_a_framework_drops_needs_none(rows):
    listed = name_rows.rows("jax", "functions")
    rows([*listed, replace(listed[0], names=("oldest",))])
    faults = list(make_names.faults("jax"))
    assert faults == ["jax.toml has a row for oldest, which jax does not have"]


def test_a_row_that_says_what_is_not_so_is_told(rows):
    listed = name_rows.rows("jax", "functions")
    (cut,) = (row for row in listed if row.names == ("kaiming_normal",))
    (kept,) = (row for row in listed if row.names == ("he_normal",))
    others = [row for row in listed if row not in (cut, kept)]
    rows([*others, replace(cut, same=True), replace(kept, same=False)])
    first, second = make_names.faults("jax")
    assert "kaiming_normal()(key, shape) differ, and the row says same" in first
    assert "he_normal()(key, shape) are the same, and the row says differ" in second


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("init.normal(0.02)(key, shape)", "init.normal(0.021)(key, shape)"),
        ("init.normal(0.02)(key, shape)", "init.uniform(0.02)(key, shape) - 0.01"),
        ("init.he_normal()(key, shape)", "init.normal(0.0625)(key, shape)"),
        ("init.constant(0.5)(key, shape)", "init.constant(0.4)(key, shape)"),
        ("init.normal()(key, shape)", "init.normal()(key, (256, 512))"),
        ("init.Initializer", "init.normal"),
    ],
)
def test_two_laws_are_told_apart(theirs, ours):
    assert not name_rows.is_same_law(*name_rows.values("jax", name_rows.Row(theirs, ours)))
    assert name_rows.is_same_law(*name_rows.values("jax", name_rows.Row(theirs, theirs)))
