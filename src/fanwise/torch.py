"""The public door of the adapter of PyTorch."""

from fanwise.adapters.extras import explain_missing as _explain_missing

with _explain_missing(__name__):
    from fanwise.adapters.torch import *  # noqa: F403
    from fanwise.adapters.torch import __all__  # noqa: F401
    from fanwise.adapters.torch.initializers.private import *  # noqa: F403
