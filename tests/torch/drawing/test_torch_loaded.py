"""While transformers guards torch's functions, what it has loaded keeps its values here too."""

import sys
import types

import pytest
import torch
from torch import nn

import fanwise.torch as init

CALLS = {
    "normal_": lambda t: init.normal_(t, seed=0),
    "he_normal_": init.he_normal_,
    "zeros_": init.zeros_,
    "ones_ with a seed": lambda t: init.ones_(t, seed=1),
    "native": lambda t: init.normal_(t, engine="native"),
    "no_grad_": lambda t: init.orthogonal_(t),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.fixture
def guard(monkeypatch):
    """Put functions in the place of torch's as ``guard_torch_init_functions`` does."""
    module = types.ModuleType("transformers.initialization")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for name in ("zeros_", "ones_", "normal_", "orthogonal_"):
        theirs = getattr(nn.init, name)

        def guarded(tensor, *args, theirs=theirs, **kwargs):
            marked = getattr(tensor, "_is_hf_initialized", False)
            return tensor if marked else theirs(tensor, *args, **kwargs)

        guarded.__module__ = module.__name__
        monkeypatch.setattr(nn.init, name, guarded)


def weight(*, loaded):
    parameter = nn.Parameter(torch.full((4, 3), 7.0))
    if loaded:
        parameter._is_hf_initialized = True
    return parameter


@pytest.mark.usefixtures("guard")
@each_call
def test_what_is_loaded_stays_and_the_rest_is_drawn(call):
    loaded, missing = weight(loaded=True), weight(loaded=False)
    state = torch.get_rng_state()
    assert call(loaded) is loaded
    assert call(loaded[:2]) is not None
    assert (loaded == 7).all()
    assert torch.equal(torch.get_rng_state(), state)
    assert init.summary(nn.ParameterList([loaded])).rows[0].scheme is None
    call(missing)
    assert (missing != 7).any()


@pytest.mark.usefixtures("guard")
def test_a_layer_keeps_what_is_loaded_of_it():
    layer = nn.Linear(3, 4)
    with torch.no_grad():
        layer.weight.fill_(7.0)
        layer.bias.fill_(7.0)
    layer.weight._is_hf_initialized = True
    init.set_initializer(layer, "he_normal", "zeros", seed=0)
    assert (layer.weight == 7).all()
    assert (layer.bias == 0).all()


@each_call
def test_the_mark_alone_means_nothing(call):
    loaded = weight(loaded=True)
    call(loaded)
    assert (loaded != 7).any()
