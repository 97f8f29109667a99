"""Every module of the suite has a test in the room that mirrors its own."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.relative_to(ROOT / "conformance").with_suffix("")
    for path in (ROOT / "conformance").rglob("*.py")
    if not path.stem.startswith(("__", "test_"))
    # Audits are tested by what they claim, and by planted faults, also in tests/audits.
    and "audits" not in path.parts
)


def imports(test, module):
    """Whether a test imports a module of the suite, by either form."""
    dotted = ".".join(("fanwise", "conformance", *module.parts))
    package, _, name = dotted.rpartition(".")
    text = test.read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith(("from ", "import "))]
    return any(
        line.startswith(f"from {dotted} import ")
        or (line.startswith(f"from {package} import ") and name in line.replace(",", " ").split())
        for line in lines
    )


#: What runs in processes that tests start: pytest loads the plugin, and a seat is a program.
IN_PROCESSES = {"plugin", "seat"}


@pytest.mark.parametrize("module", [m for m in MODULES if m.name not in IN_PROCESSES], ids=str)
def test_a_module_is_imported_by_a_test_of_its_room(module):
    room = ROOT / "tests" / "conformance" / module.parent
    assert any(imports(test, module) for test in room.glob("*.py")), module


#: What declares things that other modules' tests are about, and whose test has another name.
NAMED_OTHERWISE = {
    *("results/claims", "results/rows", "results/verdicts", "vectors/generator"),
    *("cuts/expected", "cuts/jobs", "cuts/memory", "cuts/report", "cuts/seat"),
}


@pytest.mark.parametrize("module", [m for m in MODULES if m.parent != Path()], ids=str)
def test_a_module_of_a_room_has_a_test_of_its_own_name(module):
    own = ROOT / "tests" / "conformance" / module.parent / f"test_{module.name}.py"
    assert own.is_file() is (str(module) not in NAMED_OTHERWISE)
    assert not own.is_file() or imports(own, module)


def test_a_module_without_a_test_would_be_seen():
    room = ROOT / "tests" / "conformance" / "checks"
    assert not any(imports(test, Path("checks/no_such_module")) for test in room.glob("*.py"))
    assert len(MODULES) > 30
