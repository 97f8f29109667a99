"""The reference adapter draws by the backend that a mode names, and kinds of layers are data."""

import numpy as np
import pytest
from common.backends import SWITCHES

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import LAYER_KINDS, LAYERS, Draw, LayerDraw, layer_kind
from fanwise.core.fast import gate

ADAPTER = NumpyAdapter()


@pytest.mark.parametrize("kind", LAYERS)
def test_a_kernel_has_the_spatial_axes_of_its_kind(kind: str) -> None:
    draw = LayerDraw(kind, fanwise.scheme("he_normal"), 4, 8, 3, seed=0, path="p")
    kernel, axes = ADAPTER.layer(draw)
    assert kernel.shape == (3,) * layer_kind(kind).spatial + (4, 8)
    assert axes == "kernel"


def test_the_names_of_the_kinds_say_what_they_are() -> None:
    for name, kind in LAYER_KINDS.items():
        assert (kind.spatial > 0) == ("conv" in name)
        assert kind.spatial == 0 or f"{kind.spatial}d" in name
        assert kind.transposed == name.endswith("transpose")
        assert kind.grouped == name.startswith(("grouped", "depthwise"))
        assert kind.depthwise == name.startswith("depthwise")


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(fanwise.FanwiseError, match="conv2d"):
        layer_kind("conv2")


def test_a_mode_chooses_the_backend_whatever_the_environment_says(monkeypatch) -> None:
    """And reads no environment: a fault in the NumPy backend shows in one mode alone."""
    draw = Draw(fanwise.scheme("normal"), (6, 4), seed=0)
    expected = ADAPTER.portable(draw, "eager")
    asked = []
    right = gate.kernels

    def noted(backend=None):
        asked.append(backend)
        return right(gate.Backend.NUMPY)

    monkeypatch.setattr(gate, "kernels", noted)
    for switch in ("0", "1"):
        monkeypatch.setenv(gate.SWITCH, switch)
        for mode in ("eager", "compiled"):
            np.testing.assert_array_equal(ADAPTER.portable(draw, mode), expected)
    assert asked == [gate.Backend.NUMPY, gate.Backend.COMPILED] * 2


@pytest.mark.parametrize("name", ["orthogonal", "delta_orthogonal"])
def test_what_is_a_sum_has_the_bits_of_the_process_in_every_mode(monkeypatch, name: str) -> None:
    """They are compared with what the frameworks draw, of which the last bits are its backend's."""
    draw = Draw(fanwise.scheme(name), (3, 20, 30), 1, dtype="float64")
    for switch in SWITCHES.values():
        monkeypatch.setenv(gate.SWITCH, switch)
        expected = fanwise.sample(draw.scheme, draw.shape, seed=1, dtype="float64")
        for mode in ADAPTER.modes:
            assert ADAPTER.portable(draw, mode).tobytes() == expected.tobytes()
