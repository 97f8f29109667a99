"""Audits of the models' starts, and what is kept of them."""

from __future__ import annotations

import importlib.util
import json
import random
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from audits.starts.models import LibraryStart

FOLDER: Final = Path(__file__).parent
SEED: Final = 0
#: Which of a weight's failing claims is told: the first that fails.
_TOLD: Final = ("constant", "deviation", "distribution", "mean", "support", "tails", "zeros")


def judged(start: LibraryStart) -> dict[str, Any]:
    """Build a model under a seed, audit it, and return what is kept."""
    import fanwise

    seed_all(start)
    audit = fanwise.audit(start.build(), start.recipe, **start.variables)
    failing = [row for row in audit.rows if row.outcome == "fail"]
    return {
        "version": version(start.library),
        "fanwise": version("fanwise"),
        "backend": _backend(start),
        "seed": SEED,
        "false_alarm_rate": audit.false_alarm_rate,
        "weights": len({row.path for row in audit.rows if row.n}),
        "numbers": sum(max(row.n for row in rows) for rows in _by_path(audit.rows).values()),
        "claims": {
            outcome: sum(row.outcome == outcome for row in audit.rows)
            for outcome in ("pass", "fail", "undecided")
        },
        "differing": len({row.path for row in failing}),
        "faults": _told(_by_path(failing)),
    }


def keep(name: str, facts: Mapping[str, Any]) -> None:
    """Write what was found to the folder of this module."""
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    (FOLDER / f"{name}.json").write_text(text, "utf-8")


def kept(name: str) -> dict[str, Any]:
    """Return what was found of a model."""
    facts: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return facts


def seed_all(start: LibraryStart) -> None:
    """Seed every generator that a library may draw from."""
    if "keras" in start.library:
        import keras

        keras.utils.set_random_seed(SEED)
    random.seed(SEED)
    np.random.seed(SEED)  # noqa: NPY002 - the generator that libraries share
    if importlib.util.find_spec("torch"):
        import torch

        torch.manual_seed(SEED)


def _backend(start: LibraryStart) -> str:
    """Name what Keras runs on, whose draws its models start with."""
    if "keras" not in start.library:
        return ""
    import keras

    return str(keras.backend.backend())


def _by_path(rows: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.path, []).append(row)
    return groups


def _told(failing: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Tell the weights that differ in one way once."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for path, rows in failing.items():
        first = min(rows, key=_rank)
        # What lies beyond the ends alone is of no other scale.
        named = [row for row in sorted(rows, key=_rank) if row.fault and row.claim != "support"]
        fault = named[0].fault if named else ""
        pattern = re.sub(r"(?<=/)\d+(?=/)", "*", path)
        place = told.setdefault((pattern, first.claim), {"count": 0})
        place["count"] += 1
        if place["count"] == 1:
            place.update(path=path, claim=first.claim, observed=first.observed)
            place.update(expected=first.expected, bound=first.bound, n=first.n, fault=fault)
            place["claims"] = sorted({row.claim for row in rows})
    return [{"pattern": pattern, **facts} for (pattern, _), facts in told.items()]


def _rank(row: Any) -> int:
    return _TOLD.index(row.claim) if row.claim in _TOLD else len(_TOLD)
