"""Starts to be written, and what their tensors hold."""

import numpy as np

from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.shape_sources.shape_lists import read_shape_list
from fanwise.adapters.starts.plans import planned_start
from fanwise.spec.recipe import recipe

RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal"},
        {"role": "bias", "name": "bias", "init": {"scheme": "normal", "std": 0.1}},
    ],
    "allow": {"unused": ["bias"]},
}


def start_of_shapes(shapes, *, seed=0, rules=RECIPE, **how):
    """Return the start of dense layers: a shape, or a shape and a dtype, by the name of each."""
    data = {
        name: shape if isinstance(shape, list) else {"shape": shape[0], "dtype": shape[1]}
        for name, shape in shapes.items()
    }
    held = read_shape_list(data)
    weights = named_weights(held, "torch")
    return planned_start(recipe(rules), weights, held, seed=seed, framework="torch", **how)


def dense(count, size=64):
    """Return the shapes of so many dense layers."""
    return {f"l{n}.{name}": shape for n in range(count) for name, shape in _dense(size)}


def _dense(size):
    return (("weight", [size, size]), ("bias", [size]))


def whole(tensor):
    """Draw all of a tensor, as its file has it."""
    out = np.empty(tensor.size, tensor.storage)
    tensor.fill(0, out)
    return out.reshape(tensor.shape)
