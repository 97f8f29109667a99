"""What is wrong with a model that was set, by what its library builds under several keys."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zoo.judges.jax_builds import Arrays

Values = NDArray[np.float64]

#: How often a model that is right is called wrong.
_FALSE_ALARMS: Final = 1e-9
#: Fewer values may be the same by chance.
_FEW: Final = 8
#: The most slices along an axis that are compared with each other: layers are not more.
_LAYERS: Final = 64
#: Of more values a sample is looked at.
_MANY: Final = 1 << 17
#: What float32 adds to a deviation.
_ROUNDING: Final = 1e-5


def faults_of(
    library: Sequence[Arrays], drawn: Arrays, again: Arrays, other: Arrays, summary: Any
) -> list[str]:
    """Return what is wrong; nothing where all is right.

    Args:
        library: the model as its library starts it, under several keys.
        drawn: what became of the first of them, by the first seed.
        again: what became of another one, by the same seed.
        other: what became of a third one, by another seed.
        summary: that of ``drawn``.
    """
    before = library[0]
    if any(arrays.keys() != before.keys() for arrays in (*library, drawn, again, other)):
        return ["its arrays have other names"]
    random = {
        name
        for name, array in before.items()
        if array.trains
        and not all(np.array_equal(array.values, build[name].values) for build in library)
    }
    faults = list(_of_what_stays(library, drawn, random))
    for name in sorted(random):
        first, second, third = (arrays[name].values for arrays in (drawn, again, other))
        if first.shape != before[name].values.shape or first.dtype != before[name].values.dtype:
            faults.append(f"{name} has another shape or dtype")
        elif not np.isfinite(first.astype(np.float64)).all():
            faults.append(f"{name} is not finite")
        elif not (_differ(first, before[name].values) and _differ(first, third)):
            faults.append(f"{name} was not drawn")
        elif _differ(first, second):
            faults.append(f"{name} has other bits in another build")
    if not faults:
        faults += _of_laws(library, (drawn, other), random)
        faults += _of_equals(before, drawn, random)
        faults += _of_rows(summary)
    return faults


def _differ(first: NDArray[Any], second: NDArray[Any]) -> bool:
    return first.shape != second.shape or first.tobytes() != second.tobytes()


def _of_what_stays(library: Sequence[Arrays], drawn: Arrays, random: set[str]) -> Iterator[str]:
    """Tell what was changed that is a constant, a formula, or does not train."""
    before = library[0]
    for name, array in before.items():
        is_same = all(np.array_equal(array.values, build[name].values) for build in library)
        # The state of random numbers is another one in each build, and is judged by its user.
        stays = np.array_equal(array.values, drawn[name].values)
        if name not in random and is_same and not stays:
            yield f"{name} is no longer what it was"


def _of_laws(library: Sequence[Arrays], draws: Sequence[Arrays], random: set[str]) -> Iterator[str]:
    """Tell what is drawn by another law, alone or with its equals in other layers."""
    groups: dict[str, list[str]] = {name: [name] for name in random}
    for name in sorted(random):
        groups.setdefault(re.sub(r"\d+", "*", name), []).append(name)
    level = _FALSE_ALARMS / (3 * max(1, len(groups)))
    for group, names in groups.items():
        expected, received = (
            np.concatenate([_some(arrays[name].values) for arrays in some for name in names])
            for some in (library, draws)
        )
        why = _difference(expected, received, level)
        if why:
            yield f"{group}: {why}"


def _some(values: NDArray[Any]) -> Values:
    flat = values.reshape(-1)
    # An odd step, so that all columns are seen.
    return flat[:: (flat.size // _MANY) | 1].astype(np.float64)


def _difference(expected: Values, received: Values, level: float) -> str:
    """Say in what two samples differ more than samples of one law do; "" for nothing."""
    errors = NormalDist().inv_cdf(1 - level / 2)
    counts = 1 / expected.size + 1 / received.size
    means, std = (expected.mean(), received.mean()), expected.std()
    if abs(means[0] - means[1]) > errors * std * math.sqrt(counts) + _ROUNDING * std:
        return f"a mean of {means[1]:.4g} for {means[0]:.4g}"
    kurtosis = float((((expected - means[0]) / std) ** 4).mean())
    allowed = errors * math.sqrt(max(kurtosis - 1, 0.2) / 4 * counts) + _ROUNDING
    if abs(math.log(max(received.std(), 1e-300) / std)) > allowed:
        return f"a deviation of {received.std():.4g} for {std:.4g}"
    # The two-sample test of Kolmogorov and Smirnov.
    both = np.sort(np.concatenate([expected, received]))
    shares = [
        np.searchsorted(np.sort(sample), both, side="right") / sample.size
        for sample in (expected, received)
    ]
    if np.abs(shares[0] - shares[1]).max() > math.sqrt(-math.log(level / 2) / 2 * counts):
        return "another distribution"
    return ""


def _of_equals(before: Arrays, drawn: Arrays, random: set[str]) -> Iterator[str]:
    """Tell where ties were cut, and where two weights, or two layers of one, have the same bits."""
    ties = [_equals(arrays, random) for arrays in (before, drawn)]
    if ties[0] != ties[1]:
        yield f"other arrays are equal than before: {min(map(sorted, ties[0] ^ ties[1]))}"
    for name in sorted(random):
        if _has_equal_slices(drawn[name].values) and not _has_equal_slices(before[name].values):
            yield f"{name} has layers that are equal"


def _equals(arrays: Arrays, names: set[str]) -> set[frozenset[str]]:
    groups: dict[bytes, set[str]] = {}
    for name in names:
        values = arrays[name].values
        if values.size >= _FEW:
            groups.setdefault(values.tobytes(), set()).add(name)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def _has_equal_slices(values: NDArray[Any]) -> bool:
    for axis, count in enumerate(values.shape):
        if 1 < count <= _LAYERS and values.size >= _FEW * count:
            slices = {part.tobytes() for part in np.moveaxis(values, axis, 0)}
            if len(slices) < count:
                return True
    return False


def _of_rows(summary: Any) -> Iterator[str]:
    """Tell where the report says another deviation than it found."""
    rows = [row for row in summary.rows if row.expected is not None and row.parameters]
    errors = NormalDist().inv_cdf(1 - _FALSE_ALARMS / 2 / max(1, len(rows)))
    for row in rows:
        if not row.expected:
            if row.observed > _ROUNDING:
                yield f"{row.path} is reported as constant, of deviation {row.observed:.4g}"
            continue
        # No law of the catalogue that is symmetric has a kurtosis of more than 3.
        allowed = errors / math.sqrt(2 * row.parameters) + 0.005
        if row.parameters >= _FEW and abs(math.log(row.observed / row.expected)) > max(
            allowed, errors**2 / row.parameters
        ):
            yield f"{row.path}: a deviation of {row.observed:.4g}, reported as {row.expected:.4g}"
