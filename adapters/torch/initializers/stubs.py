"""What editors and type checkers read of the functions that are made in a loop.

``python -m fanwise.adapters.torch.initializers.stubs`` writes the files again.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.engines import EngineName
from fanwise.adapters.torch.initializers import catalogue, deprecated

FOLDER: Final = Path(__file__).resolve().parent
_NOTE: Final = "# Written by fanwise.adapters.torch.initializers.stubs: change what it reads.\n\n"
_HEAD: Final = """\
from collections.abc import Callable, Collection, Mapping

from torch import Generator, Tensor

from fanwise.adapters.engines import EngineName
from fanwise.spec.catalogue import Entry

def scheme_functions(
    entries: Mapping[str, Entry], but: Collection[str] = ...
) -> dict[str, Callable[..., Tensor]]: ...
"""


_OLD_HEAD: Final = """\
from collections.abc import Mapping
from types import ModuleType
from typing import Final

"""
_OLD_NAMES: Final = "OLD_NAMES: Final[Mapping[ModuleType, tuple[str, ...]]]\n"


def stubs() -> dict[str, str]:
    """Return the text of every file, by its name."""
    functions = "".join(_stub(name, vars(catalogue)[name]) for name in catalogue.__all__)
    old = sorted(
        f"from {module.__name__} import {name}_ as {name}\n"
        for module, names in deprecated.OLD_NAMES.items()
        for name in names
    )
    old_names = f"{''.join(old)}\n{_OLD_NAMES}"
    return {
        "catalogue.pyi": f"{_NOTE}{_HEAD}{functions}\n{_exported(catalogue.__all__)}",
        "deprecated.pyi": f"{_NOTE}{_OLD_HEAD}{old_names}\n{_exported(deprecated.__all__)}",
    }


def _exported(names: list[str]) -> str:
    lines = "".join(f'    "{name}",\n' for name in sorted(names))
    return f"__all__ = [\n{lines}]\n"


def _stub(name: str, function: Callable[..., Any]) -> str:
    lines, named = [], False
    for parameter in signature(function).parameters.values():
        if parameter.kind is Parameter.KEYWORD_ONLY and not named:
            lines.append("    *,\n")
            named = True
        default = (
            "" if parameter.default is Parameter.empty else f" = {_literal(parameter.default)}"
        )
        lines.append(f"    {parameter.name}: {_annotation(parameter.annotation)}{default},\n")
    return f"def {name}(\n{''.join(lines)}) -> Tensor: ...\n"


def _annotation(annotation: Any) -> str:
    if annotation == EngineName:
        return "EngineName"
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return text.replace("torch._C.", "")


def _literal(default: object) -> str:
    return f'"{default}"' if isinstance(default, str) else repr(default)


if __name__ == "__main__":
    for _name, _text in stubs().items():
        (FOLDER / _name).write_text(_text, "utf-8")
