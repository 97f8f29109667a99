"""Draw the pictures of the documentation, or check them.

    python docs/pictures/draw.py [NAME ...] [--check]

A picture NAME is a module ``docs/pictures/NAME.py`` with a docstring and ``draw()``, which returns
a Matplotlib figure; it becomes ``docs/assets/pictures/NAME.svg``. A module of many pictures has
``figures()`` instead, which yields a name and a figure for each; they become ``NAME/PART.svg``.
``--check`` writes nothing, and exits with 1 where a picture that is drawn again is another.
"""

from __future__ import annotations

import argparse
import importlib
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

HERE: Final = Path(__file__).resolve().parent
PICTURES: Final = HERE.parent / "assets" / "pictures"
COMMAND: Final = "python docs/pictures/draw.py"
#: Of one picture, in bytes; a page loads several.
LARGEST: Final = 60_000
#: Numbers that are this close are one: processors add in different orders.
TOLERANCE: Final = 0.1

_NUMBER: Final = re.compile(r"(?<![\w.#])-?\d+\.\d+")
#: The attributes that hold coordinates. Text stays as it is, and so do versions and namespaces.
_COORDINATES: Final = re.compile(
    r'(?<= )(?:d|x|y|width|height|viewBox|transform|style|points|[cr][xy]?|[xy][12])="[^"]*"'
)
#: Modules that others import.
_SHARED: Final = {"draw", "style"}


def names() -> list[str]:
    """Return the names of all pictures."""
    return sorted(file.stem for file in HERE.glob("*.py") if file.stem not in _SHARED)


def figures(name: str) -> Iterator[tuple[str, str, Figure]]:
    """Draw the pictures of a module.

    Args:
        name: of the module.

    Returns:
        For each picture its file, its title, and the figure.
    """
    module = importlib.import_module(name)
    summary = (module.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    if hasattr(module, "figures"):
        for part, figure in module.figures():
            yield f"{name}/{part}.svg", f"{summary}: {part}", figure
    else:
        yield f"{name}.svg", summary, module.draw()


def to_svg(figure: Figure, title: str) -> str:
    """Return a figure as the text of an SVG file, the same at every call.

    Args:
        figure: the figure.
        title: what a screen reader says.

    Raises:
        ValueError: if it is larger than a picture may be.
    """
    buffer = io.StringIO()
    metadata = {"Title": title, "Date": None, "Creator": None}
    figure.savefig(buffer, format="svg", metadata=metadata, transparent=True)
    # A hundredth of a point is not seen.
    text = _COORDINATES.sub(lambda at: _NUMBER.sub(_rounded, at[0]), buffer.getvalue())
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if len(text.encode()) > LARGEST:
        raise ValueError(
            f"Expected a picture of at most {LARGEST} bytes, received {len(text.encode())}: "
            f"{title!r}. Draw fewer points, or rasterize a heat map."
        )
    return text


def differs(drawn: str, kept: str) -> bool:
    """Return whether two pictures differ by more than roundings of their numbers."""
    if _without_coordinates(drawn) != _without_coordinates(kept):
        return True
    pairs = zip(_coordinates(drawn), _coordinates(kept), strict=True)
    return any(abs(a - b) > TOLERANCE for a, b in pairs)


def main(arguments: Sequence[str] | None = None, folder: Path = PICTURES) -> int:
    """Draw the pictures that are asked for, or check them."""
    parser = argparse.ArgumentParser(description="The pictures of the documentation.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones; without any, all")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one differs")
    given = parser.parse_args(arguments)
    unknown = {*given.names} - {*names()}
    if unknown:
        parser.error(f"no picture is named {', '.join(sorted(unknown))}; there are: {names()}")
    # Styles are set here, so that a picture that is asked for alone is drawn like all of them.
    from style import styled

    changed = []
    for name in given.names or names():
        with styled():
            for file, title, figure in figures(name):
                path = folder / file
                text = to_svg(figure, title)
                kept = path.read_text("utf-8") if path.is_file() else ""
                if not differs(text, kept):
                    continue
                changed.append(file)
                if not given.check:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, "utf-8")
    if given.check and changed:
        print(f"Out of date: {', '.join(changed)}. Run: {COMMAND}", file=sys.stderr)
    return int(given.check and bool(changed))


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}"


def _without_coordinates(text: str) -> str:
    return _COORDINATES.sub(lambda at: _NUMBER.sub("0", at[0]), text)


def _coordinates(text: str) -> list[float]:
    return [float(n) for part in _COORDINATES.findall(text) for n in _NUMBER.findall(part)]


if __name__ == "__main__":
    sys.exit(main())
