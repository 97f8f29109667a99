"""Where recipes come from: the package, text, a file, or a dict; and their form, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fanwise.spec.documents import read_text, toml_data
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean, letters_of
from fanwise.spec.forms import DataForm
from fanwise.spec.own_files import own_text
from fanwise.spec.registry import schemes
from fanwise.spec.scheme import Scheme

#: The version of the form; a recipe says which it is written in.
VERSION: Final = 1
#: The bytes of the largest recipe.
LARGEST: Final = 1 << 22
FORM: Final = DataForm.of_file("a recipe", "fanwise.spec", "recipe.schema.json")
VARIABLES: Final = replace(FORM, what="the variables", part="variables")


def shipped() -> tuple[str, ...]:
    """Return the names of the recipes that come with Fanwise."""
    from importlib import resources  # slow to import, and only needed to list a folder

    files = resources.files("fanwise.spec").joinpath("recipes").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files))


def data_of(source: object) -> Mapping[str, Any]:
    """Return the data of a recipe, which has the form of one.

    Args:
        source: the name of one that comes with Fanwise, TOML text, the path of a TOML file, or a
            plain dict.

    Raises:
        FanwiseError: for anything else, and for what does not follow the form.
    """
    data = _data(source)
    _check_version(data)
    FORM.check(data)
    if "rule" not in data and "extends" not in data:
        hint = "Write at least one [[rule]], or extends with the name of another recipe."
        received = Phrase(", ".join(map(repr, data)))
        raise FanwiseError("the key 'rule' in a recipe", received, hint)
    return data


def _data(source: object) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        return source
    if isinstance(source, Scheme):
        raise _no_recipe(source.name)
    if not isinstance(source, str | Path):
        raise FanwiseError("a recipe", source, "Pass a name, TOML text, a path, or a dict.")
    if isinstance(source, str) and "\n" in source:
        return toml_data(source, "a recipe")
    if isinstance(source, str) and not source.endswith(".toml"):
        if source not in shipped():
            letters = letters_of(source)
            if letters not in map(letters_of, shipped()):
                for scheme in schemes():
                    if letters_of(scheme) == letters:
                        raise _no_recipe(scheme)
            raise FanwiseError("a recipe", source, did_you_mean(source, shipped()))
        return toml_data(own_text("fanwise.spec", f"recipes/{source}.toml"), "a recipe")
    return toml_data(read_text(source, "a recipe", largest=LARGEST), "a recipe")


def _no_recipe(scheme: str) -> FanwiseError:
    """Say what to write where a scheme was passed for a recipe."""
    hint = (
        "It is a scheme. Pass it to set_initializer, for one layer; for the kernels of a model "
        f'pass {{"fanwise": 1, "rule": [{{"role": "kernel", "init": {scheme!r}}}]}} and '
        'only="**/kernel".'
    )
    return FanwiseError("a recipe", scheme, hint)


def _check_version(data: Mapping[str, Any]) -> None:
    """Raise for a form that is newer than this package: of what else it has, nothing is known."""
    version = data.get("fanwise")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        hint = "It was written for a newer Fanwise: upgrade with pip install -U fanwise."
        raise FanwiseError(f"a recipe of version {VERSION}", version, hint)
