"""A whole model from a recipe: every layer's weights under their canonical paths, or none."""

import copy
import math
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch import portable
from fanwise.core.order import to_canonical
from fanwise.spec.errors import FanwiseError

SEED = 2**33 + 5
NORMAL = fanwise.scheme("normal", std=0.5)
#: Every weight is random, so that each is known by its bits.
ALL = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
FANS = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "glorot_uniform"},
        {"role": "bias", "init": "torch_default"},
    ],
}


def drawn(path, shape, scheme=NORMAL):
    """The weight of a canonical path and shape, in canonical order."""
    axes = " ".join(["batch"] * len(shape))
    return fanwise.sample(scheme, shape, seed=SEED, path=path, axes=axes)


def stored(tensor, axes="torch"):
    return to_canonical(tensor.detach().numpy(), axes)


def equal(found, path, shape):
    np.testing.assert_array_equal(found.reshape(shape), drawn(path, shape))


# ---- the layers ----

PLAIN = [
    ("dense", nn.Linear(6, 4), {"kernel": ("weight", "torch", (6, 4))}),
    ("bilinear", nn.Bilinear(3, 5, 4), {"kernel": ("weight", "out in in", (3, 5, 4))}),
    ("conv", nn.Conv1d(4, 6, 3), {"kernel": ("weight", "torch", (3, 4, 6))}),
    ("conv", nn.Conv2d(4, 6, 3), {"kernel": ("weight", "torch", (3, 3, 4, 6))}),
    ("conv", nn.Conv3d(1, 6, 2), {"kernel": ("weight", "torch", (2, 2, 2, 1, 6))}),
    ("conv", nn.Conv2d(4, 6, 3, groups=2), {"kernel": ("weight", "torch", (3, 3, 2, 6))}),
    (
        "depthwise_conv",
        nn.Conv2d(4, 8, 3, groups=4),
        {"kernel": ("weight", "torch", (3, 3, 1, 8))},
    ),
    (
        "conv_transpose",
        nn.ConvTranspose1d(4, 6, 3),
        {"kernel": ("weight", "torch_transposed", (3, 4, 6))},
    ),
    (
        "conv_transpose",
        nn.ConvTranspose2d(4, 6, 3, groups=2),
        {"kernel": ("weight", "torch_transposed", (3, 3, 4, 3))},
    ),
    (
        "conv_transpose",
        nn.ConvTranspose3d(4, 6, 2),
        {"kernel": ("weight", "torch_transposed", (2, 2, 2, 4, 6))},
    ),
]


@pytest.mark.parametrize(("kind", "layer", "weights"), PLAIN)
def test_kernel_and_bias(kind, layer, weights):
    report = init.initialize(nn.ModuleDict({"it": layer}), ALL, seed=SEED)
    for role, (name, axes, shape) in weights.items():
        equal(stored(getattr(layer, name), axes), f"it/{role}", shape)
    equal(stored(layer.bias), "it/bias", tuple(layer.bias.shape))
    assert [(row.path, row.role, row.layer) for row in report.rows] == [
        ("it/kernel", "kernel", kind),
        ("it/bias", "bias", kind),
    ]


@pytest.mark.parametrize(("kind", "layer", "weights"), PLAIN)
def test_true_fans_reach_the_bias_too(kind, layer, weights):
    report = init.initialize(layer, FANS, seed=0)
    kernel, bias = report.rows
    twin = init.set_initializer(copy.deepcopy(layer), "glorot_uniform", "torch_default", seed=0)
    # Those of set_initializer, which goes another way.
    assert torch.equal(layer.weight, twin.weight)
    assert torch.equal(layer.bias, twin.bias)
    assert bias.expected == pytest.approx(math.sqrt(1 / 3 / kernel.fan_in))
    assert bias.fan_in is None


@pytest.mark.parametrize("cls", [nn.Embedding, nn.EmbeddingBag])
def test_the_row_of_the_padding_is_zero(cls):
    layer = cls(7, 3, padding_idx=2)
    report = init.initialize(nn.Sequential(layer), ALL, seed=SEED)
    wanted = drawn("0/embedding", (7, 3))
    wanted[2] = 0
    np.testing.assert_array_equal(layer.weight.detach().numpy(), wanted)
    assert [(row.path, row.layer) for row in report.rows] == [("0/embedding", "embedding")]


NORMS = [
    (nn.BatchNorm2d(4), True, True),
    (nn.BatchNorm1d(4, affine=False), False, True),
    (nn.BatchNorm1d(4, track_running_stats=False), True, False),
    (nn.InstanceNorm2d(4, affine=True, track_running_stats=True), True, True),
    (nn.InstanceNorm2d(4), False, False),
    (nn.GroupNorm(2, 4), True, False),
    (nn.LayerNorm((4,)), True, False),
    (nn.SyncBatchNorm(4), True, True),
]


@pytest.mark.parametrize(("layer", "affine", "tracks"), NORMS)
def test_normalizations(layer, affine, tracks):
    if tracks:
        layer.running_mean.fill_(3.0)
        layer.num_batches_tracked.fill_(9)
    model = nn.ModuleDict({"norm": layer, "last": nn.Linear(2, 2)})
    report = init.initialize(model, ALL, seed=SEED)
    names = ["weight", "bias"] * affine + ["running_mean", "running_var"] * tracks
    roles = ["scale", "offset"] * affine + ["mean", "variance"] * tracks
    assert [row.role for row in report.rows] == [*roles, "kernel", "bias"]
    for name, role in zip(names, roles, strict=True):
        equal(stored(getattr(layer, name)), f"norm/{role}", (4,))
    assert report.parameters == sum(p.numel() for p in model.parameters())
    assert not tracks or layer.num_batches_tracked == 0


def test_normalizations_without_an_offset_or_of_several_axes():
    model = nn.Sequential(nn.RMSNorm(4), nn.LayerNorm((2, 3), bias=False), nn.LayerNorm((2, 3)))
    report = init.initialize(model, ALL, seed=SEED)
    assert [row.path for row in report.rows] == ["0/scale", "1/scale", "2/scale", "2/offset"]
    equal(stored(model[2].weight, "out out"), "2/scale", (2, 3))


def test_running_statistics_start_at_zero_and_one():
    norm = nn.BatchNorm1d(3)
    norm.running_mean.fill_(7.0)
    norm.running_var.fill_(7.0)
    rules = [{"role": "scale", "init": "ones"}, {"role": "offset", "init": "zeros"}]
    report = init.initialize(norm, {"fanwise": 1, "rule": rules}, seed=0)
    assert norm.running_mean.tolist() == [0, 0, 0]
    assert norm.running_var.tolist() == [1, 1, 1]
    assert [row.rule for row in report.rows] == [1, 2, 0, 0]
    assert report.parameters == 6


def attention(**options):
    return nn.MultiheadAttention(8, 2, **options)


def test_packed_and_separate_attention_are_the_same():
    packed = attention()
    twin = attention(kdim=5, vdim=6, add_bias_kv=True)
    init.initialize(nn.ModuleDict({"a": packed}), ALL, seed=SEED)
    init.initialize(nn.ModuleDict({"a": twin}), ALL, seed=SEED)
    for number, name in enumerate(("query", "key", "value")):
        rows = packed.in_proj_weight[8 * number : 8 * (number + 1)]
        equal(stored(rows), f"a/{name}/kernel", (8, 8))
        equal(stored(packed.in_proj_bias[8 * number : 8 * (number + 1)]), f"a/{name}/bias", (8,))
    for name, size in (("query", 8), ("key", 5), ("value", 6)):
        equal(stored(getattr(twin, f"{name[0]}_proj_weight")), f"a/{name}/kernel", (size, 8))
    equal(stored(packed.out_proj.weight), "a/out/kernel", (8, 8))
    equal(stored(packed.out_proj.bias), "a/out/bias", (8,))
    equal(twin.bias_k.detach().numpy(), "a/extra_key/bias", (8,))
    equal(twin.bias_v.detach().numpy(), "a/extra_value/bias", (8,))


def test_the_fans_of_packed_attention_are_those_of_one():
    report = init.initialize(attention(), FANS, seed=0)
    kernels = [row for row in report.rows if row.role == "kernel"]
    assert [(row.fan_in, row.fan_out) for row in kernels] == [(8, 8)] * 4
    assert {row.layer for row in report.rows} == {"attention"}
    assert [row.shape for row in kernels] == [(8, 8)] * 4


RECURRENT = [("rnn", nn.RNN, 1), ("gru", nn.GRU, 3), ("lstm", nn.LSTM, 4)]


def check_cell(layer, prefix, suffix, gates, inputs, state, size):
    kernel = getattr(layer, f"weight_ih{suffix}")
    equal(stored(kernel, f"({gates} out) in"), f"{prefix}kernel", (gates, inputs, size))
    kernel = getattr(layer, f"weight_hh{suffix}")
    equal(stored(kernel, f"({gates} out) in"), f"{prefix}recurrent_kernel", (gates, state, size))
    bias = getattr(layer, f"bias_ih{suffix}").detach().numpy().reshape(gates, size)
    if gates == 4:
        equal(bias[1], f"{prefix}forget_bias", (size,))
        bias = bias[[0, 2, 3]]
    equal(bias, f"{prefix}bias", bias.shape)
    equal(stored(getattr(layer, f"bias_hh{suffix}")), f"{prefix}recurrent_bias", (gates, size))


@pytest.mark.parametrize(("kind", "cls", "gates"), RECURRENT)
def test_recurrences(kind, cls, gates):
    one = cls(3, 5)
    report = init.initialize(nn.ModuleDict({"r": one}), ALL, seed=SEED)
    check_cell(one, "r/", "_l0", gates, 3, 5, 5)
    assert {row.layer for row in report.rows} == {kind}
    assert report.parameters == sum(p.numel() for p in one.parameters())
    kernels = [row for row in report.rows if row.role.endswith("kernel")]
    assert [(row.fan_in, row.fan_out) for row in kernels] == [(3, 5), (5, 5)]

    both = cls(3, 5, num_layers=2, bidirectional=True)
    init.initialize(nn.ModuleDict({"r": both}), ALL, seed=SEED)
    for number, inputs in ((0, 3), (1, 10)):
        check_cell(both, f"r/{number}/forward/", f"_l{number}", gates, inputs, 5, 5)
        check_cell(both, f"r/{number}/backward/", f"_l{number}_reverse", gates, inputs, 5, 5)

    cell = {"rnn": nn.RNNCell, "gru": nn.GRUCell, "lstm": nn.LSTMCell}[kind](3, 5)
    report = init.initialize(nn.ModuleDict({"r": cell}), ALL, seed=SEED)
    check_cell(cell, "r/", "", gates, 3, 5, 5)
    assert {row.layer for row in report.rows} == {kind}
    bare = cls(3, 5, num_layers=2, bias=False)
    report = init.initialize(bare, ALL, seed=SEED)
    assert [row.path for row in report.rows] == [
        f"{n}/{w}" for n in (0, 1) for w in ("kernel", "recurrent_kernel")
    ]
    report = init.initialize(cls(3, 5, bidirectional=True), ALL, seed=SEED)
    assert {row.path.split("/")[0] for row in report.rows} == {"forward", "backward"}


def test_a_projection_of_an_lstm():
    layer = nn.LSTM(3, 5, proj_size=2)
    report = init.initialize(layer, ALL, seed=SEED)
    check_cell(layer, "", "_l0", 4, 3, 2, 5)
    equal(stored(layer.weight_hr_l0), "projection/kernel", (5, 2))
    assert report.rows[-1].layer == "dense"


def test_the_bias_of_the_forget_gate():
    layer = nn.LSTM(3, 4)
    rules = [
        {"role": "kernel", "init": "glorot_uniform"},
        {"role": "recurrent_kernel", "init": "orthogonal"},
        {"role": "forget_bias", "init": "ones"},
        {"role": "bias", "init": "zeros"},
    ]
    init.initialize(layer, {"fanwise": 1, "rule": rules}, seed=0)
    assert layer.bias_ih_l0.tolist() == [0] * 4 + [1] * 4 + [0] * 8
    assert layer.bias_hh_l0.tolist() == [0] * 16
    for gate in layer.weight_hh_l0.detach().double().view(4, 4, 4):
        torch.testing.assert_close(gate @ gate.T, torch.eye(4).double(), atol=1e-6, rtol=0)
    # A rule about bias stands for both unless one names it.
    init.initialize(layer, {"fanwise": 1, "rule": [*rules[:2], rules[3]]}, seed=0)
    assert not layer.bias_ih_l0.any()


def test_layers_made_of_layers():
    layer = nn.TransformerDecoderLayer(8, 2, 12)
    report = init.initialize(nn.Sequential(layer), ALL, seed=SEED)
    paths = {row.path for row in report.rows}
    assert {"0/self_attn/query/kernel", "0/multihead_attn/out/bias", "0/linear1/kernel"} <= paths
    assert report.parameters == sum(p.numel() for p in layer.parameters())
    equal(stored(layer.linear2.weight), "0/linear2/kernel", (12, 8))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_dtypes(dtype):
    layer = nn.LSTM(3, 4, dtype=dtype)
    report = init.initialize(layer, ALL, seed=SEED)
    name = str(dtype).split(".")[1]
    how = {"seed": SEED, "axes": "batch in out", "dtype": name}
    wanted = fanwise.sample(NORMAL, (4, 3, 4), path="kernel", **how)
    found = layer.weight_ih_l0.detach().view(4, 4, 3).transpose(1, 2).double()
    np.testing.assert_array_equal(found.numpy(), wanted.astype(np.float64))
    assert report.rows[0].observed == pytest.approx(found.std(correction=0).item(), rel=1e-5)


def test_dirac_in_groups():
    model = nn.Sequential(nn.Conv1d(4, 4, 3, groups=2), nn.ConvTranspose1d(4, 4, 3, groups=2))
    rules = [{"role": "kernel", "init": "dirac"}, {"role": "bias", "init": "zeros"}]
    init.initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
    for layer in model:
        twin = init.set_initializer(copy.deepcopy(layer), "dirac", seed=0)
        assert torch.equal(layer.weight, twin.weight)
        assert layer.weight.sum() == 4


# ---- the model ----


class Own(nn.Module):
    """Parameters without a layer."""

    def __init__(self):
        super().__init__()
        self.cls_token = nn.Parameter(torch.full((1, 1, 4), 9.0))
        self.scale = nn.Parameter(torch.full((4,), 9.0))
        self.kernel = nn.Parameter(torch.full((4,), 9.0))
        self.table = nn.ModuleDict({"kernel": nn.Linear(2, 2)})


def test_parameters_of_no_layer():
    model = nn.ModuleDict({"own": Own()})
    report = init.initialize(model, ALL, seed=SEED)
    rows = {row.path: (row.role, row.layer) for row in report.rows}
    assert rows["own/cls_token"] == ("", "parameter")
    assert rows["own/scale"] == ("scale", "parameter")
    assert rows["own/kernel"] == ("", "parameter")
    equal(model["own"].cls_token.detach().numpy(), "own/cls_token", (1, 1, 4))


def test_a_parameter_without_a_role_needs_a_rule_of_its_own():
    rules = [{"role": role, "init": "zeros"} for role in ("kernel", "bias", "scale")]
    with pytest.raises(FanwiseError, match=r"2 of the weights.*cls_token, kernel"):
        init.initialize(Own(), {"fanwise": 1, "rule": rules}, seed=0)
    rules.append({"layer": "parameter", "init": "ones"})
    model = Own()
    init.initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
    assert model.cls_token.mean() == 1
    assert not model.scale.any()


def test_shared_weights_are_set_once_under_their_first_path():
    table, head = nn.Embedding(6, 4), nn.Linear(4, 6)
    head.weight = table.weight
    shared = nn.Linear(4, 4)
    model = nn.ModuleDict({"table": table, "a": shared, "b": nn.Sequential(shared), "head": head})
    report = init.initialize(model, ALL, seed=SEED)
    assert [row.path for row in report.rows] == [
        "table/embedding",
        "a/kernel",
        "a/bias",
        "head/bias",
    ]
    equal(stored(head.weight, "in out"), "table/embedding", (6, 4))
    assert report.parameters == sum(p.numel() for p in model.parameters())


def test_tied_weights_within_a_recurrence():
    layer = nn.RNN(4, 4)
    layer.weight_hh_l0 = layer.weight_ih_l0
    report = init.initialize(layer, ALL, seed=SEED)
    assert [row.path for row in report.rows] == ["kernel", "bias", "recurrent_bias"]


def network():
    body = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
    return nn.ModuleDict({"body": body, "head": nn.Linear(4, 2)})


def state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def test_only_and_exclude():
    whole = network()
    init.initialize(whole, ALL, seed=SEED)
    for kwargs in ({"only": "head/**"}, {"exclude": ["body/**"]}):
        model = network()
        before = state(model)
        report = init.initialize(model, ALL, seed=SEED, **kwargs)
        assert [row.path for row in report.rows] == ["head/kernel", "head/bias"]
        assert report.parameters == 10
        after, wanted = model.state_dict(), whole.state_dict()
        for name, value in after.items():
            source = wanted if name.startswith("head") else before
            assert torch.equal(value, source[name])
    with pytest.raises(FanwiseError, match="only"):
        init.initialize(network(), ALL, seed=0, only="haed/**")


def test_statistics_that_are_excluded_keep_their_count():
    norm = nn.BatchNorm1d(3)
    norm.num_batches_tracked.fill_(9)
    init.initialize(norm, ALL, seed=0, exclude="{mean,variance}")
    assert norm.num_batches_tracked == 9


def test_a_dry_run_writes_nothing():
    model = network()
    before = state(model)
    versions = [p._version for p in model.parameters()]
    report = init.initialize(model, ALL, seed=SEED, dry_run=True)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert versions == [p._version for p in model.parameters()]
    assert all(math.isnan(row.observed) for row in report.rows)
    real = init.initialize(model, ALL, seed=SEED)
    assert [row.path for row in report.rows] == [row.path for row in real.rows]
    assert versions != [p._version for p in model.parameters()]


def test_the_meta_device():
    """A plan, and nothing to write; the same weights once there is memory."""
    with torch.device("meta"):
        model = network()
    report = init.initialize(model, ALL, seed=SEED)
    assert all(p.is_meta for p in model.parameters())
    assert all(math.isnan(row.observed) for row in report.rows)
    model.to_empty(device="cpu")
    init.initialize(model, ALL, seed=SEED)
    equal(stored(model["head"].weight), "head/kernel", (4, 2))


def test_the_report():
    model = network()
    report = init.initialize(model, ALL, seed=SEED)
    kernel = report.rows[0]
    assert (kernel.shape, kernel.fan_in, kernel.fan_out, kernel.rule) == ((4, 4), 4, 4, 1)
    assert kernel.expected == 0.5
    wanted = model["body"][0].weight.detach().double().std(correction=0).item()
    assert kernel.observed == pytest.approx(wanted, rel=1e-6)
    data = report.to_dict()
    assert data["parameters"] == 50
    assert data["rows"][0]["layer"] == "dense"
    assert str(report).splitlines()[0].split() == [
        "path",
        "shape",
        "role",
        "layer",
        "scheme",
        "rule",
        "fan_in",
        "fan_out",
        "expected",
        "observed",
        "parameters",
    ]
    assert "layer" not in str(init.summary(model)).splitlines()[0]


def test_the_summary_knows_what_a_recipe_set():
    model = network()
    init.initialize(model, ALL, seed=SEED)
    assert {row.scheme for row in init.summary(model).rows} == {"normal"}


def test_variables_and_names():
    recipe = {
        "fanwise": 1,
        "vars": {"std": 0.1},
        "rule": [{"match": "trunk/**", "init": {"scheme": "normal", "std": "std"}}],
        "names": {"torch": {"body": "trunk", "head": "trunk/top"}},
    }
    model = network()
    report = init.initialize(model, recipe, seed=SEED, std=0.5)
    assert report.rows[-1].path == "trunk/top/bias"
    equal(stored(model["head"].weight), "trunk/top/kernel", (4, 2))


def test_wrappers_do_not_change_paths():
    plain = network()
    init.initialize(plain, ALL, seed=SEED)
    for wrap in (partial(torch.compile, backend="eager"), nn.DataParallel):
        model = network()
        init.initialize(wrap(model), ALL, seed=SEED)
        for name, value in model.state_dict().items():
            assert torch.equal(value, plain.state_dict()[name])


def test_the_default_generator_is_left_alone():
    torch.manual_seed(3)
    wanted = torch.rand(2)
    model = network()
    torch.manual_seed(3)
    init.initialize(model, ALL, seed=SEED)
    assert torch.equal(torch.rand(2), wanted)


def test_views_of_other_strides():
    model = nn.Linear(6, 4)
    model.weight = nn.Parameter(torch.zeros(6, 4).T)
    init.initialize(model, ALL, seed=SEED)
    equal(stored(model.weight), "kernel", (6, 4))


# ---- layers of one's own ----


class Packed(nn.Module):
    """Query, key and value per head, as columns of one weight that lies as Keras has it."""

    def __init__(self, heads=2, size=3):
        super().__init__()
        width = heads * size
        self.heads, self.size = heads, size
        self.weight = nn.Parameter(torch.zeros(width, 3 * width))
        self.out = nn.Linear(width, width)


def describe(layer):
    for number, name in enumerate(("query", "key", "value")):
        starts = [(3 * head + number) * layer.size for head in range(layer.heads)]
        spans = tuple((start, start + layer.size) for start in starts)
        yield init.Stored("weight", f"{name}/kernel", "in out", "attention", spans, axis=1)


class SubclassOfPacked(Packed):
    pass


@pytest.fixture
def registry(monkeypatch):
    from fanwise.adapters.torch import stored as module

    monkeypatch.setattr(module, "_known", dict(module._known))


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("cls", [Packed, SubclassOfPacked])
def test_a_registered_layer(cls):
    init.register_layer(Packed, describe)
    layer = cls()
    report = init.initialize(nn.ModuleDict({"a": layer}), ALL, seed=SEED)
    per_head = layer.weight.detach().numpy().reshape(6, 2, 3, 3)
    for number, name in enumerate(("query", "key", "value")):
        equal(per_head[:, :, number], f"a/{name}/kernel", (6, 6))
    equal(stored(layer.out.weight), "a/out/kernel", (6, 6))
    assert [row.path for row in report.rows][:4] == [
        "a/query/kernel",
        "a/key/kernel",
        "a/value/kernel",
        "a/out/kernel",
    ]


BAD = [
    ([init.Stored("weight", "kernel", "in out", "dense", ((0, 5),))], "make up the shape"),
    ([init.Stored("weight", "kernel", "in out", "dense", ((0, 9), (6, 18)), 1)], "make up"),
    ([init.Stored("weight", "kernel", "in out", "dense", ((0, 6),), axis=2)], "make up"),
    ([init.Stored("wieght", "kernel", "in out", "dense")], "wieght"),
    ([init.Stored("ouch.weight", "kernel", "in out", "dense")], "ouch"),
    (["weight"], "a Stored for each"),
    ([init.Stored("weight", "kernel", "out", "dense")], "axes"),
]


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(("description", "message"), BAD)
def test_a_description_that_does_not_fit(description, message):
    init.register_layer(Packed, lambda _: description)
    layer = Packed()
    with pytest.raises(FanwiseError, match=message):
        init.initialize(layer, ALL, seed=0)
    assert not layer.weight.any()


def test_bad_registrations():
    with pytest.raises(FanwiseError, match=r"torch\.nn\.Module"):
        init.register_layer(int, describe)
    with pytest.raises(FanwiseError, match="function"):
        init.register_layer(Packed, None)
    with pytest.raises(FanwiseError, match="ends in a role"):
        init.Stored("weight", "query/weight", "torch", "dense")


def test_parametrized_layers_show_what_they_store():
    layer = parametrizations.weight_norm(nn.Linear(3, 2))
    report = init.initialize(layer, ALL, seed=SEED)
    assert {row.path: row.layer for row in report.rows} == {
        "bias": "dense",
        "parametrizations/weight/original0": "parameter",
        "parametrizations/weight/original1": "parameter",
    }


# ---- all or nothing ----


def rules(*more, **data):
    common = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
    return {"fanwise": 1, "rule": [*more, *common], **data}


class Lazy(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(2, 2), nn.LazyLinear(3)


def with_integers():
    model = network()
    model["head"].weight = nn.Parameter(torch.ones(2, 4, dtype=torch.int32), requires_grad=False)
    return model


def with_overlap():
    model = network()
    model["head"].weight = nn.Parameter(torch.ones(1, 4).expand(2, 4))
    return model


def with_clash():
    model = nn.Sequential(nn.Linear(2, 2))
    model.add_module("b", nn.Linear(2, 2))
    return model


ERRORS = [
    ("no rule", network, {"fanwise": 1, "rule": [{"role": "kernel", "init": "zeros"}]}, {}),
    ("an unused rule", network, rules({"match": "hed/**", "init": "zeros"}), {}),
    ("an unknown variable", network, rules(), {"width": 3}),
    (
        "a circle",
        network,
        rules(
            {"match": "head/*", "init": {"scheme": "normal", "std": "a"}},
            vars={"a": "b", "b": "a"},
        ),
        {},
    ),
    (
        "not arithmetic",
        network,
        rules({"match": "head/*", "init": {"scheme": "normal", "std": "__import__('os')"}}),
        {},
    ),
    (
        "a scheme that does not fit",
        network,
        rules({"match": "head/bias", "init": "orthogonal"}),
        {},
    ),
    ("a clash", with_clash, rules(names={"torch": {"0": "a", "b": "a"}}), {}),
    ("a lazy layer", Lazy, rules(), {}),
    ("a dtype", with_integers, rules(), {}),
    ("overlapping memory", with_overlap, rules(), {}),
    ("a bad seed", network, rules(), {"seed": -1}),
    ("an unknown recipe", network, "gtp2", {}),
    ("identity of a convolution", lambda: nn.Conv1d(2, 2, 3), "identity", {}),
    ("a pattern that fits nothing", network, rules(), {"exclude": "nobody/**"}),
]


@pytest.mark.parametrize(("what", "make", "recipe", "how"), ERRORS, ids=[e[0] for e in ERRORS])
@pytest.mark.parametrize("dry_run", [False, True])
def test_on_an_error_nothing_changes(what, make, recipe, how, dry_run):
    if recipe == "identity":
        recipe = rules({"role": "kernel", "init": "identity"}, allow={"unused": ["k"]})
        recipe["rule"][1]["name"] = "k"
    model = make()
    plain = [p for p in model.parameters() if not nn.parameter.is_lazy(p)]
    before = [(p.detach().clone(), p._version) for p in plain]
    with pytest.raises(FanwiseError) as error:
        init.initialize(model, recipe, **{"seed": 0, "dry_run": dry_run, **how})
    assert error.value.do
    for parameter, (values, version) in zip(plain, before, strict=True):
        assert torch.equal(parameter, values)
        assert parameter._version == version


def test_errors_name_the_weight():
    with pytest.raises(FanwiseError, match=r"head/kernel.*dtype"):
        init.initialize(with_integers(), rules(), seed=0)
    with pytest.raises(FanwiseError, match=r"one batch.*"):
        init.initialize(Lazy(), rules(), seed=0)
    with pytest.raises(FanwiseError, match=r"second/weight"):
        init.initialize(Lazy(), rules(), seed=0)
    with pytest.raises(FanwiseError, match=r"torch\.nn\.Module"):
        init.initialize([nn.Linear(2, 2)], rules(), seed=0)


def test_a_lazy_layer_after_one_batch():
    model = Lazy()
    model.second(torch.ones(1, 2))
    assert init.initialize(model, rules(), seed=0).parameters == 15


def test_what_is_excluded_may_be_anything():
    """A quantized body does not stand in the way of a new head."""
    model = with_integers()
    report = init.initialize(model, rules(), seed=0, exclude="head/**")
    assert len(report.rows) == 4


def test_a_flat_parameter_is_an_error():
    """FullyShardedDataParallel, the old one, leaves no axes to draw by."""

    class FlatParameter(nn.Parameter):
        pass

    model = network()
    model.flat = FlatParameter(torch.zeros(9))
    with pytest.raises(FanwiseError, match="fully_shard"):
        init.initialize(model, ALL, seed=0)


@pytest.mark.usefixtures("registry")
def test_on_a_device_the_bits_are_the_same(monkeypatch):
    """The path of other devices, in the memory of this one."""
    init.register_layer(Packed, describe)

    def model():
        layers = [nn.LSTM(3, 4), attention(), Packed(), nn.Embedding(5, 2, padding_idx=1)]
        return nn.ModuleList([*layers, nn.BatchNorm1d(3)])

    rules = [{"role": "recurrent_kernel", "init": "orthogonal"}, *ALL["rule"]]
    recipe = {"fanwise": 1, "rule": rules}
    one, other = model(), model()
    init.initialize(one, recipe, seed=SEED)
    monkeypatch.setattr(portable, "_suits_host", lambda tensor: tensor.ndim == 0)
    drawn_whole = []
    real = portable._on_host
    monkeypatch.setattr(
        portable, "_on_host", lambda *args: (drawn_whole.append(args[1].scheme.family), real(*args))
    )
    init.initialize(other, recipe, seed=SEED)
    assert set(drawn_whole) == {"orthogonal"}
    for name, value in other.state_dict().items():
        assert torch.equal(value, one.state_dict()[name]), name
