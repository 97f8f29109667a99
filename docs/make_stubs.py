"""Write the stubs that editors and type checkers read of the public modules, or check them.

The functions and classes of the adapters are partly made in loops over the catalogue, so they
are inspected rather than parsed: a stub says what the module has when it is imported. Run
``python docs/make_stubs.py`` after a change of a public name, of its parameters, or of the
catalogue; it needs all frameworks. ``--check`` writes nothing, and exits with 1 where a stub
differs.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterable
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any, Final

import numpy as np

from fanwise.adapters.engines import EngineName
from fanwise.spec import Scheme, catalogue
from fanwise.spec.recipe import Recipe, recipes

STUBS: Final = Path(__file__).resolve().parents[1] / "src" / "fanwise"
#: The public modules, and the modules that their types are public in: the first that has one.
MODULES: Final = {
    "fanwise": ("numpy",),
    "fanwise.torch": ("torch", "torch.nn"),
    "fanwise.keras": ("keras.layers", "keras.initializers", "keras.random"),
    "fanwise.jax": ("jax", "jax.nn.initializers"),
}
#: What the base package exports; it loads some of it when it is asked for.
BASE: Final = (
    *("Fans", "FanwiseError", "Scheme", "fans", "gain", "recipe", "recipes", "register"),
    *("sample", "scheme", "schemes"),
)
#: Types for parameters and results that the source leaves untyped, by their names.
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
        "dtype": "jax.typing.DTypeLike | None",
        "key": "jax.Array",
        "shape": "collections.abc.Sequence[int]",
        **dict.fromkeys(("scale", "stddev", "lower", "upper"), "jax.typing.ArrayLike"),
        "SchemeInitializer.__call__": "jax.Array",
    },
}
#: First parameter and result, where the result depends on the kind of the model.
OVERLOADS: Final = {
    ("fanwise.jax", "initialize"): (
        ("flax.linen.Module", "tuple[Any, {Summary}]"),
        ("flax.nnx.Module", "{Summary}"),
        ("{Tree}", "tuple[{Tree}, {Summary}]"),
    ),
}
OVERLAP: Final = "  # type: ignore[overload-cannot-match]"
STARS: Final[dict[Any, str]] = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}
HEAD: Final = """\
# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: PYI021, PYI051
"""


def stub(module_name: str) -> str:
    """Return the stub of a public module."""
    module = importlib.import_module(module_name)
    names = BASE if module_name == "fanwise" else module.__all__
    return _Stub(module_name).text({name: getattr(module, name) for name in sorted(names)})


def main(arguments: list[str] | None = None) -> int:
    """Write the stubs, or check them."""
    parser = argparse.ArgumentParser(description="The stubs of the public modules.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one differs")
    parser.add_argument("module", nargs="*", help="e.g. fanwise.torch; all if none is named")
    options = parser.parse_args(arguments)
    stale = []
    for module_name in options.module or MODULES:
        file = STUBS / f"{module_name.removeprefix('fanwise').strip('.') or '__init__'}.pyi"
        text = stub(module_name)
        if not file.is_file() or file.read_text("utf-8") != text:
            stale.append(str(file))
            if not options.check:
                file.write_text(text, "utf-8")
    if options.check and stale:
        print("stale: python docs/make_stubs.py writes", *stale, file=sys.stderr)
    return int(options.check and bool(stale))


class _Stub:
    """The text of one stub, with the imports and aliases that it turns out to need."""

    def __init__(self, module_name: str) -> None:
        self.module_name = module_name
        self.sharper = SHARPER[module_name]
        self.imports: set[str] = set()
        self.aliases: dict[str, str] = {}

    def text(self, public: dict[str, Any]) -> str:
        """Return the whole stub."""
        self.public = public
        exported = [self._exported(name, value) for name, value in public.items()]
        names = "".join(f'    "{name}",\n' for name in sorted(public, key=_all_order))
        blocks = [
            HEAD,
            _import_lines(self.imports),
            "".join(self.aliases[name] for name in sorted(self.aliases)),
            *exported,
            f"__all__ = [\n{names}]\n",
        ]
        return "\n".join(block for block in blocks if block)

    def _exported(self, name: str, value: Any) -> str:
        if inspect.isclass(value):
            if value.__name__ != name and self.public.get(value.__name__) is value:
                return f"{name} = {value.__name__}\n"
            if _is_keras(value) or (dataclasses.is_dataclass(value) and "__call__" in vars(value)):
                return self._class(name, value)
            return self._exported_again(name, value)
        signature = _signature(value) if _is_ours(value) and callable(value) else None
        if signature is None or not self._says_more(signature):
            return self._exported_again(name, value)
        return self._function(name, value, signature)

    def _exported_again(self, name: str, value: Any) -> str:
        self.imports.add(f"from {self._home(value)} import {name} as {name}")
        return ""

    def _home(self, value: Any) -> str:
        """Return the module where a value is public."""
        for module_name in MODULES[self.module_name]:
            module = importlib.import_module(module_name)
            if getattr(module, value.__name__, None) is value:
                return module_name
        return str(value.__module__)

    def _says_more(self, signature: Signature) -> bool:
        """Whether a stub says more of a function than its module: always for the adapters."""
        annotations = [parameter.annotation for parameter in signature.parameters.values()]
        return self.module_name != "fanwise" or any(map(_is_scheme_like, annotations))

    def _class(self, name: str, cls: Any) -> str:
        lines = [_first_line(cls, "    ")]
        constructor = _signature(cls)
        bases = ""
        if dataclasses.is_dataclass(cls):
            self.imports.add("from dataclasses import dataclass")
            fields = constructor.parameters.values()
            lines += ["\n", *(f"    {self._parameter(field)}\n" for field in fields)]
        else:
            bases = f"({', '.join(self._bases(cls))})"
            lines.append(self._def("__init__", constructor, indent="    ", self_first=True))
        if "__call__" in vars(cls):
            call = _signature(cls.__call__)
            call = call.replace(parameters=list(call.parameters.values())[1:])
            result = self.sharper.get(f"{name}.__call__")
            lines.append(self._def("__call__", call, result, indent="    ", self_first=True))
        decorator = "@dataclass(frozen=True)\n" if dataclasses.is_dataclass(cls) else ""
        return f"{decorator}class {name}{bases}:\n{''.join(lines)}"

    def _bases(self, cls: type) -> Iterable[str]:
        """Return the bases that have a name for users; for another, its own bases."""
        names: dict[str, None] = {}
        for base in cls.__bases__:
            if _is_ours(base) and (base.__name__.startswith("_") or not _is_importable(base)):
                names |= dict.fromkeys(self._bases(base))
            elif base is not object:
                names[self._type(base)] = None
        return names

    def _function(self, name: str, function: Any, signature: Signature) -> str:
        doc = _first_line(function, "    ")
        parameters = list(signature.parameters.values())
        if any(isinstance(p.annotation, typing.ParamSpecArgs) for p in parameters):
            self.imports.add("from typing_extensions import deprecated")
            current = _signature(self.public[f"{name}_"])
            return f'@deprecated("Use {name}_.")\n' + self._def(name, current, doc=doc)
        if (self.module_name, name) in OVERLOADS:
            return self._overloads(name, signature, doc)
        if name == "set_initializer":
            layer = self._type_var("Layer", parameters[0].annotation)
            parameters[0] = parameters[0].replace(annotation=layer)
            signature = signature.replace(parameters=parameters, return_annotation=layer)
        return self._def(name, signature, doc=doc)

    def _overloads(self, name: str, signature: Signature, doc: str) -> str:
        from fanwise.adapters.summary import Summary

        first, *others = signature.parameters.values()
        words = {"Summary": self._type(Summary), "Tree": self._type_var("Tree", Any)}
        self.imports.add("from typing import overload")
        texts: list[str] = []
        for model, result in OVERLOADS[self.module_name, name]:
            first = first.replace(annotation=self._qualified(model.format(**words)))
            changed = signature.replace(parameters=[first, *others])
            overload = self._def(name, changed, result.format(**words), doc=doc)
            if texts:
                # Where Flax is seen as untyped, its classes are no different to mypy.
                overload = overload.replace("(", f"({OVERLAP}", 1)
            texts.append(f"@overload\n{overload}")
        return "\n".join(texts)

    def _def(
        self,
        name: str,
        signature: Signature,
        result: str | None = None,
        *,
        doc: str = "",
        indent: str = "",
        self_first: bool = False,
    ) -> str:
        """Return a function with a parameter a line, as ruff formats it."""
        lines = [f"{indent}    self,\n"] if self_first else []
        kind = None
        for parameter in signature.parameters.values():
            if parameter.kind is Parameter.KEYWORD_ONLY and kind not in (
                Parameter.KEYWORD_ONLY,
                Parameter.VAR_POSITIONAL,
            ):
                lines.append(f"{indent}    *,\n")
            kind = parameter.kind
            lines.append(f"{indent}    {self._parameter(parameter)},\n")
        result = result or ("None" if name == "__init__" else self._result(signature))
        body = f"\n{doc}" if doc else " ...\n"
        if not lines:
            return f"{indent}def {name}() -> {result}:{body}"
        return f"{indent}def {name}(\n{''.join(lines)}{indent}) -> {result}:{body}"

    def _parameter(self, parameter: Parameter) -> str:
        default = parameter.default
        stars = STARS.get(parameter.kind, "")
        text = f"{stars}{parameter.name}: {self._annotation(parameter)}"
        if default is Parameter.empty:
            return text
        if isinstance(default, str):
            return f'{text} = "{default}"'
        plain = default is None or isinstance(default, (bool, int, float)) or default == ()
        return f"{text} = {default!r}" if plain else f"{text} = ..."

    def _annotation(self, parameter: Parameter) -> str:
        name, annotation = parameter.name, parameter.annotation
        if isinstance(annotation, str):
            return annotation
        if name == "engine":
            return self._type(EngineName)
        if name == "recipe":
            return self._recipe_like()
        if annotation in (Any, object, Parameter.empty) and name in self.sharper:
            return self._qualified(self.sharper[name])
        return self._type(annotation)

    def _result(self, signature: Signature) -> str:
        result = signature.return_annotation
        return result if isinstance(result, str) else self._type(result)

    def _type(self, annotation: Any) -> str:
        """Return a type in names that are imported from where they are public."""
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if annotation in (Any, Parameter.empty):
            self.imports.add("from typing import Any")
            return "Any"
        if annotation in (None, type(None), ...):
            return "..." if annotation is ... else "None"
        if isinstance(annotation, typing.TypeVar):
            return self._type_var(annotation.__name__, annotation)
        if origin is typing.Literal:
            self.imports.add("from typing import Literal")
            return f"Literal[{', '.join(_quoted(value) for value in arguments)}]"
        if origin in (typing.Union, types.UnionType):
            return self._union(arguments)
        if isinstance(annotation, list):
            return f"[{', '.join(map(self._type, annotation))}]"
        if origin is np.ndarray:
            self.imports.add("from numpy.typing import NDArray")
            return f"NDArray[{self._type(typing.get_args(arguments[1])[0])}]"
        if origin is not None:
            return f"{self._class_name(origin)}[{', '.join(map(self._type, arguments))}]"
        return self._class_name(annotation)

    def _union(self, members: tuple[Any, ...]) -> str:
        texts = []
        if {Scheme, str} <= {*members}:
            texts.append(self._scheme_like())
            members = tuple(member for member in members if member not in (Scheme, str))
        return " | ".join([*texts, *map(self._type, members)])

    def _class_name(self, cls: type) -> str:
        if cls.__module__ == "builtins":
            return cls.__name__
        if self.public.get(cls.__name__) is cls and _is_ours(cls):
            return cls.__name__
        home = self._home(cls)
        if home in MODULES[self.module_name]:
            return self._qualified(f"{home}.{cls.__name__}")
        self.imports.add(f"from {cls.__module__} import {cls.__name__}")
        return cls.__name__

    def _qualified(self, text: str) -> str:
        """Import the modules of dotted names; the standard library's names are bare."""
        words = []
        for word in text.split(" | "):
            module_name, _, rest = word.rpartition(".") if "[" not in word else ("", "", word)
            if "[" in word and word.startswith("collections.abc."):
                module_name, rest = "collections.abc", word.removeprefix("collections.abc.")
            if not module_name:
                words.append(word)
            elif module_name.startswith(("collections", "jax.typing", "numpy.typing")):
                self.imports.add(f"from {module_name} import {rest.partition('[')[0]}")
                words.append(rest)
            else:
                self.imports.add(f"import {module_name}")
                words.append(word)
            if "Any" in word:
                self.imports.add("from typing import Any")
        return " | ".join(words)

    def _type_var(self, name: str, annotation: Any) -> str:
        bound = getattr(annotation, "__bound__", None)
        if bound is None and inspect.isclass(annotation) and annotation is not Any:
            bound = annotation
        self.imports.add("from typing import TypeVar")
        limit = "" if bound in (None, Any) else f", bound={self._type(bound)}"
        self.aliases[f"_{name}"] = f'_{name} = TypeVar("_{name}"{limit})\n'
        return f"_{name}"

    def _scheme_like(self) -> str:
        return self._literal_alias("_SchemeLike", catalogue().entries, (Scheme, str))

    def _recipe_like(self) -> str:
        from collections.abc import Mapping

        others = (Recipe, Path, Mapping[str, Any], str)
        return self._literal_alias("_RecipeLike", recipes(), others)

    def _literal_alias(self, name: str, values: Iterable[str], others: Iterable[Any]) -> str:
        """Say the known names, so that an editor completes them, beside what else is taken."""
        self.imports |= {"from typing import Literal", "from typing import TypeAlias"}
        lines = "".join(f'        "{value}",\n' for value in values)
        union = "".join(f"    | {self._type(other)}\n" for other in others)
        self.aliases[name] = f"{name}: TypeAlias = (\n    Literal[\n{lines}    ]\n{union})\n"
        return name


def _signature(value: Callable[..., Any]) -> Signature:
    try:
        return inspect.signature(value, eval_str=True)
    except NameError:
        return inspect.signature(value)


def _is_importable(cls: type) -> bool:
    return getattr(sys.modules[cls.__module__], cls.__name__, None) is cls


def _is_ours(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).partition(".")[0] == "fanwise"


def _is_keras(cls: type) -> bool:
    return _is_ours(cls) and any(base.__module__.startswith("keras") for base in cls.__mro__)


def _is_scheme_like(annotation: Any) -> bool:
    return {Scheme, str} <= {*typing.get_args(annotation)}


def _first_line(value: Any, indent: str) -> str:
    doc = inspect.getdoc(value)
    return f'{indent}"""{doc.splitlines()[0]}"""\n' if doc else f"{indent}...\n"


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _all_order(name: str) -> tuple[int, str]:
    """Order names as ruff does: constants, classes, then the others."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _import_order(renamed: str) -> tuple[int, str]:
    return _all_order(renamed.partition(" ")[0])


def _import_lines(imports: Iterable[str]) -> str:
    """Return imports by section, those of whole modules first, as ruff orders them."""
    sections: list[set[str]] = [set(), set(), set()]
    for line in imports:
        top = line.split()[1].partition(".")[0]
        sections[2 if top == "fanwise" else 0 if top in sys.stdlib_module_names else 1].add(line)
    return "\n".join(_section(lines) for lines in sections if lines)


def _section(lines: set[str]) -> str:
    whole = sorted(line for line in lines if line.startswith("import "))
    names: dict[str, list[str]] = {}
    for line in lines - {*whole}:
        _, module_name, _, name = line.split(maxsplit=3)
        names.setdefault(module_name, []).append(name)
    text = "".join(f"{line}\n" for line in whole)
    for module_name in sorted(names):
        renamed = sorted((n for n in names[module_name] if " as " in n), key=_import_order)
        plain = sorted({*names[module_name]} - {*renamed}, key=_all_order)
        text += f"from {module_name} import {', '.join(plain)}\n" if plain else ""
        text += "".join(f"from {module_name} import {name}\n" for name in renamed)
    return text


if __name__ == "__main__":
    sys.exit(main())
