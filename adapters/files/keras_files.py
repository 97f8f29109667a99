"""Files of Keras: ``.weights.h5``, ``.keras``, and the HDF5 files of Keras 2.

A weights file numbers the variables of a layer, ``"layers/dense/vars/0"``, and says what the layer
is called; so each tensor has the path of the variable, ``"encoder/dense_1/kernel"``, as an alias.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files.archives import Archive
from fanwise.adapters.files.faults import broken
from fanwise.adapters.files.hdf5 import H5Entry, entries_of
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.keras_variables import variable_names
from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.shards import MOST_SHARDS, inside
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.stored_weights import StoredTensor

_WEIGHTS: Final = "model.weights.h5"
_CONFIG: Final = "config.json"
_VARIABLES: Final = "vars"
_OPTIMIZER: Final = "optimizer"
_OLD_WEIGHTS: Final = "model_weights"
#: A layer's class and settings, by its name.
Layers = Mapping[str, tuple[str, Mapping[str, Any]]]


def is_keras_archive(archive: Archive) -> bool:
    """Whether an archive is what ``model.save`` of Keras 3 writes."""
    return _WEIGHTS in archive.members and _CONFIG in archive.members


def read_keras_archive(archive: Archive) -> TensorFile:
    """Find the variables of a model in its ``.keras`` file."""
    config = parsed(archive.content(_CONFIG, LONGEST), "the configuration", strict=False)
    return read_h5(archive.open(_WEIGHTS), "keras", _layers_in(config))


def read_h5(source: Bytes, form: str = "h5", layers: Layers | None = None) -> TensorFile:
    """Find the tensors of a file of HDF5.

    Args:
        source: the bytes of the file.
        form: what the format is called.
        layers: the classes of the layers, where they are known.
    """
    entries = entries_of(source)
    tensors = _of_keras_3(entries, layers or {}) or _of_keras_2(entries)
    framework = "keras" if tensors else ""
    if not tensors:
        tensors = {entry.tensor.name: entry.tensor for entry in entries if entry.tensor}
    if not tensors:
        raise broken("tensors", "a file of HDF5 without any", "Save the weights of the model.")
    return TensorFile(tensors, form, framework)


def read_keras_shards(
    index: Mapping[str, Any], folder: Path, open_file: Callable[[Path], Bytes]
) -> TensorFile:
    """Find the variables of a model whose weights were saved in several files.

    Args:
        index: of a ``.weights.json``, as it is read.
        folder: that it lies in.
        open_file: opens one of the files.
    """
    places = index.get("weight_map")
    names = list(places.values()) if isinstance(places, dict) else []
    flat = [name for entry in names for name in (entry if isinstance(entry, list) else [entry])]
    shards = dict.fromkeys(name if isinstance(name, str) else "" for name in flat)
    if not 0 < len(shards) <= MOST_SHARDS:
        raise broken(f"the names of at most {MOST_SHARDS} files as 'weight_map'", f"{len(shards)}")
    entries = [entry for name in shards for entry in entries_of(open_file(inside(folder, name)))]
    tensors = _of_keras_3(entries, {})
    if not tensors:
        raise broken("the variables of a model of Keras", "none")
    return TensorFile(tensors, "h5", "keras")


def _of_keras_3(entries: Iterable[H5Entry], layers: Layers) -> dict[str, StoredTensor]:
    """Name the variables that lie in a group ``vars`` of each layer."""
    variables: dict[tuple[str, ...], list[tuple[int, StoredTensor]]] = defaultdict(list)
    titles: dict[tuple[str, ...], str] = {}
    for entry in entries:
        if entry.path[:1] == (_OPTIMIZER,):
            continue
        if entry.path[-1:] == (_VARIABLES,) and entry.tensor is None:
            titles[entry.path[:-1]] = entry.title
        elif entry.path[-2:-1] == (_VARIABLES,) and entry.tensor and entry.path[-1].isdecimal():
            variables[entry.path[:-2]].append((int(entry.path[-1]), entry.tensor))
    tensors: dict[str, StoredTensor] = {}
    for place, numbered in variables.items():
        for path, tensor in _named(place, numbered, titles, layers):
            tensors[tensor.name] = replace(tensor, aliases=(path,))
    return tensors


def _named(
    place: tuple[str, ...],
    numbered: list[tuple[int, StoredTensor]],
    titles: Mapping[tuple[str, ...], str],
    layers: Layers,
) -> Iterable[tuple[str, StoredTensor]]:
    """Name the variables of one layer, by those that it lies in and its own class."""
    tensors = [tensor for _, tensor in sorted(numbered, key=lambda pair: pair[0])]
    title = titles.get(place, "")
    # The model itself stands before no path, as in those of a functional model.
    above = [place[:depth] for depth in range(1, len(place) + 1) if place[:depth] in titles]
    path = [titles[layer] or layer[-1] for layer in above]
    kind, settings = layers.get(title, ("", None))
    hints = [kind, *place[-1:], title] if kind else [*place[-1:], title]
    names = variable_names(hints, [tensor.shape for tensor in tensors], settings)
    for name, tensor in zip(names, tensors, strict=True):
        yield "/".join((*path, name)), tensor


def _of_keras_2(entries: list[H5Entry]) -> dict[str, StoredTensor]:
    """Name the variables as the older files do: in a group for each layer, by their paths."""
    groups = {entry.path: entry.attributes for entry in entries if entry.tensor is None}
    within = (_OLD_WEIGHTS,) if (_OLD_WEIGHTS,) in groups else ()
    if not groups[within] & {"layer_names", "layer_names0"}:
        return {}
    depth = len(within) + 1
    tensors = {}
    for entry in entries:
        if entry.tensor and entry.path[: len(within)] == within and len(entry.path) > depth:
            name = "/".join(entry.path[depth:]).removesuffix(":0")
            unique = entry.tensor.name if name in tensors else name
            tensors[unique] = replace(entry.tensor, name=unique)
    return tensors


def _layers_in(config: Any) -> Layers:
    """Find the class and the settings of every layer in the configuration of a model."""
    layers: dict[str, tuple[str, Mapping[str, Any]]] = {}
    waiting = [config]
    while waiting:
        match waiting.pop():
            case {"class_name": str() as kind, "config": {"name": str() as name, **settings}}:
                layers.setdefault(name, (kind, {str(k): v for k, v in settings.items()}))
                waiting += settings.values()
            case dict() as other:
                waiting += other.values()
            case list() as several:
                waiting += several
    return layers
