"""The tables of docs/models.md: what came of each library's models, and what is not right."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ZOO: Final = Path(__file__).resolve().parent.parent / "tests" / "zoo"
OUTCOMES: Final = ("right", "error", "wrong")


def models() -> Iterator[list[str]]:
    """Return a row for each library, with the counts of its models, and one for all."""
    whole: Counter[str] = Counter()
    for result in _results():
        counts = Counter(verdict["outcome"] for verdict in result["verdicts"])
        whole += counts
        numbers = (str(counts[outcome]) for outcome in OUTCOMES)
        yield [result["library"], result["version"], result["framework"], *numbers]
    yield ["all", "", "", *(str(whole[outcome]) for outcome in OUTCOMES)]


def not_right() -> Iterator[list[str]]:
    """Return a row for each model that is known not to be right, with its reason."""
    known = tomllib.loads((ZOO / "known.toml").read_text("utf-8")).get("known", ())
    for row in known:
        yield [f"`{row['model']}`", ", ".join(row["results"]), row["outcome"], row["reason"]]


def _results() -> Iterator[dict[str, Any]]:
    """Read what `nox -s zoo zoo_vision zoo_flax -- --keep` has written."""
    for file in sorted((ZOO / "results").glob("*.json")):
        yield json.loads(file.read_text("utf-8"))
