"""The parameters of a scheme as those of a function: doors are made of the catalogue by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import BoundArguments, Parameter, Signature
from typing import Any, Final

from fanwise.spec import parameters
from fanwise.spec.entries import Entry

#: Parameters about the shape rather than the scheme: by keyword only.
KEYWORD_ONLY: Final = ("fan", "fan_in", "fan_out", "groups")
#: What the parameters of a kind are in Python; words are strings.
TYPES: Final[dict[str, Any]] = {
    "number": float,
    "integer": int,
    "boolean": bool,
    "values": Sequence[Any],
}


def door_parameter(declared: parameters.Parameter) -> Parameter:
    """Return a parameter of a scheme as one of a function."""
    keyword_only = declared.name in KEYWORD_ONLY
    kind: Any = Parameter.KEYWORD_ONLY if keyword_only else Parameter.POSITIONAL_OR_KEYWORD
    annotation = TYPES.get(declared.kind, str)
    default: Any = declared.default
    if declared.required:
        default = Parameter.empty
    elif default is None:
        annotation |= None
    return Parameter(declared.name, kind, default=default, annotation=annotation)


def in_order(parameters: Sequence[Parameter]) -> list[Parameter]:
    """Put what must be given before what may be left out, of the positional parameters."""
    return sorted(
        parameters, key=lambda p: (p.kind is Parameter.KEYWORD_ONLY, p.default is not p.empty)
    )


def example_shape(entry: Entry, *, out_first: bool = False) -> tuple[int, ...]:
    """Return a shape that shows what a door does: of a kernel that the scheme is meant for.

    Args:
        entry: the scheme's, of the catalogue.
        out_first: whether the axes are those of torch.

    Examples:
        >>> from fanwise.spec.catalogue import catalogue
        >>> example_shape(catalogue().entries["dirac"])
        (3, 3, 8, 16)
    """
    if entry.shape is not None:
        return entry.shape
    of_convolution = entry.distribution["kind"] in ("delta_orthogonal", "dirac")
    if out_first:
        return (16, 8, 3, 3) if of_convolution else (16, 8)
    return (3, 3, 8, 16) if of_convolution else (8, 16)


def bind(
    name: str, signature: Signature, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> BoundArguments:
    """Bind a call to the signature of a door that is made, defaults left out.

    Raises:
        TypeError: for arguments that do not fit, with the name of the door, as Python's own.

    Examples:
        >>> signature = Signature([Parameter("seed", Parameter.KEYWORD_ONLY, default=0)])
        >>> bind("he_normal", signature, (), {"sed": 0})
        Traceback (most recent call last):
            ...
        TypeError: he_normal(): got an unexpected keyword argument 'sed'
    """
    try:
        return signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{name}(): {error}") from None


def made(
    module: dict[str, Any], name: str, later: Mapping[str, str], make: Callable[[str], Any]
) -> Any:
    """Make what a module has when it is asked for, and keep it there.

    Args:
        module: its names.
        name: what is asked for.
        later: the names of what it makes, with those of the schemes.
        make: makes the one of a scheme.

    Raises:
        AttributeError: for another name.
    """
    if name not in later:
        message = f"module {module['__name__']!r} has no attribute {name!r}"
        raise AttributeError(message, name=name)
    module[name] = make(later[name])
    return module[name]
