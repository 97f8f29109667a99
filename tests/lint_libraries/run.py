"""Run the lint on installed libraries, and compare with what was read.

    python -m lint_libraries.run [LIBRARY ...]

Nothing is imported. Prints how many findings there are, and which share of them is right. Exits
with 1 where a finding is not in the verdicts, where one of them is not found any more, where a
version is another one, or where precision is below 0.9.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from fanwise.adapters.lint import lint
from lint_libraries.verdicts import readings

#: What share of all findings is promised to be right.
LEAST_PRECISION = 0.9


def found_in(library):
    """The findings in an installed library, as code and place."""
    root = Path(find_spec(library).submodule_search_locations[0])
    return {
        (finding.code, f"{Path(finding.path).relative_to(root.parent).as_posix()}:{finding.line}")
        for finding in lint(root)
        if not finding.code.startswith("FW9")
    }


def judge(reading):
    """Compare the findings of a library with those that were read; name what differs."""
    try:
        installed = version(reading.library)
    except PackageNotFoundError:
        return ["it is not installed"]
    if installed != reading.version:
        return [f"version {installed} is installed, {reading.version} was read"]
    found = found_in(reading.library)
    faults = [f"not read yet: {code} {place}" for code, place in sorted(found - reading.places)]
    faults += [f"not found: {code} {place}" for code, place in sorted(reading.places - found)]
    return faults


def main(arguments=None):
    """Judge libraries, by default all that were read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("libraries", nargs="*")
    chosen = parser.parse_args(arguments).libraries or list(readings())
    failed = False
    for library in chosen:
        reading = readings()[library]
        faults = judge(reading)
        right, count = reading.count(right_only=True), reading.count()
        print(f"{library} {reading.version}: {count} findings, {right} right", *faults, sep="\n  ")
        failed |= bool(faults)
    count = sum(readings()[library].count() for library in chosen)
    right = sum(readings()[library].count(right_only=True) for library in chosen)
    precision = right / count if count else 1.0
    print(f"precision {precision:.2f}")
    return 1 if failed or precision < LEAST_PRECISION else 0


if __name__ == "__main__":
    sys.exit(main())
