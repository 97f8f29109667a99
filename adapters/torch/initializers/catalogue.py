"""The schemes of the catalogue that ``torch.nn.init`` has no name for, as functions.

They are made from the catalogue in one loop: parameters, defaults and meaning are the scheme's
own, and a scheme that the catalogue gains has its function here at once. Those of the families are
made when they are asked for. The stub of
``fanwise.torch`` tells editors and type checkers of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from inspect import Parameter, Signature
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.adapters.engines import EngineName
from fanwise.adapters.signatures import (
    KEYWORD_ONLY,
    bind,
    door_parameter,
    example_arguments,
    example_path,
    example_shape,
    in_order,
    made,
    shape_note,
)
from fanwise.adapters.torch.drawing.usual import fill_usual
from fanwise.adapters.torch.initializers import absolute, constant, scaled, structured
from fanwise.adapters.torch.initializers.any_scheme import init_, named_scheme
from fanwise.spec.axes import TORCH
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.scheme import Scheme

#: The functions that are written by hand, with the signatures of torch.
_BY_HAND: Final = frozenset(
    name for module in (absolute, constant, scaled, structured) for name in vars(module)
)
_COMMON: Final = (
    Parameter("seed", Parameter.KEYWORD_ONLY, default=None, annotation=int | None),
    Parameter("path", Parameter.KEYWORD_ONLY, default=None, annotation=str | None),
    Parameter("engine", Parameter.KEYWORD_ONLY, default="portable", annotation=EngineName),
)

_DOC: Final = """Fill a tensor by the scheme ``{name}``.

{summary}

Args:
    tensor: what to fill, in place{axes}.
{parameters}    generator, seed, path, axes, engine: as in :func:`init_`.

Returns:
    The same tensor.

Raises:
    FanwiseError: for bad input; the tensor is then untouched.

Examples:
    >>> import torch
    >>> from fanwise.torch import {name}_
    >>> weight = {name}_(torch.empty{shape}, {given}seed=0, path="{path}")
    >>> tuple(weight.shape)
    {shape}

References:
    {reference}
"""


def scheme_functions(
    entries: Mapping[str, Entry], but: Collection[str] = ()
) -> dict[str, Callable[..., Tensor]]:
    """Make a function ``<name>_`` for every scheme.

    Args:
        entries: those of the catalogue, by their names.
        but: names of functions that are there already.
    """
    return {
        f"{name}_": _function(entry) for name, entry in entries.items() if f"{name}_" not in but
    }


def _function(entry: Entry) -> Callable[..., Tensor]:
    """Make the function of a scheme, with a signature and a docstring of its own."""
    signature, names = _signature(entry), tuple(entry.parameters)
    parameters = signature.parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    others = len(parameters) - 1

    def make(*values: Any) -> Scheme:
        return named_scheme(entry.name, **dict(zip(names, values, strict=True)))

    def function(*args: Any, **kwargs: Any) -> Tensor:
        given = {**defaults, **kwargs}
        if len(args) == 1 and len(given) == others and "tensor" not in given:
            tensor = args[0]
        else:  # it takes several times as long
            bound = bind(function.__name__, signature, args, kwargs)
            bound.apply_defaults()
            given = dict(bound.arguments)
            tensor = given.pop("tensor")
        values = tuple([given.pop(name) for name in names])
        if fill_usual(tensor, make, values, **given):
            return tensor
        return init_(tensor, make(*values), **given)

    function.__name__ = function.__qualname__ = f"{entry.name}_"
    function.__doc__ = _doc(entry)
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _signature(entry: Entry) -> Signature:
    generator = Parameter(
        "generator",
        Parameter.POSITIONAL_OR_KEYWORD,
        default=None,
        annotation=torch.Generator | None,
    )
    return Signature(
        in_order(
            [
                Parameter("tensor", Parameter.POSITIONAL_OR_KEYWORD, annotation=Tensor),
                *(
                    door_parameter(p)
                    for key, p in entry.parameters.items()
                    if key not in KEYWORD_ONLY
                ),
                generator,
                *(door_parameter(p) for key, p in entry.parameters.items() if key in KEYWORD_ONLY),
                *_COMMON[:2],
                Parameter(
                    "axes", Parameter.KEYWORD_ONLY, default=entry.axes or TORCH, annotation=str
                ),
                *_COMMON[2:],
            ]
        ),
        return_annotation=Tensor,
    )


def _doc(entry: Entry) -> str:
    lines = [f"    {key}: {parameter.summary}.\n" for key, parameter in entry.parameters.items()]
    return _DOC.format(
        axes=shape_note(entry),
        summary=entry.summary,
        name=entry.name,
        parameters="".join(lines),
        shape=example_shape(entry, out_first=True),
        given=example_arguments(entry),
        path=example_path(entry),
        reference=entry.reference,
    )


_functions: Final = scheme_functions(catalogue().basic, but=_BY_HAND)
globals().update(_functions)
__all__ = [*_functions]  # noqa: PLE0604 (they are names)
#: The functions that are made when they are asked for, with their schemes.
LATER: Final = {f"{name}_": name for name in catalogue().entries if name not in catalogue().basic}


def __getattr__(name: str) -> Callable[..., Tensor]:
    """Make the function of a scheme of a family."""
    function: Callable[..., Any] = made(globals(), name, LATER, _of_family)
    return function


def _of_family(scheme_name: str) -> Callable[..., Any]:
    return _function(catalogue().entries[scheme_name])
