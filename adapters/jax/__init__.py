"""JAX: a drop-in for ``jax.nn.initializers``, and Flax's layers."""

from jax.nn.initializers import Initializer as Initializer
from jax.nn.initializers import constant as constant
from jax.nn.initializers import ones as ones
from jax.nn.initializers import zeros as zeros

from fanwise.adapters.jax.depth import layer_check as layer_check
from fanwise.adapters.jax.initializers import delta_orthogonal as delta_orthogonal
from fanwise.adapters.jax.initializers import initializer as initializer
from fanwise.adapters.jax.initializers import normal as normal
from fanwise.adapters.jax.initializers import ones_init as ones_init
from fanwise.adapters.jax.initializers import orthogonal as orthogonal
from fanwise.adapters.jax.initializers import truncated_normal as truncated_normal
from fanwise.adapters.jax.initializers import uniform as uniform
from fanwise.adapters.jax.initializers import zeros_init as zeros_init
from fanwise.adapters.jax.layers import set_initializer as set_initializer
from fanwise.adapters.jax.models import initialize as initialize
from fanwise.adapters.jax.parts import Part as Part
from fanwise.adapters.jax.parts import Place as Place
from fanwise.adapters.jax.parts import register_layer as register_layer
from fanwise.adapters.jax.scaling import glorot_normal as glorot_normal
from fanwise.adapters.jax.scaling import glorot_uniform as glorot_uniform
from fanwise.adapters.jax.scaling import he_normal as he_normal
from fanwise.adapters.jax.scaling import he_uniform as he_uniform
from fanwise.adapters.jax.scaling import kaiming_normal as kaiming_normal
from fanwise.adapters.jax.scaling import kaiming_uniform as kaiming_uniform
from fanwise.adapters.jax.scaling import lecun_normal as lecun_normal
from fanwise.adapters.jax.scaling import lecun_uniform as lecun_uniform
from fanwise.adapters.jax.scaling import variance_scaling as variance_scaling
from fanwise.adapters.jax.scaling import xavier_normal as xavier_normal
from fanwise.adapters.jax.scaling import xavier_uniform as xavier_uniform
from fanwise.adapters.jax.scheme_initializer import SchemeInitializer as SchemeInitializer

__all__ = [
    "Initializer",
    "Part",
    "Place",
    "SchemeInitializer",
    "constant",
    "delta_orthogonal",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "initialize",
    "initializer",
    "kaiming_normal",
    "kaiming_uniform",
    "layer_check",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "ones_init",
    "orthogonal",
    "register_layer",
    "set_initializer",
    "truncated_normal",
    "uniform",
    "variance_scaling",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
    "zeros_init",
]
