"""The rules of a recipe: which weights they are about, and which scheme they give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from fanwise.spec import expressions, globs
from fanwise.spec.axes import check_words
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import KEEP, OWN, defaults_of, entry_of, scheme_with
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.scheme import Scheme
from fanwise.spec.splits import split_of
from fanwise.spec.weights import Weight


@dataclass(frozen=True)
class Rule:
    """Which weights start how.

    Attributes:
        init: the scheme's name under ``scheme``, and its parameters: numbers or expressions,
            in the recipe's variables, the weight's own ``fan_in``, ``fan_out``,
            ``groups`` and ``first_in``, and what ``match`` captures; :data:`OWN` or
            :data:`KEEP` in the place of a scheme.
        match: a pattern of the canonical path, or None for any.
        role: one of :data:`fanwise.spec.roles.ROLES`, or None for any.
        layer: the kind of layer, e.g. ``"lstm"``, which is about its variants too, or a
            variant, e.g. ``"lstm/joint"``; None for any.
        name: what errors and ``unused`` call it.
        batch: ``"in"`` or ``"out"``, what the batches of the weights count as; None where
            each batch is a weight of its own.
        axes: the pattern by which parameters of no known layer are read; None for that of
            their framework.
        frozen: whether it is about weights that do not train, rather than about those that
            do; None for both.
        class_name: a pattern of the name of the layer's class, alone or with its modules; None
            for any.
        framework: whose models it is about, as ``[names]`` call it; None for all.
        guessed: whether it is about weights whose role, kind or axes were read from more than
            their names; None for both.
        is_inherited: whether it is from a recipe that this one extends.
        comment: lines that TOML has above it; no part of what it says.
    """

    init: Mapping[str, Any]
    match: str | None = None
    role: str | None = None
    layer: str | None = None
    name: str = ""
    batch: str | None = None
    axes: str | None = None
    frozen: bool | None = False
    class_name: str | None = None
    framework: str | None = None
    guessed: bool | None = None
    is_inherited: bool = field(default=False, compare=False)
    comment: str = field(default="", compare=False)

    @property
    def is_own(self) -> bool:
        """Whether its weights start with what their layers declare."""
        return self.init.get("scheme") == OWN

    @property
    def keeps(self) -> bool:
        """Whether its weights stay as they are."""
        return self.init.get("scheme") == KEEP

    def is_about_class(self, name: str) -> bool:
        """Tell whether it is about layers of a class.

        Args:
            name: full and dotted.
        """
        return self.class_name is None or _is_class(self.class_name, name)

    def fits(self, weight: Weight) -> bool:
        """Return whether a weight is one of those that the rule is about.

        A rule by which layers start as they declare is about the layers that declare something.
        """
        return self.is_about(weight) and self.fits_path(weight.path)

    def fits_path(self, path: str) -> bool:
        """Return whether a path is one of those that the rule is about."""
        return self.match is None or globs.matches(self.match, path)

    def is_about(self, weight: Weight) -> bool:
        """Return whether the rule is about a weight, as far as its path has no part in it."""
        kind = weight.kind
        return (
            self.frozen in (None, not weight.trains)
            and self.role in (None, weight.role)
            and self.layer in (None, kind, kind.partition("/")[0])
            and self.guessed in (None, bool(weight.guess))
            and self.is_about_class(weight.class_name)
            and not (self.is_own and weight.own is None)
        )

    def __str__(self) -> str:
        conditions = {
            "match": self.match,
            "role": self.role,
            "layer": self.layer,
            "class": self.class_name,
            "framework": self.framework,
        }
        given = [f"{key} = {text!r}" for key, text in conditions.items() if text]
        if self.frozen:
            given.append("frozen = true")
        if self.guessed is not None:
            given.append(f"guessed = {str(self.guessed).lower()}")
        told = f"({', '.join(given)})"
        return f"{self.name!r} {told}" if self.name else told


def read_rule(number: int, data: Mapping[str, Any]) -> Rule:
    """Read a rule from plain data that has its form.

    Args:
        number: of the rule, for errors.
        data: its table.

    Raises:
        FanwiseError: for a rule about nothing, for axes and a batch that do not fit, and for what
            is no part of "own" and "keep".
    """
    where = f"rule {number}"
    init = data["init"]
    if not any(data.get(key) for key in ("match", "role", "layer", "class", "frozen", "guessed")):
        hint = 'Give match, role, layer or class; match = "**" fits every weight.'
        raise FanwiseError(f"what {where} is about", sorted(data), hint)
    role, batch, axes = data.get("role"), data.get("batch"), data.get("axes")
    if axes is not None:
        _check_axes(where, axes)
    if batch is not None and role is not None and role not in FAN_ROLES:
        hint = "Leave it out: batches count only for weights that have fans."
        raise FanwiseError(f"no batch in {where}, which is about {role}", batch, hint)
    start = init if isinstance(init, str) else init["scheme"]
    if start in (OWN, KEEP):
        _check_alone(where, start, init, batch)
    return Rule(
        {"scheme": init} if isinstance(init, str) else _given(init),
        data.get("match"),
        role,
        data.get("layer"),
        data.get("name", ""),
        batch,
        axes,
        data.get("frozen", False),
        data.get("class"),
        data.get("framework"),
        data.get("guessed"),
    )


def rule_data(rule: Rule) -> dict[str, Any]:
    """Return a rule as plain data, as :func:`read_rule` reads it."""
    given = dict(rule.init)
    start = given.pop("scheme")
    if isinstance(start, Scheme):
        given = {**{key: value for key, value in start.params if value is not None}, **given}
        start = start.family
    data = {
        "name": rule.name or None,
        "class": rule.class_name,
        "layer": rule.layer,
        "match": rule.match,
        "role": rule.role,
        "batch": rule.batch,
        "axes": rule.axes,
        "frozen": rule.frozen or None,
        "framework": rule.framework,
        "guessed": rule.guessed,
        "init": {"scheme": start, **given} if given else start,
    }
    return {key: value for key, value in data.items() if value is not None}


def scheme_of(rule: Rule, names: Mapping[str, float]) -> Scheme:
    """Work out the scheme of a rule.

    Args:
        rule: the rule.
        names: the numbers that its expressions may name.

    Raises:
        FanwiseError: for an unknown scheme, and for parameters that it cannot have.
    """
    given = dict(rule.init)
    name = given.pop("scheme")
    try:
        kinds = entry_of(name).parameters
        params = {
            key: _evaluated(text, kinds[key].kind, names)
            if isinstance(text, str) and key in kinds
            else text
            for key, text in given.items()
        }
        return scheme_with(name, params)
    except FanwiseError as error:
        raise error.within(f"The rule {rule} cannot be used") from error


def check_class(pattern: str) -> None:
    """Raise for what is no pattern of the name of a class."""
    globs.check(pattern)
    if "/" in pattern or globs.captures_in(pattern):
        hint = "Write e.g. '*RMSNorm', or 'transformers.models.llama.*.LlamaRMSNorm'."
        raise FanwiseError("a pattern of the dotted name of a class", pattern, hint)


@lru_cache(maxsize=4096)
def _is_class(pattern: str, name: str) -> bool:
    """Tell whether a pattern is one of a class, by its name alone or with its modules."""
    return globs.matches(pattern, name.rpartition(".")[2]) or globs.matches(pattern, name)


def _evaluated(text: str, kind: str, names: Mapping[str, float]) -> float | str:
    """Evaluate a parameter that is an expression; a word is left as it is."""
    if kind not in ("number", "integer"):
        return text
    number = expressions.value(text, names)
    return int(number) if kind == "integer" and number.is_integer() else number


def _given(init: Mapping[str, Any]) -> dict[str, Any]:
    """Return the start of a rule without what says None of a parameter that is None anyway.

    TOML has no word for it, and a recipe is to be equal to what is written of it.
    """
    try:
        defaults = defaults_of(init["scheme"])
    except FanwiseError:  # told with the rule, where it is checked
        return dict(init)
    dropped = {key for key in init if init[key] is None and defaults.get(key, 0) is None}
    return {key: text for key, text in init.items() if key not in dropped}


def _check_alone(where: str, start: str, init: object, batch: str | None) -> None:
    """Raise for parameters and a batch beside a start that is no scheme of the rule's."""
    more = sorted(set(init) - {"scheme"}) if isinstance(init, Mapping) else []
    more += [] if batch is None else ["batch"]
    if more:
        hint = f"Write init = {start!r} alone, which tells all of it."
        raise FanwiseError(
            f"no more than init = {start!r} in {where}", Phrase(", ".join(more)), hint
        )


def _check_axes(where: str, axes: str) -> None:
    try:
        split = split_of(axes)
        check_words(axes if split is None else split.axes)
    except FanwiseError as error:
        raise error.within(f"The axes of {where} cannot be read") from error
