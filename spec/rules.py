"""The rules of a recipe: which weights they are about, and which scheme they give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fanwise.spec import expressions, globs
from fanwise.spec.axes import IN, OUT, check_words
from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans
from fanwise.spec.registry import as_scheme
from fanwise.spec.scheme import Scheme

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


def read_rule(number: int, data: Mapping[str, Any]) -> Rule:
    """Read a rule from plain data that has its form.

    Args:
        number: of the rule, for errors.
        data: its table.

    Raises:
        FanwiseError: for a rule about nothing, and for axes and a batch that do not fit.
    """
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


def _check_axes(where: str, axes: str) -> None:
    try:
        check_words(axes)
    except FanwiseError as error:
        raise error.within(f"The axes of {where} cannot be read") from error
