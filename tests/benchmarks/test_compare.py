"""A comparison of two runs tells what a change did, and not what another machine does."""

import copy
import json
import sys

import pytest

#: Quartiles that are wide, and three that lie within them.
WIDE, WITHIN = (4.0, 5.0, 7.0), (5.0, 6.0, 6.5)


@pytest.fixture
def compare(module, tmp_path, monkeypatch, capsys):
    """Run the comparison; its exit code and what it says."""
    script = module("compare")

    def run(old, new, *options):
        files = []
        for name, data in (("old.json", old), ("new.json", new)):
            file = tmp_path / name
            file.write_text(data if isinstance(data, str) else json.dumps(data))
            files.append(str(file))
        monkeypatch.setattr(sys, "argv", ["compare.py", *files, *options])
        code = script.main()
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def changed(measured, **times):
    """The results with other times, and the quotients that belong to them."""
    data = copy.deepcopy(measured)
    (case,) = data["cases"]
    for name, factor in times.items():
        case[name] = [factor * ns for ns in case[name]]
    case["ratio"] = [r * times.get("theirs", 1) / times.get("ours", 1) for r in case["ratio"]]
    case["limit"] = [r * times.get("ours", 1) / times.get("fill", 1) for r in case["limit"]]
    return data


def test_a_run_is_no_slower_than_itself(compare, measured):
    code, said = compare(measured, measured, "--fail-slower")
    assert code == 0
    assert "numpy uniform 4096 × 4096 float32 NumPy 1" in said
    assert "1 in common: 0 slower, 0 faster" in said


def test_what_became_slower_is_marked_and_fails_where_that_is_asked_for(compare, measured):
    slower = changed(measured, ours=9)
    code, said = compare(measured, slower, "--fail-slower")
    assert code == 1
    assert "9.00      9.00  slower" in said
    assert compare(measured, slower)[0] == 0
    code, said = compare(slower, measured, "--fail-slower")
    assert code == 0
    assert "0.11      0.11  faster" in said


def test_a_slower_machine_is_no_slower_program(compare, measured):
    machine = changed(measured, ours=9, theirs=9, fill=9)
    code, said = compare(measured, machine, "--fail-slower")
    assert code == 0
    assert "1.00      1.00" in said


@pytest.mark.parametrize("yardstick", ["theirs", "fill"])
def test_one_yardstick_alone_does_not_make_a_case_slower(compare, measured, yardstick):
    assert compare(measured, changed(measured, **{yardstick: 1 / 9}), "--fail-slower")[0] == 0


def test_what_lies_within_the_spread_is_not_marked(compare, measured):
    pair = [copy.deepcopy(measured), copy.deepcopy(measured)]
    for data, quartiles in zip(pair, (WIDE, WITHIN), strict=True):
        data["cases"][0] |= {"limit": quartiles, "ratio": [1 / value for value in quartiles[::-1]]}
    code, said = compare(*pair, "--fail-slower")
    assert code == 0
    assert "1.20      1.20\n" in said


def test_cases_that_one_run_has_alone_are_left_out(compare, measured):
    other = copy.deepcopy(measured)
    other["cases"][0]["name"] = "normal"
    other["cases"] += measured["cases"]
    assert "1 in common" in compare(measured, other)[1]


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ({"machine": {}, "cases": []}, "of format None; this benchmark reads and writes format 2"),
        ({"format": 1, "cases": []}, "of format 1; this"),
        ([], "of format None"),
        ("{", "is not JSON"),
        ({"format": 2}, "lacks what results of format 2 have"),
        ({"format": 2, "machine": {}, "cases": []}, "lacks what results"),
    ],
)
def test_files_of_another_form_are_refused_with_what_to_do(compare, measured, old, said):
    code, words = compare(old, measured)
    assert code == 2
    assert said in words
    assert "Measure again with `nox -s bench`" in words
    assert compare(measured, old)[0] == 2


@pytest.mark.parametrize("part", ["ours", "group", "ratio"])
def test_a_case_without_all_its_parts_is_refused(compare, measured, part):
    broken = copy.deepcopy(measured)
    del broken["cases"][0][part]
    code, words = compare(broken, measured)
    assert code == 2
    assert "lacks what results of format 2 have" in words


def test_a_file_that_is_not_there_is_named(module, tmp_path):
    results = module("results")
    with pytest.raises(results.WrongFormatError, match=r"none\.json: No such file"):
        results.read(tmp_path / "none.json")
