"""Constants by torch's own fill_: the core's bits, and everything else as on the usual way."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import fanwise.torch as init
from fanwise.adapters.torch.drawing import engines, portable
from fanwise.adapters.torch.drawing.records import recall
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.core.dtypes import format_of, rounded
from fanwise.spec.errors import FanwiseError

LARGEST = float(np.finfo(np.float32).max)
BY_NAME = {"zeros_": 0.0, "ones_": 1.0}


def bits(value, dtype):
    """What the core rounds a number to."""
    into = format_of(DTYPES[dtype])
    return rounded(np.full(3, value, into.compute), into).tobytes()


def memory(tensor):
    plain = tensor.detach()
    return (plain.view(torch.uint16) if plain.dtype is torch.bfloat16 else plain).numpy().tobytes()


@given(
    st.floats(-LARGEST, LARGEST)
    | st.integers(-(2**100), 2**100)
    | st.sampled_from([-0.0, 0, 1e-45]),
    st.sampled_from(list(DTYPES)),
)
def test_the_bits_are_those_of_the_core(value, dtype):
    tensor = torch.full((3,), 7.0, dtype=dtype)
    if abs(value) > torch.finfo(dtype).max:
        with pytest.raises(FanwiseError, match="without overflow"):
            init.constant_(tensor, value)
        assert (tensor == 7).all()
        return
    assert init.constant_(tensor, value) is tensor
    assert memory(tensor) == bits(value, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", BY_NAME)
def test_zeros_and_ones_in_every_dtype(name, dtype):
    tensor = nn.Parameter(torch.full((3,), 7.0, dtype=dtype))
    assert getattr(init, name)(tensor) is tensor
    assert memory(tensor) == bits(BY_NAME[name], dtype)


@pytest.mark.parametrize("door", [init.zeros_, init.ones_])
def test_an_interrupt_leaves_gradients_recorded(door, monkeypatch):
    """The handler of a signal runs when a call returns, and may raise."""
    switch = torch._C._set_grad_enabled

    def interrupted(mode):
        switch(mode)
        if not mode:
            raise KeyboardInterrupt

    monkeypatch.setattr(torch._C, "_set_grad_enabled", interrupted)
    with pytest.raises(KeyboardInterrupt):
        door(torch.empty(3))
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("axes", [33, 64])
@pytest.mark.parametrize("door", [init.zeros_, init.ones_, lambda t: init.constant_(t, 0.5)])
def test_more_axes_than_a_shape_has_are_refused_as_by_every_door(door, axes):
    tensor = torch.full((1,) * axes, 7.0)
    with pytest.raises(FanwiseError, match=f"at most 32 axes. Received: {axes}"):
        door(tensor)
    assert tensor.item() == 7.0
    assert door(torch.full((1,) * 32, 7.0)).item() != 7.0


def tensors():
    base = nn.Parameter(torch.full((4, 3), 7.0))
    yield "a parameter", base
    yield "a view of a parameter", base[1:]
    yield "a transposed tensor", torch.full((4, 3), 7.0).T
    yield "a subclass", torch.full((4, 3), 7.0).as_subclass(type("Sub", (torch.Tensor,), {}))
    yield "no elements", torch.empty(0, 3)


TENSORS = dict(tensors())
HOW = [{}, {"seed": 3}, {"path": "p"}, {"engine": "native"}]


@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS.keys())
@pytest.mark.parametrize("how", HOW, ids=str)
def test_every_tensor_is_filled_whatever_else_is_said(tensor, how):
    for fill, value in ((init.ones_, 1.0), (init.zeros_, 0.0)):
        assert fill(tensor, **how) is tensor
        assert (tensor == value).all()
    init.constant_(tensor, 0.5, **how)
    assert (tensor == 0.5).all()


def test_a_plain_tensor_goes_the_quick_way(monkeypatch):
    """Else the test of its cost would be all that sees it."""

    def refuse(*_, **__):
        raise AssertionError

    monkeypatch.setattr(portable, "write_blocks", refuse)
    bias = nn.Parameter(torch.full((64,), 7.0))
    init.zeros_(bias)
    init.ones_(bias)
    init.constant_(bias, 0.5)
    assert (bias == 0.5).all()
    with pytest.raises(AssertionError):
        init.zeros_(bias[1:])


def test_autograd_notices():
    weight = nn.Parameter(torch.ones(3))
    product = (weight * weight).sum()
    init.zeros_(weight)
    assert weight._version == 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        product.backward()


def test_the_summary_knows_it_until_something_else_writes():
    layer = nn.Linear(2, 2)
    init.constant_(layer.bias, 0.5)
    row = init.summary(layer).rows[1]
    assert (row.scheme, row.expected, row.fan_in) == ("constant", 0.0, None)
    init.ones_(layer.weight)
    assert (init.summary(layer).rows[0].scheme, init.summary(layer).rows[0].fan_in) == ("ones", 2)
    layer.bias.data.fill_(1)  # which torch does not count as a write
    with torch.no_grad():
        layer.bias.fill_(1)
    assert init.summary(layer).rows[1].scheme is None
    assert init.summary(nn.Linear(2, 2)).rows[1].scheme is None


def test_zero_has_a_sign():
    for value in (0.0, -0.0, 0.0, 0, -0.0):
        tensor = init.constant_(torch.ones(3), value)
        assert memory(tensor) == bits(value, torch.float32)
        assert np.signbit(recall(tensor)[0].law.value) == np.signbit(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e39, "1", None, True, 2.0**200])
def test_bad_values_leave_the_tensor_alone(value):
    tensor = torch.full((3,), 7.0)
    with pytest.raises(engines.FanwiseError):
        init.constant_(tensor, value)
    assert (tensor == 7).all()


def test_a_mode_is_asked_as_in_torch():
    asked = []

    class Mode(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            asked.append(func)
            return func(*args, **(kwargs or {}))

    tensor = torch.empty(3)
    with Mode():
        init.constant_(tensor, 2.0)
    assert init.constant_ in asked
    assert (tensor == 2).all()
