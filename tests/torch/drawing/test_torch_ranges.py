"""A value that a dtype cannot hold is an error, as in torch, and nothing is written."""

import math

import numpy as np
import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init

TOO_LARGE = {
    "constant_": (torch.float16, lambda t, **how: init.constant_(t, -1e9, **how)),
    "constant_ that just rounds away": (
        torch.float16,
        lambda t, **how: init.constant_(t, 65520, **how),
    ),
    "constant_ in bfloat16": (torch.bfloat16, lambda t, **how: init.constant_(t, 3.4e38, **how)),
    "constant_ in float32": (torch.float32, lambda t, **how: init.constant_(t, 1e39, **how)),
    "a mean": (torch.float16, lambda t, **how: init.normal_(t, 1e9, 1.0, **how)),
    "a deviation": (torch.float16, lambda t, **how: init.normal_(t, 0.0, 1e9, **how)),
    "a deviation whose tail is too large": (
        torch.float16,
        lambda t, **how: init.normal_(t, 0.0, 12000.0, **how),
    ),
    "uniform ends": (torch.float16, lambda t, **how: init.uniform_(t, -1e9, 1e9, **how)),
    "one end": (torch.float16, lambda t, **how: init.uniform_(t, 0.0, 1e5, **how)),
    "cut": (torch.float16, lambda t, **how: init.trunc_normal_(t, 0, 1e9, -1e10, 1e10, **how)),
    "identity": (torch.float16, lambda t, **how: init.identity_(t, gain=1e6, **how)),
    "orthogonal": (torch.float16, lambda t, **how: init.orthogonal_(t, 1e6, **how)),
    "sparse": (torch.float16, lambda t, **how: init.sparse_(t, 0.1, 1e5, **how)),
    "gain": (torch.float16, lambda t, **how: init.xavier_normal_(t, 1e6, **how)),
}


@pytest.mark.parametrize("how", [{}, {"seed": 1}, {"engine": "native"}], ids=str)
@pytest.mark.parametrize(("dtype", "call"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_cannot_be_held_is_refused(dtype, call, how):
    tensor = torch.full((4, 3), 7.0, dtype=dtype)
    state = torch.get_rng_state()
    with pytest.raises(fanwise.FanwiseError):
        call(tensor, **how)
    assert (tensor == 7).all()
    assert torch.equal(torch.get_rng_state(), state)


def test_a_model_is_left_alone():
    model = nn.Linear(3, 4).half()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    constant = {"scheme": "constant", "value": -1e9}
    rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": constant}]
    with pytest.raises(fanwise.FanwiseError, match="bias"):
        init.initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


@pytest.mark.parametrize("value", [65504.0, -65504.0, 65519.9])
def test_the_largest_that_is_held(value):
    tensor = init.constant_(torch.empty(3, dtype=torch.float16), value)
    assert (tensor == math.copysign(65504.0, value)).all()


def test_laws_at_the_edge_give_finite_weights():
    wide = init.normal_(torch.empty(1 << 16, dtype=torch.float16), 0.0, 10000.0, seed=1)
    cut = init.trunc_normal_(
        torch.empty(1 << 10, dtype=torch.float16), 0.0, 30000.0, -6e4, 6e4, seed=2
    )
    even = init.uniform_(torch.empty(1 << 10, dtype=torch.float16), -65504.0, 65504.0, seed=3)
    for tensor in (wide, cut, even):
        assert np.isfinite(tensor.numpy()).all()


def test_wider_dtypes_hold_what_a_scheme_may_be():
    for seed, dtype in enumerate([torch.bfloat16, torch.float32, torch.float64]):
        tensor = init.normal_(torch.empty(1 << 10, dtype=dtype), std=2.0**90, seed=seed)
        assert tensor.isfinite().all()
