"""The public door of the adapter of Keras."""

from fanwise.adapters.keras import *  # noqa: F403
from fanwise.adapters.keras import __all__  # noqa: F401
