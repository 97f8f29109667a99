"""What is aimed at, as quotients that hold on any machine, and what was measured of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from results import Key

LARGE: Final = "4096 × 4096"
SMALL: Final = "64 × 64"


@dataclass(frozen=True)
class Aim:
    """What is aimed at for one case.

    Attributes:
        group, name, size: of the case.
        most: what the quotient is at most; that of a ratio is at least.
        quotient: ``"limit"``, our time by that of the bound; ``"cost"``, our time by the
            framework's own; ``"ratio"``, the reverse; ``"float32"``, our time by that of the
            same weight in float32.
        engine, dtype: of the case.
    """

    group: str
    name: str
    size: str
    most: float
    quotient: str
    engine: str = "compiled"
    dtype: str = "float32"

    def measured(self, cases: Mapping[Key, dict[str, Any]], cores: int) -> float | None:
        """Return the quotient, None where the case was not measured."""
        key = (self.group, self.name, self.size, self.dtype, self.engine, str(cores))
        case = cases.get(key)
        if case is None:
            return None
        if self.quotient == "float32":
            other = cases.get((*key[:3], "float32", *key[4:]))
            return None if other is None else float(case["ours"][1] / other["ours"][1])
        value = float(case["limit" if self.quotient == "limit" else "ratio"][1])
        return 1 / value if self.quotient == "cost" else value

    def is_met(self, value: float) -> bool:
        """Tell whether a quotient is as is aimed at, in the digits that are shown."""
        shown = round(value, 2)
        return shown >= self.most if self.quotient == "ratio" else shown <= self.most


def _aims() -> Iterator[Aim]:
    for group, names in (("torch", ("uniform_", "kaiming_uniform_")), ("numpy", ("uniform",))):
        yield from (Aim(group, name, LARGE, 1.8, "limit") for name in names)
    for group, names in (
        ("torch", ("normal_", "kaiming_normal_", "trunc_normal_")),
        ("numpy", ("normal",)),
    ):
        yield from (Aim(group, name, LARGE, 4.0, "limit") for name in names)
    for group, normal, uniform, zeros in (
        ("torch", "kaiming_normal_", "kaiming_uniform_", ("zeros_", "ones_", "constant_")),
        ("jax", "he_normal", "he_uniform", ("zeros",)),
        *(
            (f"keras on {backend}", "HeNormal", "HeUniform", ("Zeros",))
            for backend in ("tensorflow", "jax", "torch")
        ),
    ):
        yield Aim(group, normal, SMALL, 1.0, "cost")
        yield Aim(group, uniform, SMALL, 1.3, "cost")
        yield from (Aim(group, name, "64", 1.5, "cost") for name in zeros)
    # As fast, up to the spread.
    yield Aim("torch", "normal_", LARGE, 1.05, "float32", dtype="bfloat16")
    yield Aim("torch", "normal_", f"500 of {SMALL}", 1.0, "cost")
    yield Aim("torch", "orthogonal_", "2048 × 2048", 2.5, "ratio")
    yield Aim("jax", "orthogonal", "2048 × 2048", 3.0, "ratio")
    yield Aim("numpy", "normal", LARGE, 1.5, "ratio", engine="NumPy")


AIMS: Final = tuple(_aims())

#: Milliseconds that an import takes at most, beyond what it stands on.
IMPORT_AIMS: Final = {"fanwise": 60, "fanwise.torch": 80}
