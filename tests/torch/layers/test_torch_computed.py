"""A layer that computes its weight starts as the bare one does, parametrized after its start."""

import copy

import pytest
import torch
from common.torch_recipes import ALL, SEED, attention
from torch import nn
from torch.nn import utils
from torch.nn.utils import parametrizations, parametrize, prune

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError


class Doubled(nn.Module):
    """A parametrization of one's own: of what is stored, the weight is the double."""

    def forward(self, original):
        return 2 * original

    def right_inverse(self, weight):
        return weight / 2


class OneWay(nn.Module):
    def forward(self, original):
        return 2 * original


def doubled(layer):
    return parametrize.register_parametrization(layer, "weight", Doubled())


WAYS = {
    "parametrize": doubled,
    "weight_norm": parametrizations.weight_norm,
    "spectral_norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
    "older weight_norm": utils.weight_norm,
    "older weight_norm of all": lambda layer: utils.weight_norm(layer, dim=None),
    "older spectral_norm": utils.spectral_norm,
}
LAYERS = {
    "linear": lambda: nn.Linear(6, 4),
    "tall": lambda: nn.Linear(4, 6, bias=False),
    "conv": lambda: nn.Conv2d(2, 3, 3),
}
pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm.*deprecated")


def originals(layer):
    return {name: value.detach().clone() for name, value in layer.named_parameters()}


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("name", WAYS)
def test_it_starts_as_if_it_had_been_parametrized_afterwards(name, make):
    bare = make()
    wanted = init.initialize(bare, ALL, seed=SEED)
    layer = WAYS[name](make())
    shuffled = torch.get_rng_state()
    report = init.initialize(layer, ALL, seed=SEED)
    assert torch.equal(torch.get_rng_state(), shuffled)
    assert [row.path for row in report.rows] == [row.path for row in wanted.rows]
    assert report.rows == wanted.rows
    after = WAYS[name](copy.deepcopy(bare))
    if name == "orthogonal":
        # What a matrix is completed with is drawn when it is parametrized.
        torch.testing.assert_close(layer.weight, after.weight)
        return
    for key, value in originals(after).items():
        assert torch.equal(originals(layer)[key], value), key


@pytest.mark.parametrize("name", WAYS)
def test_set_initializer_knows_it_too(name):
    layer, bare = WAYS[name](nn.Linear(6, 4)), nn.Linear(6, 4)
    rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
    init.set_initializer(layer, seed=SEED, path=name)
    init.initialize(nn.ModuleDict({name: bare}), {"fanwise": 1, "rule": rules}, seed=SEED)
    expected = originals(WAYS[name](bare))
    if name != "orthogonal":
        assert all(torch.equal(value, originals(layer)[key]) for key, value in expected.items())


def test_a_weight_that_is_parametrized_twice_is_the_one_that_was_drawn():
    layer, bare = doubled(parametrizations.weight_norm(nn.Linear(6, 4))), nn.Linear(6, 4)
    init.initialize(bare, ALL, seed=SEED)
    init.initialize(layer, ALL, seed=SEED)
    torch.testing.assert_close(layer.weight, bare.weight)


def test_what_is_pruned_stays_so():
    layer = prune.l1_unstructured(nn.Linear(6, 4), "weight", 0.5)
    bare = nn.Linear(6, 4)
    init.initialize(bare, ALL, seed=SEED)
    init.initialize(layer, ALL, seed=SEED)
    assert torch.equal(layer.weight_orig, bare.weight)
    assert torch.equal(layer.weight, bare.weight * layer.weight_mask)
    assert not layer.weight_mask.all()


def test_a_packed_weight_that_is_computed():
    layer, bare = attention(), attention()
    parametrize.register_parametrization(layer, "in_proj_weight", Doubled())
    wanted = init.initialize(bare, ALL, seed=SEED).rows
    assert init.initialize(layer, ALL, seed=SEED).rows == wanted
    assert torch.equal(layer.in_proj_weight, bare.in_proj_weight)
    rules = {"fanwise": 1, "rule": [{"match": "**", "init": "zeros"}]}
    init.initialize(layer, rules, only="key/kernel")
    query, key, value = layer.in_proj_weight.split(8)
    assert not key.any()
    assert torch.equal(query, bare.in_proj_weight[:8])
    assert torch.equal(value, bare.in_proj_weight[16:])


def test_a_parametrization_without_a_way_back_is_an_error():
    layer = parametrize.register_parametrization(nn.Linear(3, 3), "weight", OneWay())
    exponential = parametrizations.orthogonal(nn.Linear(3, 3), use_trivialization=False)
    for model in (layer, exponential):
        before = originals(model)
        match = r"kernel cannot be set.*takes a weight.*exclude"
        with pytest.raises(FanwiseError, match=match) as told:
            init.initialize(model, ALL, seed=SEED)
        assert ("OneWay, which has no right_inverse" in str(told.value)) == (model is layer)
        assert all(torch.equal(before[key], value) for key, value in originals(model).items())
        assert len(init.initialize(model, ALL, seed=SEED, exclude="kernel").rows) == 1


def test_a_dry_run_and_the_meta_device_write_nothing():
    layer = parametrizations.weight_norm(nn.Linear(3, 3))
    before = originals(layer)
    rows = init.initialize(layer, ALL, seed=SEED, dry_run=True).rows
    assert [row.path for row in rows] == ["kernel", "bias"]
    assert all(torch.equal(before[key], value) for key, value in originals(layer).items())
    with torch.device("meta"):
        layer = utils.weight_norm(nn.Linear(3, 3))
    assert [row.path for row in init.initialize(layer, ALL, seed=SEED).rows] == ["kernel", "bias"]


def test_what_does_not_train_behind_it_is_not_drawn():
    layer = parametrizations.weight_norm(nn.Linear(3, 3)).requires_grad_(requires_grad=False)
    with pytest.raises(FanwiseError, match=r"kernel.*frozen = true"):
        init.initialize(layer, ALL, seed=SEED)


@pytest.mark.parametrize("name", WAYS)
def test_what_is_computed_is_not_listed_as_left_alone(name):
    layer = WAYS[name](nn.Linear(6, 4))
    init.initialize(layer, ALL, seed=SEED)
    assert "weight" not in init.initialize(layer, ALL, seed=SEED).left_alone


@pytest.mark.parametrize("kind", ["matrix_exp", "cayley", "householder"])
def test_values_that_are_not_there_yet_do_not_matter(kind):
    """As after to_empty: what is computed from them is no number."""
    layer, bare = parametrizations.orthogonal(nn.Linear(4, 4), orthogonal_map=kind), nn.Linear(4, 4)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.fill_(float("nan"))
        layer.parametrizations.weight[0].base.fill_(float("nan"))
    init.initialize(layer, ALL, seed=SEED)
    init.initialize(bare, ALL, seed=SEED)
    torch.testing.assert_close(layer.weight, parametrizations.orthogonal(bare).weight)


@pytest.mark.parametrize(("name", "dim"), [("weight_norm", 0), ("older weight_norm", 0)])
def test_a_weight_of_zeros_is_zero_though_its_direction_is_not(name, dim):
    """Zero divided by its norm would be no number; an embedding's padding is such a row."""
    for layer in (WAYS[name](nn.Linear(6, 4), dim=dim), WAYS[name](nn.Embedding(4, 6, 1))):
        init.initialize(layer, {"fanwise": 1, "rule": [{"match": "**", "init": "zeros"}]})
        assert torch.equal(layer.weight, torch.zeros(4, 6))
    init.initialize(layer, ALL, seed=SEED)
    assert not layer.weight[1].any()
    assert layer.weight.isfinite().all()


def bare_parameter(make=lambda module: module):
    module = nn.Module()
    module.w = nn.Parameter(torch.full((4, 6), 0.5))
    return make(module)


BARE = {
    "parametrize": lambda m: parametrize.register_parametrization(m, "w", Doubled()),
    "weight_norm": lambda m: parametrizations.weight_norm(m, "w"),
    "older weight_norm": lambda m: utils.weight_norm(m, "w"),
    "older spectral_norm": lambda m: utils.spectral_norm(m, "w"),
    "pruned": lambda m: prune.identity(m, "w"),
}


@pytest.mark.parametrize("make", BARE.values(), ids=BARE)
def test_a_parameter_of_no_known_layer_has_its_own_path_and_axes_too(make):
    bare, module = bare_parameter(), bare_parameter(make)
    rules = {"fanwise": 1, "rule": [{"match": "w", "axes": "out in", "init": "he_normal"}]}
    wanted = init.initialize(bare, rules, seed=SEED)
    assert init.initialize(module, rules, seed=SEED).rows == wanted.rows
    assert wanted.rows[0].fan_in == 6
    (row,) = init.summary(module).rows
    assert (row.path, row.shape, row.scheme) == ("w", (4, 6), "he_normal")


def test_what_it_holds_is_read_from_what_is_computed():
    module = bare_parameter()
    nn.init.trunc_normal_(module.w, std=0.5, generator=torch.Generator().manual_seed(0))
    with pytest.raises(FanwiseError, match=r"w \(4, 6\), values of std 0\.5"):
        init.initialize(BARE["weight_norm"](module), "torch_default", seed=SEED)


@pytest.mark.parametrize("name", WAYS)
def test_a_child_that_attention_describes_has_its_weight_once(name):
    layer, bare = attention(), attention()
    WAYS[name](layer.out_proj)
    wanted = init.initialize(bare, ALL, seed=SEED).rows
    assert init.initialize(layer, ALL, seed=SEED).rows == wanted


class Tripled(Doubled):
    def forward(self, original):
        return 3 * original


def tied(first, second):
    """Two layers of which the weights are computed from one tensor, or are it."""
    pair = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])
    pair[1].weight = pair[0].weight
    for layer, cls in zip(pair, (first, second), strict=True):
        if cls is not None:
            parametrize.register_parametrization(layer, "weight", cls())
    if second is not None:
        kept = pair[0].parametrizations.weight.original if first else pair[0].weight
        pair[1].parametrizations.weight.original = kept
    return pair


def test_two_layers_that_compute_their_weights_alike_from_one_tensor_have_one():
    pair = tied(Doubled, Doubled)
    report = init.initialize(pair, ALL, seed=SEED)
    assert [row.path for row in report.rows] == ["0/kernel", "0/bias", "1/bias"]
    assert torch.equal(pair[0].weight, pair[1].weight)


@pytest.mark.parametrize(("first", "second"), [(None, Doubled), (Doubled, Tripled)])
def test_two_weights_that_cannot_both_be_what_was_drawn_are_refused(first, second):
    pair = tied(first, second)
    before = originals(pair)
    with pytest.raises(FanwiseError, match=r"0/kernel and 1/kernel.*in two ways.*Untie"):
        init.initialize(pair, ALL, seed=SEED)
    assert all(torch.equal(before[key], value) for key, value in originals(pair).items())


def test_a_pruned_layer_that_is_tied_is_set_with_the_other():
    pair = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])
    pair[1].weight = pair[0].weight
    prune.l1_unstructured(pair[1], "weight", 0.5)
    init.initialize(pair, ALL, seed=SEED)
    assert torch.equal(pair[1].weight, pair[0].weight * pair[1].weight_mask)


def test_a_parametrization_that_torch_itself_cannot_compute_is_named():
    layer = parametrizations.weight_norm(parametrizations.spectral_norm(nn.Linear(3, 3)))
    with pytest.raises(FanwiseError, match="kernel cannot be set"):
        init.initialize(layer, ALL, seed=SEED)


@pytest.mark.parametrize("name", WAYS)
def test_the_summary_shows_the_weight_and_not_what_it_is_computed_from(name):
    layer = WAYS[name](nn.Linear(6, 4))
    init.initialize(layer, ALL, seed=SEED)
    weight, bias = init.summary(layer).rows
    assert (weight.path, weight.shape, weight.scheme) == ("weight", (4, 6), "normal")
    assert (weight.fan_in, weight.fan_out, bias.path) == (6, 4, "bias")
    assert weight.observed == pytest.approx(layer.eval().weight.std(correction=0).item())
