"""What a shell completes: the names that an argument may have."""

from __future__ import annotations

from collections.abc import Callable


def complete_scheme(incomplete: str) -> list[tuple[str, str]]:
    """Return the schemes that begin with a text, for a shell."""
    from fanwise.spec.catalogue import catalogue

    entries = catalogue().entries.values()
    return [(entry.name, entry.summary) for entry in entries if entry.name.startswith(incomplete)]


def complete_recipe(incomplete: str) -> list[str]:
    """Return the recipes that begin with a text, for a shell."""
    from fanwise.spec.recipe_sources import shipped

    return [name for name in shipped() if name.startswith(incomplete)]


def complete_adapter(incomplete: str) -> list[str]:
    """Return the adapters that begin with a text, for a shell; none of them is loaded."""
    from fanwise.adapters.discovery import names

    return [name for name in names() if name.startswith(incomplete)]


def complete_dtype(incomplete: str) -> list[str]:
    """Return the dtypes that begin with a text, for a shell."""
    from fanwise.core.dtypes import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def complete_axes(incomplete: str) -> list[tuple[str, str]]:
    """Return the named patterns of axes that begin with a text, for a shell."""
    from fanwise.spec.axes import PATTERNS

    return [(name, words) for name, words in PATTERNS.items() if name.startswith(incomplete)]


def complete_framework(incomplete: str) -> list[str]:
    """Return the frameworks whose names begin with a text, for a shell."""
    from fanwise.spec.recipe import FRAMEWORKS

    return [name for name in FRAMEWORKS if name.startswith(incomplete)]


def complete_word(kind: str) -> Callable[[str], list[str]]:
    """Return what completes the words of the gallery of one kind, such as roles."""

    def complete(incomplete: str) -> list[str]:
        from fanwise.spec.gallery_entries import words_of

        return [word for word in words_of(kind) if word.startswith(incomplete)]

    return complete
