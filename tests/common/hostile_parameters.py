"""Parameters of schemes that are right, wrong, or too large, one at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fanwise.spec.catalogue import Entry

#: Of each kind: what it does not take, or takes and then has no meaning.
_WRONG: dict[str, tuple[Any, ...]] = {
    "number": (math.nan, math.inf, -math.inf, 1e300, -1e300, 10**400, "0.1", [], True, 1j),
    "integer": (1.5, math.nan, 2**70, -(2**70), "3", True, [2]),
    "boolean": (1, "true", [], math.nan),
    "choice": ("x", 3, "", ["fan_in"]),
    "nonlinearity": ("x", 3, ""),
    "values": ((), ("a",), (math.nan,), (1e300,), ((1.0, 2.0), (3.0,)), 3.0, "1", (True,)),
}


def hostile_parameters(entry: Entry) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield parameters with one thing wrong, each with what it is."""
    for name, parameter in entry.parameters.items():
        others = {key: value for key, value in entry.example.items() if key != name}
        if parameter.required:
            yield f"no {name}", others
            yield f"{name}=None", {**others, name: None}
        for value in _WRONG[parameter.kind]:
            text = repr(value)
            yield f"{name}={text[:20]}", {**others, name: value}
