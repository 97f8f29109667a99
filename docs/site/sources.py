"""What griffe does not see in the sources of the public names, for the reference.

mkdocstrings reads sources as text, and the stubs of the doors, which have the types and docstrings
of every name.
"""

from __future__ import annotations

import re
from typing import Any, Final

import griffe
from public_names import DOORS, is_ours, public, value_of

#: Cross-references as Sphinx writes them.
ROLE: Final = re.compile(r":(?:func|class|meth|exc|mod|attr|data|obj):`~?\.?([^`]+)`")
#: Several parameters of one description, with the lines that go on.
GROUP: Final = re.compile(
    r"^    (?P<names>\*{0,2}\w+(?:, \*{0,2}\w+)+):(?P<text>.*(?:\n {8}.*)*)", re.MULTILINE
)
SECTION: Final = re.compile(r"^(?:Args|Attributes):\n(?:(?: {4}.*)?\n)*", re.MULTILINE)


class PublicNames(griffe.Extension):
    """Lead the public names to where they are defined, and write docstrings out for the page."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Mend what was read, once the package and its stubs are read."""
        for door in DOORS:
            module = pkg if door == "fanwise" else pkg[door.removeprefix("fanwise.")]
            for name in public(door):
                _lead(module, name, value_of(door, name))
        _mend(pkg)


def _lead(module: griffe.Module, name: str, value: Any) -> None:
    # What a door loads when it is asked for is no member of it yet.
    if not isinstance(module.members.get(name), griffe.Alias | None) or not is_ours(value):
        return
    # The name of a function may also be that of the module that it is in.
    path = f"{value.__module__}.{value.__qualname__}"
    module.set_member(name, griffe.Alias(name, path, parent=module))
    target = module.package[path.removeprefix("fanwise.")]
    if hasattr(value, "_fields"):
        target.set_member("__init__", _constructor(target))


def _constructor(named_tuple: griffe.Class) -> griffe.Function:
    parameters = [griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)]
    for field in named_tuple.attributes.values():
        kind = griffe.ParameterKind.positional_or_keyword
        parameters.append(griffe.Parameter(field.name, annotation=field.annotation, kind=kind))
    return griffe.Function("__init__", parameters=griffe.Parameters(*parameters))


def _mend(parent: griffe.Object) -> None:
    """Put what docstrings say shortly, for who reads them in an editor, as the page needs it."""
    for member in parent.members.values():
        if isinstance(member, griffe.Object):
            if member.docstring:
                member.docstring.value = mended(member.docstring.value)
            _mend(member)


def mended(docstring: str) -> str:
    """Return a docstring with a line for each parameter, and references as code."""
    text = ROLE.sub(r"`\1`", docstring)
    return SECTION.sub(lambda section: GROUP.sub(_singly, section[0]), text + "\n").rstrip("\n")


def _singly(group: re.Match[str]) -> str:
    return "\n".join(f"    {name}:{group['text']}" for name in group["names"].split(", "))
