"""On an accelerator the weights are drawn there; here one is played by the CPU."""

import jax
import numpy as np
import pytest
from common.bits import same_bits
from common.calls import by_the_core

import fanwise
import fanwise.jax as init
from fanwise.adapters.jax.drawing import portable
from fanwise.core.fast import gate

__all__ = ["by_the_core"]

LARGE = (1 << 10, 1 << 10)
KEY = np.array([7, 5], np.uint32)


@pytest.mark.parametrize("platform", ["cpu", "cuda"])
def test_a_large_weight_is_drawn_where_it_lies(monkeypatch, by_the_core, platform):
    monkeypatch.setattr(portable.jax, "default_backend", lambda: platform)
    monkeypatch.setenv(gate.SWITCH, "1")  # with the extension, which is the quicker on a host
    found = init.he_normal()(KEY, LARGE)
    assert len(by_the_core) == (platform == "cpu")
    assert same_bits(np.asarray(found), fanwise.sample("he_normal", LARGE, seed=7 << 32 | 5))


def test_a_small_weight_is_not_worth_compiling_for(monkeypatch, by_the_core):
    monkeypatch.setattr(portable.jax, "default_backend", lambda: "cuda")
    init.he_normal()(KEY, (12, 6))
    assert len(by_the_core) == 1


def test_the_default_device_counts(monkeypatch):
    monkeypatch.setattr(portable.jax, "default_backend", lambda: "cuda")
    assert not portable.lies_on_host()
    with jax.default_device(jax.devices("cpu")[0]):
        assert portable.lies_on_host()
