"""``engine="native"``: laws by MLX's own initializers and samplers, with MLX's own seeding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import mlx.core as mx
from mlx.nn import init

from fanwise import FanwiseError
from fanwise.spec.errors import Phrase
from fanwise.spec.laws import (
    ConstantLaw,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
    UniformLaw,
)


def draw(law: Law, shape: tuple[int, ...], *, seed: int, dtype: mx.Dtype) -> mx.array:
    """Draw a weight; MLX's global generator stays where it was.

    Raises:
        FanwiseError: where MLX has no initializer for the law, the shape or the dtype.
    """
    if dtype == mx.float64 and not isinstance(law, ConstantLaw):
        raise _not_offered("a float64 sampler", "float64")
    with seeded(seed):
        match law:
            case ConstantLaw():
                return init.constant(law.value, dtype)(mx.zeros(shape))
            case UniformLaw():
                return init.uniform(law.low, law.high, dtype)(mx.zeros(shape))
            case NormalLaw():
                return init.normal(law.mean, law.sigma, dtype)(mx.zeros(shape))
            case TruncatedNormalLaw():
                standard = mx.random.truncated_normal(law.low, law.high, shape, dtype)
                return standard * law.sigma + law.centre
            case StructuredLaw():
                return _structured(law, shape, dtype)


def _structured(law: StructuredLaw, shape: tuple[int, ...], dtype: mx.Dtype) -> mx.array:
    try:
        match law.generator:
            case "orthogonal":
                return init.orthogonal(law.gain, dtype)(mx.zeros(shape))
            case "identity":
                return init.identity(dtype)(mx.zeros(shape)) * law.gain
            case "sparse":
                return init.sparse(law.sparsity, 0.0, law.gain, dtype)(mx.zeros(shape))
    except ValueError as error:
        raise _not_offered(f"a shape that mlx.nn.init.{law.generator} takes", shape) from error
    raise _not_offered("an initializer of mlx.nn.init", Phrase(law.generator))


def _not_offered(expected: str, received: object) -> FanwiseError:
    return FanwiseError(expected, received, "Use engine='portable'.")


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed MLX's global generator for a while.

    Its key is a seed too, of two words: so it goes back.
    """
    high, low = mx.random.state[0].tolist()
    mx.random.seed(seed)
    try:
        yield
    finally:
        mx.random.seed(high << 32 | low)
