"""The whole numbers that the patterns of rules capture in paths, and how many of each there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from fanwise.spec import globs
from fanwise.spec.errors import FanwiseError

#: What the name of a capture ends in, for how many values it has.
COUNT: Final = "_count"
#: Numbers with which expressions are tried.
_SAMPLES: Final = (1, 0, 7, 100)

#: Numbers by the names that expressions have for them.
Numbers = Mapping[str, int]


def captured_numbers(pattern: str, paths: Sequence[str]) -> dict[str, Numbers]:
    """Return what a pattern captures in each path that it fits.

    Args:
        pattern: of a rule.
        paths: of all weights of a model.

    Returns:
        For every path that fits, each capture under its name, and under the name with
        ``_count`` how many values it has among the paths with the same captures before it.

    Examples:
        >>> paths = ["stages/0/blocks/0", "stages/0/blocks/1", "stages/1/blocks/0"]
        >>> captured_numbers("stages/<s>/blocks/<b>", paths)["stages/1/blocks/0"]
        {'s': 1, 'b': 0, 's_count': 2, 'b_count': 1}
    """
    names = globs.captures_in(pattern)
    fitting = {path: globs.captured(pattern, path) for path in paths}
    captures = {path: numbers for path, numbers in fitting.items() if numbers is not None}
    values: dict[tuple[int, ...], set[int]] = {}
    for numbers in captures.values():
        taken = tuple(numbers[name] for name in names)
        for place in range(len(names)):
            values.setdefault(taken[:place], set()).add(taken[place])
    return {
        path: numbers
        | {
            f"{name}{COUNT}": len(values[tuple(numbers[before] for before in names[:place])])
            for place, name in enumerate(names)
        }
        for path, numbers in captures.items()
    }


def check_for_some(use: Callable[[dict[str, float]], object], names: Iterable[str]) -> None:
    """Try something with numbers that captures may have, before there is a model.

    What fails for a small number, as ``1 / (i - 1)`` does, may be meant for larger ones.

    Args:
        use: takes the numbers by their names, with their counts.
        names: of the captures.

    Raises:
        FanwiseError: where all of the numbers fail, what the first of them gives.
    """
    failures = []
    captures = tuple(names)
    for number in _SAMPLES if captures else _SAMPLES[:1]:
        numbers: dict[str, float] = {}
        for name in captures:
            numbers |= {name: number, f"{name}{COUNT}": number + 2}
        try:
            use(numbers)
        except FanwiseError as error:
            failures.append(error)
        else:
            return
    raise failures[0]
