"""The native engine is JAX's own sampler, with the scheme's scale."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import fanwise
import fanwise.jax as initializers

JAX = jax.nn.initializers
KEY = jax.random.key(2)
S = fanwise.scheme
FANS = [
    "glorot_uniform",
    "glorot_normal",
    "lecun_uniform",
    "lecun_normal",
    "he_uniform",
    "he_normal",
]


@pytest.mark.parametrize("name", FANS)
def test_fan_schemes_are_jaxs_own(name):
    shape = (3, 3, 8, 16)
    ours = getattr(initializers, name)(engine="native")(KEY, shape)
    np.testing.assert_allclose(ours, getattr(JAX, name)()(KEY, shape), rtol=1e-6)


OTHERS = {
    "uniform": (initializers.uniform(0.5, engine="native"), JAX.uniform(0.5)),
    "normal": (initializers.normal(0.5, engine="native"), JAX.normal(0.5)),
    "truncated_normal": (
        initializers.truncated_normal(0.5, lower=-1.0, upper=3.0, engine="native"),
        JAX.truncated_normal(0.5, lower=-1.0, upper=3.0),
    ),
    "variance_scaling": (
        initializers.variance_scaling(2.0, "fan_geo_avg", "normal", 0, (1, 2), engine="native"),
        JAX.variance_scaling(2.0, "fan_geo_avg", "normal", 0, (1, 2)),
    ),
    "constant": (
        initializers.initializer(S("constant", value=0.25), engine="native"),
        JAX.constant(0.25),
    ),
    "orthogonal": (initializers.orthogonal(2.0, engine="native"), JAX.orthogonal(2.0)),
    "orthogonal columns": (
        initializers.orthogonal(column_axis=0, engine="native"),
        JAX.orthogonal(column_axis=0),
    ),
    "delta_orthogonal": (initializers.delta_orthogonal(engine="native"), JAX.delta_orthogonal()),
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_others_too(name):
    ours, theirs = OTHERS[name]
    shape = (5, 6, 8)
    np.testing.assert_allclose(ours(KEY, shape), theirs(KEY, shape), rtol=1e-6, atol=1e-9)


def test_compiled():
    init = initializers.he_normal(engine="native")
    compiled = jax.jit(lambda key: init(key, (5, 6)))(KEY)
    np.testing.assert_allclose(compiled, JAX.he_normal()(KEY, (5, 6)), rtol=1e-5)


def test_a_mean_is_added():
    for scheme, mean in (
        (S("normal", mean=3.0, std=0.1), 3.0),
        (S("uniform", low=2.0, high=3.0), 2.5),
        (S("truncated_normal", mean=3.0, std=0.1, low=-2.0, high=2.0), 3.0),
    ):
        made = initializers.initializer(scheme, engine="native")(KEY, (50, 50))
        assert abs(float(made.mean()) - mean) < 0.03
        assert float(made.std()) == pytest.approx(scheme.std((50, 50)), rel=0.1)


def test_a_batch_of_orthogonal_matrices():
    init = initializers.initializer("orthogonal", axes="batch out in", engine="native")
    made = init(KEY, (3, 4, 6))
    np.testing.assert_allclose(
        made @ made.swapaxes(1, 2), np.broadcast_to(np.eye(4), (3, 4, 4)), atol=1e-5
    )
    assert not np.allclose(made[0], made[1])
    assert init(KEY, (3, 4, 6), jnp.bfloat16).dtype == jnp.bfloat16


def test_a_seed_is_the_key_and_a_path_is_folded_in():
    shape = (4, 4)
    plain = initializers.normal(engine="native")(KEY, shape)
    np.testing.assert_array_equal(initializers.normal(seed=2, engine="native")(None, shape), plain)
    one = initializers.normal(seed=2, path="a", engine="native")(None, shape)
    two = initializers.normal(seed=2, path="b", engine="native")(None, shape)
    large = initializers.normal(seed=2 + 2**32, engine="native")(None, shape)
    drawn = [np.asarray(w).tobytes() for w in (plain, one, two, large)]
    assert len(set(drawn)) == 4
    np.testing.assert_array_equal(initializers.normal(path="a", engine="native")(KEY, shape), one)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
@pytest.mark.parametrize("name", ["he_normal", "glorot_uniform", "normal", "orthogonal"])
def test_empty_weights(name, shape):
    assert initializers.initializer(name, engine="native")(KEY, shape).shape == shape


@pytest.mark.parametrize("distribution", ["uniform", "normal", "truncated_normal"])
def test_complex_weights(distribution):
    scaling = (2.0, "fan_in", distribution)
    ours = initializers.variance_scaling(*scaling, dtype=jnp.complex64, engine="native")
    theirs = JAX.variance_scaling(*scaling, dtype=jnp.complex64)
    np.testing.assert_allclose(ours(KEY, (16, 8)), theirs(KEY, (16, 8)), rtol=1e-5)


def test_jax_has_no_complex_cut_elsewhere():
    init = initializers.truncated_normal(lower=-1.0, dtype=jnp.complex64, engine="native")
    with pytest.raises(fanwise.FanwiseError, match="two standard deviations only"):
        init(KEY, (4, 4))
