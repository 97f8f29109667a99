"""The weights of a Keras model, with their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras

from fanwise.adapters.keras.layers.declared import with_starts
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.keras.layers.saved_names import saved_names
from fanwise.adapters.keras.layers.stored_variables import (
    is_in_recipe_form,
    recipe_tensor,
    stored_variable,
    stored_variables,
)
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.spec.roles import ROLES


def stored_weights(model: keras.layers.Layer, *, declared: bool = True) -> tuple[StoredWeight, ...]:
    """List the weights of a model as the rules of a recipe see them, with their values.

    Values are read when they are asked for, in blocks. A weight has the shape that recipes see:
    heads, say, are outputs of one matrix.

    Args:
        model: a model or a layer; built.
        declared: whether to find what layers declare that their weights start with.

    Returns:
        The rows of :func:`fanwise.keras.paths`, with the paths of Keras's variables.

    Raises:
        FanwiseError: for anything but a built model.

    Examples:
        >>> import keras
        >>> dense = keras.layers.Dense(1, kernel_initializer="ones", name="head")
        >>> model = keras.Sequential([keras.Input((2,)), dense], name="net")
        >>> kernel, _ = stored_weights(model)
        >>> kernel.weight.path, kernel.names, kernel.values().tolist()
        ('head/kernel', ('net/head/kernel',), [[1.0], [1.0]])
    """
    weights: Sequence[VariableWeight] = model_weights(model)
    names = saved_names(model)
    if declared:
        weights = with_starts(weights)
    return tuple(_stored_weight(stored, names) for stored in weights)


def stored_tensors(variables: Iterable[Any]) -> dict[str, StoredTensor]:
    """Describe variables, such as ``model.weights``, of which any block can be read.

    Args:
        variables: of a model.

    Returns:
        The variables by their paths.
    """
    return {variable.path: stored_variable(variable) for variable in variables}


def _stored_weight(stored: VariableWeight, names: Mapping[int, str]) -> StoredWeight:
    """Describe one weight of a model with its values."""
    if is_in_recipe_form(stored):
        held = stored_variables(stored.variables, names)
        return StoredWeight(stored.weight, stored.description, held)
    path = stored.description.path
    kind = stored.description.kind if path.rpartition("/")[2] in ROLES else PARAMETER
    whole = LayerWeight(
        stored.description.parameter, path, stored.weight.axes, kind, stored.weight.groups
    )
    return StoredWeight(stored.weight, whole, {whole.parameter: recipe_tensor(stored, names)})
