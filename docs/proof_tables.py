"""The tables of the proof: what its trainings have shown."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from md_tables import table

#: Written by ``nox -s proof``.
MEASURED: Final = Path(__file__).resolve().parent.parent / "proof" / "measured.json"


@cache
def measured() -> dict[str, Any]:
    """Return what the kept run of the proof has found."""
    read: dict[str, Any] = json.loads(MEASURED.read_text("utf-8"))
    return read


def trainings() -> str:
    """Return the table of all trainings: weights at step 0, last loss, distance, bound."""
    rows = [
        [
            run["framework"],
            run["way"].replace(" x ", " × "),
            run["dtype"],
            f"`{run['digest'][:12]}`",
            f"{run['losses'][-1]:.6f}",
            f"{run['distance']:.1e}",
            f"{run['share']:.0%}",
        ]
        for run in measured()["runs"]
    ]
    head = (
        "framework",
        "cut",
        "dtype",
        "weights at step 0",
        "last loss",
        "distance",
        "of the bound",
    )
    return table(head, rows)


def figures() -> str:
    """Return what came of the control, and how long the proof took."""
    found = measured()
    digests = ", ".join(
        f"{way.replace(' x ', ' × ')} `{digest[:12]}`" for way, digest in found["own"].items()
    )
    return (
        f"The control is `torch.nn.init` under one seed, a model for every way: {digests}. "
        f"All of it took {found['seconds']} seconds on {found['cores']} cores."
    )
