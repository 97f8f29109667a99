"""The public door of the adapter of JAX."""

from fanwise.adapters.extras import explain_missing as _explain_missing

with _explain_missing(__name__):
    from fanwise.adapters.jax import *  # noqa: F403
    from fanwise.adapters.jax import __all__  # noqa: F401
