"""Where the pages are: those of docs/, and those that the site shows from elsewhere."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def site_module(name):
    """One of the modules that build the site."""
    folder = str(DOCS / "site")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)


#: Paths from the root of the repository.
OUTSIDE = sorted(site_module("repository").OUTSIDE.values())
INSIDE = sorted(str(file.relative_to(ROOT)) for file in DOCS.rglob("*.md"))
PAGES = [*INSIDE, *OUTSIDE, "README.md"]
