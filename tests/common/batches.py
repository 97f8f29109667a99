"""What a rule's ``batch`` is to give the kernels of a recurrence, told by the stream alone.

Every framework's tests hold its own layers against this, so all of them hold the same values.
"""

import numpy as np
from numpy.typing import NDArray

import fanwise

SEED = 2**40 + 7
#: For each ``batch`` of a rule, the axes of a weight of (gates, in, out).
AXES = {None: "batch in out", "in": "in in out", "out": "out in out"}
KERNEL = fanwise.scheme("glorot_normal")
RECURRENT = fanwise.scheme("orthogonal")


def recipe(batch: str | None) -> dict:
    """Random kernels, and biases of ones."""
    more = {} if batch is None else {"batch": batch}
    rules = [
        {"role": "kernel", "init": "glorot_normal", **more},
        {"role": "recurrent_kernel", "init": "orthogonal", **more},
        {"match": "**", "init": "ones"},
    ]
    named = [{**rule, "name": f"rule {number}"} for number, rule in enumerate(rules)]
    unused = [rule["name"] for rule in named]
    return {"fanwise": 1, "rule": named, "allow": {"unused": unused}}


def kernel(batch: str | None, path: str, shape: tuple[int, ...], field: int = 0) -> NDArray:
    """The weight of a canonical shape (gates, field…, in, out)."""
    first, *rest = AXES[batch].split()
    axes = " ".join([first, *["*"] * field, *rest])
    scheme = RECURRENT if path.endswith("recurrent_kernel") else KERNEL
    return fanwise.sample(scheme, shape, seed=SEED, path=path, axes=axes)


def fans(batch: str | None, gates: int, inputs: int, outputs: int) -> tuple[int, int]:
    """The fans of a kernel of so many gates."""
    return inputs * (gates if batch == "in" else 1), outputs * (gates if batch == "out" else 1)


def is_joint(gates: NDArray) -> bool:
    """Whether the matrix (in, gates · out) has orthonormal rows, and no gate alone has."""
    joint = np.moveaxis(gates, 0, 1).reshape(gates.shape[1], -1)
    return bool(
        np.allclose(joint @ joint.T, np.eye(len(joint)), atol=1e-4)
        and not any(is_orthogonal(gate) for gate in gates)
    )


def is_orthogonal(gate: NDArray) -> bool:
    """Whether one gate's matrix has orthogonal rows, of whatever length."""
    found = gate @ gate.T
    return bool(np.allclose(found, found[0, 0] * np.eye(len(found)), atol=1e-4))


#: Rules, names and rows of a model whose layer "head" has a kernel, a vector that is called a
#: kernel's name and has no fans, and a scale, under names that say nothing.
RENAMING = [
    {"role": "kernel", "init": "he_normal"},
    {"role": "scale", "init": "ones"},
    {"match": "head/embedding", "init": {"scheme": "constant", "value": 3}},
]
RENAMED = [
    ("head/kernel", "kernel", 6, 4),
    ("head/embedding", "", None, None),
    ("head/scale", "scale", None, None),
]


def told(rows):
    """Of every row what its name gave it."""
    return [(row.path, row.role, row.fan_in, row.fan_out) for row in rows]
