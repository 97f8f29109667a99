"""Every scheme of the catalogue has a function, made in one loop where JAX has no name for it."""

import inspect
import tomllib
from importlib import resources

import jax
import pytest

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
