"""Published known answers: what papers print, what their equations and their code give.

None of them is from this package's code. ``published/<family>.json`` holds them, and
``tests/reference/published`` the arithmetic that they are from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from fanwise.adapters.protocol import Draw
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme

#: What is expected: values, the numbers of a law, values at given words, properties.
KINDS: Final = ("values", "law", "at", "properties")
_KEYS: Final = frozenset(
    {"scheme", "params", "shape", "axes", "path", "source", "obtained", "departs", "expect"}
)


@dataclass(frozen=True)
class KnownAnswer:
    """What a scheme must give on one shape, by someone else's account.

    Attributes:
        draw: the scheme on the shape; a published answer depends on no seed.
        kind: one of :data:`KINDS`.
        expected: what is expected, as JSON.
        rtol, atol: by how much a number may be off: a share of it, and more than that.
        source: whose account: a paper with its equation, or a file of a repository.
        obtained: how the numbers were obtained from it.
        departs: where code and paper differ, in words.
    """

    draw: Draw
    kind: str
    expected: Any
    rtol: float
    atol: float
    source: str
    obtained: str
    departs: str = ""


@cache
def known_answers() -> tuple[KnownAnswer, ...]:
    """Return all of them, by the names of their files."""
    folder = resources.files("fanwise.conformance") / "vectors" / "published"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return tuple(answer_of(row) for file in files for row in json.loads(file.read_text("utf-8")))


def answer_of(row: Mapping[str, Any]) -> KnownAnswer:
    """Read one row of a file.

    Raises:
        FanwiseError: for keys that are missing or unknown.
    """
    expect = dict(row.get("expect", {}))
    rtol, atol = expect.pop("rtol", 1e-12), expect.pop("atol", 0.0)
    needed = _KEYS - {"params", "axes", "path", "departs"}
    if not needed <= set(row) <= _KEYS or len(expect) != 1 or not set(expect) <= {*KINDS}:
        hint = f"Give {', '.join(sorted(needed))}, and one of {', '.join(KINDS)} in expect."
        raise FanwiseError("the keys of a known answer", row, hint)
    ((kind, expected),) = expect.items()
    params = {key: _parameter(value) for key, value in row.get("params", {}).items()}
    chosen = scheme(row["scheme"], **params)
    axes = row.get("axes") or chosen.entry.axes or "kernel"
    draw = Draw(chosen, tuple(row["shape"]), 0, row.get("path"), axes, "float64")
    return KnownAnswer(
        draw,
        kind,
        expected,
        rtol,
        atol,
        row["source"],
        row["obtained"],
        row.get("departs", ""),
    )


def _parameter(value: Any) -> Any:
    """Return a parameter as a scheme takes it: JSON knows no tuples."""
    return tuple(map(_parameter, value)) if isinstance(value, list) else value
