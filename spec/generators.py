"""What is declared of each generator beyond the five of version 1.0: all but its code.

The code of a generator of this table is the module of the same name in ``core/generators/``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fanwise.spec.copied_kernels import base_largest, base_variance
from fanwise.spec.generator_options import GeneratorOptions, Measure, columns, matrix_size, rows
from fanwise.spec.hadamards import (
    hadamard_entry,
    hadamard_mean,
    zero_entry,
    zero_mean,
    zero_mean_square,
)
from fanwise.spec.parameters import flat
from fanwise.spec.random_measures import (
    elements_largest,
    lora_largest,
    mimetic_largest,
    mimetic_mean_square,
    spline_largest,
    spline_mean_square,
)
from fanwise.spec.sampling_grid import grid_largest, grid_mean, grid_mean_square
from fanwise.spec.sine_waves import wave_amplitude, wave_mean, wave_mean_square
from fanwise.spec.sparsities import LARGEST_RATIO, connected_share
from fanwise.spec.tents import tent_largest, tent_mean, tent_mean_square


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredGenerator:
    """One generator.

    Attributes:
        keys: what its distribution must say, beside its kind.
        random: whether it takes random words.
        exact: whether it gives the same bits everywhere; if not, 1e-12 as ``orthogonal`` does.
        words: of the keys, those whose values are words, not numbers.
        largest: the largest magnitude that an element can have, or a bound of it.
        mean, mean_square: of all elements, over the weights that can come out.
    """

    keys: frozenset[str]
    random: bool
    exact: bool
    largest: Measure
    mean: Measure
    mean_square: Measure
    words: frozenset[str] = frozenset()


def mean_of(numbers: Iterable[float]) -> float:
    """Return the mean of numbers."""
    listed = list(numbers)
    return math.fsum(listed) / len(listed)


def _no_mean(_: GeneratorOptions) -> float:
    return 0.0


def _gain(law: GeneratorOptions) -> float:
    return float(law.option("gain"))


def _block_square(law: GeneratorOptions) -> float:
    """Return the mean square of orthogonal blocks: 1 / the longer side of one."""
    inputs, outputs = rows(law.layout), columns(law.layout)
    longer: float = max(inputs / law.option("in_blocks"), outputs / law.option("out_blocks"), 1)
    return _gain(law) ** 2 / longer


def _aware_square(law: GeneratorOptions) -> float:
    return float(law.option("scale")) / max(rows(law.layout), 1)


#: Every generator by its name, as ``distribution.kind`` writes it.
GENERATORS: Final[Mapping[str, DeclaredGenerator]] = {
    "given": DeclaredGenerator(
        keys=frozenset({"values"}),
        random=False,
        exact=True,
        largest=lambda law: max(map(abs, flat(law.option("values")))),
        mean=lambda law: mean_of(flat(law.option("values"))),
        mean_square=lambda law: mean_of(x * x for x in flat(law.option("values"))),
    ),
    "hadamard": DeclaredGenerator(
        keys=frozenset({"gain"}),
        random=False,
        exact=True,
        largest=hadamard_entry,
        mean=hadamard_mean,
        mean_square=lambda law: hadamard_entry(law) ** 2,
    ),
    "hadamard_identity": DeclaredGenerator(
        keys=frozenset(),
        random=False,
        exact=True,
        largest=zero_entry,
        mean=zero_mean,
        mean_square=zero_mean_square,
    ),
    "idinit": DeclaredGenerator(
        keys=frozenset({"gain"}),
        random=False,
        exact=True,
        largest=_gain,
        mean=lambda law: _gain(law) / max(rows(law.layout), 1),
        mean_square=lambda law: _gain(law) ** 2 / max(rows(law.layout), 1),
    ),
    "idinit_zero": DeclaredGenerator(
        keys=frozenset({"gain"}),
        random=False,
        exact=True,
        largest=_gain,
        mean=_no_mean,
        mean_square=lambda law: 2 * _gain(law) ** 2 / max(rows(law.layout), 1),
    ),
    "icnr": DeclaredGenerator(
        keys=frozenset({"base", "scale", "mode", "factor", "subpixels"}),
        words=frozenset({"base", "mode", "subpixels"}),
        random=True,
        exact=True,
        largest=base_largest,
        mean=_no_mean,
        mean_square=base_variance,
    ),
    "bilinear_upsampling": DeclaredGenerator(
        keys=frozenset({"groups"}),
        random=False,
        exact=True,
        largest=tent_largest,
        mean=tent_mean,
        mean_square=tent_mean_square,
    ),
    "deformable_attention_grid": DeclaredGenerator(
        keys=frozenset({"heads", "levels", "points"}),
        random=False,
        exact=True,
        largest=grid_largest,
        mean=grid_mean,
        mean_square=grid_mean_square,
    ),
    "sinusoidal": DeclaredGenerator(
        keys=frozenset({"gain", "mode", "groups"}),
        words=frozenset({"mode"}),
        random=False,
        exact=False,
        largest=wave_amplitude,
        mean=wave_mean,
        mean_square=wave_mean_square,
    ),
    "glow_rotation": DeclaredGenerator(
        keys=frozenset(),
        random=True,
        exact=False,
        largest=lambda _: 1.0,
        mean=_no_mean,
        mean_square=lambda law: 1.0 / max(rows(law.layout), 1),
    ),
    "block_orthogonal": DeclaredGenerator(
        keys=frozenset({"gain", "in_blocks", "out_blocks"}),
        random=True,
        exact=False,
        largest=_gain,
        mean=_no_mean,
        mean_square=_block_square,
    ),
    "conv_aware": DeclaredGenerator(
        keys=frozenset({"scale", "noise"}),
        random=True,
        exact=False,
        largest=lambda law: math.sqrt(_aware_square(law) * matrix_size(law)),
        mean=_no_mean,
        mean_square=_aware_square,
    ),
    "erdos_renyi": DeclaredGenerator(
        keys=frozenset({"epsilon", "elements", "std"}),
        random=True,
        exact=True,
        words=frozenset({"elements"}),
        largest=elements_largest,
        mean=_no_mean,
        mean_square=lambda law: law.option("std") ** 2 * connected_share(law),
    ),
    "reservoir": DeclaredGenerator(
        keys=frozenset({"radius", "sparsity", "elements"}),
        random=True,
        exact=False,
        words=frozenset({"elements"}),
        largest=lambda law: law.option("radius") * LARGEST_RATIO,
        mean=_no_mean,
        # By the circular law, for large ones.
        mean_square=lambda law: law.option("radius") ** 2 / max(rows(law.layout), 1),
    ),
    "kan_spline": DeclaredGenerator(
        keys=frozenset({"order", "noise", "gain"}),
        random=True,
        exact=True,
        largest=spline_largest,
        mean=_no_mean,
        mean_square=spline_mean_square,
    ),
    "lora_orthogonal": DeclaredGenerator(
        keys=frozenset({"member", "gain"}),
        random=True,
        exact=False,
        words=frozenset({"member"}),
        largest=lora_largest,
        mean=_no_mean,
        mean_square=lambda law: law.option("gain") ** 2 / 2.0,
    ),
    "mimetic": DeclaredGenerator(
        keys=frozenset({"member", "heads", "alpha", "beta"}),
        random=True,
        exact=False,
        words=frozenset({"member"}),
        largest=mimetic_largest,
        mean=_no_mean,
        mean_square=mimetic_mean_square,
    ),
}
