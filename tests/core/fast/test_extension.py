"""The extension is taken only where it works and has the interface of this Fanwise."""

import os
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

import fanwise
from fanwise.core.fast import extension, gate

#: Draws, and prints what is warned of, and the bits.
DRAW = """
import sys, warnings
{before}
import fanwise
assert "fanwise_kernels" not in sys.modules or sys.modules["fanwise_kernels"] is None
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    bits = [fanwise.sample("normal", (8, 4), seed=0).tobytes() for _ in range(2)]
assert bits[0] == bits[1]
print(bits[0].hex(), *[str(warning.message).partition(";")[0] for warning in caught], sep="\\n")
"""
EXPECTED = f"not {extension.ABI}, of this Fanwise"
#: What lies in its place, and what is said of it.
OTHERS = {
    "another interface": (
        f"ABI = {extension.ABI + 1}",
        f"fanwise-kernels has the interface {extension.ABI + 1}, {EXPECTED}",
    ),
    "none": ("", f"fanwise-kernels has the interface None, {EXPECTED}"),
    "fails": ("1 / 0", "fanwise-kernels does not work: ZeroDivisionError('division by zero')"),
    "lacks something": (
        "import of_nothing",
        "fanwise-kernels does not work: ModuleNotFoundError(\"No module named 'of_nothing'\")",
    ),
    "no shared object": (
        "raise ImportError('undefined symbol: PyLong_AsInt')",
        "fanwise-kernels does not work: ImportError('undefined symbol: PyLong_AsInt')",
    ),
}


@pytest.fixture(scope="module")
def bits() -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(gate.SWITCH, "0")
        return fanwise.sample("normal", (8, 4), seed=0).tobytes().hex()


def drawn(before: str = "", folder: Path | None = None, switch: str = "") -> list[str]:
    """What a fresh process prints that finds a folder before all others."""
    paths = [*([] if folder is None else [str(folder)]), *filter(None, sys.path)]
    variables = {"PYTHONPATH": os.pathsep.join(paths), gate.SWITCH: switch}
    done = subprocess.run(
        [sys.executable, "-c", DRAW.format(before=before)],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return [*done.stdout.splitlines(), *done.stderr.splitlines()[-1:]]


def test_a_process_without_it_draws_by_numpy_and_says_nothing(bits) -> None:
    assert drawn("sys.modules['fanwise_kernels'] = None") == [bits]


@pytest.mark.parametrize(("module", "said"), OTHERS.values(), ids=OTHERS)
def test_a_process_with_one_that_is_of_no_use_says_so_once(tmp_path, bits, module, said) -> None:
    (tmp_path / "fanwise_kernels.py").write_text(module)
    assert drawn(folder=tmp_path) == [bits, said]
    assert drawn(folder=tmp_path, switch="0") == [bits]
    assert drawn(folder=tmp_path, switch="1")[0].startswith(
        f"fanwise.spec.errors.FanwiseError: Expected the compiled extension. Received: {said}."
    )


def test_it_is_known_to_be_there_without_being_imported(tmp_path, monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, extension.NAME, raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(sys, "meta_path", [PathFinder])
    assert not extension.is_installed()
    (tmp_path / "fanwise_kernels.py").write_text("1 / 0")
    sys.path_importer_cache.pop(str(tmp_path), None)
    assert extension.is_installed()
