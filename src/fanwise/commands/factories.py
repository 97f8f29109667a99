"""Functions of the user's own modules, named on the command line: they are imported, and run."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.held_models import FLAX, checked_framework, framework_of_model
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

#: The doors of the frameworks, by what recipes call these.
_DOORS: Final = {"torch": "torch", "keras": "keras", FLAX: "jax"}
_REQUIRED: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)

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
    with users_code(f"a module {module_name!r} that can be imported", hint):
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
    with users_code(f"a function {name} that builds a model", "Call it by itself to see why."):
        return factory()


def door_of(factory: Factory, framework: str | None) -> Any:
    """Return the door of the framework whose models a function builds.

    Args:
        factory: the function; one that needs an argument, such as a key, is JAX's.
        framework: the framework; None to see it from a model that the function builds.

    Raises:
        FanwiseError: for a framework that is none, and for what is no model.
    """
    if framework is not None:
        chosen = checked_framework(framework)
    elif _needs_argument(factory):
        chosen = FLAX
    else:
        model = built_by(factory)
        seen = framework_of_model(model)
        if seen is None:
            received = Phrase(f"an object of class {type(model).__qualname__}")
            hint = "Name a function that returns the model; or say whose it is, by --framework."
            raise FanwiseError("a model of torch, Keras or JAX", received, hint)
        chosen = seen
    return importlib.import_module(f"fanwise.{_DOORS[chosen]}")


def _needs_argument(factory: Factory) -> bool:
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(p.default is p.empty and p.kind in _REQUIRED for p in parameters)


@contextlib.contextmanager
def users_code(expected: str, hint: str) -> Iterator[None]:
    """Run code of the user's: its errors are told, and what it prints goes to the standard error.

    Args:
        expected, hint: of the error.

    Raises:
        FanwiseError: for whatever it raises; a module that ends the program raises too.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr), foreign_code(expected, hint):
            yield
    except SystemExit as error:
        raise FanwiseError(expected, Phrase(f"SystemExit: {error.code}"), hint) from error
