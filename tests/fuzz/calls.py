"""One call of a public function, and the judgement on what came of it."""

from __future__ import annotations

import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

import fanwise

#: What no call may take; and of the clock on the wall alone, as the machine may be busy.
SECONDS: Final = 2.0
PATIENCE: Final = 20.0


class Outcome(StrEnum):
    """What came of a call: the first three may, the others are faults."""

    RIGHT = "right"
    REFUSED = "refused"
    WRONG_CALL = "wrong call"
    WRONG_RESULT = "wrong result"
    WRONG_ERROR = "wrong error"
    DATA_CHANGED = "data changed"
    HUNG = "hung"
    CRASHED = "crashed"

    @property
    def fault(self) -> bool:
        """Whether it may not happen."""
        return self not in (Outcome.RIGHT, Outcome.REFUSED, Outcome.WRONG_CALL)


class Chooser(Random):
    """Random choices; it remembers whether one of them made the call wrong in its types."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.wrong_types = False

    def chance(self, probability: float) -> bool:
        """Return True with that probability."""
        return self.random() < probability

    def junk(self) -> object:
        """Return something that no argument is of the type of, in most places."""
        self.wrong_types = True
        return self.choice(JUNK)


#: What torch and JAX warn of, whoever calls them.
THEIRS: Final = (
    "Initializing zero-element tensors",
    "mean is more than 2 std from",
    "Explicitly requested dtype",
    "Scatter inputs",
    ".* complex weights have no portable stream",
)
JUNK: Final = (
    None, True, -1, 3.5, float("nan"), 1j, "", "x", b"x", [], {}, (), object(), len, [[1]],
    {"a": 1}, range(3), slice(2), Ellipsis, NotImplemented, type, 10**400, "\ud800", [None],
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    Attributes:
        text: the call, to be read.
        run: makes it.
        data: the bytes of what the caller owns.
        wrong: what is wrong with a result; "" if nothing is.
        wrong_types: whether a TypeError may come of it.
        may_refuse: whether a FanwiseError may come of it.
        theirs: in whose code an error may be raised that is none of ours, e.g. for what is no
            config of anything.
    """

    text: str
    run: Callable[[], object]
    data: Callable[[], object] = bytes
    wrong: Callable[[object], str] = lambda result: ""
    wrong_types: bool = False
    may_refuse: bool = True
    theirs: str = ""


#: What makes a call, by its kind.
Calls = dict[str, Callable[[Chooser], Call]]


def make(calls: Calls, seed: int, number: int) -> tuple[str, Call]:
    """Return the call of a number, and its kind: the same for the same seed and number."""
    chooser = Chooser(f"{seed}/{number}")
    kind = chooser.choice(list(calls))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind, calls[kind](chooser)


def judge(calls: Calls, seed: int, number: int) -> tuple[str, Outcome, str]:
    """Make a call and judge it: its kind, what came of it, and where that is a fault, why."""
    kind, call = make(calls, seed, number)
    outcome, note, slow = _timed(call)
    if slow and not outcome.fault:
        # The first time a framework may have compiled.
        outcome, note, slow = _timed(make(calls, seed, number)[1])
        if slow and not outcome.fault:
            outcome, note = Outcome.HUNG, f"more than {SECONDS} s, twice"
    return kind, outcome, f"{call.text}: {note}" if outcome.fault else ""


def _timed(call: Call) -> tuple[Outcome, str, bool]:
    """Judge a call, and whether it took too long, though nothing else kept the processor busy."""
    wall, processor = time.perf_counter(), time.process_time()
    outcome, note = judged(call)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return outcome, note, wall > SECONDS and (processor > SECONDS or wall > PATIENCE)


def judged(call: Call) -> tuple[Outcome, str]:
    """Make a call, and judge what comes of it."""
    before = call.data()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for category in (fanwise.RepeatedStreamWarning, DeprecationWarning, FutureWarning):
                warnings.simplefilter("ignore", category)
            for message in THEIRS:
                warnings.filterwarnings("ignore", message)
            result = call.run()
    except fanwise.FanwiseError as error:
        outcome, note = Outcome.REFUSED, _unhelpful(error)
        if not call.may_refuse:
            note = f"refused what is right: {error}"
    except TypeError as error:
        allowed = call.wrong_types
        outcome, note = Outcome.WRONG_CALL, "" if allowed else _last_lines(error)
    except Exception as error:  # noqa: BLE001 - which one it is, is what is judged
        outcome, note = Outcome.WRONG_ERROR, _last_lines(error)
        if call.theirs and call.theirs in traceback.extract_tb(error.__traceback__)[-1].filename:
            outcome, note = Outcome.REFUSED, ""
    else:
        note = call.wrong(result)
        return (Outcome.WRONG_RESULT, note) if note else (Outcome.RIGHT, "")
    if call.data() != before:
        return Outcome.DATA_CHANGED, f"after the error: {note or outcome}"
    return (Outcome.WRONG_ERROR, note) if note else (outcome, "")


def _unhelpful(error: fanwise.FanwiseError) -> str:
    """Say what a FanwiseError lacks: what was expected, what to do, in a readable length."""
    text = str(error)
    if not error.expected.strip() or not error.hint.strip() or "Known: ." in text:
        return f"an error that does not help: {text}"
    return f"an error of {len(text)} characters" if len(text) > 50_000 else ""


def _last_lines(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__}: {str(error)[:300]} ({places})"
