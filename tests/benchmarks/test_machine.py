"""How busy a machine is with something else is told, as far as the system counts it."""

import os

import pytest


@pytest.fixture
def machine(module, tmp_path, monkeypatch):
    machine = module("machine")
    monkeypatch.setattr(machine, "_STATISTICS", tmp_path / "stat")
    monkeypatch.setattr(machine.os, "times", lambda: os.times_result((2.0, 1.0, 0.5, 0.5, 9.0)))
    monkeypatch.setattr(machine.time, "perf_counter", iter([0.0, 10.0]).__next__)
    return machine


def counted(machine, *seconds):
    """Write what the system counts: user, nice, system, idle, waiting, interrupts, soft, stolen."""
    ticks = os.sysconf("SC_CLK_TCK")
    line = " ".join(str(round(value * ticks)) for value in seconds)
    machine._STATISTICS.write_text(f"cpu  {line} 0 0\ncpu0 {line} 0 0\n")


def test_what_others_do_is_what_is_not_ours(machine, monkeypatch):
    counted(machine, 100, 0, 10, 50, 5, 0, 0, 0)
    others = machine.Others()
    # Six seconds of user and system, of which this process took two; and one that was stolen.
    counted(machine, 105, 0, 11, 90, 9, 0, 0, 1)
    monkeypatch.setattr(machine.os, "times", lambda: os.times_result((3.5, 1.0, 1.0, 0.5, 9.0)))
    assert others.cores() == pytest.approx(0.5)


def test_work_of_ours_is_not_counted(machine, monkeypatch):
    counted(machine, 100, 0, 10, 50, 5, 0, 0, 0)
    others = machine.Others()
    counted(machine, 120, 0, 10, 50, 5, 0, 0, 0)
    monkeypatch.setattr(machine.os, "times", lambda: os.times_result((22.0, 1.0, 0.5, 0.5, 9.0)))
    assert others.cores() == 0


def test_a_busy_machine_is_warned_of(machine):
    assert machine.warning(0.1) == ""
    assert "other processes take 0.50 of its cores" in machine.warning(0.5)
