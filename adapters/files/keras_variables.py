"""What Keras calls the variables of a layer, of which a weights file has numbers alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fanwise.spec.errors import letters_of

_KERNEL: Final = ("kernel", "bias")
_RECURRENT: Final = ("kernel", "recurrent_kernel", "bias")
_NORM: Final = ("gamma", "beta")
#: In the order that they are saved in, by the class without case and underscores.
_VARIABLES: Final = {
    **dict.fromkeys(("dense", "einsumdense"), _KERNEL),
    **{f"conv{n}d{more}": _KERNEL for n in (1, 2, 3) for more in ("", "transpose")},
    **{f"depthwiseconv{n}d": _KERNEL for n in (1, 2)},
    **{f"separableconv{n}d": ("depthwise_kernel", "pointwise_kernel", "bias") for n in (1, 2)},
    **dict.fromkeys(("embedding", "tokenembedding"), ("embeddings",)),
    "reversibleembedding": ("embeddings", "reverse_embeddings"),
    **dict.fromkeys(("lstmcell", "grucell", "simplernncell"), _RECURRENT),
    **{f"convlstm{n}dcell": _RECURRENT for n in (1, 2, 3)},
    "convlstmcell": _RECURRENT,
    "batchnormalization": (*_NORM, "moving_mean", "moving_variance"),
    **dict.fromkeys(("layernormalization", "groupnormalization"), _NORM),
    **dict.fromkeys(("layernorm", "groupnorm"), _NORM),
    **dict.fromkeys(("rmsnormalization", "rmsnorm"), ("scale",)),
    "prelu": ("alpha",),
    "normalization": ("mean", "variance", "count"),
}
#: The settings of a layer without which it lacks a variable.
_SETTINGS: Final = {"bias": "use_bias", "beta": "center", "gamma": "scale"}


def variable_names(
    hints: Sequence[str],
    shapes: Sequence[tuple[int, ...]],
    settings: Mapping[str, Any] | None = None,
) -> list[str]:
    """Name the variables of a layer.

    Args:
        hints: what may say its class: the class, the layer's name, the attribute that it is of.
        shapes: of the variables, in their order.
        settings: of the layer, where the file has them.

    Returns:
        a name for each; its number where nothing tells the name.

    Examples:
        >>> variable_names(["dense_3"], [(4, 8), (8,)])
        ['kernel', 'bias']
        >>> variable_names(["mine"], [(4,), (5,), (6,)])
        ['0', '1', '2']
    """
    known = next(filter(None, map(_known, hints)), None) or _by_shapes(shapes)
    chosen = settings or {}
    names = [name for name in known if chosen.get(_SETTINGS.get(name, "")) is not False]
    fits = len(names) == len(shapes) or (settings is None and known in (_KERNEL, _NORM, _RECURRENT))
    if len(shapes) > len(names) or not fits:
        return [str(number) for number in range(len(shapes))]
    return names[: len(shapes)]


def _known(hint: str) -> tuple[str, ...] | None:
    """Return the variables of the class that a name stands for, or ends in."""
    letters = letters_of(re.sub(r"(_\d+)+$", "", hint))
    ending = max((key for key in _VARIABLES if letters.endswith(key)), key=len, default="")
    return _VARIABLES.get(ending)


def _by_shapes(shapes: Sequence[tuple[int, ...]]) -> tuple[str, ...]:
    """Return the names of a matrix and a bias along its last axis."""
    match shapes:
        case [(_, *_, last), (size,)] if last == size:
            return _KERNEL
    return ()
