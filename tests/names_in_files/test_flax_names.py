"""Pytrees of files by names alone, and by their models."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
from flax import linen, nnx

from fanwise.adapters.held_models import weights_of
from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.axes import layout


class Encoder(linen.Module):
    """A module with a layer of every kind that names tell."""

    @linen.compact
    def __call__(self, x: Any) -> Any:
        x = linen.Embed(20, 8, name="tokens")(x)
        x = linen.MultiHeadDotProductAttention(2, name="attention")(x, x)
        x = linen.RNN(linen.LSTMCell(6, parent=None), name="lstm")(x)
        x = linen.RNN(linen.GRUCell(5, parent=None), name="gru")(x)
        x = linen.LayerNorm(name="norm")(x)
        x = linen.Conv(4, (3,), name="conv")(x)
        return linen.BatchNorm(use_running_average=True)(linen.Dense(3)(x))


class Decoder(nnx.Module):
    """The same of nnx."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.tokens = nnx.Embed(20, 8, rngs=rngs)
        self.blocks = nnx.List([nnx.Linear(8, 8, rngs=rngs) for _ in range(2)])
        self.norm = nnx.LayerNorm(8, rngs=rngs)
        self.head = nnx.Linear(8, 20, rngs=rngs)


@pytest.fixture(scope="module")
def linen_model() -> tuple[Encoder, tuple[Any, ...], Any]:
    inputs = (np.zeros((1, 7), "int32"),)
    module = Encoder()
    return module, inputs, module.init(jax.random.key(0), *inputs)


def test_names_say_what_the_modules_say(linen_model: tuple[Any, Any, Any]) -> None:
    _, truth = weights_of(linen_model)
    named = {w.weight.path: w for w in named_weights(_tensors(linen_model[2]), "flax")}
    for stored in truth:
        path = stored.weight.path
        ours, theirs = named.pop(path).weight, stored.weight
        assert (ours.role, ours.shape) == (theirs.role, theirs.shape), path
        assert layout(ours.shape, ours.axes).order == layout(theirs.shape, theirs.axes).order
    assert not named


def test_names_of_a_module_are_those_of_its_variables(linen_model: tuple[Any, Any, Any]) -> None:
    module, inputs, variables = linen_model
    _, truth = weights_of(linen_model)
    named = named_weights(_tensors(variables), "flax", (module, inputs))
    assert [w.weight for w in named] == [w.weight for w in truth]
    for ours, theirs in zip(named, truth, strict=True):
        assert np.array_equal(ours.values(), theirs.values())


@pytest.mark.parametrize("separator", ["/", "."])
def test_a_state_of_nnx_is_read_with_either_separator(separator: str) -> None:
    model = Decoder(nnx.Rngs(0))
    leaves = nnx.to_flat_state(nnx.state(model, nnx.Param))
    tensors = {
        separator.join(map(str, path)): StoredTensor.of("", np.asarray(leaf[...]))
        for path, leaf in leaves
    }
    _, truth = weights_of(model)
    paths = {w.weight.path for w in truth}
    assert {w.weight.path for w in named_weights(tensors, "flax")} == paths
    abstract = nnx.eval_shape(lambda: Decoder(nnx.Rngs(0)))
    assert {w.weight.path for w in named_weights(tensors, "flax", abstract)} == paths


@pytest.mark.parametrize("beside", [{}, {"alpha": np.ones(1)}])
def test_boxes_that_say_how_arrays_are_cut_have_no_part_in_a_path(beside: Any) -> None:
    """Orbax saves what ``with_partitioning`` makes with a name for what is in the box."""
    params = {
        "up": {"kernel": {"value": np.ones((4, 8))}, "bias": np.ones(8)},
        "value": {"kernel": {"value": np.ones((8, 3)), **beside}},
    }
    paths = ["up/bias", "up/kernel", *([] if beside else ["value/kernel"])]
    tensors = _tensors({"params": params})
    weights = named_weights(tensors, "flax")
    assert sorted(w.weight.path for w in weights if w.weight.role in ("kernel", "bias")) == paths
    unboxed = {"up": {"kernel": np.ones((4, 8)), "bias": np.ones(8)}}
    unboxed["value"] = {"kernel": np.ones((8, 3))}
    assert sorted(w.weight.path for w in named_weights(tensors, "flax", unboxed)) == paths


def _tensors(tree: Any) -> dict[str, StoredTensor]:
    flat = jax.tree_util.tree_flatten_with_path(tree)[0]
    return {
        (name := "/".join(key.key for key in path)): StoredTensor.of(name, np.asarray(leaf))
        for path, leaf in flat
    }
