"""Generators beyond the five of version 1.0, each a module of its name with ``make`` and ``check``.

``fanwise.spec.generators`` declares them; SPEC.md, section 10, defines them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fanwise.core.generators import (
    erdos_renyi,
    given,
    hadamard,
    kan_spline,
    lora_orthogonal,
    mimetic,
    reservoir,
)
from fanwise.core.generators.inputs import Maker

#: Every generator by its name, as ``distribution.kind`` writes it.
GENERATORS: Final[Mapping[str, Maker]] = {
    "given": given,
    "hadamard": hadamard,
    "erdos_renyi": erdos_renyi,
    "reservoir": reservoir,
    "kan_spline": kan_spline,
    "lora_orthogonal": lora_orthogonal,
    "mimetic": mimetic,
}
