"""The public door of the keras adapter."""

from fanwise.adapters.keras import *  # noqa: F403
from fanwise.adapters.keras import __all__ as __all__
