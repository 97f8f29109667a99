"""Adapters judged side by side, each in a process of its own."""

import os
import sys
import time

import pytest

from fanwise.conformance import processes
from fanwise.conformance.processes import SUITE_REQUEST, AdapterRequest, judge_side_by_side
from fanwise.spec.errors import FanwiseError


def test_variables_stand_before_a_name_as_in_a_shell():
    request = AdapterRequest.parse("KERAS_BACKEND=jax FANWISE_FAST=0 keras")
    assert request == AdapterRequest("keras", (("KERAS_BACKEND", "jax"), ("FANWISE_FAST", "0")))
    assert str(request) == "KERAS_BACKEND=jax FANWISE_FAST=0 keras"
    assert AdapterRequest.parse("numpy") == AdapterRequest("numpy")


@pytest.mark.parametrize("text", ["", "nump", "numpy torch", "=x numpy", "KERAS_BACKEND=jax"])
def test_what_is_no_request_is_an_error(text):
    with pytest.raises(FanwiseError, match=r"Expected a(n adapter's name| registered adapter)"):
        AdapterRequest.parse(text)


def test_a_file_that_makes_one_stands_where_a_name_does():
    request = AdapterRequest.parse("A=1 folder/mine.py:adapter")
    assert request == AdapterRequest("folder/mine.py:adapter", (("A", "1"),))


def judged(requests, jobs=2, only="constants", **how):
    told = []
    runs = list(judge_side_by_side(requests, jobs, lambda *said: told.append(said), only, **how))
    return runs, told


def test_each_is_judged_in_its_own_process_and_tells_how_far_it_is():
    requests = [AdapterRequest.parse("FANWISE_FAST=0 numpy"), AdapterRequest.parse("numpy")]
    runs, told = judged(requests)
    assert [run.adapter for run in runs] == ["numpy", "numpy"]
    assert all(run.rows and not run.failures for run in runs)
    for request in requests:
        steps = [(done, total, title) for asked, done, total, title in told if asked == request]
        assert steps == [(0, 1, "constants"), (1, 1, "done")]


def test_runs_come_in_the_order_asked_for(monkeypatch):
    ask = [
        AdapterRequest(name, (("SLEEP", pause),))
        for name, pause in (("first", "1"), ("second", "0"))
    ]

    def judge(self, tell):
        time.sleep(float(self.request.variables[0][1]))
        return self.request.adapter

    monkeypatch.setattr(processes._Worker, "judge", judge)
    assert judged(ask)[0] == ["first", "second"]


def test_the_suite_is_a_run_like_others():
    (run,), told = judged([SUITE_REQUEST], only="*", quick=True)
    assert run.adapter == "suite"
    assert run.quick
    assert len(told) > len({row.claim for row in run.rows}) / 2


def test_what_an_adapter_cannot_do_is_said_as_in_one_process():
    with pytest.raises(FanwiseError, match=r"a pattern of a step's title.*'lorum'"):
        judged([AdapterRequest("numpy")], only="lorum")


def test_a_process_that_breaks_down_ends_the_others_and_shows_its_last_lines(monkeypatch, tmp_path):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'out of luck' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(FanwiseError, match=r"numpy\. .*exit status 3(.|\n)*out of luck"):
        judged([AdapterRequest("numpy"), AdapterRequest("numpy")], jobs=1)


def test_processes_share_the_cores(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert processes._few_threads(2)["OMP_NUM_THREADS"] == "4"
    assert processes._few_threads(16)["OMP_NUM_THREADS"] == "1"
