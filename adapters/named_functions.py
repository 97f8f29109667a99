"""Functions of the user's own modules, named by texts: they are imported, and run."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from fanwise.adapters.foreign_code import foreign_code
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

#: What the name of a file of Python ends in.
_SOURCE: Final = ".py"
#: Builds a model.
Factory = Callable[..., Any]


def factory_of(target: str) -> Factory:
    """Import a function, from the current folder before anywhere else.

    Args:
        target: ``"package.module:function"``, or ``"folder/file.py:function"``; or an attribute of
            a class, ``"module:Model.small"``.

    Raises:
        FanwiseError: where there is none, or where the module cannot be imported.
    """
    module_name, _, names = target.rpartition(":")
    if not module_name or not names or "/" in names or names.endswith(_SOURCE):
        hint = "Write e.g. my_project.models:small, or models.py:small."
        raise FanwiseError("a function as package.module:function", target, hint)
    is_file = module_name.endswith(_SOURCE) or "/" in module_name
    found: Any = _module_of_file(Path(module_name)) if is_file else _module(module_name)
    for name in names.split("."):
        if not hasattr(found, name):
            hint = did_you_mean(name, (other for other in dir(found) if other[0] != "_"))
            raise FanwiseError(f"a function that {module_name} has", names, hint)
        found = getattr(found, name)
    if not callable(found):
        raise FanwiseError(f"a function as {target}", found, "Name one that builds the model.")
    factory: Factory = found
    return factory


def _module(name: str) -> ModuleType:
    """Import a module by its name."""
    _import_from(Path.cwd())
    hint = "See that Python imports it from this folder."
    with users_code(f"a module {name!r} that can be imported", hint):
        return importlib.import_module(name)


def _module_of_file(file: Path) -> ModuleType:
    """Import a file as Python does a script: what lies beside it can be imported by it."""
    if not file.is_file():
        hint = "Check the path." if file.suffix == _SOURCE else "Write e.g. folder/models.py:small."
        raise FanwiseError("a file of Python that is there", str(file), hint)
    _import_from(file.resolve().parent)
    hint = "Run it by itself to see why."
    with users_code(f"a file {file.name!r} that can be imported", hint):
        known = sys.modules.get(file.stem)
        origin = getattr(known, "__file__", None)
        if known is not None and origin is not None and Path(origin).resolve() == file.resolve():
            return known
        # One of the name of a module that is there must not take its place.
        name = file.stem if known is None else f"{file.stem}_py"
        spec = importlib.util.spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            raise FanwiseError("a file of Python", str(file), f"Its name ends in {_SOURCE}.")
        module = importlib.util.module_from_spec(spec)
        # Classes of it are looked for by the name of their module.
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
        return module


def _import_from(folder: Path) -> None:
    """Let Python look for modules in a folder before anywhere else."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def built_by(factory: Factory) -> Any:
    """Call a function that builds a model.

    Raises:
        FanwiseError: for whatever it raises.
    """
    name = getattr(factory, "__qualname__", type(factory).__qualname__)
    with users_code(f"a function {name} that builds a model", "Call it by itself to see why."):
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
        with contextlib.redirect_stdout(sys.stderr), _processes_output():
            yield
    except (Exception, KeyboardInterrupt):
        raise
    except BaseException as error:  # what ends the program, or a test
        received = Phrase(f"{type(error).__name__}: {error}")
        raise FanwiseError(expected, received, hint) from error


@contextlib.contextmanager
def _processes_output() -> Iterator[None]:
    """Send to the standard error what is written below Python too, such as by other processes."""
    try:
        saved = os.dup(1)
    except OSError:  # closed
        yield
        return
    try:
        _flush_output()
        with contextlib.suppress(OSError):
            os.dup2(2, 1)
        yield
    finally:
        _flush_output()
        os.dup2(saved, 1)
        os.close(saved)


def _flush_output() -> None:
    for stream in (sys.__stdout__, sys.stdout):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()


@contextlib.contextmanager
def users_code(expected: str, hint: str) -> Iterator[None]:
    """Run code of the user's; whatever it raises is told as an error of its own.

    Args:
        expected, hint: of that error.

    Raises:
        FanwiseError: for what it raises, or where it ends the program.
    """
    with users_output(expected, hint), foreign_code(expected, hint):
        yield
