"""Lead the links between files of the repository to the site's pages, or to the repository."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from repository import ROOT, address_of, page_of, source_of, target_of

#: Code of a page, in fences and in the text, where nothing is a link; or a link's target.
TOKEN: Final = re.compile(
    r"^(?P<fence> *`{3,}).*?^(?P=fence) *$|(?<=\]\()(?P<link>[^)\s]+)(?=\))|`+[^`\n]+`+",
    re.MULTILINE | re.DOTALL,
)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Rewrite the relative links of a page that mean a place in the repository."""
    source = source_of(page.file.src_uri)

    def rewritten(token: re.Match[str]) -> str:
        link = token["link"]
        if not link or re.match(r"[a-z]+:|#", link):
            return token[0]
        place, *anchor = link.split("#")
        path = target_of(source, place)
        target = page_of(path)
        if target and files.get_file_from_path(target):
            place = posixpath.relpath(target, posixpath.dirname(page.file.src_uri) or ".")
        elif (ROOT / path).exists():
            place = address_of(path, str(config.repo_url))
        return "#".join([place, *anchor])

    return TOKEN.sub(rewritten, markdown)
