"""Every scheme of the catalogue has a function, made in one loop where JAX has no name for it."""

import inspect
import tomllib
from importlib import resources

import jax
import jax.numpy as jnp
import pytest
from common.bits import same_bits
from flax import linen

import fanwise
import fanwise.jax as init
from fanwise.adapters.jax.initializers.catalogue import FUNCTIONS, scheme_functions
from fanwise.spec.catalogue import catalogue, parse

FAKE = {
    "summary": "Normal with variance 3 / fan_out.",
    "reference": "Nobody.",
    "distribution": {"kind": "normal"},
    "scale": {"rule": "variance", "scale": 3.0, "fan": "fan_out"},
    "parameters": ["fan", "groups"],
}


def entries(**more):
    """The catalogue with further schemes."""
    text = resources.files("fanwise.spec").joinpath("schemes.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return parse({**data, "schemes": {**data["schemes"], **more}}).entries


def test_a_scheme_that_the_catalogue_gains_has_a_function_at_once():
    known = scheme_functions(entries())
    functions = scheme_functions(entries(shiny_normal=FAKE))
    assert set(functions) - set(known) == {"shiny_normal"}
    parameters = inspect.signature(functions["shiny_normal"]).parameters
    assert list(parameters) == ["dtype", "fan", "groups", "axes", "seed", "path", "engine"]
    assert parameters["seed"].kind is inspect.Parameter.KEYWORD_ONLY
    assert "variance 3 / fan_out" in functions["shiny_normal"].__doc__


def test_every_scheme_is_a_function():
    for name in catalogue().entries:
        assert callable(getattr(init, name)), name
        assert name in init.__all__


def test_those_that_jax_names_have_its_signature():
    assert set(FUNCTIONS) == {"torch_default", "identity", "dirac", "sparse"}
    assert not set(FUNCTIONS) & set(vars(jax.nn.initializers))
    for name in ("he_normal", "variance_scaling", "orthogonal", "truncated_normal"):
        ours = list(inspect.signature(getattr(init, name)).parameters)
        theirs = list(inspect.signature(getattr(jax.nn.initializers, name)).parameters)
        assert ours == [*theirs, "seed", "path", "engine"], name


DRAWN = {
    "torch_default": (init.torch_default(fan=9, seed=1, path="b"), {"fan": 9}, (8,)),
    "identity": (init.identity(2.0, seed=1, path="b"), {"gain": 2.0}, (8, 6)),
    "dirac": (init.dirac(groups=2, seed=1, path="b"), {"groups": 2}, (3, 4, 8)),
    "sparse": (init.sparse(0.5, seed=1, path="b"), {"sparsity": 0.5}, (8, 6)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_made_function_draws_its_scheme(name):
    initializer, parameters, shape = DRAWN[name]
    scheme = fanwise.scheme(name, **parameters)
    wanted = fanwise.sample(scheme, shape, seed=1, path="b")
    assert (initializer(jax.random.key(0), shape) == wanted).all()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_made_function_names_what_it_was_not_given_rightly(name):
    with pytest.raises(TypeError, match=rf"^{name}\(\): .*'pth'"):
        getattr(init, name)(pth="a")


def test_every_name_of_jax_is_a_function():
    names = {name for name in dir(jax.nn.initializers) if not name.startswith("_")}
    assert names - {"Initializer"} <= set(init.__all__)
    assert init.Initializer is jax.nn.initializers.Initializer


def test_a_seeded_initializer_in_a_box_of_flax():
    """Which sets names of axes beside the weight that it draws."""
    x, expected = jnp.ones((2, 4)), fanwise.sample("he_normal", (4, 3), seed=1, path="boxed")
    for box in (linen.with_partitioning, linen.with_logical_partitioning):
        boxed = box(init.he_normal(seed=1, path="boxed"), ("embed", "mlp"))
        variables = linen.Dense(3, kernel_init=boxed).init(jax.random.key(0), x)
        kernel = variables["params"]["kernel"]
        assert kernel.names == ("embed", "mlp")
        assert (kernel.value == expected).all()
        del variables, kernel


def draw_by_both_paths(key):
    return [init.he_normal()(key, (4, 3)), init.orthogonal()(key, (3, 3))]


def test_the_modes_of_jax_change_no_bit():
    plain = jax.jit(draw_by_both_paths)(jax.random.key(0))
    for mode in (jax.checking_leaks, jax.disable_jit, lambda: jax.debug_nans(True)):
        with mode():
            drawn = jax.jit(draw_by_both_paths)(jax.random.key(0))
        assert jax.tree.all(jax.tree.map(same_bits, plain, drawn))


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool", "int4", "float8_e4m3fn", "O", "U"])
def test_dtypes_of_no_weight_are_refused(dtype):
    with pytest.raises(fanwise.FanwiseError, match="float16, bfloat16, float32, float64"):
        init.he_normal()(jax.random.key(0), (4, 3), dtype)


def test_the_dtype_of_no_gradient_is_refused():
    with pytest.raises(fanwise.FanwiseError, match="float0"):
        init.he_normal()(jax.random.key(0), (4, 3), jax.dtypes.float0)
