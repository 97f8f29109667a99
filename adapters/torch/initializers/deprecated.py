"""torch's old names without the underscore, with torch's warning.

The stub of ``fanwise.torch`` tells editors and type checkers of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import wraps
from types import ModuleType
from typing import Final, ParamSpec, TypeVar

from fanwise.adapters.torch.initializers import absolute, constant, scaled, structured

P = ParamSpec("P")
R = TypeVar("R")

#: The old names, by the module that has the new ones.
OLD_NAMES: Final[Mapping[ModuleType, tuple[str, ...]]] = {
    absolute: ("uniform", "normal"),
    constant: ("constant", "eye", "dirac"),
    scaled: ("xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal"),
    structured: ("orthogonal", "sparse"),
}


def _deprecate(new: Callable[P, R]) -> Callable[P, R]:
    """Make the old function of a new one."""
    name = new.__name__.removesuffix("_")

    @wraps(new)
    def old(*args: P.args, **kwargs: P.kwargs) -> R:
        warnings.warn(
            f"`nn.init.{name}` is now deprecated in favor of `nn.init.{new.__name__}`.",
            FutureWarning,
            stacklevel=2,
        )
        return new(*args, **kwargs)

    old.__name__ = old.__qualname__ = name
    old.__module__ = __name__
    old.__doc__ = f"Run :func:`{new.__name__}`, under its old name, which torch deprecates."
    return old


for _module, _names in OLD_NAMES.items():
    for _name in _names:
        globals()[_name] = _deprecate(getattr(_module, f"{_name}_"))

__all__ = [name for names in OLD_NAMES.values() for name in names]
