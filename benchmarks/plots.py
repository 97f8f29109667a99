"""Draw results: how many times faster than the frameworks' own, and the distance to the limit.

python benchmarks/plots.py results/bench.json
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

import results


def main() -> None:
    """One picture for each file."""
    for name in sys.argv[1:]:
        path = Path(name)
        _draw(results.read(path), path.with_suffix(".png"))


def _draw(data: dict[str, Any], target: Path) -> None:
    cases = data["cases"]
    words = [" ".join(results.key_of(case)) for case in cases]
    figure, axes = plt.subplots(figsize=(9, 1 + 0.25 * len(cases)), layout="constrained")
    bars = [case["ratio"][1] if case["ratio"] else 0 for case in cases]
    axes.barh(words, bars, color="#3b6ea5", label="the framework's own time by Fanwise's")
    limits = [case["limit"][1] for case in cases]
    axes.plot(limits, words, "d", color="#e8622c", label="Fanwise's time by that of the limit")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.legend(loc="lower right")
    axes.set_title(data["machine"]["processor"], fontsize=9)
    figure.savefig(target, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
