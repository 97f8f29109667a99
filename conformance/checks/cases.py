"""What is judged: every scheme of the catalogue, on shapes in the framework's own order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw
from fanwise.conformance.results.subjects import size_text
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.conformance.statistics.sample_sizes import sample_size
from fanwise.conformance.statistics.tails import ALPHA
from fanwise.conformance.vectors.examples import FIRST, example_of, examples
from fanwise.spec.axes import PATTERNS, RECEPTIVE
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

#: Inputs of a judged kernel: its outputs are many more, so that exchanged fans show.
INPUTS = 64
#: False-alarm rate of a claim about a later scheme: there are so many that they would use up what
#: all claims together have.
LATER: Final = ALPHA / 100
#: The axes that a kernel has at least.
_OF_KERNELS = 2
#: Receptive fields: none, and one that must count in the fans.
FIELDS: tuple[tuple[int, ...], ...] = ((), (3, 3))


@dataclass(frozen=True)
class Case:
    """One scheme on one canonical kernel shape (receptive…, in, out)."""

    scheme: Scheme
    kernel: tuple[int, ...]
    seed: int

    @property
    def subject(self) -> str:
        """The shape, in words."""
        return size_text(self.kernel)

    def draw(self, axes: str) -> Draw:
        """Return the same kernel as a framework stores it."""
        return Draw(self.scheme, stored_shape(self.kernel, axes), self.seed, axes=axes)

    @property
    def law(self) -> Distribution:
        """The law of every element."""
        law = distribution_of(self.scheme.law(self.kernel))
        assert law is not None
        return law


def drawer(adapter: Adapter, engine: Engine) -> Callable[[Draw], NDArray[Any]]:
    """Return one of an adapter's two engines; the portable one in its first mode."""
    if engine is Engine.NATIVE:
        return adapter.native
    return lambda draw: adapter.portable(draw, adapter.modes[0])


def title(judged: Scheme) -> str:
    """Write a scheme in words, without quotes, for the title of a step."""
    given = ", ".join(f"{key}={value}" for key, value in judged.to_dict()["params"].items())
    return f"{judged.name}({given})" if given else judged.name


def stored_shape(kernel: tuple[int, ...], axes: str) -> tuple[int, ...]:
    """Return the storage shape, under an axes pattern, of a kernel (receptive…, in, out)."""
    words = PATTERNS.get(axes, axes).split()
    if sorted(words) != ["*", "in", "out"]:
        hint = "Give the adapter one of the patterns that name in, out and '*' once each."
        raise FanwiseError("an axes pattern of in, out and '*'", axes, hint)
    sizes = {RECEPTIVE: kernel[:-2], "in": kernel[-2:-1], "out": kernel[-1:]}
    return tuple(size for word in words for size in sizes[word])


def judged_schemes() -> Iterator[Scheme]:
    """Yield every scheme of the catalogue, with parameters that tell it from its neighbours."""
    for example in examples():
        yield example
        variants = _VARIANTS.get(example.name, ())
        yield from (scheme(example.name, **params) for params in variants)


def is_first(judged: Scheme) -> bool:
    """Tell whether a scheme is of version 1.0: the laws are its, and are judged on its schemes.

    Of those that came later it is their own numbers that are judged, and their bits.
    """
    return judged.entry.since == FIRST


def example_draw(judged: Scheme, axes: str = "kernel") -> Draw:
    """Return the example of a scheme: its shape, in its own axes or else in a framework's."""
    draw = example_of(judged)
    # A weight of one axis has no kernel's axes.
    if judged.entry.axes is not None or len(draw.shape) < _OF_KERNELS:
        return draw
    return replace(draw, shape=stored_shape(draw.shape, axes), axes=axes)


#: Parameters that a scheme is judged with besides its defaults.
_VARIANTS: dict[str, tuple[dict[str, object], ...]] = {
    "constant": ({"value": 0.63},),
    "uniform": ({"low": -0.05, "high": 0.05},),
    "normal": ({"mean": 0.1, "std": 0.02},),
    "truncated_normal": (
        {"std": 0.02},
        {"std": 0.05, "corrected": False},
        {"low": -1.0, "high": 3.0, "mean": 0.5},
    ),
    "variance_scaling": (
        {"scale": 3.0, "mode": "fan_out", "distribution": "normal"},
        {"scale": 0.5, "mode": "fan_geo_avg", "distribution": "uniform"},
        {"mode": "fan_avg"},
    ),
    "xavier_uniform": ({"gain": 2.0},),
    "kaiming_normal": ({"nonlinearity": "relu", "mode": "fan_out"},),
    "kaiming_uniform": ({"a": 0.2},),
    "orthogonal": ({"gain": 2.0},),
}


def statistical_cases() -> Iterator[Case]:
    """Yield a case for each drawn scheme, and for each field if its scale depends on the fans.

    A scheme later than the first has one, with the field that its fans count.
    """
    for number, judged in enumerate(judged_schemes()):
        if distribution_of(judged.law((INPUTS, INPUTS))) is None:
            continue
        fields = FIELDS if judged.entry.uses_fan else FIELDS[:1]
        for field in fields if is_first(judged) else fields[-1:]:
            yield sized_case(judged, field, seed=1000 + 10 * number + len(field))


def sized_case(judged: Scheme, field: tuple[int, ...], seed: int) -> Case:
    """Return a case with as many outputs as the sample size asks for."""
    law = distribution_of(judged.law((*field, INPUTS, INPUTS)))
    assert law is not None
    size = sample_size(law, ALPHA if is_first(judged) else LATER)
    outputs = math.ceil(size / (math.prod(field) * INPUTS))
    return Case(judged, (*field, INPUTS, outputs), seed)


def exact_draws(axes: str) -> Iterator[tuple[Draw, Draw]]:
    """Yield draws of each scheme as a framework stores it, each beside that of the reference.

    Those of the first version are on kernels where their generators have a meaning, later ones
    are their examples.
    """
    for number, judged in enumerate(judged_schemes()):
        if not is_first(judged):
            yield example_draw(judged, axes), example_draw(judged)
            continue
        for case in _exact_cases(judged, number):
            yield case.draw(axes), case.draw("kernel")


def _exact_cases(judged: Scheme, number: int) -> Iterator[Case]:
    kind = judged.entry.distribution["kind"]
    flat = kind in ("identity", "sparse")
    for kernel in ((24, 40),) if flat else ((3, 3, 8, 20), (2, 4, 5, 7)):
        yield Case(judged, kernel, seed=2000 + number)
    if kind not in ("dirac", "delta_orthogonal"):
        yield Case(judged, (70, 51), seed=3000 + number)
