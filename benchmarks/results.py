"""Files of results: read, joined, and told from those of another form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from timing import Timed

#: Raised when what a file holds, or means, changes.
FORMAT: Final = 2

_CASE: Final = {field.name for field in fields(Timed)}

Key = tuple[str, ...]


class WrongFormatError(Exception):
    """A file that is no result of these benchmarks, or one of another form."""


def key_of(case: dict[str, Any]) -> Key:
    """Return what a case is known by: framework, initializer, size, dtype, engine, cores."""
    words = ("group", "name", "size", "dtype", "engine", "cores")
    return tuple(str(case[word]) for word in words)


def holds(description: str, words: str) -> bool:
    """Tell whether the description of a case holds some words; x between numbers is taken for ×."""
    return re.sub(r"(?<=\d) ?x ?(?=\d|$)", " × ", words) in description


def read(path: Path) -> dict[str, Any]:
    """Return the results of a file.

    Raises:
        WrongFormatError: if it has another form, with what to do.
    """
    again = "Measure again with `nox -s bench`, from the commit that you compare with."
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WrongFormatError(f"{path}: {error.strerror}. {again}") from None
    except ValueError:
        raise WrongFormatError(f"{path} is not JSON, so no file of results. {again}") from None
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise WrongFormatError(
            f"{path} is of format {found}; this benchmark reads and writes format {FORMAT}. {again}"
        )
    if not _is_whole(data):
        raise WrongFormatError(f"{path} lacks what results of format {FORMAT} have. {again}")
    return dict(data)


def _is_whole(data: dict[str, Any]) -> bool:
    """Tell whether results say what they were measured on, and each case what was measured."""
    about, cases = data.get("machine"), data.get("cases")
    return (
        isinstance(about, dict)
        and {"processor", "cores", "others", "packages"} <= about.keys()
        and isinstance(cases, list)
        and all(isinstance(case, dict) and case.keys() >= _CASE for case in cases)
    )


def write(path: Path, data: dict[str, Any]) -> None:
    """Write results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": FORMAT, **data}, indent=1) + "\n", "utf-8")


def joined(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the results of several processes on one machine as those of one run."""
    whole: dict[str, Any] = {"machine": {"packages": {}, "others": 0.0}, "cases": []}
    for part in parts:
        before, machine = whole["machine"], part["machine"]
        whole["machine"] = {
            **before,
            **machine,
            "others": max(before["others"], machine["others"]),
            "packages": {**before["packages"], **machine["packages"]},
        }
        whole["cases"] += part["cases"]
        for name in {*part} - {"machine", "cases", "format"}:
            found = part[name]
            whole[name] = {**whole.get(name, {}), **found} if isinstance(found, dict) else found
    return whole
