"""Generators beyond the five of version 1.0, each a module of its name with ``make`` and ``check``.

``fanwise.spec.generators`` declares them; SPEC.md, section 10, defines them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fanwise.core.generators import given, hadamard
from fanwise.core.generators.inputs import Maker

#: Every generator by its name, as ``distribution.kind`` writes it.
GENERATORS: Final[Mapping[str, Maker]] = {
    "given": given,
    "hadamard": hadamard,
}
