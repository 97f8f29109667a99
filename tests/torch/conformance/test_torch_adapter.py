"""The adapter as the conformance suite sees it."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import fanwise
from fanwise.adapters.discovery import load
from fanwise.adapters.protocol import LAYERS, OWN_LAYERS, Draw, LayerDraw, grouped
from fanwise.adapters.signatures import example_shape
from fanwise.adapters.torch.conformance.starts import STARTS
from fanwise.adapters.torch.conformance.weights import weights
from fanwise.conformance.checks.layers import judged_layer
from fanwise.core import to_canonical
from fanwise.core.dtypes import NAMES
from fanwise.spec import catalogue
from fanwise.spec.registry import example_of


@pytest.fixture(autouse=True)
def undisturbed():
    """Nothing that the suite asks for moves the global generator."""
    state = torch.get_rng_state()
    yield
    assert torch.equal(torch.get_rng_state(), state)


ADAPTER = load("torch")


def test_what_it_says_of_itself():
    assert (ADAPTER.name, ADAPTER.axes, ADAPTER.modes) == ("torch", "torch", ("eager", "compile"))
    assert ADAPTER.layers == LAYERS
    assert ADAPTER.versions()["torch"] == torch.__version__
    assert ADAPTER.devices() == ("cpu",)
    listed = tomllib.loads(ADAPTER.deviations)["deviation"]
    assert {one["adapter"] for one in listed} == {"torch"}


@pytest.mark.parametrize("mode", ["eager", "compile"])
@pytest.mark.parametrize("dtype", NAMES)
def test_portable(dtype, mode):
    draw = Draw(fanwise.scheme("he_normal"), (5, 4, 3), 9, "p", "torch", dtype)
    found = ADAPTER.portable(draw, mode)
    wanted = np.empty(draw.shape, np.uint16 if dtype == "bfloat16" else dtype)
    fanwise.sample("he_normal", draw.shape, seed=9, path="p", axes="torch", dtype=dtype, out=wanted)
    assert found.dtype == wanted.dtype
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("name", catalogue().entries)
def test_native(name):
    entry = catalogue().entries[name]
    shape = (
        (8, 4, 3) if name in ("dirac", "delta_orthogonal") else example_shape(entry, out_first=True)
    )
    draw = Draw(example_of(name), shape, 9, axes=entry.axes or "torch")
    of_torch = ("orthogonal", "identity", "dirac", "sparse")
    if (
        entry.structured
        and name not in (*of_torch, "eye")
        and entry.distribution["kind"] not in of_torch
    ):
        with pytest.raises(fanwise.FanwiseError, match=r"an initializer of torch\.nn\.init"):
            ADAPTER.native(draw)
        return
    found = ADAPTER.native(draw)
    assert found.shape == draw.shape
    assert np.array_equal(found, ADAPTER.native(draw))


def test_native_bfloat16_is_its_bits():
    draw = Draw(fanwise.scheme("normal"), (8,), 2**63, axes="torch", dtype="bfloat16")
    expected = torch.empty(8, dtype=torch.bfloat16)
    expected.normal_(generator=torch.Generator().manual_seed(2**63))
    assert np.array_equal(ADAPTER.native(draw), expected.view(torch.uint16).numpy())


@pytest.mark.parametrize("path", ["enc/layer/kernel", "kernel", "strange"])
@pytest.mark.parametrize("name", ["normal", "he_normal", "glorot_uniform", "kaiming_normal"])
@pytest.mark.parametrize("kind", LAYERS)
def test_layers(kind, name, path):
    draw, kernel = judged_layer(kind, fanwise.scheme(name))
    draw = replace(draw, path=path)
    stored, axes = ADAPTER.layer(draw)
    wanted = fanwise.sample(grouped(draw), kernel, seed=draw.seed, path=path)
    assert np.array_equal(to_canonical(stored, axes), wanted)


def test_bad_requests():
    scheme = fanwise.scheme("he_normal")
    with pytest.raises(fanwise.FanwiseError, match="mode"):
        ADAPTER.portable(Draw(scheme, (2, 2), 0), "jit")
    with pytest.raises(fanwise.FanwiseError, match="dtype"):
        ADAPTER.portable(Draw(scheme, (2, 2), 0, dtype="int8"), "eager")
    with pytest.raises(fanwise.FanwiseError, match="kind of layer"):
        ADAPTER.layer(LayerDraw("conv4d", scheme, 2, 2, 2, 0, "p"))


@pytest.mark.parametrize("kind", OWN_LAYERS)
def test_own_is_torch_itself(kind):
    scheme = fanwise.scheme("xavier_uniform", gain=2.0)
    groups = {"grouped_conv2d": 2, "depthwise_conv2d": 4}.get(kind, 1)
    draw = LayerDraw(kind, scheme, 4, 8, 3, 9, "", groups)
    if kind == "vector":
        with pytest.raises(ValueError, match="fewer than 2 dimensions"):
            ADAPTER.own(draw)
        return
    made, axes = ADAPTER.own(draw)
    expected = torch.empty(made.shape)
    torch.nn.init.xavier_uniform_(expected, 2.0, generator=torch.Generator().manual_seed(9))
    assert np.array_equal(made, expected.numpy())
    assert axes == ("torch_transposed" if "transpose" in kind else "torch")


def test_own_has_torchs_names_alone():
    with pytest.raises(fanwise.FanwiseError, match=r"torch\.nn\.init"):
        ADAPTER.own(LayerDraw("dense", fanwise.scheme("he_normal"), 4, 8, 3, 9, ""))


@pytest.mark.parametrize(
    "kind", ["dense", "conv2d", "conv2d_transpose", "embedding", "batch_norm", "lstm", "attention"]
)
def test_a_start_is_that_of_torch_itself(kind):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        held = weights(nn.ModuleDict({"layer": STARTS[kind]()}))
    found = {f"layer/{one.planned.weight.path}": one for one in ADAPTER.start(kind, 3)}
    assert held.keys() == found.keys() - {"layer/recurrent_bias"}
    for path, wanted in held.items():
        made = to_canonical(found[path].values, found[path].planned.weight.axes)
        assert np.array_equal(made, wanted), path


def test_another_seed_starts_otherwise():
    first, second, again = (ADAPTER.start("dense", seed)[0].values for seed in (3, 4, 3))
    assert np.array_equal(first, again)
    assert not (first == second).any()
    with pytest.raises(fanwise.FanwiseError, match="Did you mean 'dense'"):
        ADAPTER.start("dens", 0)
