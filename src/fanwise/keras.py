"""The public door of the adapter of Keras."""

from fanwise.adapters.extras import explain_missing as _explain_missing

with _explain_missing(__name__):
    from fanwise.adapters.keras import *  # noqa: F403
    from fanwise.adapters.keras import __all__  # noqa: F401
