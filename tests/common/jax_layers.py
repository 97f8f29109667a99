"""What the tests of Flax's layers share: a recipe, and how to read a model's variables."""

import jax
import numpy as np
from flax import nnx

import fanwise

S = fanwise.scheme
SEED = 2**40 + 7
RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "glorot_normal"},
        {"role": "recurrent_kernel", "init": "orthogonal"},
        {"role": "embedding", "init": {"scheme": "normal", "std": "1 / sqrt(fan_out)"}},
        {"role": "forget_bias", "init": {"scheme": "uniform", "low": 1.0, "high": 2.0}},
        {"role": "bias", "init": "torch_default"},
        {"role": "recurrent_bias", "init": "torch_default"},
        {"match": "**", "init": {"scheme": "normal", "mean": 1.0, "std": 0.1}},
    ],
}
RECIPE["rule"] = [{**rule, "name": f"rule {n}"} for n, rule in enumerate(RECIPE["rule"])]
RECIPE["allow"] = {"unused": [rule["name"] for rule in RECIPE["rule"]]}
NORMAL = S("normal", mean=1.0, std=0.1)
FORGET = S("uniform", low=1.0, high=2.0)


def drawn(scheme, shape, path, axes="kernel"):
    """A weight whose shape is in canonical order."""
    return fanwise.sample(scheme, shape, seed=SEED, path=path, axes=axes)


def flat(tree):
    """All variables of linen, copied, by their paths without the collection."""
    found = {}
    for collection in tree.values():
        for path, leaf in jax.tree_util.tree_flatten_with_path(collection)[0]:
            found["/".join(key.key for key in path)] = np.array(leaf)
    return found


def of_nnx(model):
    state = nnx.state(model, (nnx.Param, nnx.BatchStat))
    pairs = jax.tree_util.tree_flatten_with_path(nnx.to_pure_dict(state))[0]
    return {"/".join(str(key.key) for key in path): np.asarray(leaf) for path, leaf in pairs}
