"""A recipe: how every weight of a model starts, written down once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

from fanwise.spec import expressions, globs
from fanwise.spec.axes import IN, OUT, check_words
from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.fans import Fans
from fanwise.spec.registry import as_scheme
from fanwise.spec.scheme import Scheme

#: The version of the form; a recipe says which it is written in.
VERSION: Final = 1
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
_KEYS: Final = frozenset({"fanwise", "vars", "rule", "names", "allow", "summary", "reference"})
_RULE_KEYS: Final = frozenset({"match", "role", "layer", "frozen", "axes", "init", "name", "batch"})
_ALLOW_KEYS: Final = frozenset({"unmatched", "unused"})


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
        changed = replace(self, variables={**self.variables, **variables})
        changed.check()
        return changed

    def scheme(self, rule: Rule, numbers: Mapping[str, float]) -> Scheme:
        """Work out the scheme of a rule from the variables and a weight's own numbers."""
        return _scheme(rule, {**expressions.resolved(self.variables), **numbers})

    def check(self) -> None:
        """Raise what can be known before any model is: schemes, patterns, names of rules."""
        for rule in self.rules:
            self.scheme(rule, names_of(Fans(1, 1)))
        for pattern in (*self.unmatched, *(p for names in self.names.values() for p in names)):
            globs.compiled(pattern)
        named = [rule.name for rule in self.rules if rule.name]
        for name in self.unused:
            if name not in named:
                raise FanwiseError("the name of a rule in unused", name, did_you_mean(name, named))
        for name in set(self.variables) & set(names_of(Fans(1, 1))):
            hint = "Choose another name: this one is the weight's own."
            raise FanwiseError("a name for a variable that is free", name, hint)


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
    chosen = source if isinstance(source, Recipe) else _read(_data(source))
    return chosen.with_vars(**variables)


def recipes() -> tuple[str, ...]:
    """Return the names of the recipes that come with Fanwise."""
    files = resources.files("fanwise.spec").joinpath("recipes").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files))


def _data(source: object) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        return source
    if isinstance(source, str) and "\n" not in source and not source.endswith(".toml"):
        if source not in recipes():
            raise FanwiseError("a recipe", source, did_you_mean(source, recipes()))
        file = resources.files("fanwise.spec").joinpath("recipes", f"{source}.toml")
        return tomllib.loads(file.read_text("utf-8"))
    if not isinstance(source, str | Path):
        hint = "Pass a name, TOML text, a path, or a dict."
        raise FanwiseError("a recipe", source, hint)
    try:
        inline = isinstance(source, str) and "\n" in source
        return tomllib.loads(str(source) if inline else Path(source).read_text("utf-8"))
    except OSError as error:
        raise FanwiseError("a file that can be read", str(source), f"{error}.") from error
    except tomllib.TOMLDecodeError as error:
        first = str(source).strip().partition("\n")[0]
        raise FanwiseError("TOML", first, f"Mend it: {error}.") from error


def _read(data: Mapping[str, Any]) -> Recipe:
    _check_keys("a recipe", data, _KEYS)
    if data.get("fanwise") != VERSION:
        hint = f"Write fanwise = {VERSION} at the top."
        raise FanwiseError(f"a recipe of version {VERSION}", data.get("fanwise"), hint)
    rules = data.get("rule", [])
    if not isinstance(rules, Sequence) or isinstance(rules, str) or not rules:
        raise FanwiseError("rules", rules, "Write at least one [[rule]].")
    allow = data.get("allow", {})
    _check_keys("[allow]", allow, _ALLOW_KEYS)
    result = Recipe(
        tuple(_rule(number, rule) for number, rule in enumerate(rules, 1)),
        _variables(data.get("vars", {})),
        data.get("names", {}),
        tuple(allow.get("unmatched", ())),
        tuple(allow.get("unused", ())),
        data.get("summary", ""),
        data.get("reference", ""),
    )
    result.check()
    return result


def _rule(number: int, data: Mapping[str, Any]) -> Rule:
    where = f"rule {number}"
    _check_keys(where, data, _RULE_KEYS)
    init = data.get("init")
    init = {"scheme": init} if isinstance(init, str) else init
    if not isinstance(init, Mapping) or not isinstance(init.get("scheme"), str):
        hint = 'Write init = "zeros", or init = { scheme = "normal", std = 0.02 }.'
        raise FanwiseError(f"a scheme as init of {where}", data.get("init"), hint)
    role = data.get("role")
    if role is not None and role not in ROLES:
        raise FanwiseError(f"a role in {where}", role, did_you_mean(role, ROLES))
    if not any(data.get(key) for key in ("match", "role", "layer")):
        hint = 'Give match, role or layer; match = "**" fits every weight.'
        raise FanwiseError(f"what {where} is about", sorted(data), hint)
    if "match" in data:
        globs.compiled(data["match"])
    batch = data.get("batch")
    _check_batch(where, batch, role)
    axes, frozen = data.get("axes"), data.get("frozen", False)
    if axes is not None:
        _check_axes(where, axes)
    if not isinstance(frozen, bool):
        hint = "Write frozen = true for weights that do not train."
        raise FanwiseError(f"true or false as frozen of {where}", frozen, hint)
    named = data.get("name", "")
    return Rule(dict(init), data.get("match"), role, data.get("layer"), named, batch, axes, frozen)


def _check_batch(where: str, batch: object, role: object) -> None:
    if batch is None:
        return
    if batch not in BATCHES:
        hint = "Leave it out where every batch is a weight of its own."
        raise FanwiseError(f"batch = 'in' or 'out' in {where}", batch, hint)
    if role is not None and role not in FAN_ROLES:
        hint = "Leave it out: of what has no fans, the batches count as nothing."
        raise FanwiseError(f"no batch in {where}, which is about {role}", batch, hint)


def _check_axes(where: str, axes: str) -> None:
    try:
        check_words(axes)
    except FanwiseError as error:
        raise error.within(f"The axes of {where} cannot be read") from error


def _variables(data: Mapping[str, Any]) -> dict[str, float | str]:
    for name, given in data.items():
        number = isinstance(given, int | float) and not isinstance(given, bool)
        if not (number or isinstance(given, str)):
            hint = "Write a number, or an expression in quotes."
            raise FanwiseError(f"a number as the variable {name}", given, hint)
    return dict(data)


def _scheme(rule: Rule, names: Mapping[str, float]) -> Scheme:
    given = dict(rule.init)
    name = given.pop("scheme")
    try:
        chosen = as_scheme(name)
        kinds = catalogue().entries[chosen.family].parameters
        params = {
            key: expressions.value(text, names)
            if isinstance(text, str) and key in kinds and kinds[key].kind in ("number", "integer")
            else text
            for key, text in given.items()
        }
        return chosen.replace(**params)
    except FanwiseError as error:
        raise error.within(f"The rule {rule} cannot be used") from error


def _check_keys(where: str, data: object, known: frozenset[str]) -> None:
    if not isinstance(data, Mapping):
        raise FanwiseError(f"a table as {where}", data, "See docs/recipes.md.")
    for key in data:
        if key not in known:
            raise FanwiseError(f"a key of {where}", key, did_you_mean(key, known))
