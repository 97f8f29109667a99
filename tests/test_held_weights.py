"""Weights in memory, in whatever they are held, and whose they are."""

import subprocess
import sys
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
import torch
from flax import linen, nnx
from torch import nn

from fanwise import FanwiseError
from fanwise.adapters.held_models import weights_of
from fanwise.adapters.held_weights import held_weights


def paths_of(held: tuple[str, Any]) -> tuple[str, list[str]]:
    framework, weights = held
    for stored in weights:
        assert stored.values().shape == stored.weight.shape
    return framework, [stored.weight.path for stored in weights]


def keras_model() -> keras.Model:
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="head")])


class Net(linen.Module):
    @linen.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        return linen.BatchNorm(use_running_average=False)(linen.Dense(2, name="head")(x))


def test_a_model_is_known_by_its_class() -> None:
    assert paths_of(weights_of(nn.Sequential(nn.Linear(3, 2)))) == (
        "torch",
        ["0/kernel", "0/bias"],
    )
    assert paths_of(weights_of(keras_model())) == ("keras", ["head/kernel", "head/bias"])
    layer = nnx.Linear(3, 2, rngs=nnx.Rngs(0))
    assert paths_of(weights_of(layer)) == ("flax", ["kernel", "bias"])
    linear = eqx.nn.Linear(3, 2, key=jax.random.key(0))
    assert paths_of(weights_of(linear)) == ("flax", ["kernel", "bias"])


def test_a_linen_module_comes_with_its_inputs_and_variables() -> None:
    x = jnp.ones((1, 3))
    values = Net().init(jax.random.key(0), x)
    framework, paths = paths_of(weights_of((Net(), (x,), values)))
    assert framework == "flax"
    assert "head/kernel" in paths
    assert "BatchNorm_0/mean" in paths


@pytest.mark.parametrize("ones", [np.ones, jnp.ones])
def test_a_linen_modules_inputs_are_no_weights(ones: Any) -> None:
    """Arrays of NumPy in a tuple with it were taken for a checkpoint."""
    x = ones((1, 3), np.float32)
    values = Net().init(jax.random.key(0), x)
    framework, paths = paths_of(held_weights((Net(), (x,), values)))
    assert framework == "flax"
    assert "head/kernel" in paths
    assert not any(path.startswith("1/") for path in paths)


@pytest.mark.parametrize(
    "parts", [Net(), (Net(),), (Net(), {"params": {}}), (Net(), (), {}, {}), (Net(), jnp.ones(3))]
)
def test_a_linen_module_without_its_inputs_is_told_how_it_is_passed(parts: Any) -> None:
    with pytest.raises(FanwiseError, match=r"Pass \(module, \(x,\), variables\)"):
        weights_of(parts)


def test_a_state_dict_is_that_of_torch() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    framework, paths = paths_of(held_weights(model.state_dict()))
    assert framework == "torch"
    assert paths == [stored.weight.path for stored in weights_of(model)[1]]


def test_a_state_dict_is_read_by_its_model_without_memory() -> None:
    model = nn.Sequential(nn.MultiheadAttention(4, 2))
    with torch.device("meta"):
        bare = nn.Sequential(nn.MultiheadAttention(4, 2))
    framework, weights = held_weights(model.state_dict(), model=bare)
    assert framework == "torch"
    for stored, same in zip(weights, weights_of(model)[1], strict=True):
        assert stored.weight.path == same.weight.path
        np.testing.assert_array_equal(stored.values(), same.values())


def test_arrays_of_numpy_are_known_by_their_names() -> None:
    arrays = {"0.weight": np.ones((2, 3), np.float32), "0.bias": np.zeros(2, np.float32)}
    assert paths_of(held_weights(arrays)) == ("torch", ["0/kernel", "0/bias"])


def test_a_pytree_is_read_as_initialize_reads_it() -> None:
    tree = {"head": {"kernel": jnp.ones((3, 2)), "bias": np.zeros(2, np.float32)}}
    assert paths_of(held_weights(tree)) == ("flax", ["head/bias", "head/kernel"])


def test_a_checkpoint_with_other_things_says_what_to_pass() -> None:
    checkpoint = {"model": nn.Linear(3, 2).state_dict(), "step": 3}
    with pytest.raises(FanwiseError, match=r"checkpoint\['model'\]"):
        held_weights(checkpoint)


def test_what_holds_no_weights_is_an_error() -> None:
    for other in (3, "weights", object(), {}, {"a": 1}, [], None):
        with pytest.raises(FanwiseError, match="a model"):
            held_weights(other)
    with pytest.raises(FanwiseError, match="framework to be"):
        weights_of(nn.Linear(3, 2), "pytorch")


def test_no_framework_is_imported_for_it() -> None:
    code = """
import sys
import numpy as np
from fanwise.adapters.held_weights import held_weights
held_weights({"0.weight": np.ones((2, 3)), "0.bias": np.ones(2)}, "torch")
try:
    held_weights(object())
except ValueError:
    pass
assert not {"torch", "keras", "jax", "tensorflow"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
