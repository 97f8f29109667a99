"""set_initializer knows the axes, groups and fans of torch's layers."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.core import to_canonical

S = fanwise.scheme


def canonical(tensor, axes):
    return np.ascontiguousarray(to_canonical(tensor.detach().numpy(), axes))


def sampled(scheme, shape, axes, path, seed=7):
    return fanwise.sample(scheme, shape, seed=seed, path=path, axes=axes)


def equal(tensor, *args, **kwargs):
    return tensor.detach().numpy().tobytes() == sampled(*args, **kwargs).tobytes()


#: A layer, the pattern of its weight, its true fans, and a canonical kernel in Keras' order.
LAYERS = {
    "linear": (nn.Linear(6, 4), "torch", (6, 4)),
    "bilinear": (nn.Bilinear(3, 5, 4), "out in in", (15, 4)),
    "conv1d": (nn.Conv1d(6, 4, 3), "torch", (18, 12)),
    "conv2d": (nn.Conv2d(6, 4, (3, 5)), "torch", (90, 60)),
    "conv3d": (nn.Conv3d(2, 4, 3), "torch", (54, 108)),
    "grouped": (nn.Conv2d(6, 4, 3, groups=2), "torch", (27, 18)),
    "depthwise": (nn.Conv2d(6, 6, 3, groups=6), "torch", (9, 9)),
    "transposed1d": (nn.ConvTranspose1d(6, 4, 3), "torch_transposed", (18, 12)),
    "transposed2d": (nn.ConvTranspose2d(6, 4, 3), "torch_transposed", (54, 36)),
    "transposed3d": (nn.ConvTranspose3d(2, 4, 3), "torch_transposed", (54, 108)),
    "transposed grouped": (nn.ConvTranspose2d(6, 4, 3, groups=2), "torch_transposed", (27, 18)),
    "embedding": (nn.Embedding(10, 4), "in out", (10, 4)),
    "bag": (nn.EmbeddingBag(10, 4), "in out", (10, 4)),
}
SCHEMES = ("he_normal", "kaiming_uniform", "xavier_normal", "torch_default", "orthogonal", "normal")


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("kind", LAYERS)
def test_weights_have_the_bits_of_their_true_fans(kind, name):
    made, axes, (fan_in, fan_out) = LAYERS[kind]
    layer = copy.deepcopy(made)
    found = init.set_initializer(layer, name, "torch_default", seed=7, path="a/b")
    assert found is layer
    scheme = S(name)
    if "fan" in scheme.entry.parameters:
        averaged = (fan_in + fan_out) / 2
        scheme = scheme.replace(fan=averaged if name == "xavier_normal" else fan_in)
    shape = tuple(layer.weight.shape)
    role = "embedding" if isinstance(layer, (nn.Embedding, nn.EmbeddingBag)) else "kernel"
    assert equal(layer.weight, scheme, shape, axes, f"a/b/{role}")
    if getattr(layer, "bias", None) is not None:
        bias = S("torch_default", fan=fan_in)
        assert equal(layer.bias, bias, tuple(layer.bias.shape), "torch", "a/b/bias")
        assert layer.bias.abs().max() <= fan_in**-0.5


# For the others torch itself counts other fans than the true ones.
@pytest.mark.parametrize("kind", ["linear", "conv1d", "conv2d", "conv3d", "grouped", "depthwise"])
def test_the_default_of_torch_is_torch_default(kind):
    """A fresh layer of torch's, and ours, are uniform on the same interval."""
    made, _, (fan_in, _) = LAYERS[kind]
    layer = init.set_initializer(copy.deepcopy(made), "torch_default", "torch_default", seed=0)
    for found in (layer, made):
        # 24 elements at the least: all in the inner half with probability below 2**-23.
        assert 0.5 < found.weight.abs().max() * fan_in**0.5 <= 1 + 1e-6
        assert found.bias.abs().max() * fan_in**0.5 <= 1 + 1e-6


def test_without_a_path_the_weight_is_kernel_and_the_bias_is_bias():
    layer = init.set_initializer(nn.Linear(6, 4), "he_normal", "normal", seed=7)
    assert equal(layer.weight, "he_normal", (4, 6), "torch", "kernel")
    assert equal(layer.bias, "normal", (4,), "torch", "bias")


def test_the_defaults_are_he_normal_and_zeros():
    layer = init.set_initializer(nn.Linear(6, 4), seed=7)
    assert equal(layer.weight, "he_normal", (4, 6), "torch", "kernel")
    assert not layer.bias.any()


def test_the_same_function_as_a_kernel_of_keras():
    """x @ kernel in Keras, and the torch layer, compute the same."""
    layer = init.set_initializer(nn.Linear(6, 4, dtype=torch.float64), seed=7, path="d")
    kernel = fanwise.sample("he_normal", (6, 4), seed=7, path="d/kernel", dtype="float64")
    x = np.random.default_rng(0).normal(size=(5, 6))
    assert np.allclose(layer(torch.tensor(x)).detach().numpy(), x @ kernel, rtol=1e-12)


def test_one_seed_is_drawn_for_the_layer():
    torch.manual_seed(3)
    first = init.set_initializer(nn.utils.skip_init(nn.Linear, 4, 4), bias="normal")
    second = init.set_initializer(nn.utils.skip_init(nn.Linear, 4, 4), bias="normal")
    torch.manual_seed(3)
    low, high = torch.randint(0, 2**32, (2,)).tolist()
    seed = low | high << 32
    assert equal(first.weight, "he_normal", (4, 4), "torch", "kernel", seed=seed)
    assert equal(first.bias, "normal", (4,), "torch", "bias", seed=seed)
    assert not torch.equal(first.weight, second.weight)
    generator = torch.Generator().manual_seed(3)
    third = init.set_initializer(nn.Linear(4, 4), bias="normal", generator=generator)
    assert torch.equal(first.weight, third.weight)


def test_the_native_engine_is_torch():
    layer = nn.utils.skip_init(nn.Linear, 6, 4)
    torch.manual_seed(3)
    init.set_initializer(layer, "kaiming_uniform", "normal", engine="native")
    torch.manual_seed(3)
    assert torch.equal(layer.weight, nn.init.kaiming_uniform_(torch.empty(4, 6)))
    assert torch.equal(layer.bias, nn.init.normal_(torch.empty(4)))
    state = torch.get_rng_state()
    seeded = init.set_initializer(nn.utils.skip_init(nn.Linear, 4, 4), seed=1, engine="native")
    assert torch.equal(torch.get_rng_state(), state)
    assert seeded.weight.std() > 0.1


def test_a_layer_without_a_bias():
    layer = init.set_initializer(nn.Conv2d(3, 4, 3, bias=False), bias="ones", seed=7)
    assert layer.bias is None
    with pytest.raises(fanwise.FanwiseError, match="Unknown scheme"):
        init.set_initializer(layer, bias="one")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_dtypes(dtype):
    weight = init.set_initializer(nn.Linear(6, 4, dtype=dtype), seed=7).weight.detach().clone()
    wide = init.set_initializer(nn.Linear(6, 4), seed=7).weight
    if dtype is torch.float64:
        assert torch.allclose(weight, wide.double(), rtol=1e-6)
    else:
        assert torch.equal(weight, wide.to(dtype))


@pytest.mark.parametrize(
    "layer",
    [
        nn.BatchNorm1d(4),
        nn.BatchNorm2d(4),
        nn.BatchNorm3d(4),
        nn.SyncBatchNorm(4),
        nn.InstanceNorm2d(4, affine=True, track_running_stats=True),
        nn.LayerNorm((3, 4)),
        nn.LayerNorm(4, bias=False),
        nn.GroupNorm(2, 4),
        nn.RMSNorm(4),
        nn.BatchNorm2d(4, affine=False),
        nn.LayerNorm(4, elementwise_affine=False),
    ],
    ids=repr,
)
def test_a_normalization_starts_as_the_identity(layer):
    layer = copy.deepcopy(layer)
    for tensor in (*layer.parameters(), *layer.buffers()):
        tensor.data.fill_(5)
    init.set_initializer(layer)
    for name, tensor in (*layer.named_parameters(), *layer.named_buffers()):
        start = 1 if name in ("weight", "running_var") else 0
        assert (tensor == start).all(), name
    if getattr(layer, "weight", None) is not None:
        init.set_initializer(layer, S("constant", value=0.5), "normal", seed=7, path="n")
        assert (layer.weight == 0.5).all()
        if getattr(layer, "bias", None) is not None:
            assert layer.bias.detach().std() > 0.1


def test_the_functions_give_the_start_of_a_batch_normalization_too():
    layer = nn.BatchNorm2d(3)
    for tensor, fill in (
        (layer.weight, init.ones_),
        (layer.bias, init.zeros_),
        (layer.running_mean, init.zeros_),
        (layer.running_var, init.ones_),
    ):
        tensor.data.fill_(5)
        assert fill(tensor) is tensor
    x = torch.randn(2, 3, 4, 4)
    assert torch.allclose(layer.eval()(x), x, rtol=1e-4)


def test_a_normalization_has_no_fans_so_a_scheme_that_counts_one_leaves_it_the_identity():
    layer = nn.LayerNorm((3, 4))
    init.set_initializer(layer, "glorot_uniform", "torch_default", seed=0)
    assert (layer.weight == 1).all()
    assert not layer.bias.any()
    init.set_initializer(layer, S("glorot_uniform", fan=4), S("lecun_normal", fan=4), seed=0)
    assert layer.weight.std() > 0.1
    assert layer.bias.std() > 0.1


@pytest.mark.parametrize(("cls", "padding"), [(nn.Embedding, 2), (nn.EmbeddingBag, -3)])
def test_the_padding_of_an_embedding_is_zero(cls, padding):
    layer = init.set_initializer(cls(5, 3, padding_idx=padding), "normal", seed=7)
    rows = sampled("normal", (5, 3), "in out", "embedding")
    rows[2] = 0.0
    assert np.array_equal(layer.weight.detach().numpy(), rows)
    assert init.summary(layer).rows[0].scheme == "normal"


def test_two_layers_of_one_stream_are_told_of():
    """As every layer's own path is left out: queries that are the keys."""
    query = init.set_initializer(nn.Linear(4, 4), seed=9)
    init.set_initializer(query, seed=9)  # drawn again
    key = nn.Linear(4, 4)
    with pytest.warns(fanwise.RepeatedStreamWarning, match="seed=9, path='kernel'"):
        init.set_initializer(key, seed=9)
    assert torch.equal(query.weight, key.weight)
    third = nn.Linear(4, 4)
    before = third.weight.clone()
    with pytest.raises(fanwise.RepeatedStreamWarning):
        init.set_initializer(third, seed=9)
    assert torch.equal(third.weight, before)


def test_constants_other_paths_and_drawn_seeds_repeat_no_stream():
    layers = [nn.Linear(4, 4) for _ in range(2)]
    for number, layer in enumerate(layers):
        init.set_initializer(layer, "ones", seed=9)
        init.set_initializer(layer)
        init.set_initializer(layer, seed=9, path=str(number))
    packed = [nn.MultiheadAttention(4, 1) for _ in range(2)]
    init.set_initializer(packed[0], seed=9, path="a")
    with pytest.warns(fanwise.RepeatedStreamWarning, match="a/out/kernel"):
        init.set_initializer(packed[1].out_proj, seed=9, path="a/out")


def test_models_of_one_seed_are_wanted():
    for model in [nn.Sequential(nn.Linear(4, 4)) for _ in range(2)]:
        init.initialize(model, "torch_default", seed=9)


def test_packed_attention_has_the_fans_of_its_parts():
    layer = nn.MultiheadAttention(8, 2, add_bias_kv=True)
    init.set_initializer(layer, "xavier_uniform", "torch_default", seed=7, path="att")
    names = ("query", "key", "value")
    for rows, bias, name in zip(
        layer.in_proj_weight.split(8), layer.in_proj_bias.split(8), names, strict=True
    ):
        assert equal(rows, "xavier_uniform", (8, 8), "torch", f"att/{name}/kernel")
        assert equal(bias, S("torch_default", fan=8), (8,), "torch", f"att/{name}/bias")
    assert 0.9 < layer.in_proj_weight.abs().max() / (6 / 16) ** 0.5 <= 1
    assert equal(layer.out_proj.weight, "xavier_uniform", (8, 8), "torch", "att/out/kernel")
    biases = {
        "att/out/bias": layer.out_proj.bias,
        "att/extra_key/bias": layer.bias_k,
        "att/extra_value/bias": layer.bias_v,
    }
    for path, tensor in biases.items():
        assert equal(tensor, S("torch_default", fan=8), tuple(tensor.shape), "kernel", path)


def test_attention_with_other_keys_and_values():
    layer = nn.MultiheadAttention(8, 2, kdim=3, vdim=5)
    init.set_initializer(layer, "he_normal", seed=7)
    for name, size in (("query", 8), ("key", 3), ("value", 5)):
        weight = getattr(layer, f"{name[0]}_proj_weight")
        assert equal(weight, "he_normal", (8, size), "torch", f"{name}/kernel")
    assert not layer.in_proj_bias.any()


@pytest.mark.parametrize("engine", ["portable", "native"])
def test_a_dirac_passes_the_inputs_of_a_transposed_convolution_through(engine):
    x = torch.randn(2, 4, 6, 6)
    for groups in (1, 2):
        for kind in (nn.Conv2d, nn.ConvTranspose2d):
            layer = kind(4, 4, 3, padding=1, groups=groups)
            init.set_initializer(layer, "dirac", engine=engine)
            assert torch.equal(layer(x), x)


def test_a_shared_layer_stays_one_tensor():
    shared = nn.Linear(4, 4)
    model = nn.Sequential(shared, nn.Tanh(), shared)
    weight, pointer = shared.weight, shared.weight.data_ptr()
    init.set_initializer(model[0], "he_normal", seed=1, path="first")
    assert model[2].weight is weight
    assert weight.data_ptr() == pointer
    assert equal(model[2].weight, "he_normal", (4, 4), "torch", "first/kernel", seed=1)
    assert init.summary(model).parameters == 20


def test_a_tied_weight_stays_one_tensor():
    table, head = nn.Embedding(7, 4), nn.Linear(4, 7, bias=False)
    head.weight = table.weight
    init.set_initializer(table, S("normal", std=0.02), seed=1)
    assert head.weight is table.weight


class Strange(nn.Linear):
    def __init__(self):
        super().__init__(3, 3)
        self.adapter = nn.Parameter(torch.ones(3, 3))


def strangers():
    yield "a subclass with another weight", Strange()
    yield "an activation with a weight", nn.PReLU()


@pytest.mark.parametrize(("what", "layer"), list(strangers()), ids=[w for w, _ in strangers()])
def test_weights_of_unknown_axes_are_an_error(what, layer):
    before = copy.deepcopy(layer.state_dict())
    with pytest.raises(fanwise.FanwiseError, match="describe it with register_layer"):
        init.set_initializer(layer, seed=0)
    after = layer.state_dict()
    assert all(torch.equal(before[key], after[key]) for key in before)


def test_a_layer_without_weights_has_nothing_to_set():
    layer = nn.ReLU()
    assert init.set_initializer(layer) is layer


BAD = {
    "unknown kernel": ({"kernel": "he"}, "Unknown scheme 'he'"),
    "unknown bias": ({"bias": "he"}, "Unknown scheme 'he'"),
    "bias without fan": ({"bias": "orthogonal"}, "in and out axes for orthogonal"),
    # Enough of the normal for the scheme, one word too few for the stream.
    "bias of too few words": (
        {"bias": S("truncated_normal", low=0.3, high=0.30064019897153776)},
        "of the 2..32 words",
    ),
    "kernel of a matrix": ({"kernel": "identity"}, "a matrix for identity"),
    "seed": ({"seed": -1}, "an integer seed"),
    "path": ({"path": 3}, "a path as a string"),
    "engine": ({"engine": "gpu"}, "engine 'portable' or 'native'"),
    "both": ({"seed": 1, "generator": torch.Generator()}, "one source of randomness"),
    "native without one": (
        {"kernel": "delta_orthogonal", "engine": "native"},
        "an initializer of torch.nn.init",
    ),
}


@pytest.mark.parametrize(("how", "words"), BAD.values(), ids=BAD.keys())
def test_all_or_nothing(how, words):
    layer = nn.Conv2d(4, 4, 3, groups=2)
    before, state = copy.deepcopy(layer.state_dict()), torch.get_rng_state()
    with pytest.raises(fanwise.FanwiseError, match=words):
        init.set_initializer(layer, **how)
    assert all(torch.equal(before[key], value) for key, value in layer.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("layer", [None, torch.ones(3, 3), "dense"])
def test_only_modules_are_layers(layer):
    with pytest.raises(fanwise.FanwiseError, match="For a bare tensor use init_"):
        init.set_initializer(layer)


def test_a_parameter_that_cannot_be_written_leaves_the_rest_alone():
    layer = nn.Linear(3, 3)
    layer.bias = nn.Parameter(torch.zeros(1).expand(3))
    before = layer.weight.detach().clone()
    with pytest.raises(fanwise.FanwiseError, match="memory of its own"):
        init.set_initializer(layer, seed=0)
    assert torch.equal(layer.weight, before)


def test_the_meta_device():
    layer = init.set_initializer(nn.BatchNorm2d(3, device="meta"))
    layer = init.set_initializer(nn.Embedding(3, 3, padding_idx=1, device="meta"))
    assert layer.weight.is_meta
