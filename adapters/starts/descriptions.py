"""The description that stands with the files of a start, read as it is: by nobody it is trusted."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanwise.adapters.files.faults import broken, explained, quoted
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.held_models import FLAX, KERAS, TORCH
from fanwise.adapters.starts.manifest import NAME, VERSION
from fanwise.adapters.starts.start import CANONICAL, FORMS, StartWeight
from fanwise.adapters.starts.workshop import manifest_beside
from fanwise.spec.errors import FanwiseError
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

_FRAMEWORKS = (TORCH, KERAS, FLAX, "")


@dataclass(frozen=True)
class StartDescription:
    """What a description says of a start.

    Attributes:
        recipe, seed: by which it was drawn.
        framework: whose names its tensors have; ``""`` for canonical ones.
        form: ``"names"`` or ``"canonical"``.
        weights: what is known of each.
    """

    recipe: Recipe
    seed: int
    framework: str
    form: str
    weights: tuple[StartWeight, ...]

    @property
    def is_canonical(self) -> bool:
        """Whether the tensors have canonical paths for names."""
        return self.form == CANONICAL


def description_of(path: Path) -> StartDescription | None:
    """Read the description of a start.

    Args:
        path: of its folder, or of its one file.

    Returns:
        None where no description stands there.

    Raises:
        FanwiseError: for one that is damaged, or of a newer form.
    """
    place = path / NAME if path.is_dir() else manifest_beside(path, NAME)
    if not place.is_file():
        return None
    with explained(place, "the description of a start"):
        with contextlib.closing(FileSource(place)) as source:
            data = parsed(source.read(0, min(LONGEST + 1, source.size)), "the description")
        return _description(data)


def _description(data: Mapping[str, Any]) -> StartDescription:
    match data:
        case {
            "fanwise_start": int(version),
            "seed": int(seed),
            "recipe": str(recipe),
            "variables": dict(variables),
            "framework": str(framework),
            "form": str(form),
            "weights": list(weights),
        }:
            if version != VERSION:
                hint = "A newer Fanwise wrote it: upgrade with pip install -U fanwise."
                raise FanwiseError(f"a start of the form {VERSION}", version, hint)
            if framework not in _FRAMEWORKS or form not in FORMS:
                raise broken("a framework and a form", f"{quoted(framework)}, {quoted(form)}")
            read = read_recipe(recipe).with_vars(**variables)
            return StartDescription(
                read, seed, framework, form, tuple(map(StartWeight.from_dict, weights))
            )
    raise broken("what fanwise write says of a start", "something else")
