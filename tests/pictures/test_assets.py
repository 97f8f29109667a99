"""The pictures that are kept: each is shown, each says what it shows, none is heavy."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "assets" / "pictures"
KEPT = sorted(PICTURES.rglob("*.svg"))
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
SVG = "http://www.w3.org/2000/svg"
#: An image of Markdown: what it says to those who do not see it, and where it is.
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+\.svg)\)")
#: Links of the README are absolute: what stands before a file of the repository.
RAW = "raw.githubusercontent.com/fanwise/fanwise/main/"
#: Of all pictures that a page of the gallery loads, and of one of them, in bytes.
GALLERY, LARGEST = 700_000, 15_500


def shown():
    """The pictures that pages show, by their files, with what is said of each."""
    for page in PAGES:
        for text, link in IMAGE.findall(page.read_text("utf-8")):
            place = ROOT / link.partition(RAW)[2] if RAW in link else page.parent / link
            if RAW in link or "://" not in link:
                yield page, text, place.resolve()


def test_every_picture_is_on_a_page():
    on_pages = {file for _, _, file in shown()}
    assert [file for file in KEPT if file not in on_pages] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_pictures_of_a_page_are_there_and_say_what_they_show(page):
    of_page = [(text, file) for where, text, file in shown() if where == page]
    assert [file for _, file in of_page if not file.is_file()] == []
    assert all(text for text, _ in of_page)


def test_no_page_of_the_gallery_is_heavy():
    gallery = [page for page in PAGES if page.parent.name == "gallery"]
    files = {page: {file for where, _, file in shown() if where == page} for page in gallery}
    sizes = [sum(file.stat().st_size for file in of_page) for of_page in files.values()]
    assert len({file for of_page in files.values() for file in of_page}) > 70
    assert max(sizes) < GALLERY
    assert max(file.stat().st_size for file in (PICTURES / "gallery").glob("*.svg")) < LARGEST


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_a_picture_is_sound_has_a_title_and_loads_nothing(file):
    text = file.read_text("utf-8")
    assert text.startswith('<?xml version="1.0" ')
    root = ET.fromstring(text)
    assert root.tag == f"{{{SVG}}}svg"
    assert root.findtext(f"{{{SVG}}}title")
    links = [value for node in root.iter() for name, value in node.items() if is_link(name)]
    assert [link for link in links if not link.startswith(("#", "http://purl.org/dc/"))] == []
    assert "date>" not in text


def is_link(name):
    return name.rpartition("}")[2] in ("href", "src", "resource")
