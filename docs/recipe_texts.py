"""The page of the bundled recipes, docs/bundled_recipes.md: what each starts, by which names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from fanwise.adapters.recipe_sources import RecipeSource, recipe_sources
from fanwise.spec.recipe import Recipe, recipe, recipes
from fanwise.spec.rules import Rule

FILES: Final = "../spec/recipes"
#: What adapters of a recipe's sources are called by their users.
FRAMEWORKS: Final = {"torch": "torch", "keras": "Keras", "flax": "Flax", "jax": "JAX"}


def contents() -> list[tuple[str, ...]]:
    """Return a row for each recipe: its name, what it starts, and whose names it knows."""
    rows: list[tuple[str, ...]] = []
    for name in recipes():
        known = ", ".join(FRAMEWORKS[framework] for framework in recipe(name).names)
        rows.append((f"[`{name}`](#{name})", _plain(recipe(name).summary), known or "–"))
    return rows


def descriptions() -> str:
    """Return a section for each recipe."""
    return "\n\n".join(_section(name, recipe(name)) for name in recipes())


def _section(name: str, told: Recipe) -> str:
    parts = [
        f"## {name}",
        _plain(told.summary),
        f"Source: {_cited(told.reference)} As TOML: [`{name}.toml`]({FILES}/{name}.toml).",
    ]
    if told.extends:
        bases = " and ".join(f"[`{base}`](#{base})" for base in told.extends)
        parts.append(f"It extends {bases}, whose rules are marked with ↑.")
    if told.variables:
        values = (f"`{key} = {value!r}`" for key, value in told.variables.items())
        parts.append(f"Variables: {', '.join(values)}.")
    rules = [(_weights(rule), _start(rule)) for rule in told.rules]
    parts.append(_table(("weights", "start"), rules))
    judged = [source for source in recipe_sources() if source.recipe == name]
    if judged:
        parts.append(f"Judged by {_joined(_model(source) for source in judged)}.")
    parts += [_names(framework, names) for framework, names in told.names.items()]
    return "\n\n".join(parts)


def _weights(rule: Rule) -> str:
    """Which weights a rule is about, in words."""
    conditions = [
        f"`{rule.match}`" if rule.match else "",
        f"role `{rule.role}`" if rule.role else "",
        f"layers of the kind `{rule.layer}`" if rule.layer else "",
        f"layers of the class `{rule.class_name}`" if rule.class_name else "",
        f"in {FRAMEWORKS[rule.framework]}" if rule.framework else "",
        "frozen" if rule.frozen else "",
        "frozen or not" if rule.frozen is None else "",
        "guessed" if rule.guessed else "",
        f"read as `{rule.axes}`" if rule.axes else "",
    ]
    told = ", ".join(filter(None, conditions)) or "all others"
    name = f"{_plain(rule.name)}: " if rule.name else ""
    return f"{name}{told}{' ↑' if rule.is_inherited else ''}"


def _start(rule: Rule) -> str:
    """What a rule gives its weights, in words."""
    if rule.keeps:
        return "stay as they are"
    if rule.is_own:
        return "what their layer declares"
    numbers = ", ".join(f"{key} = {text}" for key, text in rule.init.items() if key != "scheme")
    scheme = f"`{rule.init['scheme']}`" + (f" with `{numbers}`" if numbers else "")
    return f"{scheme}, batches as {rule.batch}puts" if rule.batch else scheme


def _model(source: RecipeSource) -> str:
    values = ", ".join(f"{key} = {value!r}" for key, value in source.vars.items())
    case = f" {_plain(source.case)}" if source.case else ""
    return f"`{source.model}` of {source.library}{case}" + (f" with `{values}`" if values else "")


def _names(framework: str, names: Mapping[str, str]) -> str:
    rows = [(f"`{own}`", f"`{canonical}`") for own, canonical in names.items()]
    head = f"Names in {FRAMEWORKS[framework]}: {len(rows)} patterns"
    table = _table((f"in {FRAMEWORKS[framework]}", "canonically"), rows)
    return f'<details markdown="1">\n<summary>{head}</summary>\n\n{table}\n\n</details>'


def _cited(reference: str) -> str:
    """A reference with its links, and a full stop."""
    linked = re.sub(
        r"arXiv:(\d{4}\.\d{4,5})", r"[arXiv:\1](https://arxiv.org/abs/\1)", _plain(reference)
    )
    return linked if linked.endswith(".") else f"{linked}."


def _plain(text: str) -> str:
    """Keep what stands in a text from being read as markup."""
    return re.sub(r"([*_<|`\[\]])", r"\\\1", text)


def _joined(texts: Iterable[str]) -> str:
    *first, last = dict.fromkeys(texts)
    return f"{', '.join(first)} and {last}" if first else last


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
