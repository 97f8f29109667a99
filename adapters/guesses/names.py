"""What parameters are by their names alone: gains of branches, tokens, positions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from fanwise.adapters.guesses.bare_parameter import (
    LAYER_SCALE,
    POSITION,
    RELATIVE_POSITION,
    TOKEN,
    BareParameter,
    Guess,
)
from fanwise.spec.axes import OUT


def _is_gain(parameter: BareParameter) -> bool:
    """Tell whether it is a gain for each feature, of one branch or of several."""
    rows = len(parameter.shape) == 2 and 1 < parameter.shape[0] < parameter.shape[1]
    return parameter.is_vector or rows


def _is_vector(parameter: BareParameter) -> bool:
    return parameter.is_vector


def _is_lone_gain(parameter: BareParameter) -> bool:
    """Tell whether it is a gain without the offset that a norm would have."""
    return parameter.is_vector and not {"beta", "bias"} & parameter.siblings.keys()


def _is_table(parameter: BareParameter) -> bool:
    """Tell whether it holds vectors, one or many."""
    return len(parameter.shape) > 0 and max(parameter.shape) > 1


def _is_matrix(parameter: BareParameter) -> bool:
    return sum(size > 1 for size in parameter.shape) >= 2 or len(parameter.shape) > 1


class NameLine(NamedTuple):
    """A line of the table.

    Attributes:
        kind: of what is called so.
        what: the same in words.
        name: the pattern of the parameter's whole name.
        cls: the pattern that its class has in it.
        fits: whether its shape is one of those.
    """

    kind: str
    what: str
    name: str
    cls: str
    fits: Callable[[BareParameter], bool]


#: Classes that may have branches, but for those that normalize.
_BLOCKS: Final = r"^(?!.*[Nn]orm).*(?:Block|Layer|Residual|Stage|Scale)"
_BRANCH: Final = "a gain of a residual branch"
#: The first line that fits counts.
NAMES: Final = (
    # LayerScale of CaiT and its like, small at the start.
    NameLine(LAYER_SCALE, _BRANCH, r"layer_?scale\w*", "", _is_gain),
    NameLine(LAYER_SCALE, _BRANCH, r"ls_?\d?|ls_gamma", _BLOCKS, _is_gain),
    NameLine(LAYER_SCALE, _BRANCH, r"gamma_?\d|gamma_xca|ffn_gamma", _BLOCKS, _is_lone_gain),
    NameLine(LAYER_SCALE, _BRANCH, r"lambda_?[12]", _BLOCKS, _is_gain),
    NameLine(LAYER_SCALE, _BRANCH, r"gamma", _BLOCKS, _is_lone_gain),
    NameLine(LAYER_SCALE, _BRANCH, r"scale|weight", r"LayerScale", _is_lone_gain),
    NameLine(LAYER_SCALE, _BRANCH, r"scale", r"CXBlock$", _is_lone_gain),  # of SAM 2
    # Swin, LeViT, SAM, VITS, bottleneck and halo attention: by the distance of two positions.
    NameLine(
        RELATIVE_POSITION,
        "a table of relative positions",
        r"rel(?:ative)?_pos(?:ition)?(?:_emb(?:ed(?:ding)?)?s?|_bias)?(?:_table|_[hwt])?"
        r"|relative_attention_bias|attention_biases|rpb|rpb_table"
        r"|emb_rel_[kv]|(?:height|width)_rel|rel_(?:height|width)",
        "",
        _is_matrix,
    ),
    NameLine(RELATIVE_POSITION, "a table of relative positions", r"pos_emb", "Lambda", _is_matrix),
    # Fourier features of coordinates, a projection rather than a table.
    NameLine("", "", r"positional_embedding", r"^Sam\w*PositionalEmbedding$", _is_table),
    NameLine(
        POSITION,
        "an embedding of positions",
        r"(?:\w+_)?(?:pos|position|positional)_?(?:embed|emb|embedding|encoding|enc)s?"
        r"(?:_table|_(?:win|window|spatial|temporal|vlm|[xyhwt])|_?\d)?"
        r"|(?:patch|pixel|spatial|temporal|class)_pos|(?:time|temporal)_embed(?:ding)?s?",
        "",
        _is_table,
    ),
    # What is learned in the place of a patch, a word or a query.
    NameLine(
        TOKEN,
        "a learned token",
        r"(?:\w+_)?tokens?_?\d?|(?:segment|type)_token_\w+"
        r"|image_newline|view_separator",
        "",
        _is_table,
    ),
    NameLine(
        TOKEN,
        "a learned token",
        r"(?:cls|class|mask|masked_spec)_emb(?:ed|edding)?",  # with several rows a table of classes
        "",
        _is_vector,
    ),
    NameLine(
        TOKEN, "learned queries", r"probe|latents?(?:_[12]d)?|latent_quer(?:y|ies)", "", _is_matrix
    ),
)
_COMPILED: Final = tuple((line, re.compile(line.name), re.compile(line.cls)) for line in NAMES)


def guess_by_name(parameter: BareParameter) -> Guess | None:
    """Take a parameter for what its name says, if its shape agrees; None where it says nothing.

    None of these has a role: a rule about all gains or all kernels is not about them.
    """
    for line, name, cls in _COMPILED:
        if name.fullmatch(parameter.name) and cls.search(parameter.simple_class):
            if not line.fits(parameter):
                continue
            if not line.kind:
                return None
            axes = parameter.axes
            if line.kind == LAYER_SCALE and len(parameter.shape) > 1:
                axes = " ".join([OUT] * len(parameter.shape))
            why = f"{line.what} by its name, {parameter.name}, in {parameter.simple_class}"
            return Guess("", line.kind, axes, why)
    return None
