"""JSON that is read from files of others: bounded before it is parsed."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final, NoReturn

from fanwise.adapters.files.faults import broken, quoted

#: The longest text; that of a model of a million tensors would be longer, and is in shards.
LONGEST: Final = 1 << 25
#: How many values it may hold: each takes up to some 200 bytes once it is parsed.
_MOST_OBJECTS: Final = 400_000
_MOST_VALUES: Final = 2_000_000


def parsed(text: bytes, subject: str, *, strict: bool = True) -> dict[str, Any]:
    """Parse an object of JSON.

    Args:
        text: of it.
        subject: what it is, for the error.
        strict: whether a name may be there once, and a number is one.

    Raises:
        FanwiseError: where it is no object of JSON, or would take more memory than a header
            should.
    """
    if len(text) > LONGEST:
        raise broken(
            f"at most {LONGEST} bytes of {subject}",
            f"{len(text)}",
            "Divide the file into shards with an index file.",
        )
    objects = text.count(b"{") + text.count(b"[")
    if objects > _MOST_OBJECTS or text.count(b",") > _MOST_VALUES:
        raise broken(
            f"at most {_MOST_OBJECTS} objects in {subject}",
            f"{objects}, and {text.count(b',')} commas",
            "Divide the file into shards with an index file.",
        )
    try:
        decoded = text.decode("utf-8")
        if strict:
            value = json.loads(decoded, parse_constant=_refuse, object_pairs_hook=_unique)
        else:
            value = json.loads(decoded)
    except (ValueError, RecursionError) as error:
        raise broken(f"{subject} in JSON", f"{type(error).__name__}: {error}") from None
    if not isinstance(value, dict):
        raise broken(f"an object as {subject}", f"a {type(value).__name__}")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dict; of a name that is there twice, nobody knows which one is meant."""
    values = dict(pairs)
    if len(values) != len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"{quoted(twice)} is there twice")
    return values
