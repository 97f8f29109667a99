"""The portable engine gives the bits of fanwise.sample, however it is run."""

from collections import Counter
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from hypothesis import given, settings
from reference import strategies

import fanwise
import fanwise.jax as initializers
from fanwise.adapters.jax.drawing import portable
from fanwise.core import sampler

pytestmark = pytest.mark.slow

S = fanwise.scheme
SEED = 7 << 32 | 5
KEY = jax.random.wrap_key_data(jnp.array([7, 5], jnp.uint32), impl="threefry2x32")
DTYPES = ("float16", "bfloat16", "float32", "float64")

ELEMENTWISE = {
    "zeros": S("zeros"),
    "constant": S("constant", value=0.3),
    "uniform": S("uniform", low=-0.25, high=1.0),
    "normal": S("normal", std=0.02),
    "normal with mean": S("normal", mean=0.3, std=0.02),
    "one-sided": S("truncated_normal", mean=-0.1, low=0.25, high=3.0),
    "he_normal": S("he_normal"),
    "glorot_uniform": S("glorot_uniform"),
    "kaiming_normal": S("kaiming_normal"),
}
PLACES = {
    "kernel": (3, 3, 5, 7),
    "torch": (11, 6, 3),
    "(3 out) in": (12, 5),
    "batch in out": (2, 9, 4),
}
STRUCTURED = {
    "orthogonal": ("keras_transposed", (3, 8, 4)),
    "delta_orthogonal": ("kernel", (3, 2, 4, 5)),
    "identity": ("batch out in", (2, 4, 6)),
    "dirac": ("torch", (6, 4, 3, 4)),
    "sparse": ("batch out in", (2, 11, 6)),
}
PARAMS = {
    "orthogonal": {"gain": 1.7},
    "delta_orthogonal": {"gain": 0.3},
    "identity": {"gain": 0.3},
    "dirac": {"groups": 2},
    "sparse": {"sparsity": 0.4, "std": 0.1},
}


def eager(init, shape, dtype):
    return init(KEY, shape, dtype)


def jit(init, shape, dtype):
    return jax.jit(lambda key: init(key, shape, dtype))(KEY)


def closed_over(init, shape, dtype):
    return jax.jit(lambda: init(KEY, shape, dtype))()


def vmap(init, shape, dtype):
    both = jnp.stack([jax.random.key(9), KEY])
    return jax.vmap(lambda key: init(key, shape, dtype))(both)[1]


def scan(init, shape, dtype):
    return jax.lax.scan(lambda c, key: (c, init(key, shape, dtype)), 0, KEY[None])[1][0]


def committed(init, shape, dtype):
    return init(jax.device_put(KEY, jax.devices()[0]), shape, dtype)


MODES = (eager, jit, closed_over, vmap, scan, committed)


def same(made, scheme, shape, dtype, **how):
    """Equal to the bit, the sign of zero included."""
    wanted = fanwise.sample(scheme, shape, dtype=dtype, **how)
    found = np.asarray(made)
    assert found.dtype == wanted.dtype
    assert found.shape == wanted.shape
    return found.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_bits_of_the_core(name, mode):
    scheme = ELEMENTWISE[name]
    # Every dtype and place in turn, rather than all with each scheme.
    turn = list(ELEMENTWISE).index(name) + MODES.index(mode)
    dtype = DTYPES[turn // 2 % 4]
    axes, shape = list(PLACES.items())[turn % len(PLACES)]
    path = (None, "encoder/0/dense/kernel")[turn % 2]
    init = initializers.initializer(scheme, axes=axes, path=path)
    with jax.enable_x64(dtype == "float64"):
        made = mode(init, shape, dtype)
    assert same(made, scheme, shape, dtype, seed=SEED, path=path, axes=axes)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", STRUCTURED)
def test_the_bits_of_the_generators(name, mode):
    axes, shape = STRUCTURED[name]
    scheme = S(name, **PARAMS[name])
    dtype = DTYPES[(list(STRUCTURED).index(name) + MODES.index(mode)) % 4]
    init = initializers.initializer(scheme, axes=axes, path="a")
    with jax.enable_x64(dtype == "float64"):
        made = mode(init, shape, dtype)
    assert same(made, scheme, shape, dtype, seed=SEED, path="a", axes=axes)


@settings(max_examples=25, deadline=None)
@given(case=strategies.cases())
def test_any_weight(case):
    """Any shape, axes, scheme, seed, path and dtype: compiled with a traced key."""
    scheme = S(case.scheme, **case.params)
    init = initializers.initializer(scheme, axes=case.axes.pattern, path=case.path)
    high_low = jnp.array([case.seed >> 32, case.seed & 0xFFFFFFFF], jnp.uint32)
    with jax.enable_x64(case.dtype == "float64"):
        made = jax.jit(lambda key: init(key, case.axes.shape, case.dtype))(high_low)
    place = {"seed": case.seed, "path": case.path, "axes": case.axes.pattern}
    with np.errstate(over="ignore"):
        assert same(made, scheme, case.axes.shape, case.dtype, **place)


def test_what_is_drawn_again_and_again_is_compiled_and_the_same(monkeypatch):
    shape, scheme = (37, 41), S("he_normal")
    monkeypatch.setenv("FANWISE_FAST", "0")
    monkeypatch.setattr(portable, "_drawn", Counter())
    monkeypatch.setattr(portable, "_WORTH_COMPILING", 3 * 37 * 41)
    hosted = []

    def counted(*args, **how):
        hosted.append(how)
        return sampler.draw(*args, **how)

    monkeypatch.setattr(
        portable, "sampler", SimpleNamespace(draw=counted, check_law=sampler.check_law)
    )
    for time in range(4):
        path = f"layer/{time}"
        made = initializers.he_normal(path=path)(KEY, shape)
        assert same(made, scheme, shape, "float32", seed=SEED, path=path)
        assert len(hosted) == min(time + 1, 2)
    # A larger one is compiled at once.
    assert same(initializers.he_normal()(KEY, (64, 73)), scheme, (64, 73), "float32", seed=SEED)
    assert len(hosted) == 2


def test_the_core_draws_where_it_has_compiled_code(monkeypatch):
    """Into memory that JAX takes over."""
    given = []
    monkeypatch.setenv("FANWISE_FAST", "1")
    right = portable.jax.device_put
    monkeypatch.setattr(portable.jax, "device_put", lambda x, to: given.append(x) or right(x, to))
    made = initializers.he_normal()(KEY, (400, 300))
    assert same(made, S("he_normal"), (400, 300), "float32", seed=SEED)
    assert made.unsafe_buffer_pointer() == given[0].ctypes.data


def test_a_mean_is_not_fused_into_the_product():
    """One rounding instead of two would show in about a third of the elements."""
    shape = (64, 65)
    for scheme in (S("normal", mean=1 / 3, std=0.7), S("uniform", low=-0.1, high=0.7)):
        init = initializers.initializer(scheme)
        found = np.asarray(jit(init, shape, "float32"))
        assert same_bits(found, fanwise.sample(scheme, shape, seed=SEED))
    fused = fanwise.sample(S("normal", std=0.7), shape, seed=SEED, dtype="float64") + 1 / 3
    exact = fanwise.sample(S("normal", mean=1 / 3, std=0.7), shape, seed=SEED)
    assert (fused.astype(np.float32) != exact).mean() > 0.1


@pytest.mark.parametrize("dtype", DTYPES[:3])
def test_what_follows_in_the_same_program_changes_no_weight(dtype):
    """XLA may fuse, merge factors, and drop a rounding that is undone: not here."""
    scheme, shape = S("normal", std=0.7), (64, 65)
    init = initializers.initializer(scheme, dtype=dtype)
    weight = fanwise.sample(scheme, shape, seed=SEED, dtype=dtype).astype(np.float32)
    wide = jax.jit(lambda key: init(key, shape).astype(jnp.float32))(KEY)
    assert same_bits(wide, weight)
    scaled = jax.jit(lambda key: init(key, shape).astype(jnp.float32) * np.float32(0.3))(KEY)
    assert same_bits(scaled, weight * np.float32(0.3))


@pytest.mark.parametrize("std", [1e-4, 3e-8])
def test_half_precision_at_its_lower_end(std):
    scheme, shape = S("normal", std=std), (128, 130)
    made = jit(initializers.initializer(scheme), shape, "float16")
    assert same(made, scheme, shape, "float16", seed=SEED)
    magnitudes = np.abs(np.asarray(made, np.float32))
    assert ((magnitudes > 0) & (magnitudes < 2.0**-14)).any()


def test_what_half_precision_cannot_hold_is_refused():
    with pytest.raises(fanwise.FanwiseError, match="without overflow"):
        jit(initializers.normal(3e4), (4, 4), "float16")


def test_a_given_seed_counts_instead_of_the_key():
    init = initializers.glorot_normal(seed=2**63 + 1, path="a")
    scheme, shape = S("glorot_normal"), (6, 5)
    for call in (init, jax.jit(init, static_argnums=1)):
        for key in (KEY, jax.random.key(3)):
            assert same(call(key, shape), scheme, shape, "float32", seed=2**63 + 1, path="a")
    assert same(init(None, shape), scheme, shape, "float32", seed=2**63 + 1, path="a")
    with pytest.warns(fanwise.RepeatedStreamWarning, match="several keys"):
        made = jax.vmap(lambda key: init(key, shape))(jnp.stack([KEY, KEY]))
    assert same(made[0], scheme, shape, "float32", seed=2**63 + 1, path="a")


def test_every_kind_of_key_is_a_seed():
    init, shape = initializers.normal(1.0), (5, 4)
    scheme = S("normal")
    for seed in (0, 3, 2**31):
        for key in (jax.random.key(seed), jax.random.PRNGKey(seed), np.array([0, seed], np.uint32)):
            assert same(init(key, shape), scheme, shape, "float32", seed=seed)
    four = jax.random.fold_in(jax.random.key(3, impl="rbg"), 8)
    high, low = (int(word) for word in jax.random.key_data(four)[:2])
    assert same(init(four, shape), scheme, shape, "float32", seed=high << 32 | low)
    assert same(
        jit(lambda key, *a: init(four, *a), shape, None),
        scheme,
        shape,
        "float32",
        seed=high << 32 | low,
    )
    one = jax.random.key(3, impl="philox2x32")
    assert same(init(one, shape), scheme, shape, "float32", seed=int(jax.random.key_data(one)[0]))


@pytest.mark.parametrize("impl", ["threefry2x32", "rbg", "unsafe_rbg"])
def test_split_keys_give_independent_weights(impl):
    keys = jax.random.split(jax.random.key(0, impl=impl), 50)
    drawn = jax.vmap(lambda key: initializers.normal(1.0)(key, (4,)))(keys)
    assert len(np.unique(np.asarray(drawn))) == 200


def test_shapes_without_drawing():
    def init(key):
        return initializers.orthogonal(dtype=jnp.bfloat16)(key, (100_000, 100_000))

    assert jax.eval_shape(init, KEY) == jax.ShapeDtypeStruct((100_000, 100_000), jnp.bfloat16)
    large = jax.eval_shape(lambda: initializers.he_normal()(KEY, (2**20, 2**20)))
    assert large.shape == (2**20, 2**20)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (2, 0, 3)])
def test_empty_weights(shape, mode):
    made = mode(initializers.normal(), shape, jnp.float32)
    assert made.shape == shape
    if len(shape) > 1:
        for init in (initializers.he_normal(), initializers.orthogonal()):
            assert mode(init, shape, jnp.float16).shape == shape


def test_strict_modes_of_jax():
    init, shape = initializers.initializer(S("normal", mean=0.5)), (6, 5)
    with (
        jax.numpy_dtype_promotion("strict"),
        jax.numpy_rank_promotion("raise"),
        jax.debug_nans(True),
        jax.transfer_guard("allow"),
    ):
        made = jit(init, shape, "float16")
        assert same(made, init.scheme, shape, "float16", seed=SEED)
    with jax.disable_jit():
        assert same(vmap(init, shape, "float32"), init.scheme, shape, "float32", seed=SEED)
    with jax.enable_x64(True):
        assert same(jit(init, shape, "float32"), init.scheme, shape, "float32", seed=SEED)
