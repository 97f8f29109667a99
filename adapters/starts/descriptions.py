"""The description that stands with the files of a start, read as it is: by nobody it is trusted."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fanwise.adapters.files.faults import broken, explained, quoted
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.held_models import FLAX, KERAS, TORCH
from fanwise.adapters.starts.manifest import NAME, VERSION
from fanwise.adapters.starts.start import CANONICAL, FORMS, StartWeight
from fanwise.adapters.starts.workshop import manifest_beside
from fanwise.spec.axes import checked_shape
from fanwise.spec.errors import FanwiseError
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

_FRAMEWORKS = (TORCH, KERAS, FLAX, "")


@dataclass(frozen=True)
class DescribedTensor:
    """What a description says of one tensor.

    Attributes:
        name: in the file.
        shape, dtype: of it.
        weights: the paths of those that are drawn into it.
        is_copied: whether some of it was copied from a model.
        sha256: of its bytes.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    weights: tuple[str, ...]
    is_copied: bool
    sha256: str

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read what the description has.

        Raises:
            FanwiseError: for data of another form.
        """
        match data:
            case {
                "name": str(name),
                "shape": list(shape),
                "dtype": str(dtype),
                "weights": list(paths),
                "copied": bool(is_copied),
                "sha256": str(sha256),
            } if all(isinstance(path, str) for path in paths):
                return cls(name, checked_shape(shape), dtype, tuple(paths), is_copied, sha256)
        raise broken("what is said of a tensor of a start", "something else")


@dataclass(frozen=True)
class StartDescription:
    """What a description says of a start.

    Attributes:
        recipe, seed: by which it was drawn.
        framework: whose names its tensors have; ``""`` for canonical ones.
        form: ``"names"`` or ``"canonical"``.
        weights: what is known of each.
        tensors: what its files hold.
        ties: further names of tensors, each with the one that it is tied to.
        digest: of the start, as it says.
    """

    recipe: Recipe
    seed: int
    framework: str
    form: str
    weights: tuple[StartWeight, ...]
    tensors: tuple[DescribedTensor, ...]
    ties: Mapping[str, str]
    digest: str

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
    if place.is_file():
        return _read(place)[0]
    earlier = path.with_name(f"{path.stem}.{NAME}")
    if path.is_dir() or not earlier.is_file():
        return None
    description, files = _read(earlier)
    # Files that differ in their suffix alone had one name for it: whose it is, it says itself.
    is_others = path.name not in files and any(p.name in files for p in path.parent.iterdir())
    return None if is_others else description


def _read(place: Path) -> tuple[StartDescription, set[str]]:
    """Return what a file says of a start, and the names of the files that it says it is in."""
    with explained(place, "the description of a start"):
        with contextlib.closing(FileSource(place)) as source:
            data = parsed(source.read(0, min(LONGEST + 1, source.size)), "the description")
        description = _description(data)
        return description, {str(tensor.get("file")) for tensor in data["tensors"]}


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
            "tensors": list(tensors),
            "ties": dict(ties),
            "digest": str(digest),
        } if all(isinstance(name, str) for name in ties.values()):
            if version != VERSION:
                hint = "A newer Fanwise wrote it: upgrade with pip install -U fanwise."
                raise FanwiseError(f"a start of the form {VERSION}", version, hint)
            if framework not in _FRAMEWORKS or form not in FORMS:
                raise broken("a framework and a form", f"{quoted(framework)}, {quoted(form)}")
            read = read_recipe(recipe).with_vars(**variables)
            return StartDescription(
                read,
                seed,
                framework,
                form,
                tuple(map(StartWeight.from_dict, weights)),
                tuple(map(DescribedTensor.from_dict, tensors)),
                ties,
                digest,
            )
    raise broken("what fanwise write says of a start", "something else")
