"""The text of a stub: the functions and classes of a public module, by inspection."""

from __future__ import annotations

import dataclasses
import inspect
import sys
import typing
from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, Signature
from typing import Any, Final

from stub_types import Types, import_lines, name_order, true_name

from fanwise.adapters.summary import Summary
from fanwise.spec import Scheme

HEAD: Final = """\
# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: {codes}
"""
#: Longest line of the repository.
_LONGEST: Final = 100
#: Longest number that a stub gives as a default.
_LONGEST_NUMBER: Final = 10
#: First parameter and result, where the result depends on the kind of the model.
OVERLOADS: Final = {
    ("fanwise.jax", "initialize"): (
        ("flax.linen.Module", "tuple[Any, {Summary}]"),
        ("flax.nnx.Module", "{Summary}"),
        ("{Tree}", "tuple[{Tree}, {Summary}]"),
    ),
}
#: Where Flax is seen as untyped, mypy cannot tell its classes apart.
OVERLAP: Final = "  # type: ignore[overload-cannot-match]"
STARS: Final[dict[Any, str]] = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}


class Stub:
    """A stub of one module.

    Args:
        module_name: the module.
        public: what it exports, by name.
    """

    def __init__(self, module_name: str, public: Mapping[str, Any]) -> None:
        self.module_name = module_name
        self.public = public
        self.types = Types(module_name, public)

    def text(self) -> str:
        """Return the whole stub, as ruff formats it."""
        definitions = [self._definition(name, value) for name, value in self.public.items()]
        exported = [name for name in self.public if not name.startswith("__")]
        names = "".join(f'    "{name}",\n' for name in sorted(exported, key=name_order))
        aliases = self.types.aliases
        blocks = [
            import_lines(self.types.imports),
            "".join(aliases[name] for name in sorted(aliases)),
            *definitions,
            f"__all__ = [\n{names}]\n",
        ]
        text = "\n".join(block for block in blocks if block)
        # Words of the catalogue are not wrapped.
        is_long = any(len(line) > _LONGEST for line in text.splitlines())
        codes = ["E501"] * is_long + ["PYI021", "PYI051"]
        return f"{HEAD.format(codes=', '.join(codes))}\n{text}"

    def _definition(self, name: str, value: Any) -> str:
        """Return the text of a public name; empty where it is imported."""
        if isinstance(value, str):
            return f"{name}: str\n"
        is_class, own_name = inspect.isclass(value), true_name(value)
        if is_class and own_name != name and self.public.get(own_name) is value:
            return f"{name} = {own_name}\n"
        if is_class and _is_initializer(value):
            return self._class(name, value)
        if not is_class and _is_ours(value) and self._says_more(signature := _signature(value)):
            return self._function(name, value, signature)
        self.types.imports.add(f"from {self.types.home(value)} import {name} as {name}")
        return ""

    def _says_more(self, signature: Signature) -> bool:
        """Whether a stub says more of a function than its source: always in the adapters."""
        annotations = [parameter.annotation for parameter in signature.parameters.values()]
        takes_scheme = any(Scheme in typing.get_args(annotation) for annotation in annotations)
        return self.module_name != "fanwise" or takes_scheme

    def _class(self, name: str, cls: Any) -> str:
        lines = [_docstring(cls, "    ")]
        constructor = _signature(cls)
        head = f"class {name}({', '.join(self._bases(cls))}):\n"
        if dataclasses.is_dataclass(cls):
            self.types.imports.add("from dataclasses import dataclass")
            head = f"@dataclass(frozen=True)\nclass {name}:\n"
            fields = constructor.parameters.values()
            lines += ["\n", *(f"    {self._parameter(field)}\n" for field in fields)]
        else:
            lines.append(self._method("__init__", constructor))
        if "__call__" in vars(cls):
            call = _signature(cls.__call__)
            call = call.replace(parameters=list(call.parameters.values())[1:])
            lines.append(self._method("__call__", call))
        return head + "".join(lines)

    def _bases(self, cls: type) -> Iterable[str]:
        """Return the bases that have a name for users; for another, its own bases."""
        names: dict[str, None] = {}
        for base in cls.__bases__:
            importable = getattr(sys.modules[base.__module__], base.__qualname__, None) is base
            if _is_ours(base) and (base.__qualname__.startswith("_") or not importable):
                names |= dict.fromkeys(self._bases(base))
            elif base is not object:
                names[self.types.text(base)] = None
        return names

    def _method(self, name: str, signature: Signature) -> str:
        text = self._def(name, signature).replace("\n", "\n    ").rstrip(" ")
        return "    " + text.replace("(\n", "(\n        self,\n", 1)

    def _function(self, name: str, function: Any, signature: Signature) -> str:
        doc = _docstring(function, "    ")
        if function.__module__.endswith(".deprecated"):
            self.types.imports.add("from typing_extensions import deprecated")
            return f'@deprecated("Use {name}_.")\n{self._def(name, signature, doc)}'
        if (self.module_name, name) in OVERLOADS:
            return self._overloads(name, signature, doc)
        overloads = [
            inspect.signature(overload, eval_str=True)
            for overload in typing.get_overloads(function)
        ]
        texts = [
            self._def(name, self._same_layer(name, overload), doc)
            for overload in overloads or [signature]
        ]
        if overloads:
            self.types.imports.add("from typing import overload")
            texts = [f"@overload\n{text}" for text in texts]
        return "\n".join(texts)

    def _same_layer(self, name: str, signature: Signature) -> Signature:
        """Say that set_initializer returns the layer that it was given, if it does."""
        if name != "set_initializer":
            return signature
        first, *others = signature.parameters.values()
        if first.annotation != signature.return_annotation:
            return signature
        layer = self.types.type_var("Layer", first.annotation)
        parameters = [first.replace(annotation=layer), *others]
        return signature.replace(parameters=parameters, return_annotation=layer)

    def _overloads(self, name: str, signature: Signature, doc: str) -> str:
        self.types.imports.add("from typing import overload")
        words = {"Summary": self.types.text(Summary), "Tree": self.types.type_var("Tree", Any)}
        first, *others = signature.parameters.values()
        texts: list[str] = []
        for model, result in OVERLOADS[self.module_name, name]:
            first = first.replace(annotation=self.types.qualified(model.format(**words)))
            text = self._def(
                name,
                signature.replace(
                    parameters=[first, *others], return_annotation=result.format(**words)
                ),
                doc,
            )
            texts.append("@overload\n" + (text.replace("(", f"({OVERLAP}", 1) if texts else text))
        return "\n".join(texts)

    def _def(self, name: str, signature: Signature, doc: str = "") -> str:
        """Return a function, with a line for each parameter."""
        lines, kind = [], None
        for parameter in signature.parameters.values():
            starred = kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_POSITIONAL)
            if parameter.kind is Parameter.KEYWORD_ONLY and not starred:
                lines.append("    *,\n")
            kind = parameter.kind
            lines.append(f"    {self._parameter(parameter)},\n")
        result = self.types.annotation(f"{name}()", signature.return_annotation)
        if name == "__init__":
            result = "None"
        takes_none = not lines and not name.startswith("__")
        head = f"def {name}()" if takes_none else f"def {name}(\n{''.join(lines)})"
        return f"{head} -> {result}:" + (f"\n{doc}" if doc else " ...\n")

    def _parameter(self, parameter: Parameter) -> str:
        default = parameter.default
        annotation = self.types.annotation(parameter.name, parameter.annotation)
        text = f"{STARS.get(parameter.kind, '')}{parameter.name}: {annotation}"
        if default is Parameter.empty:
            return text
        if isinstance(default, str):
            return f'{text} = "{default}"'
        plain = default is None or isinstance(default, (bool, int, float)) or default == ()
        # What is longer is no help to a reader, and ruff refuses it.
        plain = plain and len(repr(default)) <= _LONGEST_NUMBER
        return f"{text} = {default!r}" if plain else f"{text} = ..."


def _signature(value: Callable[..., Any]) -> Signature:
    try:
        return inspect.signature(value, eval_str=True)
    except NameError:
        return inspect.signature(value)


def _is_ours(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).partition(".")[0] == "fanwise"


def _is_initializer(cls: type) -> bool:
    """Whether a class draws weights: Keras's kind, or a dataclass that is called."""
    is_keras = any(base.__module__.startswith("keras") for base in cls.__mro__)
    called = dataclasses.is_dataclass(cls) and "__call__" in vars(cls)
    return _is_ours(cls) and (is_keras or called)


def _docstring(value: Any, indent: str) -> str:
    """Return the whole docstring: editors look for that of a function that is made nowhere else."""
    doc = inspect.getdoc(value)
    if not doc:
        return f"{indent}...\n"
    first, *others = doc.replace("\\", "\\\\").splitlines()
    lines = [f'{indent}"""{first}', *(f"{indent}{line}".rstrip() for line in others)]
    end = f"\n{indent}" if others else ""
    return "\n".join(lines) + f'{end}"""\n'
