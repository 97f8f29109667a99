"""The pages of the reference: every public name, by what it is for."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Final

from public_names import (
    DOORS,
    FOREIGN,
    HEADINGS,
    VERSIONS,
    heading,
    is_raised,
    main_names,
    type_aliases,
    value_of,
)

#: What is public beside the doors: what their functions take and return, and the protocol.
TYPES: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "recipes": (
        "Recipes, and what models report",
        "What `fanwise.recipe` returns, and what the functions about models return.",
        (
            "fanwise.spec.recipe.Recipe",
            "fanwise.spec.rules.Rule",
            "fanwise.adapters.model_paths.ModelPaths",
            "fanwise.adapters.model_paths.PathRow",
            "fanwise.adapters.summary.Summary",
            "fanwise.adapters.summary.SummaryRow",
            "fanwise.adapters.signals.LayerCheck",
            "fanwise.adapters.signals.LayerSignal",
            "fanwise.adapters.lsuv.LsuvReport",
            "fanwise.adapters.lsuv.ScaledLayer",
            "fanwise.adapters.unwritten_values.Unwritten",
            "fanwise.adapters.unwritten_values.UnwrittenRow",
        ),
    ),
    "audits": (
        "Audits",
        "What `fanwise.audit` returns.",
        (
            "fanwise.conformance.audits.verdicts.Audit",
            "fanwise.conformance.audits.results.AuditRow",
        ),
    ),
    "protocol": (
        "The protocol of adapters",
        "What the suite asks of a framework. [Write an adapter](../adapters.md) shows how.",
        tuple(
            f"fanwise.adapters.protocol.{name}"
            for name in (
                *("Adapter", "Draw", "LayerDraw", "LayerKind", "layer_kind", "grouped"),
                *("WithOwn", "WithModels", "ModelDraw", "WithStarts", "Started"),
                *("WithRecipeStarts", "WithChoice"),
            )
        ),
    ),
}
#: How the errors' page begins.
ERRORS: Final = (
    "Bad input is a `fanwise.FanwiseError`, whatever the framework; what may be a mistake is a "
    "warning of a class of its own."
)

VERSION_TEXTS: Final = {
    "SPEC_VERSION": "The version of [the specification](../specification.md), a text: another "
    "first number may give other weights.",
    "__version__": "The version of the package, a text.",
}


def pages() -> dict[str, str]:
    """Return the text of each page, by its place on the site."""
    texts = {f"reference/{door}.md": _door(door, text) for door, text in DOORS.items()}
    raised = [f"fanwise.{name}" for name in main_names("fanwise") if _is_raised("fanwise", name)]
    texts["reference/errors.md"] = _page("Errors and warnings", ERRORS, map(_described, raised))
    for page, (title, text, names) in TYPES.items():
        texts[f"reference/{page}.md"] = _page(title, text, map(_described, names))
    return texts


def _door(door: str, text: str) -> str:
    main = main_names(door)
    sections: dict[str, list[str]] = {title: [] for title in HEADINGS}
    for name in sorted(set(main.values()), key=lambda name: (name.lower(), name)):
        if not _is_raised(door, name):
            sections[heading(door, name)].append(name)
    parts = []
    for title, names in sections.items():
        if names:
            parts.append(f"## {title}")
            described = _foreign if title == FOREIGN else _version if title == VERSIONS else _own
            parts += [described(door, name, _aliases(main, name)) for name in names]
    if types := type_aliases(door):
        parts += ["## Types of parameters", *(_described(f"{door}.{name}") for name in types)]
    return _page(door, text, parts)


def _page(title: str, text: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", text, *parts]) + "\n"


def _is_raised(door: str, name: str) -> bool:
    return is_raised(value_of(door, name))


def _aliases(main: Mapping[str, str], name: str) -> list[str]:
    return [alias for alias, its_main in main.items() if its_main == name and alias != name]


def _described(path: str) -> str:
    return f"::: {path}"


def _anchor(path: str) -> str:
    return f"[](){{#{path}}}"


def _own(door: str, name: str, aliases: list[str]) -> str:
    text = _described(f"{door}.{name}")
    if not aliases:
        return text
    anchors = "".join(_anchor(f"{door}.{alias}") for alias in aliases)
    return f"{text}\n\n{anchors}Also called {', '.join(f'`{alias}`' for alias in aliases)}."


def _foreign(door: str, name: str, aliases: list[str]) -> str:
    value = value_of(door, name)
    home = f"{value.__module__}.{value.__qualname__}".replace("keras.src.", "keras.")
    first = (inspect.getdoc(value) or "").partition("\n")[0]
    anchors = "".join(_anchor(f"{door}.{alias}") for alias in aliases)
    called = "".join(f", also called `{alias}`" for alias in aliases)
    return (
        f"### {name} {{#{door}.{name}}}\n\n```python\n{name}{inspect.signature(value)}\n```\n\n"
        f"{anchors}`{home}` itself{called}: {first}"
    )


def _version(door: str, name: str, _aliases: list[str]) -> str:
    return (
        f'### `{name}` {{: #{name.strip("_").lower()} }}\n\n<a id="{door}.{name}"></a>'
        f"{VERSION_TEXTS[name]}\n\n"
        f"```python\n>>> {door}.{name}\n{value_of(door, name)!r}\n```"
    )
