"""Whatever a weight holds, of whatever shape and law, it is judged, and no warning is raised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.bits import audit_bits
from fanwise.core import sampler
from fanwise.spec.plan import Planned
from fanwise.spec.registry import SchemeLike, as_scheme, scheme
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.weights import Weight

SCHEMES: tuple[SchemeLike, ...] = (
    "he_normal",
    "glorot_uniform",
    scheme("normal", std=0.02, mean=1.0),
    scheme("uniform", low=-1.0, high=2.0),
    "zeros",
    scheme("constant", value=0.5),
    "orthogonal",
    scheme("sparse", sparsity=0.3, std=0.1),
)
SHAPES = (
    ((), "kernel"),
    ((1,), "kernel"),
    ((0, 3), "torch"),
    ((5,), "kernel"),
    ((6, 4), "torch"),
    ((1, 7), "torch"),
    ((30, 8, 3), "torch"),
    ((8, 6), "(2 out) in"),
    ((2, 4, 30), "batch in out"),
)
Values = np.ndarray


def _bytes(values: Values, rng: np.random.Generator) -> Values:
    return rng.integers(0, 256, values.nbytes, dtype="u1").view(values.dtype).reshape(values.shape)


def _one(value: float) -> Callable[[Values, np.random.Generator], Values]:
    def put(values: Values, rng: np.random.Generator) -> Values:
        values.flat[int(rng.integers(values.size))] = value
        return values

    return put


CHANGES: dict[str, Callable[[Values, np.random.Generator], Values]] = {
    "nothing": lambda values, rng: values,
    "any bytes": _bytes,
    "one NaN": _one(np.nan),
    "one infinity": _one(np.inf),
    "negative zeros": lambda values, rng: values * values.dtype.type(-0.0),
    "out of range": lambda values, rng: (values.astype("f8") * 1e30).astype(values.dtype),
    "denormal": lambda values, rng: (values.astype("f8") * 1e-40).astype(values.dtype),
    "other numbers": lambda values, rng: rng.standard_normal(values.shape).astype(values.dtype),
    "backwards": lambda values, rng: values[::-1].copy() if values.ndim else values,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_any_weight_is_judged(change: str, dtype: str) -> None:
    rng = np.random.default_rng(0)
    for number, resolved in enumerate(_every()):
        path = f"layers/{number}/kernel"
        values = np.array(sampler.draw(resolved, seed=1 << 40, path=path, dtype=dtype))
        with np.errstate(all="ignore"):
            held = CHANGES[change](values.copy(), rng) if values.size else values
        (row,) = audit_bits([_plan(path, resolved, held, dtype)], 1 << 40)
        same = held.tobytes() == values.tobytes()
        assert row.outcome == ("pass" if same else "fail")


def _every() -> list[Resolved]:
    every = []
    for shape, axes in SHAPES:
        for given in SCHEMES:
            try:
                resolved = resolve(as_scheme(given), shape, axes)
                sampler.check_law(resolved.law)
            except ValueError:
                continue
            every.append(resolved)
    return every


def _plan(
    path: str, resolved: Resolved, values: Values, dtype: str
) -> tuple[StoredWeight, Planned]:
    weight = Weight(path, resolved.shape, "kernel", "kernel", "dense")
    tensor = StoredTensor("weight", resolved.shape, dtype, values.__getitem__)
    described = LayerWeight("weight", "kernel")
    return StoredWeight(weight, described, {"weight": tensor}), Planned(weight, resolved, 1)
