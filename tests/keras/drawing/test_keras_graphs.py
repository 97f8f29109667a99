"""Seeds that are traced, and what a compiled function holds: the bits stay those of the core."""

import contextlib

import keras
import numpy as np
import pytest
from common.bits import same_bits
from common.keras_draws import draws, expected
from hypothesis import HealthCheck, given, settings

import fanwise.keras as fk
from fanwise import FanwiseError, sample, scheme
from fanwise.adapters.keras.conformance.adapter import adapter
from fanwise.adapters.keras.drawing import graphs, portable
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.protocol import Draw

BACKEND = keras.config.backend()
#: The compiled ways, or the only way.
MODES = adapter().modes[1:] or adapter().modes
SCHEMES = (
    scheme("glorot_normal"),
    scheme("normal", mean=0.5, std=2.0),
    scheme("uniform", low=-1.0, high=3.0),
    scheme("truncated_normal", mean=0.3, std=0.02, low=-1.0, high=3.0),
    # As large as float16 holds.
    scheme("normal", std=1e4),
    scheme("normal", std=1e-7),
)
NEXT = 2**32


def bits(shape, seed, path=None):
    return sample("he_normal", shape, seed=seed, path=path).tobytes()


def words_of(generator):
    return [int(word) for word in array(generator.state)]


def compiled(function, generator):
    """A compiled function that draws from a generator, and leaves it advanced."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(function)
    if BACKEND == "jax":
        import jax

        @jax.jit
        def stateless(state):
            with keras.StatelessScope(state_mapping=[(generator.state, state)]) as scope:
                made = function()
            return made, scope.get_current_value(generator.state)

        def run():
            made, state = stateless(generator.state.value)
            generator.state.assign(state)
            return made

        return run
    if BACKEND == "torch":
        import torch

        return torch.compile(function, backend="eager")
    return function


# A busy machine must not fail it.
@pytest.mark.parametrize("mode", MODES)
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(draw=draws(SCHEMES))
def test_any_draw_from_a_traced_seed_is_the_reference(mode, draw):
    found, wanted = adapter().portable(draw, mode), expected(draw)
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    assert same_bits(found, wanted)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "given_scheme",
    [
        scheme("normal", mean=0.3, std=0.02),
        scheme("uniform", low=-0.1, high=0.3),
        scheme("truncated_normal", mean=0.3, std=0.02),
    ],
)
def test_the_mean_is_added_in_a_rounding_of_its_own(given_scheme, dtype, mode):
    """A fused product and sum would differ in about one element of 40."""
    draw = Draw(given_scheme, (61, 67), 2**40 + 7, "a/kernel", "kernel", dtype)
    assert same_bits(adapter().portable(draw, mode), expected(draw))


def test_a_seed_generator_advances_in_a_compiled_function():
    generator = keras.random.SeedGenerator(3)
    draw, other = fk.HeNormal(generator), fk.HeNormal(generator, path="a/kernel")
    function = compiled(lambda: (draw((4, 4)), other((4, 4))), generator)
    for call in range(2):
        first, second = function()
        seed = 3 + 2 * call * NEXT
        assert array(first).tobytes() == bits((4, 4), seed)
        assert array(second).tobytes() == bits((4, 4), seed + NEXT, "a/kernel")
    assert array(draw((4, 4))).tobytes() == bits((4, 4), 3 + 4 * NEXT)
    assert words_of(generator) == [3, 5]


def test_a_constant_advances_nothing_in_a_compiled_function():
    generator = keras.random.SeedGenerator(3)
    shape = (512, 512)
    draw = fk.SchemeInitializer(scheme("constant", value=0.1), generator)
    made = compiled(lambda: draw(shape), generator)()
    assert (array(made) == np.float32(0.1)).all()
    assert words_of(generator) == [3, 0]


@pytest.mark.parametrize("shape", [(4,), (4, 0), (4, 4)])
def test_errors_in_a_compiled_function_leave_the_generator(shape):
    generator = keras.random.SeedGenerator(3)
    draw = fk.HeNormal(generator)
    dtype, words = ("float32", "two axes") if len(shape) == 1 else ("int32", "a dtype of float16")
    with pytest.raises(FanwiseError, match=words):
        # Not compiled by autograph, which would raise an error of its own.
        traced(lambda: draw(shape, dtype), generator)
    assert words_of(generator) == [3, 0]


def traced(function, generator):
    """Run a function under the backend's trace, with errors as they are."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(function, autograph=False)()
    return compiled(function, generator)()


class Noisy(keras.layers.Layer):
    """A layer that draws anew each time that it runs."""

    def __init__(self):
        super().__init__()
        self.generator = keras.random.SeedGenerator(5)
        self.draw = fk.HeNormal(self.generator)

    def call(self, x):
        return x + self.draw((4, 3))


# Keras turns tensors of torch into NumPy arrays in a way that NumPy 2 warns of.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_model_that_draws_while_it_runs():
    inputs = keras.Input(batch_shape=(4, 3))
    model = keras.Model(inputs, Noisy()(inputs))
    generator = model.layers[-1].generator
    start = words_of(generator)[1]
    # One step is compiled, the other runs the compiled step again.
    made = [array(model.predict_on_batch(np.zeros((4, 3), "float32"))) for _ in range(2)]
    for step, noise in enumerate(made):
        assert noise.tobytes() == bits((4, 3), 5 + (start + step) * NEXT)


LARGE = (513, 128)


def graph_bytes(function):
    """How many bytes a compiled function takes, without its result; the result as well."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        concrete = tf.function(function).get_concrete_function()
        return concrete.graph.as_graph_def().ByteSize(), concrete()
    if BACKEND == "jax":
        import jax

        return sum(leaf.nbytes for leaf in jax.make_jaxpr(function)().consts), jax.jit(function)()
    return 0, function()


def test_a_large_weight_is_no_constant_of_the_graph(monkeypatch):
    seed = 2**64 - 3
    draw, wanted = fk.HeNormal(seed, path="p"), bits(LARGE, seed, "p")
    held, made = graph_bytes(lambda: draw(LARGE))
    assert array(made).tobytes() == wanted
    assert held < 40_000
    # What is asked of it is seen: as a constant, the weight does show.
    monkeypatch.setattr(portable, "LARGEST_CONSTANT", 10**9)
    held, made = graph_bytes(lambda: draw(LARGE))
    assert array(made).tobytes() == wanted
    assert (held >= len(wanted)) == (BACKEND in ("tensorflow", "jax"))


def test_a_structured_weight_is_built_on_the_host():
    draw = fk.Orthogonal(1.0, 3)
    made = compiled(lambda: draw((300, 300)), keras.random.SeedGenerator(3))()
    assert same_bits(array(made), sample("orthogonal", (300, 300), seed=3))


def structured_on_tensorflow():
    generator = keras.random.SeedGenerator(3)
    draw = fk.Orthogonal(1.0, generator)
    with pytest.raises(FanwiseError, match="orthogonal is built on the host"):
        traced(lambda: draw((4, 4)), generator)
    assert words_of(generator) == [3, 0]


def a_model_built_in_a_graph():
    import tensorflow as tf

    layer = keras.layers.Dense(300, kernel_initializer=fk.HeNormal(keras.random.SeedGenerator(5)))
    tf.function(layer)(tf.ones((1, 300)))
    assert array(layer.kernel).tobytes() == bits((300, 300), 5)


def a_variable_made_in_a_graph():
    """TensorFlow lifts the operations of its first value out of the function."""
    import tensorflow as tf

    held = []

    @tf.function
    def function():
        if not held:
            held.append(tf.Variable(lambda: fk.HeNormal(5)(LARGE)))
        return held[0].read_value()

    assert array(function()).tobytes() == bits(LARGE, 5)
    assert array(held[0]).tobytes() == bits(LARGE, 5)


def a_generator_without_a_scope():
    """Keras would leave a traced value in it."""
    import jax

    generator = keras.random.SeedGenerator(3)
    draw = fk.HeNormal(generator)
    with pytest.raises(FanwiseError, match="StatelessScope"):
        jax.jit(lambda: draw((4, 4)))()
    assert array(draw((4, 4))).tobytes() == bits((4, 4), 3)


def mapped_seeds():
    import jax

    generator = keras.random.SeedGenerator(0)

    def one(state):
        with keras.StatelessScope(state_mapping=[(generator.state, state)]):
            return fk.HeNormal(generator)((4, 4))

    states = np.array([[3, 0], [9, 1]], "uint32")
    first, second = jax.vmap(one)(states)
    assert array(first).tobytes() == bits((4, 4), 3)
    assert array(second).tobytes() == bits((4, 4), 9 + NEXT)
    assert words_of(generator) == [0, 0]


def structured_on_jax():
    generator = keras.random.SeedGenerator(3)
    draw = fk.Orthogonal(1.0, generator)
    made = compiled(lambda: draw((6, 4)), generator)()
    assert same_bits(array(made), sample("orthogonal", (6, 4), seed=3))
    assert words_of(generator) == [3, 1]


def nothing_is_traced():
    assert not graphs.tracing(keras.random.SeedGenerator(3))


OWN = {
    "tensorflow": (structured_on_tensorflow, a_model_built_in_a_graph, a_variable_made_in_a_graph),
    "jax": (a_generator_without_a_scope, mapped_seeds, structured_on_jax),
}


@pytest.mark.parametrize("check", OWN.get(BACKEND, (nothing_is_traced,)))
def test_what_is_so_on_this_backend(check):
    check()


def test_tracing_is_seen():
    generator, seen = keras.random.SeedGenerator(3), []
    assert not graphs.tracing(generator)
    with contextlib.suppress(FanwiseError):
        traced(lambda: seen.append(graphs.tracing(0)) or keras.ops.zeros(()), generator)
    assert seen == [BACKEND in ("tensorflow", "jax")]
