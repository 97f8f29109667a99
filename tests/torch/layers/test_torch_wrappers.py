"""A wrapped model has the paths, and so the bits, of the bare one."""

import warnings
from functools import partial

import pytest
import torch
from common.torch_recipes import ALL, SEED
from torch import distributed, nn
from torch.distributed.algorithms._checkpoint.checkpoint_wrapper import (
    checkpoint_wrapper,
    offload_wrapper,
)
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

pytestmark = [pytest.mark.usefixtures("group"), pytest.mark.filterwarnings("ignore:.*FSDP")]
LENGTH = 4


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    """A process group of this process alone."""
    store = distributed.FileStore(str(tmp_path_factory.mktemp("ranks") / "store"), 1)
    distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


def bare():
    block = nn.Sequential(nn.Linear(LENGTH, LENGTH), nn.BatchNorm1d(LENGTH))
    return nn.Sequential(nn.Linear(LENGTH, LENGTH), nn.ReLU(), block)


compiled = partial(torch.compile, backend="eager")


class DeepSpeedEngine(nn.Module):
    """What wraps a model in DeepSpeed: the child has the same name."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, inputs):
        return self.module(inputs)


def sharded(model):
    with warnings.catch_warnings():
        # That it is old, and that one rank has nothing to shard.
        warnings.simplefilter("ignore")
        return FullyShardedDataParallel(model, use_orig_params=True, device_id=torch.device("cpu"))


WRAPPERS = {
    "compile": compiled,
    "DataParallel": nn.DataParallel,
    "DistributedDataParallel": DistributedDataParallel,
    "AveragedModel": AveragedModel,
    "checkpoint": checkpoint_wrapper,
    "offload": offload_wrapper,
    "FullyShardedDataParallel": sharded,
    "fully_shard": fully_shard,
    "engine": DeepSpeedEngine,
    "fx": torch.fx.symbolic_trace,
}
PAIRS = [
    ("compile", "DistributedDataParallel"),
    ("DistributedDataParallel", "compile"),
    ("AveragedModel", "DistributedDataParallel"),
    ("AveragedModel", "compile"),
    ("compile", "checkpoint"),
    ("engine", "compile"),
    ("DataParallel", "fx"),
]


def whole(wrap, model):
    return wrap(model)


def child(wrap, model):
    model[2] = wrap(model[2])
    return model


def layer(wrap, model):
    model[2][0] = wrap(model[2][0])
    return model


def values(model):
    weights = [*model.parameters(), *(b for n, b in model.named_buffers() if "running" in n)]
    return [getattr(w, "full_tensor", lambda w=w: w)().detach() for w in weights]


def check(model):
    plain = bare()
    wanted = init.initialize(plain, ALL, seed=SEED)
    assert [row.path for row in init.initialize(model, ALL, seed=SEED).rows] == [
        row.path for row in wanted.rows
    ]
    for found, value in zip(values(model), values(plain), strict=True):
        assert torch.equal(found, value)
    paths = [row.path for row in init.summary(model).rows]
    assert paths == [row.path for row in init.summary(plain).rows]
    batch = torch.ones(2, LENGTH)
    layers = [layer.path for layer in init.layer_check(model.eval(), batch).layers]
    assert layers == [layer.path for layer in init.layer_check(plain.eval(), batch).layers]


@pytest.mark.parametrize("where", [whole, child, layer])
@pytest.mark.parametrize("name", WRAPPERS)
def test_a_wrapper_has_no_part_in_paths_and_bits(name, where):
    if name == "fx" and where is layer:
        name = "compile"
    check(where(WRAPPERS[name], bare()))


@pytest.mark.parametrize("where", [whole, child])
@pytest.mark.parametrize("names", PAIRS, ids="-".join)
def test_nor_have_wrappers_of_wrappers(names, where):
    outer, inner = (WRAPPERS[name] for name in names)
    check(where(lambda model: outer(inner(model)), bare()))


def test_a_child_of_ones_own_that_is_called_module_is_a_part_of_paths():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.module = nn.Linear(2, 2)

    rows = init.initialize(Residual(), ALL, seed=SEED).rows
    assert [row.path for row in rows] == ["module/kernel", "module/bias"]


def test_a_wrapped_child_of_a_described_layer():
    """The last projection of attention is a layer of its own, which is described with it."""
    plain, model = nn.MultiheadAttention(8, 2), nn.MultiheadAttention(8, 2)
    model.out_proj = checkpoint_wrapper(model.out_proj)
    wanted = [row.path for row in init.initialize(plain, ALL, seed=SEED).rows]
    assert [row.path for row in init.initialize(model, ALL, seed=SEED).rows] == wanted
    assert torch.equal(model.out_proj.weight, plain.out_proj.weight)


def test_flat_parameters_are_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = FullyShardedDataParallel(bare(), device_id=torch.device("cpu"))
    before = [parameter.detach().clone() for parameter in model.parameters()]
    with pytest.raises(FanwiseError, match="fully_shard"):
        init.initialize(model, ALL, seed=SEED)
    assert all(map(torch.equal, before, model.parameters()))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("make", [torch.jit.script, lambda m: torch.jit.trace(m, torch.ones(2, 4))])
def test_what_torchscript_made_of_a_model_is_refused_and_shares_its_weights(make):
    plain = bare().eval()
    script = make(plain)
    model = nn.ModuleDict({"inner": script})
    with pytest.raises(FanwiseError, match=r"TorchScript: inner, .*share"):
        init.initialize(model, ALL, seed=SEED)
    with pytest.raises(FanwiseError, match="TorchScript"):
        init.layer_check(script, torch.ones(2, 4))
    init.initialize(plain, ALL, seed=SEED)
    assert all(map(torch.equal, script.parameters(), plain.parameters()))
    assert [row.path for row in init.summary(script).rows][:2] == ["0/weight", "0/bias"]


def test_the_class_of_a_layer_is_the_one_that_its_author_wrote():
    model = bare()
    fully_shard(model[0])
    fully_shard(model)
    assert type(model[0]).__name__ == "FSDPLinear"
    row = init.paths(model).rows[0]
    assert row.class_name == "torch.nn.modules.linear.Linear"
    assert "torch_default" in row.own
