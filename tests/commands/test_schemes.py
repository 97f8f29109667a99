"""``fanwise schemes``: the catalogue, one line each where it fits."""

import json

import pytest

import fanwise
from fanwise.spec.catalogue import catalogue
from fanwise.spec.gallery_entries import families


def test_all_schemes_are_listed_family_by_family_in_eighty_columns(run):
    done = run("schemes")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    firsts = [line.split("  ")[0] for line in lines if line[:1].isalpha()]
    used = {entry.family for entry in catalogue().entries.values()}
    heads = [family.title for family in families() if family.name in used]
    assert [word for word in firsts if word in heads] == heads
    assert {*firsts} == {"scheme", *heads, *fanwise.schemes()}
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("he_*", {"he_normal", "he_uniform"}),
        ("xavier", {"xavier_normal", "xavier_uniform"}),
        ("zeros", {"zeros"}),
        ("?e_normal", {"he_normal"}),
    ],
)
def test_a_pattern_chooses_among_them(run, pattern, names):
    data = json.loads(run("schemes", pattern, "--json").stdout)
    assert {row["name"] for row in data["schemes"]} == names


def test_a_pattern_that_fits_none_is_told(told):
    assert "Did you mean 'he_normal'?" in told("schemes", "he_nromal")


def test_json_has_what_each_parameter_may_be(run):
    rows = {row["name"]: row for row in json.loads(run("schemes", "--json").stdout)["schemes"]}
    assert list(rows) == list(fanwise.schemes())
    mode = rows["kaiming_normal"]["parameters"]["mode"]
    assert mode["default"] == "fan_in"
    assert "'fan_out'" in mode["bounds"]
