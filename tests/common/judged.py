"""Weights with values, each with the scheme that it should be of, as an audit judges them."""

from functools import cache
from itertools import count

import numpy as np
from scipy import stats

import fanwise
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.laws import audit_laws
from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.plan import Planned
from fanwise.spec.resolved import resolve
from fanwise.spec.weights import Weight

#: The rate at which the tests judge: that of an audit.
ALPHA = 4e-10

SCHEMES = {
    "normal": fanwise.scheme("normal", std=0.02),
    "normal beside zero": fanwise.scheme("normal", std=0.3, mean=1.0),
    "uniform": fanwise.scheme("uniform", low=-0.1, high=0.1),
    "uniform above zero": fanwise.scheme("uniform", low=0.0, high=1.0),
    "cut normal": fanwise.scheme("truncated_normal", std=0.02),
    "one-sided cut": fanwise.scheme("truncated_normal", low=-1.0, high=3.0),
    "cut far out": fanwise.scheme("truncated_normal", low=-100.0, high=100.0, std=0.02),
}
SHAPES = {
    (40,): "torch",
    (300,): "torch",
    (16, 24): "torch",
    (64, 128): "torch",
    (8, 4, 3, 3): "torch",
    (3, 16, 20): "batch in out",
    (96, 32): "(3 out) in",
    (7, 1): "torch",
    (1, 5000): "torch",
}
DTYPES = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")
_numbers = count()


def drawn(law, shape, generator):
    """Draw a law by NumPy and SciPy alone."""
    match law:
        case NormalLaw():
            return generator.normal(law.mean, law.sigma, shape)
        case UniformLaw():
            return generator.uniform(law.low, law.high, shape)
        case TruncatedNormalLaw():
            return _cut(law.low, law.high).rvs(shape, random_state=generator) * law.sigma + (
                law.centre
            )
    raise AssertionError(law)


@cache
def _cut(low, high):
    return stats.truncnorm(max(low, -30), min(high, 30))


def rounded(values, dtype):
    """Round values to a dtype as a sampler of float32 does, and show them as NumPy has them."""
    if dtype == "float64":
        return values
    import ml_dtypes

    stored = values.astype(np.float32).astype(getattr(ml_dtypes, dtype, dtype))
    return stored if stored.dtype.isbuiltin == 1 else stored.astype(np.float32)


def planned(
    values, scheme, axes="torch", *, dtype=None, role="kernel", rule=1, path=None, row=None
):
    """A weight in memory with the scheme that it should be of."""
    path = path or f"{next(_numbers)}/{role}"
    description = LayerWeight("w", role, axes, "dense", zero_row=row)
    weight = Weight(path, values.shape, axes, role, "dense", told=True)
    tensor = StoredTensor("w", values.shape, dtype or values.dtype.name, values.__getitem__)
    stored = StoredWeight(weight, description, {"w": tensor})
    return stored, Planned(weight, resolve(scheme, values.shape, axes), rule)


def right(name, shape=(64, 128), dtype="float32", seed=0, **options):
    """A weight that is as it should be."""
    scheme, axes = SCHEMES[name], SHAPES.get(shape, "torch")
    law = resolve(scheme, shape, axes).law
    values = rounded(drawn(law, shape, np.random.default_rng(seed)), dtype)
    return planned(values, scheme, axes, dtype=dtype, **options)


def rows_of(*plans, alpha=ALPHA, **options):
    """What an audit of the laws says of weights."""
    return list(audit_laws(plans, alpha, **options))


def row_of(claim, *plans, **options):
    """The first row about a claim."""
    return next(row for row in rows_of(*plans, **options) if row.claim == claim)
