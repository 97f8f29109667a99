"""What the page of the example shows is what comes out."""

from pathlib import Path

from pages.runs import faults

PAGE = Path(__file__).parents[2] / "examples" / "fanwise-mlx" / "README.md"


def test_what_the_page_shows_is_what_comes_out(tmp_path):
    assert faults(PAGE.read_text("utf-8"), tmp_path) == []
