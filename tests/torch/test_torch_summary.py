"""The summary of a model, and what it remembers of its tensors."""

import copy
import gc
import io
import math
import pickle
import weakref

import pytest
import torch
from common.torch_recipes import ALL
from torch import nn
from torch.nn.utils import parametrizations

import fanwise
import fanwise.torch as init


def network():
    """Three inputs, hidden layers of three and two units, two outputs."""
    net = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 2))
    init.set_initializer(net[0], "kaiming_normal", seed=0, path="first")
    init.set_initializer(net[2], "xavier_normal", seed=0, path="second")
    init.set_initializer(net[4], "torch_default", "torch_default", seed=0, path="output")
    return net


def test_a_network_of_26_parameters():
    found = init.summary(network())
    assert found.parameters == 26
    assert [
        (row.path, row.shape, row.scheme, row.fan_in, row.fan_out, row.parameters)
        for row in found.rows
    ] == [
        ("0/kernel", (3, 3), "kaiming_normal", 3, 3, 9),
        ("0/bias", (3,), "zeros", None, None, 3),
        ("2/kernel", (2, 3), "xavier_normal", 3, 2, 6),
        ("2/bias", (2,), "zeros", None, None, 2),
        ("4/kernel", (2, 2), "torch_default", 2, 2, 4),
        ("4/bias", (2,), "torch_default", None, None, 2),
    ]
    expected = [math.sqrt(2 / 3), 0.0, math.sqrt(2 / 5), 0.0, math.sqrt(1 / 6), math.sqrt(1 / 6)]
    assert [row.expected for row in found.rows] == pytest.approx(expected, rel=1e-12)
    first = network()[0].weight.detach().double()
    assert found.rows[0].observed == pytest.approx(first.std(correction=0).item(), rel=1e-12)
    assert found.rows[1].observed == 0.0
    assert "26" in str(found).splitlines()[-1]


def test_a_shared_tensor_is_one_row():
    shared = nn.Linear(3, 3)
    model = nn.ModuleDict({"a": shared, "b": nn.Sequential(shared), "c": nn.Linear(3, 3)})
    model["c"].weight = shared.weight
    init.set_initializer(shared, seed=0)
    found = init.summary(model)
    assert [row.path for row in found.rows] == ["a/kernel", "a/bias", "c/bias"]
    assert found.parameters == 15


def test_true_fans_of_layers_without_a_scheme():
    model = nn.Sequential(
        nn.ConvTranspose2d(4, 6, 3, groups=2),
        nn.Embedding(10, 4),
        nn.MultiheadAttention(8, 2),
        nn.BatchNorm2d(3),
        nn.GRU(3, 3),
    )
    rows = {row.path: row for row in init.summary(model).rows}
    assert all(row.scheme is None and row.expected is None for row in rows.values())
    assert (rows["0/kernel"].fan_in, rows["0/kernel"].fan_out) == (18, 27)
    assert (rows["1/embedding"].fan_in, rows["1/embedding"].fan_out) == (10, 4)
    assert (rows["2/in_proj_weight"].fan_in, rows["2/in_proj_weight"].fan_out) == (8, 8)
    assert (rows["2/out/kernel"].fan_in, rows["2/out/kernel"].fan_out) == (8, 8)
    assert rows["3/scale"].fan_in is None
    assert (rows["4/kernel"].fan_in, rows["4/recurrent_kernel"].fan_out) == (3, 3)
    assert rows["4/bias"].fan_in is None


def test_a_parameter_of_no_known_layer_shows_the_fans_of_its_scheme():
    model = nn.Module()
    for name, shape in (("gates", (12, 3)), ("again", (12, 4)), ("bias", (12,))):
        model.register_parameter(name, nn.Parameter(torch.empty(shape)))
    init.init_(model.gates, "glorot_uniform", seed=0, axes="(3 out) in")
    init.orthogonal_(model.again, seed=1)
    rows = {row.path: row for row in init.summary(model).rows}
    assert (rows["gates"].fan_in, rows["gates"].fan_out) == (3, 4)
    assert rows["gates"].expected == pytest.approx(math.sqrt(2 / 7))
    assert rows["again"].scheme == "orthogonal"
    assert rows["again"].fan_in is None
    assert rows["bias"].scheme is None


def test_a_tensor_of_several_weights_shows_the_schemes_of_all():
    layer = init.set_initializer(nn.LSTM(3, 4), "he_normal", "torch_default", seed=0)
    rows = {row.path: row for row in init.summary(layer).rows}
    assert rows["recurrent_kernel"].scheme == "he_normal"
    assert rows["bias_ih_l0"].scheme == "torch_default"
    assert rows["bias_ih_l0"].expected == pytest.approx(1 / 3)
    rules = [{"role": "forget_bias", "init": "ones"}, {"match": "**", "init": "zeros"}]
    init.initialize(layer, {"fanwise": 1, "rule": rules}, seed=0)
    rows = {row.path: row for row in init.summary(layer).rows}
    assert rows["bias_ih_l0"].scheme == "zeros, ones"
    assert rows["bias_ih_l0"].expected is None
    attention = init.set_initializer(nn.MultiheadAttention(8, 2), "xavier_uniform", seed=0)
    packed = init.summary(attention).rows[0]
    assert (packed.scheme, packed.expected) == ("xavier_uniform", pytest.approx(8**-0.5))
    init.initialize(attention, ALL, seed=0, only="query/kernel")
    assert init.summary(attention).rows[0].scheme is None


def test_a_scheme_shows_its_own_name():
    own = fanwise.scheme("truncated_normal", std=0.02).named("bert_normal")
    row = init.summary(init.set_initializer(nn.Linear(3, 3), own, seed=0)).rows[0]
    assert (row.scheme, row.expected) == ("bert_normal", pytest.approx(0.02))


def scheme_of(parameter):
    return init.summary(nn.ParameterList([parameter])).rows[0].scheme


@pytest.mark.parametrize("engine", ["portable", "native"])
def test_a_scheme_is_known_until_something_else_writes(engine):
    weight = nn.Parameter(torch.empty(4, 3))
    assert scheme_of(weight) is None
    init.he_normal_(weight, seed=0, engine=engine)
    assert scheme_of(weight) == "he_normal"
    init.zeros_(weight, engine=engine)
    assert scheme_of(weight) == "zeros"
    with torch.no_grad():
        weight[0, 0] = 1.0
    assert scheme_of(weight) is None
    init.he_normal_(weight, seed=0, engine=engine)
    init.ones_(weight[:2], engine=engine)
    assert scheme_of(weight) is None


def test_a_step_of_training_ends_it():
    model = network()
    model(torch.ones(1, 3)).sum().backward()
    torch.optim.SGD(model.parameters(), 0.1).step()
    assert {row.scheme for row in init.summary(model).rows} == {None}


def test_a_cast_keeps_it():
    model = network().half()
    assert init.summary(model).rows[0].scheme == "kaiming_normal"
    assert init.summary(model).rows[0].observed > 0


def test_looking_changes_nothing():
    """Spectral normalization takes a step whenever its weight is asked for."""
    layer = parametrizations.spectral_norm(nn.Linear(9, 9))
    before = copy.deepcopy(layer.state_dict())
    paths = [row.path for row in init.summary(layer).rows]
    assert paths == ["weight", "bias"]
    assert all(torch.equal(before[key], value) for key, value in layer.state_dict().items())


def test_nothing_is_kept_alive():
    weight = init.he_normal_(torch.empty(4, 3), seed=0)
    seen = weakref.ref(weight)
    del weight
    gc.collect()
    assert seen() is None


def test_copies_and_files_are_as_without_fanwise():
    model = network()
    plain = copy.deepcopy(model)
    plain.load_state_dict(model.state_dict())
    assert [vars(parameter) for parameter in model.parameters()] == [{}] * 6
    assert len(pickle.dumps(model)) == len(pickle.dumps(plain))
    for made in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        pairs = zip(model.parameters(), made.parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)
        assert init.summary(made).parameters == 26
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    file.seek(0)
    plain.load_state_dict(torch.load(file, weights_only=True))


def test_edges():
    model = nn.Module()
    model.empty = nn.Parameter(torch.empty(0, 3))
    model.scalar = nn.Parameter(torch.tensor(2.0))
    model.meta = nn.Parameter(torch.empty(2, 2, device="meta"))
    init.he_normal_(model.empty)
    init.he_normal_(model.meta)
    rows = {row.path: row for row in init.summary(model).rows}
    assert math.isnan(rows["empty"].observed)
    assert math.isnan(rows["meta"].observed)
    assert rows["meta"].scheme is None
    assert rows["scalar"].observed == 0.0
    assert init.summary(nn.ReLU()).rows == ()
    with pytest.raises(fanwise.FanwiseError, match="Pass the model"):
        init.summary(torch.ones(3))


def test_a_weight_is_called_as_initialize_and_paths_call_it():
    model = nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2), nn.Conv2d(2, 2, 1), nn.Embedding(4, 2))
    listed = [row.path for row in init.summary(model).rows]
    assert listed == [row.path for row in init.paths(model).rows]
    assert listed == [row.path for row in init.initialize(model, "torch_default", seed=0).rows]
