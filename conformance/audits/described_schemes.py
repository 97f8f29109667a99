"""The schemes that the rules of a recipe give the weights that a description names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fanwise.adapters.starts.start import StartWeight
from fanwise.spec.axes import IN
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans, fans
from fanwise.spec.plan import plan
from fanwise.spec.recipe import Recipe
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight

#: By which rule, whether its axes count as told, and beside which kernel of its layer; 0 for none.
_Case = tuple[int, bool, int]


class DescribedSchemes:
    """What each rule makes of weights, worked out for all of them at once.

    Args:
        recipe: the recipe.
        drawn: the weights.
    """

    def __init__(self, recipe: Recipe, drawn: Sequence[StartWeight]) -> None:
        self._recipe, self._drawn = recipe, drawn
        kernels: dict[str, list[Fans]] = {}
        for start in drawn:
            if start.role in FAN_ROLES:
                kernels.setdefault(_layer(start), []).extend(_fans(start))
        self._kernels = kernels
        self._grouped = {_layer(start) for start in drawn if _has_untold_groups(start)}
        self._known: dict[_Case, Mapping[str, Scheme]] = {}

    def beside(self, start: StartWeight) -> list[Fans]:
        """Return the fans of the kernels that a weight may stand beside."""
        return [] if start.role in FAN_ROLES else self._kernels.get(_layer(start), [])

    def are_told(self, start: StartWeight, *, is_canonical: bool) -> bool:
        """Tell whether all numbers are described that the scheme of a weight may depend on.

        Args:
            start: the weight.
            is_canonical: whether its axes are in canonical order, which does not tell on which
                of them groups are.
        """
        if start.kind.partition("/")[0] == "bilinear" and start.first_in is None:
            return False
        grouped = is_canonical and _layer(start) in self._grouped
        return not grouped and (start.role in FAN_ROLES or bool(self.beside(start)))

    def given(self, start: StartWeight, number: int) -> Iterator[Scheme]:
        """Give what a rule may make of a weight, as far as its description tells.

        Args:
            start: the weight.
            number: of the rule; 0 for what starts so by itself.
        """
        for kernel in range(len(self.beside(start)) + 1):
            for told in (False, True):
                case = (number, told, kernel)
                if case not in self._known:
                    self._known[case] = self._all(*case)
                if start.path in self._known[case]:
                    yield self._known[case][start.path]

    def _all(self, number: int, told: bool, kernel: int) -> Mapping[str, Scheme]:  # noqa: FBT001
        weights = []
        for start in self._drawn:
            beside = [None, *self.beside(start)]
            shape, axes = _counted(start)
            weights.append(
                Weight(
                    start.path,
                    shape,
                    axes,
                    start.role,
                    start.kind,
                    start.groups,
                    beside[min(kernel, len(beside) - 1)],
                    start.first_in,
                    told=told,
                )
            )
        planned = plan(self._with_one_rule(number), weights, is_dry=True).planned
        return {one.weight.path: one.scheme for one in planned if one.rule == bool(number)}

    def _with_one_rule(self, number: int) -> Recipe:
        """Return the recipe with one rule alone, for what its pattern fits."""
        if not number:
            return replace(self._recipe, rules=(), names={})
        # The axes are described as the rule has told them.
        rule = self._recipe.rules[number - 1]
        rule = replace(rule, role=None, layer=None, batch=None, axes=None, frozen=None)
        rule = replace(rule, class_name=None, framework=None, guessed=None)
        return replace(self._recipe, rules=(rule,), names={})


def _layer(start: StartWeight) -> str:
    return start.path.rpartition("/")[0]


def _has_untold_groups(start: StartWeight) -> bool:
    """Tell whether a weight has groups of an older description, without the axis that has them."""
    return start.groups > 1 and start.groups_on is None


def _counted(start: StartWeight) -> tuple[tuple[int, ...], str]:
    """Return a shape and axes by which the fans of a weight are counted."""
    if start.groups_on != IN:
        return start.shape, start.axes
    # The one pattern whose groups are on the inputs.
    return start.shape[-2:] + start.shape[:-2], "torch_transposed"


def _fans(start: StartWeight) -> Iterator[Fans]:
    """Give the fans of a kernel; none, where its axes and its shape do not go together."""
    try:
        counted = fans(*_counted(start), start.groups)
    except FanwiseError:
        return
    if counted is not None:
        yield counted
