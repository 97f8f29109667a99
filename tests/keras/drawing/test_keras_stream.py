"""The stream and the quantile in graphs, against the known answers of the specification."""

import json
from importlib import resources

import keras
import numpy as np
import pytest
from common.bits import same_bits

from fanwise.core.dtypes import format_of, rounded
from fanwise.core.keys import path_counter
from fanwise.core.philox import words
from fanwise.core.quantile import into_window as into_window_of_the_core
from fanwise.core.quantile import normal_integer, window

VECTORS = json.loads(
    resources.files("fanwise.conformance").joinpath("vectors/stream.json").read_text("utf-8")
)
BACKEND = keras.config.backend()
TENSORFLOW = ("eager", "graph", "xla")
#: An odd number of elements, whole blocks, and more than one block of XLA's.
SIZES = (1, 3, 4, 5, 1023, 65_537)


def run(function, mode, *tensors):
    """A function of tensors in one of the modes, in NumPy."""
    import tensorflow as tf

    compiled = tf.function(function, jit_compile=mode == "xla", autograph=False)
    return (function if mode == "eager" else compiled)(*tensors).numpy()


def hexadecimal(text):
    return [int(word, 16) for word in text.split()]


def joined(low, high):
    return low | high << 32


def known_words(mode):
    from fanwise.adapters.keras.drawing.stream import _philox

    for case in VECTORS["philox"]:
        c0, c1, c2, c3 = hexadecimal(case["counter"])
        counter, key = (joined(c0, c1), joined(c2, c3)), scalar(joined(*hexadecimal(case["key"])))
        found = run(lambda key, counter=counter: _philox(4, key, counter), mode, key)
        assert found.tolist() == hexadecimal(case["words"])
    for case in VECTORS["words"]:
        counter, key = (int(case["first_element"]) >> 2, 0), scalar(int(case["seed"]))
        found = run(lambda key, counter=counter: _philox(4, key, counter), mode, key)
        assert found.tolist() == [int(word, 16) for word in case["words"]]


def known_keys(mode):
    from fanwise.adapters.keras.drawing.stream import stream_key

    for case in VECTORS["keys"]:
        counter = path_counter(case["path"], case["purpose"])
        seed = scalar(int(case["seed"]))
        found = run(lambda seed, counter=counter: stream_key(seed, counter), mode, seed)
        assert int(found) == joined(*hexadecimal(case["key"]))


def words_of_every_size(mode):
    from fanwise.adapters.keras.drawing.stream import stream_words

    key = 0x123456789ABCDEF0
    for size in SIZES:
        found = run(lambda key, size=size: stream_words(size, key), mode, scalar(key))
        wanted = words((key & 0xFFFFFFFF, key >> 32), np.zeros(1, np.uint64), size)[0]
        assert same_bits(found, wanted)


def states_as_seeds(mode):
    import tensorflow as tf

    from fanwise.adapters.keras.drawing.stream import seed_of

    for low, high in ((7, 0), (2**32 - 1, 2**32 - 1), (-1, 1), (0, 2**31)):
        found = run(seed_of, mode, tf.constant([low, high], tf.int64))
        assert int(found) == joined(low & 0xFFFFFFFF, high)


def the_quantile(mode):
    import tensorflow as tf

    from fanwise.adapters.keras.drawing.graph_values import quantile

    for case in VECTORS["words"]:
        drawn = tf.constant([int(word, 16) for word in case["words"]], tf.uint32)
        assert run(quantile, mode, drawn).tolist() == case["normal"]
    chosen = hard_words()
    found = run(quantile, mode, tf.constant(chosen))
    assert (found == normal_integer(chosen)).all()


def the_window(mode):
    import tensorflow as tf

    from fanwise.adapters.keras.drawing.graph_values import into_window

    chosen = hard_words()
    for case in VECTORS["windows"]:
        first, count = case["first"], case["count"]
        assert (first, count) == window(case["low"], case["high"])
        found = run(
            lambda drawn, first=first, count=count: into_window(drawn, first, count),
            mode,
            tf.constant(chosen),
        )
        assert (found == into_window_of_the_core(chosen, first, count)).all()


def the_rounding(mode):
    """About every tie of float16 and bfloat16 in a few octaves, and past both ends of float16."""
    import tensorflow as tf

    from fanwise.adapters.keras.drawing.graph_values import round_to

    powers = np.float32(2.0) ** np.array([-26, -25, -24, -16, -15, -14, -1, 0, 14, 15, 16, 60])
    low = (np.arange(1 << 12) << 11).astype(np.uint32)
    near = (low[:, None] + np.arange(3, dtype=np.uint32)).ravel() - np.uint32(1)
    bits = powers.astype(np.float32).view(np.uint32)[:, None] + near
    values = bits.ravel().view(np.float32)
    values = np.concatenate([values, -values])
    for dtype in ("float16", "bfloat16"):
        found = run(lambda made, dtype=dtype: round_to(made, dtype), mode, tf.constant(values))
        assert found.dtype == dtype
        assert (found.view(np.uint16) == rounded(values, format_of(dtype)).view(np.uint16)).all()


def scalar(number):
    import tensorflow as tf

    return tf.constant(number, tf.uint64)


def hard_words():
    """The words about every power of two, from both ends, and a comb over all of them."""
    near = np.arange(-70, 71)
    powers = (1 << np.arange(33, dtype=np.int64))[:, None] + near
    ends = np.concatenate([powers.ravel(), 2**32 - powers.ravel()]) % 2**32
    return np.concatenate([ends, np.arange(0, 2**32, 65_521)]).astype(np.uint32)


def the_core_alone(mode):
    """Where the backend has no sampler of its own, the host's is what the vectors say."""
    for case in VECTORS["words"]:
        drawn = np.array([int(word, 16) for word in case["words"]], np.uint32)
        assert normal_integer(drawn).tolist() == case["normal"]


CHECKS = (
    known_words,
    known_keys,
    words_of_every_size,
    states_as_seeds,
    the_quantile,
    the_window,
    the_rounding,
)
CASES = {"tensorflow": [(check, mode) for check in CHECKS for mode in TENSORFLOW]}


@pytest.mark.parametrize(("check", "mode"), CASES.get(BACKEND, [(the_core_alone, "eager")]))
def test_the_answers_are_the_known_ones(check, mode):
    check(mode)
