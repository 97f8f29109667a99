"""A bad recipe, model or description: nothing of the model is changed."""

import pytest
import torch
from common.torch_recipes import ALL, network
from torch import nn

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError


def rules(*more, **data):
    common = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
    return {"fanwise": 1, "rule": [*more, *common], **data}


class Lazy(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(2, 2), nn.LazyLinear(3)


def with_integers():
    model = network()
    model["head"].weight = nn.Parameter(torch.ones(2, 4, dtype=torch.int32), requires_grad=False)
    return model


def with_overlap():
    model = network()
    model["head"].weight = nn.Parameter(torch.ones(1, 4).expand(2, 4))
    return model


def with_clash():
    model = nn.Sequential(nn.Linear(2, 2))
    model.add_module("b", nn.Linear(2, 2))
    return model


def in_half():
    return network().half()


LARGE = {"scheme": "normal", "std": 20000.0}
ERRORS = [
    ("values beyond float16", in_half, rules({"match": "head/kernel", "init": LARGE}), {}),
    ("no rule", network, {"fanwise": 1, "rule": [{"role": "kernel", "init": "zeros"}]}, {}),
    ("an unused rule", network, rules({"match": "hed/**", "init": "zeros"}), {}),
    ("an unknown variable", network, rules(), {"width": 3}),
    (
        "a circle",
        network,
        rules(
            {"match": "head/*", "init": {"scheme": "normal", "std": "a"}},
            vars={"a": "b", "b": "a"},
        ),
        {},
    ),
    (
        "not arithmetic",
        network,
        rules({"match": "head/*", "init": {"scheme": "normal", "std": "__import__('os')"}}),
        {},
    ),
    (
        "a scheme that does not fit",
        network,
        rules({"match": "head/bias", "init": "orthogonal"}),
        {},
    ),
    ("a clash", with_clash, rules(names={"torch": {"0": "a", "b": "a"}}), {}),
    ("a lazy layer", Lazy, rules(), {}),
    ("a dtype", with_integers, rules(), {}),
    ("overlapping memory", with_overlap, rules(), {}),
    ("a bad seed", network, rules(), {"seed": -1}),
    ("an unknown recipe", network, "gtp2", {}),
    ("identity of a convolution", lambda: nn.Conv1d(2, 2, 3), "identity", {}),
    ("a text for a switch", network, rules(), {"report": "no"}),
    ("a number for a switch", network, rules(), {"dry_run": 1}),
    ("a pattern that fits nothing", network, rules(), {"exclude": "nobody/**"}),
]
#: What is wrong between a recipe and a model: a dry run reports it, rather than to raise it.
REPORTED = {
    "values beyond float16": {"obstacle"},
    "no rule": {"unruled"},
    "an unused rule": {"unused rule"},
    "a scheme that does not fit": {"obstacle"},
    "a clash": {"same path"},
    "a dtype": {"obstacle"},
    "overlapping memory": {"obstacle"},
    "identity of a convolution": {"obstacle"},
}


@pytest.mark.parametrize(("what", "make", "recipe", "how"), ERRORS, ids=[e[0] for e in ERRORS])
@pytest.mark.parametrize("dry_run", [False, True])
def test_on_an_error_nothing_changes(what, make, recipe, how, dry_run):
    if recipe == "identity":
        recipe = rules({"role": "kernel", "init": "identity"}, allow={"unused": ["k"]})
        recipe["rule"][1]["name"] = "k"
    model = make()
    plain = [p for p in model.parameters() if not nn.parameter.is_lazy(p)]
    before = [(p.detach().clone(), p._version) for p in plain]
    if dry_run and what in REPORTED:
        report = init.initialize(model, recipe, **{"seed": 0, "dry_run": dry_run, **how})
        assert {problem.kind for problem in report.problems} == REPORTED[what]
        assert all(problem.error.hint for problem in report.problems)
    else:
        with pytest.raises(FanwiseError) as error:
            init.initialize(model, recipe, **{"seed": 0, "dry_run": dry_run, **how})
        assert error.value.hint
    for parameter, (values, version) in zip(plain, before, strict=True):
        assert torch.equal(parameter, values)
        assert parameter._version == version


def test_errors_name_the_weight():
    with pytest.raises(FanwiseError, match=r"head/kernel.*dtype"):
        init.initialize(with_integers(), rules(), seed=0)
    with pytest.raises(FanwiseError, match=r"one batch.*"):
        init.initialize(Lazy(), rules(), seed=0)
    with pytest.raises(FanwiseError, match=r"second/weight"):
        init.initialize(Lazy(), rules(), seed=0)
    with pytest.raises(FanwiseError, match=r"torch\.nn\.Module"):
        init.initialize([nn.Linear(2, 2)], rules(), seed=0)


def test_a_lazy_layer_after_one_batch():
    model = Lazy()
    model.second(torch.ones(1, 2))
    assert init.initialize(model, rules(), seed=0).parameters == 15


def test_what_is_excluded_may_be_anything():
    """A quantized body does not stand in the way of a new head."""
    model = with_integers()
    report = init.initialize(model, rules(), seed=0, exclude="head/**")
    assert len(report.rows) == 4


def test_a_flat_parameter_is_an_error():
    """FullyShardedDataParallel, the old one, leaves no axes to draw by."""

    model = network()
    model.flat = nn.Parameter(torch.zeros(9))
    model.flat._is_flat_param = True
    with pytest.raises(FanwiseError, match="fully_shard"):
        init.initialize(model, ALL, seed=0)
