"""Generators beyond the five of version 1.0, each a module of its name with ``make`` and ``check``.

``fanwise.spec.generators`` declares them; SPEC.md, section 10, defines them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fanwise.core.generators import (
    bilinear_upsampling,
    block_orthogonal,
    conv_aware,
    deformable_attention_grid,
    erdos_renyi,
    given,
    glow_rotation,
    hadamard,
    hadamard_identity,
    icnr,
    idinit,
    idinit_zero,
    kan_spline,
    lora_orthogonal,
    mimetic,
    reservoir,
    sinusoidal,
)
from fanwise.core.generators.inputs import Maker

#: Every generator by its name, as ``distribution.kind`` writes it.
GENERATORS: Final[Mapping[str, Maker]] = {
    "bilinear_upsampling": bilinear_upsampling,
    "block_orthogonal": block_orthogonal,
    "conv_aware": conv_aware,
    "deformable_attention_grid": deformable_attention_grid,
    "erdos_renyi": erdos_renyi,
    "given": given,
    "glow_rotation": glow_rotation,
    "hadamard": hadamard,
    "icnr": icnr,
    "idinit": idinit,
    "idinit_zero": idinit_zero,
    "kan_spline": kan_spline,
    "lora_orthogonal": lora_orthogonal,
    "mimetic": mimetic,
    "reservoir": reservoir,
    "sinusoidal": sinusoidal,
    "hadamard_identity": hadamard_identity,
}
