"""torch's old names without the underscore, with torch's warning."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from fanwise.adapters.torch.initializers import absolute as initializers
from fanwise.adapters.torch.initializers import constant as fixed
from fanwise.adapters.torch.initializers import scaled, structured

P = ParamSpec("P")
R = TypeVar("R")


def _deprecated(new: Callable[P, R]) -> Callable[P, R]:
    name = new.__name__.removesuffix("_")

    def old(*args: P.args, **kwargs: P.kwargs) -> R:
        warnings.warn(
            f"`nn.init.{name}` is now deprecated in favor of `nn.init.{new.__name__}`.",
            FutureWarning,
            stacklevel=2,
        )
        return new(*args, **kwargs)

    old.__name__ = old.__qualname__ = name
    old.__doc__ = f"Deprecated, as in torch: use :func:`{new.__name__}`."
    return old


uniform = _deprecated(initializers.uniform_)
normal = _deprecated(initializers.normal_)
constant = _deprecated(fixed.constant_)
eye = _deprecated(fixed.eye_)
dirac = _deprecated(fixed.dirac_)
xavier_uniform = _deprecated(scaled.xavier_uniform_)
xavier_normal = _deprecated(scaled.xavier_normal_)
kaiming_uniform = _deprecated(scaled.kaiming_uniform_)
kaiming_normal = _deprecated(scaled.kaiming_normal_)
orthogonal = _deprecated(structured.orthogonal_)
sparse = _deprecated(structured.sparse_)
