"""What each page shows is what comes out."""

import pytest

from pages.places import PAGES, ROOT
from pages.runs import faults

#: It needs MLX, and is run where that is: tests/fourth.
ELSEWHERE = {"examples/fanwise-mlx/README.md"}


@pytest.mark.parametrize("page", sorted({*PAGES} - ELSEWHERE))
def test_what_a_page_shows_is_what_comes_out(page, tmp_path):
    found = faults((ROOT / page).read_text("utf-8"), tmp_path)
    assert not found, f"{page}, {found[0]}"
