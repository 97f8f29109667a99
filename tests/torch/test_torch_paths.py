"""A model of torch as a recipe sees it."""

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.spec.errors import FanwiseError


def test_a_row_tells_what_rules_ask_for():
    model = nn.ModuleDict({"conv": nn.Conv2d(3, 8, 3, bias=False), "norm": nn.BatchNorm2d(8)})
    rows = init.paths(model).rows
    assert [(row.path, row.role, row.kind, row.axes) for row in rows] == [
        ("conv/kernel", "kernel", "conv", "out in * *"),
        ("norm/scale", "scale", "norm", "out"),
        ("norm/offset", "offset", "norm", "out"),
        ("norm/mean", "mean", "norm", "out"),
        ("norm/variance", "variance", "norm", "out"),
    ]
    assert rows[0].class_name == "torch.nn.modules.conv.Conv2d"
    assert rows[0].names == ("conv.weight",)
    assert rows[0].shape == (8, 3, 3, 3)


def test_a_tied_weight_is_one_row_under_all_of_its_names():
    model = nn.ModuleDict({"table": nn.Embedding(5, 3), "head": nn.Linear(3, 5, bias=False)})
    model["head"].weight = model["table"].weight
    (row,) = init.paths(model).rows
    assert row.names == ("table.weight", "head.weight")


def test_what_does_not_train_is_told():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2).requires_grad_(requires_grad=False))
    assert [row.trains for row in init.paths(model).rows] == [True, True, False, False]


def test_a_model_without_memory_has_paths():
    with torch.device("meta"):
        assert len(init.paths(nn.Transformer(8, 2, 1, 1, 8, batch_first=True)).rows) > 20


def test_paths_that_are_shown_are_those_of_a_recipe():
    """Whatever is listed can be copied into a rule."""
    model = nn.Sequential(nn.LSTM(3, 4), nn.MultiheadAttention(4, 2))
    shown = [row.path for row in init.paths(model).rows]
    rules = [{"match": path, "init": "zeros"} for path in shown]
    report = init.initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
    assert [row.path for row in report.rows] == shown


def test_what_is_no_model_is_refused():
    with pytest.raises(FanwiseError, match=r"torch\.nn\.Module"):
        init.paths([1])


def test_a_shared_tensor_has_the_paths_of_all_its_places():
    model = nn.ModuleDict(
        {"tok": nn.Embedding(9, 4), "mix": nn.MultiheadAttention(4, 2), "head": nn.Linear(4, 9)}
    )
    model["head"].weight = model["tok"].weight
    listed = init.paths(model)
    assert {row.path: row.ties for row in listed.rows if row.ties} == {
        "tok/embedding": ("head/kernel",)
    }
    assert list(listed.notes()) == ["tied: head/kernel shares the tensor of tok/embedding"]
    (row,) = [row for row in init.initialize(model, "torch_default", seed=0).rows if row.ties]
    assert (row.path, row.ties) == ("tok/embedding", ("head/kernel",))


def test_new_names_are_those_of_the_other_places_too():
    model = nn.ModuleDict({"tok": nn.Embedding(9, 4), "head": nn.Linear(4, 9, bias=False)})
    model["head"].weight = model["tok"].weight
    recipe = fanwise.recipe(
        {
            "fanwise": 1,
            "names": {"torch": {"tok": "tokens", "head": "lm_head"}},
            "rule": [{"match": "lm_head/kernel", "init": "zeros"}],
            "allow": {"unmatched": ["**"], "unused": ["head", "tok"]},
        }
    )
    with pytest.raises(
        FanwiseError, match="lm_head/kernel shares its tensor with tokens/embedding"
    ):
        init.initialize(model, recipe, seed=0)
