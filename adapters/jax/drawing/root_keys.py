"""The keys that code of JAX makes of its own seeds, made to differ from one build to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import jax

#: What ``jax.random.key`` and ``PRNGKey`` make their keys by, whoever has imported them from where.
_MAKER: Final = "_key"
#: Functions that are compiled are traced anew under another value of this, as far as JAX has it.
_context: Any = None


@contextmanager
def root_keys_of(seed: int) -> Iterator[None]:
    """Let every key that is made of a number depend on a seed too, in this thread.

    ``jax.random.key(0)`` is then another key under each seed, and so are ``nnx.Rngs(0)`` and what
    follows from them. What is made with an explicit key stays as it is.

    Args:
        seed: of 64 bits.
    """
    namespace = jax.random.key.__globals__
    with ExitStack() as stack:
        stack.enter_context(_traced_anew(seed))
        if callable(namespace.get(_MAKER)):
            stack.callback(namespace.__setitem__, _MAKER, namespace[_MAKER])
            namespace[_MAKER] = _seeded(namespace[_MAKER], seed)
        else:
            for name in ("key", "PRNGKey"):
                made = getattr(jax.random, name)
                stack.callback(setattr, jax.random, name, made)
                setattr(jax.random, name, _seeded(made, seed))
        yield


def _seeded(make: Callable[..., Any], seed: int) -> Callable[..., Any]:
    """Return a function that makes other keys under each seed, in the thread that asks for it."""
    thread = threading.get_ident()

    def make_seeded(*arguments: Any, **keywords: Any) -> Any:
        key = make(*arguments, **keywords)
        if threading.get_ident() != thread:
            return key
        for word in (seed & 0xFFFFFFFF, seed >> 32):
            key = jax.random.fold_in(key, word)
        return key

    return make_seeded


def _traced_anew(seed: int) -> Any:
    """Return a context in which what was compiled under another seed is not used."""
    global _context  # noqa: PLW0603 (JAX keeps each of them as long as the process lives)
    if not hasattr(jax, "make_user_context"):
        return ExitStack()
    if _context is None:
        _context = jax.make_user_context(default_value=None)
    return _context(seed)
