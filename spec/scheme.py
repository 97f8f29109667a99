"""A scheme: a name of the catalogue with its parameters, as an immutable value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fanwise.spec.axes import Layout
from fanwise.spec.axes import layout as laid_out
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import DRAWN, FORMULA, PLACE, STRUCTURED, Entry
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean, short_repr
from fanwise.spec.expressions import value
from fanwise.spec.fans import MODES, counted_fans
from fanwise.spec.gains import squared_gain
from fanwise.spec.generators import GENERATORS
from fanwise.spec.laws import Generator, Law, StructuredLaw
from fanwise.spec.limits import check_scale, check_window, constant_law, normal_law, uniform_law
from fanwise.spec.parameters import Expression, FromParameter, Value, negative_zeros


@dataclass(frozen=True, slots=True, repr=False)
class Scheme:
    """What the weights of a layer are drawn from, before any shape is known.

    Make one with :func:`fanwise.scheme`. It compares and hashes by value, prints
    as the call that makes it, and round-trips through a plain dict or JSON. A parameter of
    -0.0 is another than one of 0.0, since the bits of the weights are.

    Attributes:
        family: the catalogue's name for it.
        params: every parameter with its value, sorted by name.
        name: its own name; differs from ``family`` once registered under another.

    Examples:
        >>> from fanwise import scheme
        >>> scheme("he_normal")
        scheme('he_normal')
        >>> scheme("normal", std=0.02) == scheme("normal").replace(std=0.02)
        True
    """

    family: str
    params: tuple[tuple[str, Value], ...]
    name: str
    _negative_zeros: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_negative_zeros", negative_zeros(self.params))

    @classmethod
    def of(cls, family: str, params: Mapping[str, object], name: str | None = None) -> Scheme:
        """Check the parameters against the catalogue, and fill in its defaults.

        Args:
            family: a name of the catalogue.
            params: parameters of it, by their names.
            name: another name for the scheme; None for the same.

        Returns:
            The scheme.

        Raises:
            FanwiseError: for an unknown name or parameter, or a value out of its bounds.

        Examples:
            >>> Scheme.of("normal", {"std": 0.02})
            scheme('normal', std=0.02)
        """
        entry = _entry(family)
        unknown = sorted(str(key) for key in params if key not in entry.parameters)
        if unknown:
            raise FanwiseError(
                f"the parameters of {family}",
                ", ".join(unknown),
                did_you_mean(unknown[0], entry.parameters)
                if entry.parameters
                else f"Leave it out: {family} takes none.",
            )
        missing = [
            parameter
            for key, parameter in entry.parameters.items()
            if parameter.required and params.get(key) is None
        ]
        if missing:
            needed = ", ".join(parameter.name for parameter in missing)
            hint = " ".join(f"{p.name}: {p.summary}." for p in missing)
            received = Phrase(f"no {needed}")
            raise FanwiseError(f"{needed}, which {family} cannot do without", received, hint)
        merged = {
            key: parameter.checked(params.get(key, parameter.default))
            for key, parameter in entry.parameters.items()
        }
        own_name = family if name is None else _checked_name(name, family)
        scheme = cls(family, tuple(sorted(merged.items())), own_name)
        scheme._check_together()
        return scheme

    @property
    def entry(self) -> Entry:
        """What the catalogue says of it: summary, reference, rules."""
        return _entry(self.family)

    @property
    def fan_mode(self) -> str | None:
        """The mode of its fan rule, one of :data:`fanwise.spec.fans.MODES`; None without a fan."""
        mode = self.entry.scale.get("fan") if self.entry.has_fan_rule else None
        chosen = self[mode.name] if isinstance(mode, FromParameter) else mode
        return None if chosen is None else str(chosen)

    def pattern(self, axes: str | None, default: str = "kernel") -> str:
        """Return an axes pattern; where none is given the scheme's own, or a default.

        Args:
            axes: a pattern or its name, or None.
            default: what a scheme is read with that has no axes of its own.
        """
        return axes if axes is not None else self.entry.axes or default

    def __getitem__(self, parameter: str) -> Value:
        return dict(self.params)[parameter]

    def replace(self, **params: object) -> Scheme:
        """Return the same scheme with some parameters changed.

        Args:
            **params: the new values.

        Returns:
            Another scheme; this one is as it was.

        Raises:
            FanwiseError: for an unknown parameter, or a value out of its bounds.

        Examples:
            >>> Scheme.of("normal", {"std": 0.02}).replace(mean=1.0)
            scheme('normal', mean=1.0, std=0.02)
        """
        return Scheme.of(self.family, {**dict(self.params), **params}, self.name)

    def named(self, name: str) -> Scheme:
        """Return the same scheme under another name, to be registered.

        Args:
            name: a Python identifier that no scheme of the catalogue has.

        Returns:
            The scheme under that name.

        Raises:
            FanwiseError: for a name that is none, or is taken.

        Examples:
            >>> Scheme.of("normal", {"std": 0.02}).named("gpt2_normal").name
            'gpt2_normal'
        """
        return Scheme(self.family, self.params, _checked_name(name, self.family))

    def law(self, shape: Sequence[int], axes: str | None = None) -> Law:
        """Work the scheme out for a shape: its distribution, in float64 numbers.

        Args:
            shape: the weight's shape.
            axes: the role of each axis, a pattern or its name; None for the scheme's own, or
                else ``"kernel"``.

        Returns:
            The law: its kind, and the numbers that the draw uses.

        Raises:
            FanwiseError: where the shape has no fans and the scale needs one, or where
                the scale would leave 2**-90 … 2**90.

        Examples:
            >>> Scheme.of("lecun_uniform", {}).law((300, 256))
            UniformLaw(low=-0.1, high=0.1)
        """
        return self.law_on(laid_out(shape, self.pattern(axes)))

    def law_on(self, layout: Layout) -> Law:
        """Work the scheme out for a layout. :func:`fanwise.spec.resolved.resolve` keeps it."""
        numbers = self._numbers(layout)
        if self.entry.distribution["kind"] == FORMULA:
            return self._formula(layout, numbers)
        distribution = self._resolve(self.entry.distribution, numbers)
        kind = distribution.pop("kind")
        if kind in STRUCTURED:
            return self._structured(kind, layout, distribution)
        law = self._of_elements(kind, distribution, layout, numbers)
        if self.entry.after is None:
            return law
        after = self._resolve(self.entry.after, numbers)
        gain = float(after["gain"])
        check_scale(gain)
        step = (("step", after["step"]),)
        assert not isinstance(law, StructuredLaw)
        return StructuredLaw(Generator.STEP, layout, gain, options=step, base=law)

    def _of_elements(
        self, kind: str, distribution: Mapping[str, Any], layout: Layout, numbers: Mapping[str, Any]
    ) -> Law:
        """Work out what each element is drawn from, by itself."""
        if kind == "constant":
            return constant_law(distribution["value"])
        scale = self._resolve(self.entry.scale, numbers)
        if scale["rule"] == "range":
            return uniform_law(scale["low"], scale["high"])
        std, limit = scale.get("std"), None
        if std is None:
            variance = self._squared_scale(scale) / self._fan(layout, scale["fan"])
            std, limit = math.sqrt(variance), math.sqrt(3 * variance)
            check_scale(std)
        elif std < 0:
            raise FanwiseError("a std of at least 0", std, f"Check the parameters of {self!r}.")
        if kind == "uniform":
            limit = math.sqrt(3) * std if limit is None else limit
            return uniform_law(-limit, limit)
        return normal_law(kind, std, distribution)

    def std(self, shape: Sequence[int], axes: str | None = None) -> float:
        """Return the standard deviation of the weights on a shape.

        Args:
            shape: the weight's shape.
            axes: the role of each axis, as in :meth:`law`.

        Returns:
            The standard deviation, in the units of the weights.

        Raises:
            FanwiseError: where the shape has no fans and the scale needs one.

        Examples:
            >>> Scheme.of("he_normal", {}).std((512, 256))
            0.0625
        """
        return self.law(shape, axes).std

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict, for JSON: the name, and the parameters that are not defaults.

        Returns:
            What :meth:`from_dict` reads.

        Examples:
            >>> Scheme.of("normal", {"std": 0.02}).to_dict()
            {'name': 'normal', 'params': {'std': 0.02}}
        """
        data: dict[str, Any] = {"name": self.name, "params": self._given()}
        if self.name != self.family:
            data["scheme"] = self.family
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scheme:
        """Make the scheme of such a dict.

        Args:
            data: what :meth:`to_dict` gave.

        Returns:
            The scheme.

        Raises:
            FanwiseError: for missing or unknown keys, and for bad parameters.

        Examples:
            >>> Scheme.from_dict({"name": "normal", "params": {"std": 0.02}})
            scheme('normal', std=0.02)
        """
        keys = {"name", "params", "scheme"}
        if not isinstance(data, Mapping) or "name" not in data or not set(data) <= keys:
            hint = "Pass what Scheme.to_dict returned."
            raise FanwiseError("a dict with name, and perhaps params and scheme", data, hint)
        family, params = data.get("scheme", data["name"]), data.get("params", {})
        if not isinstance(params, Mapping):
            raise FanwiseError("params as a dict", params, "Pass what Scheme.to_dict returned.")
        return cls.of(family, params, data["name"])

    def __repr__(self) -> str:
        given = "".join(f", {key}={value!r}" for key, value in self._given().items())
        call = f"scheme({self.family!r}{given})"
        return call if self.name == self.family else f"{call}.named({self.name!r})"

    def _given(self) -> dict[str, Value]:
        parameters = self.entry.parameters
        return {
            key: value
            for key, value in self.params
            if value != parameters[key].default or key in self._negative_zeros
        }

    def _numbers(self, layout: Layout) -> dict[str, Any]:
        """Return what expressions may name: the parameters, and the fans where one needs them.

        A fan that is given goes before the one that is counted.
        """
        named = self.entry.names
        if not named:
            return {}
        numbers: dict[str, Any] = {
            name: given if isinstance(given, tuple) else float(given)
            for name, given in self.params
            if name in named and given is not None
        }
        wanted = self.entry.fans_named - set(numbers)
        if wanted:
            groups = dict(self.params).get("groups", 1)
            assert isinstance(groups, int)
            counted = counted_fans(layout, groups)._asdict()
            least = 0 if layout.size else 1
            numbers |= {name: float(max(counted[name], least)) for name in wanted}
        return numbers

    def _resolve(
        self, table: Mapping[str, Any], numbers: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the table with the values of its parameters and expressions."""
        params = dict(self.params)

        def resolved(declared: Any) -> Any:
            if isinstance(declared, FromParameter):
                return params[declared.name]
            if isinstance(declared, Expression):
                return self._value(declared, numbers or {})
            return declared

        return {key: resolved(declared) for key, declared in table.items()}

    def _value(self, expression: Expression, numbers: Mapping[str, Any]) -> float:
        missing = sorted(expression.names - set(numbers))
        if missing:
            needed = ", ".join(missing)
            hint = f"Pass {needed}: {self.name} is worked out of it."
            raise FanwiseError(f"{needed} for {self!r}", Phrase("none"), hint)
        return value(expression.text, numbers)

    def _formula(self, layout: Layout, numbers: Mapping[str, Any]) -> StructuredLaw:
        expression = self.entry.distribution["value"]
        assert isinstance(expression, Expression)
        own = expression.names.difference(PLACE, DRAWN)
        missing = sorted(own - set(numbers))
        if missing:
            needed = ", ".join(missing)
            hint = f"Pass {needed}: {self.name} is worked out of it."
            raise FanwiseError(f"{needed} for {self!r}", Phrase("none"), hint)
        return StructuredLaw(
            Generator.FORMULA,
            layout,
            options=tuple(sorted((name, numbers[name]) for name in own)),
            text=expression.text,
            members=self.entry.members,
        )

    def _squared_scale(self, scale: Mapping[str, Any]) -> float:
        if "gain" in scale:
            return float(scale["gain"] * scale["gain"])
        if "nonlinearity" in scale:
            return squared_gain(scale["nonlinearity"], scale["a"])
        return float(scale["scale"])

    def _fan(self, layout: Layout, mode: str) -> float:
        fan = self["fan"]
        if fan is not None:
            return float(fan)
        groups = self["groups"]
        assert isinstance(groups, int)
        counted = MODES[mode](counted_fans(layout, groups))
        # Without elements there is nothing to scale: any fan will do.
        return counted if layout.size else max(counted, 1.0)

    def _structured(self, kind: str, layout: Layout, options: dict[str, Any]) -> StructuredLaw:
        if kind in GENERATORS:
            given = tuple(sorted(options.items()))
            return StructuredLaw(kind, layout, options=given, members=self.entry.members)
        gain = options.pop("std", options.pop("gain", 1.0))
        if gain != 0.0:
            check_scale(gain)
        return StructuredLaw(Generator(kind), layout, gain, **options)

    def _check_together(self) -> None:
        """Raise what can be known before any shape is."""
        params = dict(self.params)
        low, high = params.get("low"), params.get("high")
        bounds = self.entry.distribution["kind"] in ("uniform", "truncated_normal")
        if bounds and isinstance(low, float) and isinstance(high, float):
            cut = self.entry.distribution["kind"] == "truncated_normal"
            if low > high or (cut and low == high):
                raise FanwiseError("low below high", (low, high), "Exchange the two bounds.")
            if cut:
                check_window(low, high)
        if not self.entry.uses_fan:
            self.law((), "kernel")


def _checked_name(name: object, family: str) -> str:
    if not isinstance(name, str) or not name.isidentifier():
        raise FanwiseError("a Python identifier as name", name, "Pass e.g. 'bert_normal'.")
    if name != family and name in catalogue().entries:
        hint = "Choose another: one name never means two things."
        raise FanwiseError("a name that is still free", name, hint)
    return name


def _entry(family: str) -> Entry:
    entries = catalogue().entries
    if not isinstance(family, str) or family not in entries:
        context = f"Unknown scheme {short_repr(family)}"
        raise FanwiseError(
            "a scheme's name", family, did_you_mean(family, entries), context=context
        )
    return entries[family]
