"""The exhaustive check on some of the words; and that it fails where the quantile is wrong."""

import importlib.util
import subprocess
import sys
from dataclasses import replace
from functools import reduce
from pathlib import Path

import numpy as np
import pytest

from fanwise.core import quantile as right
from fanwise.core.quantile import normal_integer

FILE = Path(__file__).with_name("exhaustive_quantile.py")


def loaded():
    """The module, which no package holds."""
    spec = importlib.util.spec_from_file_location("exhaustive_quantile", FILE)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = loaded()
CHUNK = check.CHUNK
#: A piece in the body: x from 2**29 * (1 + 10 / 64) on, and its first word and the next one's.
ROW = 64 * 29 + 10
PIECE, NEXT = ((2**29 + s * 2**23) // 2 for s in (10, 11))
CUT = right.window(-2.0, 2.0)[0]
RANGES = [
    (0, CHUNK),
    (CUT - 500, CUT + 500),
    (PIECE - 999, PIECE + 7000),
    (NEXT - 7000, NEXT + 999),
    (2**30, 2**30 + CHUNK),
    (check.HALF - CHUNK, check.HALF),
]


def found(quantile=normal_integer):
    return reduce(
        check.Figures.__or__,
        [check.examine(start, stop, quantile) for start, stop in RANGES],
    )


def test_some_words() -> None:
    figures = found()
    assert figures.words == 2 * sum(stop - start for start, stop in RANGES)
    assert check.broken(figures) == []
    assert round(figures.largest, 3) == 6.338


def test_the_ranges_of_main_are_all_words() -> None:
    starts = range(0, check.HALF, CHUNK)
    assert [*starts][-1] + CHUNK == check.HALF
    assert 2 * len(starts) * CHUNK == check.ALL


def altered(column: int, change: int):
    """The quantile with one number of one row of its table changed."""
    columns = [c.copy() for c in right.columns()]
    columns[column][ROW] = int(columns[column][ROW]) + change

    def quantile(words):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(right, "columns", lambda: columns)
            patch.setattr(right, "_rows", right._rows.__wrapped__)  # as they are not kept
            return normal_integer(words)

    return quantile


def biased(words):
    return normal_integer(words) + 1


def kinked(words):
    """Odd-symmetric and close, but not monotone: neighbours change places."""
    return normal_integer(words ^ np.uint32(1 << 8))


MUTANTS = {
    "a piece that begins too low": (altered(0, -40), "true quantile"),
    "a piece that begins too far out": (altered(0, 40), "backward"),
    "a piece that ends too far out": (altered(1, -40 << 9), "true quantile"),
    "a piece that ends too low": (altered(1, 40 << 9), "backward"),
    "a wrong curvature": (altered(2, 1 << 16), "true quantile"),
    "a bias": (biased, "mirror"),
    "a step backward": (kinked, "backward"),
    "a wide tail": (lambda words: normal_integer(words) * 9 // 8, "wrong side"),
    "no sign": (lambda words: np.abs(normal_integer(words)), "mirror"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_quantile_is_caught(name: str) -> None:
    mutant, symptom = MUTANTS[name]
    assert any(symptom in line for line in check.broken(found(mutant)))


def test_a_wrong_window_is_caught(monkeypatch) -> None:
    first, count = right.window(-2.0, 2.0)
    border = (first - 500, first + 500)
    assert check.broken(check.examine(*border)) == []
    monkeypatch.setattr(check, "window", lambda low, high: (first - 1, count + 2))
    assert "wrong side" in check.broken(check.examine(*border))[0]


def test_a_wrong_squeeze_is_caught(monkeypatch) -> None:
    monkeypatch.setattr(check, "into_window", lambda words, first, count: words)
    assert any("squeezed" in line for line in check.broken(found()))


def test_figures_of_all_words_are_judged_by_variance_and_range_too() -> None:
    whole = replace(found(), words=check.ALL, squares=check.ALL * (1 + 2.7e-9))
    assert check.broken(whole) == []
    for wrong in (1 + 1.1e-8, 1 - 1.1e-8, float("nan")):
        assert "variance" in check.broken(replace(whole, squares=check.ALL * wrong))[0]
    assert "range" in check.broken(replace(whole, largest=6.3))[0]


def test_it_runs_and_fails_by_its_exit_status() -> None:
    """With fewer words than all it says so, and exits with 1."""
    shortened = (
        "import runpy, sys; import exhaustive_quantile as check;"
        "check.HALF = 4 * check.CHUNK; sys.exit(check.main())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", shortened], cwd=FILE.parent, capture_output=True, text=True
    )
    assert ran.returncode == 1, ran.stderr
    assert "steps backward: 0" in ran.stdout
    assert "words were examined" in ran.stdout
