"""What is changed in the texts of pages on their way to the site."""

import json
import re
from types import SimpleNamespace

import pytest

from pages.places import DOCS, INSIDE, ROOT, site_module

repository = site_module("repository")
SEARCH = ROOT / "results" / "site" / "search" / "search_index.js"
PUBLIC = "https://github.com/fanwise/fanwise"


@pytest.fixture
def linked():
    """Rewrite the links of a page of the site, of which all pages are there."""
    module = site_module("links")
    files = SimpleNamespace(get_file_from_path=lambda path: path in {*PAGES, "assets/logo.svg"})

    def rewrite(page, markdown):
        place = SimpleNamespace(file=SimpleNamespace(src_uri=page))
        return module.on_page_markdown(markdown, place, SimpleNamespace(repo_url=PUBLIC), files)

    return rewrite


PAGES = [*(page.removeprefix("docs/") for page in INSIDE), *repository.OUTSIDE]


@pytest.mark.parametrize(
    ("page", "link", "target"),
    [
        ("recipes.md", "../spec/SPEC.md#6-gains", "specification.md#6-gains"),
        ("concepts/fans.md", "../../spec/SPEC.md", "../specification.md"),
        ("recipes.md", "captures.md", "captures.md"),
        ("recipes.md", "../spec/schemes.toml", f"{PUBLIC}/blob/main/spec/schemes.toml"),
        ("recipes.md", "../examples/recipes", f"{PUBLIC}/tree/main/examples/recipes"),
        ("specification.md", "recipe.schema.json", f"{PUBLIC}/blob/main/spec/recipe.schema.json"),
        ("contributing.md", "docs/adapters.md", "adapters.md"),
        ("changelog.md", "spec/SPEC.md", "specification.md"),
        ("fanwise_mlx.md", "../../docs/adapters.md#deviations", "adapters.md#deviations"),
        ("contributing.md", "README.md", "index.md"),
        ("recipes.md", "#the-form", "#the-form"),
        ("recipes.md", "https://example.org/a", "https://example.org/a"),
        ("concepts/fans.md", "../assets/logo.svg", "../assets/logo.svg"),
        ("index.md", "none.md", "none.md"),
    ],
)
def test_a_link_leads_to_the_page_or_to_the_repository(page, link, target, linked):
    assert linked(page, f"See [`this`]({link}), and `[that]({link})`.") == (
        f"See [`this`]({target}), and `[that]({link})`."
    )


def test_links_in_code_stay(linked):
    block = "```text\n[a](../spec/SPEC.md)\n```\n"
    assert linked("recipes.md", block) == block


def test_code_of_a_table_breaks_behind_its_marks_and_options_stay_whole():
    line_breaks = site_module("line_breaks")
    path = "<code>**/{attention,mlp}/down/kernel</code>"
    assert line_breaks.on_page_content(f"<p>{path}</p>") == f"<p>{path}</p>"
    assert line_breaks.on_page_content(f"<table>{path}</table>") == (
        "<table><code>**/<wbr>{<wbr>attention,<wbr>mlp}/<wbr>down/<wbr>kernel</code></table>"
    )
    assert line_breaks.on_page_content("<code>fanwise lint --exit-zero a-b</code>") == (
        '<code>fanwise lint <span class="option">--exit-zero</span> a-b</code>'
    )


def test_docstrings_have_a_line_for_each_parameter():
    docstring = "Do.\n\nArgs:\n    a: one.\n    b, **c: as in :func:`sample`,\n        or so.\n"
    assert site_module("sources").mended(docstring) == (
        "Do.\n\nArgs:\n    a: one.\n    b: as in `sample`,\n        or so.\n"
        "    **c: as in `sample`,\n        or so."
    )


def test_a_search_finds_every_page_without_a_server():
    text = SEARCH.read_text("utf-8").removeprefix("var __index = ")
    found = {entry["location"].partition("#")[0] for entry in json.loads(text)["docs"]}
    assert {page.replace(".md", ".html") for page in PAGES} <= found


def test_every_script_of_docs_stays_out_of_the_site():
    site = ROOT / "results" / "site"
    assert [*DOCS.rglob("*.py")]
    assert [file.name for file in site.rglob("*") if file.suffix in (".py", ".toml")] == []


def test_pictures_of_the_gallery_may_wait_and_have_the_size_that_is_drawn():
    module = site_module("lazy_pictures")
    picture = '<img alt="x" src="../assets/pictures/gallery/zeros.svg" />'
    assert module.SIZE in module.on_page_content(f"<p>{picture}</p>")
    other = '<img alt="x" src="../assets/pictures/fans.svg" />'
    assert module.on_page_content(other) == other
    width, height = re.findall(r'(?:width|height)="(\d+)"', module.SIZE)
    drawn = (DOCS / "assets/pictures/gallery/zeros.svg").read_text("utf-8")
    assert f'width="{int(width) * 0.75:g}pt" height="{int(height) * 0.75:g}pt"' in drawn
