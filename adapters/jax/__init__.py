"""JAX: a drop-in for ``jax.nn.initializers``, and Flax's layers."""

from jax.nn.initializers import Initializer as Initializer
from jax.nn.initializers import constant as constant
from jax.nn.initializers import ones as ones
from jax.nn.initializers import zeros as zeros

from fanwise.adapters.jax.initializers.absolute import delta_orthogonal as delta_orthogonal
from fanwise.adapters.jax.initializers.absolute import initializer as initializer
from fanwise.adapters.jax.initializers.absolute import normal as normal
from fanwise.adapters.jax.initializers.absolute import ones_init as ones_init
from fanwise.adapters.jax.initializers.absolute import orthogonal as orthogonal
from fanwise.adapters.jax.initializers.absolute import truncated_normal as truncated_normal
from fanwise.adapters.jax.initializers.absolute import uniform as uniform
from fanwise.adapters.jax.initializers.absolute import zeros_init as zeros_init
from fanwise.adapters.jax.initializers.catalogue import FUNCTIONS as _FUNCTIONS
from fanwise.adapters.jax.initializers.keyed_initializer import (
    KeyedInitializer as KeyedInitializer,
)
from fanwise.adapters.jax.initializers.scaled import glorot_normal as glorot_normal
from fanwise.adapters.jax.initializers.scaled import glorot_uniform as glorot_uniform
from fanwise.adapters.jax.initializers.scaled import he_normal as he_normal
from fanwise.adapters.jax.initializers.scaled import he_uniform as he_uniform
from fanwise.adapters.jax.initializers.scaled import kaiming_normal as kaiming_normal
from fanwise.adapters.jax.initializers.scaled import kaiming_uniform as kaiming_uniform
from fanwise.adapters.jax.initializers.scaled import lecun_normal as lecun_normal
from fanwise.adapters.jax.initializers.scaled import lecun_uniform as lecun_uniform
from fanwise.adapters.jax.initializers.scaled import variance_scaling as variance_scaling
from fanwise.adapters.jax.initializers.scaled import xavier_normal as xavier_normal
from fanwise.adapters.jax.initializers.scaled import xavier_uniform as xavier_uniform

__all__ = [
    "Initializer",
    "KeyedInitializer",
    "constant",
    "delta_orthogonal",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "initializer",
    "kaiming_normal",
    "kaiming_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "ones_init",
    "orthogonal",
    "truncated_normal",
    "uniform",
    "variance_scaling",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
    "zeros_init",
]
# The schemes that JAX has no name for, one function each.
globals().update(_FUNCTIONS)
__all__ += [*_FUNCTIONS]  # noqa: PLE0604 (they are names)
