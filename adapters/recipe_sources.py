"""The models of other libraries that recipes are judged by, as recipe_sources.toml lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib import metadata, util
from typing import Any, Final

from fanwise.spec.documents import toml_data
from fanwise.spec.forms import DataForm
from fanwise.spec.globs import matches
from fanwise.spec.own_files import own_text

_FORM: Final = DataForm.of_file(
    "recipe_sources.toml", "fanwise.adapters", "recipe_sources.schema.json"
)
#: The version of a library that is not there.
NOT_INSTALLED: Final = "not installed"


@dataclass(frozen=True, kw_only=True)
class RecipeSource:
    """One model of a library whose start a recipe gives.

    Attributes:
        recipe: the name of the recipe.
        adapter: the adapter that judges it; ``*`` stands for any part of the name.
        library: the package that defines the model, by the name that it is installed by.
        model: the name of the class or function that makes it.
        config: what the model is made with: few layers, each wide enough for a sample.
        vars: the variables of the recipe at which it is this model's.
        case: what tells it from others of its class.
        only: a pattern of the paths that are judged; what is small needs many models, and is
            left to one that has no large weights beside it.
    """

    recipe: str
    adapter: str
    library: str
    model: str
    config: Mapping[str, Any] = field(default_factory=dict)
    vars: Mapping[str, Any] = field(default_factory=dict)
    case: str = ""
    only: str = "**"

    @property
    def module(self) -> str:
        """The name that the library is imported by."""
        return self.library.replace("-", "_")

    @property
    def installed(self) -> bool:
        """Whether the library is there; it is not imported."""
        return util.find_spec(self.module) is not None

    def judges(self, path: str) -> bool:
        """Whether a weight is among those that are judged, by its path."""
        return matches(self.only, path)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.recipe, "of", self.library, self.model, self.case)))


@cache
def recipe_sources() -> tuple[RecipeSource, ...]:
    """Return every source that is listed.

    Raises:
        FanwiseError: for an entry that does not follow the form.
    """
    text = own_text("fanwise.adapters", "recipe_sources.toml")
    data = toml_data(text, "recipe_sources.toml")
    _FORM.check(data)
    return tuple(RecipeSource(**entry) for entry in data["source"])


def sources_of(adapter: str) -> tuple[RecipeSource, ...]:
    """Return the sources that an adapter judges, by its name."""
    return tuple(s for s in recipe_sources() if fnmatchcase(adapter, s.adapter))


def library_versions(adapter: str) -> dict[str, str]:
    """Return the version of each library that an adapter's sources need, or that it is absent."""
    sources = {source.library: source for source in sources_of(adapter)}
    return {library: _version(source) for library, source in sorted(sources.items())}


def _version(source: RecipeSource) -> str:
    if not source.installed:
        return NOT_INSTALLED
    try:
        return metadata.version(source.library)
    except metadata.PackageNotFoundError:  # a folder of modules
        return "a copy"
