"""The public door of the jax adapter."""

from fanwise.adapters.jax import *  # noqa: F403
from fanwise.adapters.jax import __all__ as __all__
