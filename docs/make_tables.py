"""Write the tables of the documentation from the data they show, or check them.

Run ``python docs/make_tables.py`` after a change of the catalogue, of the gallery, of a bundled
recipe, of the claims, of a list of deviations, or of the results of the zoo, of its captures or of
the planted faults; ``--check`` writes nothing, and exits with 1 where a page differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import capture_tables
import fault_tables
import gallery_pages
import model_tables
import proof_tables
import recipe_texts
import scheme_tables
import word_tables
from md_tables import table as _table

from fanwise.adapters.engines import Engine
from fanwise.adapters.recipe_sources import recipe_sources
from fanwise.conformance.checks.cases import statistical_cases
from fanwise.conformance.checks.registry import claims as every_claim
from fanwise.conformance.results.deviations import read_all
from fanwise.conformance.results.rows import Origin
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics.tails import ALPHA
from fanwise.spec.catalogue import catalogue
from fanwise.spec.parameters import FromParameter

ROOT: Final = Path(__file__).resolve().parent.parent
COMMAND: Final = "python docs/make_tables.py"
#: What of a framework each engine of a deviation is.
_WHOSE: Final = {
    Engine.NATIVE: "its samplers",
    Origin.OWN: "its own initializers",
    Origin.START: "its layers' own start",
}


def schemes() -> str:
    """Return the tables of all schemes of the catalogue, family by family."""
    return "\n\n".join(scheme_tables.index())


def scheme_count() -> str:
    """Return how many schemes and families there are, in a sentence."""
    families = len(scheme_tables.used_families())
    return f"{len(catalogue().entries)} schemes, in {families} families:"


def words() -> str:
    """Return the definitions of the words of reports, in the order in which they are met."""
    return "\n\n".join(word_tables.sections())


def claims() -> str:
    """Return the table of all claims of the conformance suite."""
    rows = [[f"`{c.name}`", c.null, c.test, c.catches] for c in every_claim().values()]
    return _table(("claim", "what holds", "test", "smallest fault that is caught"), rows)


def sample_sizes() -> str:
    """Return the table of how many elements the claims need."""
    needed: dict[str, int] = {}
    for case in statistical_cases():
        declared = case.scheme.entry.distribution["kind"]
        chosen = case.scheme[declared.name] if isinstance(declared, FromParameter) else declared
        kind = str(chosen)
        if len(case.kernel) == 2:
            size = sizes.sample_size(case.law)
            needed[kind] = max(size, needed.get(kind, 0))
    rows = [[f"the law of a {kind.replace('_', ' ')}", f"{n:,}"] for kind, n in needed.items()]
    rows.append(["`support` of a cut normal", f"{sizes.support_size():,}"])
    rows.append(["`half precision`", f"{sizes.half_size():,}"])
    rows.append(["`seeds`, of two weights", f"{sizes.correlation_size(5):,}"])
    caption = f"At α = {ALPHA:g} for a claim, and a miss of the smallest fault in {sizes.MISS:g}:"
    return f"{caption}\n\n{_table(('claims', 'elements'), rows)}"


def deviations() -> str:
    """Return the table of what each framework does differently, from its list."""
    rows = []
    for file in sorted(ROOT.glob("adapters/*/conformance/deviations.toml")):
        for deviation in read_all(file.read_text("utf-8")):
            schemes = ", ".join(f"`{name}`" for name in deviation.schemes)
            subjects = ", ".join(filter(None, deviation.subjects))
            where = f"{schemes}: {subjects}" if subjects else schemes
            reason = f"{deviation.reason} [Source]({deviation.reference})"
            versions = ", ".join(deviation.versions)
            whose = _WHOSE[deviation.engine]
            rows.append([f"`{deviation.adapter}`", whose, where, reason, versions])
    return _table(("adapter", "what", "of", "what it does", "versions"), rows)


def models() -> str:
    """Return the table of what came of the models of each library."""
    head = ("library", "version", "framework", *model_tables.OUTCOMES)
    return _table(head, model_tables.models())


def models_not_right() -> str:
    """Return the table of the models that are known not to be right."""
    return _table(("model", "of", "what comes of it", "why"), model_tables.not_right())


def captures() -> str:
    """Return the table of what came of the captured models of each library."""
    counts = (*capture_tables.OUTCOMES, "weights", "resolved")
    return _table(("library", "version", "framework", *counts), capture_tables.captures())


def captures_cited() -> str:
    """Return the table of the captured models that bundled recipes cite."""
    head = ("recipe", "model", "rules captured", "weights of one law", "listed deviations")
    return _table(head, capture_tables.cited())


def captures_not_proved() -> str:
    """Return the table of the captured models that are known not to be proved."""
    return _table(("model", "of", "what comes of it", "why"), capture_tables.not_proved())


def planted_faults() -> str:
    """Return the table of the faults that audits are tried on, and what they find elsewhere."""
    head = ("fault", "in a checkpoint of", "handed over as, with", "found as")
    return f"{fault_tables.right_checkpoints()}\n\n{_table(head, fault_tables.planted_faults())}"


def sources() -> str:
    """Return the table of the models that recipes are judged by."""
    rows = []
    for source in sorted(recipe_sources(), key=lambda source: source.recipe):
        variables = ", ".join(f"`{name} = {value!r}`" for name, value in source.vars.items())
        model = " ".join(filter(None, (f"`{source.model}`", source.case)))
        cells = (f"`{source.recipe}`", f"`{source.adapter}`", source.library, model)
        rows.append([*cells, variables or "–"])
    return _table(("recipe", "adapter", "library", "model", "with"), rows)


def proof() -> str:
    """Return the table of the trainings of the proof."""
    return proof_tables.trainings()


def proof_figures() -> str:
    """Return what else the proof has found, in sentences."""
    return proof_tables.figures()


def bundled_recipes() -> str:
    """Return the table of the recipes that come with Fanwise."""
    return _table(("recipe", "starts", "knows the names of"), recipe_texts.contents())


#: Each table, by its marker, with the page that holds it.
TABLES: Final[dict[str, tuple[Callable[[], str], Path]]] = {
    "count": (scheme_count, ROOT / "docs" / "gallery.md"),
    "families": (scheme_tables.cards, ROOT / "docs" / "gallery.md"),
    "schemes": (schemes, ROOT / "docs" / "gallery.md"),
    "words": (words, ROOT / "docs" / "reading_a_report.md"),
    "claims": (claims, ROOT / "docs" / "conformance.md"),
    "sizes": (sample_sizes, ROOT / "docs" / "conformance.md"),
    "sources": (sources, ROOT / "docs" / "conformance.md"),
    "deviations": (deviations, ROOT / "docs" / "conformance.md"),
    "bundled recipes": (bundled_recipes, ROOT / "docs" / "bundled_recipes.md"),
    "each recipe": (recipe_texts.descriptions, ROOT / "docs" / "bundled_recipes.md"),
    "planted faults": (planted_faults, ROOT / "docs" / "audit.md"),
    "models": (models, ROOT / "docs" / "models.md"),
    "not right": (models_not_right, ROOT / "docs" / "models.md"),
    "captures": (captures, ROOT / "docs" / "captures.md"),
    "cited": (captures_cited, ROOT / "docs" / "captures.md"),
    "trainings": (proof, ROOT / "docs" / "proof.md"),
    "figures": (proof_figures, ROOT / "docs" / "proof.md"),
    "not proved": (captures_not_proved, ROOT / "docs" / "captures.md"),
}


def whole_pages() -> dict[Path, str]:
    """Return the pages that are made as a whole, with their texts: those of the gallery."""
    folder = ROOT / "docs" / "gallery"
    return {
        folder / f"{family.name}.md": gallery_pages.page(family)
        for family in scheme_tables.used_families()
    }


def fill_in(text: str, name: str, table: str) -> str:
    """Put a table between its markers in a page.

    Raises:
        ValueError: unless each marker stands in it once, in this order.
    """
    begin, end = f"<!-- {name}: generated -->", f"<!-- /{name} -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"Expected {begin} and then {end}, once each. Put them back.")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}\n\n{table}\n\n{end}{after}"


def main(arguments: list[str] | None = None) -> int:
    """Write the tables, or check them."""
    parser = argparse.ArgumentParser(description="The tables of the documentation.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one differs")
    check = parser.parse_args(arguments).check
    differs = []
    for name, (make, page) in TABLES.items():
        text = page.read_text("utf-8")
        page_text = fill_in(text, name, make())
        if page_text != text:
            differs.append(f"{name} in {page.name}")
            if not check:
                page.write_text(page_text, "utf-8")
    for page, page_text in whole_pages().items():
        if not page.is_file() or page.read_text("utf-8") != page_text:
            differs.append(page.name)
            if not check:
                page.parent.mkdir(exist_ok=True)
                page.write_text(page_text, "utf-8")
    if check and differs:
        print(f"Out of date: {', '.join(differs)}. Run: {COMMAND}", file=sys.stderr)
    return int(check and bool(differs))


if __name__ == "__main__":
    sys.exit(main())
