"""What the tests of recipes in torch share: a recipe, what it must give, and models to set."""

import numpy as np
import torch
from torch import nn

import fanwise
import fanwise.torch as init
from fanwise.core.order import to_canonical

SEED = 2**33 + 5
NORMAL = fanwise.scheme("normal", std=0.5)
#: Every weight is random, so that each is known by its bits.
ALL = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
FANS = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "glorot_uniform"},
        {"role": "bias", "init": "torch_default"},
    ],
}


def drawn(path, shape, scheme=NORMAL):
    """The weight of a canonical path and shape, in canonical order."""
    axes = " ".join(["batch"] * len(shape))
    return fanwise.sample(scheme, shape, seed=SEED, path=path, axes=axes)


def stored(tensor, axes="torch"):
    return to_canonical(tensor.detach().numpy(), axes)


def equal(found, path, shape):
    np.testing.assert_array_equal(found.reshape(shape), drawn(path, shape))


def attention(**options):
    return nn.MultiheadAttention(8, 2, **options)


def network():
    body = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
    return nn.ModuleDict({"body": body, "head": nn.Linear(4, 2)})


class Packed(nn.Module):
    """Query, key and value per head, as columns of one weight that lies as Keras has it."""

    def __init__(self, heads=2, size=3):
        super().__init__()
        width = heads * size
        self.heads, self.size = heads, size
        self.weight = nn.Parameter(torch.zeros(width, 3 * width))
        self.out = nn.Linear(width, width)


def describe(layer):
    for number, name in enumerate(("query", "key", "value")):
        starts = [(3 * head + number) * layer.size for head in range(layer.heads)]
        spans = tuple((start, start + layer.size) for start in starts)
        yield init.LayerWeight(
            "weight", f"{name}/kernel", "in out", "attention", spans=spans, axis=1
        )
