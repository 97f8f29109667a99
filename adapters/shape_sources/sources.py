"""The door: from a path to the weights of a model, of which shapes are known, and maybe values."""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files.faults import broken, explained, quoted
from fanwise.adapters.files.folders import checkpoint_of
from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.opening import open_tensors
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.held_models import checked_framework, framework_of_model
from fanwise.adapters.named_weights import framework_of, named_weights
from fanwise.adapters.shape_sources.configurations import (
    configuration_beside,
    configured_model,
    is_configuration,
    model_beside,
    read_object,
)
from fanwise.adapters.shape_sources.header_files import (
    is_header_file,
    read_header_file,
    read_index_of_headers,
)
from fanwise.adapters.shape_sources.pickled_shapes import looks_pickled, read_pickled_shapes
from fanwise.adapters.shape_sources.shape_lists import read_shape_list
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.spec.errors import FanwiseError

_JSON: Final = ".json"
#: What files end in that may end with their headers, and the index of such files.
_HEADED: Final = (".safetensors", _JSON)
_KERAS_INDEX: Final = ".weights.json"
#: What an index has, and no other JSON.
_MAP: Final = "weight_map"
_HEAD: Final = 64
#: What the cache of the Hugging Face hub has in the folder of a model.
_SNAPSHOTS, _MAIN = "snapshots", "refs/main"


@dataclass(frozen=True)
class ShapeSource:
    """The weights of a model, of which at least the shapes are known.

    Attributes:
        subject: where they are from, in words.
        framework: whose names they have.
        weights: all of them.
        tensors: all tensors of the model or the file, by their names, in its order; reading one
            raises where its shape is all that is known.
        has_layers: whether a model tells what its layers declare.
        note: what a configuration would have told, and why it does not; mostly empty.
    """

    subject: str
    framework: str
    weights: tuple[StoredWeight, ...]
    tensors: Mapping[str, StoredTensor]
    has_layers: bool
    note: str = ""


@contextlib.contextmanager
def opened_shapes(
    path: str | os.PathLike[str], framework: str | None = None, model: Any = None
) -> Iterator[ShapeSource]:
    """Open what says which weights a model has, for as long as they are read.

    Args:
        path: of a checkpoint; of a file of safetensors, or an index of them, that may end with
            their headers; of a configuration of transformers, its folder, or the model's folder in
            the hub's cache; of JSON with shapes by names (see :func:`read_shape_list`); or of a
            pickled ``jax.eval_shape``, which is read as data.
        framework: whose names they are: ``"torch"``, ``"keras"`` or ``"flax"``; None to see it.
        model: whose weights they are, where they are told by names; it may be on meta.

    Raises:
        FanwiseError: for what says no shapes.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder, "shapes.json")
        ...     _ = file.write_text('{"up.weight": [8, 4], "up.bias": [8]}')
        ...     with opened_shapes(file) as source:
        ...         print([(w.weight.path, w.weight.shape) for w in source.weights])
        [('up/kernel', (8, 4)), ('up/bias', (8,))]
    """
    given = None if framework is None else checked_framework(framework)
    place = _in_cache(Path(path))
    if (settings := _configuration_of(place)) is not None:
        yield _configured(*settings)
        return
    with _opened(place) as file:
        if given is None and model is not None:
            given = framework_of_model(model)
        chosen = given or file.framework or framework_of(file.tensors)
        note = ""
        subject = f"{place.name}, {file.format}"
        if model is None:
            model, told = model_beside(place, file.tensors, chosen)
            subject, note = (subject, told) if model is None else (f"{subject}, {told}", "")
        weights = named_weights(file.tensors, chosen, model)
        has_layers = model is not None
        yield ShapeSource(subject, chosen, weights, file.tensors, has_layers=has_layers, note=note)


def _configured(path: Path, data: dict[str, Any]) -> ShapeSource:
    model, name = configured_model(path, data)
    framework = framework_of_model(model) or ""
    reader = importlib.import_module(f"fanwise.adapters.{framework}.stored_weights")
    weights, tensors = reader.weights_and_tensors(model)
    return ShapeSource(f"{path.name}, {name}", framework, weights, tensors, has_layers=True)


def _opened(path: Path) -> TensorFile:
    """Open what has names with shapes: files that may lack values before those that may not."""
    if path.is_file():
        name = path.name.casefold()
        if name.endswith(_KERAS_INDEX):
            return open_tensors(path)
        if name.endswith(_JSON):
            data = read_object(path, strict=True)
            if _MAP in data:
                return read_index_of_headers(path) if _lacks_values(path) else open_tensors(path)
            with explained(path, "names with their shapes"):
                return TensorFile(read_shape_list(data), "shapes")
        if looks_pickled(_head(path)):
            return TensorFile(read_pickled_shapes(path), "pickled shapes", "flax")
        if is_header_file(path):
            return read_header_file(path)
    elif path.is_dir() and not _has_weights(path):
        # Whatever is wrong with it is told where it is no file of headers either.
        checkpoint = checkpoint_of(path)
        is_headed = checkpoint.suffix.casefold() in _HEADED
        return _opened(checkpoint) if is_headed else open_tensors(path)
    return open_tensors(path)


def _configuration_of(path: Path) -> tuple[Path, dict[str, Any]] | None:
    """Return the configuration that a path is of, or that lies in a folder without weights."""
    if path.is_dir():
        place = configuration_beside(path)
        if place is None or _has_weights(path):
            return None
        path = place
    name = path.name.casefold()
    if not path.is_file() or not name.endswith(_JSON) or name.endswith(_KERAS_INDEX):
        return None
    data = read_object(path)
    return (path, data) if is_configuration(data) else None


def _has_weights(folder: Path) -> bool:
    """Tell whether a checkpoint lies beside a configuration: it says more than that does."""
    try:
        with open_tensors(folder):
            return True
    except FanwiseError:
        return False


def _lacks_values(index: Path) -> bool:
    """Tell whether files that an index names end before their tensors do."""
    try:
        with open_tensors(index):
            return False
    except FanwiseError:
        return True


def _in_cache(path: Path) -> Path:
    """Return the snapshot that the folder of a model in the hub's cache stands for."""
    snapshots = path / _SNAPSHOTS
    if not snapshots.is_dir():
        return path
    names = sorted(entry.name for entry in snapshots.iterdir())
    main = path / _MAIN
    wanted = main.read_text("ascii", "replace").strip() if main.is_file() else ""
    if wanted in names:
        return snapshots / wanted
    if len(names) == 1:
        return snapshots / names[0]
    hint = "Pass the folder of one of its snapshots."
    raise broken(f"one snapshot in {quoted(path)}", f"{len(names)}", hint)


def _head(path: Path) -> bytes:
    with contextlib.closing(FileSource(path)) as source:
        return source.read(0, min(_HEAD, source.size))
