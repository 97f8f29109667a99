"""A stage of a pipeline starts as the whole model would."""

import copy
from collections import OrderedDict

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init

RECIPE = {
    "fanwise": 1,
    "rule": [
        {
            "match": "blocks/<i>/down/kernel",
            "init": {"scheme": "normal", "std": "0.1 / sqrt(i_count) / (1 + i)"},
        },
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
        {"match": "**/{kernel,embedding}", "init": "lecun_normal"},
        {"role": "scale", "init": "ones"},
        {"role": "offset", "init": "zeros"},
    ],
}


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.up, self.down = nn.Linear(8, 12), nn.Linear(12, 8)


class Model(nn.Module):
    """Whole, or some of its blocks with what comes before or after them."""

    def __init__(self, layers=4, *, first=True, last=True, tied=False):
        super().__init__()
        if first:
            self.tokens = nn.Embedding(11, 8, padding_idx=3)
        self.blocks = nn.ModuleList(Block() for _ in range(layers))
        if last:
            self.norm = nn.LayerNorm(8)
            self.head = nn.Linear(8, 11, bias=False)
        if tied:
            self.head.weight = self.tokens.weight


@pytest.fixture
def whole():
    model = Model()
    init.initialize(model, RECIPE, seed=3)
    return dict(model.named_parameters())


def on_meta(**how):
    with torch.device("meta"):
        return Model(**how)


@pytest.mark.parametrize("of", ["meta", "cpu"])
def test_a_stage_that_numbers_its_blocks_anew(whole, of):
    stage = Model(2, first=False)
    at = {"blocks.0": "blocks.2", "blocks.1": "blocks.3"}
    report = init.initialize(
        stage, RECIPE, seed=3, part_of=Model() if of == "cpu" else on_meta(), at=at
    )
    for name, weight in stage.named_parameters():
        moved = name.replace("blocks.1", "blocks.3").replace("blocks.0", "blocks.2")
        assert torch.equal(weight, whole[moved]), name
    assert {row.path for row in report.rows} == {
        *(f"blocks/{n}/{layer}/{role}" for n in (2, 3) for layer in ("up", "down")
          for role in ("kernel", "bias")),
        "norm/scale", "norm/offset", "head/kernel",
    }  # fmt: skip
    assert not report.left_alone


def test_a_stage_that_keeps_its_names(whole):
    stage = Model()
    del stage.tokens, stage.blocks[2:]
    init.initialize(stage, RECIPE, seed=3, part_of=on_meta())
    for name, weight in stage.named_parameters():
        assert torch.equal(weight, whole[name]), name


def test_one_module_of_the_whole(whole):
    block = Block()
    init.initialize(block, RECIPE, seed=3, part_of=on_meta(), at="blocks.3")
    assert torch.equal(block.down.weight, whole["blocks.3.down.weight"])
    wrapped = nn.DataParallel(Block())
    init.initialize(wrapped, RECIPE, seed=3, part_of=on_meta(), at="blocks/3")
    assert torch.equal(wrapped.module.down.weight, whole["blocks.3.down.weight"])


def test_blocks_in_a_sequence(whole):
    stage = nn.Sequential(OrderedDict(a=Block(), b=Block()))
    init.initialize(stage, RECIPE, seed=3, part_of=on_meta(), at={"a": "blocks.1", "b": "blocks.0"})
    assert torch.equal(stage.a.up.weight, whole["blocks.1.up.weight"])
    assert torch.equal(stage.b.up.weight, whole["blocks.0.up.weight"])


def test_a_tie_across_stages_is_one_weight():
    model = Model(tied=True)
    init.initialize(model, RECIPE, seed=3)
    last = Model(first=False)
    report = init.initialize(last, RECIPE, seed=3, part_of=on_meta(tied=True))
    assert torch.equal(last.head.weight, model.tokens.weight)
    assert not last.head.weight[3].any()
    assert "tokens/embedding" in {row.path for row in report.rows}
    # Cut by sharding, or by a copy, within one process.
    cut = Model()
    init.initialize(cut, RECIPE, seed=3, part_of=on_meta(tied=True))
    assert torch.equal(cut.head.weight, model.tokens.weight)
    assert torch.equal(cut.tokens.weight, model.tokens.weight)


def test_at_alone_gives_paths(whole):
    stage = nn.ModuleDict({"0": Block()})
    recipe = {"fanwise": 1, "rule": RECIPE["rule"][1:3]}
    report = init.initialize(stage, recipe, seed=3, at={"0": "blocks.1"})
    assert [row.path for row in report.rows][:2] == ["blocks/1/up/kernel", "blocks/1/up/bias"]
    assert torch.equal(stage["0"].up.weight, whole["blocks.1.up.weight"])


def test_patterns_and_what_is_left_alone_are_the_whole_s(whole):
    stage = Model(first=False, last=False)
    before = copy.deepcopy(stage)
    report = init.initialize(stage, RECIPE, seed=3, part_of=on_meta(), only="blocks/1/**")
    assert torch.equal(stage.blocks[1].up.weight, whole["blocks.1.up.weight"])
    assert torch.equal(stage.blocks[0].up.weight, before.blocks[0].up.weight)
    assert all(path.startswith("blocks/") for path in report.left_alone)


def test_a_stage_without_weights():
    assert init.initialize(nn.Identity(), RECIPE, seed=3, part_of=on_meta()).rows == ()


def test_native_draws_are_those_of_the_whole_too():
    model, stage = Model(), Model(first=False)
    init.initialize(model, RECIPE, seed=3, engine="native")
    init.initialize(stage, RECIPE, seed=3, engine="native", part_of=on_meta())
    assert torch.equal(stage.head.weight, model.head.weight)


@pytest.mark.parametrize(
    ("model", "how", "words"),
    [
        (Model, {}, "a seed beside part_of"),
        (Model, {"seed": 0, "part_of": "blocks"}, "part_of to be a torch.nn.Module"),
        (Block, {"seed": 0}, "weights that the whole does not have: up/kernel"),
        (Block, {"seed": 0, "at": "blocks.9"}, "blocks/9/up/kernel (up/kernel in the part)"),
        (lambda: nn.Linear(8, 13), {"seed": 0, "at": "blocks.0.up"}, "(13, 8), not (12, 8)"),
        (Block, {"seed": 0, "at": {"upp": "blocks.0.up"}}, "names of modules in the model"),
        (Block, {"seed": 0, "at": 3}, "at to be a name"),
        (Block, {"seed": 0, "at": {"up": ".."}}, "at to be of dotted names"),
        (
            lambda: nn.ModuleDict({"0": Block(), "1": Block()}),
            {"seed": 0, "at": {"0": "blocks.1", "1": "blocks.1"}},
            "places of their own",
        ),
    ],
)
def test_what_is_no_part_is_told_and_untouched(model, how, words):
    stage = model()
    before = {name: weight.clone() for name, weight in stage.named_parameters()}
    with pytest.raises(fanwise.FanwiseError) as raised:
        init.initialize(stage, RECIPE, **{"part_of": on_meta(), **how})
    assert words in str(raised.value)
    assert all(torch.equal(weight, before[name]) for name, weight in stage.named_parameters())


def test_a_parameter_that_trains_otherwise():
    stage = Model(first=False)
    stage.head.requires_grad_(requires_grad=False)
    with pytest.raises(fanwise.FanwiseError, match="train as in part_of"):
        init.initialize(stage, RECIPE, seed=0, part_of=on_meta())


class Normalized(nn.Module):
    """Layers that torch.export takes apart: packed weights, running statistics, padding."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(11, 8, padding_idx=3)
        self.blocks = nn.ModuleList(nn.Linear(8, 8) for _ in range(2))
        self.batch = nn.BatchNorm1d(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, tokens):
        x = self.tokens(tokens)
        for block in self.blocks:
            x = torch.relu(block(x))
        x = self.batch(x.transpose(1, 2)).transpose(1, 2)
        return self.attention(x, x, x, need_weights=False)[0]


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_stages_that_torch_has_traced():
    from torch.distributed.pipelining import SplitPoint, pipeline

    one = Normalized()
    recipe = {"fanwise": 1, "rule": RECIPE["rule"][1:]}
    init.initialize(one, recipe, seed=3)
    example = torch.zeros(2, 5, dtype=torch.long)
    split = {"blocks.1": SplitPoint.BEGINNING}
    pipe = pipeline(Normalized(), mb_args=(example,), split_spec=split)
    with torch.device("meta"):
        whole = Normalized()
    seen = set()
    for number in range(2):
        stage = pipe.get_stage_module(number)
        tensors = dict(stage.named_parameters()) | {
            name: buffer for name, buffer in stage.named_buffers() if "running" in name
        }
        with torch.no_grad():
            for tensor in tensors.values():
                tensor.fill_(9)
        init.initialize(stage, recipe, seed=3, part_of=whole)
        for name, tensor in tensors.items():
            assert torch.equal(tensor, one.state_dict()[name]), name
        seen |= set(tensors)
    assert seen == {n for n in one.state_dict() if "num_batches" not in n}
