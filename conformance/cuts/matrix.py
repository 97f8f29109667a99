"""What was found of every framework, way to cut and world: one row each, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from fanwise.adapters.starts.digests import start_digest
from fanwise.conformance.cuts.expected import SHAPES, expected_digests
from fanwise.conformance.results.machines import this_machine
from fanwise.spec.versions import package_version, spec_version

#: What a process may allocate beside its part.
BESIDE: Final = 64 << 20
#: The models whose weights are compared, and the one whose memory counts.
SMALL: Final = ("encoder", "lstm")
LARGE: Final = "wide"


@dataclass(frozen=True)
class CutRow:
    """One way to cut, in one world.

    Attributes:
        adapter: the framework's.
        way: the name of the way.
        world: how many processes, or devices.
        processes: how many processes these are.
        digests: of each model's start, as all processes found it; "" where they differ.
        wrong: the weights that are not those of the core, as ``model: path``.
        part: the bytes of the large model that a process holds: of all, that one which allocated
            the most beside its part.
        allocated: the bytes that it allocated while the model was started, at the most at once;
            None where that cannot be measured.
        in_place: whether the part was there before.
        error: what kept it from being judged; "" where nothing did.
    """

    adapter: str
    way: str
    world: int
    processes: int
    digests: Mapping[str, str]
    wrong: tuple[str, ...] = ()
    part: int = 0
    allocated: int | None = None
    in_place: bool = False
    error: str = ""

    @property
    def beside(self) -> int | None:
        """The bytes beyond its part that a process had allocated at the most."""
        own = 0 if self.in_place else self.part
        return None if self.allocated is None else max(0, self.allocated - own)

    @property
    def is_bounded(self) -> bool:
        """Whether no process allocated more than its part and :data:`BESIDE`."""
        return self.beside is None or self.beside <= BESIDE

    @property
    def is_equal(self) -> bool:
        """Whether all weights are those of the core, on every process."""
        return not self.wrong and not self.error

    @property
    def passed(self) -> bool:
        """Whether it is as it must be."""
        return self.is_equal and self.is_bounded


def judged_row(
    adapter: str, way: str, world: int, found: Iterable[Iterable[Mapping[str, Any]]]
) -> CutRow:
    """Compare what the processes found with what the core draws.

    Args:
        adapter: the framework's name.
        way, world: what was judged.
        found: of each process, what it found of each model.
    """
    seats = [[cell for cell in seat if (cell["way"], cell["world"]) == (way, world)]
             for seat in found]  # fmt: skip
    digests: dict[str, set[str]] = {}
    wrong, large = [], []
    for cell in (cell for seat in seats for cell in seat):
        model, weights = cell["model"], cell["weights"]
        digests.setdefault(model, set()).add(start_digest(weights))
        wanted = expected_digests(model)
        wrong += [f"{model}: {path}" for path in sorted({*wanted, *weights})
                  if wanted.get(path) != weights.get(path)]  # fmt: skip
        if model == LARGE:
            large.append(cell)
    row = CutRow(
        adapter,
        way,
        world,
        len(seats),
        {model: next(iter(of)) if len(of) == 1 else "" for model, of in digests.items()},
        tuple(dict.fromkeys(wrong)),
    )
    measured = [
        replace(row, **{key: cell[key] for key in ("part", "allocated", "in_place")})
        for cell in large
    ]
    return max(measured, key=lambda one: one.beside or 0, default=row)


def wanted() -> dict[str, str]:
    """Return the digest of each model's start, as the core draws it."""
    return {model: start_digest(expected_digests(model)) for model in SHAPES}


def matrix_data(rows: Iterable[CutRow]) -> dict[str, Any]:
    """Return the matrix as JSON has it."""
    listed = [{**asdict(row), "beside": row.beside, "passed": row.passed} for row in rows]
    return {
        "passed": bool(listed) and all(row["passed"] for row in listed),
        "wanted": wanted(),
        "beside_at_most": BESIDE,
        "fanwise": package_version(),
        "spec": spec_version(),
        "machine": asdict(this_machine()),
        "rows": listed,
    }
