"""The table of what other libraries' classes start with."""

import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise.adapters.torch.layers import library_starts
from fanwise.adapters.torch.layers.library_starts import LIBRARY_STARTS, LibraryStart, library_start
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import KEEP, schemes


class Patches(nn.Module):
    """Positions that no code in sight draws."""

    def __init__(self, width):
        super().__init__()
        self.width = width
        self.table = nn.Parameter(torch.empty(30, width))
        start(self)


def start(layer):
    nn.init.normal_(layer.table, std=7)


@pytest.fixture
def table(monkeypatch):
    """Exchange the table."""

    def exchange(*lines):
        monkeypatch.setattr(library_starts, "LIBRARY_STARTS", lines)
        library_starts._line.cache_clear()

    yield exchange
    library_starts._line.cache_clear()


def test_every_line_has_a_start_and_a_source():
    for line in LIBRARY_STARTS:
        name = line.init if isinstance(line.init, str) else line.init["scheme"]
        assert name == KEEP or name in schemes()
        assert line.source
        assert "." in line.cls


def test_a_line_gives_the_start_of_a_class(table):
    numbers = {"scheme": "normal", "std": "1 / sqrt(width * size_0)"}
    table(LibraryStart("*.Patches", "tab*", numbers, "a test"))
    model = nn.Sequential(Patches(16), nn.Linear(16, 3))
    row = init.initialize(model, "torch_default", seed=0).rows[0]
    assert (row.path, row.scheme) == ("0/table", "normal")
    assert row.expected == pytest.approx(480**-0.5)
    assert library_start(nn.Linear(3, 3), "table", (3,)) is None
    assert library_start(model[0], "other", (3,)) is None


def test_without_a_line_it_is_an_error(table):
    table()
    with pytest.raises(FanwiseError, match="0/table"):
        init.initialize(nn.Sequential(Patches(16)), "torch_default", seed=0)


def test_a_formula_stays(table):
    table(LibraryStart("*.Patches", "table", KEEP, "a test"))
    model = nn.Sequential(Patches(16), nn.Linear(16, 3))
    before = model[0].table.detach().clone()
    report = init.initialize(model, "torch_default", seed=0)
    assert report.left_alone == ("0/table",)
    assert torch.equal(before, model[0].table)


def test_a_formula_that_nobody_set_is_an_error(table):
    table(LibraryStart("*.Patches", "table", KEEP, "a test"))
    model = nn.Sequential(Patches(16), nn.Linear(16, 3))
    for parameter in model.parameters():
        nn.init.constant_(parameter, torch.nan)
    with pytest.raises(FanwiseError, match="0/table"):
        init.initialize(model, "torch_default", seed=0)


def test_a_number_that_the_layer_does_not_have_is_named(table):
    table(LibraryStart("*.Patches", "table", {"scheme": "normal", "std": "depth"}, "a test"))
    with pytest.raises(FanwiseError, match="depth"):
        init.initialize(nn.Sequential(Patches(16)), "torch_default", seed=0)
