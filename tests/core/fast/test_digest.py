"""Machine code is taken for other code by no one. These tests need Numba."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import fanwise
from fanwise.core.fast import code_digest, gate
from fanwise.core.fast.code_digest import SOURCES

if os.environ.get(gate.SWITCH) != "1":  # where the compiled path is asked for, it must be there
    pytest.importorskip("numba")

import llvmlite.binding as llvm
from numba.core import config

#: Imports Numba after the digest is known, and compares.
WITH_AND_WITHOUT = """
from fanwise.core.fast import code_digest
before = code_digest.code_digest()
import numba
assert code_digest.code_digest() == before, code_digest._settings()
print(before)
"""


@pytest.fixture(autouse=True)
def afresh(monkeypatch):
    """The digest as it is without what it keeps of the platform."""
    monkeypatch.setattr(code_digest, "_platform", code_digest._platform.__wrapped__)


def digest() -> str:
    return code_digest.code_digest()


@pytest.mark.parametrize("name", ["OPT", "LOOP_VECTORIZE", "CPU_NAME", "BOUNDSCHECK", "NEW"])
def test_settings_of_numba(monkeypatch, name: str) -> None:
    before = digest()
    monkeypatch.setenv(f"NUMBA_{name}", "1")
    assert digest() != before


def test_settings_of_numba_that_a_program_has_changed(monkeypatch) -> None:
    before = digest()
    monkeypatch.setattr(config, "OPT", 1)
    assert digest() != before


def test_settings_of_numba_in_its_file(monkeypatch, tmp_path) -> None:
    before = digest()
    monkeypatch.chdir(tmp_path)
    assert digest() == before
    monkeypatch.setattr(code_digest, "_changed_settings", dict)
    (tmp_path / ".numba_config.yaml").write_text("opt: 1")
    assert digest() != before


@pytest.mark.parametrize("name", ["CACHE_DIR", "NUM_THREADS", "THREADING_LAYER", "CUDA_DRIVER"])
def test_settings_that_do_not_reach_the_code(monkeypatch, name: str) -> None:
    before = digest()
    monkeypatch.setenv(f"NUMBA_{name}", "1")
    monkeypatch.setattr(config, name, "1", raising=False)
    assert digest() == before


def test_the_processor_the_versions_and_the_form(monkeypatch) -> None:
    digests = {digest()}
    for place, name, value in (
        (llvm, "get_host_cpu_name", lambda: "other"),
        (llvm, "get_host_cpu_features", lambda: llvm.FeatureMap({"other": True})),
        (llvm, "get_process_triple", lambda: "other"),
        (llvm, "llvm_version_info", (1, 2, 3)),
        (code_digest, "version", lambda _: "other"),
        (code_digest, "ABI", code_digest.ABI + 1),
        (sys.implementation, "cache_tag", "other"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, name, value)
            digests.add(digest())
    assert len(digests) == 8


@pytest.mark.parametrize("changed", SOURCES)
def test_the_sources(monkeypatch, changed: str) -> None:
    before, right = digest(), code_digest._source
    monkeypatch.setattr(code_digest, "_source", lambda name: right(name) + b"#" * (name == changed))
    assert digest() != before


def test_all_modules_that_decide_are_among_the_sources() -> None:
    """The others choose between the paths, name the code, and guard files."""
    modules = {path.stem for path in Path(code_digest.__file__).parent.glob("*.py")}
    assert modules - set(SOURCES) == {"__init__", "code_digest", "gate", "private_files"}


def test_numba_that_is_imported_and_not_changed_changes_nothing() -> None:
    assert run(WITH_AND_WITHOUT) == digest()


def test_the_package_in_a_zip_archive(tmp_path) -> None:
    digests = [
        run(WITH_AND_WITHOUT, archived(tmp_path / f"{number}.zip", comment))
        for number, comment in enumerate([b"", b"# other"])
    ]
    assert digests[0] == digest()
    assert digests[1] != digest()


def archived(archive: Path, comment: bytes) -> Path:
    """The package as an archive, with a comment in its kernels."""
    root = Path(fanwise.__file__).parent
    with zipfile.ZipFile(archive, "w") as file:
        for folder, _, names in os.walk(root, followlinks=True):
            for path in [Path(folder, name) for name in names]:
                if path.suffix in (".py", ".toml"):
                    content = path.read_bytes() + comment * (path.name == "kernels.py")
                    file.writestr(str(Path("fanwise") / path.relative_to(root)), content)
    return archive


def run(code: str, *places: Path) -> str:
    """What a script prints that finds the package at the places, or where this process did."""
    paths = [str(place) for place in places] or [p for p in sys.path if p]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
