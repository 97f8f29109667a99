"""The parameters of a scheme as those of a function: doors are made of the catalogue by them."""

from __future__ import annotations

from inspect import Parameter
from typing import Any, Final

from fanwise.spec import parameters

#: Parameters about the shape rather than the scheme: by keyword only.
KEYWORD_ONLY: Final = ("fan", "groups")
_TYPES: Final[dict[str, Any]] = {"number": float, "integer": int, "boolean": bool}


def door_parameter(declared: parameters.Parameter) -> Parameter:
    """Return a parameter of a scheme as one of a function."""
    keyword_only = declared.name in KEYWORD_ONLY
    kind: Any = Parameter.KEYWORD_ONLY if keyword_only else Parameter.POSITIONAL_OR_KEYWORD
    annotation = _TYPES.get(declared.kind, str)
    if declared.default is None:
        annotation |= None
    return Parameter(declared.name, kind, default=declared.default, annotation=annotation)
