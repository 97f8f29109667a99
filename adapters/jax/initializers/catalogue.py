"""The schemes of the catalogue that ``jax.nn.initializers`` has no name for, as functions.

They are made from the catalogue in one loop: parameters, defaults and meaning are the scheme's
own, and a scheme that the catalogue gains has its function here at once. Those of the families are
made when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from inspect import Parameter, Signature
from typing import Any, Final

from fanwise.adapters.engines import EngineName
from fanwise.adapters.jax.initializers import absolute, scaled
from fanwise.adapters.jax.initializers.keyed_initializer import KeyedInitializer, make, number
from fanwise.adapters.signatures import (
    KEYWORD_ONLY,
    bind,
    door_parameter,
    example_arguments,
    example_path,
    example_shape,
    in_order,
    made,
)
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.registry import scheme

#: The schemes that have a function of JAX's own, or one of ours with JAX's signature.
_BY_HAND: Final = frozenset(
    {"zeros", "ones", "constant", *(name for module in (absolute, scaled) for name in vars(module))}
)
_COMMON: Final = (
    Parameter("seed", Parameter.KEYWORD_ONLY, default=None, annotation=int | None),
    Parameter("path", Parameter.KEYWORD_ONLY, default=None, annotation=str | None),
    Parameter("engine", Parameter.KEYWORD_ONLY, default="portable", annotation=EngineName),
)

_DOC: Final = """Make an initializer of the scheme ``{name}``.

{summary}

Args:
{parameters}    dtype, axes, seed, path, engine: as in :func:`initializer`.

Returns:
    The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

Raises:
    FanwiseError: for bad input, here rather than when the weight is drawn.

Examples:
    >>> import jax
    >>> from fanwise.jax import {name}
    >>> init = {name}({given}path="{path}")
    >>> init(jax.random.key(0), {shape}).shape
    {shape}

References:
    {reference}
"""


def scheme_functions(
    entries: Mapping[str, Entry], but: Collection[str] = ()
) -> dict[str, Callable[..., KeyedInitializer]]:
    """Make a function for every scheme.

    Args:
        entries: those of the catalogue, by their names.
        but: names of functions that are there already.
    """
    return {name: _function(entry) for name, entry in entries.items() if name not in but}


def _function(entry: Entry) -> Callable[..., KeyedInitializer]:
    """Make the function of a scheme, with a signature and a docstring of its own."""
    signature = _signature(entry)

    def function(*args: Any, **kwargs: Any) -> KeyedInitializer:
        bound = bind(function.__name__, signature, args, kwargs)
        bound.apply_defaults()
        given = bound.arguments
        values = {key: number(key, given.pop(key)) for key in entry.parameters}
        return make(scheme(entry.name, **values), given.pop("axes"), **given)

    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = _DOC.format(
        name=entry.name,
        summary=entry.summary,
        parameters="".join(f"    {key}: {p.summary}.\n" for key, p in entry.parameters.items()),
        shape=example_shape(entry),
        given=example_arguments(entry),
        path=example_path(entry),
        reference=entry.reference,
    )
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _signature(entry: Entry) -> Signature:
    """Return the scheme's parameters, then dtype, as JAX has them."""
    declared = entry.parameters.items()
    dtype = Parameter("dtype", Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Any)
    return Signature(
        in_order(
            [
                *(door_parameter(p) for key, p in declared if key not in KEYWORD_ONLY),
                dtype,
                *(door_parameter(p) for key, p in declared if key in KEYWORD_ONLY),
                Parameter(
                    "axes", Parameter.KEYWORD_ONLY, default=entry.axes or "kernel", annotation=str
                ),
                *_COMMON,
            ]
        ),
        return_annotation=KeyedInitializer,
    )


#: A function for each basic scheme without a name in JAX.
FUNCTIONS: Final = scheme_functions(catalogue().basic, but=_BY_HAND)
#: The functions that are made when they are asked for, with their schemes.
LATER: Final = {name: name for name in catalogue().entries if name not in catalogue().basic}


def __getattr__(name: str) -> Callable[..., KeyedInitializer]:
    """Make the function of a scheme of a family."""
    function: Callable[..., Any] = made(globals(), name, LATER, _of_family)
    return function


def _of_family(scheme_name: str) -> Callable[..., Any]:
    return _function(catalogue().entries[scheme_name])
