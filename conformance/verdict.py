"""The last step: the frameworks against each other, and one verdict over all runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from fanwise.conformance.checks import models as functions
from fanwise.conformance.results.rows import (
    DEVIATION,
    FAIL,
    FORMAT,
    NONE,
    PASS,
    SUITE,
    Histogram,
    Row,
    Run,
)
from fanwise.conformance.statistics.tails import ALPHA, two_samples
from fanwise.spec.errors import FanwiseError

#: What all false-alarm rates of a verdict may add up to.
FAMILY: Final = 1e-9


@dataclass(frozen=True)
class Verdict:
    """All runs, and what came of comparing them.

    Attributes:
        runs: one for each adapter.
        suite: the rows about the suite itself.
        compared: the rows about frameworks against each other.
    """

    runs: tuple[Run, ...]
    suite: tuple[Row, ...]
    compared: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows: of every run, of the comparison, and of the suite itself."""
        return tuple(row for run in self.runs for row in run.rows) + self.compared + self.suite

    @property
    def failures(self) -> tuple[Row, ...]:
        """The rows that make it fail."""
        return tuple(row for row in self.rows if row.outcome == FAIL)

    @property
    def false_alarms(self) -> float:
        """The probability that a sound set of frameworks fails, at the most.

        The portable engine's draws are the same in every framework, so they count once.
        """
        native = [row for row in self.rows if row.engine != "portable"]
        portable = {(r.claim, r.scheme, r.subject, r.alpha) for r in self.rows} - {
            (r.claim, r.scheme, r.subject, r.alpha) for r in native
        }
        return sum(row.alpha for row in native) + sum(alpha for *_, alpha in portable)

    @property
    def passed(self) -> bool:
        """Whether something was judged, and nothing failed."""
        return bool(self.rows) and not self.failures


def verdict(runs: Sequence[Run]) -> Verdict:
    """Compare the frameworks, and judge the whole.

    Every process that judged adapters has judged the suite as well, in its environment.

    Raises:
        FanwiseError: if there is no run, or one adapter has two, or the suite has none.
    """
    own = [run for run in runs if run.adapter == SUITE]
    judged = [run for run in runs if run.adapter != SUITE]
    names = [run.adapter for run in judged]
    if not judged or len(set(names)) != len(names):
        hint = "Pass each file of results once, and at least one."
        raise FanwiseError("one run for each adapter", names, hint)
    if not own:
        hint = "Write the results of all frameworks by `fanwise conformance`."
        raise FanwiseError("a run of the suite on its own mutants", names, hint)
    # Said once; what fails in any of the environments is said of that one as well.
    suite = own[0].rows + tuple(row for run in own[1:] for row in run.failures)
    compared = _compared(judged) if len(judged) > 1 else []
    found = Verdict(tuple(judged), suite, tuple(compared))
    return replace(found, compared=(*found.compared, _family(found)))


def _compared(runs: Sequence[Run]) -> list[Row]:
    return [*_same_bits(runs), *_two_samples(runs), *functions.compared(runs)]


def _same_bits(runs: Sequence[Run]) -> Iterator[Row]:
    """Portable weights have one digest, whatever the framework."""
    subjects = list(dict.fromkeys(subject for run in runs for subject in run.digests))
    for subject in subjects:
        found = {run.adapter: run.digests.get(subject, "missing") for run in runs}
        same = len(set(found.values())) == 1
        yield Row(
            "all",
            "portable",
            "same bits",
            subject.rpartition(" ")[0],
            subject.rpartition(" ")[2],
            PASS if same else FAIL,
            "one digest" if same else str(found),
            "one digest",
            n=len(runs),
        )


def _two_samples(runs: Sequence[Run]) -> Iterator[Row]:
    """Native weights have one distribution: that of the first framework that draws them."""
    drawn = {run.adapter: {_key(one): one for one in run.histograms} for run in runs}
    for key in dict.fromkeys(key for histograms in drawn.values() for key in histograms):
        first = next(name for name, histograms in drawn.items() if key in histograms)
        for run in runs:
            if run.adapter == first:
                continue
            pair = f"{first} and {run.adapter}"
            other = drawn[run.adapter].get(key)
            if other is None:
                yield _undrawn(pair, run, key)
            else:
                row = _two_sample(pair, drawn[first][key], other, key)
                yield _explained(row, (one for one in runs if one.adapter in (first, run.adapter)))


def _undrawn(pair: str, run: Run, key: tuple[str, str]) -> Row:
    """A draw that is missing: no failure only where the run says that there is none."""
    stated = any(row.outcome == NONE and row.scheme == key[0] for row in run.rows)
    outcome = NONE if stated else FAIL
    return Row(pair, "native", "two samples", *key, outcome, "one draw is missing", "both")


def _explained(row: Row, pair: Iterable[Run]) -> Row:
    """A difference, as a deviation where one of the two has a listed one of that law."""
    for run in pair:
        for own in run.rows:
            law = own.engine == row.engine and own.scheme == row.scheme
            whole = own.subject == row.subject and own.claim in ("mean", "variance", "distribution")
            if row.outcome == FAIL and own.outcome == DEVIATION and law and whole:
                return row.marked(DEVIATION, own.note)
    return row


def _two_sample(pair: str, first: Histogram, other: Histogram, key: tuple[str, str]) -> Row:
    found = two_samples(np.array(first.counts), np.array(other.counts))
    return Row(
        pair,
        "native",
        "two samples",
        *key,
        PASS if found.passed else FAIL,
        f"{found.observed:.6g}",
        "0",
        f"[0, {found.high:.6g}]",
        sum(first.counts),
        ALPHA,
    )


def _key(histogram: Histogram) -> tuple[str, str]:
    return histogram.scheme, histogram.subject


def _family(judged: Verdict) -> Row:
    total = judged.false_alarms
    return Row(
        "all",
        "verdict",
        "false alarms",
        "all claims together",
        f"{sum(row.outcome != NONE for row in judged.rows)} claims",
        PASS if total <= FAMILY else FAIL,
        f"{total:.3g}",
        "0",
        f"[0, {FAMILY:.3g}]",
    )


def write_verdict(path: Path, verdict: Verdict) -> None:
    """Write the verdict, with every row, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {
        "format": FORMAT,
        "passed": verdict.passed,
        "false_alarms": verdict.false_alarms,
        "adapters": {run.adapter: dict(run.versions) for run in verdict.runs},
        "rows": [asdict(row) for row in verdict.rows],
    }
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
