"""The adapter, as the conformance suite will use it."""

import numpy as np
import pytest

import fanwise
from fanwise.adapters.discovery import load
from fanwise.adapters.protocol import LAYERS, Draw, LayerDraw
from fanwise.core import to_canonical

S = fanwise.scheme


@pytest.fixture(scope="module")
def adapter():
    return load("jax")


def test_what_it_says_of_itself(adapter):
    assert (adapter.name, adapter.axes, adapter.modes[0]) == ("jax", "kernel", "eager")
    assert {"jax", "jaxlib", "flax"} == set(adapter.versions())
    assert adapter.devices()
    assert "[[deviation]]" not in adapter.deviations
    assert set(adapter.modes) >= {"eager", "jit", "vmap", "scan"}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("mode", ["eager", "jit", "vmap", "scan", "sharded"])
def test_portable(adapter, mode, dtype):
    draw = Draw(S("he_normal"), (6, 5), 2**63 + 9, "a/b", "torch", dtype)
    out = np.empty(draw.shape, np.uint16 if dtype == "bfloat16" else dtype)
    wanted = fanwise.sample(
        draw.scheme, draw.shape, seed=draw.seed, path=draw.path, axes="torch", dtype=dtype, out=out
    )
    found = adapter.portable(draw, mode)
    assert found.dtype == wanted.dtype
    assert found.tobytes() == wanted.tobytes()


def test_an_unknown_mode(adapter):
    with pytest.raises(fanwise.FanwiseError, match="Did you mean 'jit'"):
        adapter.portable(Draw(S("he_normal"), (6, 5), 0), "jitt")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_native(adapter, dtype):
    draw = Draw(S("normal"), (50, 50), 2**63 + 9, dtype=dtype)
    made = adapter.native(draw)
    assert made.dtype == (np.uint16 if dtype == "bfloat16" else dtype)
    assert (adapter.native(draw) == made).all()
    if dtype != "bfloat16":
        assert made.std() == pytest.approx(1.0, rel=0.1)


@pytest.mark.parametrize("scheme", ["normal", "he_normal", "glorot_uniform"])
@pytest.mark.parametrize("kind", LAYERS)
def test_layers(adapter, kind, scheme):
    draw = LayerDraw(kind, S(scheme), 6, 10, 3, 77, "p/kernel")
    stored, axes = adapter.layer(draw)
    spatial = 0 if kind == "dense" else int(kind[4])
    wanted = fanwise.sample(scheme, (3,) * spatial + (6, 10), seed=77, path="p/kernel")
    assert to_canonical(stored, axes).tobytes() == wanted.tobytes()
    assert axes == ("keras_transposed" if kind.endswith("transpose") else "kernel")


def test_an_unknown_layer(adapter):
    with pytest.raises(fanwise.FanwiseError, match="a kind of layer"):
        adapter.layer(LayerDraw("pool", S("normal"), 6, 10, 3, 77, "p"))
