"""What a checkpoint did not bring is set, and nothing else."""

import pytest
import torch
from common.torch_recipes import ALL, SEED, equal, network
from torch import nn

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError


def changed(model, **how):
    """Set a model, and return the names of the parameters that changed."""
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    report = init.initialize(model, ALL, seed=SEED, **how)
    after = dict(model.named_parameters())
    return report, [name for name in before if not torch.equal(before[name], after[name])]


def test_names_of_the_state_dict_are_set_alone():
    model = network()
    report, names = changed(model, missing=["head.weight"])
    assert names == ["head.weight"]
    assert [row.path for row in report.rows] == ["head/kernel"]
    assert {"head/bias", "body/0/kernel"} <= set(report.left_alone)
    equal(model["head"].weight.detach().T, "head/kernel", (4, 2))


def test_canonical_paths_are_names_too_and_so_are_those_of_layers():
    assert changed(network(), missing=["head/bias"])[1] == ["head.bias"]
    assert changed(network(), missing=["head"])[1] == ["head.weight", "head.bias"]


def test_what_load_state_dict_returned_tells_what_is_missing():
    model, source = network(), network()
    state = {name: tensor for name, tensor in source.state_dict().items() if "head" not in name}
    told = model.load_state_dict(state, strict=False)
    assert changed(model, missing=told)[1] == ["head.weight", "head.bias"]
    assert torch.equal(model["body"][0].weight, source["body"][0].weight)


def test_loading_information_tells_of_weights_of_another_shape_too():
    told = {
        "missing_keys": {"head.weight"},
        "mismatched_keys": {("head.bias", (3,), (2,))},
        "unexpected_keys": {"other.weight"},
    }
    assert changed(network(), missing=told)[1] == ["head.weight", "head.bias"]


def test_nothing_is_set_where_nothing_is_missing():
    report, names = changed(network(), missing=[])
    assert (report.rows, names) == ((), [])


def test_a_name_that_the_model_does_not_have_is_an_error_with_the_nearest():
    with pytest.raises(FanwiseError, match=r"hed\.weight.*head\.weight"):
        init.initialize(network(), ALL, seed=SEED, missing=["hed.weight"])


@pytest.mark.parametrize(
    "told",
    [{"missing_keys": 3}, {"missing_keys": [3]}, {"missing_keys": [], "mismatched_keys": [()]}, 3],
)
def test_what_are_no_names_is_refused(told):
    with pytest.raises(FanwiseError, match="list of names as missing"):
        init.initialize(network(), ALL, seed=SEED, missing=told)


def test_the_checkpoint_itself_is_not_what_it_lacks():
    model = network()
    with pytest.raises(FanwiseError, match=r"load_state_dict\(\.\.\., strict=False\)"):
        init.initialize(model, ALL, seed=SEED, missing=model.state_dict())


@pytest.mark.parametrize(
    "told",
    [
        {"missing_keys": None},
        {"missing_keys": "head.weight"},
        {"missing_keys": [()]},
        {"missing_keys": ["head.weight"], "mismatched_keys": 5},
        {"missing_keys": ["head.weight"], "mismatched_keys": "head.bias"},
        {"missing_keys": [], "mismatched_keys": [()]},
    ],
    ids=str,
)
def test_loading_information_without_lists_of_names_is_refused(told):
    with pytest.raises(FanwiseError, match="a list of names as missing"):
        init.initialize(network(), ALL, seed=SEED, missing=told)


def tied():
    model = nn.ModuleDict({"table": nn.Embedding(5, 3), "head": nn.Linear(3, 5, bias=False)})
    model["head"].weight = model["table"].weight
    return model


@pytest.mark.parametrize(
    "missing",
    [
        ["table.weight", "head.weight"],
        *(["head/kernel"], ["table/embedding"], ["head"]),
        {"missing_keys": ["head.weight"], "mismatched_keys": [("table.weight", (1,), (5, 3))]},
    ],
    ids=str,
)
def test_a_tied_weight_is_missing_by_any_path_and_by_all_of_its_names(missing):
    report, _ = changed(tied(), missing=missing)
    assert [row.path for row in report.rows] == ["table/embedding"]


@pytest.mark.parametrize("wrap", [lambda model: model, nn.DataParallel], ids=["bare", "wrapped"])
@pytest.mark.parametrize("brought", ["table.weight", "head.weight"])
def test_a_tied_weight_that_was_brought_under_one_of_its_names_stays(brought, wrap):
    """Loaders list its other names as missing, as GPT-2's head where there is only a body."""
    model = tied()
    told = model.load_state_dict({brought: torch.ones(5, 3)}, strict=False)
    assert len(told.missing_keys) == 1
    for missing in (told, told.missing_keys):
        report, names = changed(wrap(model), missing=missing)
        assert (report.rows, names) == ((), [])
        assert "table/embedding" in report.left_alone
    bare = nn.ModuleDict({"model": nn.DataParallel(tied())})
    told = bare.load_state_dict({f"model.module.{brought}": torch.ones(5, 3)}, strict=False)
    assert changed(bare, missing=told)[1] == []


def test_a_layer_in_two_places_stays_where_it_was_brought_in_one():
    layer = nn.Linear(3, 3)
    model = nn.ModuleDict({"first": layer, "second": layer})
    state = {f"second.{name}": value.clone() for name, value in layer.state_dict().items()}
    assert changed(model, missing=model.load_state_dict(state, strict=False))[1] == []
    assert changed(model, missing=model.load_state_dict({}, strict=False))[1] == [
        *("first.weight", "first.bias"),
    ]


def test_a_packed_weight_is_missing_as_a_whole():
    report, names = changed(nn.MultiheadAttention(8, 2), missing=["in_proj_weight"])
    assert names == ["in_proj_weight"]
    assert [row.path for row in report.rows] == ["query/kernel", "key/kernel", "value/kernel"]


def test_names_hold_with_and_without_a_wrapper():
    for name in ("0.weight", "module.0.weight"):
        model = nn.DataParallel(nn.Sequential(nn.Linear(3, 3)))
        assert changed(model, missing=[name])[1] == ["module.0.weight"]


def test_a_missing_buffer_is_no_weight():
    model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    model.register_buffer("mask", torch.ones(3))
    report, names = changed(model, missing=["mask", "0.bias"])
    assert names == ["0.bias"]
    assert "mask" in report.left_alone


def test_other_weights_need_no_rule():
    recipe = {"fanwise": 1, "rule": [{"match": "head/*", "init": "zeros"}]}
    report = init.initialize(network(), recipe, seed=SEED, missing=["head.weight", "head.bias"])
    assert len(report.rows) == 2
    with pytest.raises(FanwiseError, match="has no rule"):
        init.initialize(network(), recipe, seed=SEED, missing=["body.0.weight"])


def marked(*names):
    model = network()
    for name, parameter in model.named_parameters():
        if name.startswith(names):
            parameter._is_hf_initialized = True
    return model


def test_what_is_marked_as_loaded_is_kept_and_told_of():
    report, names = changed(marked("body"))
    assert names == ["head.weight", "head.bias"]
    assert "body/0/kernel" in report.left_alone


def test_what_is_marked_is_set_where_it_is_asked_for():
    assert changed(marked("body"), only="body/0/*")[1] == ["body.0.weight", "body.0.bias"]
    assert changed(marked("body"), missing=["body.0.bias"])[1] == ["body.0.bias"]
    assert len(changed(marked(""), only="**")[1]) == 6


def test_a_model_of_which_all_is_marked_is_not_left_alone_without_a_word():
    with pytest.raises(FanwiseError, match=r"marked as loaded.*only='\*\*'"):
        init.initialize(marked(""), ALL, seed=SEED)
