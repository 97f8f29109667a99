"""The adapter, as the conformance suite will use it."""

import tomllib
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from flax import linen, nnx

import fanwise
from fanwise.adapters.discovery import load
from fanwise.adapters.jax.conformance.weights import weights
from fanwise.adapters.protocol import LAYERS, OWN_LAYERS, Draw, LayerDraw, grouped
from fanwise.conformance.checks.layers import judged_layer
from fanwise.core import to_canonical
from fanwise.spec.axes import layout

S = fanwise.scheme


def same_layout(weight, axes, pattern):
    return (
        layout(weight.shape, axes).canonical_roles == layout(weight.shape, pattern).canonical_roles
    )


@pytest.fixture(scope="module")
def adapter():
    return load("jax")


def test_what_it_says_of_itself(adapter):
    assert (adapter.name, adapter.axes, adapter.modes[0]) == ("jax", "kernel", "eager")
    assert {"jax", "jaxlib", "flax"} == set(adapter.versions())
    assert adapter.devices()
    listed = tomllib.loads(adapter.deviations)["deviation"]
    assert {one["adapter"] for one in listed} == {"jax"}
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
    assert same_bits(found, wanted)


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
    draw, kernel = judged_layer(kind, S(scheme))
    stored, axes = adapter.layer(draw)
    wanted = fanwise.sample(grouped(draw), kernel, seed=draw.seed, path=draw.path)
    assert same_bits(to_canonical(stored, axes), wanted)
    pattern = "keras_transposed" if kind.endswith("transpose") else "kernel"
    assert same_layout(stored, axes, pattern)


@pytest.mark.parametrize("kind", OWN_LAYERS)
def test_own_is_jax_itself(adapter, kind):
    groups = {"grouped_conv2d": 2, "depthwise_conv2d": 4}.get(kind, 1)
    draw = LayerDraw(kind, S("glorot_uniform"), 4, 8, 3, 9, "", groups)
    if kind == "vector":
        with pytest.raises(ValueError, match="1-dimensional"):
            adapter.own(draw)
        return
    made, axes = adapter.own(draw)
    fans = np.prod(made.shape[:-2]) * sum(made.shape[-2:])
    assert abs(made).max() <= np.sqrt(6 / fans)
    assert abs(made).max() > 0.5 * np.sqrt(6 / fans)
    assert same_layout(made, axes, "kernel")
    with pytest.raises(fanwise.FanwiseError, match=r"jax\.nn\.initializers"):
        adapter.own(replace(draw, scheme=S("torch_default")))


def test_an_unknown_layer(adapter):
    with pytest.raises(fanwise.FanwiseError, match="a kind of layer"):
        adapter.layer(LayerDraw("pool", S("normal"), 6, 10, 3, 77, "p"))


def test_a_start_is_that_of_linen_itself(adapter):
    cell, x = linen.LSTMCell(97), jnp.zeros((1, 2430))
    own = cell.init(jax.random.key(3), cell.initialize_carry(jax.random.key(3), x.shape), x)
    held = weights({"params": {"lstm": own["params"]}})
    found = {f"lstm/{one.planned.weight.path}": one for one in adapter.start("linen lstm", 3)}
    assert held.keys() == found.keys()
    for path, wanted in held.items():
        made = to_canonical(found[path].values, found[path].planned.weight.axes)
        assert np.array_equal(made, wanted), path


def test_a_start_is_that_of_nnx_itself(adapter):
    (kernel, bias), (other, _), (again, _) = (adapter.start("nnx dense", n) for n in (3, 4, 3))
    layer = nnx.Linear(64, 11000, rngs=nnx.Rngs(3))
    assert np.array_equal(kernel.values, np.asarray(layer.kernel))
    assert np.array_equal(kernel.values, again.values)
    assert not bias.values.any()
    assert not (kernel.values == other.values).any()
    with pytest.raises(fanwise.FanwiseError, match="Did you mean 'nnx dense'"):
        adapter.start("nnx dens", 0)
