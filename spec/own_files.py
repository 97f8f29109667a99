"""The data that lies beside the package's modules: schemes, tables, recipes, forms."""

from __future__ import annotations

import pkgutil


def own_text(package: str, name: str) -> str:
    """Read a file of text that comes with a package.

    The loader of the package reads it, from a zip too. ``importlib.resources`` would also list
    folders, for which it imports 30 ms of modules.

    Args:
        package: the name of the package.
        name: of the file, in its folder; with slashes, in one below.

    Raises:
        OSError: where there is none: the installation is damaged.
    """
    data = pkgutil.get_data(package, name)
    if data is None:
        raise OSError(f"{package} is loaded by something that reads no files: {name} is missing")
    return data.decode("utf-8")
