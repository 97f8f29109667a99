"""What an error says to paste: rules for weights without one, and recipes that fit."""

import itertools
import re
from dataclasses import replace

import pytest

import fanwise
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.globs import LONGEST
from fanwise.spec.mending import mended_toml, with_lines
from fanwise.spec.plan import plan
from fanwise.spec.problems import Holding, check_problems
from fanwise.spec.suggested_rules import suggested_rules
from fanwise.spec.weights import Start, Weight

ONES = Holding("all 1", "ones")


def norm(path, **facts):
    return Weight(path, (4,), "out", "", "parameter", class_name="models.LlamaRMSNorm", **facts)


def kernel(path, shape=(64, 256), **facts):
    return Weight(path, shape, "torch", "kernel", "dense", class_name="torch.nn.Linear", **facts)


NORMS = [norm(f"layers/{i}/{place}/weight") for i in range(3) for place in ("before", "after")]
KERNELS = [kernel(f"layers/{i}/up/kernel") for i in range(3)]


def problems_of(recipe, weights, observe=None):
    return plan(fanwise.recipe(recipe), weights, is_dry=True, observe=observe).problems


def mended(recipe, weights, observe=None):
    given = fanwise.recipe(recipe)

    def make_plan(chosen):
        return plan(chosen, weights, framework="torch", is_dry=True, observe=observe)

    text = mended_toml(given, make_plan, observe)
    if text:
        plan(fanwise.recipe(text), weights, framework="torch")  # which raises if it does not fit
    return text


def start_of(text, weights, path):
    chosen = plan(fanwise.recipe(text), weights, framework="torch").planned
    return next(str(planned.scheme) for planned in chosen if planned.weight.path == path)


def test_a_recipe_that_extends_has_no_table_of_names_that_it_does_not_change():
    text = mended("gpt2", [*KERNELS, *NORMS], lambda weight: ONES)
    assert 'extends = "gpt2"' in text
    assert "[names" not in text


def test_weights_without_a_rule_are_told_in_groups_with_what_they_hold():
    recipe = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    weights = [*KERNELS, *NORMS, Weight("token", (1, 8), "torch", "", "parameter")]
    (problem,) = problems_of(recipe, weights, lambda weight: ONES)
    assert problem.kind == "unruled"
    assert [str(group) for group in problem.groups] == [
        "6 × LlamaRMSNorm.weight (4,), all 1",
        "1 × token (1, 8), all 1",
    ]
    assert problem.paths == (*(weight.path for weight in NORMS), "token")
    assert "6 × LlamaRMSNorm.weight (4,), all 1, e.g. layers/0/before/weight" in str(problem.error)


def test_many_groups_are_cut():
    weights = [Weight(f"w{i}", (i + 1,), "torch", "", "parameter") for i in range(20)]
    (_, problem) = problems_of({"fanwise": 1, "rule": [{"role": "mean", "init": "ones"}]}, weights)
    assert "and 8 more kinds" in str(problem.error)


def test_all_problems_are_told_in_one_error():
    recipe = {"fanwise": 1, "rule": [{"match": "**/atention/*", "init": "ones"}]}
    recipe["names"] = {"torch": {"x": "y"}}
    with pytest.raises(FanwiseError, match="one with 3 problems") as caught:
        plan(fanwise.recipe(recipe), NORMS, framework="torch")
    kinds = [problem.kind for problem in caught.value.problems]
    assert kinds == ["unused name", "unused rule", "unruled"]
    assert "\n3. 6 of the weights have no rule" in str(caught.value)


def test_an_error_keeps_its_problems_with_a_context_and_between_processes():
    import pickle

    (problem,) = problems_of({"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}, NORMS)
    with pytest.raises(FanwiseError) as caught:
        check_problems([problem], "fanwise = 1\n")
    error = pickle.loads(pickle.dumps(caught.value.within("a context")))
    assert error.problems[0].paths == problem.paths
    assert str(error).endswith("This recipe would fit:\n\nfanwise = 1\n")


def test_a_rule_is_suggested_for_all_layers_of_a_class_where_no_other_weight_fits_it():
    (rule,) = suggested_rules(NORMS, KERNELS, lambda weight: ONES)
    assert (rule.class_name, rule.match, dict(rule.init)) == (
        "LlamaRMSNorm",
        "**/weight",
        {"scheme": "ones"},
    )
    # One of the class has a rule already: only places are left.
    rules = suggested_rules(NORMS[1:], NORMS[:1], lambda weight: ONES)
    assert [rule.match for rule in rules] == ["layers/*/after/weight"] + [
        f"layers/{i}/before/weight" for i in (1, 2)
    ]


def test_weights_of_one_class_that_hold_other_values_get_rules_of_their_own():
    def observe(weight):
        return ONES if "before" in weight.path else Holding("all 0", "zeros")

    rules = suggested_rules(NORMS, [], observe)
    assert {rule.match: rule.init["scheme"] for rule in rules} == {
        "layers/*/before/weight": "ones",
        "layers/*/after/weight": "zeros",
    }


def test_small_samples_of_one_law_get_one_rule():
    """Of eight values the deviation is far from that of their law."""
    weights = [Weight(f"layers/{i}/shift", (8,), "out", "", "parameter") for i in range(40)]
    stds = {weight.path: 0.01 * (1 + i % 3) for i, weight in enumerate(weights)}

    def observe(weight):
        return Holding("values", {"scheme": "normal", "std": stds[weight.path]})

    (rule,) = suggested_rules(weights, [], observe)
    assert rule.init == {"scheme": "normal", "std": 0.02}
    large = [replace(weight, shape=(800,)) for weight in weights]
    (rule,) = suggested_rules(large, [], observe)
    assert rule.init == {"scheme": "keep"}  # of several laws


def test_a_sample_is_named_by_the_scheme_that_gives_it_or_by_its_numbers():
    kaiming = Holding("normal, std 0.088", {"scheme": "normal", "std": 0.0881})
    (rule,) = suggested_rules(KERNELS, [], lambda weight: kaiming)
    assert (rule.layer, rule.role, rule.init) == ("dense", "kernel", {"scheme": "kaiming_normal"})
    stds = iter([0.0198, 0.0201, 0.0203])
    held = {weight.path: next(stds) for weight in KERNELS}

    def observe(weight):
        return Holding("normal", {"scheme": "normal", "std": held[weight.path]})

    (rule,) = suggested_rules(KERNELS, [], observe)
    assert rule.init == {"scheme": "normal", "std": 0.0201}


def test_many_weights_of_one_place_that_hold_other_laws_stay_as_they_are():
    weights = [kernel(f"layers/{i}/up/kernel") for i in range(5)]

    def observe(weight):
        number = int(weight.path.split("/")[1])
        return Holding("normal", {"scheme": "normal", "std": 0.02 / 2**number})

    rules = suggested_rules(weights, [], observe)
    assert [(rule.match, rule.init["scheme"]) for rule in rules] == [("layers/*/up/kernel", "keep")]
    few = suggested_rules(weights[:4], [], observe)
    assert [rule.init["std"] for rule in few] == [0.02, 0.01, 0.005, 0.0025]


@pytest.mark.parametrize(
    ("weight", "observe", "init"),
    [
        (norm("a/weight", trains=False), lambda weight: ONES, "keep"),
        (norm("a/weight", own=Start(fanwise.scheme("zeros"))), None, "own"),
        (
            norm("a/weight", own=Start(fanwise.scheme("normal"))),
            lambda weight: Holding("normal", {"scheme": "normal", "std": 3}),
            "own",
        ),
        (norm("a/weight", own=Start(fanwise.scheme("normal"))), lambda weight: ONES, "ones"),
        (norm("a/weight"), lambda weight: Holding("values of std 3"), "keep"),
        (Weight("a/bias", (4,), "out", "bias", "dense"), None, "zeros"),
        (kernel("a/kernel"), None, "glorot_uniform"),
        (kernel("a/kernel"), lambda weight: Holding(""), "glorot_uniform"),
    ],
)
def test_what_is_suggested_depends_on_what_is_known(weight, observe, init):
    (rule,) = suggested_rules([weight], [], observe)
    assert rule.init == {"scheme": init}
    assert rule.frozen is not weight.trains


def test_a_recipe_with_a_name_is_extended():
    text = mended("torch_default", [*KERNELS, *NORMS], lambda weight: ONES)
    assert text == (
        'fanwise = 1\nextends = "torch_default"\n\n'
        '[[rule]]\nclass = "LlamaRMSNorm"\nmatch = "**/weight"\ninit = "ones"\n'
    )


def test_changed_variables_stay_changed():
    given = fanwise.recipe("gpt2", std=0.5)
    weights = [*KERNELS, *NORMS]
    text = mended(given, weights, lambda weight: ONES)
    assert "[vars]\nstd = 0.5\n" in text
    assert 'unused = ["residual of attention"' in text
    assert start_of(text, weights, KERNELS[0].path) == "scheme('normal', std=0.5)"


def test_a_mistyped_pattern_is_corrected_where_the_model_has_one_like_it():
    rules = [{"match": "layers/*/uq/kernel", "init": "ones"}, {"match": "**", "init": "zeros"}]
    text = mended({"fanwise": 1, "rule": rules}, [*KERNELS, *NORMS])
    assert start_of(text, [*KERNELS, *NORMS], KERNELS[0].path) == "scheme('zeros')"
    rules[0]["match"] = "layer/*/up/kernel"
    text = mended({"fanwise": 1, "rule": rules}, [*KERNELS, *NORMS])
    assert start_of(text, [*KERNELS, *NORMS], KERNELS[0].path) == "scheme('ones')"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"class": "LlamaRMSNrom"}, 'class = "LlamaRMSNorm"'),
        ({"layer": "dens"}, 'layer = "dense"'),
    ],
)
def test_a_mistyped_class_or_kind_is_corrected(wrong, right):
    rules = [{**wrong, "init": "ones"}, {"match": "**", "init": "zeros"}]
    assert right in mended({"fanwise": 1, "rule": rules}, [*KERNELS, *NORMS])


def test_what_fits_nothing_and_is_like_nothing_is_allowed_to():
    rules = [{"match": "nothing/like/it", "init": "ones"}, {"match": "**", "init": "zeros"}]
    data = {"fanwise": 1, "rule": rules, "names": {"torch": {"q": "z"}}}
    text = mended(data, KERNELS)
    assert 'unused = ["q", "rule 1"]' in text


def test_two_readings_are_told_and_one_is_written():
    square = Weight("proj", (8, 8), "torch", "", "parameter", readings=("in out", "out in"))
    data = {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}
    (problem,) = problems_of(data, [square])
    assert "axes = 'in out' or axes = 'out in'" in str(problem.error)
    assert 'axes = "in out"' in mended(data, [square])


def test_what_cannot_be_set_is_kept():
    obstacle = FanwiseError("a dtype", Phrase("int8"), "Convert it.")
    data = {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}
    weights = [*KERNELS, kernel("q/kernel", obstacle=obstacle)]
    assert '[[rule]]\nmatch = "q/kernel"\ninit = "keep"\n' in mended(data, weights)


def test_the_halves_of_a_lora_get_rules_of_their_own():
    halves = [
        kernel(f"h/{i}/{half}/default/kernel") for i in (0, 1) for half in ("lora_A", "lora_B")
    ]
    data = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    text = mended(data, [*KERNELS, *halves])
    assert start_of(text, [*KERNELS, *halves], "h/1/lora_B/default/kernel") == "scheme('zeros')"
    assert start_of(text, [*KERNELS, *halves], "h/0/lora_A/default/kernel") != "scheme('zeros')"
    assert start_of(text, [*KERNELS, *halves], KERNELS[0].path) == "scheme('he_normal')"


def test_a_declaration_without_a_translation_is_set_by_what_the_weight_holds():
    weights = [norm("a/weight", own=Start(None, text="a function of yours"))]
    data = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}
    (problem,) = problems_of(data, weights)
    assert "a function of yours" in str(problem.error)
    text = mended(data, weights, lambda weight: ONES)
    assert start_of(text, weights, "a/weight") == "scheme('ones')"


def test_nothing_is_promised_where_no_recipe_mends_it():
    twins = [kernel("a/kernel"), kernel("a/kernel")]
    assert mended({"fanwise": 1, "rule": [{"match": "**", "init": "ones"}]}, twins) == ""


def test_every_problem_has_the_lines_that_mend_it():
    given = fanwise.recipe({"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]})
    problems = plan(given, [*KERNELS, *NORMS], is_dry=True).problems
    (problem,) = with_lines(given, problems, [*KERNELS, *NORMS], None)
    assert re.match(r'\[\[rule\]\]\nclass = "LlamaRMSNorm"\nmatch = "\*\*/weight"', problem.lines)


@pytest.mark.parametrize(
    "name", ["a{b", "a,b}", "a<b", "<i>", "**", "a?b*", "x" * 600, "a\0b", 'q"\n']
)
def test_names_of_any_letters_are_told_and_mended(name):
    weights = [kernel("z/kernel"), kernel(f"{name}/kernel"), norm(f"{name}/other/by")]
    lora = [kernel(f"{name}/lora_A/kernel"), kernel(f"{name}/lora_B/kernel")]
    blocked = [replace(kernel(f"{name}/kernel"), obstacle=FanwiseError("a", "b", "c."))]
    kernels = [{"role": "kernel", "init": "ones"}, {"match": "**/by", "init": "zeros"}]
    for rules, model, kind in (
        ([{"match": "z/*", "init": "ones"}], weights, "unruled"),
        (kernels, [*weights, *lora], "lora"),
        (kernels[:1], blocked, "obstacle"),
    ):
        recipe = {"fanwise": 1, "rule": rules}
        assert [problem.kind for problem in problems_of(recipe, model)] == [kind]
        assert mended(recipe, model) or kind != "lora" or len(name) > LONGEST


def test_more_rules_than_a_reader_wants_are_not_suggested():
    names = ["".join(letters) for letters in itertools.product("abcdef", repeat=3)]
    weights = [Weight(f"{name}/{name}", (4,), "out", "", "parameter") for name in names]
    recipe = {"fanwise": 1, "rule": [{"role": "kernel", "init": "ones"}]}
    assert mended(recipe, [kernel("z/kernel"), *weights]) == ""


def test_weights_without_values_are_told_apart_by_their_roles():
    weights = [kernel("up/kernel"), Weight("up/bias", (256,), "out", "bias", "dense")]
    rules = suggested_rules(weights, [], lambda _: Holding(""))
    assert {rule.role: rule.init["scheme"] for rule in rules} == {
        "kernel": "glorot_uniform",
        "bias": "zeros",
    }
