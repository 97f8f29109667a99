"""The weights of a Keras model, with their schemes and fans."""

from __future__ import annotations

import math

import keras

from fanwise.adapters.keras.drawing.records import moments_of, recall
from fanwise.adapters.keras.drawing.transfer import host_array, is_whole_here
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.recipe_forms import get
from fanwise.adapters.summary import STATISTICS, Summary, SummaryRow
from fanwise.core.moments import Moments


def summary(model: keras.layers.Layer) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation.

    A weight that is used at several places is one row, under its first path. A scheme is shown
    where :func:`fanwise.keras.initialize`, with its report, or :func:`set_initializer` has set the
    weight, and as long as it has the values that were drawn: not after a step of training.
    Of a weight of which other processes have a part neither it nor the deviation is known.

    Args:
        model: a model or a layer; built.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a built model.

    Examples:
        >>> import keras
        >>> summary(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])).parameters
        8
    """
    rows = (_row(s) for s in model_weights(model) if s.weight.role not in STATISTICS)
    return Summary(tuple(rows))


def _row(stored: VariableWeight) -> SummaryRow:
    weight, description = stored.weight, stored.description
    moments = Moments()
    if all(map(is_whole_here, stored.variables.values())):
        values = {name: host_array(variable) for name, variable in stored.variables.items()}
        moments = moments_of(get(values, description))
    known = recall(stored.variable, description.path, moments)
    fans = weight.fans if weight.beside is None and weight.kind != PARAMETER else None
    size = math.prod(weight.shape)
    return SummaryRow(
        path=weight.path,
        shape=stored.shape,
        scheme=None if known is None else known.planned.scheme.name,
        fan_in=None if fans is None else fans.fan_in,
        fan_out=None if fans is None else fans.fan_out,
        expected=None if known is None or not size else known.planned.std,
        observed=moments.std,
        parameters=size,
    )
