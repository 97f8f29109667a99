"""Folders of scripts, which import each other by name."""

import importlib
import sys


def importer(folder, monkeypatch):
    """Give what imports a script of a folder by its name; then put back what was imported."""
    names = {file.stem for file in folder.glob("*.py")}
    kept = {name: sys.modules.pop(name) for name in names & {*sys.modules}}
    monkeypatch.syspath_prepend(folder)
    yield importlib.import_module
    for name in names & {*sys.modules}:
        del sys.modules[name]
    sys.modules.update(kept)
