"""Write the tables of docs/coming_from/, name by name, or check them.

Run ``python docs/make_names.py`` after a change of the rows in ``docs/coming_from/*.toml``, of a
list of deviations, or of a framework's version; ``--check`` writes nothing, and exits with 1 where
a page differs. Either way both sides of every row run, and it is an error where a name of the
framework has no row, or where a row says that two laws are one and they are not, or the reverse.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import layer_starts
import name_rows
from make_tables import ROOT, fill_in
from md_tables import table

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.deviations import read_all
from fanwise.conformance.results.rows import Origin

COMMAND: Final = "python docs/make_names.py"
#: The module of each framework, and what it is called in the rows.
MODULES: Final = {
    "torch": ("torch.nn.init", "init."),
    "keras": ("keras.initializers", "initializers."),
    "jax": ("jax.nn.initializers", "init."),
}
#: What of a framework a deviation is about.
_WHOSE: Final = {Engine.NATIVE: "its samplers", Origin.OWN: "its initializers"}


def faults(framework: str) -> Iterator[str]:
    """Give a sentence for every name without a row, and for every row without a name.

    Args:
        framework: ``"torch"``, ``"keras"`` or ``"jax"``.
    """
    names = name_rows.public_names()[framework]
    rowed = [name for row in name_rows.rows(framework, "functions") for name in row.names]
    for name in names:
        if name not in rowed:
            yield f"{framework}.toml has no row for {name}"
    for name in rowed:
        if name not in names:
            yield f"{framework}.toml has a row for {name}, which {framework} does not have"
    for name in {name for name in rowed if rowed.count(name) > 1}:
        yield f"{framework}.toml has several rows for {name}"
    for row in name_rows.rows(framework, "functions") + name_rows.rows(framework, "usual"):
        theirs, ours = name_rows.values(framework, row)
        if name_rows.is_same_law(theirs, ours) != row.same:
            said, is_so = ("same", "differ") if row.same else ("differ", "are the same")
            yield f"{framework}.toml: the laws of {row.theirs} {is_so}, and the row says {said}"


def functions(framework: str) -> str:
    """Return the table of all names of the framework's module of initializers."""
    return _rows(framework, "functions")


def usual(framework: str) -> str:
    """Return the table of what else people write there."""
    return _rows(framework, "usual")


def layers(framework: str) -> str:
    """Return the table of how the framework's own layers start."""
    told: dict[str, list[str]] = {}
    for start in layer_starts.starts(framework):
        if not start.is_own:
            raise ValueError(f"{start.layer} does not start as its recipe says")
        weights = ", ".join(f"`{name}`" for name in start.weights)
        std = f", std {start.std:.3g}" if start.std else ""
        told.setdefault(start.layer, []).append(f"{weights}: {start.scheme}{std}")
    rows = [[f"`{layer}`", "<br>".join(weights)] for layer, weights in told.items()]
    return table(("layer", "its weights start as"), rows)


def deviations(framework: str) -> str:
    """Return the table of what the framework itself does not do as its names say."""
    rows = []
    file = ROOT / "adapters" / framework / "conformance" / "deviations.toml"
    for deviation in read_all(file.read_text("utf-8")):
        if deviation.engine in _WHOSE:
            of = ", ".join(f"`{name}`" for name in deviation.schemes)
            subjects = ", ".join(filter(None, deviation.subjects))
            where = f"{of}: {subjects}" if subjects else of
            reason = f"{deviation.reason} [Source]({deviation.reference})"
            rows.append([f"`{deviation.adapter}`", _WHOSE[deviation.engine], where, reason])
    return table(("with", "what", "of", "what it does"), rows)


TABLES: Final[Mapping[str, Callable[[str], str]]] = {
    "functions": functions,
    "usual": usual,
    "layers": layers,
    "deviations": deviations,
}


def main(arguments: list[str] | None = None) -> int:
    """Write the tables, or check them."""
    parser = argparse.ArgumentParser(description="The tables of docs/coming_from/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one differs")
    check = parser.parse_args(arguments).check
    wrong: list[str] = []
    for framework in MODULES:
        wrong += faults(framework)
        page = name_rows.PAGES / f"{framework}.md"
        text = page_text = page.read_text("utf-8")
        for name, make in TABLES.items():
            page_text = fill_in(page_text, name, make(framework))
        if page_text != text:
            if check:
                wrong.append(f"{page.name} is out of date. Run: {COMMAND}")
            else:
                page.write_text(page_text, "utf-8")
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
    return int(bool(wrong))


def _rows(framework: str, name: str) -> str:
    rows = []
    for row in name_rows.rows(framework, name):
        theirs, ours = name_rows.values(framework, row)
        gives = name_rows.law_text(ours)
        if not row.same:
            gives += f"; **not the same**: theirs is {name_rows.law_text(theirs)}"
        shown = row.shown or f"`{row.theirs.removeprefix(MODULES[framework][1])}`"
        door = row.ours.removeprefix(f"fanwise.{framework}.")
        rows.append([shown, f"`{door}`", gives, row.note])
    their_module = MODULES[framework][0] if name == "functions" else "what is written"
    return table((their_module, f"fanwise.{framework}", "gives", "to know"), rows)


if __name__ == "__main__":
    sys.exit(main())
