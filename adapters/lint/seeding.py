"""Calls that seed a stream of random numbers."""

from __future__ import annotations

import ast
from typing import Final

from fanwise.adapters.lint.sources import PythonSource

#: Functions and methods that set the state of a stream, by their last word.
_SETTERS: Final = frozenset(
    {
        "manual_seed",
        "manual_seed_all",
        "seed",
        "seed_all",
        "seed_everything",
        "set_random_seed",
        "set_seed",
    }
)
#: What makes a stream of its own from a seed.
_MAKERS: Final = frozenset(
    {
        "Generator",
        "MT19937",
        "PCG64",
        "PRNGKey",
        "PRNGSequence",
        "Philox",
        "Random",
        "RandomState",
        "Rngs",
        "SeedGenerator",
        "SeedSequence",
        "default_rng",
        "fold_in",
        "from_seed",
    }
)


def is_seeding(source: PythonSource, call: ast.Call) -> bool:
    """Whether a call seeds a stream, or makes one, from its arguments."""
    word = source.last_word(call.func)
    if word in _SETTERS | _MAKERS:
        return True
    return source.origin(call.func) in ("jax.random.key", "jax.random.wrap_key_data")


def seed_of(source: PythonSource, call: ast.Call) -> ast.expr | None:
    """Return the seed that a call sets or makes a stream of; ``None`` if it does not."""
    if not is_seeding(source, call) or source.last_word(call.func) == "fold_in":
        return None
    for keyword in call.keywords:
        if keyword.arg in ("seed", "params", "a"):
            return keyword.value
    return call.args[0] if call.args else None
