"""What is timed together is timed in turn, and its quotients are of the same turn."""

import pytest


@pytest.fixture
def timing(module, monkeypatch):
    timing = module("timing")
    monkeypatch.setattr(timing, "SETTLE", 0.0)
    return timing


def case(timing, **calls):
    what = ("torch", "normal_", "normal", "10", 10, "float32", "compiled", 1)
    return timing.Case(*what, **{"theirs": None, "bound": None, **calls})


def test_calls_take_turns(timing, monkeypatch):
    order = []
    monkeypatch.setattr(timing, "_seconds", lambda call: call() or 1.0)
    calls = {name: lambda name=name: order.append(name) for name in ("ours", "theirs", "fill")}
    timing.measure(case(timing, **calls), 2)
    assert order == ["theirs", "ours", "fill"] * 3  # the first ones are not measured


def measured(timing, monkeypatch, **seconds):
    """Measure calls of which it is told how long they take, turn by turn."""
    left = {name: iter(times) for name, times in seconds.items()}
    monkeypatch.setattr(timing, "_seconds", lambda call: next(left[call()]))
    calls = {name: lambda name=name: name for name in seconds}
    return timing.measure(case(timing, **calls), 3)


def test_quotients_are_of_the_same_turn(timing, monkeypatch):
    # Each turn takes twice as long as the one before, for all alike.
    turns = {"theirs": [8, 16, 32], "ours": [2, 4, 8], "fill": [1, 2, 4]}
    found = measured(timing, monkeypatch, **turns)
    assert found.ratio == (4, 4, 4)
    assert found.limit == (2, 2, 2)
    assert found.ours == (3e8, 4e8, 6e8)
    assert found.bound is None


def test_the_limit_is_by_what_bounds_more_than_memory(timing, monkeypatch):
    turns = {"ours": [6, 6, 6], "fill": [1, 1, 1], "bound": [3, 3, 3]}
    found = measured(timing, monkeypatch, **turns)
    assert found.limit == (2, 2, 2)
    assert found.fill == (1e8, 1e8, 1e8)
    assert found.theirs is found.ratio is None


def test_the_middle_half_lies_within_what_was_measured(timing):
    assert timing.quartiles([1.0, 9.0]) == (3.0, 5.0, 7.0)
