"""The public door of the adapter of PyTorch."""

from fanwise.adapters.torch import *  # noqa: F403
from fanwise.adapters.torch import __all__  # noqa: F401

# Once more by their module, which type checkers read more of than of a list that is added to.
from fanwise.adapters.torch.initializers.catalogue import *  # noqa: F403
from fanwise.adapters.torch.initializers.deprecated import *  # noqa: F403
