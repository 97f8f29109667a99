"""A plan: which scheme each weight of a model gets by a recipe, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fanwise.spec import globs
from fanwise.spec.axes import layout, with_batches_as
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.fans import MODES, Fans, fans
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
#: How the names of what LoRA adds begin: not all of it may be random.
_LORA: Final = "lora_"
#: How many paths an error names.
_SHOWN: Final = 5

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
    _check_paths(every)
    ruled = [(weight, _rule_of(recipe, weight)) for weight in every]
    frozen = [weight for weight, number in ruled if number is None and not weight.trains]
    kept = _kept([weight.path for weight in every], only, exclude)
    chosen = [(weight, number) for weight, number in ruled if weight.path in kept]
    free = [
        weight
        for weight, number in chosen
        if number is None and not any(globs.matches(p, weight.path) for p in recipe.unmatched)
    ]
    _check_obstacles([weight for weight, number in chosen if number is not None or weight in free])
    would = [_rule_of(recipe, replace(weight, trains=True)) for weight in frozen]
    _check_used(recipe, [n for n in (*(number for _, number in ruled), *would) if n is not None])
    _check_matched(free)
    _check_named(recipe, chosen)
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
            hint += " Or tell the rule which axes it has, e.g. axes = 'out in'."
        raise FanwiseError("a scheme for a weight without fans", chosen, hint)
    elif weight.beside is not None:
        fitted = chosen.replace(fan=MODES[mode](weight.beside))
    else:
        fitted = chosen.replace(groups=weight.groups)
    return fitted


def _kept(paths: Sequence[str], only: Patterns, exclude: Patterns) -> frozenset[str]:
    """Return the paths that ``only`` and ``exclude`` leave."""
    kept = set(paths) if only is None else _fitting(paths, "only", only)
    return frozenset(kept - _fitting(paths, "exclude", exclude))


def _fitting(paths: Sequence[str], option: str, patterns: Patterns) -> set[str]:
    """Return the paths that fit one of the patterns, each of which must fit some."""
    fitting = set()
    for pattern in [patterns] if isinstance(patterns, str) else patterns or ():
        fits = {path for path in paths if globs.matches(pattern, path)}
        if not fits:
            expected = f"a pattern in {option} that fits a weight"
            raise FanwiseError(expected, pattern, _some(paths))
        fitting |= fits
    return fitting


def _check_paths(weights: Sequence[Weight]) -> None:
    seen: set[str] = set()
    for weight in weights:
        if weight.path in seen:
            hint = "Give the two layers names of their own, or map them apart in [names]."
            raise FanwiseError(
                "a path for every weight", weight.path, hint, context="Two weights meet"
            )
        seen.add(weight.path)


def _check_used(recipe: Recipe, numbers: Iterable[int]) -> None:
    used = set(numbers)
    for number, rule in enumerate(recipe.rules, 1):
        if number not in used and rule.name not in recipe.unused:
            hint = 'Correct it, or name it and list the name under [allow] unused = ["…"].'
            context = f"Rule {number} fits no weight that an earlier rule leaves"
            raise FanwiseError("rules that fit a weight", Phrase(rule), hint, context=context)


def _check_obstacles(weights: Sequence[Weight]) -> None:
    """Raise for what cannot be set, all of it at once."""
    told = [(weight.path, weight.obstacle) for weight in weights if weight.obstacle is not None]
    if not told:
        return
    path, obstacle = told[0]
    if len(told) == 1:
        raise obstacle.within(f"{path} cannot be set")
    each = dict.fromkeys(f"{path} ({problem.received!r})" for path, problem in told)
    hints = " ".join(dict.fromkeys(problem.hint for _, problem in told))
    expected = "; ".join(dict.fromkeys(problem.expected for _, problem in told))
    context = f"{len(told)} of the weights cannot be set"
    raise FanwiseError(expected, Phrase(", ".join(each)), hints, context=context)


def _check_matched(free: Sequence[Weight]) -> None:
    """Raise for weights without a rule; of what does not train, a rule must say so."""
    if not free:
        return
    hint = 'Add a rule, e.g. with match = "**", or list them under [allow] unmatched = ["…"].'
    context = f"{len(free)} of the weights have no rule"
    frozen = [weight.path for weight in free if not weight.trains]
    if frozen:
        hint += (
            f" What does not train ({_some(frozen)}) is only drawn by a rule with frozen = true; "
            "leave it as it is by exclude= or [allow]."
        )
    received = Phrase(_some([weight.path for weight in free]))
    raise FanwiseError("a rule for every weight", received, hint, context=context)


def _check_named(recipe: Recipe, chosen: Iterable[tuple[Weight, int | None]]) -> None:
    """Raise for what LoRA adds, where its rule is about weights in general.

    The product of its two matrices is to be zero at first.
    """
    unnamed = []
    for weight, number in chosen:
        rule = recipe.rules[number - 1] if number else None
        added = any(segment.startswith(_LORA) for segment in weight.path.split("/"))
        if added and rule and rule.frozen is not None and _LORA not in (rule.match or ""):
            unnamed.append(weight.path)
    if unnamed:
        hint = (
            'Put first e.g. match = "**/lora_B/**" with init = "zeros", and match = "**/lora_A/**" '
            "with what the other one is to start with."
        )
        expected = "rules that name what LoRA adds, one half of which is zero"
        raise FanwiseError(expected, Phrase(_some(unnamed)), hint)


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more}"
