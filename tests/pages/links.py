"""Where the links of pages lead: of Markdown on GitHub, and of HTML in the built site."""

import posixpath
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

CODE = re.compile(r"^( *`{3,}).*?^\1 *$|`+[^`\n]+`+", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(<?([^()\s>]*(?:\([^()\s]*\)[^()\s>]*)*)>?\)")
#: Attributes by which a browser loads something while it shows a page.
LOADED = {
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("video", "src"),
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("object", "data"),
    ("link", "href"),
    ("use", "href"),
}
#: Kinds of <link> that name a place, and load nothing.
NAMED = {"canonical", "prev", "next", "edit"}
#: By these a style loads.
STYLE = re.compile(r"@import\s+[^;]+|url\(\s*['\"]?\s*(?:https?:)?//[^)]*")
#: What Material loads from elsewhere where a page has it: stars of a repository, diagrams.
COMPONENTS = ('data-md-component="source"', 'class="mermaid"')


def is_well_formed(url):
    """Whether an address of the web is one, and private: https."""
    parts = urlsplit(url)
    host = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc)
    return parts.scheme == "https" and host is not None and not re.search(r"[\s<>\"{}|\\^`]", url)


def markdown_links(text):
    """The targets of all links and pictures of a page, outside of code."""
    return LINK.findall(CODE.sub("``", text))


def heading_anchors(text):
    """The anchors that GitHub gives the headings of a page, and those that it sets itself."""
    outside = re.sub(r"^( *`{3,}).*?^\1 *$", "", text, flags=re.MULTILINE | re.DOTALL)
    anchors, seen = set(re.findall(r'id="([^"]+)"', outside)), {}
    for heading in re.findall(r"^#{1,6} +(.+?) *$", outside, re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", heading).lower())
        name = name.strip().replace(" ", "-")
        count = seen[name] = seen.get(name, -1) + 1
        anchors.add(f"{name}-{count}" if count else name)
    return anchors


def markdown_faults(root, page):
    """The links of a Markdown file that lead nowhere."""
    text = (root / page).read_text("utf-8")
    for link in markdown_links(text):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            if not is_well_formed(link):
                yield f"{page}: {link} is no address of https"
            continue
        target = (root / page).parent / unquote(parts.path) if parts.path else root / page
        if not target.exists():
            yield f"{page}: {link} is not there"
        elif not _has_heading(target, unquote(parts.fragment)):
            yield f"{page}: {link}: no such heading"


def _has_heading(file, name):
    if not name or file.suffix != ".md":
        return True
    return name in heading_anchors(file.read_text("utf-8"))


@dataclass
class Page(HTMLParser):
    """What a page of the site links to, loads and names."""

    links: list = field(default_factory=list)
    loaded: list = field(default_factory=list)
    anchors: set = field(default_factory=set)
    styles: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        self.styles.append(given.get("style", ""))
        for name, value in given.items():
            loads = (tag, name) in LOADED and not set(given.get("rel", "").split()) & NAMED
            if loads:
                self.loaded.append(value)
            elif name in ("href", "action"):
                self.links.append(value)


@cache
def parsed(file):
    page = Page()
    page.feed(file.read_text("utf-8"))
    return page


def site_faults(site, base="/"):
    """What the built site links to and has not, and what it loads from elsewhere.

    Args:
        site: its folder.
        base: the path of its address, in which 404.html says where things are.
    """
    for file in sorted(site.rglob("*.html")):
        page, name = parsed(file), file.relative_to(site).as_posix()
        text = file.read_text("utf-8")
        yield from (f"{name} has {part}" for part in COMPONENTS if part in text)
        styles = [*page.styles, *re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)]
        yield from (f"{name} loads {url}" for style in styles for url in STYLE.findall(style))
        for url in page.loaded:
            if urlsplit(url).netloc or urlsplit(url).scheme not in ("", "data"):
                yield f"{name} loads {url}"
        for url in [*page.links, *page.loaded]:
            yield from (f"{name}: {fault}" for fault in _link_faults(site, name, url, base))
    for file in sorted(site.rglob("*.css")):
        for url in STYLE.findall(file.read_text("utf-8")):
            yield f"{file.name} loads {url}"


def _link_faults(site, name, url, base):
    parts = urlsplit(url)
    if parts.scheme in ("data", "javascript", "mailto"):
        return
    if parts.scheme or parts.netloc:
        if not is_well_formed(url):
            yield f"{url} is no address of https"
        return
    path = unquote(parts.path)
    place = (
        path.removeprefix(base)
        if path.startswith("/")
        else posixpath.join(posixpath.dirname(name), path)
    )
    target = site / (place if path else name)
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        yield f"{url} is not there"
    elif not _has_place(target, unquote(parts.fragment)):
        yield f"{url}: no such place on the page"


def _has_place(file, name):
    return not name or file.suffix != ".html" or name in parsed(file).anchors | {"__top"}
