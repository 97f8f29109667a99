"""What a recipe sets of a model, what it leaves alone, and what it reports."""

import math
from functools import partial

import pytest
import torch
from common.torch_recipes import ALL, SEED, equal, network, stored
from torch import nn

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError


def test_shared_weights_are_set_once_under_their_first_path():
    table, head = nn.Embedding(6, 4), nn.Linear(4, 6)
    head.weight = table.weight
    shared = nn.Linear(4, 4)
    model = nn.ModuleDict({"table": table, "a": shared, "b": nn.Sequential(shared), "head": head})
    report = init.initialize(model, ALL, seed=SEED)
    assert [row.path for row in report.rows] == [
        "table/embedding",
        "a/kernel",
        "a/bias",
        "head/bias",
    ]
    equal(stored(head.weight, "in out"), "table/embedding", (6, 4))
    assert report.parameters == sum(p.numel() for p in model.parameters())


def test_tied_weights_within_a_recurrence():
    layer = nn.RNN(4, 4)
    layer.weight_hh_l0 = layer.weight_ih_l0
    report = init.initialize(layer, ALL, seed=SEED)
    assert [row.path for row in report.rows] == ["kernel", "bias", "recurrent_bias"]


def state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def test_only_and_exclude():
    whole = network()
    init.initialize(whole, ALL, seed=SEED)
    for kwargs in ({"only": "head/**"}, {"exclude": ["body/**"]}):
        model = network()
        before = state(model)
        report = init.initialize(model, ALL, seed=SEED, **kwargs)
        assert [row.path for row in report.rows] == ["head/kernel", "head/bias"]
        assert report.parameters == 10
        after, wanted = model.state_dict(), whole.state_dict()
        for name, value in after.items():
            source = wanted if name.startswith("head") else before
            assert torch.equal(value, source[name])
    with pytest.raises(FanwiseError, match="only"):
        init.initialize(network(), ALL, seed=0, only="haed/**")


def test_statistics_that_are_excluded_keep_their_count():
    norm = nn.BatchNorm1d(3)
    norm.num_batches_tracked.fill_(9)
    init.initialize(norm, ALL, seed=0, exclude="{mean,variance}")
    assert norm.num_batches_tracked == 9


def test_a_dry_run_writes_nothing():
    model = network()
    before = state(model)
    versions = [p._version for p in model.parameters()]
    report = init.initialize(model, ALL, seed=SEED, dry_run=True)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert versions == [p._version for p in model.parameters()]
    assert all(math.isnan(row.observed) for row in report.rows)
    real = init.initialize(model, ALL, seed=SEED)
    assert [row.path for row in report.rows] == [row.path for row in real.rows]
    assert versions != [p._version for p in model.parameters()]


def test_the_meta_device():
    """A plan, and nothing to write; the same weights once there is memory."""
    with torch.device("meta"):
        model = network()
    report = init.initialize(model, ALL, seed=SEED)
    assert all(p.is_meta for p in model.parameters())
    assert all(math.isnan(row.observed) for row in report.rows)
    model.to_empty(device="cpu")
    init.initialize(model, ALL, seed=SEED)
    equal(stored(model["head"].weight), "head/kernel", (4, 2))


def test_the_report():
    model = network()
    report = init.initialize(model, ALL, seed=SEED)
    kernel = report.rows[0]
    assert (kernel.shape, kernel.fan_in, kernel.fan_out, kernel.rule) == ((4, 4), 4, 4, 1)
    assert kernel.expected == 0.5
    wanted = model["body"][0].weight.detach().double().std(correction=0).item()
    assert kernel.observed == pytest.approx(wanted, rel=1e-6)
    data = report.to_dict()
    assert data["parameters"] == 50
    assert data["rows"][0]["kind"] == "dense"
    assert str(report).splitlines()[0].split() == [
        "path",
        "shape",
        "role",
        "kind",
        "scheme",
        "rule",
        "fan_in",
        "fan_out",
        "expected",
        "observed",
        "parameters",
    ]
    assert "kind" not in str(init.summary(model)).splitlines()[0]


def test_the_summary_knows_what_a_recipe_set():
    model = network()
    init.initialize(model, ALL, seed=SEED)
    assert {row.scheme for row in init.summary(model).rows} == {"normal"}


def test_variables_and_names():
    recipe = {
        "fanwise": 1,
        "vars": {"std": 0.1},
        "rule": [{"match": "trunk/**", "init": {"scheme": "normal", "std": "std"}}],
        "names": {"torch": {"body": "trunk", "head": "trunk/top"}},
    }
    model = network()
    report = init.initialize(model, recipe, seed=SEED, std=0.5)
    assert report.rows[-1].path == "trunk/top/bias"
    equal(stored(model["head"].weight), "trunk/top/kernel", (4, 2))


def test_wrappers_do_not_change_paths():
    plain = network()
    init.initialize(plain, ALL, seed=SEED)
    for wrap in (partial(torch.compile, backend="eager"), nn.DataParallel):
        model = network()
        init.initialize(wrap(model), ALL, seed=SEED)
        for name, value in model.state_dict().items():
            assert torch.equal(value, plain.state_dict()[name])


def test_the_default_generator_is_left_alone():
    torch.manual_seed(3)
    wanted = torch.rand(2)
    model = network()
    torch.manual_seed(3)
    init.initialize(model, ALL, seed=SEED)
    assert torch.equal(torch.rand(2), wanted)


def test_views_of_other_strides():
    model = nn.Linear(6, 4)
    model.weight = nn.Parameter(torch.zeros(6, 4).T)
    init.initialize(model, ALL, seed=SEED)
    equal(stored(model.weight), "kernel", (6, 4))
