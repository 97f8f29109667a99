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


class RuntimeDocstrings(griffe.Extension):
    """Give the public names the docstrings that they have when they are imported."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Fill in what is missing, once the package and its stubs are read."""
        for door in DOORS:
            module = pkg if door == "fanwise" else pkg[door.removeprefix("fanwise.")]
            for name in public(door):
                _complete(module, name, value_of(door, name))
        _write_roles_as_code(pkg)


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


def _write_roles_as_code(parent: griffe.Object) -> None:
    for member in parent.members.values():
        if isinstance(member, griffe.Object):
            if member.docstring:
                member.docstring.value = ROLE.sub(r"`\1`", member.docstring.value)
            _write_roles_as_code(member)
