"""Write the stubs that editors and type checkers read of the public modules, or check them.

The functions and classes of the adapters are partly made in loops over the catalogue, so they
are inspected rather than parsed: a stub says what the module has when it is imported. Run
``python docs/make_stubs.py`` after a change of a public name, of its parameters, or of the
catalogue; it needs all frameworks. ``--check`` writes nothing, and exits with 1 where a stub
differs.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Final

from stub_text import Stub

STUBS: Final = Path(__file__).resolve().parents[1] / "src" / "fanwise"
MODULES: Final = ("fanwise", "fanwise.torch", "fanwise.keras", "fanwise.jax")
#: What a framework keeps private, and a door has all the same.
PRIVATE: Final = {
    "fanwise.torch": (
        *("_calculate_correct_fan", "_calculate_fan_in_and_fan_out", "_no_grad_fill_"),
        *("_no_grad_normal_", "_no_grad_trunc_normal_", "_no_grad_uniform_", "_no_grad_zero_"),
    )
}


def stub(module_name: str) -> str:
    """Return the stub of a public module."""
    module = importlib.import_module(module_name)
    if module_name == "fanwise":
        # The doors have stubs of their own.
        names = [name for name in dir(module) if f"fanwise.{name}" not in MODULES]
    else:
        names = [*module.__all__, *PRIVATE.get(module_name, ())]
    return Stub(module_name, {name: getattr(module, name) for name in sorted(names)}).text()


def stub_file(module_name: str) -> Path:
    """Return the file that the stub of a module is written to."""
    return STUBS / f"{module_name.removeprefix('fanwise').strip('.') or '__init__'}.pyi"


def main(arguments: list[str] | None = None) -> int:
    """Write the stubs, or check them."""
    parser = argparse.ArgumentParser(description="The stubs of the public modules.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one differs")
    parser.add_argument("module", nargs="*", help="e.g. fanwise.torch; all if none is named")
    options = parser.parse_args(arguments)
    stale = []
    for module_name in options.module or MODULES:
        file, text = stub_file(module_name), stub(module_name)
        if not file.is_file() or file.read_text("utf-8") != text:
            stale.append(file.name)
            if not options.check:
                file.write_text(text, "utf-8")
    if options.check and stale:
        print("differs, run docs/make_stubs.py:", *stale, file=sys.stderr)
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
