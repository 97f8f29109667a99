"""What is installed is what the tree holds."""

import tomllib
from fnmatch import fnmatchcase
from importlib import resources
from importlib.metadata import distribution, entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
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


def packages_of(rooms):
    """The folders that hold modules, by the names that they are imported under."""
    return {
        ".".join(("fanwise", *filter(None, [room]), *file.parent.relative_to(folder).parts))
        for room, folder in rooms.items()
        for file in folder.rglob("*.py")
    }


def folder_of(package, folders):
    """Where setuptools looks for a package: in the folder of its nearest parent that has one."""
    parent = package
    while parent not in folders:
        parent = parent.rpartition(".")[0]
    return Path(folders[parent], *package.removeprefix(parent).strip(".").split("."))


def test_the_packages_are_the_folders_of_the_tree():
    assert len(SETUPTOOLS["packages"]) == len({*SETUPTOOLS["packages"]})
    assert {*SETUPTOOLS["packages"]} == packages_of(ROOMS)


def test_every_package_is_found_where_the_build_looks_for_it():
    for package in SETUPTOOLS["packages"]:
        assert (ROOT / folder_of(package, SETUPTOOLS["package-dir"]) / "__init__.py").is_file()


def test_every_folder_of_the_build_is_a_room():
    rooms = {
        ".".join(("fanwise", *filter(None, [room]))): str(folder.relative_to(ROOT))
        for room, folder in ROOMS.items()
    }
    assert SETUPTOOLS["package-dir"] == rooms


def test_the_check_sees_a_new_folder(tmp_path):
    (tmp_path / "wing").mkdir()
    (tmp_path / "wing" / "module.py").touch()
    assert packages_of({"": tmp_path}) == {"fanwise.wing"}
    assert packages_of({"core": tmp_path}) == {"fanwise.core.wing"}


def test_every_kind_of_data_is_packed():
    (patterns,) = SETUPTOOLS["package-data"].values()
    names = [
        (file.name, f"{file.parent.name}/{file.name}")
        for folder in ROOMS.values()
        for file in map(folder.joinpath, files_of(folder))
        if file.suffix != ".py"
    ]
    packed = [name for name in names if any(fnmatchcase(n, p) for n in name for p in patterns)]
    assert packed == names
    assert {"*.pyi", "py.typed"} <= {*patterns}


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
