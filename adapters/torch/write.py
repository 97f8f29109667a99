"""A start of a torch model, written into files without setting the model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from fanwise.adapters.progress import Progress, show_nothing
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.sizes import SHARD_SIZE
from fanwise.adapters.starts.start import NAMES, ModelStart
from fanwise.adapters.starts.writing import write_start
from fanwise.adapters.starts.written import Written
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.adapters.torch.layers.state_names import extra_state_names
from fanwise.adapters.torch.stored_weights import weights_and_tensors
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

_FRAMEWORK: Final = "torch"


@uncompiled
def write(
    model: nn.Module,
    recipe: Recipe | str | Path | Mapping[str, Any],
    *,
    seed: int,
    to: str | os.PathLike[str] | None = None,
    format: str | None = None,  # noqa: A002 (what it is called elsewhere)
    form: str = NAMES,
    dtype: str | torch.dtype | None = None,
    shard_size: int | str = SHARD_SIZE,
    digest_only: bool = False,
    progress: Progress = show_nothing,
    **variables: float | str,
) -> Written:
    """Write what a model starts with by a recipe into files, and leave the model as it is.

    The bytes are those that ``initialize`` would set and ``state_dict`` give, drawn block by
    block: memory does not grow with the model, which may be on the meta device. What the recipe
    does not set is copied from the model. Files are written beside their place and renamed when
    they are complete; a call that was ended is finished by the same call. Only weights that are
    made as a whole, such as orthogonal ones, take memory of their size, one at a time per core.

    Args:
        model: any module.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴.
        to: a folder; or a file whose suffix says its format, ``.safetensors`` or ``.npz``.
            Beside the tensors stands ``start.json``, with a SHA-256 of each.
        format: ``"safetensors"``, ``"npz"``, ``"dcp"`` or ``"orbax"``; None for what ``to`` says,
            or else safetensors, in files and with the index that transformers loads.
        form: ``"names"``, those of ``state_dict``; or ``"canonical"``: weights alone, under
            canonical paths, with their axes in canonical order, the same bytes from any framework.
        dtype: of all floats, such as ``"bfloat16"`` or ``torch.bfloat16``; None for the model's
            own, or float32 in the canonical form.
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
        >>> from torch import nn
        >>> model = nn.Linear(6, 4, device="meta")
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> written = write(model, {"fanwise": 1, "rule": rules}, seed=0, digest_only=True)
        >>> sorted(written.tensors), written.elements
        (['bias', 'weight'], 28)
    """
    # As NumPy calls a dtype of torch's; what is none is refused where all of them are.
    name = DTYPES.get(dtype, str(dtype)) if isinstance(dtype, torch.dtype) else dtype
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
    model: nn.Module, recipe: Recipe, *, seed: int, form: str = NAMES, dtype: str | None = None
) -> ModelStart:
    """Work out what a recipe makes of a model, before anything is drawn.

    Args:
        model, recipe, seed, form, dtype: as in :func:`write`.
    """
    weights, tensors = weights_and_tensors(model)
    return planned_start(
        recipe,
        weights,
        tensors,
        seed=seed,
        framework=_FRAMEWORK,
        form=form,
        dtype=dtype,
        left_out=extra_state_names(model),
        array_of=torch.from_numpy,
    )
