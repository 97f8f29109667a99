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
    show_progress,
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
    line, failure = text_of(console).splitlines()
    assert " 1 fail" in line
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
    calibrations = [
        Calibration(claim="mean", law=law, rate=rate, alarms=int(100 * rate), runs=100)
        for law in ("normal", "uniform")
        for rate in (0.5, 0.1)
    ]
    print_calibration(console, iter(calibrations))
    text = text_of(console)
    assert "of 100 runs" in text
    assert [text.count(word) for word in ("normal", "uniform", " 50 ", " 10 ")] == [1, 1, 2, 2]


def test_progress_without_a_terminal_is_a_line_for_every_tenth(console):
    with show_progress(console, "numpy") as progress:
        for done in range(101):
            progress(done, 100, "step")
    assert len(text_of(console).splitlines()) == 11
