"""The files of the package are read by what loaded it."""

import importlib
import subprocess
import sys
import zipfile

import pytest

from fanwise.spec.own_files import own_text

DRAW = "fanwise.sample('normal', (8, 4), seed=0, path='größe')"


@pytest.fixture
def zipped(tmp_path, monkeypatch):
    """The name of a package that is imported from a zip."""
    name = "package_in_a_zip"
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as packed:
        packed.writestr(f"{name}/__init__.py", "")
        packed.writestr(f"{name}/recipes/größe.toml", "größe = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path / "packed.zip"))
    importlib.invalidate_caches()
    yield name
    sys.modules.pop(name, None)


def test_a_file_in_a_zip_is_read(zipped):
    assert own_text(zipped, "recipes/größe.toml") == "größe = 1\n"


def test_a_file_that_is_missing_is_an_error(zipped):
    with pytest.raises(OSError, match=r"other\.toml"):
        own_text(zipped, "recipes/other.toml")
    with pytest.raises(FileNotFoundError):
        own_text("fanwise.spec", "other.toml")


def test_a_package_that_reads_no_files_is_an_error():
    with pytest.raises(OSError, match="sys is loaded by something that reads no files"):
        own_text("sys", "other.toml")


def test_drawing_lists_no_folders():
    """What importlib.resources imports took twice as long as everything else of a first draw."""
    code = f"import sys, fanwise; {DRAW}; print('importlib.resources' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
