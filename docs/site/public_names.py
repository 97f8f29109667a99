"""The public names of the doors, and what each is for."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

#: The public modules, and what is in each.
DOORS: Final[Mapping[str, str]] = {
    "fanwise": (
        "Schemes, fans, gains, recipes and audits. It needs NumPy alone, and imports no framework."
    ),
    "fanwise.torch": (
        "A drop-in of `torch.nn.init`, a function for every other scheme, and what sets, shows "
        "and captures models of torch."
    ),
    "fanwise.keras": (
        "A drop-in of `keras.initializers` on every backend, a class for every other scheme, and "
        "what sets, shows and captures models of Keras."
    ),
    "fanwise.jax": (
        "A drop-in of `jax.nn.initializers`, a function for every other scheme, and what sets, "
        "shows and captures models of Flax, Haiku and Equinox."
    ),
}
#: The headings of a door's page, in their order.
MODELS: Final = "Whole models"
LAYERS: Final = "Single layers"
ANY: Final = "Any scheme"
DROP_INS: Final = "The drop-ins"
CATALOGUE: Final = "Other schemes of the catalogue"
DEPRECATED: Final = "Deprecated"
FOREIGN: Final = "Taken over as they are"
OTHERS: Final = "Functions and classes"
VERSIONS: Final = "Versions"
_BY_NAME: Final = {
    **dict.fromkeys(
        (
            "initialize",
            "capture",
            "paths",
            "summary",
            "layer_check",
            "lsuv",
            "unwritten",
            "write",
            "param_init",
            "initialize_callback",
            "init_method",
            "Regenerated",
        ),
        MODELS,
    ),
    **dict.fromkeys(("set_initializer", "register_layer", "LayerWeight", "Span"), LAYERS),
    **dict.fromkeys(("init_", "SchemeInitializer", "initializer", "KeyedInitializer"), ANY),
}


def public(door: str) -> tuple[str, ...]:
    """Return the public names of a door, by its stub."""
    for statement in reversed(_stub(door)):
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            names = [name for name in ast.literal_eval(statement.value) if name[0] != "_"]
            return (*names, "__version__") if door == "fanwise" else tuple(names)
    raise ValueError(f"Expected __all__ in the stub of {door}. Run python docs/make_stubs.py.")


def type_aliases(door: str) -> list[str]:
    """Return the names that the stub of a door gives to types of parameters."""
    return [
        statement.target.id
        for statement in _stub(door)
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and ast.unparse(statement.annotation) == "TypeAlias"
    ]


@cache
def _stub(door: str) -> list[ast.stmt]:
    # Thousands of lines, and asked for once for every name.
    file = Path(str(importlib.import_module(door).__file__)).with_suffix(".pyi")
    return ast.parse(file.read_text("utf-8")).body


def value_of(door: str, name: str) -> Any:
    """Return what a public name stands for."""
    return getattr(importlib.import_module(door), name)


def is_raised(value: object) -> bool:
    """Whether something is an error, or a warning."""
    return isinstance(value, type) and issubclass(value, Exception)


def is_ours(value: object) -> bool:
    """Whether something is Fanwise's, and not taken over from a framework."""
    return str(getattr(value, "__module__", "fanwise")).partition(".")[0] == "fanwise"


@cache
def main_names(door: str) -> dict[str, str]:
    """Return by which of its names each public name is described: most by their own."""
    main: dict[int, str] = {}
    # Keras has a function's name for each of its classes: classes come first.
    for name in sorted(public(door), key=lambda name: name.islower()):
        value = value_of(door, name)
        if isinstance(value, type):
            main.setdefault(id(value), name)
    return {name: main.get(id(value_of(door, name)), name) for name in public(door)}


def heading(door: str, name: str) -> str:
    """Return the part of a door's page in which a name stands."""
    value = value_of(door, name)
    module = str(getattr(value, "__module__", ""))
    if isinstance(value, str):
        return VERSIONS
    if not is_ours(value):
        return FOREIGN
    if name in _BY_NAME:
        return _BY_NAME[name]
    if module.endswith(".deprecated"):
        return DEPRECATED
    if module.endswith(".catalogue") and door != "fanwise":
        return CATALOGUE
    return OTHERS if door == "fanwise" else DROP_INS


HEADINGS: Final = (
    *(MODELS, LAYERS, ANY, OTHERS, DROP_INS, CATALOGUE, FOREIGN, DEPRECATED, VERSIONS),
)
