"""Whether a torch model is right, known only by its builds, by torch, and as it is set.

Three builds under different seeds tell what of a model is drawn, and what is a constant or a
formula. What torch's own layers start with, torch is asked; what other parameters do, the builds
show: as the model leaves them, or as the layer's own class does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

import fanwise.torch
from zoo.judges.moments import Moments, difference
from zoo.judges.torch_builds import (
    Held,
    class_starts,
    held_weights,
    kept_buffers,
    shared_names,
)
from zoo.verdicts import Verdict
from zoo.zoo_model import ZooModel

_Values = Mapping[str, np.ndarray]


def judge(model: ZooModel) -> Verdict:
    """Set a model, and tell whether it is right.

    Raises:
        FanwiseError: where Fanwise refuses it.
    """
    first, second = model.build(1), model.build(2)
    third, of_classes = class_starts(partial(model.build, 3))
    weights, others, thirds = map(held_weights, (first, second, third))
    builds = [_read(held) for held in (weights, others, thirds)]
    before = Before(builds, {n: of_classes.get(id(h.stored[0])) for n, h in thirds.items()})
    buffers, names = kept_buffers(first), shared_names(first)
    set_model = partial(
        fanwise.torch.initialize, recipe=model.recipe or "torch_default", **model.variables
    )
    summary = set_model(first, seed=0)
    after = _read(weights)
    set_model(second, seed=0, report=False)
    again = _read(others)
    set_model(second, seed=1, report=False)
    faults = [
        *_faults_of_weights(weights, before, [after, _read(others)]),
        *_faults_of_builds(weights, after, again),
        *_faults_of_streams(weights, after, before),
        *_faults_of_rows(summary.rows),
        *_faults_of_buffers(buffers, kept_buffers(first)),
    ]
    if shared_names(first) != names:
        faults.append("other weights share memory than before")
    return Verdict.of_faults(model.name, faults[:5], sum(v.size for v in after.values()))


@dataclass(frozen=True)
class Before:
    """The weights as the library starts them.

    Attributes:
        builds: the values of some builds, by name.
        of_classes: the values that the layers' classes gave those of the last one.
    """

    builds: Sequence[_Values]
    of_classes: Mapping[str, np.ndarray | None]

    def drawn(self, name: str) -> np.ndarray:
        """Tell which numbers of a weight the library draws."""
        first, *rest = [build[name] for build in self.builds]
        return np.logical_or.reduce([first != other for other in rest])

    def is_constant(self, name: str) -> bool:
        """Tell whether all of a weight is one number, whatever the seed."""
        values = self.builds[0][name]
        return not self.drawn(name).any() and bool((values == values.flat[:1]).all())

    def moments(self, name: str) -> Iterator[Moments]:
        """Give how the library draws a weight: its models, and its classes."""
        drawn = self.drawn(name)
        yield Moments.of(build[name][drawn] for build in self.builds)
        values = self.of_classes[name]
        if values is not None and np.isfinite(values).all() and np.ptp(values) > 0:
            yield Moments.of([values[drawn]])


def _read(held: Mapping[str, Held]) -> dict[str, np.ndarray]:
    return {name: weight.numbers() for name, weight in held.items() if weight.stored[0].numel()}


def _faults_of_weights(
    weights: Mapping[str, Held], before: Before, after: Sequence[_Values]
) -> Iterator[str]:
    """Say which weights start otherwise than they should."""
    groups: dict[tuple[str, ...], list[tuple[str, list[np.ndarray], Moments]]] = {}
    for name in after[0]:
        held, was = weights[name], before.builds[0][name]
        values = [build[name] for build in after]
        if not np.isfinite(values).all() and np.isfinite(was).all():
            yield f"{name} is not finite"
            continue
        expected = _expected(held, before, name, values)
        if isinstance(expected, str):
            yield f"{name} {expected}"
        elif expected is not None:
            drawn = np.ones(was.shape, bool) if held.start is not None else before.drawn(name)
            group = groups.setdefault(held.label, [])
            group.append((name, [value[drawn] for value in values], expected))
    tests = len(groups) + sum(map(len, groups.values()))
    for label, members in groups.items():
        told = False
        for name, values, expected in members:
            if fault := difference(Moments.of(values), expected, tests):
                told = True
                yield f"{name} has {fault}"
        if not told and (fault := _difference_of_all(members, tests)):
            yield f"{'.'.join(label)} of {members[0][0]} and like it has {fault}, in its own units"


def _difference_of_all(members: Sequence[tuple[str, list[np.ndarray], Moments]], tests: int) -> str:
    """Judge all weights of a group together, each in units of what is expected of it."""
    scaled = [
        (value - expected.mean) / expected.std
        for _, values, expected in members
        for value in values
        if expected.std
    ]
    if not scaled:
        return ""
    laws = {id(expected): expected for *_, expected in members}.values()
    kurtosis = max(law.kurtosis for law in laws)
    standard = Moments(sum(law.count for law in laws), 0, 1, kurtosis)
    return difference(Moments.of(scaled), standard, tests)


def _expected(
    held: Held, before: Before, name: str, values: Sequence[np.ndarray]
) -> Moments | str | None:
    """Return how a weight should be drawn, what is wrong with it, or None where it is right."""
    was = before.builds[0][name]
    is_kept = np.array_equal(values[0], was, equal_nan=True)
    drawn = before.drawn(name)
    if not held.trains:
        return None if is_kept else "does not train, and was changed"
    if held.start is not None and held.is_torchs and not held.is_adapter:
        return _expected_of_torch(held.start, values, is_kept=is_kept, was=was, drawn=drawn)
    return _expected_of_library(held, before, name, values, is_kept=is_kept)


def _expected_of_library(
    held: Held, before: Before, name: str, values: Sequence[np.ndarray], *, is_kept: bool
) -> Moments | str | None:
    was, drawn = before.builds[0][name], before.drawn(name)
    if not drawn.any() or _follows_frozen(held, name):
        # What comes from a layer of torch's may be started as that is.
        if is_kept or (not before.is_constant(name) and held.start is not None):
            return None
        if isinstance(held.start, Moments) and not held.is_adapter:
            return _closest([held.start], values)
        if isinstance(held.start, torch.Tensor) and not held.is_adapter:
            return _expected_of_torch(held.start, values, is_kept=is_kept, was=was, drawn=drawn)
        return f"was {_text(was)}, and is {_text(values[0])}"
    laws = list(before.moments(name))
    if isinstance(held.start, Moments):
        laws.append(held.start)
    elif held.start is not None and _is_all(values, held.start.numpy()):
        return None
    if np.array_equal(values[0], was) or np.array_equal(values[0], values[1]):
        return "was not drawn"
    if held.start is None and not np.array_equal(values[0][~drawn], was[~drawn]):
        return "has other constants among what is drawn"
    return _closest(laws, [value[drawn] for value in values])


def _follows_frozen(held: Held, name: str) -> bool:
    """Tell whether an adapter's weight is computed from what it is beside, and not drawn."""
    return held.is_adapter and "magnitude" in name


def _expected_of_torch(
    start: Any, values: Sequence[np.ndarray], *, is_kept: bool, was: np.ndarray, drawn: np.ndarray
) -> Moments | str | None:
    if isinstance(start, Moments):
        if np.array_equal(values[0], values[1]):
            is_formula = is_kept and not drawn.any() and np.ptp(was) > 0
            return None if is_formula else "was not drawn"
        return start
    if _is_all(values, start.numpy()):
        return None
    return f"is {_text(values[0])} for {_text(start.numpy())}"


def _is_all(values: Sequence[np.ndarray], constant: np.ndarray) -> bool:
    return all(np.array_equal(value, constant) for value in values)


def _closest(laws: Sequence[Moments], values: Sequence[np.ndarray]) -> Moments:
    observed = Moments.of(values)

    def distance(law: Moments) -> float:
        if not law.variance or not observed.variance:
            return math.inf
        return abs(math.log(observed.variance / law.variance)) + abs(observed.mean - law.mean) / (
            law.std
        )

    return min(laws, key=distance)


def _text(values: np.ndarray) -> str:
    return f"{values.flat[0]:.4g}" if np.ptp(values) == 0 else f"values of std {values.std():.4g}"


def _faults_of_builds(weights: Mapping[str, Held], after: _Values, again: _Values) -> Iterator[str]:
    """Say which weights two builds do not have alike, set from one seed."""
    for name, values in after.items():
        held = weights[name]
        if not held.trains or _follows_frozen(held, name):
            continue
        if not np.array_equal(values, again[name], equal_nan=True):
            yield f"{name} differs from build to build"


def _faults_of_streams(
    weights: Mapping[str, Held], after: _Values, before: Before
) -> Iterator[str]:
    """Say which weights begin with the same numbers, in whatever units."""
    first: dict[tuple[float, ...], str] = {}
    for name, values in after.items():
        if not weights[name].trains or np.array_equal(values, before.builds[0][name]):
            continue
        numbers = values[values != 0].flat[:8]
        if numbers.size < 8 or not np.isfinite(numbers).all() or np.ptp(numbers) == 0:
            continue
        key = tuple(np.round(numbers / numbers[0], 4))
        if key in first:
            yield f"{name} begins as {first[key]} does"
        first.setdefault(key, name)


def _faults_of_rows(rows: Sequence[Any]) -> Iterator[str]:
    """Say which rows of the report observed what they did not expect."""
    for row in rows:
        if row.expected and row.parameters and math.isfinite(row.observed):
            expected = Moments(1e12, 0, row.expected**2, 3)
            observed = Moments(row.parameters, 0, row.observed**2, 3)
            if fault := difference(observed, expected, len(rows)):
                yield f"{row.path} reports {fault}"


def _faults_of_buffers(
    before: Mapping[str, torch.Tensor], after: Mapping[str, torch.Tensor]
) -> Iterator[str]:
    for name, buffer in before.items():
        if not torch.equal(torch.nan_to_num(buffer), torch.nan_to_num(after[name])):
            yield f"the buffer {name} was changed"
