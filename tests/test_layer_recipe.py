"""The recipe of one layer: what each of its weights starts with, whatever the framework."""

import pytest

from fanwise.adapters.recipes import layer_recipe, layer_schemes
from fanwise.spec.registry import as_scheme, scheme


@pytest.mark.parametrize(
    "name", ["he_normal", "glorot_uniform", "orthogonal", "identity", "sparse"]
)
def test_a_normalization_starts_as_the_identity_where_a_scheme_is_about_matrices(name):
    schemes = layer_schemes(name, name)
    assert schemes["scale"] == as_scheme("ones")
    assert schemes["offset"] == as_scheme("zeros")
    assert schemes["kernel"] == as_scheme(name)


@pytest.mark.parametrize("chosen", [scheme("constant", value=0.5), scheme("he_normal", fan=6)])
def test_a_normalization_takes_a_scheme_that_fits_a_vector(chosen):
    schemes = layer_schemes(chosen, chosen)
    assert schemes["scale"] == schemes["offset"] == chosen


def test_what_is_none_has_no_rule():
    assert {rule.role for rule in layer_recipe(None, "zeros").rules} == {"bias", "offset"}
    assert "kernel" not in layer_schemes(None, "zeros")
    assert "bias" not in layer_schemes("ones", None)


def test_the_second_of_two_biases_starts_at_zero_and_a_forget_bias_as_the_bias():
    schemes = layer_schemes("he_normal", "ones")
    assert schemes["recurrent_bias"] == as_scheme("zeros")
    assert schemes["forget_bias"] == as_scheme("ones")
