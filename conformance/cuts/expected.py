"""What the models that are cut start with: drawn by the core, without any framework."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from fanwise.conformance.model_recipe import RECIPE
from fanwise.core import sample
from fanwise.spec.recipe import recipe
from fanwise.spec.scheme import Scheme

SEED: Final = 2**40 + 17
_RECIPE: Final = recipe(RECIPE)
#: What the rules of the suite's recipe for models give each role.
_SCHEMES: Final[Mapping[str, Scheme]] = {
    str(rule.role): _RECIPE.scheme(rule, {}) for rule in _RECIPE.rules
}
_Shapes = Mapping[str, tuple[int, ...]]
_ATTENTION: Final[_Shapes] = {
    f"attention/{name}/{role}": shape
    for name in ("query", "key", "value", "out")
    for role, shape in (("kernel", (8, 8)), ("bias", (8,)))
}
#: The shapes of all weights in canonical order; those of a cell's gates have four batches.
SHAPES: Final[Mapping[str, _Shapes]] = {
    "encoder": {
        **_ATTENTION,
        "norm1/scale": (8,),
        "norm1/offset": (8,),
        "up/kernel": (8, 16),
        "up/bias": (16,),
        "down/kernel": (16, 8),
        "down/bias": (8,),
        "norm2/scale": (8,),
        "norm2/offset": (8,),
    },
    "lstm": {
        "embed/embedding": (11, 6),
        "lstm/kernel": (4, 6, 5),
        "lstm/recurrent_kernel": (4, 5, 5),
        "lstm/bias": (3, 5),
        "lstm/forget_bias": (5,),
        "head/kernel": (5, 3),
        "head/bias": (3,),
    },
    "wide": {"up/kernel": (3072, 12288)},
}


@cache
def expected_digests(model: str) -> Mapping[str, str]:
    """Return the SHA-256 of every weight of a model by its path, as the core draws it."""
    return {path: digest(_weight(path, shape)) for path, shape in SHAPES[model].items()}


def digest(weight: Any) -> str:
    """Return the SHA-256 of an array's bytes."""
    return hashlib.sha256(memoryview(weight).cast("B")).hexdigest()


def _weight(path: str, shape: tuple[int, ...]) -> Any:
    role = path.rpartition("/")[2]
    axes = "batch in out" if len(shape) == 3 else "in out" if len(shape) == 2 else "out"
    if path == "lstm/bias":
        axes = "batch out"
    return sample(_SCHEMES[role], shape, seed=SEED, path=path, axes=axes)
