"""Biases beside a kernel of the same layer, and those of a kernel elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from fanwise.adapters.guesses.bare_parameter import BareParameter, Guess
from fanwise.adapters.guesses.kernels import guess_kernel
from fanwise.adapters.guesses.pairs import kernel_of
from fanwise.adapters.layer_weights import PARAMETER

#: One word of a pattern for each axis.
_WORDS: Final = re.compile(r"\([^()]*\)|\S+")
#: Biases of a projection in a module of its own, as in BEiT and DeBERTa.
_OF_PROJECTIONS: Final = frozenset({"q_bias", "k_bias", "v_bias", "qkv_bias", "in_proj_bias"})


def guess_bias(parameter: BareParameter) -> Guess | None:
    """Take a parameter for the bias of a kernel, if it has as many outputs; None for others."""
    name = parameter.name
    if (kernel := kernel_of(name, parameter.siblings)) is not None:
        shape = parameter.siblings[kernel]
        guess = guess_kernel(replace(parameter, name=kernel, shape=shape))
        if guess is not None and guess.role:
            words = _WORDS.findall(guess.axes)
            inputs = words.index("in")
            if parameter.shape == (*shape[:inputs], *shape[inputs + 1 :]):
                axes = " ".join(word for word in words if word != "in")
                axes = parameter.axes if len(parameter.shape) == 1 else axes
                why = f"by its name and length the bias of {kernel} beside it"
                return Guess("bias", guess.kind, axes, why, kernel)
    if name in _OF_PROJECTIONS and parameter.is_vector:
        why = f"the bias of a projection by its name, {name}"
        return Guess("bias", PARAMETER, parameter.axes, why)
    return None
