"""``fanwise adapters``: what is registered, what is there, and what installs the rest."""

import json
import sys
from importlib import resources
from importlib.metadata import EntryPoint

import jsonschema
import pytest
from rich.cells import cell_len

from fanwise.adapters import discovery


@pytest.fixture
def only(monkeypatch):
    """Registers the adapter of NumPy, and others."""

    def only(*others):
        numpy = [e for e in discovery.entry_points(group=discovery.GROUP) if e.name == "numpy"]
        monkeypatch.setattr(discovery, "entry_points", lambda group: [*numpy, *others])

    return only


def entry(name, target):
    return EntryPoint(name, target, discovery.GROUP)


def listed(run):
    data = json.loads(run("adapters", "--json").stdout)
    schema = resources.files("fanwise.commands").joinpath("schemas/adapters.schema.json")
    jsonschema.validate(data, json.loads(schema.read_text("utf-8")))
    return {adapter["name"]: adapter for adapter in data["adapters"]}


def test_an_adapter_is_listed_with_its_package_versions_and_devices(run, only):
    only()
    (numpy,) = listed(run).values()
    assert numpy["is_there"] is True
    assert numpy["package"] == "fanwise"
    assert "numpy" in numpy["versions"]
    assert numpy["devices"] == ["cpu"]
    assert (numpy["why"], numpy["install"]) == ("", "")


def test_what_is_not_installed_comes_with_the_line_that_installs_it(run, only, monkeypatch):
    (torch,) = (e for e in discovery.entry_points(group=discovery.GROUP) if e.name == "torch")
    only(torch, entry("other", "no_such_package_of_anyone:adapter"))
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in [name for name in sys.modules if name.startswith("fanwise.adapters.torch")]:
        monkeypatch.delitem(sys.modules, name)
    found = listed(run)
    assert found["torch"]["is_there"] is False
    assert found["torch"]["install"] == "pip install 'fanwise[torch]'"
    assert "no_such_package_of_anyone" in found["other"]["why"]
    assert found["other"]["install"] == ""  # nobody says what it is of
    done = run("adapters", COLUMNS="60")
    assert done.returncode == 0
    assert "pip install 'fanwise[torch]'" in done.stdout


def test_an_adapter_that_breaks_does_not_keep_the_others_from_being_listed(run, only):
    only(entry("broken", "json:dumps"), entry("missing", "json:no_such_function"))
    found = listed(run)
    assert found["numpy"]["is_there"] is True
    assert found["broken"]["install"] == ""
    assert "TypeError" in found["broken"]["why"]
    assert "json:no_such_function" in found["missing"]["why"]


def test_two_adapters_of_one_name_are_both_told_of(run, only):
    only(entry("numpy", "fanwise.adapters.numpy:adapter"))
    data = json.loads(run("adapters", "--json").stdout)
    assert [adapter["name"] for adapter in data["adapters"]] == ["numpy", "numpy"]
    assert all("one of them" in adapter["why"] for adapter in data["adapters"])


@pytest.mark.parametrize("width", [40, 60, 80])
def test_the_table_fits_its_page(run, only, width):
    only(entry("a-name-of-very-many-letters-" * 2, "no_such_package_of_anyone:adapter"))
    done = run("adapters", COLUMNS=str(width))
    assert done.returncode == 0
    # What is typed is not broken, however wide.
    lines = [line for line in done.stdout.splitlines() if " pip install " not in line]
    assert max(map(cell_len, lines)) <= width
