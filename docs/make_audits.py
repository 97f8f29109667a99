"""Audit the starts of models of public libraries, and write the page about them, docs/audits.md.

    python docs/make_audits.py                 the page, from what is kept
    python docs/make_audits.py --check         whether the page is what is kept
    python docs/make_audits.py run [NAME …]    audits of this environment's libraries, kept
    python docs/make_audits.py show NAME       an audit, printed

What is kept lies in tests/audits/starts/, with the models.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "audits.md"
sys.path.insert(0, str(ROOT / "tests"))

from audits.starts.judge import FOLDER, SEED, judged, keep, kept  # noqa: E402
from audits.starts.models import STARTS, LibraryStart  # noqa: E402

#: How many rows a model has on the page.
_MOST: Final = 12
_HEAD: Final = """# Starts of public models, audited

Models as their libraries build them, judged by the recipe of their paper, or of the code that was
released with it. A difference is a fact and no verdict: many are choices that a library made, and
documents. Each model is of a small configuration, with weights large enough that a deviation of a
few percent shows; the classes, and their code, are the libraries' own. A number in parentheses is
how many weights differ in that way; the first of them is shown.

The seed is {seed}. Of weights that are right, a row of any of these tables is there once in 10⁹
audits. Written by `python docs/make_audits.py` from what `python docs/make_audits.py run` found,
which lies in [tests/audits/starts](../tests/audits/starts). `python docs/make_audits.py show NAME`
prints an audit claim by claim.

"""


def page() -> str:
    """Write the page from what is kept."""
    found = {name: kept(name) for name in STARTS if (FOLDER / f"{name}.json").exists()}
    lines = [
        "| model | recipe | weights | as the paper says | otherwise |",
        "|---|---|--:|--:|--:|",
    ]
    for name, facts in found.items():
        start = STARTS[name]
        right = facts["weights"] - facts["differing"]
        link = f"[{start.title}](#{name})"
        row = (link, _recipe(start), facts["weights"], right, facts["differing"])
        lines.append("| " + " | ".join(map(str, row)) + " |")
    sections = [_section(name, STARTS[name], facts) for name, facts in found.items()]
    return _HEAD.format(seed=SEED) + "\n".join(lines) + "\n\n" + "\n".join(sections)


def _section(name: str, start: LibraryStart, facts: dict[str, Any]) -> str:
    claims = facts["claims"]
    variables = ", ".join(f"{key} = {value}" for key, value in start.variables.items())
    given = f" with {variables}" if variables else ""
    backend = f" on {facts['backend']}" if facts["backend"] else ""
    counts = f"{facts['weights']} weights, {facts['numbers']:,} numbers"
    held = f"{claims['pass']} hold, {claims['fail']} do not, {claims['undecided']} are undecided"
    lines = [
        f"## {name}",
        "",
        f"{start.title}, {start.library} {facts['version']}{backend}:",
        f"`{start.shown}`,",
        f"by {_recipe(start)}{given}. {counts}; of the claims {held}.",
    ]
    if start.note:
        lines += ["", start.note]
    if facts["faults"]:
        lines += ["", "| weights | claim | observed | the paper's | bound | n |"]
        lines += ["|---|---|---|---|---|--:|", *map(_row, facts["faults"][:_MOST])]
        left = len(facts["faults"]) - _MOST
        lines += ["", f"{left} rows more are left out here."] if left > 0 else []
    else:
        lines += ["", "Every weight is as the paper says, as far as its size shows."]
    return "\n".join([*lines, "", f"`python docs/make_audits.py show {name}`", ""])


def _row(fault: dict[str, Any]) -> str:
    count = f" ({fault['count']})" if fault["count"] > 1 else ""
    cells = (
        f"`{fault['pattern']}`{count}",
        fault["claim"],
        _number(fault["observed"]),
        _number(fault["expected"]),
        _number(fault["bound"]),
        f"{fault['n']:,}",
    )
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _recipe(start: LibraryStart) -> str:
    place = Path(start.recipe)
    if place.is_absolute():
        return f"[`{place.name}`](../tests/audits/starts/{place.name})"
    return f"`{start.recipe}`"


def run(names: list[str]) -> None:
    """Audit models, and keep what is found; say of those that cannot be built why not."""
    for name in names or list(STARTS):
        try:
            facts = judged(STARTS[name])
        except ModuleNotFoundError as error:
            sys.stderr.write(f"{name}: {error}\n")
        except Exception:  # noqa: BLE001 - one library's failure is not another's
            sys.stderr.write(f"{name}: {traceback.format_exc(limit=-3)}\n")
        else:
            keep(name, facts)
            print(f"{name}: {facts['weights']} weights, {facts['differing']} differ", flush=True)


def show(name: str) -> None:
    """Print an audit."""
    from audits.starts.judge import seed_all

    import fanwise

    start = STARTS[name]
    seed_all(start)
    print(fanwise.audit(start.build(), start.recipe, **start.variables))


def main(arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["run", *names]:
            run(names)
        case ["show", name]:
            show(name)
        case ["--check"]:
            if PAGE.read_text("utf-8") != page():
                sys.exit("docs/audits.md is not what is kept: run python docs/make_audits.py")
        case []:
            PAGE.write_text(page(), "utf-8")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
