"""Draw the rooms of the package, their floors and the arrows between them, and check the rules.

    python docs/structure.py [FOLDER] [--json]

Reads the imports of a checkout as text, also those inside functions; nothing is imported.
An arrow is an import of one module by another; the floors are the modules of the longest
chain of arrows. A wing is a folder of a room, or a verb of an adapter; below the table, each
wing names those that it imports. Exits with 1, and names each fault, where

- an import runs upwards: spec < core < adapters < conformance < the public door, and in an
  adapter drawing < layers and initializers < the verbs < its conformance wing;
- modules, or the wings of an adapter or of a room, import each other in a circle;
- an adapter imports another one's modules (Keras may import its backends' adapters);
- a framework is imported outside its adapter;
- the extension in kernels/ is imported past core/fast/extension.py, which asks whether it fits;
- an adapter lacks one of the four wings or four verbs, or has something else beside them;
- two classes of the package share a name.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
#: The rooms, from the ground up, by their folders. Each may import those before it.
ROOMS: Final = {"spec": 0, "core": 1, "adapters": 2, "conformance": 3, "src/fanwise": 4}
ADAPTERS: Final = ("torch", "keras", "jax")
#: Whose adapters an adapter may call: Keras runs on the other two.
BACKENDS: Final = {"keras": ("torch", "jax")}
#: What each adapter may import of the frameworks; no other module imports one.
FRAMEWORKS: Final = {
    "torch": frozenset({"torch"}),
    "keras": frozenset({"keras", "tensorflow", "torch", "jax"}),
    "jax": frozenset({"jax", "jaxlib", "flax", "haiku", "equinox"}),
    "": frozenset[str](),
}
#: Libraries of models: those that a recipe cites are imported by the names in
#: recipe_sources.toml, in the conformance wings alone, and no module names one.
LIBRARIES: Final = frozenset({"transformers", "peft", "timm", "torchvision", "keras_hub"})
KNOWN: Final = frozenset({"mlx", *LIBRARIES, *frozenset[str]().union(*FRAMEWORKS.values())})
#: The extension's module, and its sources in C: no room, as it knows of none.
EXTENSION: Final = "fanwise_kernels"
SOURCES: Final = "kernels/src"
#: The wings of an adapter, each with its height: it may import lower ones.
WINGS: Final = {"drawing": 0, "layers": 1, "initializers": 1, "conformance": 3}
#: Those that an adapter may have, where its framework has what they are about.
OPTIONAL_WINGS: Final = {"checkpoints": 2, "trainers": 3}
VERBS: Final = dict.fromkeys(
    (
        *("set_initializer", "initialize", "summary", "paths", "signals"),
        *("stored_weights", "builds", "unwritten", "lsuv", "write"),
    ),
    2,
)
#: The models of the suite: the same one in each framework, under the same name.
_SAME_MODELS: Final = ".conformance.models"

Graph = Mapping[str, set[str]]


@dataclass(frozen=True)
class Module:
    """One file.

    Attributes:
        name: as it is imported, e.g. ``"fanwise.core.keys"``.
        tree: its syntax.
        package: whether it is the ``__init__`` of a folder.
    """

    name: str
    tree: ast.Module
    package: bool

    @property
    def words(self) -> tuple[str, str, str, str]:
        """The first four words of its name; ``""`` where there are fewer."""
        first, second, third, fourth, *_ = (*self.name.split("."), "", "", "", "")
        return first, second, third, fourth

    @property
    def room(self) -> str:
        """The room that it stands in; ``"door"`` for the public modules."""
        return self.words[1] if self.words[1] in ROOMS else "door"

    @property
    def height(self) -> int:
        """The height of its room."""
        return ROOMS.get(self.room, max(ROOMS.values()))

    @property
    def adapter(self) -> str:
        """The adapter that it belongs to; ``""`` for none."""
        return self.words[2] if self.room == "adapters" and self.words[2] in ADAPTERS else ""

    @property
    def wing(self) -> str:
        """The part of an adapter that it stands in: a wing, a verb, or ``""`` for its door."""
        return self.words[3] if self.adapter else ""

    @property
    def folder(self) -> str:
        """The folder of its room that it stands in; ``""`` for none."""
        inside = self.name.split(".")[2 : None if self.package else -1]
        return inside[0] if inside and self.room != "door" else ""


def modules_of(root: Path) -> dict[str, Module]:
    """Read every module of a checkout but the tests that are shipped with it."""
    modules = {}
    for folder in ROOMS:
        for file in sorted((root / folder).rglob("*.py")):
            if file.name.startswith("test_"):
                continue
            words = file.relative_to(root / folder).with_suffix("").parts
            room = () if folder.startswith("src") else (folder,)
            name = ".".join(("fanwise", *room, *words)).removesuffix(".__init__")
            syntax = ast.parse(file.read_text("utf-8"))
            modules[name] = Module(name, syntax, package=file.name == "__init__.py")
    return modules


def imports_of(module: Module) -> Iterator[str]:
    """Name everything that a module imports, as far as names go: ``package.module.thing``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _imports_by_name(node):
            (name, *_) = node.args
            if isinstance(name, ast.Constant):
                yield str(name.value)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    """Return the module that names are imported from, a relative one as an absolute one."""
    words = module.name.split(".")
    start = words[: len(words) + module.package - node.level] if node.level else []
    return ".".join([*start, *([node.module] if node.module else [])])


def _imports_by_name(call: ast.Call) -> bool:
    """Whether a call is ``importlib.import_module("...")``, or ``__import__("...")``."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in ("import_module", "__import__") and bool(call.args)


def arrows_of(modules: Mapping[str, Module]) -> dict[str, set[str]]:
    """Find which module of the package imports which others."""
    arrows: dict[str, set[str]] = {name: set() for name in modules}
    for name, module in modules.items():
        for imported in imports_of(module):
            target = imported
            while target and target not in modules:
                target = target.rpartition(".")[0]
            if target and target != name:
                arrows[name].add(target)
    return arrows


def includes_of(root: Path) -> dict[str, set[str]]:
    """Find which file of the extension includes which others."""
    files = {file.name: file.read_text("utf-8") for file in (root / SOURCES).glob("*.[ch]")}
    return {
        name: {*re.findall('#include "(.+?)"', text)} & {*files} for name, text in files.items()
    }


def circles_of(graph: Graph) -> list[list[str]]:
    """Find the groups of nodes that reach each other."""
    reach = {node: _reached(graph, node) for node in graph}
    circles = {
        frozenset(other for other in reach[node] if node in reach[other])
        for node in graph
        if node in reach[node]
    }
    return sorted(sorted(circle) for circle in circles)


def _reached(graph: Graph, start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += graph[node]
    return reached


def floors_of(graph: Graph) -> int:
    """Count the nodes of the longest chain; a circle counts as one floor."""
    together = {node: circle[0] for circle in circles_of(graph) for node in circle}
    merged: dict[str, set[str]] = defaultdict(set)
    for node, targets in graph.items():
        here = together.get(node, node)
        merged[here] |= {together.get(target, target) for target in targets} - {here}
    heights: dict[str, int] = {}

    def height(node: str) -> int:
        if node not in heights:
            heights[node] = 1 + max(map(height, merged[node]), default=0)
        return heights[node]

    return max(map(height, list(merged)), default=0)


def within(graph: Graph, nodes: Iterable[str]) -> dict[str, set[str]]:
    """Keep some nodes of a graph, and the arrows between them."""
    kept = set(nodes)
    return {node: graph[node] & kept for node in sorted(kept)}


def between_wings(wings: Mapping[str, str], graph: Graph) -> dict[str, set[str]]:
    """Make one node of every wing; ``wings`` says which one each module stands in."""
    merged: dict[str, set[str]] = {wings[name]: set() for name in graph}
    for name, targets in graph.items():
        merged[wings[name]] |= {wings[target] for target in targets} - {wings[name]}
    return merged


def winged(modules: Mapping[str, Module]) -> dict[str, dict[str, str]]:
    """Name the modules of every adapter, and of every other room that has wings, with these.

    The door of an adapter, its ``__init__``, stands above all its wings, and is left out.
    """
    places = {
        f"adapters/{adapter}": {n: m.wing for n, m in modules.items() if m.adapter == adapter}
        for adapter in ADAPTERS
    }
    for room in ("core", "conformance"):
        places[room] = {n: m.folder for n, m in modules.items() if m.room == room}
    return {
        place: {name: wing for name, wing in wings.items() if wing}
        for place, wings in places.items()
    }


def figures(root: Path) -> list[dict[str, Any]]:
    """Measure every room, the wings of every adapter and room, and each of these wings."""
    modules = modules_of(root)
    arrows = arrows_of(modules)
    rooms = (*(room for room in ROOMS if not room.startswith("src")), "door")
    rows = [
        _row(room, within(arrows, (name for name, m in modules.items() if m.room == room)))
        for room in rooms
    ]
    rows.append(_row(SOURCES, includes_of(root)))
    for place, wings in winged(modules).items():
        graph = within(arrows, wings)
        if place.startswith("adapters"):
            rows.append(_row(place, graph))
        merged = between_wings(wings, graph)
        rows.append(_row(f"{place}, its wings", merged))
        for wing in sorted(merged):
            inside = within(graph, (name for name in graph if wings[name] == wing))
            rows.append(_row(f"{place}/{wing}", inside) | {"imports": sorted(merged[wing])})
    return rows


def _row(name: str, graph: Graph) -> dict[str, Any]:
    arrows = sum(map(len, graph.values()))
    return {"room": name, "nodes": len(graph), "floors": floors_of(graph), "arrows": arrows}


def faults(root: Path) -> list[str]:
    """Name everything that breaks a rule."""
    modules = modules_of(root)
    arrows = arrows_of(modules)
    return [
        *_upward(modules, arrows),
        *_circles(modules, arrows),
        *_foreign(modules, arrows),
        *_frameworks(modules),
        *_past_the_gate(modules),
        *_missing_wings(modules),
        *_shared_names(modules),
    ]


def _upward(modules: Mapping[str, Module], arrows: Graph) -> Iterator[str]:
    for name, targets in arrows.items():
        here = modules[name]
        for target in sorted(targets):
            there = modules[target]
            up = there.height > here.height
            if here.adapter and here.adapter == there.adapter and here.wing:
                up = _wing_height(there) > _wing_height(here)
            if up:
                yield f"{name} imports upwards: {target}"


def _wing_height(module: Module) -> int:
    heights = VERBS if _is_file(module) else {**WINGS, **OPTIONAL_WINGS}
    return {**heights, "": 4}.get(module.wing, 2)


def _is_file(module: Module) -> bool:
    """Whether a module of an adapter stands beside its wings, not in one."""
    return not module.package and module.name.count(".") == 3


def _circles(modules: Mapping[str, Module], arrows: Graph) -> Iterator[str]:
    for circle in circles_of(arrows):
        yield f"a circle of modules: {', '.join(circle)}"
    for place, wings in winged(modules).items():
        for circle in circles_of(between_wings(wings, within(arrows, wings))):
            yield f"a circle of the wings of {place}: {', '.join(circle)}"


def _foreign(modules: Mapping[str, Module], arrows: Graph) -> Iterator[str]:
    for name, targets in arrows.items():
        here = modules[name]
        allowed = {here.adapter, "", *BACKENDS.get(here.adapter, ())}
        for target in sorted(targets):
            if here.room == "adapters" and modules[target].adapter not in allowed:
                yield f"{name} imports another adapter: {target}"


def _frameworks(modules: Mapping[str, Module]) -> Iterator[str]:
    for name, module in modules.items():
        foreign = KNOWN - FRAMEWORKS[module.adapter]
        for imported in sorted(set(imports_of(module))):
            if imported.partition(".")[0] in foreign:
                yield f"{name} imports a framework: {imported}"


def _past_the_gate(modules: Mapping[str, Module]) -> Iterator[str]:
    for name, module in modules.items():
        if EXTENSION in {imported.partition(".")[0] for imported in imports_of(module)}:
            yield f"{name} imports the extension past the gate"


def _missing_wings(modules: Mapping[str, Module]) -> Iterator[str]:
    for adapter in ADAPTERS:
        standing = [m for m in modules.values() if m.adapter == adapter and m.wing]
        files = {module.wing for module in standing if _is_file(module)}
        folders = {module.wing for module in standing if not _is_file(module)}
        for wing in [*sorted({*WINGS} - folders), *sorted({*VERBS} - files)]:
            yield f"the adapter of {adapter} has no {wing}"
        for other in [*sorted(folders - {*WINGS, *OPTIONAL_WINGS}), *sorted(files - {*VERBS})]:
            yield f"the adapter of {adapter} has something that the others do not: {other}"


def _shared_names(modules: Mapping[str, Module]) -> Iterator[str]:
    places: dict[str, list[str]] = defaultdict(list)
    for name, module in modules.items():
        if not name.endswith(_SAME_MODELS):
            for node in module.tree.body:
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(name)
    for name, where in sorted(places.items()):
        if len(where) > 1:
            yield f"{len(where)} classes are called {name}: in {', '.join(where)}"


def table(rows: list[dict[str, Any]]) -> str:
    """Lay the figures out for a terminal."""
    lines = [f"{'room':32} {'nodes':>6} {'floors':>7} {'arrows':>7}  imports"]
    lines += [
        f"{row['room']:32} {row['nodes']:6} {row['floors']:7} {row['arrows']:7}"
        f"  {', '.join(row.get('imports', ()))}".rstrip()
        for row in rows
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the figures and the faults; the exit status says whether there are any."""
    parser = argparse.ArgumentParser(description="Draw the rooms, and check their rules.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    rows, broken = figures(options.folder), faults(options.folder)
    if options.json:
        print(json.dumps({"figures": rows, "faults": broken}, indent=1))
    else:
        print(table(rows))
        print("", *broken, f"{len(broken)} faults", sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
