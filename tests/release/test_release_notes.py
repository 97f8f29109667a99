"""A tag is released only with its version, and an entry of the changelog that dates it."""

import datetime as dt
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "release_notes.py"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
PYPROJECT = """\
[project]
version = "0.2.0"
[project.urls]
Source = "https://example.org/repository"
"""
CHANGELOG = """\
# Changelog

## [Unreleased]

## [0.2.0] - 2026-02-28

### Added

- Something, [told](docs/page.md#part) by [others](https://example.org).

## [0.1.0] - 2026-01-31

- The first.

[0.2.0]: https://example.org
"""
TODAY = dt.date(2026, 3, 1)

spec = importlib.util.spec_from_file_location("release_notes", SCRIPT)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
release_notes = module.release_notes


def test_the_notes_are_the_entry_of_the_version():
    notes = release_notes("v0.2.0", PYPROJECT, CHANGELOG, TODAY)
    assert notes.startswith("### Added\n\n- Something, ")


def test_links_into_the_repository_are_those_of_the_tag():
    notes = release_notes("v0.2.0", PYPROJECT, CHANGELOG, TODAY)
    assert "[told](https://example.org/repository/blob/v0.2.0/docs/page.md#part)" in notes
    assert "[others](https://example.org)." in notes


def test_the_last_entry_ends_before_the_links():
    pyproject = PYPROJECT.replace("0.2.0", "0.1.0")
    assert release_notes("v0.1.0", pyproject, CHANGELOG, TODAY) == "- The first."


@pytest.mark.parametrize(
    ("tag", "changelog", "message"),
    [
        ("v0.1.0", CHANGELOG, "Expected the tag v0.2.0, received v0.1.0"),
        ("0.2.0", CHANGELOG, "Expected the tag v0.2.0, received 0.2.0"),
        ("v0.2.0", CHANGELOG.replace("[0.2.0] -", "[0.2.1] -"), "no entry"),
        ("v0.2.0", CHANGELOG.replace("2026-02-28", "unreleased"), "Expected a date"),
        ("v0.2.0", CHANGELOG.replace("2026-02-28", "2026-02-30"), "Expected a date"),
        ("v0.2.0", CHANGELOG.replace("2026-02-28", "2026-03-02"), "not today or earlier"),
        ("v0.2.0", re.sub("### Added\n\n- Something.*\n", "", CHANGELOG), "says nothing"),
    ],
    ids=["other tag", "no v", "no entry", "no date", "no such day", "future", "empty"],
)
def test_what_does_not_agree_is_refused(tag, changelog, message):
    with pytest.raises(ValueError, match=message):
        release_notes(tag, PYPROJECT, changelog, TODAY)


def unlinked(changelog):
    """The versions of a changelog whose headings lead nowhere."""
    versions = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    links = dict(re.findall(r"^\[(.+?)\]: (https://\S+)$", changelog, re.MULTILINE))
    return [version for version in versions if version not in links]


def test_every_version_leads_to_its_changes():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## [{VERSION}] - " in changelog
    assert unlinked(changelog) == []
    assert unlinked(CHANGELOG) == ["Unreleased", "0.1.0"]


def script(*arguments):
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_this_version_can_be_released():
    done = script(f"v{VERSION}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "### Added" in done.stdout


@pytest.mark.parametrize("arguments", [(), ("v0.0.0",), ("v1", "v2")], ids=len)
def test_a_wrong_call_of_the_script_fails(arguments):
    done = script(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Expected")
