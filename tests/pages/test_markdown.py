"""What GitHub and the site read in one way is what pages are written in."""

import re

import pytest

from pages.places import PAGES, ROOT

ITEM = re.compile(r"(?P<indent> *)([-*+]|\d{1,2}\.) ")


def misread_lines(text):
    """The lines of lists that the site reads otherwise than GitHub does."""
    outside, above = True, ""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r" *```", line):
            outside = not outside
        item = ITEM.match(line)
        if outside and item:
            continues = not above.strip() or ITEM.match(above) or above.startswith("  ")
            if not continues or len(item["indent"]) % 4:
                yield number
        above = line


@pytest.mark.parametrize("page", PAGES)
def test_lists_are_lists_in_both_places(page):
    assert list(misread_lines((ROOT / page).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Text:\n\n- one\n- two\n  more\n- three\n", []),
        ("1. one\n\n    - inside\n", []),
        ("Text:\n```\n- code\n```\n", []),
        ("The sum is\n2026. It\n", []),
        ("Text:\n- one\n", [2]),
        ("Text:\n1. one\n", [2]),
        ("- one\n  - inside\n", [2]),
    ],
)
def test_a_list_that_the_site_would_not_show_is_told(text, lines):
    assert list(misread_lines(text)) == lines
