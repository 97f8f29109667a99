"""Every scheme of the catalogue has a function, made in one loop, with a signature that shows."""

import inspect

import pytest
import torch

import fanwise.torch as init
from fanwise.adapters.torch.initializers import absolute, constant, scaled, structured
from fanwise.adapters.torch.initializers.catalogue import scheme_functions
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
    import tomllib
    from importlib import resources

    text = resources.files("fanwise.spec").joinpath("schemes.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return parse({**data, "schemes": {**data["schemes"], **more}}).entries


def test_a_scheme_that_the_catalogue_gains_has_a_function_at_once():
    known = scheme_functions(entries())
    functions = scheme_functions(entries(shiny_normal=FAKE))
    assert set(functions) - set(known) == {"shiny_normal_"}
    parameters = inspect.signature(functions["shiny_normal_"]).parameters
    assert parameters["seed"].kind is inspect.Parameter.KEYWORD_ONLY
    assert list(parameters) == [
        *("tensor", "generator", "fan", "groups"),
        *("seed", "path", "axes", "engine"),
    ]
    assert "variance 3 / fan_out" in functions["shiny_normal_"].__doc__


def test_every_scheme_is_a_function():
    for name in catalogue().entries:
        assert callable(getattr(init, f"{name}_")), name
        assert f"{name}_" in init.__all__


def test_those_that_torch_names_are_written_by_hand():
    by_hand = {name for module in (absolute, constant, scaled, structured) for name in vars(module)}
    functions = [name for name in torch.nn.init.__all__ if name.endswith("_")]
    assert set(functions) <= by_hand
    for name in functions:
        assert getattr(init, name).__module__ != "fanwise.adapters.torch.initializers.catalogue"


@pytest.mark.parametrize("name", ["lecun_normal_", "torch_default_", "identity_"])
def test_a_made_function_names_what_it_was_not_given_rightly(name):
    with pytest.raises(TypeError, match="pth"):
        getattr(init, name)(torch.empty(2, 2), pth="a")
