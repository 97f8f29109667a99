"""What people write in a framework and what they write here: both run, and compared."""

from __future__ import annotations

import os
import tomllib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np
import torch
from numpy.typing import NDArray
from scipy import stats

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch
from fanwise.spec.truncation import truncated_moments

PAGES: Final = Path(__file__).resolve().parent / "coming_from"
#: Two samples of one law are called two laws this rarely; both are seeded.
FALSE_ALARM: Final = 1e-6
#: The largest of a uniform, and of a normal cut at two standard deviations, in its own ones.
_UNIFORM, _CUT = 3**0.5, 2 / truncated_moments(-2.0, 2.0)[1]

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One thing that is written in two ways.

    Attributes:
        names: of the framework, that the row is about.
        theirs, ours: the expressions.
        shown: what the page shows for ``theirs``; the expression itself, if that is empty.
        setup: what is run before them.
        note: what differs, or what else there is to know.
        same: whether both are of one law.
    """

    theirs: str
    ours: str
    names: tuple[str, ...] = ()
    shown: str = ""
    setup: str = ""
    note: str = ""
    same: bool = True


def public_names() -> Mapping[str, list[str]]:
    """Return the names that each framework's own module of initializers has."""
    return {
        "torch": list(torch.nn.init.__all__),
        "keras": [name for name in vars(keras.initializers) if not name.startswith("_")],
        "jax": [name for name in vars(jax.nn.initializers) if not name.startswith("_")],
    }


def read(framework: str) -> Mapping[str, Any]:
    """Return the data of a framework's page."""
    return tomllib.loads((PAGES / f"{framework}.toml").read_text("utf-8"))


def rows(framework: str, table: str) -> list[Row]:
    """Return the rows of a table of a page."""
    given = read(framework)[table]
    return [Row(**{**row, "names": tuple(row.get("names", ()))}) for row in given]


def values(framework: str, row: Row) -> tuple[Any, Any]:
    """Run both expressions of a row, each in a world of its own, and return what they gave."""
    given = []
    for expression in (row.theirs, row.ours):
        names = _NAMES[framework]()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            exec(row.setup, names)  # noqa: S102 - of this repository's own lists
            value = evaluated(expression, names)
        is_value = isinstance(value, float) or hasattr(value, "shape")
        given.append(_plain(value) if is_value else value)
    return given[0], given[1]


def evaluated(expression: str, names: dict[str, Any]) -> Any:
    """Return what an expression of this repository's own lists gives."""
    return eval(expression, names)  # noqa: S307


def is_same_law(one: Any, other: Any) -> bool:
    """Return whether two samples, or two other results, are of one law."""
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return one is other
    if one.shape != other.shape:
        return False
    if np.allclose(one, other, rtol=1e-6):
        return True
    if _zeros(one) > 0 or _zeros(other) > 0:
        inside, others = one[one != 0], other[other != 0]
        alike = abs(_zeros(one) - _zeros(other)) < 1e-3
        return alike and _compare(inside, others)
    return _compare(one, other)


def law_text(sample: Any) -> str:
    """Say in a few words what a sample is of."""
    if not isinstance(sample, np.ndarray):
        return "–"
    if sample.min() == sample.max():
        return f"{sample.min():.4g}"
    values, square = np.unique(sample), sample.reshape(len(sample), -1)
    if len(values) == 2:
        return f"{values[0]:.4g} and {values[1]:.4g}"
    if np.allclose(square.T @ square, np.eye(square.shape[1]), atol=1e-4):
        return "orthonormal columns"
    if _zeros(sample) > 0.01:
        return f"{_zeros(sample):.1%} zeros"
    std, low, largest = sample.std(), sample.min(), abs(sample).max()
    if low >= 0:
        return f"uniform, 0 to {largest:.2g}"
    if abs(largest / std / _UNIFORM - 1) < 0.01:
        return f"uniform, ±{largest:.2g}"
    if abs(largest / std / _CUT - 1) < 0.01:
        return f"std {std:.2g}, cut at ±{largest:.2g}"
    return f"std {std:.2g}"


def _compare(one: Values, other: Values) -> bool:
    close: bool = stats.ks_2samp(one.ravel(), other.ravel()).pvalue > FALSE_ALARM
    return close and bool(abs(np.std(one) / np.std(other) - 1) < 0.02)


def _zeros(sample: Values) -> float:
    return float(np.mean(sample == 0))


def _plain(value: Any) -> Values:
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    return np.asarray(value, np.float64)


def _torch_names() -> dict[str, Any]:
    torch.manual_seed(0)
    nn = torch.nn
    weights = {"w": nn.Linear(256, 512).weight, "k": nn.Conv2d(32, 64, 3).weight}
    return {"init": nn.init, "nn": nn, "fanwise": fanwise, **weights}


def _keras_names() -> dict[str, Any]:
    keras.utils.set_random_seed(0)
    names = {"initializers": keras.initializers, "keras": keras, "fanwise": fanwise}
    return {**names, "shape": (512, 256)}


def _jax_names() -> dict[str, Any]:
    names = {"init": jax.nn.initializers, "jax": jax, "fanwise": fanwise, "np": np}
    return {**names, "key": jax.random.key(0), "shape": (512, 256)}


_NAMES: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "torch": _torch_names,
    "keras": _keras_names,
    "jax": _jax_names,
}
