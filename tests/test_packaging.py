"""What is installed is what the tree holds."""

from importlib import resources
from importlib.metadata import distribution, entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"": ROOT / "src" / "fanwise"} | {
    name: ROOT / name for name in ("spec", "core", "adapters", "conformance")
}
DATA = {".py", ".pyi", ".toml", ".json", ".md", ".html", ".typed"}


def files_of(folder):
    return {
        file.relative_to(folder)
        for file in Path(folder).rglob("*")
        if file.suffix in DATA or file.name == "py.typed"
    }


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_of_the_tree_is_installed(room):
    installed = Path(str(resources.files("fanwise").joinpath(room)))
    missing = {file for file in files_of(ROOMS[room]) if not (installed / file).is_file()}
    assert missing == set()
    assert files_of(ROOMS[room])


def test_the_check_sees_a_missing_file(tmp_path):
    (tmp_path / "module.py").touch()
    assert files_of(tmp_path) == {Path("module.py")}


def test_the_base_install_needs_numpy_alone():
    required = [text for text in distribution("fanwise").requires or [] if "extra ==" not in text]
    assert [text.split(">")[0] for text in required] == ["numpy"]


def test_every_adapter_is_an_entry_point():
    names = {entry.name for entry in entry_points(group="fanwise.adapters")}
    assert {"numpy", "torch", "keras", "jax"} <= names
