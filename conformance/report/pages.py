"""What all pages share: one look, one legend, and nothing that a name from a file can do to them.

A page is one file that loads nothing. It runs the one script that stands in it, which filters
rows, and a browser is told to run no other: by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from fanwise.conformance.report.words import Report, claim_sentences, word_sections
from fanwise.spec.errors import printable

if TYPE_CHECKING:
    from jinja2 import Environment

#: The package with the parts that pages share.
_SHARED: Final = "fanwise.conformance.report"


def page(
    package: str,
    template: str,
    report: Report,
    *,
    shown: Callable[[object], object] | None = None,
    filters: Mapping[str, Callable[..., Any]] | None = None,
    **values: Any,
) -> str:
    """Return a page.

    Args:
        package: whose folder ``templates`` has the template.
        template: its name.
        report: whose legend it has.
        shown: what becomes of every value before it is escaped.
        filters: of the template.
        **values: of the template.

    Raises:
        ModuleNotFoundError: without jinja2.
    """
    environment = _environment(package, shown or _shown)
    environment.filters.update(filters or {})
    environment.globals.update(_legend(report), **_own_parts())
    return environment.get_template(template).render(values)


def _environment(package: str, shown: Callable[[object], object]) -> Environment:
    try:
        from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup
    except ModuleNotFoundError as error:
        message = (
            'A page needs jinja2, which is not installed. Run: pip install "fanwise[conformance]"'
        )
        raise ModuleNotFoundError(message, name="jinja2") from error
    loaders = [PackageLoader(name, "templates") for name in dict.fromkeys((package, _SHARED))]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        # What the templates themselves write is no value of a file.
        finalize=lambda value: value if isinstance(value, Markup) else shown(value),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> object:
    """Return a text without what turns a line around, or is not seen."""
    return printable(value) if isinstance(value, str) else value


def _legend(report: Report) -> dict[str, Any]:
    """Return the legend, and links into it; a word that it lacks is an error of the template."""
    from markupsafe import Markup

    sections = word_sections(report)
    words = [word.word for section in sections for word in section.words]
    anchors = {word: f"w{number}" for number, word in enumerate(words, 1)}
    sentences = claim_sentences(report)
    claims = {name: f"c{number}" for number, name in enumerate(sentences, 1)}

    def word_link(word: str, text: str = "") -> Markup:
        link = Markup('<a class="word" href="#{}">{}</a>')
        return link.format(anchors[word], text or word)

    return {
        "legend": sections,
        "sentences": sentences,
        "word_anchors": anchors,
        "claim_anchors": claims,
        "word": word_link,
    }


def _own_parts() -> dict[str, Any]:
    """Return the style and the script, and the digests by which a browser knows them."""
    from markupsafe import Markup

    parts: dict[str, Any] = {}
    for name, file in (("style", "style.css"), ("script", "filter.js")):
        text = resources.files(_SHARED).joinpath("templates", file).read_text("utf-8")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        # They are the package's own, and are written as they are.
        parts[name] = Markup(text)  # noqa: S704
        parts[f"{name}_digest"] = f"sha256-{digest}"
    return parts
