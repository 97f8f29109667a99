"""Schemes by name: one name has one meaning, and plain parameters one scheme."""

import pytest

import fanwise
from fanwise.spec import registry
from fanwise.spec.errors import FanwiseError


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})


def test_a_scheme_of_plain_parameters_is_made_once() -> None:
    first = registry.scheme("kaiming_normal", mode="fan_out", a=0.5)
    assert registry.scheme("kaiming_normal", mode="fan_out", a=0.5) is first
    assert registry.scheme("kaiming_normal", a=0.5, mode="fan_out") == first


def test_parameters_may_have_the_names_of_the_function_s_own_arguments() -> None:
    with pytest.raises(FanwiseError, match="the parameters of zeros"):
        registry.scheme("zeros", name_="x")
    with pytest.raises(FanwiseError, match="the parameters of zeros"):
        registry.scheme("zeros", _=1)


def test_a_registered_name_is_known_everywhere() -> None:
    bert = registry.scheme("truncated_normal", std=0.02).named("bert")
    assert registry.register(bert) is bert
    assert "bert" in registry.schemes()
    assert registry.as_scheme("bert") is registry.as_scheme(bert) is bert
    assert registry.scheme("bert", std=0.5).params != bert.params
    assert fanwise.sample("bert", (3, 4), seed=0).std() < 0.1


def test_an_unknown_name_is_told_though_it_was_asked_before() -> None:
    for _ in range(2):
        with pytest.raises(FanwiseError, match="he_normal"):
            registry.scheme("he_norml")
    registry.register(registry.scheme("normal").named("he_norml"))
    assert registry.scheme("he_norml").family == "normal"


@pytest.mark.parametrize("word", ["own", "keep"])
def test_what_stands_for_a_scheme_in_a_rule_is_none(word):
    with pytest.raises(FanwiseError, match="a name that is still free"):
        fanwise.register(fanwise.scheme("ones").named(word))
    with pytest.raises(FanwiseError, match="It stands in the rules of a recipe"):
        fanwise.scheme(word)
