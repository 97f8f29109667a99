"""Every public name says what it does, takes, returns and raises, with an example that runs."""

import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.summary import Summary
from fanwise.spec.catalogue import catalogue
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme

#: torch's old names, which say what has taken their place.
OLD_NAMES = fanwise.adapters.torch.initializers.deprecated.__all__
DOORS = (fanwise.torch, fanwise.keras, fanwise.jax)
#: What functions do. A new verb is added here, which takes a look at whether it is one.
VERBS = {
    *(
        "Check",
        "Count",
        "Write",
        "Fill",
        "Find",
        "Judge",
        "Get",
        "List",
        "Look",
        "Make",
        "Read",
        "Return",
    ),
    *("Run", "Sample", "Say", "Set", "Start", "Work"),
}
#: Those of the frameworks, handed on as they are.
FOREIGN = {
    fanwise.keras: {"Initializer", "STFT"},
    fanwise.jax: {"Initializer", "constant", "ones", "zeros"},
}
SECTION = re.compile(r"^(\w+):\n((?:(?: .*)?\n)*)", re.MULTILINE)
ENTRY = re.compile(r"^ {4}([\w*, ]+):", re.MULTILINE)
SCHEMES = {name.replace("_", "") for name in catalogue().entries}


def public_names(module):
    """The names that a module offers, each object under the first of its names."""
    names = dir(module) if module is fanwise else module.__all__
    named: dict[int, tuple[str, object]] = {}
    for name in sorted(names, key=lambda name: (name.islower(), name)):
        value = getattr(module, name)
        if not inspect.ismodule(value) and not isinstance(value, str):
            named.setdefault(id(value), (name, value))
    left_out = {*FOREIGN.get(module, ()), *(OLD_NAMES if module is fanwise.torch else ())}
    return [pair for pair in named.values() if pair[0] not in left_out]


def parameters_of(value):
    """The parameters of a function, or of the constructor of an initializer."""
    skipped = {"self", "cls"}
    return [name for name in inspect.signature(value).parameters if name not in skipped]


def sections_of(docstring):
    """The text of each section, by its title."""
    return dict(SECTION.findall(f"{docstring}\n"))


def lacks(name, value):
    """What the docstring of a public name lacks."""
    docstring = inspect.cleandoc(value.__doc__ or "")
    if inspect.isclass(value):
        return [*_lacks_of_class(value, docstring), *_lacks_of_scheme(name, docstring)]
    sections = sections_of(docstring)
    first = docstring.partition(" ")[0]
    problems = [] if first in VERBS else [f"a verb: {first}"]
    parameters = parameters_of(value)
    problems += _unnamed(parameters, sections.get("Args", ""))
    gives_nothing = inspect.signature(value).return_annotation in (None, "None")
    problems += ["Returns"] if "Returns" not in sections and not gives_nothing else []
    problems += ["Raises"] if parameters and "Raises" not in sections else []
    problems += ["Examples"] if ">>> " not in sections.get("Examples", "") else []
    return [*problems, *_lacks_of_scheme(name, docstring)]


def _lacks_of_class(cls, docstring):
    sections = sections_of(docstring)
    problems = ["Examples"] if ">>> " not in sections.get("Examples", "") else []
    if issubclass(cls, Warning):
        return problems
    if is_dataclass(cls):
        shown = [field.name for field in fields(cls) if field.name[0] != "_"]
        return problems + _unnamed(shown, sections.get("Attributes", ""))
    if issubclass(cls, tuple):
        return problems + _unnamed(cls._fields, sections.get("Attributes", ""))
    problems += _unnamed(parameters_of(cls), sections.get("Args", ""))
    is_error = issubclass(cls, Exception)
    return problems + (["Raises"] if "Raises" not in sections and not is_error else [])


def _lacks_of_scheme(name, docstring):
    is_scheme = name.lower().replace("_", "") in SCHEMES
    return ["References"] if is_scheme and "References" not in sections_of(docstring) else []


def _unnamed(parameters, section):
    named = {word.strip(" *") for entry in ENTRY.findall(section) for word in entry.split(",")}
    return [f"argument {name}" for name in parameters if name not in named]


@pytest.mark.parametrize("module", [fanwise, *DOORS], ids=lambda module: module.__name__)
def test_every_public_name_is_told_whole(module):
    named = public_names(module)
    assert len(named) > 15
    problems = {name: lacks(name, value) for name, value in named}
    assert {name: missing for name, missing in problems.items() if missing} == {}


@pytest.mark.parametrize("name", OLD_NAMES)
def test_an_old_name_says_the_new_one(name):
    assert f":func:`{name}_`" in getattr(fanwise.torch, name).__doc__


METHODS = [
    *(Scheme.law, Scheme.std, Scheme.to_dict, Scheme.replace, Scheme.named),
    *(Recipe.with_vars, Recipe.to_dict, Recipe.to_toml, Summary.to_dict, ModelPaths.to_dict),
]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__qualname__)
def test_what_a_value_does_is_told_whole(method):
    assert lacks("", method) == []


def bare(tensor, std):
    """Normal numbers.

    Args:
        tensor: what to fill.
    """


class Bare:
    """A value.

    Args:
        other: of no use.
    """

    def __init__(self, value):
        self.value = value


def test_the_check_sees_what_is_missing():
    missing = ["a verb: Normal", "argument std", "Returns", "Raises", "Examples", "References"]
    assert lacks("normal_", bare) == missing
    assert lacks("bare", bare) == missing[:-1]
    assert lacks("Bare", Bare) == ["Examples", "argument value", "Raises"]
    assert lacks("HeNormal", Bare)[-1] == "References"


def test_the_base_package_lists_its_names_and_nothing_else():
    foreign = {"Any", "TYPE_CHECKING", "core", "spec"}
    assert not foreign & {*dir(fanwise)}
    assert {"audit", "recipe", "recipes", "jax", "keras", "torch"} <= {*dir(fanwise)}
    assert all(hasattr(fanwise, name) for name in dir(fanwise))


@pytest.mark.parametrize("module", [fanwise, *DOORS], ids=lambda module: module.__name__)
def test_a_door_says_what_it_is_with_an_example(module):
    assert ">>> " in sections_of(module.__doc__)["Examples"]


@pytest.mark.parametrize("module", DOORS, ids=lambda module: module.__name__)
def test_editors_are_told_the_whole_by_the_stub(module):
    stub = Path(module.__file__).with_suffix(".pyi").read_text("utf-8")
    names = [name for name in module.__all__ if f"def {name}(" in stub]
    assert len(names) > 5
    for name in names:
        last = inspect.getdoc(getattr(module, name)).splitlines()[-1].strip()
        assert last in stub, name


def test_the_stub_says_that_old_names_are_deprecated():
    stub = Path(fanwise.torch.__file__).with_suffix(".pyi").read_text("utf-8")
    assert [n for n in OLD_NAMES if f'@deprecated("Use {n}_.")\ndef {n}(' not in stub] == []
