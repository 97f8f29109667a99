"""The files of known answers, and what writes them."""

import json
import pkgutil
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "conformance" / "vectors" / "published"
_NO_FAMILIES = ("__main__", "files")
#: The scripts, and so the files.
FAMILIES = tuple(
    module.name
    for module in pkgutil.iter_modules([str(Path(__file__).parent)])
    if module.name not in _NO_FAMILIES
)


def answers_of(family):
    """Work the answers of a family out."""
    return import_module(f"reference.published.{family}").answers()


def path_of(family):
    """Where the answers of a family are kept."""
    return FOLDER / f"{family}.json"


def write(family):
    """Write the answers of a family, an answer on each line."""
    lines = [json.dumps(answer, ensure_ascii=False) for answer in answers_of(family)]
    path_of(family).write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
