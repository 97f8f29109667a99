"""From a scheme to its law on a shape: parameters, expressions and fans, in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fanwise.spec.axes import Layout
from fanwise.spec.entries import DRAWN, FORMULA, PLACE, Entry, is_structured
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.fans import MODES, counted_fans
from fanwise.spec.gains import squared_gain
from fanwise.spec.laws import UNDECLARED, ElementLaw, Generator, Law, StructuredLaw
from fanwise.spec.limits import check_scale, constant_law, normal_law, uniform_law
from fanwise.spec.parameters import Expression, FromParameter, Value

#: The keys of a generator that are factors on all its elements.
_SCALES: Final = frozenset({"gain", "std", "radius"})
#: Those that may be 0 as well, and of either sign.
_PARTS: Final = frozenset({"alpha", "beta", "noise"})


def law_of(entry: Entry, params: Mapping[str, Value], layout: Layout) -> Law:
    """Work a scheme out for a layout.

    Args:
        entry: what the catalogue says of it.
        params: all its parameters.
        layout: a shape, with the roles of its axes.

    Raises:
        FanwiseError: where the shape has no fans and the scale needs one, for numbers that are
            out of range, and for a shape that has no meaning for the scheme.
    """
    numbers = _numbers(entry, params, layout)
    if entry.requires and layout.size:
        from fanwise.spec.required_shapes import check_shape  # few schemes require anything

        check_shape(entry, numbers, layout)
    return _OnLayout(entry, params, layout, numbers).law()


def _numbers(entry: Entry, params: Mapping[str, Value], layout: Layout) -> dict[str, Any]:
    """Return what expressions may name: the parameters, and the fans where one needs them.

    A fan that is given goes before the one that is counted.
    """
    if not entry.names:
        return {}
    numbers: dict[str, Any] = {
        name: given if isinstance(given, tuple) else float(given)
        for name, given in params.items()
        if name in entry.names and given is not None
    }
    wanted = entry.fans_named - set(numbers)
    if wanted:
        groups = params.get("groups", 1)
        assert isinstance(groups, int)
        counted = counted_fans(layout, groups)._asdict()
        # Without elements there is nothing to scale: any fan will do.
        least = 0 if layout.size else 1
        numbers |= {name: float(max(counted[name], least)) for name in wanted}
    return numbers


@dataclass(frozen=True)
class _OnLayout:
    """A scheme on a layout, with what its expressions may name."""

    entry: Entry
    params: Mapping[str, Value]
    layout: Layout
    numbers: Mapping[str, Any]

    def law(self) -> Law:
        if self.entry.distribution["kind"] == FORMULA:
            return self._formula()
        distribution = self._resolved(self.entry.distribution)
        kind = distribution.pop("kind")
        if is_structured(kind):
            return self._structured(kind, distribution)
        law = self._of_elements(kind, distribution)
        return law if self.entry.after is None else self._step(law, self.entry.after)

    def _of_elements(self, kind: str, distribution: Mapping[str, Any]) -> ElementLaw:
        """Work out what each element is drawn from, by itself."""
        if kind == "constant":
            return constant_law(distribution["value"])
        scale = self._resolved(self.entry.scale)
        if scale["rule"] == "range":
            return uniform_law(scale["low"], scale["high"])
        std, limit = scale.get("std"), None
        if std is None:
            variance = _squared_scale(scale) / self._fan(scale["fan"])
            std, limit = math.sqrt(variance), math.sqrt(3 * variance)
            check_scale(std)
        elif std < 0:
            hint = f"Check the parameters of {self.entry.name}."
            raise FanwiseError("a standard deviation of at least 0", std, hint)
        if kind == "uniform":
            limit = math.sqrt(3) * std if limit is None else limit
            return uniform_law(0.0 - limit, limit)  # not -0.0 where it is 0
        return normal_law(kind, std, distribution)

    def _formula(self) -> StructuredLaw:
        expression = self.entry.distribution["value"]
        assert isinstance(expression, Expression)
        own = expression.names.difference(PLACE, DRAWN)
        self._check_given(own)
        return StructuredLaw(
            Generator.FORMULA,
            self.layout,
            options=tuple(sorted((name, self.numbers[name]) for name in own)),
            text=expression.text,
            members=self.entry.members,
        )

    def _structured(self, kind: str, options: dict[str, Any]) -> StructuredLaw:
        if kind not in UNDECLARED:
            for key in _SCALES.intersection(options):
                check_scale(options[key])
            for key in _PARTS.intersection(options):
                if options[key]:
                    check_scale(abs(options[key]))
            given = tuple(sorted(options.items()))
            return StructuredLaw(kind, self.layout, options=given, members=self.entry.members)
        gain = options.pop("std", options.pop("gain", 1.0))
        if gain != 0.0 or kind != Generator.SPARSE:
            check_scale(gain)
        return StructuredLaw(Generator(kind), self.layout, gain, **options)

    def _step(self, law: ElementLaw, declared: Mapping[str, Any]) -> StructuredLaw:
        after = self._resolved(declared)
        gain = float(after["gain"])
        check_scale(gain)
        step = (("step", after["step"]),)
        return StructuredLaw(Generator.STEP, self.layout, gain, options=step, base=law)

    def _resolved(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table with the values of its parameters and expressions."""

        def resolved(declared: Any) -> Any:
            if isinstance(declared, FromParameter):
                return self.params[declared.name]
            if isinstance(declared, Expression):
                from fanwise.spec.expressions import value

                self._check_given(declared.names)
                return value(declared.text, self.numbers) + 0.0  # a zero has no sign
            return declared

        return {key: resolved(declared) for key, declared in table.items()}

    def _check_given(self, names: frozenset[str]) -> None:
        """Raise where an expression names a parameter that is not given."""
        missing = ", ".join(sorted(names - set(self.numbers)))
        if missing:
            hint = f"Pass {missing}: {self.entry.name} is worked out of it."
            raise FanwiseError(f"{missing} for {self.entry.name}", Phrase("none"), hint)

    def _fan(self, mode: str) -> float:
        fan, groups = self.params["fan"], self.params["groups"]
        if isinstance(fan, float):
            return fan
        assert isinstance(groups, int)
        counted = MODES[mode](counted_fans(self.layout, groups))
        # Without elements there is nothing to scale: any fan will do.
        return counted if self.layout.size else max(counted, 1.0)


def _squared_scale(scale: Mapping[str, Any]) -> float:
    if "gain" in scale:
        return float(scale["gain"] * scale["gain"])
    if "nonlinearity" in scale:
        return squared_gain(scale["nonlinearity"], scale["a"])
    return float(scale["scale"])
