"""Parameters that their constructor, or their class' methods, write once more after a draw."""

import math
import sys

import numpy as np
import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise.adapters.torch.layers import law_recorder
from fanwise.spec.errors import FanwiseError

WIDTH = 64
RECIPE = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.1}}]}


class Edited(nn.Module):
    def __init__(self):
        super().__init__()
        self.width = WIDTH


class ZeroRow(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))
        with torch.no_grad():
            self.weight[0] = 0


class ZeroRowOfData(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))
        self.weight.data[0] *= 0


class ZeroRowOfLocal(Edited):
    def __init__(self):
        super().__init__()
        made = torch.randn(WIDTH, WIDTH)
        made[0] = 0
        self.weight = nn.Parameter(made)


class ZeroDiagonalOfLocal(Edited):
    def __init__(self):
        super().__init__()
        made = torch.randn(WIDTH, WIDTH)
        made.fill_diagonal_(0)
        self.weight = nn.Parameter(made)


class ZeroRowsInLoop(Edited):
    def __init__(self):
        super().__init__()
        made = torch.randn(WIDTH, WIDTH)
        for row in range(2):
            made[row] = 0
        self.weight = nn.Parameter(made)


class Symmetric(Edited):
    def __init__(self):
        super().__init__()
        made = torch.randn(WIDTH, WIDTH)
        self.weight = nn.Parameter((made + made.T) / 2)


class SymmetricByMethod(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(WIDTH, WIDTH))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.normal_(self.weight)
        with torch.no_grad():
            self.weight.copy_((self.weight + self.weight.T) / 2)


class SumOfHalves(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(WIDTH, WIDTH))
        self.reset_parameters()

    def reset_parameters(self):
        made = torch.randn(2 * WIDTH, WIDTH)
        self.weight.data.copy_(made[:WIDTH] + made[WIDTH:].contiguous())


class RepeatedColumn(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(WIDTH, WIDTH))
        self.reset_parameters()

    def reset_parameters(self):
        self.weight.data = torch.randn(WIDTH, 1) + torch.zeros(WIDTH, WIDTH)


@pytest.mark.parametrize(
    "cls",
    [
        ZeroRow,
        ZeroRowOfData,
        ZeroRowOfLocal,
        ZeroDiagonalOfLocal,
        ZeroRowsInLoop,
        Symmetric,
        SymmetricByMethod,
        SumOfHalves,
        RepeatedColumn,
    ],
)
def test_what_is_edited_so_that_it_has_no_law_is_no_plain_draw(cls):
    model = cls()
    before = model.weight.detach().clone()
    with pytest.raises(FanwiseError, match="no rule"):
        init.initialize(model, "torch_default", seed=0)
    assert torch.equal(model.weight, before)


class ScaledData(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))
        self.weight.data *= 0.1


class NewData(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))
        self.weight.data = self.weight.data * 0.1


class ScaledLocal(Edited):
    def __init__(self):
        super().__init__()
        made = torch.randn(WIDTH, WIDTH)
        made *= 0.1
        self.weight = nn.Parameter(made)


class WrittenLocal(Edited):
    def __init__(self):
        super().__init__()
        made = torch.empty(WIDTH, WIDTH)
        nn.init.normal_(made, std=0.1)
        self.weight = nn.Parameter(made)


class TransposedDraw(Edited):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(WIDTH, WIDTH))
        self.reset_parameters()

    def reset_parameters(self):
        self.weight.data.copy_(torch.randn(WIDTH, WIDTH).T * 0.1)


@pytest.mark.parametrize("cls", [ScaledData, NewData, ScaledLocal, WrittenLocal, TransposedDraw])
def test_what_is_scaled_or_written_in_place_is_read(cls):
    model = cls()
    init.initialize(model, "torch_default", seed=0)
    plain = cls()
    init.initialize(plain, RECIPE, seed=0)
    assert torch.equal(model.weight, plain.weight)


class Exponential(nn.Module):
    """Starts by a formula, until somebody else writes it."""

    def __init__(self):
        super().__init__()
        self.rate = nn.Parameter(torch.exp(torch.rand(1000) * math.log(100)) * 0.001)


def test_a_formula_gives_way_to_values_that_it_does_not_give():
    model = Exponential()
    init.initialize(model, "torch_default", seed=0)
    model.rate.data.mul_(3)
    with pytest.raises(FanwiseError, match="no rule"):
        init.initialize(model, "torch_default", seed=0)


class Careless(nn.Module):
    """Writes more than its parameters when it starts."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(WIDTH, WIDTH))
        self.calls, self.large_calls = np.zeros(2), np.zeros(300_000)
        self.items = [self]
        self.items.append(self.items)
        self.reset_parameters()
        self.calls[:] = self.large_calls[:] = 0

    def reset_parameters(self):
        nn.init.normal_(self.weight, std=0.1)
        torch.set_default_dtype(torch.float64)
        self.calls += 1
        self.large_calls += 1


def test_code_that_is_followed_writes_no_arrays_and_leaves_the_default_dtype():
    try:
        model = Careless()
    finally:
        torch.set_default_dtype(torch.float32)
    init.paths(model)
    assert torch.get_default_dtype() is torch.float32
    assert not model.calls.any()
    assert not model.large_calls.any()


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))
        self.around = inner = []
        for _ in range(2 * sys.getrecursionlimit()):
            inner.append([])
            inner = inner[0]


def test_deep_lists_of_a_layer_are_no_obstacle():
    rows = init.initialize(Nested(), "torch_default", seed=0).rows
    assert [row.path for row in rows] == ["weight"]


class Exiting(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))

    def reset_parameters(self):
        sys.exit(1)


def test_code_that_ends_the_process_does_not():
    model = Exiting()
    before = model.weight.detach().clone()
    init.initialize(model, "torch_default", seed=0)
    assert not torch.equal(model.weight, before)


class Endless(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(WIDTH, WIDTH))

    def reset_parameters(self):
        while True:
            nn.init.normal_(self.weight)


def test_code_that_draws_for_ever_is_left(monkeypatch):
    monkeypatch.setattr(law_recorder, "_MOST_STEPS", 100)
    with pytest.raises(FanwiseError, match="no rule"):
        init.initialize(Endless(), "torch_default", seed=0)
