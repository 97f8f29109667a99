"""What the terminal shows: a line for a run, tables, and every failure in full."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from fanwise.conformance.report.terminal import (
    print_calibration,
    print_kills,
    print_run,
    print_verdict,
)
from fanwise.conformance.results.kills import Kill
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.statistics.calibration import Calibration
from fanwise.conformance.verdict import verdict


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=190)


def text_of(console):
    return console.file.getvalue()


def with_failure(run):
    failed = replace(run.rows[0], outcome=Outcome.FAIL, observed="[red]other[/]")
    return replace(run, rows=(failed, *run.rows[1:]))


def test_a_sound_run_is_one_line(console, sound):
    print_run(console, sound)
    (line,) = text_of(console).splitlines()
    assert line.startswith("numpy (numpy ")
    assert "0 listed deviations, 0 fail" in line


def test_a_failure_is_shown_in_full_whatever_is_in_it(console, sound):
    print_run(console, with_failure(sound))
    line, *failure = text_of(console).splitlines()
    assert " 1 fail" in line
    failure = " ".join(map(str.strip, failure))
    assert failure.startswith("✗ numpy · portable")
    # It is text, not markup.
    assert "[red]other[/]" in failure


def test_the_mutants_of_the_suite_are_counted_apart(console, suite):
    print_run(console, suite)
    caught = sum(row.engine == "mutant" for row in suite.rows)
    assert f"{len(suite.rows) - caught} claims hold" in text_of(console)
    assert f"{caught} of {caught} mutants caught" in text_of(console)


@pytest.mark.parametrize(("fail", "word"), [(False, "PASS"), (True, "FAIL")])
def test_a_verdict_ends_in_one_word(console, sound, suite, fail, word):
    run = with_failure(sound) if fail else sound
    print_verdict(console, verdict([run, replace(sound, adapter="other"), suite]))
    text = text_of(console)
    assert text.splitlines()[-1].startswith(f"{word}: ")
    assert "numpy, other" in text
    assert all(name in text for name in ("he_normal", "eager", "bfloat16"))
    assert ("[red]other[/]" in text) is fail


def test_every_cell_of_the_verdict_is_one_mark_and_what_does_not_hold_is_told_below(
    console, sound, suite
):
    run = with_failure(sound)
    print_verdict(console, verdict([run, replace(sound, adapter="other"), suite]))
    lines = text_of(console).splitlines()
    (row,) = (line.split() for line in lines if line.split()[:1] == ["he_uniform"])
    assert row == ["he_uniform", "✓", "✓", "✓"]
    (legend,) = (line for line in lines if "△ listed deviation" in line)
    (remark,) = (line for line in lines if line.startswith("✗ numpy: "))
    assert run.rows[0].family in remark
    assert lines.index(legend) < lines.index(remark)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_line_is_wider_than_the_page(sound, suite, width):
    page = Console(file=io.StringIO(), width=width)
    names = ("a-framework-of-a-long-name", "keras-tensorflow", "keras-torch", "torch", "jax")
    runs = [replace(with_failure(sound), adapter=name) for name in names]
    print_run(page, runs[0])
    print_verdict(page, verdict([*runs, suite]))
    kill = Kill(mutant="a fault of many words, " * 4, claim="mean", missed=1e-6, caught=2, tried=3)
    print_kills(page, [kill], start=5)
    print_calibration(page, alarms_of(("a law of a long name", "uniform"), (0.5, 0.1, 0.01, 1e-13)))
    lines = text_of(page).splitlines()
    assert max(map(len, lines)) <= width
    # Of names that are too wide for a column nothing is left out.
    assert all(name in text_of(page) for name in names)


def test_an_alarm_too_many_is_marked_without_colour(console):
    wrong = Calibration(claim="mean", law="normal", rate=0.1, alarms=90, runs=100)
    print_calibration(console, [*alarms_of(("uniform",), (0.1,)), wrong])
    lines = text_of(console).splitlines()
    assert [line.split()[0] for line in lines if " normal " in line or " uniform " in line] == [
        "✓",
        "✗",
    ]
    assert lines[-1] == "✗ mean, normal, at 0.1: 90 alarms, which are too many, or too few"


def alarms_of(laws, rates):
    return [
        Calibration(claim="mean", law=law, rate=rate, alarms=int(100 * rate), runs=100)
        for law in laws
        for rate in rates
    ]


def test_a_deviation_is_shown_with_its_reason(console, sound, suite):
    listed = replace(sound.rows[0], outcome=Outcome.DEVIATION, note="so it is")
    print_verdict(console, verdict([replace(sound, rows=(listed, *sound.rows[1:])), suite]))
    assert any(
        line.startswith("△") and line.endswith("so it is") for line in text_of(console).splitlines()
    )


def test_the_kill_matrix_says_how_to_repeat_it(console):
    kills = [
        Kill(mutant="a fault", claim="mean", missed=1e-6, caught=3, tried=3),
        Kill(mutant="another", claim="zeros", missed=0.0, caught=2, tried=3),
    ]
    print_kills(console, iter(kills), start=5)
    text = text_of(console)
    assert "2 of 3" in text
    assert "1 of 2 mutants caught every time; again: fanwise mutants --seeds 3 --first 5" in text


def test_the_calibration_has_a_line_for_each_test_and_law(console):
    print_calibration(console, iter(alarms_of(("normal", "uniform"), (0.5, 0.1))))
    text = text_of(console)
    assert "of 100 runs" in text
    assert [text.count(word) for word in ("normal", "uniform", " 50 ", " 10 ")] == [1, 1, 2, 2]
