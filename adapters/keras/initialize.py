"""A whole model from a recipe."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import keras

from fanwise.adapters.engines import Engine, EngineName, checked_engine
from fanwise.adapters.keras.drawing.laid_out import check_agreed_seed
from fanwise.adapters.keras.drawing.streams_in_use import note_stream
from fanwise.adapters.keras.layers.declared import with_starts
from fanwise.adapters.keras.layers.holdings import holding_of
from fanwise.adapters.keras.layers.models import model_weights, other_variables
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.keras.layers.written import storage_problems, write_weights
from fanwise.adapters.missing_weights import missing_paths, settled
from fanwise.adapters.recipes import PlannedWeights, planned_weights, report_row
from fanwise.adapters.summary import Summary
from fanwise.adapters.switches import check_switches
from fanwise.core.keys import checked_seed
from fanwise.spec.plan import Patterns
from fanwise.spec.problems import check_problems
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe
from fanwise.spec.renaming import renamed

_FRAMEWORK: Final = "keras"


def initialize(
    model: keras.layers.Layer,
    recipe: Any,
    *,
    seed: int,
    engine: EngineName = "portable",
    only: Patterns = None,
    exclude: Patterns = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Set all weights of a built model by a recipe.

    The path of a weight is made of the names of the layers, from the model's children on,
    and its role: ``"encoder/attention/query/kernel"``. Names that Keras makes, ``dense_7``, are
    counted within the model: ``dense``, ``dense_1``. A wrapper around one layer has no part
    in the path. A layer at several places is one, under its first path.

    Args:
        model: a model or a layer, functional, sequential or subclassed; built.
        recipe: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a dict of the same form, or a :class:`fanwise.spec.recipe.Recipe`.
        seed: 0 ≤ seed < 2⁶⁴.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            samplers of Keras, each weight under a seed made of this one and its path.
        only: patterns of canonical paths; other weights are left alone.
        exclude: patterns of canonical paths that are left alone.
        missing: what a checkpoint did not bring: variables, their paths, canonical paths, or
            layers by either, all below them. Other weights are left alone; None is all weights.
        dry_run: whether to report everything, problems too, and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`: a row for every weight that is set, and the names of all that is left
        alone: what stays by its rule, ``only``, ``exclude`` or ``missing``, and what else the
        layers keep and do not train. Observed is NaN where nothing was written, or nothing read
        again.

    Raises:
        FanwiseError: where recipe and model do not fit, as where no rule with ``frozen = true``
            is about a layer that does not train; all weights are then untouched.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4, name="head")])
        >>> report = initialize(model, "keras_default", seed=0)
        >>> [row.path for row in report.rows]
        ['head/kernel', 'head/bias']
    """
    check_switches(dry_run=dry_run, report=report)
    weights: Sequence[VariableWeight] = model_weights(model)
    others = other_variables(model, weights)
    chosen = read_recipe(recipe, **variables)
    if missing is not None:
        names = chosen.names.get(_FRAMEWORK, {})
        unset = (*others, *(variable.path for variable in model.variables))
        weights = _settled_weights(missing, weights, names, unset)
    summary = initialize_weights(
        weights,
        chosen,
        seed=checked_seed(seed),
        engine=checked_engine(engine),
        only=only,
        exclude=exclude,
        dry_run=dry_run,
        is_read=report,
    )
    return replace(summary, left_alone=(*summary.left_alone, *others))


def initialize_weights(
    weights: Sequence[VariableWeight],
    recipe: Recipe,
    *,
    seed: Any,
    engine: Engine,
    only: Patterns = None,
    exclude: Patterns = None,
    left_alone: Collection[str] = (),
    dry_run: bool = False,
    is_read: bool = True,
    is_noted: bool = False,
    is_placed: bool = False,
) -> Summary:
    """Set weights by a recipe, all of them or, on an error, none.

    Args:
        weights: all weights of a model, or of a layer under its path.
        recipe: what they start with.
        seed: an integer, or a ``keras.random.SeedGenerator``, which advances for each weight.
        engine: what draws.
        only, exclude, dry_run: as in :func:`initialize`.
        left_alone: roles of the weights that stay as they are.
        is_read: whether every weight is read again, for the report and for later summaries.
        is_noted: whether two of one seed and path are warned of, elsewhere in the process too.
        is_placed: whether the caller has said where the layer is in its model.
    """
    planned = _planned(
        recipe, weights, is_dry=dry_run, only=only, exclude=exclude, left_alone=left_alone
    )
    plans = planned.plans
    problems = (*planned.problems, *storage_problems(plans, engine))
    if not dry_run:
        check_problems(problems)
    if is_read and not dry_run:
        check_agreed_seed((v for stored, _ in plans for v in stored.variables.values()), seed)
    if is_noted:
        for stored, plan in plans:
            law, path = plan.resolved.law, plan.weight.path
            note_stream(law, seed, path, stored.variable, is_path_given=is_placed)
    observed = [math.nan] * len(plans)
    if not dry_run:
        observed = write_weights(weights, plans, seed, engine, is_read=is_read)
    is_held = dry_run and is_read
    rows = (
        report_row(
            plan,
            shape=_shown_shape(stored),
            observed=std,
            holding=holding_of(stored) if is_held else None,
        )
        for (stored, plan), std in zip(plans, observed, strict=True)
    )
    return Summary(tuple(rows), planned.kept, problems)


def _planned(
    recipe: Recipe, weights: Sequence[VariableWeight], *, is_dry: bool, **how: Any
) -> PlannedWeights[VariableWeight]:
    """Match weights to rules, with what layers declare wherever that may count."""
    if not any(rule.is_own for rule in recipe.rules):
        planned = planned_weights(recipe, weights, framework=_FRAMEWORK, is_dry=True, **how)
        if not planned.problems:
            return planned
    # Layers may have to be built a second time: the rule that is lacking may be init = "own".
    return planned_weights(
        recipe,
        with_starts(weights),
        framework=_FRAMEWORK,
        is_dry=is_dry,
        observe=holding_of,
        **how,
    )


def _settled_weights(
    missing: Any,
    weights: Sequence[VariableWeight],
    renames: Mapping[str, str],
    others: Sequence[str],
) -> list[VariableWeight]:
    """Mark the weights that a checkpoint brought, so that they are left alone."""
    called = {
        renamed(stored.weight.path, renames): (
            stored.weight.path,
            *(variable.path for variable in stored.variables.values()),
        )
        for stored in weights
    }
    if isinstance(missing, list | tuple | set | frozenset):
        missing = [v.path if isinstance(v, keras.Variable) else v for v in missing]
    paths = set(missing_paths(missing, called, others))
    keeps = [renamed(stored.weight.path, renames) not in paths for stored in weights]
    return settled(weights, keeps)


def _shown_shape(stored: VariableWeight) -> tuple[int, ...]:
    """Return the shape of the variable, or that of the part of it which the weight is."""
    fills = math.prod(stored.weight.shape) == math.prod(stored.variable.shape)
    return tuple(stored.variable.shape) if fills else stored.weight.shape
