"""Sharded models that nobody has set, as FSDP2 leaves them: formulas and buffers are filled."""

import warnings

import pytest
import torch
from torch import distributed, nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, Partial

import fanwise.torch as init
from fanwise import UnsetBufferWarning
from fanwise.adapters.torch.layers.unset_models import readable_parts

pytestmark = [pytest.mark.usefixtures("group"), pytest.mark.filterwarnings("ignore:.*FSDP")]

KERNELS = {
    "fanwise": 1,
    "rule": [{"role": "kernel", "init": "he_normal"}, {"match": "**/bias", "init": "keep"}],
    "allow": {"unmatched": ["steps"]},
}


@pytest.fixture(scope="module", autouse=True)
def group(tmp_path_factory):
    """A process group of this process alone."""
    store = distributed.FileStore(str(tmp_path_factory.mktemp("ranks") / "store"), 1)
    distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


class Decay(nn.Module):
    """A formula that stays, a scale as a buffer, and a layer."""

    def __init__(self):
        super().__init__()
        self.steps = nn.Parameter(torch.arange(1, 7).float(), requires_grad=False)
        self.register_buffer("turns", torch.ones(1))
        self.dense = nn.Linear(6, 6)


def sharded_model(fill):
    with torch.device("meta"):
        model = Decay()
    fully_shard(model)
    model.to_empty(device="cpu")
    with torch.no_grad():
        for tensor in (*model.parameters(), *model.buffers()):
            (tensor.to_local() if isinstance(tensor, DTensor) else tensor).fill_(fill)
    return model


def warned(model, recipe="torch_default"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        init.initialize(model, recipe, seed=0)
    return [str(w.message) for w in caught if w.category is UnsetBufferWarning]


@pytest.mark.parametrize("fill", [0.0, 7e8, torch.nan])
def test_an_emptied_model_is_what_a_plain_one_is(fill):
    model, plain = sharded_model(fill), Decay()
    assert warned(model) == warned(plain) == []
    assert torch.equal(model.turns, plain.turns)
    for name, weight in model.named_parameters():
        assert torch.equal(weight.full_tensor(), plain.get_parameter(name)), name


def test_what_stays_and_nobody_has_set_is_named():
    (message,) = warned(sharded_model(7e8), KERNELS)
    assert message.startswith("Weights hold what nobody has set: ")
    assert "dense/bias stays, although nobody has set the model" in message


def test_a_sharded_model_that_is_set_keeps_what_stays():
    model = Decay()
    with torch.no_grad():
        model.steps.fill_(3)
        model.turns.fill_(5)
    fully_shard(model)
    assert warned(model, KERNELS) == []
    assert (model.steps.full_tensor() == 3).all()
    assert (model.turns == 5).all()


def test_of_sums_nothing_is_read():
    mesh = distributed.init_device_mesh("cpu", (1,))
    assert readable_parts(DTensor.from_local(torch.ones(3), mesh, [Partial()])) == []
