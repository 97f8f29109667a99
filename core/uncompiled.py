"""Functions that a compiler of Python code leaves as they are, whether or not there is one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

#: The one compiler that reads the code of what it is given, where a program has imported it.
_COMPILER: Final = "torch._dynamo"


def uncompiled(function: Callable[P, R]) -> Callable[P, R]:
    """Have compiled code call a function as it is: what it does is no graph of tensors.

    That is ``torch.compiler.disable``, where the compiler has been imported at all.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        compiler: Any = sys.modules.get(_COMPILER)
        # While it is still being imported, nothing is compiled.
        if not hasattr(compiler, "disable"):
            return function(*args, **kwargs)
        result: R = compiler.disable(function)(*args, **kwargs)
        return result

    return call
