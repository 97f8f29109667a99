"""From JAX keys, seeds and paths to the words that a stream starts from."""

from __future__ import annotations

from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from fanwise.core.keys import checked_seed, path_counter
from fanwise.spec.errors import FanwiseError, Phrase

Words = NDArray[np.uint32]

#: Words of a raw key: threefry2x32 and philox4x32 have two, rbg and threefry4x32 four.
_RAW_SHAPES: Final = ((2,), (4,))
_MASK: Final = 0xFFFFFFFF


def seed_words(key: Any) -> Any:
    """Return the two words (low, high) of the seed that a key stands for.

    A key with two words (hi, lo) is the seed hi·2³² + lo, so that ``jax.random.key(s)``
    is the seed s. Of a key with four words the first two count: in every implementation
    of JAX they differ from key to key (rbg repeats or continues them in the other two).
    A key with one word (philox2x32) is that seed.

    Args:
        key: a typed key, or a raw one (uint32, two or four words), traced or not.

    Raises:
        FanwiseError: if it is no single key.
    """
    words = _key_data(key)
    if words.shape == (1,):
        return jnp.concatenate([words, jnp.zeros_like(words)])
    return words[:2][::-1]


def seed_of_key(key: Any) -> int:
    """Return the seed that a key stands for, where nothing is traced.

    Its words are read, as to compute with three or four numbers takes JAX a tenth of a millisecond.

    Raises:
        FanwiseError: if it is no single key.
    """
    words = np.asarray(_key_data(key)).tolist()
    return int(words[0] << 32 | words[1] if len(words) > 1 else words[0])


def check_key(key: Any) -> None:
    """Raise for what is no single key."""
    if _is_typed(key):
        if key.shape:
            hint = "Use jax.vmap to draw one weight for each key."
            raise FanwiseError("a single key", Phrase(f"keys of shape {key.shape}"), hint)
    elif not _is_raw(key):
        raise FanwiseError(
            "a JAX key",
            Phrase(_described(key)),
            "Make one with jax.random.key(0), or pass seed= when the initializer is made.",
        )


def words_of_seed(seed: int) -> Words:
    """Return the two words (low, high) of a seed."""
    seed = checked_seed(seed)
    return np.array([seed & _MASK, seed >> 32], np.uint32)


def seed_of(words: Any) -> int:
    """Return the seed of two words that are not traced."""
    low, high = (int(word) for word in np.asarray(words))
    return high << 32 | low


def counter_words(path: str | None, purpose: str = "") -> Words | None:
    """Return the four words that stand for a path and a purpose; None where there is neither."""
    counter = path_counter(path, purpose)
    return None if counter is None else np.array(counter, np.uint32)


def native_key(key: Any, seed: int | None, path: str | None) -> Any:
    """Return the key for JAX's own samplers.

    Without a seed or a path it is the key as it is. A seed stands for
    ``jax.random.key(seed)``, also above 2³²; a path is folded in, word by word.
    """
    if seed is None:
        check_key(key)
        native = key
    else:
        high_low = words_of_seed(seed)[::-1]
        native = jax.random.wrap_key_data(jnp.asarray(high_low), impl="threefry2x32")
    for word in path_counter(path) or ():
        native = jax.random.fold_in(native, np.uint32(word))
    return native


def _key_data(key: Any) -> Any:
    """Return the words of a key that is checked."""
    check_key(key)
    return jax.random.key_data(key) if _is_typed(key) else key


def _is_typed(key: Any) -> bool:
    return isinstance(key, jax.Array) and jax.dtypes.issubdtype(key.dtype, jax.dtypes.prng_key)


def _is_raw(key: Any) -> bool:
    array = isinstance(key, (jax.Array, np.ndarray))
    return array and key.dtype == np.uint32 and key.shape in _RAW_SHAPES


def _described(value: Any) -> str:
    if isinstance(value, (jax.Array, np.ndarray)):
        return f"an array of {value.dtype} and shape {value.shape}"
    return repr(value)
