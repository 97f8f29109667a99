"""The parameters of a scheme as those of a function: doors are made of the catalogue by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import BoundArguments, Parameter, Signature
from typing import Any, Final

from numpy.typing import ArrayLike

from fanwise.spec import parameters
from fanwise.spec.entries import Entry

#: Parameters about the shape rather than the scheme: by keyword only.
KEYWORD_ONLY: Final = ("fan", "fan_in", "fan_out", "groups")
#: What the parameters of a kind are in Python: words are strings, several numbers any array.
TYPES: Final[dict[str, Any]] = {
    "number": float,
    "integer": int,
    "boolean": bool,
    "values": ArrayLike,
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
        # Kernels are declared as Keras and JAX store them.
        kernel = out_first and entry.axes is None and len(entry.shape) > 1
        return (*entry.shape[:-3:-1], *entry.shape[:-2]) if kernel else entry.shape
    of_convolution = entry.distribution["kind"] in ("delta_orthogonal", "dirac")
    if out_first:
        return (16, 8, 3, 3) if of_convolution else (16, 8)
    return (3, 3, 8, 16) if of_convolution else (8, 16)


def example_arguments(entry: Entry) -> str:
    """Return what a call is given where a door is shown, before all else, as it is written.

    Examples:
        >>> from fanwise.spec.catalogue import catalogue
        >>> example_arguments(catalogue().entries["deepnorm"])
        'layers=12, '
    """
    return "".join(f"{name}={value!r}, " for name, value in entry.example.items())


def example_path(entry: Entry) -> str:
    """Return a path of a weight that the scheme is meant for, of a joint one that of its member.

    Examples:
        >>> from fanwise.spec.catalogue import catalogue
        >>> example_path(catalogue().entries["he_normal"])
        'layer/kernel'
        >>> example_path(catalogue().entries["lora_orthogonal_b"])
        'layer/lora_B'
    """
    word = entry.name.rpartition("_")[2]
    # The member that the scheme is called after, or else the plainest.
    names = sorted(entry.members, key=lambda name: (word not in name.lower(), len(name)))
    return f"layer/{names[0] if names else 'kernel'}"


def shape_note(entry: Entry) -> str:
    """Say which weights a door takes whose scheme counts fans; nothing for another."""
    if not entry.uses_fan:
        return ""
    counted = ["fan"] if entry.has_fan_rule else sorted(entry.fans_named)
    if not entry.parameters.keys() >= {*counted}:
        return "; at least two axes"
    verb = "is" if len(counted) == 1 else "are"
    return f"; at least two axes, unless {' and '.join(counted)} {verb} given"


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
