"""The public door of the keras adapter."""

from fanwise.adapters.keras import *  # noqa: F403
