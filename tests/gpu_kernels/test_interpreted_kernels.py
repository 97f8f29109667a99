"""The kernels in Triton, as they are compiled for a GPU; here under Triton's interpreter."""

import hashlib

import numpy as np
import pytest
import torch
from common.interpreted_triton import interpreted, write_quantiles
from common.torch_tensors import BY_NAME, bits, expected, only_written, same, views
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.strategies import characters

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch.drawing import accelerators, triton_launches
from fanwise.adapters.torch.drawing import device as operations
from fanwise.conformance import vectors
from fanwise.core.quantile import normal_integer
from fanwise.spec.registry import as_scheme
from fanwise.spec.resolved import resolve

__all__ = ["interpreted"]

pytestmark = pytest.mark.usefixtures("interpreted")

GOLDEN = vectors.golden()
LAWS = {
    "uniform": fanwise.scheme("uniform", low=-0.25, high=1.0),
    "normal": fanwise.scheme("normal", mean=0.3, std=0.1),
    "cut": fanwise.scheme("truncated_normal", low=-1.0, high=3.0, mean=0.5),
    "he_normal": fanwise.scheme("he_normal"),
}


@pytest.fixture(autouse=True)
def no_other_way(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError

    monkeypatch.setattr(operations, "fill", refuse)


@pytest.mark.parametrize("golden", GOLDEN, ids=[golden.id for golden in GOLDEN])
def test_golden_tensors(golden):
    draw = golden.draw
    tensor = torch.empty(draw.shape, dtype=BY_NAME[draw.dtype])
    init.init_(tensor, draw.scheme, seed=draw.seed, path=draw.path, axes=draw.axes)
    assert vectors.digest(bits(tensor), draw.axes) == golden.sha256


@pytest.mark.parametrize("dtype", BY_NAME)
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
@pytest.mark.parametrize("axes", ["torch", "kernel"])
def test_every_law_and_dtype_along_the_stream_and_across(law, dtype, axes):
    tensor = torch.empty((12, 36), dtype=BY_NAME[dtype])
    init.init_(tensor, law, seed=2**63 + 5, path="p", axes=axes)
    wanted = expected(law, (12, 36), dtype=dtype, seed=2**63 + 5, path="p", axes=axes)
    assert same(bits(tensor), wanted)


SHAPES = {
    "a bias": (7,),
    "a flat weight of several tiles": (5003,),
    "a convolution": (8, 3, 3, 3),
    "rows of several tiles": (5, 700),
    "columns of several tiles": (700, 3),
    "rows in many lanes": (7, 133),
    "one element": (1, 1),
}


@pytest.mark.parametrize("axes", ["torch", "kernel"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_shapes(shape, axes):
    tensor = torch.empty(shape)
    init.init_(tensor, LAWS["normal"], seed=3, axes=axes)
    assert same(bits(tensor), expected(LAWS["normal"], shape, seed=3, axes=axes))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    views(),
    st.integers(0, 2**64 - 1),
    st.none() | st.text(characters, max_size=20),
    st.sampled_from(["torch", "kernel", "torch_transposed", "keras_transposed"]),
    st.sampled_from(["he_normal", "glorot_uniform"]),
)
def test_any_shape_strides_dtype_seed_path_and_axes(made, seed, path, axes, name):
    base, tensor, dtype = made
    before = base.clone()
    init.init_(tensor, name, seed=seed, path=path, axes=axes)
    shape = tuple(tensor.shape)
    wanted = expected(name, shape, dtype=dtype, seed=seed, path=path, axes=axes)
    assert same(np.ascontiguousarray(bits(tensor)), wanted)
    assert only_written(base, before, tensor)


def test_more_axes_than_a_kernel_takes():
    base = torch.full((3, 4, 3, 4, 3, 4), 7.0)
    tensor = base[:, ::2, :, 1:, :2, ::3].permute(4, 0, 3, 1, 5, 2)
    before, shape = base.clone(), tuple(tensor.shape)
    init.init_(tensor, "he_normal", seed=3, axes="kernel")
    wanted = expected("he_normal", shape, seed=3, axes="kernel")
    assert same(np.ascontiguousarray(bits(tensor)), wanted)
    assert only_written(base, before, tensor)


def block(scheme, shape, index, *, dtype="float32", axes="torch", path=None, seed=0):
    """A block of a weight, without the weight."""
    part = tuple(len(range(*s.indices(n))) for s, n in zip(index, shape, strict=True))
    found = torch.empty(part, dtype=BY_NAME[dtype])
    resolved = resolve(as_scheme(scheme), shape, axes)
    accelerators.fill_all([(found, resolved, index, path)], seed=seed)
    return bits(found)


FAR = vectors.far_blocks()


@pytest.mark.parametrize(("draw", "index", "digest"), FAR, ids=[str(n) for n in range(len(FAR))])
def test_far_blocks(draw, index, digest):
    """Beyond 2³² blocks of the stream, where the counter's second word begins."""
    found = block(
        draw.scheme,
        draw.shape,
        index,
        dtype=draw.dtype,
        axes=draw.axes,
        path=draw.path,
        seed=draw.seed,
    )
    assert hashlib.sha256(np.ascontiguousarray(found).tobytes()).hexdigest() == digest


@st.composite
def slices(draw, size):
    start, stop = sorted(draw(st.integers(0, size)) for _ in range(2))
    return slice(start, stop, draw(st.integers(1, 3)))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(["torch", "(3 out) in", "in out", "batch out"]))
def test_any_block(data, axes):
    shape = (12, 7)
    index = tuple(data.draw(slices(size)) for size in shape)
    if all(len(range(*s.indices(n))) for s, n in zip(index, shape, strict=True)):
        found = block(LAWS["normal"], shape, index, seed=1, axes=axes)
        assert same(found, expected(LAWS["normal"], shape, seed=1, axes=axes, index=index))


def weights():
    """Weights of several kinds, some of one kind."""
    names = ["float32", "bfloat16", "float32", "float64", "float32"]
    shapes = [(64, 80), (48, 12), (5, 3), (130, 1), (64, 80)]
    return [
        torch.empty(shape, dtype=BY_NAME[name]) for shape, name in zip(shapes, names, strict=True)
    ]


def draw_together(tensors):
    requests = [
        (tensor, resolve(as_scheme("lecun_normal"), tuple(tensor.shape), "kernel"), None, f"w/{n}")
        for n, tensor in enumerate(tensors)
    ]
    accelerators.fill_all(requests, seed=4)


def are_right(tensors):
    return [
        same(
            bits(tensor),
            expected(
                "lecun_normal",
                tuple(tensor.shape),
                seed=4,
                path=f"w/{n}",
                axes="kernel",
                dtype=str(tensor.dtype).removeprefix("torch."),
            ),
        )
        for n, tensor in enumerate(tensors)
    ]


def test_many_weights_in_few_launches(monkeypatch):
    launches = []
    launch = triton_launches._launch_many
    monkeypatch.setattr(
        triton_launches, "_launch_many", lambda *given: (launches.append(given), launch(*given))
    )
    tensors = weights()
    draw_together(tensors)
    assert all(are_right(tensors))
    assert len(launches) == 4  # the two that are alike share one


def test_a_share_without_its_first_tile_would_be_seen(monkeypatch):
    shares = triton_launches._shares
    monkeypatch.setattr(triton_launches, "SHARE", 1)
    tensors = weights()
    draw_together(tensors)
    assert all(are_right(tensors))
    monkeypatch.setattr(
        triton_launches, "_shares", lambda tiles: shares(tiles) * np.array([1, 0, 1], np.int32)
    )
    tensors = weights()
    draw_together(tensors)
    assert not all(are_right(tensors))


EDGES = [0, 1, 2, 2**31 - 2, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1]
#: Near a power of two, where a float32 could round into the next row.
POWERS = [2**k + d for k in range(32) for d in (-129, -1, 0, 1) if 0 <= 2**k + d < 2**32]


def test_the_quantile_in_integers():
    rng = np.random.default_rng(0)
    words = np.array([*EDGES, *POWERS, *rng.integers(0, 2**32, 1 << 13)], np.uint32)[: 1 << 13]
    found = torch.empty(len(words), dtype=torch.int32)
    given_words = torch.from_numpy(words.view(np.int32))
    write_quantiles[(1,)](
        given_words, found, *triton_launches.table(torch.device("cpu")), len(words)
    )
    assert np.array_equal(found.numpy(), normal_integer(words))
