"""Compare the files of an sdist with those of the repository.

Run ``python tests/release/sdist_files.py SDIST``.

An sdist without its tests, pages or vectors installs all the same, and nobody can check it.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath
from typing import Final

ROOT: Final = Path(__file__).parents[2]
#: What setuptools writes into every sdist.
WRITTEN: Final = ("PKG-INFO", "setup.cfg", "fanwise.egg-info/")


def packed_files(sdist: Path) -> set[str]:
    """Return the files of an sdist, without the folder that they are in."""
    with tarfile.open(sdist) as archive:
        paths = [PurePosixPath(member.name) for member in archive if member.isfile()]
    return {"/".join(path.parts[1:]) for path in paths}


def tracked_files(repository: Path) -> set[str]:
    """Return the files that git keeps of a repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, capture_output=True, check=True, text=True
    )
    return {*filter(None, listed.stdout.split("\0"))}


def differences(packed: set[str], tracked: set[str]) -> list[str]:
    """Say what an sdist lacks, and what it holds that git does not keep."""
    strange = {file for file in packed - tracked if not file.startswith(WRITTEN)}
    return [
        *(f"missing: {file}" for file in sorted(tracked - packed)),
        *(f"not in git: {file}" for file in sorted(strange)),
    ]


def main() -> None:
    """Print the differences, and fail if there are any."""
    tracked = tracked_files(ROOT)
    problems = differences(packed_files(Path(sys.argv[1])), tracked)
    if problems or not tracked:
        sys.exit("\n".join(["The sdist is not the repository; see MANIFEST.in.", *problems]))
    print(f"The sdist holds all {len(tracked)} files of the repository.")


if __name__ == "__main__":
    main()
