"""Each line that a recipe may have, on a model of torch."""

import math

import numpy as np
import pytest
import torch
from common.torch_recipes import SEED
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.spec.errors import FanwiseError


class GainRMSNorm(nn.Module):
    """A norm as libraries have their own."""

    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width))


class Experts(nn.Module):
    """Two stacked matrices for three experts."""

    def __init__(self, width):
        super().__init__()
        self.up = nn.Parameter(torch.zeros(3, width, 2 * width))
        self.down = nn.Parameter(torch.zeros(3, 2 * width, width))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = GainRMSNorm(width)
        self.experts = Experts(width)
        self.mlp = nn.ModuleDict({"down": nn.Linear(width, width, bias=False)})


class Model(nn.Module):
    """Three blocks, a frozen table, and a mask that is no parameter."""

    def __init__(self, width=6):
        super().__init__()
        self.table = nn.Embedding(5, width).requires_grad_(requires_grad=False)
        self.blocks = nn.ModuleList(Block(width) for _ in range(3))
        self.register_buffer("mask", torch.ones(width))


FORM = """
fanwise = 1
extends = "torch_default"

[[rule]]
class = "*RMSNorm"
match = "**/weight"
init = "ones"

[[rule]]
match = "**/experts/*"
axes = "batch in out"
init = "he_normal"

[[rule]]
match = "blocks/<i>/mlp/down/kernel"
init = { scheme = "normal", std = "0.02 / sqrt(2 * (i + 1)) / i_count" }

[[rule]]
frozen = true
init = "keep"
"""


def rows_of(model, recipe=FORM, **how):
    report = init.initialize(model, recipe, seed=SEED, **how)
    return report, {row.path: row for row in report.rows}


def test_a_class_is_named_by_itself_or_with_its_modules():
    _, rows = rows_of(Model())
    assert rows["blocks/2/norm/weight"].scheme == "ones"
    dotted = FORM.replace('"*RMSNorm"', f'"{GainRMSNorm.__module__}.GainRMSNorm"')
    assert rows_of(Model(), dotted)[1]["blocks/2/norm/weight"].rule == 1
    with pytest.raises(FanwiseError, match="RMSNrom"):
        rows_of(Model(), FORM.replace("RMSNorm", "RMSNrom"))


def test_axes_tell_what_is_stacked():
    model = Model()
    _, rows = rows_of(model)
    assert (rows["blocks/0/experts/up"].fan_in, rows["blocks/0/experts/up"].fan_out) == (6, 12)
    assert rows["blocks/0/experts/down"].expected == pytest.approx(math.sqrt(2 / 12))
    drawn = fanwise.sample(
        "he_normal", (3, 6, 12), seed=SEED, path="blocks/0/experts/up", axes="batch in out"
    )
    np.testing.assert_array_equal(model.blocks[0].experts.up.detach().numpy(), drawn)


def test_numbers_of_a_path_count_in_expressions():
    _, rows = rows_of(Model())
    for number in range(3):
        row = rows[f"blocks/{number}/mlp/down/kernel"]
        assert row.expected == pytest.approx(0.02 / math.sqrt(2 * (number + 1)) / 3)


def test_what_does_not_train_is_kept_and_counts_as_ruled():
    model = Model()
    before = model.table.weight.clone()
    _, rows = rows_of(model)
    assert torch.equal(model.table.weight, before)
    assert "table/embedding" not in rows
    with pytest.raises(FanwiseError, match=r"table/embedding.*frozen = true"):
        init.initialize(Model(), {"fanwise": 1, "rule": [{"match": "**", "init": "ones"}]}, seed=0)
    drawn = FORM.replace('init = "keep"', 'init = { scheme = "normal", std = 2 }')
    assert rows_of(Model(), drawn)[1]["table/embedding"].expected == 2


def test_all_that_is_left_alone_is_told():
    model = Model()
    report, _ = rows_of(model, exclude="blocks/1/**")
    assert set(report.left_alone) == {
        *("table/embedding", "mask", "blocks/1/norm/weight", "blocks/1/mlp/down/kernel"),
        *("blocks/1/experts/up", "blocks/1/experts/down"),
    }
    unmatched = FORM.replace(
        'class = "*RMSNorm"\nmatch = "**/weight"\ninit = "ones"',
        'match = "**/norm/*"\ninit = "keep"',
    )
    assert "blocks/2/norm/weight" in rows_of(model, unmatched)[0].left_alone
    assert bool((model.mask == 1).all())


def test_own_rules_go_before_those_of_the_base():
    model = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4))
    recipe = {
        "fanwise": 1,
        "extends": ["torch_default"],
        "rule": [{"layer": "norm", "role": "scale", "init": "zeros"}],
    }
    assert [row.scheme for row in rows_of(model, recipe)[1].values()] == [
        *("torch_default", "torch_default", "zeros", "zeros"),
    ]


def test_indices_may_be_shifted_by_names():
    model = nn.ModuleDict({f"stack{number}": nn.Linear(4, 4, bias=False) for number in range(3)})
    recipe = {
        "fanwise": 1,
        "rule": [{"match": "layer<i>/kernel", "init": {"scheme": "constant", "value": "i"}}],
        "names": {"torch": {"stack<i>": "layer<i + 1>"}},
    }
    assert list(rows_of(model, recipe)[1]) == ["layer1/kernel", "layer2/kernel", "layer3/kernel"]
    assert [float(layer.weight.detach().mean()) for layer in model.values()] == [1, 2, 3]


def test_a_name_overrides_a_guessed_role():
    model = nn.Module()
    model.norm = GainRMSNorm(4)
    recipe = {
        "fanwise": 1,
        "rule": [{"role": "offset", "init": "zeros"}],
        "names": {"torch": {"norm/weight": "norm/offset"}},
    }
    assert rows_of(model, recipe)[1]["norm/offset"].role == "offset"


def test_unequal_parts_are_divided_by_their_axes():
    """Four heads that ask, and one that is asked."""
    model = nn.ModuleDict({"qkv": nn.Linear(8, 12, bias=False)})
    recipe = {
        "fanwise": 1,
        "rule": [
            {
                "match": "qkv/kernel",
                "axes": "(query=4 key=1 value=1 out) in",
                "init": {"scheme": "normal", "std": 0.5},
            }
        ],
    }
    _, rows = rows_of(model, recipe)
    assert {path: row.shape for path, row in rows.items()} == {
        "qkv/query/kernel": (8, 8),
        "qkv/key/kernel": (2, 8),
        "qkv/value/kernel": (2, 8),
    }
    for start, (path, row) in zip((0, 8, 10), rows.items(), strict=True):
        held = model["qkv"].weight[start : start + row.shape[0]].detach().numpy()
        normal = fanwise.scheme("normal", std=0.5)
        drawn = fanwise.sample(normal, row.shape, seed=SEED, path=path, axes="out in")
        np.testing.assert_array_equal(held, drawn)


def test_a_dry_run_says_what_the_model_holds_now():
    model = nn.Sequential(nn.Linear(64, 100), nn.LayerNorm(100), nn.Linear(100, 2))
    nn.init.trunc_normal_(model[0].weight, std=0.5, a=-1, b=1)
    rules = [{"match": "**", "init": "ones"}]
    report = init.initialize(model, {"fanwise": 1, "rule": rules}, seed=SEED, dry_run=True)
    told = {row.path: row.holds for row in report.rows}
    assert told["0/kernel"].startswith("truncated normal, std 0.44")
    assert told["1/scale"] == "all 1"
    assert told["2/bias"].startswith("only ")
    assert "holds" in str(report)
    assert report.to_dict()["rows"][2]["holds"] == "all 1"
    with torch.device("meta"):
        empty = nn.Linear(2, 3)
    rows = init.initialize(empty, {"fanwise": 1, "rule": rules}, seed=SEED, dry_run=True).rows
    assert {row.holds for row in rows} == {None}
    unread = init.initialize(
        model, {"fanwise": 1, "rule": rules}, seed=SEED, dry_run=True, report=False
    )
    assert {row.holds for row in unread.rows} == {None}
    wet = init.initialize(model, {"fanwise": 1, "rule": rules}, seed=SEED)
    assert {row.holds for row in wet.rows} == {None}
    assert "holds" not in str(wet)


def test_a_dry_run_reports_all_problems_with_what_mends_them():
    model = Model()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    recipe = {
        "fanwise": 1,
        "rule": [{"class": "Nothing", "init": "zeros"}, {"role": "kernel", "init": "he_normal"}],
    }
    report = init.initialize(model, recipe, seed=SEED, dry_run=True)
    kinds = {problem.kind for problem in report.problems}
    assert {"unruled", "unused rule"} <= kinds
    (unruled,) = (problem for problem in report.problems if problem.kind == "unruled")
    assert {group.holds for group in unruled.groups if "RMSNorm" in group.label} == {"all 0"}
    with pytest.raises(FanwiseError) as raised:
        init.initialize(model, recipe, seed=SEED)
    assert [str(p.error) for p in raised.value.problems] == [str(p.error) for p in report.problems]
    mended = raised.value.hint.split("This recipe would fit:\n\n")[1]
    assert init.initialize(model, mended, seed=SEED, dry_run=True).problems == ()
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
