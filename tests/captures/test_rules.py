"""Rules of a captured recipe: few ones, in an order that gives every weight what was found."""

from __future__ import annotations

import pytest
from common.drawn_builds import Drawn, build, builds_of, dense
from hypothesis import given
from hypothesis import strategies as st

from fanwise.adapters.captures import captured
from fanwise.adapters.recipes import planned_weights
from fanwise.spec.errors import FanwiseError
from fanwise.spec.recipe import recipe
from fanwise.spec.registry import scheme

NORMAL = scheme("normal", std=0.02)


def vector(path: str, role: str, start: object, **more) -> Drawn:
    return Drawn(path, start, (32,), "out", role, more.pop("kind", "norm"), more)


def block(i: int) -> list[Drawn]:
    return [
        dense(f"model/h/{i}/attn/q", NORMAL),
        dense(f"model/h/{i}/attn/out", scheme("normal", std=0.01), 96, 64),
        dense(f"model/h/{i}/mlp/up", NORMAL),
        vector(f"model/h/{i}/mlp/up/bias", "bias", scheme("zeros"), kind="dense"),
        vector(f"model/h/{i}/norm/scale", "scale", scheme("ones")),
        vector(f"model/h/{i}/norm/offset", "offset", scheme("zeros")),
    ]


def test_a_deep_model_gets_as_few_rules_as_a_shallow_one() -> None:
    deep = [weight for i in range(12) for weight in block(i)]
    found = captured(builds_of(deep, 3), "torch")
    assert not found.unresolved
    assert len(found.recipe.rules) == 5
    assert len(captured(builds_of(block(0), 3), "torch").recipe.rules) == 5


def test_the_first_rule_that_fits_is_that_of_what_was_found() -> None:
    weights = [weight for i in range(4) for weight in block(i)]
    # One layer starts another way, which no rule of a role may take.
    weights[6] = dense("model/h/1/attn/q", scheme("uniform", low=-0.3, high=0.3))
    found = captured(builds_of(weights, 3), "torch")
    for stored, planned in planned_weights(
        found.recipe, build(weights, 5), framework="torch"
    ).plans:
        (drawn,) = (weight for weight in weights if weight.path == stored.weight.path)
        assert planned.resolved.law == drawn.start.law(drawn.shape, drawn.axes)


def test_numbers_that_name_a_layer_are_told_apart_where_they_differ() -> None:
    weights = [
        *(
            dense(f"net/layer_{n}/conv{k}", NORMAL if k < 3 else scheme("zeros"))
            for n in (0, 1)
            for k in (1, 2, 3)
        ),
        *(dense(f"net/{n}", scheme("he_uniform") if n == 4 else NORMAL) for n in range(5)),
    ]
    found = captured(builds_of(weights, 3), "torch")
    plans = planned_weights(found.recipe, build(weights, 5), framework="torch").plans
    zeros = {s.weight.path for s, planned in plans if planned.scheme.name == "zeros"}
    assert zeros == {f"net/layer_{n}/conv3/kernel" for n in (0, 1)}
    assert len(found.recipe.rules) <= 4


def test_what_does_not_train_gets_rules_about_it() -> None:
    frozen = {"trains": False}
    weights = [
        dense("a", NORMAL),
        dense("b", NORMAL, **frozen),
        vector("table", "", lambda random, w: range(32), kind="parameter", **frozen),
        vector("mean", "mean", scheme("zeros")),
        vector("variance", "variance", scheme("ones")),
    ]
    found = captured(builds_of(weights, 3), "torch")
    assert not found.unresolved
    by_frozen = {rule.frozen: rule for rule in found.recipe.rules}
    assert set(by_frozen) == {True, False}
    assert not any(rule.role in ("mean", "variance") for rule in found.recipe.rules)
    assert any(rule.keeps for rule in found.recipe.rules)
    planned_weights(found.recipe, build(weights, 5), framework="torch")


def test_a_model_of_running_statistics_alone_has_a_recipe() -> None:
    weights = [vector("mean", "mean", scheme("zeros"))]
    found = captured(builds_of(weights, 2), "torch")
    assert recipe(found.recipe.to_toml()) == found.recipe


def test_the_halves_of_a_lora_are_named_by_their_rules() -> None:
    weights = [
        dense("q", NORMAL),
        dense("q/lora_A/default", scheme("he_uniform")),
        dense("q/lora_B/default", scheme("zeros"), 96, 64),
    ]
    found = captured(builds_of(weights, 3), "torch")
    planned_weights(found.recipe, build(weights, 5), framework="torch")


def test_a_square_matrix_names_the_scheme_that_it_may_be_of_as_well() -> None:
    found = captured(builds_of([dense("w", scheme("lecun_uniform"), 128, 128)]), "torch")
    (rule,) = found.recipe.rules
    assert rule.init == {"scheme": "glorot_uniform"}
    assert "lecun_uniform fits as well" in rule.comment
    assert "a build with in != out" in rule.comment


def test_a_square_matrix_follows_the_other_layers_of_its_model() -> None:
    for name in ("glorot_uniform", "lecun_uniform"):
        square = dense("square", scheme(name), 256, 256)
        found = captured(builds_of([square, dense("wide", scheme(name), 64, 200)]), "torch")
        assert [rule.init for rule in found.recipe.rules] == [{"scheme": name}]


def test_builds_of_different_models_are_refused_by_the_paths_that_differ() -> None:
    with pytest.raises(FanwiseError, match="build 2, which differs in b/kernel"):
        captured(
            [build([dense("a", NORMAL)], 0), build([dense("a", NORMAL), dense("b", NORMAL)], 1)],
            "torch",
        )


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_builds_are_refused(count: int) -> None:
    with pytest.raises(FanwiseError, match="at least 2 builds"):
        captured(builds_of([dense("a", NORMAL)], count), "torch")


def test_a_model_without_weights_is_refused() -> None:
    with pytest.raises(FanwiseError, match="a model with weights"):
        captured([(), ()], "torch")


@given(
    st.lists(
        st.text(st.characters(exclude_characters="/"), min_size=1, max_size=12),
        min_size=1,
        max_size=6,
        unique=True,
    ),
    st.text(max_size=20),
)
def test_the_text_of_a_recipe_is_read_back_whatever_its_paths_are(names, model) -> None:
    starts = [NORMAL, scheme("ones"), lambda random, w: random.laplace(size=w.shape)]
    weights = [dense(name, starts[n % 3], 12, 40) for n, name in enumerate(names)]
    found = captured(builds_of(weights, 2), "torch", model=model)
    text = found.recipe.to_toml()
    assert recipe(text) == found.recipe
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    planned_weights(found.recipe, build(weights, 5), framework="torch")
