"""The tables of speed, in docs/speed.md, README.md and benchmarks/README.md, from kept results.

python benchmarks/table.py results/bench.json   keep results, write the tables, draw the pictures
python benchmarks/table.py                      write the tables again
python benchmarks/table.py --check              fail where they are not what was kept
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import machine
import results
from aims import AIMS, IMPORT_AIMS, Aim
from results import Key
from shown import FEW, HOW, ROWS, SMALL
from wholeness import lacking, too_few

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = ROOT / "benchmarks" / "measured.json"
BEGIN: Final = "<!-- speed: generated -->"
END: Final = "<!-- /speed -->"
#: Those that are drawn of what is kept.
PICTURES: Final = ("speed", "scale")

Cases = Mapping[Key, dict[str, Any]]


def main() -> int:
    """Keep, write or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", nargs="*", type=Path, help="of one run, to keep")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a page is stale")
    asked = parser.parse_args()
    if asked.check and asked.results:
        parser.error("--check is of what is kept, without other results")
    try:
        data = results.joined(map(results.read, asked.results or [KEPT]))
    except results.WrongFormatError as error:
        parser.error(str(error))
    if faults := [*lacking(data), *(too_few(data) if asked.results else ())]:
        how = "measure with `nox -s bench -- --scale`, without --only"
        parser.error(f"these results lack {'; '.join(faults)}: {how}")
    pages = {name: make(data) for name, make in PAGES.items()}
    if asked.results:
        keep(data, KEPT)
    stale = [name for name, made in pages.items() if _update(ROOT / name, made, check=asked.check)]
    if asked.check and stale:
        sys.stderr.write(f"Not what benchmarks/table.py makes of measured.json: {stale}\n")
        return 1
    if asked.results:
        draw = ROOT / "docs" / "pictures" / "draw.py"
        subprocess.run([sys.executable, str(draw), *PICTURES], check=True)
    return 0


def keep(found: dict[str, Any], path: Path) -> None:
    """Write what the tables and pictures show of some results."""
    shown = {*ROWS, *SMALL}
    cases = [case for case in found["cases"] if results.key_of(case)[:-1] in shown]
    results.write(path, {**found, "cases": cases})


def page_table(data: dict[str, Any]) -> str:
    """Return what docs/speed.md shows: large weights, small ones, and what they were drawn on."""
    cases = _cases(data)
    head = _head("framework", "initializer", "weight", "its own", "Fanwise", "ratio")
    lines = [head, *(_line(row, cases) for row in ROWS if row in cases)]
    small = _head("framework", "initializer", "weight", "its own", "Fanwise", "ratio", limits=False)
    few = [small, *(_small_line(row, cases) for row in SMALL if row in cases)]
    return "\n".join(
        [
            *lines,
            "",
            "Small weights, in microseconds for all of the elements:",
            "",
            *few,
            "",
            _caption(data),
        ]
    )


def short_table(data: dict[str, Any]) -> str:
    """Return what README.md shows."""
    cases = _cases(data)
    head = _head("framework", "initializer", "weight", "its own", "Fanwise", "ratio")
    lines = [head, *(_line(row, cases, spread=False) for row in FEW if row in cases)]
    cores, processor = data["machine"]["cores"], data["machine"]["processor"]
    words = f"Nanoseconds for an element, on {cores} cores of an {processor}."
    return "\n".join([*lines, "", words])


def aims_table(data: dict[str, Any]) -> str:
    """Return what benchmarks/README.md shows: each aim, and whether it is met."""
    cases = {results.key_of(case): case for case in data["cases"]}
    lines = ["| what | quotient | aim | measured | |", "| --- | --- | --- | --- | --- |"]
    for aim in AIMS:
        value = aim.measured(cases, data["machine"]["cores"])
        if value is not None:
            lines.append(_aim_line(aim, value))
    for name, most in IMPORT_AIMS.items():
        value = data["imports"][name]["own"]
        met = "met" if value <= most else "not met"
        lines.append(f"| `import {name}` | milliseconds, at most | {most} | {value:.0f} | {met} |")
    return "\n".join([*lines, "", _caption(data)])


PAGES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "docs/speed.md": page_table,
    "README.md": short_table,
    "benchmarks/README.md": aims_table,
}


def _update(page: Path, table: str, *, check: bool) -> bool:
    """Put a table into a page, or only tell whether it is another one."""
    text = page.read_text("utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    made = f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"
    if not check:
        page.write_text(made, "utf-8")
    return made != text


def _cases(data: dict[str, Any]) -> Cases:
    """Each case on all cores, by its row."""
    cores = data["machine"]["cores"]
    return {results.key_of(c)[:-1]: c for c in data["cases"] if c["cores"] == cores}


def _head(*words: str, limits: bool = True) -> str:
    words = (*words, "filling memory", "limit") if limits else words
    return f"| {' | '.join(words)} |\n|{' --- |' * len(words)}"


def _line(row: Key, cases: Cases, *, spread: bool = True) -> str:
    case = cases[row]
    aims = {
        (aim.group, aim.name, aim.size, aim.dtype, aim.engine): aim.most
        for aim in AIMS
        if aim.quotient == "limit"
    }
    aim = f" (aim {aims[row]:g})" if row in aims else ""
    show = _spread if spread else _number
    limit = f"{case['limit'][1]:.1f}"
    return (
        f"| {_named(row)} | {show(case['theirs'])} | {show(case['ours'])} | "
        f"{case['ratio'][1]:.1f} | {_number(case['fill'])} | {limit}{aim} |"
    )


def _small_line(row: Key, cases: Cases) -> str:
    case = cases[row]
    theirs, ours = ([ns * case["elements"] / 1e3 for ns in case[who]] for who in ("theirs", "ours"))
    return f"| {_named(row)} | {_spread(theirs)} | {_spread(ours)} | {case['ratio'][1]:.2f} |"


def _aim_line(aim: Aim, value: float) -> str:
    kind = "" if aim.dtype == "float32" else f" {aim.dtype}"
    what = f"{aim.group} `{aim.name}`{HOW.get(aim.engine, '')}, {aim.size}{kind}"
    words = {
        "limit": "by the limit, at most",
        "cost": "by its own, at most",
        "ratio": "its own by ours, at least",
        "float32": "by that of float32, at most",
    }
    met = "met" if aim.is_met(value) else "not met"
    return f"| {what} | {words[aim.quotient]} | {aim.most:g} | {value:.2f} | {met} |"


def _named(row: Key) -> str:
    group, name, size, dtype, engine = row
    kind = "" if dtype == "float32" else f" {dtype}"
    return f"{group} | `{name}`{HOW.get(engine, '')} | {size}{kind}"


def _number(quartiles: list[float]) -> str:
    value = quartiles[1]
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _spread(quartiles: list[float]) -> str:
    low, _, high = ([value] * 3 for value in quartiles)
    return f"{_number(quartiles)} ({_number(low)}–{_number(high)})"


def _caption(data: dict[str, Any]) -> str:
    about = data["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in sorted(about["packages"].items()))
    imports = ", ".join(
        f"`import {name}` {found['own']:.0f} ms beyond that of {found['base']}"
        for name, found in data["imports"].items()
    )
    warning = machine.warning(about["others"])
    words = (
        f"Medians of {about['repeats']} in one run, in brackets the middle half of them, with the "
        f"extra `fast`. Measured on {about['cores']} cores of an {about['processor']}, of which "
        f"other processes took {about['others']:.2f} at most. The first call of a process takes "
        f"{data['first_call'][1]:.0f} ms more, and {imports}. {packages}."
    )
    return f"{words} **{warning}**" if warning else words


if __name__ == "__main__":
    sys.exit(main())
