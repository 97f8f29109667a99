"""The public door of the torch adapter."""

from fanwise.adapters.torch import *  # noqa: F403
from fanwise.adapters.torch import __all__ as __all__
