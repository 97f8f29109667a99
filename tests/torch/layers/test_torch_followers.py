"""A follower that cannot be worked out is refused before anything is written."""

import gc
import weakref

import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise import FanwiseError, scheme
from fanwise.torch import LayerWeight, register_layer

RECIPE = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal"}}]}


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(4, 4))
        self.register_buffer("total", torch.zeros(4))


def describing(name, function):
    return lambda layer: [LayerWeight("w", "kernel", followers=((name, function),))]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("totla", lambda w: w.sum(0)),
        ("total", lambda w: w),
        ("total", lambda w: 1 / 0),
        ("total", lambda w: "a"),
    ],
)
def test_a_wrong_follower_leaves_the_layer_as_it_was(name, function):
    register_layer(Layer, describing(name, function))
    layer = Layer()
    for write in (
        lambda: init.set_initializer(layer, seed=0),
        lambda: init.initialize(layer, RECIPE, seed=0),
    ):
        with pytest.raises(FanwiseError, match=name):
            write()
    assert bool((layer.w == 1).all())


def test_a_dry_run_reports_a_wrong_follower():
    register_layer(Layer, describing("total", lambda w: w))
    (problem,) = init.initialize(Layer(), RECIPE, seed=0, dry_run=True).problems
    assert "total" in str(problem.error)


def test_a_right_one_follows():
    register_layer(Layer, describing("total", lambda w: w.sum(0)))
    layer = Layer()
    init.initialize(layer, RECIPE, seed=0)
    assert bool((layer.total == layer.w.detach().sum(0)).all())


def test_a_follower_that_knows_its_layer_does_not_keep_it_alive():
    def describe(layer):
        follower = ("total", lambda w: w.sum(0) + 0 * layer.total)
        return [LayerWeight("w", "kernel", followers=(follower,))]

    register_layer(Layer, describe)
    layer = Layer()
    init.initialize(layer, RECIPE, seed=0)
    seen = weakref.ref(layer)
    del layer
    gc.collect()
    assert seen() is None


def test_wrappers_for_several_devices_have_no_part_in_a_path():
    inner = nn.Sequential(nn.DataParallel(nn.Linear(4, 2)))
    model = nn.ModuleDict({"a": nn.DataParallel(nn.Linear(3, 4)), "b": nn.DataParallel(inner)})
    rows = init.initialize(model, "torch_default", seed=0).rows
    assert [row.path for row in rows] == ["a/kernel", "a/bias", "b/0/kernel", "b/0/bias"]


def test_a_value_that_the_dtype_cannot_hold_is_refused_by_the_native_engine():
    layer = nn.Linear(4, 4, dtype=torch.float16)
    before = layer.weight.clone()
    large = scheme("constant", value=1e30)
    with pytest.raises(FanwiseError, match=r"bias cannot be set: .*float16"):
        init.set_initializer(layer, "ones", large, seed=0, engine="native")
    assert bool((layer.weight == before).all())


def test_a_follower_is_tried_on_what_is_to_be_drawn_not_on_what_is_there():
    register_layer(Layer, describing("total", lambda w: torch.linalg.inv(w).sum(0)))
    layer = Layer()
    init.set_initializer(layer, "orthogonal", seed=0)  # the ones that it holds have no inverse
    assert torch.allclose(layer.total, torch.linalg.inv(layer.w.detach()).sum(0), atol=1e-5)


class Joint(nn.Module):
    """A kernel and a bias in one parameter."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(5, 4))


def joint(layer):
    yield LayerWeight("w", "kernel", "in out", spans=((0, 4),))
    yield LayerWeight("w", "bias", "in out", spans=((4, 5),), beside="kernel")


def test_none_leaves_a_part_of_a_parameter_as_it_is():
    register_layer(Joint, joint)
    layer = Joint()
    init.set_initializer(layer, None, "zeros", seed=0)
    assert (layer.w[:4] == 1).all()
    assert (layer.w[4] == 0).all()
    (row,) = init.summary(layer).rows
    assert row.scheme is None
