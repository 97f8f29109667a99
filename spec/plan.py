"""A plan: which scheme each weight of a model gets by a recipe, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fanwise.spec import globs
from fanwise.spec.axes import layout, with_batches_as
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES
from fanwise.spec.plan_checks import (
    misfits,
    obstacles,
    same_paths,
    some,
    unnamed_lora,
    unruled,
    untranslated,
    unused_names,
    unused_rules,
)
from fanwise.spec.problems import Problem, check_problems
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import entry_of, scheme
from fanwise.spec.renaming import renamed
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.roles import IMPLICIT, PARAMETER, role_of
from fanwise.spec.rule_finder import RuleFinder
from fanwise.spec.rules import Rule
from fanwise.spec.scheme import Scheme
from fanwise.spec.splits import parts_of, split_of
from fanwise.spec.weight_groups import Observe
from fanwise.spec.weights import Weight

Patterns = str | Sequence[str] | None


@dataclass(frozen=True)
class Planned:
    """A weight, and the scheme that it gets.

    Attributes:
        weight: the weight; its axes say what its rule counts its batches as.
        resolved: its scheme, with the weight's groups and fan, worked out for its shape.
        rule: the number of the rule, from 1; 0 for what starts so by itself.
    """

    weight: Weight
    resolved: Resolved
    rule: int

    @property
    def scheme(self) -> Scheme:
        """The scheme that it gets."""
        return self.resolved.scheme

    @property
    def std(self) -> float:
        """The standard deviation that the scheme gives it."""
        return self.resolved.law.std


@dataclass(frozen=True)
class RecipePlan:
    """What a recipe does to a model.

    Attributes:
        planned: the weights that are set, each with its scheme.
        kept: those that stay as they are: by their rule, by ``unmatched``, by ``only`` and
            ``exclude``, or because they are settled.
        staying: of those that are kept, the ones that their rule or their layer keeps.
        allowed: of those that are kept, the ones that no rule fits, as ``unmatched`` allows.
        excluded: of those that are kept, the ones that do not train and that ``exclude`` names.
        problems: what keeps the plan from being carried out.
        weights: all weights, under their canonical paths.
    """

    planned: tuple[Planned, ...]
    kept: tuple[Weight, ...] = ()
    staying: tuple[Weight, ...] = ()
    allowed: tuple[Weight, ...] = ()
    excluded: tuple[Weight, ...] = ()
    problems: tuple[Problem, ...] = ()
    weights: tuple[Weight, ...] = ()


def plan(
    recipe: Recipe,
    weights: Iterable[Weight],
    *,
    framework: str = "",
    only: Patterns = None,
    exclude: Patterns = None,
    is_dry: bool = False,
    observe: Observe | None = None,
) -> RecipePlan:
    """Find the rule of every weight.

    Args:
        recipe: the recipe.
        weights: all weights of the model, under their own paths.
        framework: whose ``[names]`` make the paths canonical; a weight without a role that is
            known has the one that its new name says.
        only, exclude: patterns of canonical paths; other weights, or these, are left alone.
        is_dry: whether to return problems, rather than to raise them.
        observe: says what a weight holds now, for reports; None where that is not known.

    Raises:
        FanwiseError: for a pattern that fits nothing; and with all that is wrong as its
            ``problems``: weights that no rule fits, rules that fit no weight, two weights of one
            path, schemes that do not go with their weights, weights that cannot be set.
    """
    given = list(weights)
    names = dict(recipe.names.get(framework, {}))
    every = [_renamed(weight, names) for weight in given] if names else given
    finder = RuleFinder(recipe, framework, [weight.path for weight in every])
    problems: list[Problem] = []
    if any(split_of(rule.axes) for rule in recipe.rules):
        paths = [weight.path for weight in every]
        every = [part for weight in every for part in _divided(finder, weight, problems)]
        paths = list(dict.fromkeys([*paths, *(weight.path for weight in every)]))
        finder = RuleFinder(recipe, framework, paths)
    ruled = [(weight, finder.number_of(weight)) for weight in every]
    only_paths = _kept([weight.path for weight in every], only, exclude)
    only_paths -= {weight.path for weight in every if weight.is_settled}
    chosen = [(weight, number) for weight, number in ruled if weight.path in only_paths]
    free = [weight for weight, number in chosen if number is None]
    allowed = [w for w in free if any(globs.matches(p, w.path) for p in recipe.unmatched)]
    staying = [
        weight for weight, number in chosen if number and _stays(weight, finder.rule(number))
    ]
    kept = [*allowed, *staying]
    kept_paths = {weight.path for weight in kept}
    # What cannot be set is told as that, with a rule or without one.
    free = [w for w in free if w.path not in kept_paths and w.obstacle is None]
    taken = [pair for pair in chosen if pair[1] is not None and pair[0].path not in kept_paths]
    about = [number for pair in ruled for number in finder.numbers_about(*pair)]
    about += [*finder.overruled(every), *finder.of_other_frameworks()]
    problems += [
        *unused_names(recipe, framework, [weight.path for weight in given]),
        *same_paths(weight.path for weight in every),
        *obstacles([weight for weight, _ in chosen if weight.path not in kept_paths]),
        *unused_rules(recipe, about, ruled),
        *unruled(free, observe),
        *untranslated(taken, recipe),
        *unnamed_lora(recipe, [(weight.path, number) for weight, number in taken]),
    ]
    untold = {path for problem in problems if problem.kind == "own" for path in problem.paths}
    planned, failures = [], []
    known: dict[tuple[object, ...], Scheme] = {}
    for weight, number in taken:
        if number is None or weight.path in untold or weight.obstacle is not None:
            continue
        try:
            planned.append(_planned(finder, weight, number, known))
        except FanwiseError as error:
            failures.append((weight, number, error))
    problems += misfits(recipe, failures)
    if not is_dry:
        check_problems(problems)
    outside = [weight for weight in every if weight.path not in only_paths]
    excluded = [w for w in outside if only is None and not w.trains and not w.is_settled]
    return RecipePlan(
        tuple(planned),
        kept=(*kept, *outside),
        staying=tuple(staying),
        allowed=tuple(allowed),
        excluded=tuple(excluded),
        problems=tuple(problems),
        weights=tuple(every),
    )


def _stays(weight: Weight, rule: Rule) -> bool:
    """Tell whether a weight stays as it is by its rule, or by what its layer declares."""
    return rule.keeps or (rule.is_own and weight.own is not None and weight.own.keeps)


def _renamed(weight: Weight, names: dict[str, str]) -> Weight:
    path = renamed(weight.path, names)
    ties = tuple(renamed(tie, names) for tie in weight.ties)
    weight = replace(weight, ties=ties)
    if path == weight.path:
        return weight
    told = role_of(path, len(weight.shape))
    # A name that is given tells more than one that was read.
    guessed = weight.kind == PARAMETER or weight.guess or not weight.role
    return replace(weight, path=path, role=told if guessed and told else weight.role)


def _divided(finder: RuleFinder, weight: Weight, problems: list[Problem]) -> tuple[Weight, ...]:
    """Return the parts that the rule of a weight divides it into, or the weight."""
    number = finder.number_of(weight)
    axes = finder.rule(number).axes if number else None
    if not number or axes is None or split_of(axes) is None:
        return (weight,)
    try:
        return tuple(parts_of(weight, axes, number))
    except FanwiseError as error:
        rule = finder.rule(number)
        within = error.within(f"{weight.path} cannot be divided by rule {number}, {rule}")
        problems.append(Problem("scheme", within, (weight.path,), number))
        return (weight,)


def _planned(
    finder: RuleFinder, weight: Weight, number: int, known: dict[tuple[object, ...], Scheme]
) -> Planned:
    """Give a weight its scheme, one for all weights to which a rule gives the same numbers."""
    if number == 0:
        implicit = scheme(IMPLICIT[weight.role])
        return Planned(weight, resolve(implicit, weight.shape, weight.axes), 0)
    rule = finder.rule(number)
    if weight.part is not None and weight.part.rule != number and split_of(rule.axes) is not None:
        hint = "Divide the whole at once, with all of the names in one pair of parentheses."
        expected = f"a weight that is no part, since {weight.part.whole} has been divided"
        raise FanwiseError(expected, rule.axes, hint)
    weight = _with_axes(weight, rule)
    batch = rule.batch
    if rule.is_own and weight.own is not None:
        batch = weight.own.batch
    if batch is not None and weight.beside is None:
        counted = with_batches_as(batch, weight.shape, weight.axes)
        weight = replace(weight, axes=counted)
    if rule.is_own and weight.own is not None and weight.own.scheme is not None:
        chosen = _fitted(weight.own.scheme, weight)
    else:
        numbers = finder.numbers(weight, number)
        own_numbers = (weight.fans, weight.beside, weight.groups, weight.first_in)
        alike = (number, *own_numbers, *numbers.values())
        if alike not in known:
            names = {**weight.names, **numbers}
            known[alike] = _fitted(finder.recipe.scheme(rule, names), weight)
        chosen = known[alike]
    return Planned(weight, resolve(chosen, weight.shape, weight.axes), number)


def _with_axes(weight: Weight, rule: Rule) -> Weight:
    """Read the axes of a parameter of no known layer as its rule tells them."""
    if rule.axes is None:
        own = None if rule.is_own else entry_of(rule.init["scheme"]).axes
        free = weight.kind == PARAMETER or weight.guess
        return (
            weight if own is None or not free else replace(weight, axes=own, told=True, readings=())
        )
    if split_of(rule.axes) is not None:
        return weight
    if weight.kind == PARAMETER or weight.guess:
        return replace(weight, axes=rule.axes, told=True, readings=())
    if layout(weight.shape, rule.axes).axes != layout(weight.shape, weight.axes).axes:
        hint = 'Leave out axes, or limit the rule to layer = "parameter".'
        raise FanwiseError(f"the axes of its layer, {weight.axes!r}", rule.axes, hint)
    return weight


def _fitted(chosen: Scheme, weight: Weight) -> Scheme:
    """Give a scheme the groups of the weight, or the fan of the kernel beside it."""
    given, mode = dict(chosen.params), chosen.fan_mode
    counted = frozenset() if mode else chosen.entry.fans_named - {n for n in given if given[n]}
    if counted and weight.beside is not None and counted <= set(given):
        fans = weight.beside._asdict()
        return chosen.replace(**{name: float(fans[name]) for name in counted})
    if not counted and (mode is None or given["fan"] is not None):
        # A dirac counts no fan, but has groups.
        fitted = chosen.replace(groups=weight.groups) if "groups" in given else chosen
    elif weight.fans is None:
        hint = "Use a scheme without a fan, e.g. 'ones' or 'zeros'."
        if weight.readings:
            axes = " or ".join(f"axes = '{axes}'" for axes in weight.readings)
            hint += f" Or say in the rule which axes it has, of which it may have two: {axes}."
        elif weight.kind == PARAMETER and len(weight.shape) > 1:
            hint += " Or say in the rule which axes it has, e.g. axes = 'out in'."
        raise FanwiseError("a scheme for a weight without fans", chosen, hint)
    elif weight.beside is not None and mode is not None:
        fitted = chosen.replace(fan=MODES[mode](weight.beside))
    else:
        fitted = chosen.replace(groups=weight.groups) if "groups" in given else chosen
    return fitted


def _kept(paths: Sequence[str], only: Patterns, exclude: Patterns) -> frozenset[str]:
    """Return the paths that ``only`` and ``exclude`` leave."""
    kept = set(paths) if only is None else _fitting(paths, "only", only)
    if only is not None and not kept and paths:
        raise FanwiseError("some patterns as only", only, "Leave it out to set every weight.")
    return frozenset(kept - _fitting(paths, "exclude", exclude))


def _fitting(paths: Sequence[str], option: str, patterns: Patterns) -> set[str]:
    """Return the paths that fit one of the patterns, each of which must fit some."""
    fitting = set()
    for pattern in globs.listed(option, patterns):
        fits = {path for path in paths if globs.matches(pattern, path)}
        if not fits:
            expected = f"a pattern in {option} that fits a weight"
            weights = f"The weights: {some(paths)}." if paths else "There are no weights."
            raise FanwiseError(expected, pattern, weights)
        fitting |= fits
    return fitting
