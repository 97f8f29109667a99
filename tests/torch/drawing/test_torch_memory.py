"""A tensor without its memory is refused, whatever draws, and nothing is written."""

import pytest
import torch
from common.backends import SWITCHES
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.core.fast import gate

HINT = "once it is gathered"


def freed(shape=(64, 64), bytes_left=0):
    tensor = torch.full(shape, 7.0)
    tensor.untyped_storage().resize_(bytes_left)
    return tensor


def half_of_what_it_needs():
    return freed(bytes_left=64 * 64 * 2)


def one_byte_short():
    return freed(bytes_left=64 * 64 * 4 - 1)


def beyond_its_storage():
    """The last row of a view, whose storage ends before it."""
    base = torch.full((65, 64), 7.0)
    view = base[1:]
    base.untyped_storage().resize_(64 * 64 * 4)
    return view


def turned():
    base = torch.full((64, 64), 7.0)
    view = base.T
    base.untyped_storage().resize_(0)
    return view


def detached_view():
    base = torch.full((64, 64), 7.0)
    view = base[:8].detach()
    base.untyped_storage().resize_(0)
    return view


def parameter():
    weight = nn.Parameter(torch.full((64, 64), 7.0))
    weight.untyped_storage().resize_(0)
    return weight


def half_precision():
    tensor = torch.ones(64, 64, dtype=torch.bfloat16)
    tensor.untyped_storage().resize_(0)
    return tensor


BAD = [
    freed,
    half_of_what_it_needs,
    one_byte_short,
    beyond_its_storage,
    turned,
    detached_view,
    parameter,
    half_precision,
]
CALLS = {
    "normal_": lambda t: init.normal_(t, seed=0),
    "he_normal_": lambda t: init.he_normal_(t, seed=0),
    "orthogonal_": lambda t: init.orthogonal_(t, seed=0),
    "zeros_": init.zeros_,
    "constant_ with a seed": lambda t: init.constant_(t, 0.5, seed=1),
    "without a seed": init.kaiming_uniform_,
    "native": lambda t: init.normal_(t, engine="native"),
    "native zeros_": lambda t: init.zeros_(t, engine="native"),
}


@pytest.fixture(params=SWITCHES.values(), ids=SWITCHES)
def backend(request, monkeypatch):
    monkeypatch.setenv(gate.SWITCH, request.param)


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_storage_that_does_not_hold_the_tensor_is_refused(make, call):
    tensor = make()
    room = tensor.untyped_storage().nbytes()
    state = torch.get_rng_state()
    with pytest.raises(fanwise.FanwiseError, match=HINT):
        call(tensor)
    assert tensor.untyped_storage().nbytes() == room
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.usefixtures("backend")
def test_a_healthy_tensor_of_the_same_form_is_drawn_after_it():
    with pytest.raises(fanwise.FanwiseError, match=HINT):
        init.he_normal_(freed(), seed=0)
    tensor = init.he_normal_(torch.empty(64, 64), seed=0)
    reference = fanwise.sample("he_normal", (64, 64), axes="torch", seed=0)
    assert (tensor.numpy() == reference).all()


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("freed_name", ["0.weight", "1.bias"])
def test_a_model_with_a_freed_weight_is_left_alone(freed_name):
    model = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 64))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(7.0)
    model.get_parameter(freed_name).untyped_storage().resize_(0)
    with pytest.raises(fanwise.FanwiseError, match=HINT):
        init.initialize(model, "torch_default", seed=0)
    with pytest.raises(fanwise.FanwiseError, match=HINT):
        init.set_initializer(model.get_submodule(freed_name[0]), seed=0)
    for name, parameter in model.named_parameters():
        assert name == freed_name or (parameter == 7.0).all()


def test_what_is_filled_up_again_can_be_drawn():
    tensor = freed()
    tensor.untyped_storage().resize_(64 * 64 * 4)
    init.he_normal_(tensor, seed=0)
    reference = fanwise.sample("he_normal", (64, 64), axes="torch", seed=0)
    assert (tensor.numpy() == reference).all()


def test_another_storage_that_was_set_is_written_into():
    target = torch.zeros(4, 3)
    tensor = torch.ones(2, 2).set_(target.untyped_storage(), 3, (3, 3), (3, 1))
    init.normal_(tensor, seed=0)
    assert (target[0] == 0).all()
    assert (target[1:] != 0).all()


def test_no_elements_need_no_storage():
    init.normal_(freed((0, 5)), seed=0)
    init.zeros_(torch.ones(4).set_())


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_partition_of_zero_is_refused_until_it_is_gathered(call):
    weight = nn.Parameter(torch.full((64, 64), 7.0))
    whole, weight.ds_shape = weight.data, weight.shape
    weight.data = torch.empty(0)  # as DeepSpeed's third stage leaves it
    with pytest.raises(fanwise.FanwiseError, match="GatheredParameters"):
        call(weight)
    layer = nn.LayerNorm(4)
    layer.weight.ds_shape, layer.weight.data = (4,), torch.empty(0)
    with pytest.raises(fanwise.FanwiseError):
        init.initialize(layer, "torch_default", seed=0)
    weight.data = whole
    call(weight)
    assert (whole != 7).all()


def test_memory_that_is_copied_on_write_is_copied():
    original = torch.full((4, 3), 7.0)
    clone = torch._lazy_clone(original)
    init.normal_(clone, seed=0)
    assert (original == 7.0).all()
    assert (clone != 7.0).all()
