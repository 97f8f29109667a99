"""Checkpoints of the architectures: their tensors by name, and audits of these."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

import fanwise
from audits.architectures import Architecture, architecture

Tensors = dict[str, np.ndarray]
#: How the weights are handed over: in a model, as a state dict or a pytree, or in a file.
Via = Literal["model", "state", "file", "file alone"]
#: Who drew the right values beneath a fault.
Start = Literal["fanwise", "library"]


def right(name: str, start: Start, seed: int, dtype: str = "float32") -> Tensors:
    """Return the tensors of a model as its library, or Fanwise, has started it.

    Args:
        name: of the architecture.
        start: who starts it.
        seed: by which; that of a library is cut to what all of them take.
        dtype: of a model of torch: its start is drawn, or stored, in it.
    """
    chosen = architecture(name)
    model = chosen.build(seed % (1 << 31) if start == "library" else 0)
    if dtype != "float32":
        import torch

        model.to(getattr(torch, dtype))
    if start == "fanwise":
        initialize(chosen, model, seed)
    return tensors_of(chosen, model)


_kept = cache(right)


def started(name: str, start: Start, seed: int) -> Tensors:
    """Return the tensors of a right checkpoint, kept for the next fault, to change at will."""
    return {key: values.copy() for key, values in _kept(name, start, seed).items()}


def initialize(chosen: Architecture, model: Any, seed: int) -> None:
    """Start a model by its recipe."""
    if chosen.framework == "torch":
        import fanwise.torch as door
    elif chosen.framework == "keras":
        import fanwise.keras as door
    else:
        import fanwise.jax as door
    door.initialize(model, chosen.recipe, seed=seed, **chosen.variables)


def tensors_of(chosen: Architecture, model: Any) -> Tensors:
    """Copy the tensors out of a model, under the names that its framework gives them."""
    if chosen.framework == "torch":
        return {key: _array(value) for key, value in model.state_dict().items()}
    if chosen.framework == "keras":
        from fanwise.adapters.keras.drawing.transfer import host_array

        return {v.path: np.array(host_array(v)) for v in model.weights}
    from flax import nnx

    leaves = nnx.to_flat_state(nnx.state(model, nnx.Param))
    return {_name(path): np.array(leaf[...]) for path, leaf in leaves}


def put(chosen: Architecture, model: Any, tensors: Tensors) -> Any:
    """Put tensors into a model."""
    if chosen.framework == "torch":
        model.load_state_dict(
            {key: _tensor(values) for key, values in tensors.items()}, assign=True
        )
        if hasattr(model, "tie_weights"):
            model.tie_weights()
    elif chosen.framework == "keras":
        for variable in model.weights:
            variable.assign(tensors[variable.path])
    else:
        import jax.numpy as jnp
        from flax import nnx

        paths = [path for path, _ in nnx.to_flat_state(nnx.state(model, nnx.Param))]
        state = [(path, jnp.asarray(tensors[_name(path)])) for path in paths]
        nnx.update(model, nnx.from_flat_state(state))
    return model


def audited(
    name: str,
    tensors: Tensors,
    *,
    via: Via = "model",
    recipe: bool = True,
    seed: int | None = None,
    start: Start = "fanwise",
) -> Any:
    """Audit a checkpoint.

    Args:
        name: of the architecture.
        tensors: of the checkpoint.
        via: how it is handed over; ``"file alone"`` says nothing of its model.
        recipe: whether it is held to its recipe.
        seed: to hold its bits to.
        start: by whose variables the recipe is read.
    """
    chosen = architecture(name)
    variables = chosen.variables if start == "fanwise" else chosen.library
    options = {"recipe": chosen.recipe, **(variables or {})} if recipe else {}
    if seed is not None:
        options["seed"] = seed
    if via == "model":
        return fanwise.audit(put(chosen, chosen.build(0), tensors), **options)
    if via == "state":
        state = tensors
        if chosen.framework == "torch":
            state = {key: _tensor(values) for key, values in tensors.items()}
        return fanwise.audit(state, framework=chosen.framework, model=chosen.build(0), **options)
    with tempfile.TemporaryDirectory() as folder:
        file = _written(chosen, tensors, Path(folder))
        model = chosen.build(0) if via == "file" else None
        return fanwise.audit(file, framework=chosen.framework, model=model, **options)


def _written(chosen: Architecture, tensors: Tensors, folder: Path) -> Path:
    if chosen.framework == "torch":
        from safetensors.torch import save_file

        file = folder / "model.safetensors"
        save_file({key: _tensor(values).contiguous() for key, values in tensors.items()}, file)
    elif chosen.framework == "keras":
        file = folder / "model.weights.h5"
        put(chosen, chosen.build(0), tensors).save_weights(file)
    else:
        file = folder / "model.npz"
        np.savez(file, **{key.replace(".", "/"): values for key, values in tensors.items()})
    return file


def _array(tensor: Any) -> np.ndarray:
    import ml_dtypes
    import torch

    if tensor.dtype == torch.bfloat16:
        return tensor.view(torch.int16).numpy().copy().view(ml_dtypes.bfloat16)
    return tensor.numpy().copy()


def _tensor(values: np.ndarray) -> Any:
    import torch

    if values.dtype.name == "bfloat16":
        return torch.from_numpy(values.view(np.int16).copy()).view(torch.bfloat16)
    return torch.from_numpy(values.copy())


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path))
