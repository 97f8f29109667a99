"""What all pages share: one look, one legend, and nothing that a name from a file can do to them.

A page is one file that loads nothing. It runs the one script that stands in it, which filters
rows, and a browser is told to run no other: by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from fanwise.conformance.report.words import Report, claim_sentences, word_sections
from fanwise.spec.errors import printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

#: The package with the parts that pages share, and what the script of all is called there.
_SHARED: Final = "fanwise.conformance.report"
_SCRIPT: Final = "filter.js"

Shown = Callable[[object], object]


@dataclass(frozen=True)
class PagePart:
    """A style or a script of the package's own.

    Attributes:
        text: as it stands in the page.
        digest: by which a browser knows it.
    """

    text: Markup
    digest: str


def shown_text(value: object) -> str:
    """Write whatever a template prints, without what turns a line around or is not seen."""
    return printable(str(value))


def page(
    package: str,
    template: str,
    report: Report,
    *,
    styles: tuple[str, ...] = ("style.css",),
    shown: Shown = shown_text,
    **values: Any,
) -> str:
    """Return a page.

    Args:
        package: whose folder ``templates`` has the template.
        template: its name.
        report: whose legend it has.
        styles: the files of its styles.
        shown: what becomes of every value before it is escaped.
        **values: of the template.

    Raises:
        ModuleNotFoundError: without jinja2.
    """
    try:
        import jinja2  # noqa: F401
    except ModuleNotFoundError as error:
        message = (
            'A page needs jinja2, which is not installed. Run: pip install "fanwise[conformance]"'
        )
        raise ModuleNotFoundError(message, name="jinja2") from error
    environment = _environment(package, report, shown)
    parts = {"styles": [_part(name) for name in styles], "script": _part(_SCRIPT)}
    return environment.get_template(template).render(values, **parts)


@cache
def _environment(package: str, report: Report, shown: Shown) -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loaders = [PackageLoader(name, "templates") for name in dict.fromkeys((package, _SHARED))]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        # What the templates themselves write is no value of a file.
        finalize=lambda value: value if isinstance(value, Markup) else shown(value),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Those of the same names escape what they are given, which would then be taken for our own.
    environment.filters["join"] = lambda values, between: between.join(map(str, values))
    environment.filters["replace"] = lambda value, old, new: str(value).replace(old, new)
    environment.globals.update(_legend(report))
    return environment


def _legend(report: Report) -> dict[str, Any]:
    """Return the legend, and links into it; a word that it lacks is an error of the template."""
    from markupsafe import Markup

    sections = word_sections(report)
    words = [word.word for section in sections for word in section.words]
    anchors = {word: f"w{number}" for number, word in enumerate(words, 1)}
    sentences = claim_sentences(report)

    def word_link(word: str, text: str = "") -> Markup:
        link = Markup('<a class="word" href="#{}">{}</a>')
        return link.format(anchors[word], text or word)

    return {
        "legend": sections,
        "sentences": sentences,
        "word_anchors": anchors,
        "claim_anchors": {name: f"c{number}" for number, name in enumerate(sentences, 1)},
        "word": word_link,
    }


@cache
def _part(name: str) -> PagePart:
    from markupsafe import Markup

    written = resources.files(_SHARED).joinpath("templates", name).read_text("utf-8")
    # Without indents and remarks: it stands in every page.
    lines = (line.strip() for line in written.splitlines())
    text = "\n".join(line for line in lines if line and not line.startswith("/*"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return PagePart(Markup(text), f"sha256-{digest}")  # noqa: S704 - the package's own
