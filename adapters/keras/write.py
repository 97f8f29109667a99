"""A start of a Keras model, written into files without setting the model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from fanwise.adapters.keras.stored_weights import stored_tensors, stored_weights
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.sizes import SHARD_SIZE
from fanwise.adapters.starts.start import NAMES, ModelStart
from fanwise.adapters.starts.writing import write_start
from fanwise.adapters.starts.written import Written
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

_FRAMEWORK: Final = "keras"


def write(
    model: keras.layers.Layer,
    recipe: Recipe | str | Path | Mapping[str, Any],
    *,
    seed: int,
    to: str | os.PathLike[str] | None = None,
    format: str | None = None,  # noqa: A002 (what it is called elsewhere)
    form: str = NAMES,
    dtype: Any = None,
    shard_size: int | str = SHARD_SIZE,
    digest_only: bool = False,
    progress: Progress = show_nothing,
    **variables: float | str,
) -> Written:
    """Write what a model starts with by a recipe into files, and leave the model as it is.

    The bytes are those that ``initialize`` would set, drawn block by block: memory does not grow
    with the model. What the recipe
    does not set is copied from the model. Files are written beside their place and renamed when
    they are complete; a call that was ended is finished by the same call. Only weights that are
    made as a whole, such as orthogonal ones, take memory of their size, one at a time per core.

    Args:
        model: a model or a layer; built.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴.
        to: a folder; or a file whose suffix says its format, ``.safetensors`` or ``.npz``.
            Beside the tensors stands ``start.json``, with a SHA-256 of each.
        format: ``"safetensors"``, ``"npz"``, ``"dcp"`` or ``"orbax"``; None for what ``to`` says,
            or else safetensors, in files and with the index that transformers loads.
        form: ``"names"``, the paths of the variables; or ``"canonical"``: weights alone, under
            canonical paths, with their axes in canonical order, the same bytes from any framework.
        dtype: of all floats, such as ``"bfloat16"`` or the backend's own; None for the model's,
            or float32 in the canonical form.
        shard_size: the most bytes of tensors in one file of a folder: a number, or ``"5GB"``.
        digest_only: whether to draw and hash all, and write nothing.
        progress: called with the bytes that are done, all bytes, and a title.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Written`: the digest, that of each tensor, and the files; ``str`` of it tells.

    Raises:
        FanwiseError: for a recipe that does not fit the model; for what is neither drawn nor
            copied, since the model has no values, or computes it; for a target that is there
            already, is being written, or was begun with something else. Nothing is changed then.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(4, name="head")])
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> written = write(
        ...     model, {"fanwise": 1, "rule": rules}, seed=0, form="canonical", digest_only=True
        ... )
        >>> sorted(written.tensors), written.elements
        (['head/bias', 'head/kernel'], 28)
    """
    name = _name_of(dtype)
    start = start_of(model, read_recipe(recipe, **variables), seed=seed, form=form, dtype=name)
    return write_start(
        start,
        to,
        format=format,
        shard_size=shard_size,
        digest_only=digest_only,
        progress=progress,
    )


def start_of(
    model: keras.layers.Layer,
    recipe: Recipe,
    *,
    seed: int,
    form: str = NAMES,
    dtype: str | None = None,
) -> ModelStart:
    """Work out what a recipe makes of a model, before anything is drawn.

    Args:
        model, recipe, seed, form, dtype: as in :func:`write`.
    """
    weights = stored_weights(model)
    return planned_start(
        recipe,
        weights,
        _file_tensors(model),
        seed=seed,
        framework=_FRAMEWORK,
        form=form,
        dtype=dtype,
    )


def _name_of(dtype: Any) -> Any:
    """Return how Keras calls a dtype of a backend; what is none is refused with all others."""
    if dtype is None or isinstance(dtype, str | type | np.dtype):
        return dtype
    try:
        return keras.backend.standardize_dtype(dtype)
    except (TypeError, ValueError):
        return dtype


def _file_tensors(model: keras.layers.Layer) -> dict[str, StoredTensor]:
    """List the variables that a file of the model holds, by their paths."""
    variables = {id(variable): variable for variable in model.weights}
    tensors = stored_tensors(variables.values())
    if len(tensors) < len(variables):
        paths = [variable.path for variable in variables.values()]
        (twice, *_) = [path for path in tensors if paths.count(path) > 1]
        hint = "Give the layers names of their own, or pass form='canonical'."
        raise FanwiseError("a path of its own for each variable", Phrase(f"{twice} twice"), hint)
    return tensors
