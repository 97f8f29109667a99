"""A tensor that layers share is one weight, of which all that they tell holds."""

import pytest
import torch
from common.torch_recipes import ALL, SEED, Packed, describe, equal, stored
from torch import nn

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

WIDTH = 4


def share(table, head):
    head.weight = table.weight


def share_memory(table, head):
    """What fairseq does: two parameters, of one memory."""
    head.weight.data = table.weight.data


def embedding(padding_idx=None):
    return nn.Embedding(6, WIDTH, padding_idx=padding_idx)


@pytest.mark.parametrize("tie", [share, share_memory])
@pytest.mark.parametrize("order", [("head", "table"), ("table", "head")])
@pytest.mark.parametrize("engine", ["portable", "native"])
def test_padding_is_zero_whichever_layer_comes_first(tie, order, engine):
    layers = {"table": embedding(2), "head": nn.Linear(WIDTH, 6, bias=False)}
    tie(layers["table"], layers["head"])
    model = nn.ModuleDict({name: layers[name] for name in order})
    with torch.no_grad():
        layers["table"].weight.fill_(9)
    report = init.initialize(model, ALL, seed=SEED, engine=engine)
    (row,) = report.rows
    assert row.path.partition("/")[0] == order[0]
    for layer in layers.values():
        assert not layer.weight[2].any()
        assert not (layer.weight == 9).any()
        assert layer.weight[3].all()
    assert {row.scheme for row in init.summary(model).rows} == {"normal"}


def test_each_of_several_paddings_is_zero():
    model = nn.ModuleList([embedding(), embedding(1), nn.EmbeddingBag(6, WIDTH, padding_idx=4)])
    model[1].weight = model[2].weight = model[0].weight
    init.initialize(model, ALL, seed=SEED)
    zero = [not row.any() for row in model[0].weight]
    assert zero == [False, True, False, False, True, False]


def test_a_tie_through_a_parameter_of_no_layer():
    model = nn.Module()
    model.table = embedding(3)
    model.weight = model.table.weight
    (row,) = init.initialize(model, ALL, seed=SEED).rows
    assert row.path == "weight"
    assert not model.table.weight[3].any()


def test_the_padding_of_a_layer_that_its_owner_describes(registry):
    class Owner(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = embedding(3)

    init.register_layer(
        Owner, lambda _: [init.LayerWeight("table.weight", "embedding", "in out", "embedding")]
    )
    model = Owner()
    (row,) = init.initialize(model, ALL, seed=SEED).rows
    assert row.path == "embedding"
    assert not model.table.weight[3].any()


class Following(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6, WIDTH))
        self.register_buffer("total", torch.zeros(WIDTH))


def following(_):
    follower = ("total", lambda values: values.sum(0))
    yield init.LayerWeight("weight", "kernel", "torch", followers=(follower,))


@pytest.mark.parametrize("tie", [share, share_memory])
def test_what_follows_the_second_layer_follows(registry, tie):
    init.register_layer(Following, following)
    model = nn.ModuleList([embedding(1), Following()])
    tie(*model)
    init.initialize(model, ALL, seed=SEED)
    assert torch.equal(model[1].total, model[0].weight.detach().sum(0))
    assert model[1].total.any()


def test_a_tensor_cannot_follow_two_weights(registry):
    init.register_layer(Following, following)
    model = nn.ModuleList([Following(), Following()])
    model[1].total = model[0].total
    with pytest.raises(FanwiseError, match="total, which follows 0/kernel and 1/kernel"):
        init.initialize(model, ALL, seed=SEED)
    assert not model[0].weight.any()


def test_one_weight_is_not_several(registry):
    """Queries, keys and values are three weights: drawn as one they would have other fans."""
    init.register_layer(Packed, describe)
    packed, plain = Packed(), nn.Linear(18, 6, bias=False)
    plain.weight = packed.weight
    for model in (nn.ModuleList([packed, plain]), nn.ModuleList([plain, packed])):
        with pytest.raises(FanwiseError, match=r"as one weight and as several.*register_layer"):
            init.initialize(model, ALL, seed=SEED)
    assert not packed.weight.any()


class Halves(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Parameter(torch.zeros(2, WIDTH))
        self.second = nn.Parameter(torch.zeros(2, WIDTH))


def describe_halves(_):
    spans = (
        init.Span("first", (), (slice(0, 2),)),
        init.Span("second", (), (slice(2, 4),)),
    )
    yield init.LayerWeight("first", "kernel", "torch", spans=spans, shape=(4, WIDTH))


def test_a_weight_of_which_a_part_is_shared_is_not_left_half_drawn(registry):
    init.register_layer(Halves, describe_halves)
    model = nn.ModuleList([nn.Linear(WIDTH, 2, bias=False), Halves()])
    model[1].first = model[0].weight
    with pytest.raises(FanwiseError, match="1/kernel, of which a part is shared"):
        init.initialize(model, ALL, seed=SEED)
    whole = nn.ModuleList([Halves(), Halves()])
    whole[1].first, whole[1].second = whole[0].first, whole[0].second
    assert [row.path for row in init.initialize(whole, ALL, seed=SEED).rows] == ["0/kernel"]


def test_a_second_name_within_a_layer():
    """The first is that of the first description."""
    layer = nn.RNN(WIDTH, WIDTH, bias=False)
    layer.weight_hh_l0 = layer.weight_ih_l0
    assert [row.path for row in init.initialize(layer, ALL, seed=SEED).rows] == ["kernel"]
    equal(stored(layer.weight_hh_l0), "kernel", (WIDTH, WIDTH))


class Config:
    tie_word_embeddings = True


class Causal(nn.Module):
    """What transformers tells of a model; as in version 5, or before it."""

    def __init__(self, declared):
        super().__init__()
        self.config = Config()
        self._tied_weights_keys = declared
        self.body = nn.ModuleDict({"table": embedding(0)})
        self.lm_head = nn.Linear(WIDTH, 6, bias=False)
        self.tie_weights()

    def tie_weights(self):
        self.lm_head.weight = self.body["table"].weight

    def get_input_embeddings(self):
        return self.body["table"]

    def get_output_embeddings(self):
        return self.lm_head


@pytest.mark.parametrize("declared", [{"lm_head.weight": "body.table.weight"}, ["lm_head.weight"]])
def test_a_tie_that_is_declared_and_cut_is_an_error(declared):
    with torch.device("meta"):
        model = Causal(declared)
    assert len(init.initialize(model, ALL, seed=SEED, dry_run=True).rows) == 1
    model.to_empty(device="cpu")  # cuts it
    with pytest.raises(FanwiseError, match=r"lm_head/weight and 0/body/table/weight.*tie_weights"):
        init.initialize(nn.Sequential(model), ALL, seed=SEED)
    model.tie_weights()
    assert len(init.initialize(model, ALL, seed=SEED).rows) == 1
    assert not model.lm_head.weight[0].any()
    model.lm_head = nn.Linear(WIDTH, 6, bias=False)
    model.config.tie_word_embeddings = False
    assert len(init.initialize(model, ALL, seed=SEED).rows) == 2
