"""The last step: the frameworks against each other, and one verdict over all runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fanwise.conformance.checks.completeness import no_mutants, unjudged
from fanwise.conformance.checks.false_alarms import false_alarms
from fanwise.conformance.checks.registry import checks, claims
from fanwise.conformance.results.rows import SUITE
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.verdicts import Verdict
from fanwise.spec.errors import FanwiseError


def verdict(runs: Sequence[Run]) -> Verdict:
    """Compare the frameworks, and judge the whole.

    Every file of results has a run of the suite too, in the same environment.

    Raises:
        FanwiseError: if there is no run, or one adapter has two, or the suite has none, or a
            row is about a claim that the suite does not have, or the runs are of several
            versions of the specification, or quick ones among full ones.
    """
    suite_runs = [run for run in runs if run.adapter == SUITE]
    adapter_runs = [run for run in runs if run.adapter != SUITE]
    _check_runs(adapter_runs, suite_runs)
    # Said once; what fails in any of the environments is said of that one as well.
    suite = suite_runs[0].rows + tuple(row for run in suite_runs[1:] for row in run.failures)
    compared = (
        [row for check in checks() for row in check.compare(adapter_runs)]
        if len(adapter_runs) > 1
        else []
    )
    compared += [row for run in adapter_runs for row in unjudged(run)]
    compared += [row for run in suite_runs for row in no_mutants(run)]
    whole = Verdict(runs=tuple(adapter_runs), suite=suite, compared=tuple(compared))
    return replace(whole, compared=(*whole.compared, false_alarms(whole)))


def _check_runs(adapter_runs: Sequence[Run], suite_runs: Sequence[Run]) -> None:
    names = [run.adapter for run in adapter_runs]
    if not names or len(set(names)) != len(names):
        hint = "Pass each file of results once, and at least one."
        raise FanwiseError("one run for each adapter", names, hint)
    if not suite_runs:
        hint = "Write the results of all frameworks by `fanwise conformance`."
        raise FanwiseError("a run of the suite on its own mutants", names, hint)
    every_run = (*adapter_runs, *suite_runs)
    versions = sorted({run.spec for run in every_run})
    if len(versions) > 1:
        hint = "Run the conformance of all frameworks with one version of fanwise."
        raise FanwiseError("results by one version of the specification", versions, hint)
    if len({run.quick for run in every_run}) > 1:
        quick = [run.adapter for run in every_run if run.quick]
        hint = "Run these again without --quick, or the others with it."
        raise FanwiseError("results of full runs alone, or of quick ones", quick, hint)
    for run in every_run:
        unknown = {row.claim for row in run.rows} - set(claims())
        if unknown:
            hint = "Run the conformance again with this version of fanwise."
            raise FanwiseError("claims of the suite", sorted(unknown), hint, context=run.adapter)
