"""The pages of the gallery: one for each family, with a section for each scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import scheme_lines
from scheme_tables import members_of

from fanwise import scheme
from fanwise.commands.formula_texts import formula_of
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import FORMULA, Entry
from fanwise.spec.gallery_entries import GalleryEntry, SchemeFamily, gallery
from fanwise.spec.laws import ConstantLaw, Law, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.parameters import Parameter

#: What a page begins with, for who would edit it.
MADE: Final = "<!-- Made by docs/make_tables.py of spec/schemes, spec/gallery: edit those. -->"
#: What the lines of a page need.
IMPORTS: Final = """\
??? note "What the lines need"

    ```python
    import os

    os.environ["KERAS_BACKEND"] = "jax"

    import jax
    import torch

    import fanwise
    import fanwise.jax
    import fanwise.keras
    import fanwise.torch
    ```"""
_OTHERS: Final = (
    "The [gallery](../gallery.md) has the other families, and says how to read a page of it."
)
_ARXIV: Final = re.compile(r"arXiv:(\d{4}\.\d{4,5}|[a-z-]+/\d{7})")
_REPOSITORY: Final = re.compile(r"(?:(?<=^)|(?<=; ))([\w.-]+/[\w.-]+)(?=, |$|;)")
_NAME: Final = re.compile(r"(?<![\w.`/(])[a-z0-9]+(?:_[a-z0-9]+)+\b(?![.(]\w|_)")
#: Parameters of many schemes, which the first page explains.
_USUAL: Final = ("fan", "groups")
#: Letters of a default that a page shows.
_LONGEST: Final = 40


def page(family: SchemeFamily) -> str:
    """Return the text of the page of a family."""
    parts = [
        f"# {family.title}",
        MADE,
        f"{family.summary} {_OTHERS}",
        IMPORTS,
        *(part for entry in members_of(family) for part in _section(entry)),
    ]
    return "\n\n".join(parts) + "\n"


def _section(entry: Entry) -> Iterator[str]:
    told = gallery()[entry.name]
    yield f"## {entry.name}"
    yield f"**{told.title}.** {entry.summary}"
    yield f"`{told.formula or formula_of(entry)}`"
    picture = f"../assets/pictures/gallery/{entry.name}.svg"
    yield f"![{_said_of_picture(entry)}]({picture})"
    yield "\n".join(f"- **{label}:** {text}" for label, text in _facts(entry, told) if text)
    yield "\n\n".join(
        f'=== "{door}"\n\n' + _indented(f"```python\n{line}\n```")
        for door, line in scheme_lines.lines(entry)
    )


def _facts(entry: Entry, told: GalleryEntry) -> Iterator[tuple[str, str]]:
    law = _law(entry)
    yield "Used for", _with_schemes(f"{told.used_for}.", entry)
    yield "When", _with_schemes(told.when, entry)
    yield "When not", _with_schemes(told.not_when, entry)
    if told.formula and (not entry.structured or entry.distribution["kind"] == FORMULA):
        yield "Declared as", f"`{formula_of(entry)}`"
    yield f"On {_shape(scheme_lines.shape_of(entry))}", "" if law is None else _in_numbers(law)
    yield "Shapes", ", ".join(f"`{comparison.text}`" for comparison in entry.requires)
    yield "Parameters", _parameters(entry)
    yield "Source", _linked(entry.reference)
    yield "Code", _with_repositories(entry.code or "")
    yield "Paper and code", _with_schemes(told.departs, entry)
    yield "Known from", ", ".join(told.keywords)
    yield "See also", ", ".join(_link_to(name, entry) for name in told.see_also)


def _said_of_picture(entry: Entry) -> str:
    return f"A weight of {entry.name}, and its values or singular values"


def _law(entry: Entry) -> Law:
    params = scheme_lines.call_of(entry).params
    return scheme(entry.name, **params).law(scheme_lines.shape_of(entry))


def _in_numbers(law: Law) -> str:
    match law:
        case ConstantLaw(value=value):
            return f"every weight is {value:g}"
        case UniformLaw(low=low, high=high):
            return f"from {low:.4g} to {high:.4g}, std {law.std:.4g}"
        case NormalLaw(mean=mean):
            return f"{f'mean {mean:.4g}, ' if mean else ''}std {law.std:.4g}, no cut"
        case TruncatedNormalLaw(sigma=sigma, high=high):
            return f"std {law.std:.4g}, cut at ±{sigma * high:.4g}"
    if law.mean:
        return f"mean {law.mean:.4g}, std {law.std:.4g}"
    return f"root mean square {(law.std**2 + law.mean**2) ** 0.5:.4g}"


def _parameters(entry: Entry) -> str:
    own = [_parameter(p) for p in entry.parameters.values() if p.name not in _USUAL]
    usual = [f"`{_call(p)}`" for p in entry.parameters.values() if p.name in _USUAL]
    return "; ".join((*own, *([", ".join(usual)] if usual else [])))


def _parameter(parameter: Parameter) -> str:
    needed = " (needed)" if parameter.required else ""
    return f"`{_call(parameter)}`{needed}, {parameter.summary}"


def _call(parameter: Parameter) -> str:
    """A parameter with its default, as in a call; without one, the name alone."""
    default = parameter.default
    if default is None:
        return parameter.name
    text = f"{default:g}" if isinstance(default, float) else repr(default)
    return f"{parameter.name}={text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'}"


def _linked(reference: str) -> str:
    """A reference with its arXiv numbers as links."""
    return _ARXIV.sub(r"[\g<0>](https://arxiv.org/abs/\1)", reference)


def _with_repositories(code: str) -> str:
    """Places in code, with the repositories as links."""
    return _REPOSITORY.sub(r"[\1](https://github.com/\1)", code)


def _with_schemes(text: str, entry: Entry) -> str:
    """A text with the schemes that it names as links: those whose names are no words of English."""

    def linked(word: re.Match[str]) -> str:
        name = word[0]
        if name == entry.name:
            return f"`{name}`"
        return _link_to(name, entry) if name in catalogue().entries else name

    return _NAME.sub(linked, text)


def _link_to(name: str, entry: Entry) -> str:
    family = catalogue().entries[name].family
    page = "" if family == entry.family else f"{family}.md"
    return f"[`{name}`]({page}#{name})"


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
