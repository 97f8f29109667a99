"""Print what the changelog says of a version, as the notes of its release.

Run ``python docs/release_notes.py v0.1.0``. It exits with 1 unless the tag is the version of
pyproject.toml, and the changelog has an entry of it with a date that is not in the future.
Links into the repository lead to the files as they are at the tag.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
#: An entry of a version: its heading, and all before the next one or the links at the end.
ENTRY: Final = r"^## \[{version}\] - (?P<date>.*)\n(?P<notes>(?:(?!^## |^\[).*\n)*)"
#: The beginning of a link to a file of the repository.
RELATIVE: Final = re.compile(r"\]\((?!https?://|#)")


def release_notes(tag: str, pyproject: str, changelog: str, today: dt.date) -> str:
    """Return the notes of a release.

    Args:
        tag: of git, such as ``v0.1.0``.
        pyproject: the text of pyproject.toml.
        changelog: the text of CHANGELOG.md.
        today: no release is dated later.

    Raises:
        ValueError: where tag, version and changelog do not agree; it says what to write.
    """
    project = tomllib.loads(pyproject)["project"]
    version = project["version"]
    if tag != f"v{version}":
        raise ValueError(f"Expected the tag v{version}, received {tag}. Raise the version first.")
    entry = re.search(ENTRY.format(version=re.escape(version)), changelog, re.MULTILINE)
    if entry is None:
        raise ValueError(f"CHANGELOG.md has no entry that begins '## [{version}] - YEAR-MM-DD'.")
    try:
        date = dt.date.fromisoformat(entry["date"])
    except ValueError:
        raise ValueError(f"Expected a date, received {entry['date']!r} in CHANGELOG.md.") from None
    if date > today:
        raise ValueError(f"CHANGELOG.md dates {version} on {date}, which is not today or earlier.")
    if not entry["notes"].strip():
        raise ValueError(f"CHANGELOG.md says nothing of {version}.")
    return RELATIVE.sub(f"]({project['urls']['Source']}/blob/{tag}/", entry["notes"].strip())


def main() -> None:
    """Print the notes of the tag that is given."""
    if len(sys.argv) != 2:
        sys.exit("Expected one tag: python docs/release_notes.py v0.1.0")
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    today = dt.datetime.now(dt.UTC).date()
    try:
        print(release_notes(sys.argv[1], pyproject, changelog, today))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
