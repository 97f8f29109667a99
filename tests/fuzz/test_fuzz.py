"""A short fuzz of every door, and every fault that the fuzz looks for, planted and told."""

import math

import pytest

import fanwise
from fuzz import arguments, run
from fuzz.calls import Call, Chooser, Outcome, judge, judged, make
from fuzz.planted_calls import CALLS as PLANTED
from fuzz.worker import calls_of

SEED = 1
#: A few thousand calls; `nox -s fuzz` makes a hundred thousand.
SHORT = {
    "numpy": 4000,
    "documents": 300,
    "torch": 400,
    "jax": 100,
    "keras on torch": 150,
    "keras on jax": 60,
    "keras on tensorflow": 150,
}


@pytest.mark.parametrize("door", SHORT)
def test_nothing_but_results_and_refusals_comes_of_any_call(door):
    kept = run.tally(door, SEED, 0, SHORT[door])
    assert kept.faults == []
    assert sum(kept.counts.values()) == SHORT[door]
    # It is no fuzz where everything is refused, or nothing.
    for outcome in (Outcome.RIGHT, Outcome.REFUSED):
        assert sum(n for (_, came), n in kept.counts.items() if came == outcome) > SHORT[door] / 10


def test_every_door_is_in_both_forms():
    assert {*SHORT} == {*run.CALLS}
    assert sum(run.CALLS.values()) >= 100_000


def test_every_planted_end_is_told():
    """Also those that end the process, or do not end; and the calls after them are made."""
    kept = run.tally("planted", SEED, 0, 60, patience=3)
    assert sum(kept.counts.values()) == 60
    told = {(kind, outcome) for kind, outcome in kept.counts if kind != "?"}
    assert told == {
        (k, Outcome(k.partition(":")[0])) for k in PLANTED if k not in ("hung", "crashed")
    }
    gone = {outcome: kept.counts["?", outcome] for outcome in (Outcome.HUNG, Outcome.CRASHED)}
    kinds = [make(PLANTED, SEED, number)[0] for number in range(60)]
    assert gone == {outcome: kinds.count(outcome) for outcome in gone}
    assert {number for number, kind, *_ in kept.faults if kind == "?"} == {
        number for number, kind in enumerate(kinds) if kind in ("hung", "crashed")
    }
    assert any("Fatal Python error: Aborted" in note for *_, note in kept.faults)


def test_what_is_too_slow_twice_is_told(monkeypatch):
    monkeypatch.setattr("fuzz.calls.SECONDS", 0.0)
    monkeypatch.setattr("fuzz.calls.PATIENCE", 0.0)
    assert judge({"right": PLANTED["right"]}, SEED, 0)[1] == Outcome.HUNG


def test_what_is_slow_once_was_a_compiler(monkeypatch):
    clock = iter((0.0, 50.0, 50.0, 50.1))
    monkeypatch.setattr("fuzz.calls.time.perf_counter", lambda: next(clock))
    assert judge({"right": PLANTED["right"]}, SEED, 0)[1] == Outcome.RIGHT


def test_a_number_tells_a_call():
    calls = calls_of("numpy")
    texts = [make(calls, SEED, number)[1].text for number in range(50)]
    assert [make(calls, SEED, number)[1].text for number in range(50)] == texts
    assert len(set(texts)) > 45
    assert [make(calls, SEED + 1, number)[1].text for number in range(50)] != texts


def test_another_weight_than_the_specified_one_is_seen(monkeypatch):
    """The judge of the numbers is the reference, not the package."""
    sound = fanwise.sample

    def off(scheme, shape, *, seed, **how):
        return sound(scheme, shape, seed=(seed + 1) % 2**64, **how)

    calls = {"it": calls_of("numpy")["sample as specified"]}
    assert judge(calls, SEED, 0)[1] == Outcome.RIGHT
    monkeypatch.setattr(fanwise, "sample", off)
    assert judge(calls, SEED, 0)[1] == Outcome.WRONG_RESULT


def test_writing_beside_out_is_seen(monkeypatch):
    sound = fanwise.sample

    def spill(*args, out=None, **how):
        result = sound(*args, out=out, **how)
        if out is not None and out.base is not None and out.base.flags.writeable:
            out.base.reshape(-1)[:1] = 3
        return result

    monkeypatch.setattr(fanwise, "sample", spill)
    calls = {"it": calls_of("numpy")["sample out"]}
    notes = [judge(calls, SEED, number)[2] for number in range(200)]
    assert any(note.endswith("written beside out") for note in notes)


@pytest.mark.parametrize("allowed", [True, False])
def test_an_error_of_someone_elses_code_is_allowed_where_the_call_says_so(allowed):
    call = Call(text="", run=lambda: math.comb(-1, 2), theirs="test_fuzz" if allowed else "")
    assert judged(call)[0] == (Outcome.REFUSED if allowed else Outcome.WRONG_ERROR)


def test_a_chooser_remembers_wrong_types():
    chooser = Chooser("0/0")
    assert not chooser.wrong_types
    seeds = [arguments.seed(chooser) for _ in range(200)]
    assert chooser.wrong_types
    assert any(type(seed) is not int for seed in seeds)
