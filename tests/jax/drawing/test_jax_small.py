"""What is asked of a key and of JAX's state quickly is what operations on arrays tell."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.calls import outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fanwise
import fanwise.jax as fj
from fanwise.adapters.jax.drawing import keys, portable, tracing
from fanwise.adapters.jax.drawing.dtypes import checked_dtype, resolved_dtype
from fanwise.spec.errors import FanwiseError

IMPLEMENTATIONS = ("threefry2x32", "rbg", "unsafe_rbg")
SCHEMES = (
    fanwise.scheme("he_normal"),
    fanwise.scheme("glorot_uniform"),
    fanwise.scheme("truncated_normal", std=0.02),
    fanwise.scheme("constant", value=0.1),
    fanwise.scheme("constant", value=70000.0),
)


def told(weight):
    """All that may be seen of a weight."""
    return weight.dtype, weight.shape, weight.weak_type, np.asarray(weight).tobytes()


@given(st.integers(0, 2**63 - 1), st.sampled_from(IMPLEMENTATIONS), st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_key_is_read_as_it_is_computed_with(seed, implementation, typed):
    key = jax.random.key(seed, impl=implementation)
    key = key if typed else jax.random.key_data(key)
    low, high = (int(word) for word in keys.seed_words(key))
    assert keys.seed_of_key(key) == high << 32 | low


@pytest.mark.parametrize(
    "key",
    [None, 3, "key", np.zeros(2, np.int32), np.zeros((3, 2), np.uint32), jnp.zeros(2)],
    ids=str,
)
def test_what_is_no_key_is_refused_in_the_same_words(key):
    with pytest.raises(FanwiseError) as computed:
        keys.seed_words(key)
    with pytest.raises(FanwiseError) as read:
        keys.seed_of_key(key)
    with pytest.raises(FanwiseError) as refused:
        fj.he_normal()(key, (2, 3), jnp.float32)
    assert str(computed.value) == str(read.value) == str(refused.value)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SCHEMES),
    st.sampled_from([(64,), (8, 6), [4, 5], (0, 5), (3, 2, 4, 5), (2.0, 3), (-1, 2)]),
    st.sampled_from([None, "float32", jnp.bfloat16, np.float16, "float64", "int8", "none"]),
    st.sampled_from([None, 5, 1 << 63]),
    st.sampled_from([None, "a/kernel"]),
    st.integers(0, 3),
)
def test_a_weight_of_the_host_is_the_one_that_jax_computes(scheme, shape, dtype, seed, path, key):
    """Where the quick way is closed, a weight is drawn by operations of JAX."""
    # The streams of a seed in use are another matter, and warned of elsewhere.
    init = fj.initializer(scheme, path=path, seed=seed)
    draw = lambda: init(jax.random.key(key), shape, dtype)  # noqa: E731
    quick = outcome(draw, told)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portable, "_suits_host", lambda *_, **__: False)
        assert outcome(draw, told) == quick


def asked():
    """Both answers to whether what is made now is traced."""
    return tracing.is_tracing(), isinstance(jnp.zeros(()), jax.core.Tracer)


def under_transforms():
    """The answers inside everything that traces, or only seems to."""
    answers = [asked()]
    note = lambda x: answers.append(asked()) or x  # noqa: E731
    one = jnp.ones(())
    jax.jit(note)(one)
    jax.vmap(note)(jnp.ones(2))
    jax.grad(note)(one)
    jax.eval_shape(note, one)
    jax.make_jaxpr(note)(one)
    jax.lax.scan(lambda carry, _: (note(carry), None), one, None, length=2)
    jax.jit(jax.vmap(note))(jnp.ones(2))
    jax.vmap(jax.jit(note))(jnp.ones(2))

    def inside(x):
        with jax.ensure_compile_time_eval():
            answers.append(asked())
        return note(x)

    jax.jit(inside)(one)
    jax.pure_callback(lambda x: note(np.asarray(x)), one, one)
    with jax.disable_jit():
        jax.jit(note)(one)
    return answers


def test_tracing_is_seen_as_an_array_would_tell():
    answers = under_transforms()
    assert all(quick == slow for quick, slow in answers)
    assert {quick for quick, _ in answers} == {True, False}


def test_without_jax_s_own_word_an_array_is_asked(monkeypatch):
    monkeypatch.setattr(tracing, "_is_clean", lambda: False)
    assert all(quick == slow for quick, slow in under_transforms())


@pytest.mark.parametrize("wide", [False, True])
def test_the_default_dtype_is_that_of_an_array(wide):
    with jax.enable_x64(wide):
        assert resolved_dtype(None) == jnp.zeros(()).dtype


@pytest.mark.parametrize("dtype", ["float32", jnp.bfloat16, np.dtype("float16"), float, complex])
def test_a_dtype_is_looked_up_as_it_is_read(dtype):
    assert checked_dtype(dtype) == checked_dtype(dtype) == np.dtype(jnp.dtype(dtype))
