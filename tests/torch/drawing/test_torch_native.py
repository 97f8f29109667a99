"""The native engine is torch.nn.init with the scheme's numbers."""

import pytest
import torch
from reference.truncation import CORRECTION

import fanwise
import fanwise.torch as init

S = fanwise.scheme
CASES = {
    "uniform_": ({"a": -0.5, "b": 0.25}, (7, 5)),
    "normal_": ({"mean": 0.5, "std": 0.02}, (7, 5)),
    "trunc_normal_": ({"mean": 0.1, "std": 0.5, "a": -0.4, "b": 1.1}, (7, 5)),
    "xavier_uniform_": ({"gain": 2.0}, (7, 5, 3)),
    "xavier_normal_": ({"gain": 0.5}, (7, 5, 3)),
    "kaiming_uniform_": ({"a": 2.2, "mode": "fan_out"}, (7, 5, 3)),
    "kaiming_normal_": ({"nonlinearity": "relu"}, (7, 5)),
    "orthogonal_": ({"gain": 1.5}, (7, 5, 3)),
}
FIXED = {
    "constant_": ({"val": 0.3}, (3, 4)),
    "ones_": ({}, (3, 4)),
    "zeros_": ({}, (3, 4)),
    "eye_": ({}, (3, 4)),
    "dirac_": ({"groups": 2}, (4, 3, 3)),
}


def close(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("how", ["seed", "generator", "global"])
def test_native_is_torch(name, how, dtype):
    params, shape = CASES[name]
    generator = torch.Generator().manual_seed(11)
    expected = getattr(torch.nn.init, name)(
        torch.empty(shape, dtype=dtype), **params, generator=generator
    )
    chosen = {"seed": 11} if how == "seed" else {}
    if how == "generator":
        chosen["generator"] = torch.Generator().manual_seed(11)
    torch.manual_seed(11)
    tensor = torch.full(shape, 9.0, dtype=dtype)
    assert getattr(init, name)(tensor, **params, **chosen, engine="native") is tensor
    close(tensor, expected)


@pytest.mark.parametrize("name", FIXED)
def test_native_constants_and_patterns(name):
    params, shape = FIXED[name]
    found = getattr(init, name)(torch.full(shape, 9.0), **params, engine="native")
    assert torch.equal(found, getattr(torch.nn.init, name)(torch.empty(shape), **params))


def test_native_sparse():
    torch.manual_seed(4)
    expected = torch.nn.init.sparse_(torch.empty(9, 5), 0.5)
    torch.manual_seed(4)
    assert torch.equal(init.sparse_(torch.empty(9, 5), 0.5, engine="native"), expected)
    state = torch.get_rng_state()
    first = init.sparse_(torch.empty(9, 5), 0.5, seed=4, engine="native").clone()
    second = init.sparse_(torch.empty(9, 5), 0.5, seed=4, engine="native")
    assert torch.equal(first, second)
    assert torch.equal(torch.get_rng_state(), state)
    assert ((first == 0).sum(0) == 5).all()


@pytest.mark.parametrize(
    ("scheme", "call"),
    [
        ("he_uniform", lambda t, g: torch.nn.init.kaiming_uniform_(t, generator=g)),
        ("glorot_uniform", lambda t, g: torch.nn.init.xavier_uniform_(t, generator=g)),
        ("torch_default", lambda t, g: torch.nn.init.kaiming_uniform_(t, a=5**0.5, generator=g)),
        (
            S("truncated_normal", std=0.02, corrected=False),
            lambda t, g: torch.nn.init.trunc_normal_(t, 0, 0.02, -0.04, 0.04, generator=g),
        ),
        (
            "he_normal",
            lambda t, g: torch.nn.init.trunc_normal_(
                t, 0, HE_SIGMA, -2 * HE_SIGMA, 2 * HE_SIGMA, generator=g
            ),
        ),
        (S("identity", gain=2.0), lambda t, g: torch.nn.init.eye_(t).mul_(2.0)),
    ],
)
def test_further_schemes_map_onto_the_functions_of_torch(scheme, call):
    tensor = init.init_(torch.empty(6, 8), scheme, seed=3, engine="native")
    close(tensor, call(torch.empty(6, 8), torch.Generator().manual_seed(3)))


HE_SIGMA = (2 / 8) ** 0.5 / CORRECTION


def test_axes_turn_the_structured_ones():
    turned = init.orthogonal_(torch.empty(3, 5, 7), seed=1, axes="kernel", engine="native").clone()
    plain = init.orthogonal_(torch.empty(7, 5, 3), seed=1, engine="native")
    assert torch.equal(turned, plain.permute(2, 1, 0))
    assert torch.equal(
        init.dirac_(torch.empty(3, 2, 4), axes="kernel", engine="native"),
        init.dirac_(torch.empty(3, 2, 4), axes="kernel"),
    )


def test_parameters_and_views_of_them():
    weight = torch.nn.Parameter(torch.zeros(5, 3))
    before = weight._version
    plain = init.orthogonal_(torch.empty(3, 5), seed=1, engine="native").clone()
    init.orthogonal_(weight.T, seed=1, engine="native")
    assert torch.equal(weight.T, plain)
    assert weight._version > before


def test_a_path_makes_another_seed_of_a_seed():
    state = torch.get_rng_state()
    a, b, none = (
        init.normal_(torch.empty(8), seed=1, path=path, engine="native").clone()
        for path in ("a", "b", None)
    )
    assert not torch.equal(a, b)
    assert not torch.equal(a, none)
    assert torch.equal(a, init.normal_(torch.empty(8), seed=1, path="a", engine="native"))
    assert torch.equal(torch.get_rng_state(), state)


def test_the_largest_seed():
    found = init.normal_(torch.empty(8), seed=2**64 - 1, engine="native")
    generator = torch.Generator().manual_seed(2**64 - 1)
    assert torch.equal(found, torch.empty(8).normal_(generator=generator))


@pytest.mark.parametrize(
    ("scheme", "shape", "dtype", "axes"),
    [
        ("delta_orthogonal", (4, 3, 3), torch.float32, "torch"),
        ("orthogonal", (4, 3), torch.float16, "torch"),
        ("orthogonal", (4, 3), torch.bfloat16, "torch"),
        ("orthogonal", (2, 4, 3), torch.float32, "batch out in"),
        ("orthogonal", (12, 4), torch.float32, "(3 out) in"),
        ("orthogonal", (2, 4, 3), torch.float32, "out out in"),
    ],
)
def test_what_torch_lacks_is_an_error(scheme, shape, dtype, axes):
    tensor = torch.full(shape, 9.0, dtype=dtype)
    with pytest.raises(fanwise.FanwiseError, match="engine='portable'"):
        init.init_(tensor, scheme, seed=0, axes=axes, engine="native")
    assert (tensor == 9.0).all()
    init.init_(tensor, scheme, seed=0, axes=axes)
