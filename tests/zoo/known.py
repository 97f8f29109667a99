"""What is known not to be right: ``known.toml``, and the like, which are strict both ways."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


class Known(NamedTuple):
    """A model that is not right, with its reason.

    Attributes:
        outcome: ``"error"`` or ``"wrong"``.
        reason: why, and what would mend it.
    """

    outcome: str
    reason: str


@cache
def known(file: str = "known.toml") -> Mapping[tuple[str, str], Known]:
    """Read what is known, by the names of the result and of the model."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return {
        (name, row["model"]): Known(row["outcome"], row["reason"])
        for row in tomllib.loads(text).get("known", ())
        for name in row["results"]
    }


def surprises(
    results: Iterable[Mapping[str, Any]],
    file: str = "known.toml",
    *,
    whole: bool,
    right: str = "right",
) -> list[str]:
    """Tell where results are not what is known.

    Args:
        results: of some libraries.
        file: that lists what is known.
        right: the outcome of a model that is right.
        whole: whether all models were judged, so that one that is known must be among them.
    """
    faults = []
    for result in results:
        name = result["name"]
        listed = {model: row for (of, model), row in known(file).items() if of == name}
        for verdict in result["verdicts"]:
            model, outcome = verdict["model"], verdict["outcome"]
            row = listed.pop(model, None)
            if row is None and outcome != right:
                faults.append(f"{name}: {model} is not right ({outcome}): {verdict['reason']}")
            elif row is not None and row.outcome != outcome:
                faults.append(f"{name}: {model} is {outcome}, and {file} has {row.outcome}")
        if whole:
            faults += [f"{name}: {model} of {file} was not judged" for model in listed]
    return faults
