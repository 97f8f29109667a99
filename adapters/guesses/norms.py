"""The gains and offsets of other libraries' normalizations."""

from __future__ import annotations

import re
from typing import Final

from fanwise.adapters.guesses.bare_parameter import ONE_PLUS, BareParameter, Guess
from fanwise.spec.axes import OUT

#: Names of classes that normalize: they end in "Norm", but for what a variant is called by, such
#: as LlamaRMSNorm, RmsNorm2dFp32, EvoNorm2dB0, WanRMS_norm, LayerNormalization.
_NORM: Final = re.compile(
    r"(?:[Nn]orm|NORM|[Nn]ormalization)"
    r"(?:_?(?:\d[dD]|1[pP]|[A-Z]\d|[Ff][Pp]32|Gated|Act|Tlu|Relu|WithBias))*$"
    r"|^(?:DynamicTanh|DyT|Derf)$"
)
#: What is called so, but whose weight is no gain that starts at 1: a length of which the start is a
#: choice, or a kernel taken apart.
_OTHERS: Final = re.compile(r"(?:^|[a-z])(?:Scale|L2|Weight|Spectral|Unit)Norm$")
#: Those that may hold a gain for each head, or for each type of node, so of two axes.
_SEVERAL_AXES: Final = re.compile(r"(?:Layer|RMS|Rms|Batch|Group|Instance)Norm$")

#: What gains are called, and offsets.
_GAINS: Final = frozenset({"weight", "gamma", "g", "scale", "gain", "mean_scale"})
_OFFSETS: Final = frozenset({"bias", "beta", "b", "offset", "shift"})

#: Classes that add 1 to their gains, for where their code cannot be read.
_ADDS_ONE: Final = re.compile(
    r"^(?:Recurrent|Vault|T5)?Gemma[23]?(?:Text)?RMSNorm$"  # Gemma3n and Gemma4 do not
    r"|^T5Gemma2(?:Text)?RMSNorm$"
    r"|^Qwen3(?:Next|_5|_5Moe)RMSNorm$|^Qwen4Exp(?:Text)?RMSNorm$"
    r"|^(?:Step3p7|MiniMaxM3VL|Krea2)RMSNorm$"
    r"|(?:Centered|ZeroCenter|1[pP])(?:RMS|Layer)?Norm$|Norm1[pP]$"
)
#: Those that add the input to what they scale: x + gamma · normalized + beta.
_ADDS_INPUT: Final = re.compile(r"GRN$|^GlobalResponseNorm")
#: Flags by which a class says that it adds 1.
_FLAGS: Final = ("unit_offset", "add_unit_offset", "zero_centered_gamma", "zero_centered")


def guess_norm(parameter: BareParameter) -> Guess | None:
    """Take a vector in a class of normalizations for its gain or offset; None for anything else."""
    name, cls = parameter.name, parameter.simple_class
    residual = bool(_ADDS_INPUT.search(cls))
    if not residual and (not _NORM.search(cls) or _OTHERS.search(cls)):
        return None
    if name not in _GAINS | _OFFSETS or not _is_of_features(parameter):
        return None
    axes = parameter.axes if len(parameter.shape) < 2 else " ".join([OUT] * len(parameter.shape))
    if name in _OFFSETS:
        return Guess("offset", "norm", axes, f"an offset by its name in a class of norms, {cls}")
    if residual:
        why = f"a gain of {cls}, which adds the input to what it scales"
        return Guess("scale", ONE_PLUS, axes, why)
    if adds_one(parameter):
        return Guess("scale", ONE_PLUS, axes, f"a gain of {cls}, which adds 1 to it")
    return Guess("scale", "norm", axes, f"a gain by its name in a class of norms, {cls}")


def adds_one(parameter: BareParameter) -> bool:
    """Tell whether a layer adds 1 to a gain: by its flags, its code, or else by its class."""
    if any(parameter.attributes.get(flag) for flag in _FLAGS):
        return True
    if f"self.{parameter.name}" in parameter.source:
        gain = rf"self\.{re.escape(parameter.name)}\b(?:\.\w+\([\w.]*\))*"
        one = r"1(?:\.0*)?"
        added = rf"(?<![\w.]){one}\s*\+\s*{gain}|{gain}\s*\+\s*{one}(?![\w.])"
        return re.search(added, parameter.source) is not None
    return _ADDS_ONE.search(parameter.simple_class) is not None


def _is_of_features(parameter: BareParameter) -> bool:
    """Tell whether a shape is that of a gain: a vector, or of several where all have it."""
    if parameter.is_vector:
        return True
    alike = all(shape == parameter.shape for shape in parameter.siblings.values())
    several = _SEVERAL_AXES.search(parameter.simple_class) is not None
    return several and alike and len(parameter.shape) == 2 and min(parameter.shape) > 1
