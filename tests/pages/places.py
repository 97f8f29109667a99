"""Where the pages are: those of docs/, and those that the site shows from elsewhere."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def _module(name):
    spec = importlib.util.spec_from_file_location(f"site_{name}", DOCS / "site" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


#: Paths from the root of the repository.
OUTSIDE = sorted(_module("repository").OUTSIDE.values())
INSIDE = sorted(str(file.relative_to(ROOT)) for file in DOCS.rglob("*.md"))
PAGES = [*INSIDE, *OUTSIDE, "README.md"]
