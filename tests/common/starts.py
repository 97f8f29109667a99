"""Starts to be written: of tensors by their names, with all kinds of shapes and dtypes."""

import hashlib

import numpy as np

from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.recipe import recipe

RULES = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal"},
        {"role": "embedding", "init": {"scheme": "normal", "std": 0.02}},
        {"role": "bias", "init": "zeros"},
        {"role": "scale", "init": "ones"},
        {"match": "steps", "init": "keep"},
    ],
}
#: Shapes and dtypes of a model; the first is larger than any block or chunk of few megabytes.
TENSORS = {
    "up.weight": ((2100, 1500), "float32"),
    "up.bias": ((2100,), "float32"),
    "down.weight": ((3, 7), "bfloat16"),
    "flat.weight": ((2, 1 << 20), "float16"),
    "norm.weight": ((7,), "float64"),
    "embed.weight": ((11, 5), "bfloat16"),
}


def start_of(tensors=None, *, seed=7, framework="torch", **how):
    """The start of a model of tensors, each a shape and a dtype; without values."""
    held = {
        name: StoredTensor(name, shape, dtype, _unread)
        for name, (shape, dtype) in (TENSORS if tensors is None else tensors).items()
    }
    weights = named_weights(held, framework)
    rules = RULES | {"rule": [rule for rule in RULES["rule"] if _fits(rule, weights)]}
    return planned_start(recipe(rules), weights, held, seed=seed, framework=framework, **how)


def drawn(start):
    """The arrays of a start by their names; bfloat16 as the bits of it."""
    return {
        tensor.name: tensor.block(tuple(slice(0, size) for size in tensor.shape))
        for tensor in start.tensors
    }


def files_of(folder):
    """The digest of every file in a folder, by its path there."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _fits(rule, weights):
    return any(stored.weight.role == rule.get("role") for stored in weights)


def _unread(index):
    raise AssertionError("no values are needed")


def bits(array):
    """The bits of an array."""
    return np.ascontiguousarray(array).view(np.uint8)
