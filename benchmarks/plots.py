"""Draw results of ``run.py``: ratios, the cost against the size, the distance to memory.

python benchmarks/plots.py results/bench-*.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt


def main() -> None:
    """One picture of ratios for each file; those of sizes where it has them."""
    for name in sys.argv[1:]:
        path = Path(name)
        data = json.loads(path.read_text(encoding="utf-8"))
        _ratios(data, path.with_suffix(".png"))
        if any(case["size"].startswith("10^") for case in data["cases"]):
            _sizes(data, path.with_name(f"{path.stem}-sizes.png"))


def _ratios(data: dict[str, Any], target: Path) -> None:
    cases = [c for c in data["cases"] if c["ratio"] is not None and "10^" not in c["size"]]
    words = [f"{c['name']} {c['size']} {c['dtype']} {c['engine']} {c['cores']}" for c in cases]
    figure, axes = plt.subplots(figsize=(9, 1 + 0.25 * len(cases)), layout="constrained")
    axes.barh(words, [case["ratio"] for case in cases], color="#3b6ea5")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.set_xlabel("the framework's own time by Fanwise's")
    axes.set_title(data["machine"]["processor"], fontsize=9)
    figure.savefig(target, dpi=110)
    plt.close(figure)


def _sizes(data: dict[str, Any], target: Path) -> None:
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    cases = [case for case in data["cases"] if case["size"].startswith("10^")]
    for engine in ("NumPy", "compiled"):
        own = [case for case in cases if case["engine"] == engine]
        sizes = [case["elements"] for case in own]
        axes.plot(sizes, [case["ours"][1] for case in own], "o-", label=f"Fanwise, {engine}")
    axes.plot(sizes, [case["theirs"][1] for case in own], "s-", label="NumPy's own normal")
    for name, style in (("write", ":"), ("copy", "--")):
        cost = data["memory"][name]
        axes.axhline(cost, color="grey", linestyle=style, label=f"memory, {name}")
    axes.set(xscale="log", yscale="log", xlabel="elements", ylabel="ns for an element")
    axes.set_title(f"normal, float32; {data['machine']['processor']}", fontsize=9)
    axes.legend()
    figure.savefig(target, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
