"""Wrong recipes on real models, each mended by pasting what the error says."""

import cProfile
import math
import pstats
import re

import numpy as np
import pytest
from common import keras_hub_models as hub
from common import transformers_models as library
from common import wrong_recipe_models as models

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch

FITS = "This recipe would fit:\n\n"
HE = {"role": "kernel", "init": "he_normal"}
NORMAL = {"scheme": "normal", "std": 0.02}


def rules(*given, **tables):
    return {"fanwise": 1, "rule": list(given), **tables}


def text_of(*given, **tables):
    return fanwise.recipe(rules(*given, **tables)).to_toml()


LAYERS = (
    {"layer": "dense", "init": "torch_default"},
    {"layer": "depthwise_conv", "init": "torch_default"},
    {"layer": "embedding", "init": NORMAL},
    {"role": "scale", "init": "ones"},
)

#: A model, a recipe that does not fit it, the kinds of its problems, and lines of what to paste.
CASES = {
    "no rule for a class": (
        models.mamba,
        rules(*LAYERS),
        ["unruled"],
        ['match = "**/A_log"\ninit = "keep"', 'match = "**/D"\ninit = "ones"'],
    ),
    "no rule but one": (models.bert, rules(HE), ["unruled"], ["std = 0.02 }"]),
    "misspelt match, class, layer and names": (
        models.bert,
        rules(
            {"match": "**/querry/kernel", "init": "he_normal"},
            {"class": "LayerNom", "role": "scale", "init": "ones"},
            {"layer": "dens", "role": "kernel", "init": "glorot_uniform"},
            {"match": "blocks/*/intermediate/dense/bias", "init": NORMAL},
            names={"torch": {"bert/encodr/layer/*": "blocks/*"}},
        ),
        ["unruled", "unused name", *["unused rule"] * 4],
        [
            'match = "**/query/kernel"',
            'class = "LayerNorm"',
            'layer = "dense"\nrole = "kernel"\ninit = "glorot_uniform"',
            '"bert/encoder/layer/*" = "blocks/*"',
        ],
    ),
    "GPT-2's on a Llama without a head": (
        lambda: library.llama("LlamaModel"),
        "gpt2",
        ["unused rule"] * 3,
        ['extends = "gpt2"', 'unused = ["residual of attention", '],
    ),
    "BERT's on a ViT": (
        library.vit,
        "bert",
        ["unruled", "unused rule"],
        ['class = "ViTEmbeddings"', 'unused = ["embeddings"]'],
    ),
    "Llama's on a T5": (models.t5, "llama", ["unused rule"] * 2, ['extends = "llama"']),
    "experts by one rule for kernels": (
        models.mixtral,
        text_of({"layer": "dense", "init": "he_normal"}, {"role": "scale", "init": "ones"}),
        ["unruled"],
        ["std = 0.02 }"],
    ),
    "a frozen part": (
        models.frozen_bert,
        "bert",
        ["unruled"],
        ['[[rule]]\nfrozen = true\ninit = "keep"'],
    ),
    "fans of norms": (
        library.gpt2,
        rules({"match": "**/ln_*/**", "init": "he_normal"}, {"match": "**", "init": NORMAL}),
        ["scheme"],
        ['role = "scale"\ninit = "ones"', 'role = "offset"\ninit = "zeros"'],
    ),
    "a square matrix of two readings": (
        models.square,
        rules({"match": "**", "init": "he_normal"}),
        ["scheme"],
        ['match = "*/weight"\naxes = "in out"\ninit = "he_normal"'],
    ),
    "a LoRA by a rule for all": (
        models.lora,
        rules({"match": "**", "init": NORMAL}),
        ["lora", "unruled"],
        ['match = "**/lora_B/**"\ninit = "zeros"', '[[rule]]\nfrozen = true\ninit = "keep"'],
    ),
    "quantized weights": (
        models.int8_llama,
        "torch_default",
        ["obstacle"],
        ['match = "layers/*/mlp/down_proj/kernel"\ninit = "keep"'],
    ),
    "sines, beside what is learnt": (
        models.encoder,
        text_of({"layer": "dense", "init": "torch_default"}),
        ["unruled"],
        ['match = "**/table"\ninit = "keep"'],
    ),
}
KERAS = {
    "no rule for attention": (
        hub.gpt2,
        rules(
            {"layer": "dense", "init": "torch_default"},
            {"layer": "embedding", "init": NORMAL},
            {"layer": "norm", "role": "scale", "init": "ones"},
            {"layer": "norm", "role": "offset", "init": "zeros"},
        ),
        ["unruled"],
        [
            'match = "**/embeddings"\ninit = "own"',
            'layer = "attention"\nrole = "kernel"\ninit = "own"',
        ],
    ),
    "misspelt on a BERT": (
        hub.bert,
        text_of(
            {"match": "**/querry/kernel", "init": "he_normal"},
            {"layer": "nrm", "role": "scale", "init": "ones"},
            {"role": "embedding", "init": NORMAL},
        ),
        ["unruled", "unused rule", "unused rule"],
        ['match = "**/query/kernel"', 'layer = "norm"\nrole = "scale"'],
    ),
    "GPT-2's on a ViT": (
        hub.vit,
        "gpt2",
        ["unruled", *["unused rule"] * 3],
        ['match = "**/class_token"\ninit = "own"'],
    ),
    "a frozen embedding": (
        models.frozen_hub_gpt2,
        "gpt2",
        ["unruled"],
        ['frozen = true\ninit = "keep"'],
    ),
    "a function that is no scheme": (
        models.cubed,
        "keras_default",
        ["own"],
        ['match = "cubes/kernel"\ninit = { scheme = "normal", std = 0.4 }'],
    ),
    "one rule for a MobileNet": (
        models.mobilenet,
        rules({**HE, "layer": "conv"}),
        ["unruled"],
        ['layer = "depthwise_conv"\nrole = "kernel"\ninit = "own"'],
    ),
}
NNX = {
    "a deviation that nobody gives": (
        models.scaled_nnx_gpt,
        "flax_default",
        ["own"],
        ['match = "blocks/*/up/kernel"\ninit = { scheme = "normal", std = 0.09 }'],
    ),
    "fans of everything in a GPT": (
        models.nnx_gpt,
        rules({"match": "**", "init": "he_normal"}),
        ["scheme", "scheme"],
        ['match = "**/rotary"\ninit = "keep"', 'axes = "in out"\ninit = "he_normal"'],
    ),
    "GPT-2's on a GPT of other names": (
        models.nnx_gpt,
        "gpt2",
        ["unruled", *["unused rule"] * 2],
        ["std = 0.02 }", 'match = "**/rotary"\ninit = "keep"', 'unused = ["residual of the '],
    ),
    "no rule but for two layers": (
        models.nnx_gpt,
        rules({**HE, "layer": "dense"}, {"layer": "attention", "init": "glorot_uniform"}),
        ["unruled"],
        ["value = 0.0001 }", 'match = "**/rotary"\ninit = "keep"'],
    ),
}
LINEN = {
    "a ViT's on one of other norms": (
        models.linen_vit,
        "vit",
        ["unruled", *["unused rule"] * 2],
        ['match = "**/gain"\ninit = "own"', 'unused = ["scales", "offsets"]'],
    ),
    "no rule but one for a ViT": (
        models.linen_vit,
        rules({"layer": "dense", "role": "kernel", "init": "glorot_uniform"}),
        ["unruled"],
        ['match = "**/positions"\ninit = "keep"', 'layer = "conv"\nrole = "kernel"\ninit = "own"'],
    ),
}
EVERY = [
    pytest.param(framework, *case, id=f"{framework}: {name}")
    for framework, cases in (("torch", CASES), ("keras", KERAS), ("nnx", NNX), ("linen", LINEN))
    for name, case in cases.items()
]


def initialized(framework, model, recipe, **how):
    """The summary of a model, and its values where these are real."""
    if framework == "linen":
        variables, summary = fanwise.jax.initialize(
            model, recipe, inputs=models.PATCHED, seed=3, **how
        )
        return summary, models.values_of(framework, variables)
    door = {"torch": fanwise.torch, "keras": fanwise.keras, "nnx": fanwise.jax}[framework]
    summary = door.initialize(model, recipe, seed=3, **how)
    return summary, models.values_of(framework, model)


def refusal(framework, model, recipe):
    with pytest.raises(fanwise.FanwiseError) as caught:
        initialized(framework, model, recipe)
    return caught.value


def law_of(row):
    return row.scheme, row.expected


def check_laws(groups, rows):
    """What was without a rule stays, or is drawn by a law of which it held a sample."""
    for group in groups:
        size = min(math.prod(group.shape), 1 << 15)
        for path in group.paths:
            if path not in rows:
                continue
            expected = rows[path].expected
            if told := re.fullmatch(r"(?:all|constant) (\S+)", group.holds):
                assert (path, expected) == (path, 0)
                assert rows[path].scheme == {"1": "ones", "0": "zeros"}.get(told[1], "constant")
            elif told := re.search(r"std (\S+)", group.holds):
                error = abs(math.log(expected / float(told[1])))
                assert error < 0.1 + 6 / math.sqrt(2 * size), (path, expected, group.holds)


@pytest.mark.parametrize(("framework", "make", "recipe", "kinds", "lines"), EVERY)
def test_what_the_error_says_fits_once_it_is_pasted(framework, make, recipe, kinds, lines):
    model = make()
    before = models.values_of(framework, model)
    error = refusal(framework, model, recipe)
    np.testing.assert_equal(models.values_of(framework, model), before)
    assert sorted(problem.kind for problem in error.problems) == sorted(kinds)
    message = str(error)
    assert message.count("\n") < 120
    pasted = message.split(FITS)[1]
    for line in lines:
        assert line in pasted
    mended, _ = initialized(framework, make(), pasted)
    dry, _ = initialized(framework, model, recipe, dry_run=True)
    assert [(p.kind, p.paths, p.lines) for p in dry.problems] == [
        (p.kind, p.paths, p.lines) for p in error.problems
    ]
    for number, problem in enumerate(error.problems, 1):
        assert f"{number}. {problem.error}" in str(dry)
    rows = {row.path: row for row in mended.rows}
    if any(p.kind == "unused rule" and "[[rule]]" in p.lines for p in error.problems):
        return  # what was misspelt takes weights from others
    asked = {path for problem in error.problems for path in problem.paths}
    for row in dry.rows:
        if row.path not in asked:
            assert (row.path, law_of(rows[row.path])) == (row.path, law_of(row))
    for problem in error.problems:
        check_laws(problem.groups, rows)


MIX = {"blocks/0/mix": ("normal", 0.02), "blocks/1/scale": ("constant", 0)}


@pytest.mark.parametrize(
    ("framework", "make", "recipe", "kept", "laws"),
    [
        (
            "torch",
            models.mamba,
            "torch_default",
            ["backbone/layers/0/mixer/A_log", "backbone/layers/1/mixer/A_log"],
            {"backbone/layers/0/mixer/D": ("constant", 0)},
        ),
        (
            "keras",
            hub.gpt2,
            "torch_default",
            [],
            {"position_embedding/embeddings": ("normal", 0.02)},
        ),
        ("keras", models.ramped, "keras_default", ["ramp/kernel"], {}),
        ("nnx", models.nnx_gpt, "flax_default", ["rotary"], MIX),
        ("nnx", models.nnx_gpt, "torch_default", ["rotary"], MIX),
        (
            "linen",
            models.linen_vit,
            "flax_default",
            ["positions"],
            {"block_0/up/kernel": ("normal", 0.02), "block_1/before/gain": ("ones", 0)},
        ),
    ],
)
def test_what_says_how_it_starts_needs_no_lines(framework, make, recipe, kept, laws):
    """Formulas stay, constants of no layer too, and what is drawn has the law of its class."""
    model = make()
    before = models.values_of(framework, model)
    summary, after = initialized(framework, model, recipe)
    assert sorted(summary.left_alone) == kept
    rows = {row.path: row for row in summary.rows}
    assert {path: law_of(rows[path]) for path in laws} == laws
    for name, value in before.items():
        if np.ptp(value) == 0 and "bias" not in name:
            np.testing.assert_array_equal(after[name], value)


def test_a_formula_and_what_is_frozen_keep_their_values():
    for make, recipe, names in (
        (
            models.encoder,
            CASES["sines, beside what is learnt"][1],
            ["positions.table", "far.table"],
        ),
        (models.mamba, rules(*LAYERS), ["backbone.layers.1.mixer.A_log"]),
        (models.frozen_bert, "bert", ["bert.embeddings.word_embeddings.weight"]),
    ):
        pasted = str(refusal("torch", make(), recipe)).split(FITS)[1]
        model = make()
        before = models.values_of("torch", model)
        _, after = initialized("torch", model, pasted)
        for name in names:
            np.testing.assert_array_equal(after[name], before[name])


def test_the_weights_that_had_a_rule_get_the_same_bits():
    given = rules(*LAYERS, allow={"unmatched": ["**/A_log", "**/D"]})
    _, values = initialized("torch", models.mamba(), given)
    pasted = str(refusal("torch", models.mamba(), rules(*LAYERS))).split(FITS)[1]
    _, mended = initialized("torch", models.mamba(), pasted)
    for name, held in values.items():
        if not name.endswith(("A_log", ".D")):
            np.testing.assert_array_equal(mended[name], held)


def test_a_recipe_in_a_file_is_extended_by_its_path(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        text_of(
            {"layer": "embedding", "init": NORMAL},
            {"match": "**/{conv1d,in_proj,x_proj,dt_proj,out_proj,lm_head}/*", "init": NORMAL},
        )
    )
    for given in (path, str(path)):
        pasted = str(refusal("torch", models.mamba(), given)).split(FITS)[1]
        assert pasted.startswith(f'fanwise = 1\nextends = "{path}"\n')
        assert "in_proj" not in pasted
        initialized("torch", models.mamba(), pasted)


def test_text_that_extends_says_so_again_with_its_own_rules_and_variables():
    given = fanwise.recipe(
        'fanwise = 1\nextends = "gpt2"\n\n[vars]\nwide = 0.5\n\n'
        '[[rule]]\nmatch = "**/tokens/*"\ninit = { scheme = "normal", std = "wide" }\n',
        wide=0.25,
        std=0.125,
    )
    pasted = str(refusal("torch", models.bert(), given)).split(FITS)[1]
    assert pasted.startswith('fanwise = 1\nextends = "gpt2"\n')
    assert "wide = 0.25\nstd = 0.125" in pasted or "std = 0.125\nwide = 0.25" in pasted
    assert pasted.count("\n") < 25
    report, _ = initialized("torch", models.bert(), pasted)
    assert {row.expected for row in report.rows if row.role == "kernel"} == {0.125}


@pytest.mark.parametrize("layers", [2, 12])
def test_a_deep_model_needs_as_few_rules_as_a_shallow_one(layers):
    pasted = str(refusal("torch", models.bert(layers), rules(HE))).split(FITS)[1]
    assert pasted.count("[[rule]]") == 5


def refused_at(layers):
    """Have a model refused: by what message, and after how many calls of functions."""
    model = models.bert(layers=layers, hidden=16)
    profile = cProfile.Profile()
    with profile:
        message = str(refusal("torch", model, rules({"match": "nowhere", "init": "ones"})))
    return message, pstats.Stats(profile).total_calls


def test_hundreds_of_weights_are_answered_in_few_lines_and_with_work_that_grows_as_they_do():
    refused_at(1)  # what is worked out once
    (_, few), (message, many) = map(refused_at, (16, 32))
    assert many < 2.5 * few
    assert message.count("\n") < 120
    assert max(map(len, message.splitlines())) < 600
