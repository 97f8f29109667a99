"""Calls that end in every way there is, to see that each is told."""

from __future__ import annotations

import os
import time

import fanwise
from fuzz.calls import Call, Calls, Chooser

_DATA = bytearray(b"data")


def _refuse() -> None:
    raise fanwise.FanwiseError("a number", "x", "Pass a number.")


def _refuse_without_advice() -> None:
    raise fanwise.FanwiseError("a number", "x", "")


def _raise(error: type[Exception]) -> None:
    raise error("planted")


def _change_and_refuse() -> None:
    _DATA[0] ^= 1
    _refuse()


def _call(run: object, **how: object) -> object:
    def make(chooser: Chooser) -> Call:
        assert callable(run)
        return Call(text=f"planted {chooser.random()}", run=run, data=lambda: bytes(_DATA), **how)

    return make


CALLS: Calls = {
    "right": _call(int),
    "refused": _call(_refuse),
    "wrong call": _call(lambda: _raise(TypeError), wrong_types=True),
    "wrong result": _call(int, wrong=lambda result: "planted"),
    "wrong error": _call(lambda: _raise(KeyError)),
    "wrong error: a type": _call(lambda: _raise(TypeError)),
    "wrong error: no advice": _call(_refuse_without_advice),
    "wrong error: refused": _call(_refuse, may_refuse=False),
    "wrong error: a warning": _call(lambda: __import__("warnings").warn("planted", stacklevel=1)),
    "data changed": _call(_change_and_refuse),
    "hung": _call(lambda: time.sleep(1000)),
    "crashed": _call(os.abort),
}
