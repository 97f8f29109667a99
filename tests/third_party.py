"""A distribution of someone else's, as an installer would leave it in a folder of modules."""

from pathlib import Path


def install(folder: Path, name: str, entry_points: dict[str, str], modules: dict[str, str]) -> Path:
    """Write modules, and the metadata that registers their adapters.

    Returns:
        The folder, to be put on ``sys.path``.
    """
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"{entry} = {value}" for entry, value in entry_points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[fanwise.adapters]", *lines, ""]))
    for module, source in modules.items():
        (folder / f"{module}.py").write_text(source)
    return folder
