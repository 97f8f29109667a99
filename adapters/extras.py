"""What to install where a framework, or what an extra brings, is missing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

#: The frameworks that the doors import; each has an extra of its own name.
_FRAMEWORKS: Final = ("torch", "keras", "tensorflow", "jax")
#: The extra of each package that a public function needs.
_EXTRAS: Final = {**{name: name for name in _FRAMEWORKS}, "scipy": "conformance"}


@contextlib.contextmanager
def explain_missing(door: str) -> Iterator[None]:
    """Say which extra to install, where the import of a door fails for want of a framework.

    Args:
        door: the module that is imported, ``"fanwise.torch"``.

    Raises:
        ModuleNotFoundError: in the place of one that names a framework. Any other, such as that of
            a module which a framework itself needs, comes out as it is.

    Examples:
        >>> try:
        ...     with explain_missing("fanwise.torch"):
        ...         raise ModuleNotFoundError("No module named 'torch'", name="torch")
        ... except ModuleNotFoundError as error:
        ...     print(error)
        fanwise.torch needs torch, which is not installed. Run: pip install "fanwise[torch]"
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        message = _advice(door, error.name)
        raise ModuleNotFoundError(message, name=error.name, path=error.path) from error


def _advice(door: str, missing: str) -> str:
    install = f'Run: pip install "fanwise[{_EXTRAS[missing]}]"'
    if door == "fanwise.keras" and missing != "keras":
        return (
            f"{door} needs {missing}, the backend that Keras is set to, which is not installed. "
            f"{install}, or set KERAS_BACKEND to one that is: jax, tensorflow or torch"
        )
    return f"{door} needs {missing}, which is not installed. {install}"
