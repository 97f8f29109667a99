"""The structured generators, written plainly: loops, and one reflection at a time.

All work on the canonical shape (batch, in, out) or (batch, receptive…, in, out).
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reference import stream

Array = NDArray[np.float64]


def gaussian(shape: Sequence[int], *, seed: int, path: str | None) -> Array:
    """The canonical Gaussian array, in float64."""
    key, law = stream.key(seed, path), ("normal", 0.0, 1.0)
    size = math.prod(shape)
    drawn = [stream.value(i, key=key, law=law, dtype="float64") for i in range(size)]
    return np.array(drawn, np.float64).reshape(shape)


def orthonormal(g: Array) -> Array:
    """The product of full Householder matrices, each of a column of the lower trapezoid."""
    rows, columns = g.shape
    if rows < columns:
        return orthonormal(g.T).T
    q, signs = np.eye(rows), []
    for j in range(columns):
        x = np.concatenate([np.zeros(j), g[j:, j]])
        target = np.zeros(rows)
        target[j] = -math.copysign(math.sqrt(x @ x), x[j])
        v = x - target
        q = q @ (np.eye(rows) - 2 * np.outer(v, v) / (v @ v))
        signs.append(math.copysign(1.0, target[j]))
    return q[:, :columns] * signs


def sparse(
    shape: tuple[int, int, int],
    *,
    seed: int,
    path: str | None,
    std: float,
    sparsity: float,
    dtype: str,
) -> Array:
    """Each input loses the outputs with the smallest words of ``mask``, ties by index."""
    batches, inputs, outputs = shape
    mask, values = stream.key(seed, path, "mask"), stream.key(seed, path)
    made = np.zeros(shape, "uint16" if dtype == "bfloat16" else dtype)
    for batch, row in itertools.product(range(batches), range(inputs)):
        base = (batch * inputs + row) * outputs
        order = sorted(range(outputs), key=lambda o: (stream.word(mask, base + o), o))
        for o in order[math.ceil(sparsity * outputs) :]:
            law = ("normal", 0.0, std)
            made[batch, row, o] = stream.value(base + o, key=values, law=law, dtype=dtype)
    return made


def torch_dirac(shape: Sequence[int], groups: int = 1) -> Array:
    """torch.nn.init.dirac_ on (out, in / groups, k, …), as its documentation words it."""
    made = np.zeros(shape)
    each = shape[0] // groups
    for group in range(groups):
        for d in range(min(each, shape[1])):
            made[(group * each + d, d, *(k // 2 for k in shape[2:]))] = 1
    return made
