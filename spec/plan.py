"""A plan: which scheme each weight of a model gets by a recipe, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fanwise.spec import globs
from fanwise.spec.axes import layout, with_batches_as
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES, Fans, fans
from fanwise.spec.plan_checks import (
    check_matched,
    check_named,
    check_obstacles,
    check_paths,
    check_used,
    some,
)
from fanwise.spec.recipe import FAN_ROLES, Recipe, Rule, names_of, role_of
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.scheme import Scheme

#: What starts so unless a rule says otherwise: running statistics, and the second of two biases.
IMPLICIT: Final = {"mean": "zeros", "variance": "ones", "recurrent_bias": "zeros"}
#: A role that stands for another where no rule names it.
STANDS_FOR: Final = {"forget_bias": "bias"}
#: The kind of a parameter that belongs to no known layer.
PARAMETER: Final = "parameter"

Patterns = str | Sequence[str] | None


@dataclass(frozen=True)
class Weight:
    """One weight of a model, as a recipe sees it.

    Attributes:
        path: canonical: "/"-joined, from the model's own children, ending in the role.
        shape: the shape in which its axes are told.
        axes: the role of each axis.
        role: one of :data:`fanwise.spec.recipe.ROLES`, or ``""``.
        kind: of layer, e.g. ``"dense"``, with its variant after a slash, if any.
        groups: of a grouped convolution.
        beside: for a bias, the fans of the kernel that it stands beside.
        first_in: of a bilinear layer, the first of its two numbers of inputs.
        trains: whether training changes it.
        told: whether a rule has told its axes, so that it has fans whatever its role.
        obstacle: what keeps it from being set, whatever its rule.
    """

    path: str
    shape: tuple[int, ...]
    axes: str
    role: str
    kind: str
    groups: int = 1
    beside: Fans | None = None
    first_in: int | None = None
    trains: bool = True
    told: bool = False
    obstacle: FanwiseError | None = None

    @property
    def names(self) -> dict[str, float]:
        """What expressions may call its numbers."""
        counted = self.fans or Fans(1, 1)
        return names_of(counted, self.groups, self.first_in)

    @property
    def fans(self) -> Fans | None:
        """Its own fans, or those of the kernel beside it; None where it has none."""
        if self.beside is not None:
            return self.beside
        if self.role in FAN_ROLES or (self.told and len(self.shape) > 1):
            return fans(self.shape, self.axes, self.groups)
        return None


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


def plan(
    recipe: Recipe,
    weights: Iterable[Weight],
    *,
    framework: str = "",
    only: Patterns = None,
    exclude: Patterns = None,
) -> tuple[Planned, ...]:
    """Find the rule of every weight.

    Args:
        recipe: the recipe.
        weights: all weights of the model, under their own paths.
        framework: whose ``[names]`` make the paths canonical; a weight without a role has
            the one that its new name says.
        only, exclude: patterns of canonical paths; other weights, or these, are left alone.

    Raises:
        FanwiseError: for a weight that no rule fits, a rule that fits no weight, two weights
            of one path, a pattern that fits nothing, a scheme that does not go with its
            weight, and a weight that cannot be set.
    """
    given = list(weights)
    recipe.check_names_used(framework, [weight.path for weight in given])
    names = dict(recipe.names.get(framework, {}))
    every = [_renamed(weight, names) for weight in given]
    check_paths([weight.path for weight in every])
    ruled = [(weight, _rule_of(recipe, weight)) for weight in every]
    kept = _kept([weight.path for weight in every], only, exclude)
    chosen = [(weight, number) for weight, number in ruled if weight.path in kept]
    free = [
        weight
        for weight, number in chosen
        if number is None and not any(globs.matches(p, weight.path) for p in recipe.unmatched)
    ]
    frozen = [weight.path for weight in free if not weight.trains]
    needed = {weight.path for weight in free}
    needed |= {weight.path for weight, number in chosen if number is not None}
    check_obstacles([(w.path, w.obstacle) for w, _ in chosen if w.obstacle and w.path in needed])
    check_used(recipe, [number if w.trains else _about(recipe, w) for w, number in ruled])
    check_matched([weight.path for weight in free], frozen)
    check_named(recipe, [(weight.path, number) for weight, number in chosen])
    known: dict[tuple[object, ...], Scheme] = {}
    return tuple(
        _planned(recipe, weight, number, known) for weight, number in chosen if number is not None
    )


def _renamed(weight: Weight, names: dict[str, str]) -> Weight:
    path = globs.renamed(weight.path, names)
    if path == weight.path:
        return weight
    return replace(weight, path=path, role=weight.role or role_of(path, len(weight.shape)))


def _rule_of(recipe: Recipe, weight: Weight) -> int | None:
    """Find the number of the first rule that fits; 0 for none needed, None for none found."""
    candidates = [(weight.path, weight.role)]
    if weight.role in STANDS_FOR:
        role = STANDS_FOR[weight.role]
        candidates.append((weight.path.removesuffix(weight.role) + role, role))
    for path, role in candidates:
        for number, rule in enumerate(recipe.rules, 1):
            if rule.fits(path, role, weight.kind, trains=weight.trains):
                return number
    return 0 if weight.role in IMPLICIT and weight.trains else None


def _about(recipe: Recipe, weight: Weight) -> int | None:
    """Find the rule of what does not train, or else the one that would be its if it did."""
    number = _rule_of(recipe, weight)
    return _rule_of(recipe, replace(weight, trains=True)) if number is None else number


def _planned(
    recipe: Recipe, weight: Weight, number: int, known: dict[tuple[object, ...], Scheme]
) -> Planned:
    """Give a weight its scheme, one for all weights to which a rule gives the same numbers."""
    if number == 0:
        implicit = scheme(IMPLICIT[weight.role])
        return Planned(weight, resolve(implicit, weight.shape, weight.axes), 0)
    rule = recipe.rules[number - 1]
    try:
        weight = _with_axes(weight, rule)
        if rule.batch is not None and weight.beside is None:
            counted = with_batches_as(rule.batch, weight.shape, weight.axes)
            weight = replace(weight, axes=counted)
        names = weight.names
        alike = (number, *names.values(), weight.beside, weight.fans is None)
        if alike not in known:
            known[alike] = _fitted(recipe.scheme(rule, names), weight)
        resolved = resolve(known[alike], weight.shape, weight.axes)
        return Planned(weight, resolved, number)
    except FanwiseError as error:
        raise error.within(f"{weight.path} cannot start by rule {number}, {rule}") from error


def _with_axes(weight: Weight, rule: Rule) -> Weight:
    """Read the axes of a parameter of no known layer as its rule tells them."""
    if rule.axes is None:
        return weight
    if weight.kind == PARAMETER:
        return replace(weight, axes=rule.axes, told=True)
    if layout(weight.shape, rule.axes).axes != layout(weight.shape, weight.axes).axes:
        hint = 'Leave out axes, or limit the rule to layer = "parameter".'
        raise FanwiseError(f"the axes of its layer, {weight.axes!r}", rule.axes, hint)
    return weight


def _fitted(chosen: Scheme, weight: Weight) -> Scheme:
    """Give a scheme the groups of the weight, or the fan of the kernel beside it."""
    given, mode = dict(chosen.params), chosen.fan_mode
    if mode is None or given["fan"] is not None:
        # A dirac counts no fan, but has groups.
        fitted = chosen.replace(groups=weight.groups) if "groups" in given else chosen
    elif weight.fans is None:
        hint = "Use a scheme without a fan, e.g. 'ones' or 'zeros'."
        if weight.kind == PARAMETER and len(weight.shape) > 1:
            hint += " Or say in the rule which axes it has, e.g. axes = 'out in'."
        raise FanwiseError("a scheme for a weight without fans", chosen, hint)
    elif weight.beside is not None:
        fitted = chosen.replace(fan=MODES[mode](weight.beside))
    else:
        fitted = chosen.replace(groups=weight.groups)
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
