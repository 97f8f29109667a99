"""What a run was judged on, and when."""

import os
import platform
import re
from datetime import UTC, datetime

import pytest

from fanwise.conformance.results import machines
from fanwise.conformance.results.machines import now, this_machine


def test_the_machine_is_this_one():
    machine = this_machine()
    assert machine.python == platform.python_version()
    assert platform.system() in machine.platform
    assert 1 <= machine.cores <= os.cpu_count()
    assert machine.cpu


@pytest.mark.parametrize(
    ("text", "cpu"),
    [
        ("processor: 0\nmodel name\t: A CPU @ 3: GHz\nmodel name\t: B\n", "A CPU @ 3: GHz"),
        ("model name\t: Lone\n", "Lone"),
    ],
)
def test_the_processor_is_called_as_linux_calls_it(monkeypatch, tmp_path, text, cpu):
    (tmp_path / "cpuinfo").write_text(text)
    monkeypatch.setattr(machines, "_PROCESSORS", tmp_path / "cpuinfo")
    assert this_machine().cpu == cpu


def test_a_system_that_does_not_say_it_is_asked_otherwise(monkeypatch, tmp_path):
    monkeypatch.setattr(machines, "_PROCESSORS", tmp_path / "missing")
    monkeypatch.setattr(platform, "processor", lambda: "")
    monkeypatch.setattr(platform, "machine", lambda: "riscv")
    assert this_machine().cpu == "riscv"


def test_the_time_is_in_utc_to_the_second():
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", now())
    told = datetime.strptime(now(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60


def test_a_run_says_when_and_on_what_it_was_judged(sound, suite):
    for run in (sound, suite):
        assert run.machine == this_machine()
        assert run.date.endswith("Z")
