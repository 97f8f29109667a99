"""The portable engine writes the bits of fanwise.sample into any tensor."""

import math
import threading

import numpy as np
import pytest
import torch
from common.torch_tensors import BY_NAME, bits, expected, only_written, same, views
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.strategies import characters

import fanwise
import fanwise.torch
import fanwise.torch as init
from fanwise.adapters.torch.initializers.catalogue import LATER

NAMED = ("torch", "kernel", "torch_transposed", "keras_transposed")


S = fanwise.scheme
CALLS = {
    "uniform_": ({"a": -0.5, "b": 0.25}, S("uniform", low=-0.5, high=0.25)),
    "normal_": ({"mean": 0.5, "std": 0.02}, S("normal", mean=0.5, std=0.02)),
    "trunc_normal_": (
        {"mean": 0.1, "std": 0.5, "a": -0.4, "b": 1.1},
        S("truncated_normal", mean=0.1, std=0.5, low=-1.0, high=2.0, corrected=False),
    ),
    "constant_": ({"val": 0.3}, S("constant", value=0.3)),
    "ones_": ({}, S("ones")),
    "zeros_": ({}, S("zeros")),
    "eye_": ({}, S("identity")),
    "dirac_": ({"groups": 2}, S("dirac", groups=2)),
    "xavier_uniform_": ({"gain": 2.0}, S("xavier_uniform", gain=2.0)),
    "xavier_normal_": ({"gain": 0.5, "groups": 2}, S("xavier_normal", gain=0.5, groups=2)),
    "kaiming_uniform_": (
        {"a": math.sqrt(5), "mode": "fan_out"},
        S("kaiming_uniform", a=math.sqrt(5), mode="fan_out"),
    ),
    "kaiming_normal_": ({"nonlinearity": "relu"}, S("kaiming_normal", nonlinearity="relu")),
    "orthogonal_": ({"gain": 1.5}, S("orthogonal", gain=1.5)),
    "sparse_": ({"sparsity": 0.4, "std": 0.1}, S("sparse", sparsity=0.4, std=0.1)),
    "he_normal_": ({"groups": 2}, S("he_normal", groups=2)),
    "he_uniform_": ({"fan": 7.0}, S("he_uniform", fan=7.0)),
    "lecun_normal_": ({}, S("lecun_normal")),
    "lecun_uniform_": ({}, S("lecun_uniform")),
    "glorot_normal_": ({}, S("glorot_normal")),
    "glorot_uniform_": ({}, S("glorot_uniform")),
    "torch_default_": ({}, S("torch_default")),
    "truncated_normal_": ({"std": 0.02}, S("truncated_normal", std=0.02)),
    "variance_scaling_": (
        {"scale": 2.0, "mode": "fan_avg", "distribution": "uniform"},
        S("variance_scaling", scale=2.0, mode="fan_avg", distribution="uniform"),
    ),
    "delta_orthogonal_": ({"gain": 2.0}, S("delta_orthogonal", gain=2.0)),
    "identity_": ({"gain": 0.5}, S("identity", gain=0.5)),
}
SHAPES = {"dirac_": (8, 3, 3, 5), "delta_orthogonal_": (8, 3, 3, 5)}


@pytest.mark.parametrize("dtype", BY_NAME)
@pytest.mark.parametrize("name", CALLS)
def test_every_function_gives_the_bits_of_its_scheme(name, dtype):
    params, scheme = CALLS[name]
    shape = SHAPES.get(name, (8, 6))
    tensor = torch.full(shape, 9.0, dtype=BY_NAME[dtype])
    assert getattr(init, name)(tensor, **params, seed=3, path="a/kernel") is tensor
    assert same(bits(tensor), expected(scheme, shape, dtype=dtype, seed=3, path="a/kernel"))


def test_every_function_was_called():
    """Those of the families are made in one loop, and called in one with those of Keras and JAX."""
    named = {name for name in fanwise.torch.__all__ if name.endswith("_")}
    assert set(CALLS) == named - {"init_", *LATER}


@pytest.mark.parametrize("axes", [*NAMED, "batch out in", "out in in"])
def test_axes_reach_the_fans_and_the_order(axes):
    found = init.kaiming_normal_(torch.empty(4, 6, 5), seed=1, axes=axes)
    assert same(bits(found), expected("kaiming_normal", (4, 6, 5), seed=1, axes=axes))


PATHS = st.none() | st.text(characters, max_size=20)
FAMILIES = ("he_normal", "glorot_uniform", "kaiming_normal", "orthogonal", "normal")


@settings(max_examples=150, deadline=None)
@given(views(), st.integers(0, 2**64 - 1), PATHS, st.sampled_from(NAMED), st.sampled_from(FAMILIES))
def test_any_shape_strides_dtype_seed_path_and_axes(made, seed, path, axes, family):
    base, tensor, name = made
    before = base.clone()
    assert init.init_(tensor, family, seed=seed, path=path, axes=axes) is tensor
    wanted = expected(family, tuple(tensor.shape), dtype=name, seed=seed, path=path, axes=axes)
    assert same(np.ascontiguousarray(bits(tensor)), wanted)
    assert only_written(base, before, tensor)


def test_scalars_and_vectors_take_what_needs_no_fan():
    for seed, shape in enumerate([(), (5,)]):
        found = init.normal_(torch.empty(shape), seed=seed)
        assert same(bits(found), expected("normal", shape, seed=seed))


def test_the_transposed_view_of_a_parameter_is_written_into():
    """torch's own documentation advises kaiming_uniform_(w.T)."""
    weight = torch.nn.Parameter(torch.zeros(3, 5))
    init.kaiming_uniform_(weight.T, seed=1)
    assert same(np.ascontiguousarray(bits(weight).T), expected("kaiming_uniform", (5, 3), seed=1))
    init.ones_(weight.chunk(3)[1])
    assert bits(weight)[1].tolist() == [1.0] * 5


def test_a_negated_view_gets_the_values_not_the_bits():
    part = torch.zeros(4, 3, dtype=torch.complex64).conj().imag
    assert part.is_neg()
    init.he_normal_(part, seed=1)
    assert np.array_equal(part.resolve_neg().numpy(), expected("he_normal", (4, 3), seed=1))


def test_a_larger_weight_on_several_threads():
    found = init.he_normal_(torch.empty(700, 600), seed=4)
    assert same(bits(found), expected("he_normal", (700, 600), seed=4))


def test_the_meta_device_has_nothing_to_write():
    state = torch.get_rng_state()
    tensor = torch.empty(4, 3, device="meta")
    for engine in ("portable", "native"):
        assert init.he_normal_(tensor, engine=engine) is tensor
        assert init.orthogonal_(tensor, engine=engine) is tensor
    with pytest.raises(fanwise.FanwiseError, match="at least two axes"):
        init.he_normal_(torch.empty(4, device="meta"))
    assert torch.equal(torch.get_rng_state(), state)


def test_manual_seed_governs_where_no_seed_is_given():
    torch.manual_seed(0)
    first, second = (init.he_normal_(torch.empty(4, 4)) for _ in range(2))
    torch.manual_seed(0)
    again = init.he_normal_(torch.empty(4, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_a_generator_takes_the_place_of_the_default_one():
    state = torch.get_rng_state()
    generator = torch.Generator().manual_seed(5)
    first = init.xavier_normal_(torch.empty(4, 4), 1.0, generator)
    second = init.xavier_normal_(torch.empty(4, 4), 1.0, generator)
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.equal(first, second)
    torch.manual_seed(5)
    assert torch.equal(first, init.xavier_normal_(torch.empty(4, 4)))


@pytest.mark.parametrize("name", ["ones_", "zeros_", "eye_", "identity_"])
def test_what_is_not_random_leaves_the_generator_alone(name):
    state = torch.get_rng_state()
    getattr(init, name)(torch.empty(3, 3))
    init.he_normal_(torch.empty(0, 3))
    init.he_normal_(torch.empty(3, 3), seed=0)
    assert torch.equal(torch.get_rng_state(), state)


def test_a_drawn_seed_has_all_its_64_bits():
    torch.manual_seed(1)
    low, high = torch.randint(0, 2**32, (2,)).tolist()
    torch.manual_seed(1)
    found = init.normal_(torch.empty(8))
    assert same(bits(found), expected("normal", (8,), seed=low | high << 32))
    assert high > 0


def test_autograd_sees_the_write():
    weight = torch.nn.Parameter(torch.ones(3))
    before = weight._version
    loss = (weight * weight).sum()
    init.normal_(weight, seed=0)
    assert weight._version == before + 1
    assert weight.is_leaf
    assert weight.requires_grad
    assert weight.grad_fn is None
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_inference_tensors_are_filled_in_inference_mode():
    with torch.inference_mode():
        tensor = init.he_normal_(torch.empty(4, 3), seed=0)
    assert same(bits(tensor), expected("he_normal", (4, 3), seed=0))


def test_numbers_may_be_tensors_of_one_element():
    bound = 1 / torch.sqrt(torch.tensor(16.0))
    found = init.uniform_(torch.empty(5), -bound, bound, seed=0).clone()
    assert torch.equal(found, init.uniform_(torch.empty(5), -0.25, 0.25, seed=0))
    std = torch.tensor(0.5)
    found = init.trunc_normal_(torch.empty(5), std=std, a=-1.0, b=bound, seed=0).clone()
    assert torch.equal(found, init.trunc_normal_(torch.empty(5), 0.0, 0.5, -1.0, 0.25, seed=0))


def test_infinite_bounds_cut_nothing():
    uncut = bits(init.normal_(torch.empty(999), std=0.1, seed=0).clone())
    found = init.trunc_normal_(torch.empty(999), std=0.1, a=-math.inf, b=math.inf, seed=0)
    assert same(bits(found), uncut)
    above = init.trunc_normal_(torch.empty(999), a=0.5, b=math.inf, seed=1)
    assert above.min() >= 0.5


def test_threads_do_not_disturb_each_other():
    tensors = [torch.empty(64, 64) for _ in range(4)]
    work = [
        threading.Thread(target=init.he_normal_, args=(t,), kwargs={"seed": i})
        for i, t in enumerate(tensors)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    for i, tensor in enumerate(tensors):
        assert same(bits(tensor), expected("he_normal", (64, 64), seed=i))
