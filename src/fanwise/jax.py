"""The public door of the adapter of JAX."""

from fanwise.adapters.jax import *  # noqa: F403
from fanwise.adapters.jax import __all__  # noqa: F401
