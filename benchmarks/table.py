"""The table of speed in docs/speed.md, from results that were kept.

python benchmarks/table.py results/bench-*.json   keep results, and write the table
python benchmarks/table.py                        write the table again
python benchmarks/table.py --check                fail where it is not what was kept
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parent / "docs" / "speed.md"
KEPT: Final = HERE / "measured.json"
BEGIN: Final = "<!-- speed: generated -->"
END: Final = "<!-- /speed -->"

#: The engine, in the table's words.
HOW: Final = {
    "in jit": ", in `jax.jit`",
    "in one pass": ", in one pass",
    "initialize": ", by `initialize`, which reports too",
    "NumPy": ", without `fast`",
}
#: What the page shows: framework, initializer, size, dtype, engine.
ROWS: Final = [
    ("torch", "uniform_", "4096 × 4096", "float32", "compiled"),
    ("torch", "kaiming_uniform_", "4096 × 4096", "float32", "compiled"),
    ("torch", "normal_", "4096 × 4096", "float32", "compiled"),
    ("torch", "kaiming_normal_", "4096 × 4096", "float32", "compiled"),
    ("torch", "normal_", "4096 × 4096, transposed", "float32", "compiled"),
    ("torch", "normal_", "4096 × 4096", "bfloat16", "compiled"),
    ("torch", "trunc_normal_", "4096 × 4096", "float32", "compiled"),
    ("torch", "orthogonal_", "2048 × 2048", "float32", "compiled"),
    ("torch", "normal_", "GPT-2, 148 tensors", "float32", "in one pass"),
    ("torch", "normal_", "GPT-2, 148 tensors", "float32", "initialize"),
    ("torch", "normal_", "500 of 64 × 64", "float32", "in one pass"),
    ("torch", "normal_", "500 of 64 × 64", "float32", "initialize"),
    ("keras on tensorflow", "HeNormal", "4096 × 4096", "float32", "compiled"),
    ("keras on tensorflow", "HeUniform", "4096 × 4096", "float32", "compiled"),
    ("keras on tensorflow", "Orthogonal", "2048 × 2048", "float32", "compiled"),
    ("keras on jax", "HeNormal", "4096 × 4096", "float32", "compiled"),
    ("keras on torch", "HeNormal", "4096 × 4096", "float32", "compiled"),
    ("jax", "he_normal", "4096 × 4096", "float32", "compiled"),
    ("jax", "he_normal", "4096 × 4096", "float32", "in jit"),
    ("jax", "orthogonal", "2048 × 2048", "float32", "compiled"),
    ("numpy", "normal", "4096 × 4096", "float32", "compiled"),
    ("numpy", "normal", "4096 × 4096", "float32", "NumPy"),
]


def main() -> None:
    """Keep, write or check."""
    given = sys.argv[1:]
    check = given == ["--check"]
    if given and not check:
        _keep([Path(name) for name in given])
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    made = f"{before}{BEGIN}\n\n{_table()}\n\n{END}{after}"
    if check and made != text:
        sys.exit(
            "The table of docs/speed.md is not what benchmarks/table.py makes of measured.json"
        )
    PAGE.write_text(made, encoding="utf-8")


def _keep(paths: list[Path]) -> None:
    """The cases that the table shows, and what they were measured on."""
    kept: dict[str, Any] = {"machine": {}, "memory": {}, "first_call": [], "cases": []}
    for path in sorted(paths):
        data = json.loads(path.read_text(encoding="utf-8"))
        load = max(data["machine"]["load"], kept["machine"].get("load", 0.0))
        kept["machine"] = {**data["machine"], **kept["machine"], "load": load}
        kept["machine"]["packages"] |= data["machine"]["packages"]
        kept["memory"] = kept["memory"] or data["memory"]
        kept["first_call"] = kept["first_call"] or data["first_call"]
        kept["cases"] += [case for case in data["cases"] if _key(case) in ROWS]
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _key(case: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(case[name]) for name in ("group", "name", "size", "dtype", "engine"))


def _table() -> str:
    data = json.loads(KEPT.read_text(encoding="utf-8"))
    machine = data["machine"]
    most: dict[tuple[str, ...], dict[str, Any]] = {}
    for case in sorted(data["cases"], key=lambda case: int(case["cores"])):
        most[_key(case)] = case
    lines = [
        "| framework | initializer | weight | its own | Fanwise | ratio |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_line(most[row]) for row in ROWS if row in most]
    packages = ", ".join(
        f"{name} {version}" for name, version in sorted(machine["packages"].items())
    )
    caption = (
        "Nanoseconds for an element, medians of one run, with the extra `fast`. Measured on "
        f"{machine['cores']} cores of an {machine['processor']}; writing memory takes "
        f"{data['memory']['write']:.2f}. Load average before the runs: up to {machine['load']} "
        f"(on a busy machine threads wait for each other). The first call of a process takes "
        f"{1000 * statistics.median(data['first_call']):.0f} ms more, where the machine has "
        f"compiled before. {packages}."
    )
    return "\n".join([*lines, "", caption])


def _line(case: dict[str, Any]) -> str:
    how = HOW.get(case["engine"], "")
    dtype = "" if case["dtype"] == "float32" else f" {case['dtype']}"
    theirs, ours = case["theirs"][1], case["ours"][1]
    name = f"{case['group']} | `{case['name']}`{how} | {case['size']}{dtype}"
    return f"| {name} | {theirs:.1f} | {ours:.2f} | {case['ratio']:.1f} |"


if __name__ == "__main__":
    main()
