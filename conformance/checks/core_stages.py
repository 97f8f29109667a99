"""Exact claims about the stages of the core's stream: the published and the recorded answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import numpy as np

from fanwise.adapters.protocol import Adapter
from fanwise.conformance import vectors
from fanwise.conformance.checks.check import Check
from fanwise.conformance.checks.faults import Array, Fault, patched
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import SUITE, Origin, ResultRow
from fanwise.conformance.results.subjects import Subject
from fanwise.core import keys, quantile, values
from fanwise.core import philox as rounds
from fanwise.core.keys import stream_key
from fanwise.core.philox import block_words, philox
from fanwise.core.quantile import normal_integer, window
from fanwise.core.values import uniform_integer

PHILOX: Final = Claim(
    name="philox",
    group=Group.STAGES,
    null="Philox4x32-10 gives its published known answers",
)
KEY: Final = Claim(
    name="key",
    group=Group.STAGES,
    null="seed, path and purpose make the key",
)
WORDS: Final = Claim(
    name="words",
    group=Group.STAGES,
    null="words follow from key and element",
)
NORMAL: Final = Claim(
    name="normal",
    group=Group.STAGES,
    null="the normal's integer follows from the word",
)
UNIFORM: Final = Claim(
    name="uniform",
    group=Group.STAGES,
    null="the uniform's integer follows from the word",
)
WINDOW: Final = Claim(
    name="window",
    group=Group.STAGES,
    null="a cut keeps the words it should",
)


def core_subject(subject: str) -> Subject:
    """Return the subject of a row about the core."""
    return Subject(adapter=SUITE, engine=Origin.CORE, scheme="stream 1", subject=subject, n=4)


def stages() -> Iterator[ResultRow]:
    """Compare every stage of the core with its known answers."""
    stream = vectors.load("stream")
    yield from _philox(stream["philox"])
    yield from _keys(stream["keys"])
    yield from _words(stream["words"])
    yield from _windows(stream["windows"])


def _philox(cases: list[dict[str, Any]]) -> Iterator[ResultRow]:
    for case in cases:
        counter = tuple(np.array([int(word, 16)], np.uint64) for word in case["counter"].split())
        k0, k1 = (int(word, 16) for word in case["key"].split())
        words = philox(counter, (k0, k1))  # type: ignore[arg-type]
        observed = " ".join(f"{int(word[0]):08x}" for word in words)
        yield core_subject(case["counter"]).compare(PHILOX, observed, case["words"])


def _keys(cases: list[dict[str, Any]]) -> Iterator[ResultRow]:
    for case in cases:
        key = stream_key(int(case["seed"]), case["path"], case["purpose"])
        observed = " ".join(f"{word:08x}" for word in key)
        subject = core_subject(f"{case['seed']} {case['path']!r}")
        yield subject.compare(KEY, observed, case["key"])


def _words(cases: list[dict[str, Any]]) -> Iterator[ResultRow]:
    for case in cases:
        block = np.array([int(case["first_element"]) // 4], np.uint64)
        words = block_words(stream_key(int(case["seed"])), block)[0]
        observed = {
            WORDS: [f"{int(word):08x}" for word in words],
            NORMAL: normal_integer(words).tolist(),
            UNIFORM: uniform_integer(words.copy()).tolist(),
        }
        for claim, numbers in observed.items():
            subject = core_subject(case["first_element"])
            yield subject.compare(claim, str(numbers), str(case[claim.name]))


def _windows(cases: list[dict[str, Any]]) -> Iterator[ResultRow]:
    for case in cases:
        observed = str(window(case["low"], case["high"]))
        expected = str((case["first"], case["count"]))
        subject = core_subject(f"{case['low']} {case['high']}")
        yield subject.compare(WINDOW, observed, expected)


# The faults.


def _no_purpose(seed: int, path: str | None = None, purpose: str = "") -> tuple[int, int]:
    """Return the key with its purpose ignored."""
    del purpose
    return keys.stream_key(seed, path)


def _short_counter(key: Any, numbers: Array) -> Array:
    """Return the words of blocks whose number is cut to 32 bits."""
    return rounds.block_words(key, numbers & np.uint64(0xFFFFFFFF))


def _opposite(words: Array) -> Array:
    """Return the normal's integers with the other sign."""
    return -quantile.normal_integer(words)


def _even(words: Array) -> Array:
    """Return the uniform's integers without their last bit."""
    return values.uniform_integer(words) & ~1


def _wider(low: float, high: float) -> tuple[int, int]:
    """Return the window of a cut with a word too many."""
    first, count = quantile.window(low, high)
    return first, count + 1


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    del adapter, seed  # the fault is in the core
    return stages()


def _fault(name: str, claim: Claim, target: str, value: object) -> Fault:
    return Fault(name=name, claim=claim, judge=_judge, core=partial(patched, target, value))


CHECK: Final = Check(
    claims=(PHILOX, KEY, WORDS, NORMAL, UNIFORM, WINDOW),
    core=stages,
    faults=(
        _fault("nine rounds of ten", PHILOX, "fanwise.core.philox.ROUNDS", 9),
        _fault("purpose ignored in the key", KEY, f"{__name__}.stream_key", _no_purpose),
        _fault("counter cut to a word", WORDS, f"{__name__}.block_words", _short_counter),
        _fault("normals of the other sign", NORMAL, f"{__name__}.normal_integer", _opposite),
        _fault("the last bit of a uniform lost", UNIFORM, f"{__name__}.uniform_integer", _even),
        _fault("a window with a word too many", WINDOW, f"{__name__}.window", _wider),
    ),
)
