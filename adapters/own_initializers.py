"""What the frameworks have of their own for a scheme; none of them is imported."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fanwise.spec.own_files import own_text


@dataclass(frozen=True, kw_only=True)
class OwnInitializer:
    """An expression of a framework's, at the default parameters of a scheme.

    Attributes:
        call: the expression. torch's fills ``weight``, the others make an initializer.
        differs: how its law is another one than the scheme's; empty where it is not, or where
            the framework's deviations say so.
        instead: what has the scheme's law, where that one differs; empty where nothing has.
    """

    call: str
    differs: str = ""
    instead: str = ""


@cache
def own_initializers() -> Mapping[str, Mapping[str, OwnInitializer]]:
    """Return what each framework has, by its name and that of the scheme."""
    text = own_text("fanwise.adapters", "own_initializers.toml")
    return {
        framework: {scheme: OwnInitializer(**row) for scheme, row in rows.items()}
        for framework, rows in tomllib.loads(text).items()
    }
