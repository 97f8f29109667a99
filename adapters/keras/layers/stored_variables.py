"""The values of Keras's variables, block by block, as NumPy has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.layer_weights import Index, LayerWeight
from fanwise.adapters.recipe_forms import get
from fanwise.adapters.stored_weights import StoredTensor, numpy_numbers
from fanwise.spec.axes import layout


def stored_variable(variable: Any) -> StoredTensor:
    """Describe a variable, of which any block can be read.

    Args:
        variable: of a layer; built.
    """
    name, value = variable.path, getattr(variable, "value", variable)
    match keras.config.backend():
        case "torch":
            from fanwise.adapters.torch.layers.stored_tensors import stored_tensor

            return stored_tensor(name, value)
        case "jax":
            from fanwise.adapters.jax.layers.stored_arrays import stored_array

            return stored_array(name, value)
    dtype = keras.backend.standardize_dtype(variable.dtype)
    return StoredTensor(name, tuple(variable.shape), dtype, partial(_read, value))


def recipe_tensor(stored: VariableWeight, names: Mapping[int, str]) -> StoredTensor:
    """Describe a weight that its layer stores in another form than recipes see it in.

    Of heads, say, or of a depthwise kernel a block is not one of the stored array; the whole is
    read, which on the host copies nothing but what is transposed.

    Args:
        stored: the weight.
        names: what files call its variables, by their ids.
    """
    held = stored_variables(stored.variables, names)
    return _arranged(stored.description, stored.weight.shape, held)


def stored_variables(
    variables: Mapping[str, Any], names: Mapping[int, str]
) -> dict[str, StoredTensor]:
    """Describe variables, with what they are called in files.

    Args:
        variables: by their names in their layer.
        names: what files call them, by their ids.
    """
    return {
        name: replace(
            stored_variable(variable),
            aliases=tuple(names[key] for key in (id(variable),) if key in names),
        )
        for name, variable in variables.items()
    }


def _arranged(
    description: LayerWeight, shape: tuple[int, ...], held: Mapping[str, StoredTensor]
) -> StoredTensor:
    """Describe a weight in the form that recipes see it in, of what its layer stores."""
    name = ", ".join(tensor.name for tensor in held.values())

    def read(index: Index) -> NDArray[Any]:
        values = {key: np.asarray(tensor.read(())) for key, tensor in held.items()}
        canonical = get(values, description)
        return numpy_numbers(np.asarray(canonical).reshape(shape)[index])

    (first, *_) = held.values()
    again = partial(_arranged, description, shape)
    return StoredTensor(
        name, shape, first.dtype, read, sources=held, arrange=again, placing=description
    )


def is_in_recipe_form(stored: VariableWeight) -> bool:
    """Tell whether a weight is stored as recipes see it.

    Args:
        stored: the weight.
    """
    weight = stored.weight
    there = layout(stored.shape, stored.description.axes)
    here = layout(weight.shape, weight.axes)
    return stored.shape == weight.shape and there.roles == here.roles


def _read(value: Any, index: Index) -> NDArray[Any]:
    """Read a block of a variable of TensorFlow."""
    return numpy_numbers((value[index] if index else value).numpy())
