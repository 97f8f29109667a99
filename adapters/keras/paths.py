"""A Keras model as a recipe sees it."""

from __future__ import annotations

import keras

from fanwise.adapters.keras.layers.declared import with_starts
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.model_paths import ModelPaths, path_row


def paths(model: keras.layers.Layer) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: a model or a layer; built.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape, axes,
        whether it trains, and what its layer declares that it starts with; ``str`` of it is a
        table.

    Raises:
        FanwiseError: for anything but a built model.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="head")])
        >>> [(row.path, row.own) for row in paths(model).rows]
        [('head/kernel', "scheme('glorot_uniform')"), ('head/bias', "scheme('zeros')")]
    """
    return ModelPaths(
        tuple(
            path_row(stored.weight, tuple(v.path for v in stored.variables.values()))
            for stored in with_starts(model_weights(model))
        )
    )
