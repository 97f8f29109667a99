"""The public door of the torch adapter."""

from fanwise.adapters.torch import *  # noqa: F403
