"""The catalogue as a table: a row for each scheme, family by family."""

from __future__ import annotations

from collections.abc import Iterator

from md_tables import table as _table

from fanwise.commands.formula_texts import distribution_of, scale_of
from fanwise.spec import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.gallery_entries import SchemeFamily, families, gallery


def members_of(family: SchemeFamily) -> list[Entry]:
    """Return the schemes of a family, in the order of the gallery."""
    return [catalogue().entries[name] for name in family.entries]


def used_families() -> list[SchemeFamily]:
    """Return the families that have schemes."""
    return [family for family in families() if family.entries]


def index() -> Iterator[str]:
    """Return a heading, what is said of it, and a table for each family."""
    for family in used_families():
        rows = [[_name(entry), _law(entry)] for entry in members_of(family)]
        link = f"[With pictures](gallery/{family.name}.md)."
        yield f"### {family.title}\n\n{family.summary} {link}"
        yield _table(("scheme", "what is drawn"), rows)


def cards() -> str:
    """Return a card for each family: what it is, and how many schemes it has."""
    items = []
    for family in used_families():
        entries = members_of(family)
        some = ", ".join(f"`{entry.name}`" for entry in entries[:3])
        more = f" and {len(entries) - 3} more" if len(entries) > 3 else ""
        items.append(
            f"-   **[{family.title}](gallery/{family.name}.md)**\n\n"
            f"    {family.summary}\n\n    {some}{more}"
        )
    return '<div class="grid cards" markdown>\n\n' + "\n\n".join(items) + "\n\n</div>"


def _name(entry: Entry) -> str:
    """The name of a scheme, as a link, and below it what people call it."""
    link = f"[`{entry.name}`](gallery/{entry.family}.md#{entry.name})"
    return f"{link}<br>{gallery()[entry.name].title}"


def _law(entry: Entry) -> str:
    """The distribution and the scale; a summary says more of what is made as a whole."""
    if entry.structured:
        return entry.summary
    parts = (distribution_of(entry, _italic), scale_of(entry, _italic))
    # With room to break a line of a narrow page at.
    return ", ".join(part for part in parts if part != "–").replace("·", " · ")


def _italic(name: str) -> str:
    return f"*{name}*"
