"""What sources do not say of the public names, for the reference: what they are at run time.

mkdocstrings reads sources as text, and stubs where there are some. The stubs of the doors have the
types of every name, and the first lines of the docstrings alone; the whole ones are what the
imported modules have.
"""

from __future__ import annotations

import inspect
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


class RuntimeDocstrings(griffe.Extension):
    """Give the public names the docstrings that they have when they are imported."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Fill in what is missing, once the package and its stubs are read."""
        for door in DOORS:
            module = pkg if door == "fanwise" else pkg[door.removeprefix("fanwise.")]
            for name in public(door):
                _complete(module, name, value_of(door, name))
        _mend(pkg)


def _complete(module: griffe.Module, name: str, value: Any) -> None:
    member = module.members.get(name)
    if member is None or isinstance(value, str) or not is_ours(value):
        return
    if isinstance(member, griffe.Alias):
        # The name of a function may also be that of the module that it is in.
        path = f"{value.__module__}.{value.__qualname__}"
        module.set_member(name, griffe.Alias(name, path, parent=module))
        target = module.package[path.removeprefix("fanwise.")]
        if hasattr(value, "_fields"):
            target.set_member("__init__", _constructor(target))
    else:
        text = inspect.getdoc(value) or ""
        member.docstring = griffe.Docstring(text, parent=member, parser="google")


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
