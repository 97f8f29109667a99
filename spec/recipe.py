"""A recipe: how every weight of a model starts, written down once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fanwise.spec import expressions, globs
from fanwise.spec.captures import COUNT, check_for_some
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.extending import merged_data
from fanwise.spec.fans import Fans
from fanwise.spec.recipe_sources import VARIABLES, VERSION, shipped
from fanwise.spec.recipe_text import recipe_toml
from fanwise.spec.renaming import check_name
from fanwise.spec.roles import names_of
from fanwise.spec.rules import Rule, check_class, read_rule, rule_data, scheme_of
from fanwise.spec.scheme import Scheme

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: The frameworks that have paths of their own; an adapter of another distribution adds its name.
FRAMEWORKS: Final = ("torch", "keras", "flax")
_OTHER_NAMES: Final = {"pytorch": "torch", "tensorflow": "keras", "jax": "flax", "nnx": "flax"}


@dataclass(frozen=True)
class Recipe:
    """How every weight of a model starts. The first rule that fits a weight is its rule.

    Attributes:
        rules: in order.
        variables: the ``[vars]``, as they were given.
        names: for each framework, patterns of its own paths and what they are canonically.
        unmatched: patterns of the weights that no rule needs to fit.
        unused: names of the rules and of ``[names]`` that need to fit no weight, or patterns of
            these.
        summary, reference: what it is, and where it is from.
        source: the name or the path by which it was read; empty for one of text or data.
        extends: what it says that it extends.

    Examples:
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> start = recipe({"fanwise": 1, "rule": rules})
        >>> [rule.init["scheme"] for rule in start.rules]
        ['he_normal', 'zeros']
    """

    rules: tuple[Rule, ...]
    variables: Mapping[str, float | str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    summary: str = ""
    reference: str = ""
    source: str = field(default="", compare=False)
    extends: tuple[str, ...] = field(default=(), compare=False)

    def with_vars(self, /, **variables: float | str) -> Recipe:
        """Return the same recipe with some variables changed.

        Args:
            **variables: values in the place of those in ``[vars]``.

        Returns:
            Another recipe; this one is as it was.

        Raises:
            FanwiseError: for a variable that the recipe does not have.

        Examples:
            >>> recipe("gpt2").with_vars(layers=24).variables["layers"]
            24
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
        return scheme_of(rule, {**expressions.resolved(self.variables), **numbers})

    def may_be_unused(self, name: str) -> bool:
        """Tell whether a rule of this name, or a pattern of ``[names]``, needs to fit no weight."""
        return bool(name) and any(_allows(entry, name) for entry in self.unused)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as plain data, from which :func:`recipe` makes an equal one.

        What it extends is a part of it.

        Returns:
            What JSON and TOML can hold: ``fanwise``, ``vars``, ``rule``, ``names``, ``allow``.

        Examples:
            >>> recipe(recipe("gpt2").to_dict()) == recipe("gpt2")
            True
        """
        allowed = {"unmatched": list(self.unmatched), "unused": list(self.unused)}
        data = {
            "fanwise": VERSION,
            "summary": self.summary,
            "reference": self.reference,
            "vars": dict(self.variables),
            "rule": [rule_data(rule) for rule in self.rules],
            "allow": {key: patterns for key, patterns in allowed.items() if patterns},
            "names": {framework: dict(names) for framework, names in self.names.items()},
        }
        return {key: value for key, value in data.items() if value or key in ("fanwise", "rule")}

    def to_toml(self) -> str:
        """Return the recipe as TOML, from which :func:`recipe` makes an equal one.

        The comments of rules stand above them; they are not read again.

        Returns:
            The text of a file.

        Examples:
            >>> recipe(recipe("gpt2").to_toml()) == recipe("gpt2")
            True
        """
        return recipe_toml(self.to_dict(), [rule.comment for rule in self.rules])

    def check(self) -> None:
        """Raise what can be known before any model is: schemes, patterns, names of rules."""
        for key in ("unmatched", "unused"):
            if isinstance(getattr(self, key), str):
                raise FanwiseError(f"a tuple as {key}", getattr(self, key), "Put it in one.")
        for rule in self.rules:
            self._check_rule(rule)
        for pattern in self.unmatched:
            globs.check(pattern)
        _check_names(self.names)
        known = [rule.name for rule in self.rules if rule.name]
        known += [pattern for names in self.names.values() for pattern in names]
        for name in self.unused:
            if not any(_allows(name, other) for other in known):
                expected = "the name of a rule, or a pattern of [names], in unused"
                raise FanwiseError(expected, name, did_you_mean(name, known))
        self._check_free(self.variables, "variable")

    def _check_rule(self, rule: Rule) -> None:
        if rule.match is not None:
            globs.check(rule.match)
        if rule.class_name is not None:
            check_class(rule.class_name)
        if rule.framework is not None:
            _check_framework(rule.framework)
        captures = () if rule.match is None else globs.captures_in(rule.match)
        self._check_free(captures, "capture")
        if not (rule.is_own or rule.keeps):
            own = names_of(Fans(1, 1))
            check_for_some(lambda numbers: self.scheme(rule, own | numbers), captures)

    def _check_free(self, names: Iterable[str], what: str) -> None:
        """Raise for names that already mean something in an expression."""
        is_capture = what == "capture"
        taken = {*names_of(Fans(1, 1)), *(self.variables if is_capture else ())}
        for name in names:
            meanings = (name, f"{name}{COUNT}") if is_capture else (name,)
            if clash := next((meaning for meaning in meanings if meaning in taken), None):
                hint = "Choose another name: this one is the weight's own, or a variable."
                raise FanwiseError(f"a name for a {what} that is free", clash, hint)


def recipe(source: Recipe | str | Path | Mapping[str, Any], **variables: float | str) -> Recipe:
    """Read a recipe, and check all of it.

    Args:
        source: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a plain dict of the same form, or a recipe.
        **variables: values in the place of those in ``[vars]``.

    Returns:
        The recipe, checked: ``initialize`` and ``audit`` take it, and it prints as TOML by
        ``to_toml()``.

    Raises:
        FanwiseError: for what does not follow the form; it names the rule.

    Examples:
        >>> recipe("gpt2", layers=24).variables["layers"]
        24
    """
    if isinstance(source, Recipe):
        return source.with_vars(**variables)
    data, bases = merged_data(source)
    given = data.get("extends", ())
    extends = (given,) if isinstance(given, str) else tuple(given)
    chosen = replace(_read(data, bases), source=_name_of(source), extends=extends)
    return chosen.with_vars(**variables)


def _name_of(source: object) -> str:
    """Return the name or the path of a recipe, by which another one may extend it."""
    is_name = isinstance(source, str) and "\n" not in source
    return str(source) if is_name or isinstance(source, Path) else ""


def recipes() -> tuple[str, ...]:
    """Return the names of the recipes that come with Fanwise.

    Returns:
        The names, as :func:`recipe` and ``initialize`` take them.

    Examples:
        >>> "gpt2" in recipes()
        True
    """
    return shipped()


def _read(data: Mapping[str, Any], bases: Sequence[Mapping[str, Any]]) -> Recipe:
    """Make a recipe of its own data, and of those of the recipes that it extends."""
    every = (data, *bases)
    rules = [rule for rules in every for rule in _rules(rules, is_inherited=rules is not data)]
    variables: dict[str, float | str] = {}
    names: dict[str, dict[str, str]] = {}
    allowed: dict[str, list[str]] = {"unmatched": [], "unused": []}
    for given in every:
        variables = {**given.get("vars", {}), **variables}
        for framework, new_names in given.get("names", {}).items():
            known = names.setdefault(framework, {})
            known |= {key: text for key, text in new_names.items() if key not in known}
            # Another model than that of a base may have other names.
            allowed["unused"] += () if given is data else new_names
        for key, patterns in given.get("allow", {}).items():
            allowed[key] += patterns
    result = Recipe(
        tuple(rules),
        variables,
        names,
        tuple(dict.fromkeys(allowed["unmatched"])),
        tuple(dict.fromkeys(allowed["unused"])),
        data.get("summary", ""),
        data.get("reference", ""),
    )
    result.check()
    return result


def _rules(data: Mapping[str, Any], *, is_inherited: bool) -> list[Rule]:
    rules = [read_rule(number, rule) for number, rule in enumerate(data.get("rule", ()), 1)]
    return [replace(rule, is_inherited=is_inherited) for rule in rules]


def _allows(entry: str, name: str) -> bool:
    """Tell whether an entry of ``unused`` is a name, or a pattern of it.

    A name of any letters may stand there, of which not every one is a pattern.
    """
    return entry == name or (globs.is_pattern(entry) and globs.matches(entry, name))


def _check_names(names: Mapping[str, Mapping[str, str]]) -> None:
    for framework, new_names in names.items():
        _check_framework(framework)
        for pattern, target in new_names.items():
            check_name(pattern, target)


def _check_framework(name: str) -> None:
    if name in FRAMEWORKS:
        return
    # Slow to import, and asked for where the name is no usual one.
    from importlib.metadata import entry_points

    others = [e.name for e in entry_points(group="fanwise.adapters") if _is_foreign(e)]
    if name not in others:
        hint = did_you_mean(name, (*FRAMEWORKS, *others), _OTHER_NAMES)
        raise FanwiseError("the name of a framework, in [names] and in rules", name, hint)


def _is_foreign(entry: EntryPoint) -> bool:
    """Whether an adapter is of another distribution, which may have models of its own."""
    return entry.dist is None or entry.dist.name != "fanwise"
