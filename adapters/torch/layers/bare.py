"""Parameters of modules that nothing is known of: what can be seen of them, and what that says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from torch import Tensor, nn

from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.guesses.parameters import guess_parameter

#: How the axes of a parameter of no known layer are read, as torch.nn.init reads them.
AXES: Final = "torch"


def guess_parameters(layer: nn.Module, bare: Mapping[str, Tensor]) -> dict[str, Guess]:
    """Guess what the parameters of a module are of which nothing is known.

    Args:
        layer: the module.
        bare: the parameters, by their names in it.
    """
    cls = type(layer)
    shapes = {name: tuple(tensor.shape) for name, tensor in bare.items()}
    numbers = {name: value for name, value in vars(layer).items() if type(value) in (int, bool)}
    forward = getattr(cls, "forward", None)  # a class of TorchScript has none
    source = "" if forward is None else _source_of(forward)
    return {
        name: guess_parameter(
            f"{cls.__module__}.{cls.__qualname__}",
            name,
            shape,
            shapes,
            AXES,
            attributes=numbers,
            source=source,
        )
        for name, shape in shapes.items()
    }


@lru_cache(maxsize=1024)
def _source_of(function: Callable[..., Any]) -> str:
    """Return the text of a function; empty where it cannot be had."""
    try:
        return inspect.getsource(inspect.unwrap(function))
    except (OSError, TypeError):  # as of a module that was compiled
        return ""
