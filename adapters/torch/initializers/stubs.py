"""What editors and type checkers read of the functions that are made from the catalogue.

``python -m fanwise.adapters.torch.initializers.stubs`` writes ``catalogue.pyi`` again.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.engines import EngineName
from fanwise.adapters.torch.initializers import catalogue

PATH: Final = Path(__file__).resolve().with_name("catalogue.pyi")
_HEAD: Final = """\
# Written by fanwise.adapters.torch.initializers.stubs: change that, or the catalogue.

from collections.abc import Callable, Collection, Mapping

from torch import Generator, Tensor

from fanwise.adapters.engines import EngineName
from fanwise.spec.catalogue import Entry

def scheme_functions(
    entries: Mapping[str, Entry], but: Collection[str] = ...
) -> dict[str, Callable[..., Tensor]]: ...
"""


def stubs() -> str:
    """Return the text of the file."""
    names = catalogue.__all__
    functions = "".join(_stub(name, vars(catalogue)[name]) for name in names)
    exported = "".join(f'    "{name}",\n' for name in sorted(names))
    return f"{_HEAD}{functions}\n__all__ = [\n{exported}]\n"


def _stub(name: str, function: Callable[..., Any]) -> str:
    lines, named = [], False
    for parameter in signature(function).parameters.values():
        if parameter.kind is Parameter.KEYWORD_ONLY and not named:
            lines.append("    *,\n")
            named = True
        default = "" if parameter.default is Parameter.empty else f" = {_text(parameter.default)}"
        lines.append(f"    {parameter.name}: {_annotation(parameter.annotation)}{default},\n")
    return f"def {name}(\n{''.join(lines)}) -> Tensor: ...\n"


def _annotation(annotation: Any) -> str:
    if annotation == EngineName:
        return "EngineName"
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return text.replace("torch._C.", "")


def _text(default: object) -> str:
    return f'"{default}"' if isinstance(default, str) else repr(default)


if __name__ == "__main__":
    PATH.write_text(stubs(), "utf-8")
