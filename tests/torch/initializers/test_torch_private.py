"""What torch.nn.init keeps private is there too, and does what torch's does."""

import inspect

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init

#: What the module has for its own use: types, and what makes the old names.
NOT_FOR_USE = {"_make_deprecate"}
FUNCTIONS = [
    name
    for name, value in vars(nn.init).items()
    if inspect.isfunction(value) and value.__module__ == nn.init.__name__
]
PRIVATE = [name for name in FUNCTIONS if name.startswith("_") and name not in NOT_FOR_USE]
SHAPES = [(4, 3), (6, 4, 3), (8, 4, 3, 3), (2, 3, 1, 2, 2), (0, 3), (4, 0, 2)]


def test_every_function_of_torch_is_there():
    assert len(FUNCTIONS) >= 32
    assert [name for name in FUNCTIONS if not hasattr(init, name)] == sorted(NOT_FOR_USE)


def test_a_star_does_not_take_them():
    assert PRIVATE
    assert not set(PRIVATE) & set(init.__all__)


@pytest.mark.parametrize("name", PRIVATE)
def test_they_have_the_parameters_of_torch(name):
    theirs, ours = (inspect.signature(getattr(module, name)) for module in (nn.init, init))
    assert [(p.name, p.kind, p.default) for p in ours.parameters.values()] == [
        (p.name, p.kind, p.default) for p in theirs.parameters.values()
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_fans_are_counted_as_torch_counts_them(shape):
    tensor = torch.empty(shape)
    expected = nn.init._calculate_fan_in_and_fan_out(tensor)
    counted = init._calculate_fan_in_and_fan_out(tensor)
    assert (counted, type(counted)) == (expected, tuple)
    for mode in ("fan_in", "fan_out", "FAN_IN"):
        fan = init._calculate_correct_fan(tensor, mode)
        assert (fan, type(fan)) == (nn.init._calculate_correct_fan(tensor, mode), int)


@pytest.mark.parametrize("shape", [(), (3,)])
def test_fewer_axes_have_no_fans(shape):
    for count in (nn.init._calculate_fan_in_and_fan_out, init._calculate_fan_in_and_fan_out):
        with pytest.raises(ValueError, match="fewer than 2 dimensions"):
            count(torch.empty(shape))
    with pytest.raises(fanwise.FanwiseError, match=r"a torch\.Tensor"):
        init._calculate_fan_in_and_fan_out((3, 4))


def test_other_modes_are_errors_in_torchs_words():
    for module in (nn.init, init):
        with pytest.raises(ValueError, match=r"Mode fan_avg not supported, .*'fan_out'\]"):
            module._calculate_correct_fan(torch.empty(3, 4), "fan_avg")


CALLS = {
    "_no_grad_uniform_": (-0.5, 0.5),
    "_no_grad_normal_": (0.0, 0.1),
    "_no_grad_trunc_normal_": (0.0, 0.1, -0.1, 0.1),
    "_no_grad_fill_": (0.25,),
    "_no_grad_zero_": (),
}


@pytest.mark.parametrize(("name", "values"), CALLS.items())
def test_they_fill_a_parameter(name, values):
    weight = nn.Parameter(torch.full((8, 4), 7.0))
    version = weight._version
    assert getattr(init, name)(weight, *values) is weight
    assert weight.abs().max() <= 0.7
    assert weight._version > version
    if "generator" in inspect.signature(getattr(init, name)).parameters:
        twice = [
            getattr(init, name)(torch.empty(8, 4), *values, torch.Generator().manual_seed(3))
            for _ in range(2)
        ]
        assert torch.equal(*twice)
        assert not torch.equal(twice[0], weight)
    other = torch.full((8, 4), 7.0)
    getattr(nn.init, name)(other, *values)
    assert other.abs().max() <= 0.7
