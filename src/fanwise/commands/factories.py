"""Functions of the user's own modules, named on the command line: they are imported, and run."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fanwise.adapters.foreign_code import foreign_code
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

#: Builds a model.
Factory = Callable[..., Any]


def factory_of(target: str) -> Factory:
    """Import a function, from the current folder before anywhere else.

    Args:
        target: ``"package.module:function"``; or an attribute of a class, ``"module:Model.small"``.

    Raises:
        FanwiseError: where there is none, or where the module cannot be imported.
    """
    module_name, _, names = target.partition(":")
    if not module_name or not names:
        hint = "Write e.g. my_project.models:small."
        raise FanwiseError("a function as package.module:function", target, hint)
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    hint = "See that Python imports it from this folder."
    with _users_code(f"a module {module_name!r} that can be imported", hint):
        found: Any = importlib.import_module(module_name)
    for name in names.split("."):
        if not hasattr(found, name):
            hint = did_you_mean(name, (other for other in dir(found) if other[0] != "_"))
            raise FanwiseError(f"a function that {module_name} has", names, hint)
        found = getattr(found, name)
    if not callable(found):
        raise FanwiseError(f"a function as {target}", found, "Name one that builds the model.")
    factory: Factory = found
    return factory


def built_by(factory: Factory) -> Any:
    """Call a function that builds a model.

    Raises:
        FanwiseError: for whatever it raises.
    """
    name = getattr(factory, "__qualname__", type(factory).__qualname__)
    with _users_code(f"a function {name} that builds a model", "Call it by itself to see why."):
        return factory()


@contextlib.contextmanager
def users_output(expected: str, hint: str) -> Iterator[None]:
    """Run what calls code of the user's: what that prints goes to the standard error.

    Args:
        expected, hint: of the error for code that ends the program.

    Raises:
        FanwiseError: for that.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except SystemExit as error:
        raise FanwiseError(expected, Phrase(f"SystemExit: {error.code}"), hint) from error


@contextlib.contextmanager
def _users_code(expected: str, hint: str) -> Iterator[None]:
    """Run code of the user's; whatever it raises is told as an error of its own."""
    with users_output(expected, hint), foreign_code(expected, hint):
        yield
