"""The public door of the jax adapter."""

from fanwise.adapters.jax import *  # noqa: F403
