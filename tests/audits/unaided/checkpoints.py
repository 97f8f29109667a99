"""A checkpoint of a small transformer, as the portable engine draws it, and its audit."""

from collections.abc import Mapping

import fanwise
from fanwise.adapters.held_weights import held_weights
from fanwise.conformance.audits.results import AuditRow
from fanwise.conformance.audits.unaided import audit_unaided

ALPHA = 4e-10
LAYERS, WIDTH = 6, 128
QUERY = "h.2.attn.query.weight"
VALUE = "h.4.attn.value.weight"
UP = "h.1.mlp.up.weight"
OTHER_UP = "h.3.mlp.up.weight"
DOWN = "h.3.mlp.down.weight"
TABLE = "wte.weight"
BIAS = "h.2.mlp.up.bias"
NORM = "h.2.norm.weight"

#: Of each weight in a layer its shape in torch, and its scheme.
_NORMAL = fanwise.scheme("normal", std=0.02)
_LAYER = {
    "attn.query.weight": ((WIDTH, WIDTH), _NORMAL),
    "attn.value.weight": ((WIDTH, WIDTH), _NORMAL),
    "mlp.up.weight": ((4 * WIDTH, WIDTH), _NORMAL),
    "mlp.up.bias": ((4 * WIDTH,), fanwise.scheme("zeros")),
    "mlp.down.weight": ((WIDTH, 4 * WIDTH), _NORMAL),
    "norm.weight": ((WIDTH,), fanwise.scheme("ones")),
}


def checkpoint(seed=0):
    """Draw a state dict of NumPy arrays."""
    names = {TABLE: ((1000, WIDTH), _NORMAL)}
    for layer in range(LAYERS):
        names |= {f"h.{layer}.{name}": row for name, row in _LAYER.items()}
    return {
        name: fanwise.sample(scheme, shape, seed=seed, path=name, axes="torch")
        for name, (shape, scheme) in names.items()
    }


def audited(tensors: Mapping, alpha=ALPHA) -> list[AuditRow]:
    """Audit a state dict without a recipe."""
    _, weights = held_weights(dict(tensors), "torch")
    return list(audit_unaided(weights, alpha))


def faults(tensors: Mapping) -> dict[str, list[str]]:
    """Name the faults that fail, and the paths that they are found in."""
    named: dict[str, list[str]] = {}
    for row in audited(tensors):
        if row.outcome == "fail":
            named.setdefault(row.fault, []).append(row.path)
    return named


def path_of(name: str) -> str:
    """Return the start of the path of a tensor."""
    return name.replace(".", "/").rpartition("/")[0]
