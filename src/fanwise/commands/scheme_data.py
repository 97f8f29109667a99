"""A scheme without a shape, as plain data: all that ``fanwise schemes`` tells."""

from __future__ import annotations

from typing import Any

from fanwise.spec.entries import Entry
from fanwise.spec.gallery_entries import gallery


def data_of(entry: Entry) -> dict[str, Any]:
    """Return what is told of a scheme, as plain data."""
    told = gallery()[entry.name]
    return {
        "name": entry.name,
        "family": entry.family,
        "title": told.title,
        "summary": entry.summary,
        "used_for": told.used_for,
        "reference": entry.reference,
        "structured": entry.structured,
        "counts_fans": entry.uses_fan,
        "parameters": {
            name: {
                "kind": parameter.kind,
                "summary": parameter.summary,
                "default": parameter.default,
                "required": parameter.required,
                "bounds": parameter.bounds,
            }
            for name, parameter in entry.parameters.items()
        },
    }
