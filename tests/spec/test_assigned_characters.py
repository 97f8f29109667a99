"""Paths have one normal form, whatever Unicode version the Python at hand knows."""

import json
import sys
import unicodedata
from importlib import resources

import pytest

from fanwise.core.keys import path_counter
from fanwise.spec import make_assigned_characters
from fanwise.spec.assigned_characters import FILE, first_unassigned
from fanwise.spec.errors import FanwiseError

RANGES = json.loads(resources.files("fanwise.spec").joinpath(FILE).read_text("utf-8"))["ranges"]
#: Characters by the version that assigned them; that of the combining ones matters most.
NEWER = {
    "15.0": "\U0001e08f\U0001f6dc\u0cf3",
    "15.1": "\u2ffc\U0002ebf0",
    "16.0": "\u0897\U000105c0",
}


def test_the_file_is_what_its_script_makes() -> None:
    """On the Python that has this Unicode version; on a newer one, which knows more, a part."""
    assigned = {code for first, last in RANGES for code in range(first, last + 1)}
    known = {
        code
        for first, last in make_assigned_characters.assigned_ranges()
        for code in range(first, last + 1)
    }
    assert assigned <= known
    same_version = unicodedata.unidata_version == make_assigned_characters.VERSION
    assert (assigned == known) == same_version
    assert sys.version_info >= (3, 12) or same_version


def test_the_script_refuses_another_unicode_version(monkeypatch) -> None:
    monkeypatch.setattr(unicodedata, "unidata_version", "15.0.0")
    with pytest.raises(SystemExit, match=r"14\.0\.0 is needed"):
        make_assigned_characters.main()


def test_the_ends_of_every_range() -> None:
    for first, last in RANGES:
        assert first_unassigned(chr(first) + chr(last)) is None
        for beside in (first - 1, last + 1):
            if 0 <= beside <= sys.maxunicode:
                assert first_unassigned(f"a{chr(first)}{chr(beside)}") == chr(beside)


@pytest.mark.parametrize("version", NEWER)
def test_newer_characters_are_refused_by_every_python(version: str) -> None:
    for character in NEWER[version]:
        with pytest.raises(FanwiseError, match=rf"Unicode 14.0.* U\+{ord(character):04X} in"):
            path_counter(f"layer/{character}")


def test_what_is_assigned_is_put_in_one_form() -> None:
    """Marks in either order, and one of them composed."""
    written = ("a\u0323\u0301", "a\u0301\u0323", "\u1ea1\u0301")
    assert len({path_counter(path) for path in written}) == 1
