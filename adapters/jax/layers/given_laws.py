"""The laws that people give to the layers of JAX, among which one is sought that values are of."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from fanwise.adapters.jax.layers.samples import Sample, Values, may_be, precision
from fanwise.spec.fans import MODES, Fans
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Start, Weight

#: By fans: what frameworks and papers begin with.
_BY_FANS: Final = (
    *map(
        scheme,
        (
            "lecun_normal",
            "he_normal",
            "glorot_uniform",
            "glorot_normal",
            "he_uniform",
            "lecun_uniform",
            "torch_default",
        ),
    ),
    *(
        scheme("variance_scaling", scale=scale, mode=mode, distribution=distribution)
        for scale, (mode, distribution) in itertools.product(
            (1.0, 2.0),
            (("fan_in", "normal"), ("fan_out", "truncated_normal"), ("fan_out", "normal")),
        )
    ),
)
#: Standard deviations of one digit, from 10⁻⁶ to 9.
_ROUND: Final = tuple(float(f"{digit}e{power}") for power in range(-6, 1) for digit in range(1, 10))
#: A standard deviation is named where it is known as well as this.
_PRECISE: Final = 0.05
#: So many rows are not orthogonal by chance.
_ROWS: Final = 4
#: How far a matrix may be from one of orthonormal rows or columns.
_ORTHOGONAL: Final = 1e-3
#: Longer rows of random numbers may be as near to it.
_LONG: Final = 8192


class HeldWeight(NamedTuple):
    """A weight, and values that it holds."""

    weight: Weight
    values: Values


#: What Flax draws kernels by that were given nothing.
_DEFAULT: Final = "lecun_normal"
#: The matrices of Haiku's GRU, which alone are corrected for the cut.
_OF_GATES: Final = frozenset({"w_i", "w_h"})
#: A scheme for each of some weights.
Schemes = tuple[Scheme, ...]


def given_starts(members: Sequence[HeldWeight], questions: int) -> list[Start | None]:
    """Find the one scheme whose law the values of some weights are of, which start alike.

    Args:
        members: the weights.
        questions: how many are asked of the model.

    Returns:
        A start for each; None for all where no scheme has that law, or several have.
    """
    for candidates in (_by_fans(members), _by_deviation(members, questions)):
        fitting: dict[tuple[object, ...], Schemes] = {}
        for schemes in candidates:
            laws = [
                resolve(chosen, member.weight.shape, member.weight.axes).law
                for chosen, member in zip(schemes, members, strict=True)
            ]
            samples = [
                Sample(member.values, law) for member, law in zip(members, laws, strict=True)
            ]
            if may_be(samples, questions):
                key = tuple(map(_name, laws))
                if key not in fitting or schemes[0].name == _DEFAULT:
                    fitting[key] = schemes
        only = next(iter(fitting.values())) if len(fitting) == 1 else _default(fitting)
        if only is not None:
            return [Start(chosen, text=f"{chosen}, as it holds") for chosen in only]
        if fitting:
            break
    return [None] * len(members)


def haiku_scheme(weight: Weight, name: str) -> Scheme | None:
    """Return what the layers of Haiku begin an array of a name with; None for another name.

    Its normal law is cut, and not wider for it.
    """
    if name == "embeddings":
        return _cut(1.0)
    if name in _OF_GATES and len(weight.shape) > 1:
        return scheme("lecun_normal").replace(fan=float(max(1, weight.shape[-2])))
    if name != "w" or weight.fans is None:
        return None
    return _cut(1 / math.sqrt(max(1.0, weight.fans.fan_in)))


def _name(law: Any) -> tuple[str, str]:
    """Return what two laws have in common that are one."""
    return type(law).__name__, f"{law.std:.6g}"


def flax_scheme(weight: Weight, name: str) -> Scheme | None:
    """Return what the LoRA of nnx begins its first matrix with, if a weight is that."""
    is_first = name == "lora_a" and weight.class_name.startswith("flax.nnx.")
    return scheme("he_uniform").replace(fan=float(max(1, weight.shape[-2]))) if is_first else None


def _default(fitting: Mapping[tuple[object, ...], Schemes]) -> Schemes | None:
    """Return what Flax draws kernels by, as it counts their fans, where that fits among others."""
    fits = (schemes for schemes in fitting.values() if schemes[0].name == _DEFAULT)
    return next(fits, None)


def _by_fans(members: Sequence[HeldWeight]) -> Iterator[Schemes]:
    """Yield the schemes by fans, as the weight has them and as JAX counts them by its shape."""
    counts = [_fans_of(member.weight) for member in members]
    for number in range(min(map(len, counts))):
        fans = [count[number] for count in counts]
        for chosen in _BY_FANS:
            mode = chosen.fan_mode
            assert mode is not None
            yield tuple(chosen.replace(fan=max(1.0, float(MODES[mode](fan)))) for fan in fans)
        yield tuple(_cut(1 / math.sqrt(max(1.0, fan.fan_in))) for fan in fans)


def _by_deviation(members: Sequence[HeldWeight], questions: int) -> Iterator[Schemes]:
    """Yield laws of a round standard deviation, where that is well known."""
    size = sum(member.values.size for member in members)
    if precision(size, questions) > _PRECISE:
        return
    for std in _ROUND:
        for chosen in (scheme("normal", std=std), _cut(std)):
            yield (chosen,) * len(members)
        yield (scheme("uniform", low=-std, high=std),) * len(members)


def _cut(std: float) -> Scheme:
    return scheme("truncated_normal", std=std, corrected=False)


def _fans_of(weight: Weight) -> list[Fans]:
    """Return the fans that a weight may have been drawn by."""
    counts: list[Fans] = [] if weight.fans is None else [weight.fans]
    if weight.beside is None and len(weight.shape) > 1:
        *field, inputs, outputs = weight.shape
        size = math.prod(field)
        counts += [Fans(inputs * size, outputs * size)]
        counts += [Fans(math.prod(weight.shape[:-1]), outputs)]
    return counts


def orthogonal_starts(matrices: Sequence[Any]) -> list[Start] | None:
    """Return the starts of matrices of orthonormal rows or columns, each times a number.

    Args:
        matrices: what the weights hold, in full; None for a weight that is no matrix.

    Returns:
        A start for each; None if one of them is no such matrix.
    """
    starts = []
    for matrix in matrices:
        gain = None if matrix is None else _gain_of_orthogonal(matrix)
        if gain is None:
            return None
        chosen = scheme("orthogonal", gain=float(f"{gain:.3g}"))
        starts.append(Start(chosen, text=f"{chosen}, as it holds"))
    return starts


def _gain_of_orthogonal(matrix: Any) -> float | None:
    short = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    # A single row of any numbers is orthogonal, and so are very long ones, nearly.
    if len(short) < _ROWS or short.shape[1] > _LONG:
        return None
    # That a few rows are not orthogonal is soon told.
    if _gain_of_rows(np.asarray(short[:_ROWS], dtype=np.float32)) is None:
        return None
    return _gain_of_rows(np.asarray(short, dtype=np.float32))


def _gain_of_rows(rows: Any) -> float | None:
    gram = rows @ rows.T
    gain = math.sqrt(max(float(np.diagonal(gram).mean()), 0.0))
    if not gain or np.abs(gram / gain**2 - np.eye(len(gram))).max() > _ORTHOGONAL:
        return None
    return gain
