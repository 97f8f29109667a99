"""Starts that are the same under every seed: constants, steps over layers, identities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from fanwise.adapters.captures.moments import Values
from fanwise.adapters.captures.places import CAPTURES, Place
from fanwise.adapters.captures.starts import RuleStart
from fanwise.adapters.observed_values.numbers import exact_number
from fanwise.core import sampler
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme

#: As many values over layers can be a formula of their number by chance.
_FEW: Final = 2
#: By how much a formula may be off, of the largest value: by rounding to float32.
_NEAR: Final = 3e-7
#: How odd constants are by the share of the layers, and by steps of few digits and of many.
_BY_DEPTH: Final = 1.5
_BY_STEPS: Final = 1.2
_BY_ODD_STEPS: Final = 2.0
#: The digits of a step that a person would write.
_WRITTEN: Final = 2
#: As many steps may come before the first layer.
_MOST_STEPS: Final = 4
_MATRIX: Final = 2
#: No larger matrix is compared with an identity.
_LARGEST: Final = 1 << 24


def constant_starts(place: Place) -> list[RuleStart]:
    """Return the starts of weights of one value each, the likely first."""
    values = np.array([sample.constant for sample in place.samples], np.float64)
    first = float(values[0])
    if (values == first).all():
        return [_constant(first)]
    return [start for start in _over_layers(place, values) if not place.speaks_against(start)]


def fixed_starts(place: Place) -> list[RuleStart]:
    """Return the schemes that give a weight several values, the same under every seed."""
    return [start for start in _identities(place) if _is_of_all(place, start)]


def _constant(value: float) -> RuleStart:
    if value in (0.0, 1.0):
        return RuleStart.of("ones" if value else "zeros", 0.5, "constant")
    return RuleStart.of("constant", 1.0, "constant", value=exact_number(value))


def _over_layers(place: Place, values: Values) -> Iterator[RuleStart]:
    """Give constants that depend on the number of a layer."""
    for column, name in enumerate(CAPTURES[: place.numbers.shape[1]]):
        numbers = place.numbers[:, column].astype(np.float64)
        known, places = np.unique(numbers, return_index=True)
        if known.size > _FEW:
            yield from _in_steps(numbers, values, (known, values[places]), name)
            yield from _by_roots(numbers, values, name)


def _in_steps(
    numbers: Values, values: Values, ends: tuple[Values, Values], name: str
) -> Iterator[RuleStart]:
    """Give constants in even steps, and in even ratios."""
    known, at = ends
    length = float(known[-1] - known[0])
    room = _NEAR * float(np.abs(at).max())
    step = _rounded(float(at[-1] - at[0]) / length, room / length)
    start = _rounded(float(at[0]) - step * float(known[0]), 2 * room)
    if _is_near(start + step * numbers, values):
        if known[0] == 0 and length == known.size - 1:
            text = _between(float(at[0]), float(at[-1]), name)
            yield _formula(text, _BY_DEPTH, "depth")
        # Steps that a person would write are no share of the number of layers.
        is_written = step == float(f"{step:.{_WRITTEN}g}")
        yield _formula(_line(start, step, name), _BY_STEPS if is_written else _BY_ODD_STEPS)
    if (at > 0).all():
        ratio = float(at[-1] / at[0]) ** (1 / length)
        base = float(at[0]) / ratio ** float(known[0])
        if _is_near(base * ratio**numbers, values):
            yield _formula(f"{_short(base)} * {_short(ratio)} ^ {name}")


def _by_roots(numbers: Values, values: Values, name: str) -> Iterator[RuleStart]:
    """Give constants over the number of the layer, or its root."""
    for text, divisor in ((f"({name} + 1)", numbers + 1), (f"({name})", numbers)):
        for form, power in ((f"sqrt{text}", 0.5), (text, 1.0)):
            if (divisor > 0).all():
                numerator = float(values[0] * divisor[0] ** power)
                if _is_near(numerator / divisor**power, values):
                    yield _formula(f"{_short(numerator)} / {form}")


def _formula(text: str, cost: float = 2.0, about: str = "index") -> RuleStart:
    return RuleStart.of("constant", cost, about, value=text)


def _line(start: float, step: float, name: str) -> str:
    if start == 0:
        return f"{_short(step)} * {name}"
    steps = round(start / step)
    if abs(steps) <= _MOST_STEPS and abs(start - steps * step) <= 2 * _NEAR * abs(start):
        return f"{_short(step)} * ({name} {'-' if steps < 0 else '+'} {abs(steps)})"
    sign = "-" if step < 0 else "+"
    return f"{_short(start)} {sign} {_short(abs(step))} * {name}"


def _between(start: float, end: float, name: str) -> str:
    share = f"{name} / ({name}_count - 1)"
    if start == 0:
        return f"{_short(end)} * {share}"
    sign = "-" if end < start else "+"
    return f"{_short(start)} {sign} {_short(abs(end - start))} * {share}"


def _short(value: float) -> str:
    """Write a number of few digits that is the same to the precision of float32."""
    return f"{_rounded(value, _NEAR * abs(value)):.9g}"


def _rounded(value: float, room: float) -> float:
    """Return the number of fewest digits that is off by no more than some room."""
    numbers = (float(f"{value:.{digits}g}") for digits in range(1, 9))
    near = (number for number in numbers if abs(number - value) <= room)
    return 0.0 if abs(value) <= room else next(near, value)


def _is_near(formula: Values, values: Values) -> bool:
    return bool(np.abs(formula - values).max() <= 2 * _NEAR * np.abs(values).max())


def _identities(place: Place) -> Iterator[RuleStart]:
    weight = place.weight
    if len(weight.shape) < _MATRIX or place.samples[0].stored.size > _LARGEST:
        return
    largest = float(np.abs(place.samples[0].some).max())
    yield RuleStart.of(
        "identity", 0.5, "identity", **({} if largest == 1 else {"gain": exact_number(largest)})
    )
    if largest == 1:
        yield RuleStart.of("dirac", 0.5, "identity")


def _is_of_all(place: Place, start: RuleStart) -> bool:
    """Tell whether a scheme without chance gives each weight what it holds."""
    for sample in place.samples:
        weight = sample.weight
        try:
            given = dict(start.data)
            chosen = scheme(given.pop("scheme"), **given)
            if "groups" in dict(chosen.params):
                chosen = chosen.replace(groups=weight.groups)
            values = sampler.sample(chosen, weight.shape, seed=0, path="", axes=weight.axes)
        except FanwiseError:
            return False
        if not np.array_equal(values, sample.stored.values()):
            return False
    return True
