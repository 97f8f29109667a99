"""From the weights of a model and a recipe to the tensors of a start."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fanwise.adapters.recipes import PlannedWeights, check_settable, planned_weights
from fanwise.adapters.starts.canonical_form import (
    DTYPE,
    copied_tensor,
    drawn_tensor,
    is_of_one_framework,
    start_weight,
)
from fanwise.adapters.starts.named_form import ArrayOf, NamedTensors
from fanwise.adapters.starts.placed_weights import PlacedWeight
from fanwise.adapters.starts.start import CANONICAL, FORMS, NAMES, ModelStart, StartWeight
from fanwise.adapters.starts.weight_blocks import is_copyable
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.core.dtypes import NAMES as DRAWN
from fanwise.core.dtypes import format_of
from fanwise.core.keys import checked_seed
from fanwise.core.sampler import check_law
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.plan import Planned
from fanwise.spec.problems import Problem, check_problems
from fanwise.spec.recipe import Recipe
from fanwise.spec.renaming import renamed

#: How many names an error lists.
_NAMED = 10


def planned_start(
    recipe: Recipe,
    weights: Sequence[StoredWeight],
    tensors: Mapping[str, StoredTensor],
    *,
    seed: int,
    framework: str,
    form: str = NAMES,
    dtype: str | None = None,
    left_out: Iterable[str] = (),
    array_of: ArrayOf = np.asarray,
) -> ModelStart:
    """Work out what a recipe makes of a model, before anything is drawn.

    Args:
        recipe: with its variables.
        weights: all weights of the model, with their values where it has any.
        tensors: all that a file of it holds, by the names that the model has for them, in its
            order; each once, with its further names as aliases.
        seed: 0 ≤ seed < 2⁶⁴.
        framework: whose ``[names]`` make the paths canonical.
        form: ``"names"``, of the model; or ``"canonical"``, weights alone.
        dtype: of all floats; None for those of the model, or float32 in the canonical form.
        left_out: what else the model has, which no file holds.
        array_of: makes an array of NumPy into what the functions of its layers take.

    Raises:
        FanwiseError: as :func:`fanwise.adapters.recipes.planned_weights` does; for what can neither
            be drawn nor copied; for what is no seed, form or dtype.

    Examples:
        >>> import numpy as np
        >>> from fanwise.adapters.named_weights import named_weights
        >>> from fanwise.spec.recipe import recipe
        >>> held = {"up.weight": StoredTensor.of("up.weight", np.zeros((8, 4), np.float32))}
        >>> rules = recipe({"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]})
        >>> start = planned_start(rules, named_weights(held), held, seed=0, framework="torch")
        >>> [(tensor.name, tensor.paths, tensor.nbytes) for tensor in start.tensors]
        [('up.weight', ('up/kernel',), 128)]
    """
    seed = checked_seed(seed)
    if form not in FORMS:
        hint = did_you_mean(str(form), FORMS) or "Leave it out for the names of the model."
        raise FanwiseError("form to be 'names' or 'canonical'", form, hint)
    chosen = None if dtype is None else format_of(dtype).name
    planned = planned_weights(recipe, weights, framework=framework)
    request = _Request(recipe, seed, framework, chosen)
    if form == CANONICAL:
        return _canonical(planned, weights, request)
    start = _named(planned, tensors, request, array_of)
    return replace(start, left_out=tuple(left_out))


@dataclass(frozen=True)
class _Request:
    """What is asked for: see :func:`planned_start`."""

    recipe: Recipe
    seed: int
    framework: str
    dtype: str | None

    def dtype_of(self, tensor: StoredTensor) -> str:
        """Return the dtype that a tensor has under its own name."""
        is_float = tensor.dtype in DRAWN or tensor.dtype.startswith("float")
        return self.dtype if self.dtype is not None and is_float else tensor.dtype


def _named(
    planned: PlannedWeights[StoredWeight],
    tensors: Mapping[str, StoredTensor],
    request: _Request,
    array_of: ArrayOf,
) -> ModelStart:
    dtype_of = request.dtype_of
    rows: list[StartWeight] = []
    problems: list[Problem] = []
    named = NamedTensors(tensors, dtype_of, array_of)
    for stored, plan in planned.plans:
        try:
            placed = PlacedWeight.of(stored)
            _check(plan, dtype_of(placed.first))
        except FanwiseError as error:
            problems.append(_problem(error, plan))
            continue
        names = named.names_of(placed)
        if names:
            named.add(placed, plan, request.seed)
            weight, scheme = plan.weight, plan.scheme.to_dict()
            row = start_weight(weight, weight.shape, weight.axes, names, scheme, plan.rule)
            rows.append(replace(row, zero_row=stored.description.zero_row, batch=placed.batch))
    copies = list(named.copied())
    problems += _uncopied((tensor.name, tensor, dtype_of(tensor)) for tensor in copies)
    check_problems(problems)
    ties = {alias: name for name, tensor in tensors.items() for alias in tensor.aliases}
    ties = {alias: name for alias, name in ties.items() if alias not in tensors}
    return ModelStart(
        named.finished(), tuple(rows), request.recipe, request.seed, NAMES, request.framework, ties
    )


def _canonical(
    planned: PlannedWeights[StoredWeight], weights: Sequence[StoredWeight], request: _Request
) -> ModelStart:
    chosen = request.dtype or DTYPE
    problems: list[Problem] = []
    pairs, left_out = [], []
    for stored, plan in planned.plans:
        if is_of_one_framework(plan):
            left_out.append(plan.weight.path)
            continue
        try:
            PlacedWeight.of(stored)
            _check(plan, chosen)
        except FanwiseError as error:
            problems.append(_problem(error, plan))
        else:
            pairs.append(drawn_tensor(stored, plan, request.seed, chosen))
    kept = _kept(planned, weights, request.recipe.names.get(request.framework, {}))
    problems += _uncopied(
        (stored.weight.path, tensor, chosen)
        for stored in kept
        for tensor in stored.tensors.values()
    )
    check_problems(problems)
    pairs += [copied_tensor(stored, chosen) for stored in kept]
    pairs.sort(key=lambda pair: pair[0].name)
    return ModelStart(
        tuple(tensor for tensor, _ in pairs),
        tuple(row for _, row in pairs),
        request.recipe,
        request.seed,
        CANONICAL,
        framework="",
        left_out=tuple(left_out),
    )


def _check(planned: Planned, dtype: str) -> None:
    """Raise for a weight that cannot be drawn in its dtype."""

    def check_dtype() -> None:
        if dtype not in DRAWN:
            hint = "Pass dtype=, or leave the weight to a rule that keeps it."
            raise FanwiseError(f"a dtype of {', '.join(DRAWN)}", dtype, hint)
        check_law(planned.resolved.law, dtype, planned.weight.path)

    check_settable(planned, check_dtype)


def _problem(error: FanwiseError, planned: Planned) -> Problem:
    path = planned.weight.path
    context = f"{path} cannot be written"
    return Problem("obstacle", error.within(context), (path,))


def _uncopied(tensors: Iterable[tuple[str, StoredTensor, str]]) -> Iterator[Problem]:
    """Give a problem for all tensors without values to copy, and one for those of other numbers."""
    others: dict[str, str] = {}
    failures: dict[str, FanwiseError] = {}
    for name, tensor, dtype in tensors:
        if not (is_copyable(tensor.dtype) and is_copyable(dtype)):
            others.setdefault(name, tensor.dtype)
            continue
        try:
            _check_readable(tensor)
        except FanwiseError as error:
            failures.setdefault(name, error)
    if failures:
        (first, *_) = failures.values()
        expected = "values of all that the recipe does not set, to be copied"
        hint = "Pass a model that holds them, or let a rule of the recipe set them."
        received = Phrase(f"none of {_listed(failures)}, but {first.received}")
        yield Problem("obstacle", FanwiseError(expected, received, hint), tuple(failures))
    if others:
        hint = "Leave it out of the model, convert it, or set the model by initialize and save it."
        received = Phrase(f"{', '.join(dict.fromkeys(others.values()))} in {_listed(others)}")
        refusal = FanwiseError("numbers that can be copied as they are", received, hint)
        yield Problem("obstacle", refusal, tuple(others))


def _listed(names: Collection[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join([*names][:_NAMED])}{more}"


def _check_readable(tensor: StoredTensor) -> None:
    # Of an empty tensor there is nothing to hold.
    if math.prod(tensor.shape):
        tensor.read(tuple(slice(0, 1) for _ in tensor.shape))


def _kept(
    planned: PlannedWeights[StoredWeight],
    weights: Sequence[StoredWeight],
    names: Mapping[str, str],
) -> list[StoredWeight]:
    """Return the weights that stay as they are, under their canonical paths."""
    by_path = {renamed(stored.weight.path, dict(names)): stored for stored in weights}
    cut = {stored.weight.path: stored for stored in (*planned.staying, *planned.allowed)}
    kept = []
    for path in dict.fromkeys(planned.kept):
        stored = by_path.get(path) or cut.get(path)
        if stored is not None:
            kept.append(replace(stored, weight=replace(stored.weight, path=path)))
    return kept
