"""The schemes of the catalogue that ``torch.nn.init`` has no name for, as functions.

They are made from the catalogue: parameters, defaults and meaning are the scheme's own.
"""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Any, Final, Protocol

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing.engines import init_
from fanwise.adapters.torch.initializers.absolute import made
from fanwise.spec.catalogue import Entry, catalogue


class Initializer(Protocol):
    """Fills a tensor in place, and returns it."""

    def __call__(self, tensor: Tensor, *args: Any, **params: Any) -> Tensor:
        """Fill the tensor; the parameters are those of its signature."""
        ...


#: Parameters about the shape rather than the scheme: by keyword only.
_KEYWORD_ONLY: Final = ("fan", "groups")
_TYPES: Final[dict[str, Any]] = {"number": float, "integer": int, "boolean": bool}
_COMMON: Final = (
    Parameter("seed", Parameter.KEYWORD_ONLY, default=None, annotation=int | None),
    Parameter("path", Parameter.KEYWORD_ONLY, default=None, annotation=str | None),
    Parameter("axes", Parameter.KEYWORD_ONLY, default="torch", annotation=str),
    Parameter("engine", Parameter.KEYWORD_ONLY, default="portable", annotation=str),
)

_DOC: Final = """{summary}

Fills the tensor in place by the scheme ``{name}``.

Args:
    tensor: what to fill, in place.
{parameters}    generator, seed, path, axes, engine: as in :func:`init_`.

Returns:
    The same tensor.

Raises:
    FanwiseError: for bad input; the tensor is then untouched.

Examples:
    >>> import torch
    >>> weight = {name}_(torch.empty({shape}), seed=0)

References:
    {reference}
"""


def _initializer(name: str) -> Initializer:
    """The function of a scheme, with a signature and a docstring of its own."""
    entry = catalogue().entries[name]
    signature = _signature(entry)

    def initializer(*args: Any, **kwargs: Any) -> Tensor:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        chosen = made(name, **{key: given.pop(key) for key in entry.parameters})
        return init_(given.pop("tensor"), chosen, **given)

    initializer.__name__ = initializer.__qualname__ = f"{name}_"
    initializer.__doc__ = _doc(entry)
    initializer.__signature__ = signature  # type: ignore[attr-defined]
    return initializer


def _signature(entry: Entry) -> Signature:
    positional = [
        Parameter("tensor", Parameter.POSITIONAL_OR_KEYWORD, annotation=Tensor),
        *_parameters(entry, Parameter.POSITIONAL_OR_KEYWORD),
        Parameter(
            "generator",
            Parameter.POSITIONAL_OR_KEYWORD,
            default=None,
            annotation=torch.Generator | None,
        ),
    ]
    named = _parameters(entry, Parameter.KEYWORD_ONLY)
    return Signature([*positional, *named, *_COMMON], return_annotation=Tensor)


def _parameters(entry: Entry, kind: Any) -> list[Parameter]:
    only_keyword = kind is Parameter.KEYWORD_ONLY
    return [
        Parameter(key, kind, default=own.default, annotation=_annotation(own.kind, own.default))
        for key, own in entry.parameters.items()
        if (key in _KEYWORD_ONLY) == only_keyword
    ]


def _annotation(kind: str, default: object) -> Any:
    own = _TYPES.get(kind, str)
    return own | None if default is None else own


def _doc(entry: Entry) -> str:
    lines = [f"    {key}: {own.summary}.\n" for key, own in entry.parameters.items()]
    shape = "8, 4, 3" if entry.distribution["kind"] == "delta_orthogonal" else "8, 4"
    return _DOC.format(
        summary=entry.summary,
        name=entry.name,
        parameters="".join(lines),
        shape=shape,
        reference=entry.reference,
    )


he_normal_ = _initializer("he_normal")
he_uniform_ = _initializer("he_uniform")
lecun_normal_ = _initializer("lecun_normal")
lecun_uniform_ = _initializer("lecun_uniform")
glorot_normal_ = _initializer("glorot_normal")
glorot_uniform_ = _initializer("glorot_uniform")
torch_default_ = _initializer("torch_default")
truncated_normal_ = _initializer("truncated_normal")
variance_scaling_ = _initializer("variance_scaling")
delta_orthogonal_ = _initializer("delta_orthogonal")
identity_ = _initializer("identity")
