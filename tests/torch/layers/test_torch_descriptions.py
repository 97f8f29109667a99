"""set_initializer is initialize of one layer: for every kind of layer, to the bit."""

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch.conformance.starts import STARTS
from fanwise.adapters.torch.layers.models import model_weights

SEED = 2**40 + 3
#: Both count fans.
SCHEMES = ("glorot_uniform", "lecun_normal")
KERNELS = ("kernel", "recurrent_kernel", "embedding")


def recipe(kernel, bias):
    """What has no fans starts as the identity."""
    schemes = {**dict.fromkeys(KERNELS, kernel), "bias": bias, "scale": "ones", "offset": "zeros"}
    rules = [{"role": role, "init": scheme, "name": role} for role, scheme in schemes.items()]
    return {"fanwise": 1, "rule": rules, "allow": {"unused": list(schemes)}}


def fresh(kind):
    layer = STARTS[kind]()
    with torch.no_grad():
        for tensor in layer.state_dict().values():
            tensor.fill_(9)
    return layer


def test_every_kind_of_the_suite_is_tried():
    assert len(STARTS) == 27


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize("kind", STARTS)
def test_set_initializer_is_initialize_of_a_model_with_that_layer(kind, engine):
    alone, layer = fresh(kind), fresh(kind)
    model = nn.ModuleDict({"body": nn.ModuleDict({"it": layer})})
    how = {"seed": SEED, "engine": engine}
    assert (
        init.set_initializer(alone, "glorot_uniform", "lecun_normal", path="body/it", **how)
        is alone
    )
    report = init.initialize(model, recipe(*SCHEMES), **how)
    assert all(row.path.startswith("body/it/") for row in report.rows)
    for name, value in layer.state_dict().items():
        assert torch.equal(value, alone.state_dict()[name]), name
        assert not (value == 9).any(), name


@pytest.mark.parametrize("kind", STARTS)
def test_every_weight_has_the_bits_of_its_path_and_its_own_fans(kind):
    layer = init.set_initializer(
        STARTS[kind](), "glorot_uniform", "lecun_normal", seed=SEED, path="p"
    )
    for stored in model_weights(layer, "p"):
        weight = stored.weight
        if weight.role in KERNELS:
            scheme = fanwise.scheme("glorot_uniform", groups=weight.groups)
        elif weight.role in ("bias", "forget_bias"):
            scheme = fanwise.scheme("lecun_normal", fan=weight.beside.fan_in)
        else:
            scheme = "ones" if weight.role in ("scale", "variance") else "zeros"
        wanted = fanwise.sample(scheme, weight.shape, seed=SEED, path=weight.path, axes=weight.axes)
        for block, index in stored.blocks():
            assert block.numpy().tobytes() == wanted[index].tobytes(), weight.path


@pytest.mark.parametrize("kind", STARTS)
def test_without_a_seed_one_is_drawn_from_the_generator(kind):
    first, second, third = fresh(kind), fresh(kind), fresh(kind)
    torch.manual_seed(5)
    init.set_initializer(first, path="p")
    init.set_initializer(second, path="p", generator=torch.Generator().manual_seed(5))
    init.initialize(
        nn.ModuleDict({"p": third}),
        recipe("he_normal", "zeros"),
        generator=torch.Generator().manual_seed(5),
    )
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name])
        assert torch.equal(value, third.state_dict()[name])


def test_nothing_random_leaves_the_generator_where_it_is():
    layer, state = nn.Linear(3, 3), torch.get_rng_state()
    init.initialize(layer, recipe("zeros", "ones"))
    assert torch.equal(torch.get_rng_state(), state)
    init.initialize(layer, recipe("he_normal", "ones"), dry_run=True)
    assert torch.equal(torch.get_rng_state(), state)
    init.initialize(layer, recipe("he_normal", "ones"))
    assert not torch.equal(torch.get_rng_state(), state)


def test_the_native_engine_draws_what_is_packed_weight_by_weight():
    layer = init.set_initializer(nn.MultiheadAttention(8, 2), seed=1, engine="native", path="a")
    query, _, value = layer.in_proj_weight.detach().clone().split(8)
    del layer
    apart = init.set_initializer(
        nn.MultiheadAttention(8, 2, kdim=9), seed=1, engine="native", path="a"
    )
    assert torch.equal(query, apart.q_proj_weight)
    assert torch.equal(value, apart.v_proj_weight)


class Scattered(nn.Module):
    """Two weights, each in two parameters, one of them as a row of its own."""

    def __init__(self):
        super().__init__()
        self.first = nn.Parameter(torch.zeros(4, 3))
        self.second = nn.Parameter(torch.zeros(2, 4, 3))


def describe_scattered(_):
    for number, name in enumerate(("query", "key")):
        half = (slice(2 * number, 2 * number + 2),)
        spans = (init.Span("first", half, (0,)), init.Span("second", (0, *half), (1,)))
        rest = (init.Span("second", (1, *half), (2,)),)
        yield init.LayerWeight(
            "first",
            f"{name}/kernel",
            "batch out in",
            "attention",
            spans=spans + rest,
            shape=(3, 2, 3),
        )


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("engine", ["portable", "native"])
def test_a_weight_may_lie_in_several_parameters(engine):
    init.register_layer(Scattered, describe_scattered)
    layer = init.set_initializer(Scattered(), "glorot_uniform", seed=SEED, path="p", engine=engine)
    for number, name in enumerate(("query", "key")):
        rows = slice(2 * number, 2 * number + 2)
        parts = [layer.first[rows], layer.second[0, rows], layer.second[1, rows]]
        drawn = torch.stack(parts).detach()
        if engine == "portable":
            wanted = fanwise.sample(
                "glorot_uniform", (3, 2, 3), seed=SEED, path=f"p/{name}/kernel", axes="batch out in"
            )
            assert drawn.numpy().tobytes() == wanted.tobytes()
        else:
            assert drawn.std() > 0.1
