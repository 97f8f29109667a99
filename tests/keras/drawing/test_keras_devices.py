"""Weights for an accelerator are drawn by the backend's adapter; here one is played by the CPU."""

import keras
import numpy as np
import pytest
from common.bits import same_bits
from common.calls import by_the_core

import fanwise
import fanwise.keras as init
from fanwise.adapters.keras.drawing import devices
from fanwise.adapters.keras.drawing.transfer import host_array

__all__ = ["by_the_core"]

BACKEND = keras.config.backend()
SHAPE = (1 << 10, 1 << 10)


@pytest.fixture
def accelerator(monkeypatch):
    """Take this CPU for one, as each backend would tell."""
    monkeypatch.setattr(devices, "_OF_HOST", ())
    if BACKEND == "jax":
        import jax

        monkeypatch.setattr(jax, "default_backend", lambda: "cuda")


@pytest.mark.usefixtures("accelerator")
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_it_is_drawn_where_it_lies(by_the_core, dtype):
    found = init.HeNormal(seed=3)(SHAPE, dtype=dtype)
    assert len(by_the_core) == (BACKEND == "tensorflow")
    out = np.empty(SHAPE, np.uint16 if dtype == "bfloat16" else dtype)
    assert same_bits(
        host_array(found), fanwise.sample("he_normal", SHAPE, seed=3, dtype=dtype, out=out)
    )


@pytest.mark.usefixtures("accelerator")
def test_what_is_structured_is_drawn_on_the_host(by_the_core):
    init.Orthogonal(seed=3)((4, 4))
    assert len(by_the_core) == 1


def test_on_a_host_the_core_draws(by_the_core):
    init.HeNormal(seed=3)((6, 4))
    assert len(by_the_core) == 1
