"""A start of a JAX model, written into files without setting the model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jax

from fanwise.adapters.jax.layers.held_starts import with_held_starts
from fanwise.adapters.jax.layers.model_arrays import ModelArrays
from fanwise.adapters.jax.layers.requests import is_linen
from fanwise.adapters.jax.layers.stored_arrays import stored_array
from fanwise.adapters.jax.layers.trees import DescribeLeaf
from fanwise.adapters.jax.stored_weights import held_arrays, weights_of_arrays
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.sizes import SHARD_SIZE
from fanwise.adapters.starts.start import NAMES, ModelStart
from fanwise.adapters.starts.writing import write_start
from fanwise.adapters.starts.written import Written
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

_FRAMEWORK: Final = "flax"


def write(
    model: Any,
    recipe: Recipe | str | Path | Mapping[str, Any],
    *,
    seed: int,
    to: str | os.PathLike[str] | None = None,
    format: str | None = None,  # noqa: A002 (what it is called elsewhere)
    form: str = NAMES,
    dtype: str | None = None,
    shard_size: int | str = SHARD_SIZE,
    digest_only: bool = False,
    progress: Progress = show_nothing,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: DescribeLeaf | None = None,
    **variables: float | str,
) -> Written:
    """Write what a model starts with by a recipe into files, and leave the model as it is.

    The bytes are those that ``initialize`` would set, drawn block by block: memory does not grow
    with the model, which may be abstract, of ``jax.eval_shape`` or ``nnx.eval_shape``. What the
    recipe does not set is copied from the model. Files are written beside their place and renamed
    when they are complete; a call that was ended is finished by the same call. Only weights that
    are made as a whole, such as orthogonal ones, take memory of their size, one at a time per core.

    Args:
        model: a linen module, an nnx model, or another pytree, as in :func:`initialize`.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴.
        to: a folder; or a file whose suffix says its format, ``.safetensors`` or ``.npz``.
            Beside the tensors stands ``start.json``, with a SHA-256 of each.
        format: ``"safetensors"``, ``"npz"``, ``"dcp"`` or ``"orbax"``; None for what ``to`` says,
            or else safetensors, in files and with the index that transformers loads.
        form: ``"names"``, the places of the arrays, joined by ``/``; or ``"canonical"``: weights
            alone, under canonical paths, with their axes in canonical order, the same bytes from
            any framework.
        dtype: of all floats, such as ``"bfloat16"``; None for the model's own, or float32 in the
            canonical form.
        shard_size: the most bytes of tensors in one file of a folder: a number, or ``"5GB"``.
        digest_only: whether to draw and hash all, and write nothing.
        progress: called with the bytes that are done, all bytes, and a title.
        inputs, keywords, method, values: of a linen module, as in :func:`initialize`.
        describe: of a pytree, as in :func:`initialize`.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Written`: the digest, that of each tensor, and the files; ``str`` of it tells.

    Raises:
        FanwiseError: for a recipe that does not fit the model; for what is neither drawn nor
            copied, since the model has no values, or computes it; for a target that is there
            already, is being written, or was begun with something else. Nothing is changed then.

    Examples:
        >>> import jax
        >>> tree = {"head": {"kernel": jax.ShapeDtypeStruct((6, 4), "float32")}}
        >>> rules = [{"role": "kernel", "init": "he_normal"}]
        >>> written = write(tree, {"fanwise": 1, "rule": rules}, seed=0, digest_only=True)
        >>> sorted(written.tensors), written.elements
        (['head/kernel'], 24)
    """
    how = {"inputs": inputs, "keywords": keywords, "method": method, "values": values}
    start = start_of(
        model,
        read_recipe(recipe, **variables),
        seed=seed,
        form=form,
        dtype=dtype,
        describe=describe,
        **how,
    )
    return write_start(
        start,
        to,
        format=format,
        shard_size=shard_size,
        digest_only=digest_only,
        progress=progress,
    )


def start_of(
    model: Any,
    recipe: Recipe,
    *,
    seed: int,
    form: str = NAMES,
    dtype: str | None = None,
    **how: Any,
) -> ModelStart:
    """Work out what a recipe makes of a model, before anything is drawn.

    Args:
        model, recipe, seed, form, dtype: as in :func:`write`.
        **how: what else that takes of a linen module or a pytree.
    """
    arrays, held = held_arrays(model, **how)
    if not is_linen(model):
        arrays = with_held_starts(arrays, recipe, _FRAMEWORK)
    tensors, left_out = _file_tensors(arrays, held)
    return planned_start(
        recipe,
        weights_of_arrays(arrays, held),
        tensors,
        seed=seed,
        framework=_FRAMEWORK,
        form=form,
        dtype=dtype,
        left_out=left_out,
    )


def _file_tensors(
    arrays: ModelArrays, held: Mapping[int, Any]
) -> tuple[dict[str, StoredTensor], tuple[str, ...]]:
    """List the arrays that a file of the model holds, by their names, and what it leaves out.

    Left out are keys of random numbers, and of an abstract model what is no weight.
    """
    owned = {key for stored in arrays.weights for key, _ in stored.blocks}
    tensors, left_out = {}, []
    for key, (name, *_) in arrays.names.items():
        if key in owned or (key in arrays.values and not _is_key(arrays.values[key])):
            tensors[name] = stored_array(name, held[key])
        else:
            left_out.append(name)
    return tensors, tuple(left_out)


def _is_key(value: Any) -> bool:
    return bool(jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key))
