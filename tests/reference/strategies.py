"""What Hypothesis may ask of a sampler: axes, shapes, schemes, seeds and paths.

A case carries the words of its axes twice, as the pattern that the package reads and as the
roles that the reference takes; and its scheme as a name and as the reference's law, whose
scale is worked out here from the shape and the roles, by the text of the specification.
"""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from reference.stream import Law, Role
from reference.truncation import CORRECTION

DTYPES = ("float16", "bfloat16", "float32", "float64")

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Axes:
    """A shape with the role of every axis."""

    shape: Shape
    pattern: str
    roles: tuple[Role, ...]

    def extent(self, *wanted: str) -> int:
        """The product of the axes with these roles, a split axis being two."""
        pairs: list[tuple[int, str]] = []
        for size, role in self.pairs:
            if isinstance(role, str):
                pairs.append((size, role))
            else:
                count, inner, *batch = role
                pairs += [(size // count, inner), (count, batch[0] if batch else "batch")]
        return math.prod(n for n, role in pairs if role.removeprefix("batch=") in wanted)

    @property
    def pairs(self) -> list[tuple[int, Role]]:
        return list(zip(self.shape, self.roles, strict=True))


@dataclass(frozen=True)
class Case:
    """One weight to draw."""

    axes: Axes
    scheme: str
    params: Mapping[str, Any]
    law: Law
    seed: int
    path: str | None
    dtype: str

    @property
    def how(self) -> dict[str, Any]:
        """The arguments that the reference takes besides shape and roles."""
        return {"seed": self.seed, "path": self.path, "law": self.law, "dtype": self.dtype}

    @property
    def fits_half(self) -> bool:
        """Whether float16 holds every element (of some that it just holds, this is false)."""
        kind, *numbers = self.law
        if kind == "uniform":
            return max(map(abs, numbers)) <= 65504
        mean, std = numbers[:2]
        return abs(mean) + 7 * std <= 65504


@dataclass(frozen=True)
class Law2:
    """A scheme and the reference's law for it."""

    scheme: str
    law: Law
    params: Mapping[str, Any] = field(default_factory=dict)


NAMED: dict[str, tuple[Role, ...]] = {
    "kernel": ("*", "*", "in", "out"),
    "torch": ("out", "in", "*", "*"),
    "torch_transposed": ("in", "out", "*", "*"),
    "keras_transposed": ("*", "*", "out", "in"),
}

seeds = st.one_of(
    st.integers(0, 2**64 - 1),
    st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1]),
)
#: Characters that every Python knows.
characters = st.characters(exclude_categories=["Cs", "Cn"]).filter(
    lambda character: unicodedata.ucd_3_2_0.category(character) != "Cn"
)
#: NFC and NFD forms, astral characters and NUL among them.
paths = st.one_of(
    st.none(),
    st.sampled_from(["", "kernel", "e\u0301/\u00e9", "\u1e9b\u0323", "\U0001f600", "a\0b", "ﬁ"]),
    st.text(characters, max_size=12),
)
dtypes = st.sampled_from(DTYPES)
sizes = st.one_of(st.integers(1, 5), st.sampled_from([0, 1, 7, 8, 13]))


def words(role: Role) -> str:
    return role if isinstance(role, str) else f"({role[0]} {role[1]})"


@st.composite
def named_axes(draw: st.DrawFn) -> Axes:
    """A named pattern on a shape of any rank: it has no roles to give below two axes."""
    shape = tuple(draw(st.lists(sizes, max_size=4)))
    name = draw(st.sampled_from(list(NAMED)))
    if len(shape) < 2:
        return Axes(shape, name, ("out",) * len(shape))
    full = NAMED[name]
    keep = len(shape) - 2
    stars = [i for i, role in enumerate(full) if role == "*"][:keep]
    roles = tuple(role for i, role in enumerate(full) if role != "*" or i in stars)
    return Axes(shape, name, roles)


@st.composite
def written_axes(draw: st.DrawFn) -> Axes:
    """A pattern of words, one per axis: roles in any order, repeated, and split axes."""
    roles: list[Role] = []
    shape: list[int] = []
    for _ in range(draw(st.integers(1, 4))):
        role: Role = draw(st.sampled_from(["in", "out", "batch", "*"]))
        size = draw(sizes)
        if role != "*" and draw(st.integers(0, 3)) == 0:
            count = draw(st.integers(2, 3))
            role, size = (count, role), size * count
        roles.append(role)
        shape.append(size)
    # A pattern that is the text of a named one means that one, below two axes too.
    pattern = " ".join(map(words, roles))
    first = draw(st.sampled_from(["", "", "batch=in", "batch=out"]))
    if not first:
        return Axes(tuple(shape), pattern, tuple(roles))
    return Axes(tuple(shape), f"{first} {pattern}", tuple(counted(role, first) for role in roles))


def counted(role: Role, first: str) -> Role:
    """The role of an axis whose batches count as inputs or outputs."""
    if isinstance(role, str):
        return first if role == "batch" else role
    count, inner, *_ = role
    return count, first if inner == "batch" else inner, first


axes = st.one_of(named_axes(), written_axes())
scales = st.floats(2.0**-40, 2.0**40)
means = st.one_of(st.just(0.0), st.floats(-1e6, 1e6))


@st.composite
def absolute(draw: st.DrawFn) -> Law2:
    """A scheme whose scale does not depend on the shape."""
    kind = draw(st.sampled_from(["uniform", "normal", "truncated_normal"]))
    if kind == "uniform":
        half, middle = draw(scales), draw(means)
        low, high = middle - half, middle + half
        if draw(st.booleans()) or (high - low) / 2 < 2.0**-90:
            low, high = -half, half
        return Law2(kind, (kind, low, high), {"low": low, "high": high})
    mean, std = draw(means), draw(scales)
    params: dict[str, Any] = {"mean": mean, "std": std}
    if kind == "normal":
        return Law2(kind, (kind, mean, std), params)
    low, high = draw(st.sampled_from([(-2.0, 2.0), (-1.5, 3.0), (0.25, 1.0), (-9.0, -1.0)]))
    params |= {"low": low, "high": high, "corrected": False}
    return Law2(kind, (kind, mean, std, low, high), params)


def scaled(axes: Axes) -> list[Law2]:
    """The schemes of variance scaling on these axes, by the formulas of the specification."""
    fan_in, fan_out = axes.extent("in", "*"), axes.extent("out", "*")

    def variance(scale: float, fan: float) -> float:
        return scale / (fan if math.prod(axes.shape) else max(fan, 1.0))

    def cut(name: str, v: float) -> Law2:
        return Law2(name, ("truncated_normal", 0.0, math.sqrt(v) / CORRECTION, -2.0, 2.0))

    def uniform(name: str, v: float, **params: Any) -> Law2:
        return Law2(name, ("uniform", -math.sqrt(3 * v), math.sqrt(3 * v)), params)

    def normal(name: str, v: float, **params: Any) -> Law2:
        return Law2(name, ("normal", 0.0, math.sqrt(v)), params)

    average, geometric = (fan_in + fan_out) / 2, math.sqrt(fan_in * fan_out)
    scaling = {"scale": 3.0, "mode": "fan_geo_avg", "distribution": "normal"}
    return [
        cut("lecun_normal", variance(1.0, fan_in)),
        cut("glorot_normal", variance(1.0, average)),
        cut("he_normal", variance(2.0, fan_in)),
        uniform("glorot_uniform", variance(1.0, average)),
        uniform("kaiming_uniform", variance(1.0, fan_out), mode="fan_out", a=1.0),
        normal("xavier_normal", variance(0.25, average), gain=0.5),
        normal("kaiming_normal", variance(2.0, fan_in)),
        normal("variance_scaling", variance(3.0, geometric), **scaling),
    ]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    drawn = draw(axes)
    laws = [absolute()]
    if len(drawn.shape) >= 2:
        laws.append(st.sampled_from(scaled(drawn)))
    law = draw(st.one_of(laws))
    case = Case(drawn, law.scheme, law.params, law.law, draw(seeds), draw(paths), draw(dtypes))
    return case if case.dtype != "float16" or case.fits_half else replace(case, dtype="bfloat16")
