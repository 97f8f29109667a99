"""What editors and type checkers read of the classes that are made from the catalogue.

``python -m fanwise.adapters.keras.initializers.stubs`` writes ``catalogue.pyi`` again.
"""

from __future__ import annotations

from inspect import Parameter
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.engines import EngineName
from fanwise.adapters.keras.initializers import catalogue
from fanwise.adapters.keras.initializers.base import Seed

PATH: Final = Path(__file__).resolve().with_name("catalogue.pyi")
_HEAD: Final = """\
# Written by fanwise.adapters.keras.initializers.stubs: change that, or the catalogue.

from collections.abc import Collection, Mapping, Sequence
from inspect import Signature
from typing import ClassVar, Final

from fanwise.adapters.engines import EngineName
from fanwise.adapters.keras.initializers.base import Drawn, Seed
from fanwise.adapters.keras.initializers.scaled import VarianceScaling
from fanwise.spec.catalogue import Entry

class CatalogueInitializer(Drawn):
    scheme_name: ClassVar[str]
    arguments: ClassVar[tuple[str, ...]]
    __signature__: ClassVar[Signature]

class CatalogueScaling(CatalogueInitializer, VarianceScaling): ...

def scheme_classes(
    entries: Mapping[str, Entry], but: Collection[str] = ...
) -> dict[str, type[CatalogueInitializer]]: ...
def class_name(scheme_name: str) -> str: ...

CLASSES: Final[dict[str, type[CatalogueInitializer]]]
ALIASES: Final[dict[str, type[CatalogueInitializer]]]

"""


def stubs() -> str:
    """Return the text of the file."""
    classes = "".join(_stub(name, cls) for name, cls in catalogue.CLASSES.items())
    aliases = "".join(f"{name} = {cls.__name__}\n" for name, cls in catalogue.ALIASES.items())
    exported = "".join(f'    "{name}",\n' for name in sorted(catalogue.__all__))
    return f"{_HEAD}{classes}{aliases}\n__all__ = [\n{exported}]\n"


def _stub(name: str, cls: type[catalogue.CatalogueInitializer]) -> str:
    lines, named = ["        self,\n"], False
    for parameter in cls.__signature__.parameters.values():
        if parameter.kind is Parameter.KEYWORD_ONLY and not named:
            lines.append("        *,\n")
            named = True
        annotation, default = _annotation(parameter.annotation), _text(parameter.default)
        lines.append(f"        {parameter.name}: {annotation} = {default},\n")
    base = cls.__mro__[1].__name__
    return f"class {name}({base}):\n    def __init__(\n{''.join(lines)}    ) -> None: ...\n\n"


def _annotation(annotation: Any) -> str:
    if annotation == Seed:
        return "Seed"
    if annotation == EngineName:
        return "EngineName"
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return text.replace("collections.abc.", "")


def _text(default: object) -> str:
    return f'"{default}"' if isinstance(default, str) else repr(default)


if __name__ == "__main__":
    PATH.write_text(stubs(), "utf-8")
