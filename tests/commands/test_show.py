"""``fanwise show``: what a scheme means for a shape; the code it names draws these very bits."""

import json
import warnings

import jax
import keras
import numpy as np
import pytest
import torch
from reference.truncation import CORRECTION

import fanwise
import fanwise.jax
import fanwise.keras
import fanwise.torch
from commands.some_schemes import SOME_SCHEMES
from fanwise.adapters.own_initializers import own_initializers
from fanwise.commands.arguments import one_scheme_of, shape_of
from fanwise.commands.code_lines import path_of
from fanwise.spec.catalogue import catalogue

SCHEMES = [[name] for name in SOME_SCHEMES] + [
    ["normal", "std=0.02", "mean=-0.5"],
    ["kaiming_uniform", "mode=fan_out", "nonlinearity=tanh"],
    ["truncated_normal", "std=0.02", "corrected=false"],
    ["he_normal", "fan=10", "groups=2"],
    ["orthogonal", "gain=1.5"],
    ["delta_orthogonal", "gain=0.5"],
    ["variance_scaling", "scale=2", "mode=fan_avg", "distribution=uniform"],
]
NAMESPACE = {"fanwise": fanwise, "torch": torch}


def shape_for(name):
    own = catalogue().entries[name].shape
    if own is not None:
        return ",".join(map(str, own))
    return {"delta_orthogonal": "3,4,8", "dirac": "3,4,8"}.get(name, "6,8")


def shown(run, *arguments):
    done = run("show", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("words", "dtype"),
    [
        *((words, "float32") for words in SCHEMES),
        *((["he_normal"], dtype) for dtype in ("float16", "bfloat16", "float64")),
        *((["orthogonal", "gain=2"], dtype) for dtype in ("bfloat16", "float64")),
    ],
)
def test_each_line_of_code_draws_the_same_bits(run, words, dtype):
    if dtype == "float64":
        jax.config.update("jax_enable_x64", True)
    data = shown(run, *words, "--shape", shape_for(words[0]), "--dtype", dtype)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", fanwise.RepeatedStreamWarning)
            drawn = {
                framework: eval(row["code"], NAMESPACE)
                for framework, row in data["frameworks"].items()
            }
        wide = {name: as_float64(weight) for name, weight in drawn.items()}
    finally:
        jax.config.update("jax_enable_x64", False)
    scheme = one_scheme_of(words, examples=True)
    shape, path = shape_of(shape_for(words[0])), path_of(scheme.entry)
    expected = fanwise.sample(scheme, shape, seed=0, path=path, dtype=dtype)
    for name, weight in wide.items():
        assert (weight == expected.astype(np.float64)).all(), name


def as_float64(weight):
    if isinstance(weight, torch.Tensor):
        return weight.double().numpy()
    return np.asarray(keras.ops.convert_to_numpy(weight)).astype(np.float64)


def test_a_joint_scheme_is_drawn_on_the_path_of_its_own_weight():
    paths = {name: path_of(catalogue().entries[name]) for name in ("lru_ring", "lru_gamma")}
    assert paths == {"lru_ring": "layer/nu_log", "lru_gamma": "layer/gamma_log"}
    assert path_of(catalogue().entries["he_normal"]) is None


@pytest.mark.parametrize("axes", ["torch", "out in", "(2 out) in", "keras_transposed"])
@pytest.mark.parametrize("name", ["he_normal", "orthogonal", "normal"])
def test_the_code_has_the_axes_that_were_given(run, name, axes):
    data = shown(run, name, "--shape", "8,6", "--axes", axes)
    expected = fanwise.sample(name, (8, 6), seed=0, axes=axes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fanwise.RepeatedStreamWarning)
        for row in data["frameworks"].values():
            assert (as_float64(eval(row["code"], NAMESPACE)) == expected).all(), row["code"]


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (["mup_hidden"], "A layer of PyTorch stores it as (256, 512): leave axes out there."),
        (["icnr"], "A layer of PyTorch stores it as (16, 8, 3, 3): leave axes out there."),
        (["he_normal", "--axes", "torch"], ""),
        (["rotary"], ""),
        (["deformable_attention_grid"], ""),
    ],
)
def test_the_shape_of_a_layer_is_told_where_the_line_names_axes(run, words, note):
    told = " ".join(run("show", *words).stdout.split())
    assert note in told
    assert ("A layer of PyTorch stores" in told) == bool(note)


def test_fans_gain_and_law_are_those_of_the_shape(run):
    data = shown(run, "he_normal", "--shape", "512,256")
    assert data["fans"] == {"fan_in": 512, "fan_out": 256, "mode": "fan_in", "counted": 512}
    assert data["gain"] == pytest.approx(2**0.5, rel=1e-11)
    assert data["law"]["kind"] == "truncated_normal"
    assert data["law"]["std"] == pytest.approx(0.0625)
    assert data["law"]["cut"] == [-2, 2]
    assert data["law"]["high"] == pytest.approx(2 * 0.0625 / CORRECTION)
    # What the README begins with: torch reads the same shape as (out, in).
    assert data["frameworks"]["torch"]["bare_std"] == pytest.approx((2 / 256) ** 0.5)


@pytest.mark.parametrize("words", SCHEMES, ids=" ".join)
def test_what_is_drawn_lies_within_the_bounds(run, words):
    data = shown(run, *words, "--shape", shape_for(words[0]))
    scheme = one_scheme_of(words, examples=True)
    drawn = fanwise.sample(scheme, shape_of(shape_for(words[0])), seed=1)
    slack = 1e-6 * max(abs(data["law"]["low"]), abs(data["law"]["high"]), 1e-30)
    assert drawn.min() >= data["law"]["low"] - slack
    assert drawn.max() <= data["law"]["high"] + slack


def test_a_scheme_is_shown_on_a_shape_that_suits_it_and_with_what_it_needs(run):
    assert shown(run, "he_normal")["shape"] == [512, 256]
    assert shown(run, "dirac")["shape"] == [3, 3, 64, 128]
    given = shown(run, "given")
    assert given["shape"] == [2, 3]
    assert given["scheme"]["params"] == {"values": [[0.0, 0.5, 1.0], [1.0, 0.5, 0.0]]}
    other = shown(run, "given", "values=[1, 2]", "--shape", "2", "--axes", "* out")
    assert other["scheme"]["params"] == {"values": [1.0, 2.0]}


def test_a_page_says_what_a_scheme_is_for(run):
    page = " ".join(run("show", "he_normal").stdout.split())
    for words in (
        "normal cut at ±2σ, variance 2 / fan_in",
        "when not Before tanh",
        "see also kaiming",
        "code and paper The paper's normal is not cut",
        "groups=1 number of groups",
    ):
        assert words in page, words


def test_a_page_names_paper_and_frameworks(run):
    page = run("show", "kaiming_normal", "--shape", "512,256").stdout
    for words in ("arXiv:1502.01852", "equations 10 and 15", "cut at two standard deviations",
                  "fan_in 512", "jax.nn.initializers.kaiming_normal()"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["he_nromal", "--shape", "2,3"], "Did you mean 'he_normal'?"),
        (["HeNormal", "--shape", "2,3"], "Did you mean 'he_normal'?"),
        (["normal", "sdt=2", "--shape", "2,3"], "Did you mean 'std'?"),
        (["normal", "std=-2", "--shape", "2,3"], "for std"),
        (["normal", "std=nan", "--shape", "2,3"], "for std"),
        (["normal", "--param", "std", "--shape", "2,3"], "name=value"),
        (["normal", "name=3", "--shape", "2,3"], "parameters of normal"),
        (["kaiming_normal", "mode=fan_ni", "--shape", "2,3"], "Did you mean 'fan_in'?"),
        (["he_normal", "--shape", "5"], "at least two axes"),
        (["normal", "--shape", "2,-3"], "a shape"),
        (["normal", "--shape", "two"], "--shape 512,256"),
        (["normal", "--shape", ""], "--shape 512,256"),
        (["normal", "--shape", "9" * 400], "a shape"),
        (["normal", "--shape", "2,3", "--axes", "outt"], "Did you mean"),
        (["normal", "--shape", "2,3", "--dtype", "half"], "Did you mean 'float16'?"),
        (["normal", "std=1e6", "--shape", "2,3", "--dtype", "float16"], "float16"),
        (["normal", "he_normal", "--shape", "2,3"], "one scheme"),
        (["std=2", "--shape", "2,3"], "the name of a scheme"),
        (["delta_orthogonal", "--shape", "3,8,4"], "no more inputs"),
        (["\x1b[2J", "--shape", "2"], r"\x1b[2J"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(told, arguments, words):
    assert words in told("show", *arguments)


def test_a_parameter_may_be_given_as_an_option(run):
    given = shown(run, "normal", "--param", "std=0.5", "--shape", "3")
    assert given == shown(run, "normal", "std=0.5", "--shape", "3")
    assert given["law"]["std"] == 0.5


@pytest.mark.parametrize("shape", ["512x256", "(512, 256)", "[512,256]", " 512 256 ", "512,256,"])
def test_a_shape_is_written_in_several_ways(run, shape):
    assert shown(run, "normal", "--shape", shape)["shape"] == [512, 256]


def own_draw(framework, call, shape):
    """Draw by an expression of a framework's own."""
    if framework == "torch":
        weight = torch.empty(shape)
        with torch.random.fork_rng():
            torch.manual_seed(0)
            eval(call, {"torch": torch, "weight": weight})
        return weight.numpy()
    keras.utils.set_random_seed(0)
    initializer = eval(call, {"keras": keras, "jax": jax})
    arguments = () if framework == "keras" else (jax.random.key(0),)
    return np.asarray(initializer(*arguments, shape, "float32"))


ROWS = [(framework, name) for framework, rows in own_initializers().items() for name in rows]


@pytest.mark.parametrize(("framework", "name"), ROWS)
def test_what_a_framework_has_of_its_own_has_the_law_unless_it_differs(run, framework, name):
    shape = (5, 96, 128) if name in ("delta_orthogonal", "dirac") else (384, 384)
    arguments = (name, "--shape", ",".join(map(str, shape)))
    if framework == "torch" and name == "dirac":
        shape, arguments = (96, 96, 3), (name, "--shape", "96,96,3", "--axes", "torch")
    data = shown(run, *arguments)
    row, law = data["frameworks"][framework], data["law"]
    assert has_law(own_draw(framework, row["own"], shape), law) == (not row["differs"])
    if row["instead"]:
        assert has_law(own_draw(framework, row["instead"], shape), law)


def has_law(drawn, law):
    """Whether deviation and bounds are those of a law; a normal of so many goes beyond 2.5."""
    slack = 1e-5 * max(abs(law["low"]), abs(law["high"]), 1e-30)
    within = drawn.min() >= law["low"] - slack and drawn.max() <= law["high"] + slack
    tails = law["kind"] != "normal" or abs(drawn).max() > 2.5 * law["std"]
    # Of 60,000 elements and more, the deviation is within 2 % but once in 10**10.
    return within and tails and abs(drawn.std() - law["std"]) <= 0.02 * law["std"] + 1e-7
