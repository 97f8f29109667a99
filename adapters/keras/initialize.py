"""A whole model from a recipe."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import keras
import numpy as np

from fanwise.adapters.keras.drawing.portable import available
from fanwise.adapters.keras.initializers.base import dtype_name
from fanwise.adapters.keras.layers.description import Array, Part
from fanwise.adapters.keras.layers.models import collected
from fanwise.adapters.summary import Row, Summary
from fanwise.core import sampler
from fanwise.core.dtypes import format_of
from fanwise.core.keys import checked_seed, path_counter
from fanwise.core.structured import check
from fanwise.spec import globs
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Structured
from fanwise.spec.plan import Patterns, Planned, plan
from fanwise.spec.recipe import recipe as read

Work = tuple[Planned, Part]


def initialize(
    model: Any,
    recipe: Any,
    *,
    seed: int,
    only: Patterns = None,
    exclude: Patterns = None,
    dry_run: bool = False,
    **variables: float | str,
) -> Summary:
    """Set all weights of a built model by a recipe.

    The path of a weight is made of the names of the layers, from the model's children on,
    and its role: ``"encoder/attention/query/kernel"``. Give layers names of their own: those
    that Keras gives, ``dense_7``, count the layers of the process. A wrapper around one
    layer has no part in the path. A layer at several places is one, under its first path.

    Args:
        model: a model or a layer, functional, sequential or subclassed; built.
        recipe: a recipe, the name of one that comes with Fanwise, TOML, a path, or a dict.
        seed: 0 ≤ seed < 2⁶⁴.
        only: patterns of canonical paths; other weights are left alone.
        exclude: patterns of canonical paths that are left alone.
        dry_run: only tell what would be done.
        variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`: a row for every weight that is set.

    Raises:
        FanwiseError: where recipe and model do not fit; all weights are then untouched.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4, name="head")])
        >>> found = initialize(model, "keras_default", seed=0)
        >>> [row.path for row in found.rows]
        ['head/kernel', 'head/bias']
    """
    chosen, seed = read(recipe, **variables), checked_seed(seed)
    found = collected(model)
    weights = [part.weight(path) for path, part in found]
    planned = plan(chosen, weights, framework="keras", only=only, exclude=exclude)
    names = dict(chosen.names.get("keras", {}))
    places = {globs.renamed(path, names): part for path, part in found}
    work = [(one, places[one.weight.path]) for one in planned]
    for one, part in work:
        _check(one, part)
    if dry_run:
        return Summary(tuple(_row(one, part, math.nan) for one, part in work))
    rows: list[Row] = []
    for _, pieces in groupby(work, lambda item: id(item[1].variable)):
        rows += _set(list(pieces), seed)
    return Summary(tuple(rows))


def _check(planned: Planned, part: Part) -> None:
    """Raise what drawing would."""
    weight = planned.weight
    try:
        path_counter(weight.path)
        law = planned.resolved.law
        if isinstance(law, Structured):
            check(law)
        for variable in (part.variable, *(variable for variable, _ in part.followers)):
            format_of(_dtype(variable))
    except FanwiseError as error:
        raise error.within(f"{weight.path} cannot be set") from error


def _set(pieces: Sequence[Work], seed: int) -> list[Row]:
    """Draw the weights that one variable holds, and write it."""
    variable = pieces[0][1].variable
    shape, dtype = tuple(variable.shape), available(_dtype(variable))
    rows, stored = [], None
    for one, part in pieces:
        weight = one.weight
        drawn = sampler.draw(one.resolved, seed=seed, path=weight.path, dtype=dtype)
        if stored is None:
            whole = sum(math.prod(piece.weight.shape) for piece, _ in pieces) == math.prod(shape)
            stored = np.empty(shape, drawn.dtype) if whole else _values(variable, drawn.dtype)
        part.put(stored, drawn)
        rows.append(
            _row(one, part, float(drawn.astype(np.float64).std()) if drawn.size else math.nan)
        )
    assert stored is not None
    _assign(variable, stored)
    for _, part in pieces:
        for follower, of in part.followers:
            _assign(follower, of(stored))
    return rows


def _values(variable: Any, dtype: np.dtype[Any]) -> Array:
    value = variable.value
    if _dtype(variable) == "bfloat16":
        value = keras.ops.cast(value, "float32")
    # Not convert_to_numpy, which warns on some backends under NumPy 2.
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value).astype(dtype)


def _assign(variable: Any, values: Array) -> None:
    # A variable that is spread over devices stays so: assigning keeps its layout.
    variable.assign(keras.ops.convert_to_tensor(values, dtype=_dtype(variable)))


def _dtype(variable: Any) -> str:
    return dtype_name(variable.dtype)


def _row(planned: Planned, part: Part, observed: float) -> Row:
    weight = planned.weight
    fans = weight.fans if weight.beside is None else None
    size = math.prod(weight.shape)
    whole = size == math.prod(part.variable.shape)
    return Row(
        path=weight.path,
        shape=tuple(part.variable.shape) if whole else weight.shape,
        scheme=planned.scheme.name,
        fan_in=None if fans is None else fans.fan_in,
        fan_out=None if fans is None else fans.fan_out,
        expected=planned.std if size else None,
        observed=observed,
        parameters=size,
        role=weight.role,
        kind=weight.kind,
        rule=planned.rule,
    )
