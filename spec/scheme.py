"""A scheme: a name of the catalogue with its parameters, as an immutable value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fanwise.spec.axes import Layout
from fanwise.spec.axes import layout as laid_out
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean, short_repr
from fanwise.spec.law_of_scheme import law_of
from fanwise.spec.laws import Law
from fanwise.spec.limits import check_window
from fanwise.spec.parameters import FromParameter, Value, check_order, negative_zeros


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
        return law_of(self.entry, dict(self.params), layout)

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

    def _check_together(self) -> None:
        """Raise what can be known before any shape is."""
        params = dict(self.params)
        check_order(params)
        low, high = params.get("low"), params.get("high")
        bounds = self.entry.distribution["kind"] in ("uniform", "truncated_normal")
        if bounds and isinstance(low, float) and isinstance(high, float):
            cut = self.entry.distribution["kind"] == "truncated_normal"
            if low > high or (cut and low == high):
                raise FanwiseError("low below high", (low, high), "Exchange the two bounds.")
            if cut:
                check_window(low, high)
        if not self.entry.uses_fan:
            self.law((0,), "kernel")  # without elements, a shape that none is particular about


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
