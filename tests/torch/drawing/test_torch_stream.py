"""The stream in torch operations, as other devices compute it: here on the CPU."""

import math

import numpy as np
import pytest
import torch
from common.torch_tensors import BY_NAME, bits, expected, only_written, same, views
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.strategies import characters

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch.drawing import device as traced
from fanwise.adapters.torch.drawing import portable, stream
from fanwise.conformance import vectors
from fanwise.core.keys import stream_key
from fanwise.core.philox import words as core_words
from fanwise.core.quantile import normal_integer
from fanwise.spec.axes import layout
from fanwise.spec.registry import as_scheme

GOLDEN = vectors.golden()


@pytest.fixture(autouse=True)
def on_the_device(monkeypatch):
    """Every tensor is treated as one that the host cannot reach."""
    monkeypatch.setattr(portable, "suits_host", lambda tensor: tensor.ndim == 0)


def block(scheme, shape, index, *, seed=0, path=None, axes="torch", dtype="float32"):
    """A block of a weight by torch operations, without the weight."""
    part = tuple(len(range(*s.indices(n))) for s, n in zip(index, shape, strict=True))
    found = torch.empty(part, dtype=BY_NAME[dtype])
    law = as_scheme(scheme).law(shape, axes)
    traced.fill(found, law, layout(shape, axes), index, seed=seed, path=path)
    return bits(found)


@pytest.mark.parametrize("golden", GOLDEN, ids=[golden.id for golden in GOLDEN])
def test_golden_tensors(golden):
    draw = golden.draw
    tensor = torch.empty(draw.shape, dtype=BY_NAME[draw.dtype])
    init.init_(tensor, draw.scheme, seed=draw.seed, path=draw.path, axes=draw.axes)
    assert vectors.digest(bits(tensor), draw.axes) == golden.sha256


@pytest.fixture
def host_is_not_asked(monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(portable, "_on_host", refuse)
    monkeypatch.setattr(portable, "core_fill_all", refuse)


@pytest.mark.usefixtures("host_is_not_asked")
def test_the_host_draws_nothing():
    init.he_normal_(torch.empty(6, 4), seed=0)
    with pytest.raises(AssertionError):
        init.orthogonal_(torch.empty(6, 4), seed=0)


@pytest.mark.parametrize("dtype", BY_NAME)
@pytest.mark.parametrize("name", ["orthogonal", "sparse", "identity", "constant"])
def test_what_the_host_draws_is_copied(name, dtype):
    params = {"sparse": {"sparsity": 0.3}, "constant": {"value": 0.3}}.get(name, {})
    chosen = fanwise.scheme(name, **params)
    found = init.init_(torch.empty(6, 4, dtype=BY_NAME[dtype]), chosen, seed=2, path="p")
    assert same(bits(found), expected(chosen, (6, 4), dtype=dtype, seed=2, path="p", axes="torch"))


def test_a_constant_is_not_spread_on_the_host(monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(torch.Tensor, "copy_", refuse)
    with pytest.raises(AssertionError):
        init.orthogonal_(torch.empty(6, 4), seed=0)
    half = init.constant_(torch.empty(6, 4, dtype=torch.bfloat16), 0.3)
    assert (half == torch.tensor(0.3).bfloat16()).all()


@pytest.mark.parametrize("name", ["he_normal", "he_uniform", "truncated_normal"])
@pytest.mark.parametrize("axes", ["torch", "kernel", "(3 out) in"])
def test_no_value_of_the_device_is_asked_for(name, axes):
    """Who asks for one must wait for the device; of the meta device there is none to be had."""
    law = as_scheme(name).law((12, 7), axes) if name != "truncated_normal" else LAWS[2]
    target = torch.empty(12, 7, device="meta")
    whole = (slice(0, 12), slice(0, 7))
    traced.fill(target, law, layout((12, 7), axes), whole, seed=0, path=None)
    rows = (slice(0, 12, 2), slice(1, 7))
    traced.fill(target[::2, 1:], law, layout((12, 7), axes), rows, seed=0, path=None)


@settings(max_examples=150, deadline=None)
@given(
    views(),
    st.integers(0, 2**64 - 1),
    st.none() | st.text(characters, max_size=20),
    st.sampled_from(["torch", "kernel", "torch_transposed", "keras_transposed"]),
    st.sampled_from(["he_normal", "glorot_uniform", "kaiming_normal"]),
    st.integers(1, 40),
)
def test_any_shape_strides_dtype_seed_path_axes_and_piece(made, seed, path, axes, name, piece):
    base, tensor, dtype = made
    before = base.clone()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portable, "suits_host", lambda _: False)
        patch.setattr(traced, "PIECE", piece)
        init.init_(tensor, name, seed=seed, path=path, axes=axes)
    shape = tuple(tensor.shape)
    wanted = expected(name, shape, dtype=dtype, seed=seed, path=path, axes=axes)
    assert same(np.ascontiguousarray(bits(tensor)), wanted)
    assert only_written(base, before, tensor)


@st.composite
def slices(draw, size):
    start, stop = sorted(draw(st.integers(0, size)) for _ in range(2))
    return slice(start, stop, draw(st.integers(1, 3)))


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(["torch", "(3 out) in", "in out", "batch out"]))
def test_any_block(data, axes):
    shape = (12, 7)
    index = tuple(data.draw(slices(size)) for size in shape)
    scheme = fanwise.scheme("normal", mean=0.5)
    found = block(scheme, shape, index, seed=1, axes=axes)
    assert same(found, expected(scheme, shape, seed=1, axes=axes, index=index))


HUGE = (2**21, 2**20 + 3)
CORNERS = [
    (slice(5, 9), slice(2**12, 2**12 + 40)),  # across element 2**33, where blocks pass 2**31
    (slice(2**20, 2**20 + 40), slice(2**13 - 2, 2**13 + 2)),  # across 2**34: the counter's word
    (slice(2**21 - 40, 2**21), slice(2**20, 2**20 + 3)),
]


@pytest.mark.parametrize("index", CORNERS)
@pytest.mark.parametrize("name", ["he_normal", "glorot_uniform"])
def test_blocks_beyond_32_bits(name, index):
    """Canonical index of (i, j) is i + j · 2²¹ here: no such weight fits a memory."""
    assert same(block(name, HUGE, index), expected(name, HUGE, seed=0, axes="torch", index=index))


def test_a_counter_cut_to_32_bits_would_be_seen(monkeypatch):
    index = CORNERS[-1]
    wanted = expected("he_normal", HUGE, seed=0, axes="torch", index=index)
    whole = stream._counter
    monkeypatch.setattr(stream, "_counter", lambda b: (whole(b)[0], *whole(0 * b)[1:]))
    assert not same(block("he_normal", HUGE, index), wanted)


def test_a_piece_without_its_place_would_be_seen(monkeypatch):
    monkeypatch.setattr(traced, "PIECE", 16)
    wanted = expected("he_normal", (9, 9), seed=0, axes="torch")
    assert same(bits(init.he_normal_(torch.empty(9, 9), seed=0)), wanted)
    monkeypatch.setattr(
        traced, "Block", lambda out, base, strides: traced_block(out, 0 * base, strides)
    )
    assert not same(bits(init.he_normal_(torch.empty(9, 9), seed=0)), wanted)


traced_block = traced.Block


@pytest.mark.parametrize("shape", [(300, 7), (3, 1000), (1, 2000), (13, 5, 3, 11)])
def test_pieces_are_small_and_cover_all(shape, monkeypatch):
    monkeypatch.setattr(traced, "PIECE", 64)
    target = torch.zeros(shape)
    strides = tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))
    for piece in traced.pieces(traced.Block(target, 0, strides)):
        assert piece.out.numel() <= 64
        piece.out.add_(1)
    assert (target == 1).all()


def test_the_default_device_of_the_caller_does_not_matter():
    stream.columns.cache_clear()
    tensor = torch.empty(6, 4, device="cpu")
    with torch.device("meta"):
        init.he_normal_(tensor, seed=0)
    assert same(bits(tensor), expected("he_normal", (6, 4), seed=0, axes="torch"))


EDGES = [0, 1, 2, 2**31 - 2, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1]


def some_words():
    rng = np.random.default_rng(0)
    powers = [2**k + d for k in range(32) for d in (-1, 0, 1) if 2**k + d < 2**32]
    return np.array([*EDGES, *powers, *rng.integers(0, 2**32, 100_000)], np.uint32)


def test_the_quantile_in_integers():
    drawn = some_words()
    table = stream.columns(torch.device("cpu"))
    found = stream.quantile(torch.from_numpy(drawn.astype(np.int64)), table)
    assert np.array_equal(found.numpy(), normal_integer(drawn))


def test_the_row_without_float64():
    drawn = torch.from_numpy(some_words().astype(np.int64))
    x = torch.where(drawn < 2**31, drawn, 2**32 - 1 - drawn) * 2 + 1
    for found, wanted in zip(stream.row_by_shifts(x), stream.row_by_exponent(x), strict=True):
        assert torch.equal(found, wanted)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 9])
def test_words_from_any_lane(length):
    starts = np.array([0, 1, 6, 7, 2**34 - 1, 2**62 + 3], np.uint64)
    key = stream_key(5, "p")
    wanted = core_words(key, starts, length)
    assert np.array_equal(
        stream.words(key, torch.from_numpy(starts.astype(np.int64)), length).numpy(), wanted
    )
    for start, row in zip(starts, wanted, strict=True):
        alone = stream.run_words(key, int(start), length, torch.device("cpu"))
        assert np.array_equal(alone.numpy(), row)


LAWS = [
    fanwise.scheme("normal", mean=0.3, std=0.1).law((8,)),
    fanwise.scheme("uniform", low=-0.25, high=1.0).law((8,)),
    fanwise.scheme("truncated_normal", low=-1.0, high=3.0, mean=0.5).law((8,)),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_compiler_gives_the_same_bits():
    """Someone may well compile these functions themselves."""
    torch.compiler.reset()
    table, key = stream.columns(torch.device("cpu")), stream_key(3)
    recipes = [traced.DeviceLaw.of(law, t) for law in LAWS for t in (torch.float32, torch.float64)]

    def draw(starts, table):
        drawn = stream.words(key, starts, 64)
        return [traced.values(drawn, recipe, table) for recipe in recipes]

    starts = torch.arange(512) * 1001
    found = torch.compile(draw, fullgraph=True)(starts, table)
    for one, wanted in zip(found, draw(starts, table), strict=True):
        assert torch.equal(one, wanted)


def test_a_clamp_stands_between_the_product_and_the_mean():
    """What keeps a compiler from rounding the two at once, on machines that can."""
    recipe = traced.DeviceLaw.of(LAWS[0], torch.float32)
    table = stream.columns(torch.device("cpu"))
    graph = torch.fx.experimental.proxy_tensor.make_fx(
        lambda drawn: traced.values(drawn, recipe, table)
    )(torch.arange(8))
    names = [node.target.__name__ for node in graph.graph.nodes if node.op == "call_function"]
    assert names[-3:] == ["mul.Tensor", "clamp.default", "add.Tensor"]
