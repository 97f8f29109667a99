"""What is installed is what the tree holds."""

import re
import tomllib
from fnmatch import fnmatchcase
from importlib import resources
from importlib.metadata import distribution, entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
KERNELS = tomllib.loads((ROOT / "kernels" / "pyproject.toml").read_text("utf-8"))["project"]
PROJECT, SETUPTOOLS = PYPROJECT["project"], PYPROJECT["tool"]["setuptools"]
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


def lower_bounds(table):
    """The lowest version of every package that the base install or an extra asks for."""
    asked = [
        *table["dependencies"],
        *(text for e in table["optional-dependencies"].values() for text in e),
    ]
    pairs = [text.split(">=") for text in asked if not text.startswith("fanwise")]
    assert all(len(pair) == 2 for pair in pairs), pairs
    return {(name, version) for name, version in pairs}


def pins(name):
    """The versions that a file of constraints pins."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


#: Of torch one version is at hand, TensorFlow is tried as tensorflow-cpu, and what the suite
#: does not import is not tried.
UNPROVED = {"torch", "tensorflow", "matplotlib", "ml-dtypes"}


def test_the_lowest_versions_that_are_tested_are_the_bounds():
    bounds = lower_bounds(PROJECT)
    assert len({name for name, _ in bounds}) == len(bounds)
    tried = pins("constraints-lowest.txt")
    proved = {(name, version) for name, version in bounds if name not in UNPROVED}
    for name, version in proved:
        assert (tried[name] + ".").startswith(version + "."), name
    assert {*tried} - {"jaxlib", "torch"} == {name for name, _ in proved}


def allowed(text):
    """The lowest version that a range allows, and the first that it does not."""
    bounds = re.fullmatch(r"fanwise-kernels>=(\d+\.\d+),<(\d+\.\d+)", text)
    return [tuple(map(int, bound.split("."))) for bound in bounds.groups()]


def test_the_extension_of_this_checkout_is_one_that_the_extra_allows():
    """And of no other minor version: that is raised when its interface is."""
    (text,) = PROJECT["optional-dependencies"]["fast"]
    lowest, beyond = allowed(text)
    version = tuple(map(int, KERNELS["version"].split(".")))
    assert lowest <= version < beyond
    assert lowest == version[:2] == (beyond[0], beyond[1] - 1)


def test_the_extension_is_of_the_same_people_under_the_same_terms():
    for field in ("authors", "license", "license-files", "requires-python"):
        assert KERNELS[field] == PROJECT[field]
    for name in ("Homepage", "Issues", "Changelog"):
        assert KERNELS["urls"][name] == PROJECT["urls"][name]
    license_of = {folder: (folder / "LICENSE").read_bytes() for folder in (ROOT, ROOT / "kernels")}
    assert len({*license_of.values()}) == 1


def test_the_extension_serves_the_lowest_python_that_is_allowed():
    """By the limited interface of that version."""
    minor = PROJECT["requires-python"].removeprefix(">=3.")
    build = (ROOT / "kernels" / "setup.py").read_text("utf-8")
    assert f'("Py_LIMITED_API", "0x03{int(minor):02X}0000")' in build
    assert f'{{"py_limited_api": "cp3{minor}"}}' in build


def test_tensorflow_has_one_bound_under_both_of_its_names():
    extras = PROJECT["optional-dependencies"]
    assert extras["tensorflow-cpu"] == [
        text.replace("tensorflow", "tensorflow-cpu") for text in extras["tensorflow"]
    ]


def test_the_base_install_needs_numpy_alone():
    required = [text for text in distribution("fanwise").requires or [] if "extra ==" not in text]
    assert [text.split(">")[0] for text in required] == ["numpy"]


def citation():
    """The fields of CITATION.cff that fill one line each."""
    lines = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line[:1].isalpha() and ": " in line)
    return dict(pairs)


def test_the_citation_is_of_this_version_and_these_addresses():
    fields, urls = citation(), PROJECT["urls"]
    assert fields["version"] == PROJECT["version"]
    assert fields["license"] == PROJECT["license"]
    assert fields["repository-code"] == urls["Source"] == urls["Homepage"]
    assert fields["url"] == urls["Documentation"]
    (author,) = PROJECT["authors"]
    assert f"  - name: {author['name']}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_addresses_of_the_project_are_complete_and_of_one_repository():
    urls = PROJECT["urls"]
    assert {*urls} == {"Homepage", "Documentation", "Source", "Issues", "Changelog"}
    for name in ("Issues", "Changelog"):
        assert urls[name].startswith(urls["Source"] + "/")
    assert (ROOT / urls["Changelog"].rpartition("/")[2]).is_file()


def test_the_license_is_a_file_of_the_distributions():
    assert PROJECT["license-files"] == ["LICENSE"]
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")


def test_every_python_that_is_named_is_allowed_and_the_first_is_the_lowest():
    prefix = "Programming Language :: Python :: 3."
    named = [
        text.removeprefix(prefix) for text in PROJECT["classifiers"] if text.startswith(prefix)
    ]
    assert named == sorted(named, key=int)
    assert PROJECT["requires-python"] == f">=3.{named[0]}"


def test_every_adapter_is_an_entry_point():
    names = {entry.name for entry in entry_points(group="fanwise.adapters")}
    assert {"numpy", "torch", "keras", "jax"} <= names


def rooms_with_tests():
    return {
        file.relative_to(ROOT / "tests").parts[0]
        for file in (ROOT / "tests").rglob("test_*.py")
        if file.parent != ROOT / "tests"
    }


def test_every_room_of_tests_is_run():
    sessions = "".join(file.read_text("utf-8") for file in ROOT.glob("*.py"))
    assert [room for room in rooms_with_tests() if f'"tests/{room}"' not in sessions] == []
