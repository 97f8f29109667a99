"""Where a file of the repository is on the site, and on the web."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
#: Pages of the site that lie elsewhere in the repository.
OUTSIDE: Final[Mapping[str, str]] = {
    "specification.md": "spec/SPEC.md",
    "benchmarks.md": "benchmarks/README.md",
    "fanwise_mlx.md": "examples/fanwise-mlx/README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
}
#: The other way round, with README.md, whose place is that of the first page.
PAGES: Final = {source: page for page, source in OUTSIDE.items()} | {"README.md": "index.md"}


def source_of(page: str) -> str:
    """Return the path in the repository of a page of the site."""
    return OUTSIDE.get(page, f"docs/{page}")


def target_of(source: str, link: str) -> str:
    """Return the path in the repository that a link of a file leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), link))


def page_of(path: str) -> str | None:
    """Return the page of the site that shows a file of the repository, if one does."""
    if path in PAGES:
        return PAGES[path]
    return path.removeprefix("docs/") if path.startswith("docs/") else None


def address_of(path: str, repository: str) -> str:
    """Return where a file or folder of the repository is on the web."""
    kind = "tree" if (ROOT / path).is_dir() else "blob"
    return f"{repository.rstrip('/')}/{kind}/main/{path}"
