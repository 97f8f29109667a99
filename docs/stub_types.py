"""The types of a stub, in names that are imported from where they are public."""

from __future__ import annotations

import importlib
import re
import sys
import types
import typing
from collections.abc import Iterable, Mapping
from inspect import Signature
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from fanwise.adapters.engines import EngineName
from fanwise.spec import Scheme, catalogue
from fanwise.spec.recipe import Recipe, recipes

#: The modules where the types of a framework are public: the first that has one.
HOMES: Final[dict[str, tuple[str, ...]]] = {
    "fanwise": (),
    "fanwise.torch": ("torch", "torch.nn"),
    "fanwise.keras": ("keras.layers", "keras.initializers", "keras.random"),
    "fanwise.jax": ("jax", "jax.nn.initializers"),
}
#: Modules whose names are imported one by one.
BY_NAME: Final = ("collections.abc", "jax.typing", "numpy.typing")
#: Types that the source leaves untyped, by the names of parameters and of ``functions()``.
SHARPER: Final[dict[str, dict[str, str]]] = {
    "fanwise": {"dtype": "numpy.typing.DTypeLike | None"},
    "fanwise.torch": {},
    "fanwise.keras": {
        "model": "keras.layers.Layer",
        "seed": "int | keras.random.SeedGenerator | dict[str, Any] | None",
        "value": "numpy.typing.ArrayLike",
        **dict.fromkeys(("mean", "stddev", "minval", "maxval"), "float"),
    },
    "fanwise.jax": {
        # The ArrayLike of JAX is the one that this stub has.
        "numbers": "collections.abc.Sequence[Any] | jax.typing.ArrayLike",
        "dtype": "jax.typing.DTypeLike | None",
        # Haiku passes a shape, and a dtype after it.
        "key": "jax.Array | collections.abc.Sequence[int] | None",
        "shape": "collections.abc.Sequence[int] | jax.typing.DTypeLike | None",
        "__call__()": "jax.Array",
        **dict.fromkeys(("scale", "stddev", "lower", "upper"), "jax.typing.ArrayLike"),
    },
}
UNTYPED: Final = (Any, object, Signature.empty)


class Types:
    """The types of one stub, with the imports and the aliases that they turn out to need.

    Args:
        module_name: the module.
        public: what it exports, by name.
    """

    def __init__(self, module_name: str, public: Mapping[str, Any]) -> None:
        self.homes = HOMES[module_name]
        self.sharper = SHARPER[module_name]
        self.public = public
        self.imports: set[str] = set()
        self.aliases: dict[str, str] = {}

    def annotation(self, name: str, annotation: Any) -> str:
        """Return the type of a parameter, or of a function's result by ``"name()"``."""
        if isinstance(annotation, str):
            return annotation
        if name == "engine":
            return self.text(EngineName)
        if name == "recipe":
            others = (Recipe, Path, Mapping[str, Any], str)
            return self._literal_alias("_RecipeLike", recipes(), others)
        if annotation is ArrayLike:
            return self.qualified(self.sharper.get("numbers", "numpy.typing.ArrayLike"))
        if annotation in UNTYPED and name in self.sharper:
            return self.qualified(self.sharper[name])
        return self.text(annotation)

    def text(self, annotation: Any) -> str:
        """Return a type as it is written."""
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if annotation in (Any, Signature.empty):
            return self.qualified("Any")
        if annotation in (None, type(None), ...):
            return "..." if annotation is ... else "None"
        if isinstance(annotation, typing.TypeVar):
            return self.type_var(annotation.__name__, annotation)
        if origin is typing.Literal:
            self.imports.add("from typing import Literal")
            return f"Literal[{', '.join(map(_quoted, arguments))}]"
        if origin in (typing.Union, types.UnionType):
            return self._union(arguments)
        if origin is np.ndarray:
            scalar = typing.get_args(arguments[1])[0]
            return f"{self.qualified('numpy.typing.NDArray')}[{self.text(scalar)}]"
        if isinstance(annotation, list):
            return f"[{', '.join(map(self.text, annotation))}]"
        if origin is not None:
            return f"{self._class_name(origin)}[{', '.join(map(self.text, arguments))}]"
        return self._class_name(annotation)

    def qualified(self, text: str) -> str:
        """Import what a type needs that is written in dotted names."""
        if re.search(r"\bAny\b", text):
            self.imports.add("from typing import Any")
        return re.sub(r"([\w.]+)\.(\w+)", self._imported, text)

    def type_var(self, name: str, annotation: Any) -> str:
        """Define a type variable, bound as another one is, or by a class."""
        bound = getattr(annotation, "__bound__", annotation)
        limit = "" if bound in (None, *UNTYPED) else f", bound={self.text(bound)}"
        self.imports.add("from typing import TypeVar")
        self.aliases[f"_{name}"] = f'_{name} = TypeVar("_{name}"{limit})\n'
        return f"_{name}"

    def home(self, value: Any) -> str:
        """Return the name of the module where a class or a function is public."""
        for module_name in self.homes:
            name = true_name(value)
            if getattr(importlib.import_module(module_name), name, None) is value:
                return module_name
        return str(value.__module__)

    def _imported(self, dotted: re.Match[str]) -> str:
        module_name, name = dotted.groups()
        if module_name in BY_NAME:
            self.imports.add(f"from {module_name} import {name}")
            return name
        self.imports.add(f"import {module_name}")
        return dotted[0]

    def _union(self, members: tuple[Any, ...]) -> str:
        texts = []
        if Scheme in members and str in members:
            texts.append(self._literal_alias("_SchemeLike", catalogue().entries, (Scheme, str)))
            members = tuple(member for member in members if member not in (Scheme, str))
        return " | ".join([*texts, *map(self.text, members)])

    def _class_name(self, cls: type) -> str:
        name = cls.__qualname__
        if cls.__module__ == "builtins" or self.public.get(name) is cls:
            return name
        home = self.home(cls)
        if home in self.homes:
            return self.qualified(f"{home}.{name}")
        self.imports.add(f"from {home} import {name}")
        return name

    def _literal_alias(self, name: str, values: Iterable[str], others: Iterable[Any]) -> str:
        """Say the known names, so that an editor completes them, beside what else is taken."""
        self.imports |= {"from typing import Literal", "from typing import TypeAlias"}
        lines = "".join(f'        "{value}",\n' for value in values)
        union = "".join(f"    | {self.text(other)}\n" for other in others)
        self.aliases[name] = f"{name}: TypeAlias = (\n    Literal[\n{lines}    ]\n{union})\n"
        return name


def true_name(value: Any) -> str:
    """Return what a class or a function is called where it is written.

    Keras's configs call a class by its ``__name__``, which is that of its registration.
    """
    return str(getattr(value, "__qualname__" if isinstance(value, type) else "__name__", ""))


def name_order(name: str) -> tuple[int, str]:
    """Order names as ruff does: constants, classes, then the others."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def import_lines(imports: Iterable[str]) -> str:
    """Return imports in the three sections of ruff, those of whole modules first."""
    sections: list[set[str]] = [set(), set(), set()]
    for line in imports:
        top = line.split()[1].partition(".")[0]
        sections[2 if top == "fanwise" else 0 if top in sys.stdlib_module_names else 1].add(line)
    return "\n".join(_section(lines) for lines in sections if lines)


def _section(lines: set[str]) -> str:
    modules = sorted(line for line in lines if line.startswith("import "))
    names: dict[str, list[str]] = {}
    for line in lines.difference(modules):
        _, module_name, _, name = line.split(maxsplit=3)
        names.setdefault(module_name, []).append(name)
    text = "".join(f"{line}\n" for line in modules)
    for module_name in sorted(names):
        exported = sorted((n for n in names[module_name] if " as " in n), key=_first_word_order)
        plain = sorted({*names[module_name]} - {*exported}, key=name_order)
        text += f"from {module_name} import {', '.join(plain)}\n" if plain else ""
        text += "".join(f"from {module_name} import {name}\n" for name in exported)
    return text


def _first_word_order(text: str) -> tuple[int, str]:
    return name_order(text.partition(" ")[0])


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
