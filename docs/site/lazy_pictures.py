"""Let the many pictures of a page of the gallery be loaded when they are come to."""

from __future__ import annotations

import re
from typing import Any, Final

#: An image of the gallery; all of them have one size, so that a page does not move under its
#: reader when they come.
PICTURE: Final = re.compile(r'<img (?=[^>]*src="[^"]*pictures/gallery/)')
SIZE: Final = 'loading="lazy" width="480" height="144"'


def on_page_content(html: str, **_: Any) -> str:
    """Say of each picture of the gallery how large it is, and that it may wait."""
    return PICTURE.sub(f"<img {SIZE} ", html)
