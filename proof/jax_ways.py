"""The small Llama in Flax: started and trained on one device, and spread over several.

    python jax_ways.py DEVICES FOLDER [--dtype float64] [--order 1]

On one device, and on a mesh of 2 x 4: batches are shared by its first axis, kernels by its second.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path
from typing import Any

parser = argparse.ArgumentParser()
parser.add_argument("devices", type=int, choices=(1, 8))
parser.add_argument("folder")
parser.add_argument("--dtype", default="float32")
parser.add_argument("--order", type=int, default=0)
asked = parser.parse_args()
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={asked.devices}"
os.environ["JAX_ENABLE_X64"] = str(int(asked.dtype == "float64"))

import jax  # noqa: E402 (which reads the variables)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402
from flax import nnx  # noqa: E402
from jax.sharding import NamedSharding, PartitionSpec  # noqa: E402
from llama_flax import Llama  # noqa: E402
from sizes import BATCH, BETAS, DECAY, RATE, RECIPE, SEED, STEPS, batch  # noqa: E402

import fanwise.jax  # noqa: E402

MESH = jax.make_mesh(
    (1, 1) if asked.devices == 1 else (2, 4),
    ("data", "model"),
    axis_types=(jax.sharding.AxisType.Auto,) * 2,
)


def place(path: tuple[Any, ...], weight: Any) -> NamedSharding:
    """Say how a weight lies on the mesh: kernels by columns, or by rows where columns go in."""
    if len(weight.shape) < 2:
        return NamedSharding(MESH, PartitionSpec())
    by_rows = bool({"out", "down", "tokens"} & {*map(str, path)})
    return NamedSharding(
        MESH, PartitionSpec("model", None) if by_rows else PartitionSpec(None, "model")
    )


def abstract_model() -> Llama:
    """Return the model without memory, its variables with the places where they are to lie."""
    model = nnx.eval_shape(lambda: Llama(nnx.Rngs(0), jnp.dtype(asked.dtype)))
    graph, state = nnx.split(model)
    placed = {
        path: variable.replace(
            jax.ShapeDtypeStruct(variable.shape, variable.dtype, sharding=place(path, variable))
        )
        for path, variable in nnx.to_flat_state(state)
    }
    return nnx.merge(graph, nnx.from_flat_state(placed))


def digests(model: Llama) -> dict[str, str]:
    """Return the SHA-256 of each weight, as torch names and stores it."""
    names = {"kernel": "weight", "embedding": "weight", "scale": "weight"}
    found = {}
    for path, variable in nnx.to_flat_state(nnx.state(model, nnx.Param)):
        values = np.asarray(variable[...])
        values = values.T if path[-1] == "kernel" else values
        name = ".".join(map(str, (*path[:-1], names[path[-1]])))
        found[name] = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
    return found


@nnx.jit
def train(model: Llama, optimizer: nnx.Optimizer, inputs: Any, wanted: Any) -> Any:
    """Take a step, and return the loss before it."""

    def loss_of(model: Llama) -> Any:
        logits = model(inputs)
        return optax.softmax_cross_entropy_with_integer_labels(logits, wanted).mean()

    loss, gradients = nnx.value_and_grad(loss_of)(model)
    optimizer.update(model, gradients)
    return loss


model = abstract_model()
fanwise.jax.initialize(model, RECIPE, seed=SEED)
found: dict[str, Any] = {"started": digests(model), "losses": []}
kernel = model.blocks[0].mlp.up.kernel[...]
found["part"] = list(kernel.addressable_shards[0].data.shape)
optimizer = nnx.Optimizer(model, optax.adamw(RATE, *BETAS, weight_decay=DECAY), wrt=nnx.Param)
shared = NamedSharding(MESH, PartitionSpec("data"))
for step in range(STEPS):
    pieces = batch(step)
    if asked.order:
        moved = np.random.default_rng([asked.order, step]).permutation(BATCH)
        pieces = tuple(part[moved] for part in pieces)
    inputs, wanted = (jax.device_put(part.astype(np.int32), shared) for part in pieces)
    found["losses"].append(float(train(model, optimizer, inputs, wanted)))
Path(asked.folder, "0.json").write_text(json.dumps(found))
