"""A recipe: how every weight of a model starts, written down once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fanwise.spec import expressions, globs
from fanwise.spec.axes import IN, OUT, check_words
from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.fans import Fans
from fanwise.spec.recipe_sources import VARIABLES, data_of, shipped
from fanwise.spec.registry import as_scheme
from fanwise.spec.scheme import Scheme

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: What a weight is to its layer; a canonical path ends in one of these, where it has a role.
ROLES: Final = (
    "kernel",
    "recurrent_kernel",
    "embedding",
    "bias",
    "forget_bias",
    "recurrent_bias",
    "scale",
    "offset",
    "mean",
    "variance",
)
#: What has fans of its own, so at least two axes.
FAN_ROLES: Final = ("kernel", "recurrent_kernel", "embedding")
#: What the batches of a weight may count as.
BATCHES: Final = (IN, OUT)
#: The frameworks that have paths of their own; an adapter of another distribution adds its name.
FRAMEWORKS: Final = ("torch", "keras", "flax")
_OTHER_NAMES: Final = {"pytorch": "torch", "tensorflow": "keras", "jax": "flax", "nnx": "flax"}


@dataclass(frozen=True)
class Rule:
    """Which weights start how.

    Attributes:
        init: the scheme's name under ``scheme``, and its parameters: numbers or expressions,
            in the recipe's variables and the weight's own ``fan_in``, ``fan_out``,
            ``groups`` and ``first_in``.
        match: a pattern of the canonical path, or None for any.
        role: one of :data:`ROLES`, or None for any.
        layer: the kind of layer, e.g. ``"lstm"``, which is about its variants too, or a
            variant, e.g. ``"lstm/joint"``; None for any.
        name: what errors and ``unused`` call it.
        batch: ``"in"`` or ``"out"``, what the batches of the weights count as; None where
            each batch is a weight of its own.
        axes: the pattern by which parameters of no known layer are read; None for that of
            their framework.
        frozen: whether it is about weights that do not train, rather than about those that
            do; None for both.
    """

    init: Mapping[str, Any]
    match: str | None = None
    role: str | None = None
    layer: str | None = None
    name: str = ""
    batch: str | None = None
    axes: str | None = None
    frozen: bool | None = False

    def fits(self, path: str, role: str, kind: str, *, trains: bool = True) -> bool:
        """Return whether a weight is one of those that the rule is about."""
        return (
            self.frozen in (None, not trains)
            and (self.match is None or globs.matches(self.match, path))
            and self.role in (None, role)
            and self.layer in (None, kind, kind.partition("/")[0])
        )

    def __str__(self) -> str:
        conditions = {"match": self.match, "role": self.role, "layer": self.layer}
        given = ", ".join(f"{key} = {text!r}" for key, text in conditions.items() if text)
        return f"{self.name!r} ({given})" if self.name else f"({given})"


@dataclass(frozen=True)
class Recipe:
    """How every weight of a model starts. The first rule that fits a weight is its rule.

    Attributes:
        rules: in order.
        variables: the ``[vars]``, as they were given.
        names: for each framework, patterns of its own paths and what they are canonically.
        unmatched: patterns of the weights that no rule needs to fit.
        unused: names of the rules that need to fit no weight.
        summary, reference: what it is, and where it is from.
    """

    rules: tuple[Rule, ...]
    variables: Mapping[str, float | str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    summary: str = ""
    reference: str = ""

    def with_vars(self, **variables: float | str) -> Recipe:
        """Return the same recipe with some variables changed.

        Raises:
            FanwiseError: for a variable that the recipe does not have.
        """
        for name in variables:
            if name not in self.variables:
                expected = "a variable of the recipe"
                raise FanwiseError(expected, name, did_you_mean(name, self.variables))
        VARIABLES.check(variables)
        changed = replace(self, variables={**self.variables, **variables})
        changed.check()
        return changed

    def scheme(self, rule: Rule, numbers: Mapping[str, float]) -> Scheme:
        """Work out the scheme of a rule from the variables and a weight's own numbers."""
        return _scheme(rule, {**expressions.resolved(self.variables), **numbers})

    def check(self) -> None:
        """Raise what can be known before any model is: schemes, patterns, names of rules."""
        for key in ("unmatched", "unused"):
            if isinstance(getattr(self, key), str):
                raise FanwiseError(f"a tuple as {key}", getattr(self, key), "Put it in one.")
        for rule in self.rules:
            if rule.match is not None:
                globs.check(rule.match)
            self.scheme(rule, names_of(Fans(1, 1)))
        for pattern in self.unmatched:
            globs.check(pattern)
        _check_names(self.names)
        known = [rule.name for rule in self.rules if rule.name]
        known += [pattern for names in self.names.values() for pattern in names]
        for name in self.unused:
            if name not in known:
                expected = "the name of a rule, or a pattern of [names], in unused"
                raise FanwiseError(expected, name, did_you_mean(name, known))
        for name in set(self.variables) & set(names_of(Fans(1, 1))):
            hint = "Choose another name: this one is the weight's own."
            raise FanwiseError("a name for a variable that is free", name, hint)

    def check_names_used(self, framework: str, paths: Iterable[str]) -> None:
        """Raise for a new name in ``[names]`` that no weight of a model takes.

        Args:
            framework: whose names are meant.
            paths: of all weights, as the model has them.

        Raises:
            FanwiseError: naming the first of them, unless ``unused`` lists it.
        """
        names = self.names.get(framework, {})
        if not names:
            return
        used = {globs.first_fitting(path, names) for path in paths}
        for pattern in names:
            if pattern not in used and pattern not in self.unused:
                hint = f"Correct it, or list it under [allow] unused = [{pattern!r}]."
                context = f"[names.{framework}] has a pattern that fits no weight"
                raise FanwiseError("patterns that fit a weight", pattern, hint, context=context)


def role_of(path: str, dimensions: int) -> str:
    """Return the role that the last segment of a path says; ``""`` for none.

    Args:
        path: the path.
        dimensions: the number of axes; what has fans has at least two.

    Examples:
        >>> role_of("norm/scale", 1), role_of("norm/kernel", 1), role_of("norm/weight", 2)
        ('scale', '', '')
    """
    last = path.rpartition("/")[2]
    flat = last in FAN_ROLES and dimensions < 2
    return last if last in ROLES and not flat else ""


def names_of(fans: Fans, groups: int = 1, first_in: int | None = None) -> dict[str, float]:
    """Name a weight's own numbers as expressions do.

    Args:
        fans: of the weight, or for a bias those of the kernel beside it.
        groups: of a grouped convolution.
        first_in: of a bilinear layer the first of its two numbers of inputs, else the fan_in.
    """
    first = fans.fan_in if first_in is None else first_in
    return {**fans._asdict(), "groups": groups, "first_in": first}


def recipe(source: Recipe | str | Path | Mapping[str, Any], **variables: float | str) -> Recipe:
    """Read a recipe, and check all of it.

    Args:
        source: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a plain dict of the same form, or a recipe.
        variables: values in the place of those in ``[vars]``.

    Raises:
        FanwiseError: for what does not follow the form; it names the rule.

    Examples:
        >>> recipe("gpt2", layers=24).variables["layers"]
        24
    """
    chosen = source if isinstance(source, Recipe) else _read(data_of(source))
    return chosen.with_vars(**variables)


def recipes() -> tuple[str, ...]:
    """Return the names of the recipes that come with Fanwise."""
    return shipped()


def _read(data: Mapping[str, Any]) -> Recipe:
    allow = data.get("allow", {})
    result = Recipe(
        tuple(_rule(number, rule) for number, rule in enumerate(data["rule"], 1)),
        dict(data.get("vars", {})),
        {framework: dict(names) for framework, names in data.get("names", {}).items()},
        tuple(allow.get("unmatched", ())),
        tuple(allow.get("unused", ())),
        data.get("summary", ""),
        data.get("reference", ""),
    )
    result.check()
    return result


def _rule(number: int, data: Mapping[str, Any]) -> Rule:
    where = f"rule {number}"
    init = data["init"]
    if not any(key in data for key in ("match", "role", "layer")):
        hint = 'Give match, role or layer; match = "**" fits every weight.'
        raise FanwiseError(f"what {where} is about", sorted(data), hint)
    role, batch, axes = data.get("role"), data.get("batch"), data.get("axes")
    if axes is not None:
        _check_axes(where, axes)
    if batch is not None and role is not None and role not in FAN_ROLES:
        hint = "Leave it out: batches count only for weights that have fans."
        raise FanwiseError(f"no batch in {where}, which is about {role}", batch, hint)
    return Rule(
        {"scheme": init} if isinstance(init, str) else dict(init),
        data.get("match"),
        role,
        data.get("layer"),
        data.get("name", ""),
        batch,
        axes,
        data.get("frozen", False),
    )


def _check_names(names: Mapping[str, Mapping[str, str]]) -> None:
    for framework, new_names in names.items():
        _check_framework(framework)
        for pattern, target in new_names.items():
            globs.check_name(pattern, target)


def _check_framework(name: str) -> None:
    if name in FRAMEWORKS:
        return
    # Slow to import, and asked for where the name is no usual one.
    from importlib.metadata import entry_points

    others = [e.name for e in entry_points(group="fanwise.adapters") if _is_foreign(e)]
    if name not in others:
        hint = did_you_mean(name, (*FRAMEWORKS, *others), _OTHER_NAMES)
        raise FanwiseError("the name of a framework in [names]", name, hint)


def _is_foreign(entry: EntryPoint) -> bool:
    """Whether an adapter is of another distribution, which may have models of its own."""
    return entry.dist is None or entry.dist.name != "fanwise"


def _check_axes(where: str, axes: str) -> None:
    try:
        check_words(axes)
    except FanwiseError as error:
        raise error.within(f"The axes of {where} cannot be read") from error


def _scheme(rule: Rule, names: Mapping[str, float]) -> Scheme:
    given = dict(rule.init)
    name = given.pop("scheme")
    try:
        chosen = as_scheme(name)
        kinds = catalogue().entries[chosen.family].parameters
        params = {
            key: _evaluated(text, kinds[key].kind, names)
            if isinstance(text, str) and key in kinds
            else text
            for key, text in given.items()
        }
        return chosen.replace(**params)
    except FanwiseError as error:
        raise error.within(f"The rule {rule} cannot be used") from error


def _evaluated(text: str, kind: str, names: Mapping[str, float]) -> float | str:
    """Evaluate a parameter that is an expression; a word is left as it is."""
    if kind not in ("number", "integer"):
        return text
    number = expressions.value(text, names)
    return int(number) if kind == "integer" and number.is_integer() else number
