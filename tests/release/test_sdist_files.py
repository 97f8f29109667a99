"""A file that the sdist lacks is seen, and one that is not the repository's."""

import subprocess
import sys
import tarfile

from release import sdist_files
from release.sdist_files import differences, packed_files, tracked_files


def test_the_files_of_an_sdist_are_read_without_their_folder(tmp_path):
    file = tmp_path / "module.py"
    file.touch()
    with tarfile.open(tmp_path / "sdist.tar.gz", "w:gz") as archive:
        archive.add(file, "fanwise-0.1.0/core/module.py")
        archive.add(tmp_path / "module.py", "fanwise-0.1.0/PKG-INFO")
    assert packed_files(tmp_path / "sdist.tar.gz") == {"core/module.py", "PKG-INFO"}


def test_the_files_that_git_keeps_are_read(tmp_path):
    (tmp_path / "kept.py").touch()
    (tmp_path / "left.py").touch()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "kept.py"], cwd=tmp_path, check=True)
    assert tracked_files(tmp_path) == {"kept.py"}


def test_what_setuptools_writes_is_no_difference():
    packed = {"a.py", "PKG-INFO", "setup.cfg", "fanwise.egg-info/SOURCES.txt"}
    assert differences(packed, {"a.py"}) == []


def test_a_missing_file_and_a_strange_one_are_named():
    tracked = {"a.py", "tests/test_a.py"}
    named = ["missing: tests/test_a.py", "not in git: .nox/log"]
    assert differences({"a.py", ".nox/log"}, tracked) == named


def test_the_script_fails_where_a_file_is_missing(tmp_path):
    with tarfile.open(tmp_path / "sdist.tar.gz", "w:gz"):
        pass
    script = [sys.executable, sdist_files.__file__, str(tmp_path / "sdist.tar.gz")]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "missing: noxfile.py" in done.stderr
