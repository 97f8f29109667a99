"""Bad input to schemes: found when they are made, and every error says what to do."""

import math
import pickle

import numpy as np
import pytest

from fanwise.spec import FanwiseError, Scheme, as_scheme, did_you_mean, gain, register, scheme
from fanwise.spec.errors import Phrase

NAN, INF = math.nan, math.inf

BAD_PARAMETERS = {
    "unknown scheme": ("he_norml", {}),
    "no scheme": (None, {}),
    "scheme of another type": (["normal"], {}),
    "unknown parameter": ("he_normal", {"grops": 2}),
    "parameter of a scheme without any": ("zeros", {"value": 0.0}),
    "another scheme's parameter": ("normal", {"scale": 1.0}),
    "zero scale": ("variance_scaling", {"scale": 0.0}),
    "negative scale": ("variance_scaling", {"scale": -1.0}),
    "scale that is not a number": ("variance_scaling", {"scale": NAN}),
    "infinite scale": ("variance_scaling", {"scale": INF}),
    "scale beyond floats": ("variance_scaling", {"scale": 10**400}),
    "scale in words": ("variance_scaling", {"scale": "1"}),
    "complex scale": ("variance_scaling", {"scale": 1j}),
    "boolean scale": ("variance_scaling", {"scale": True}),
    "NumPy boolean scale": ("variance_scaling", {"scale": np.True_}),
    "array scale": ("variance_scaling", {"scale": np.ones(2)}),
    "no scale": ("variance_scaling", {"scale": None}),
    "negative std": ("normal", {"std": -1.0}),
    "std that is not a number": ("normal", {"std": NAN}),
    "tiny std": ("normal", {"std": 2.0**-91}),
    "huge std": ("normal", {"std": 2.0**91}),
    "huge mean": ("normal", {"mean": 1e39}),
    "huge mean without spread": ("normal", {"mean": -1e39, "std": 0.0}),
    "boolean mean": ("normal", {"mean": False}),
    "infinite mean": ("normal", {"mean": -INF}),
    "huge value": ("constant", {"value": 1e39}),
    "value that is not a number": ("constant", {"value": NAN}),
    "uniform upside down": ("uniform", {"low": 1.0, "high": 0.0}),
    "tiny uniform": ("uniform", {"low": 0.0, "high": 2.0**-91}),
    "huge uniform": ("uniform", {"low": -1e308, "high": 1e308}),
    "far uniform": ("uniform", {"low": 1e39, "high": 1.0000000000001e39}),
    "cut upside down": ("truncated_normal", {"low": 2.0, "high": -2.0}),
    "cut to a point": ("truncated_normal", {"low": 1.0, "high": 1.0}),
    "cut to a far tail": ("truncated_normal", {"low": 3.6, "high": 9.0}),
    "cut to a far tail below": ("truncated_normal", {"low": -9.0, "high": -3.6}),
    "cut to a narrow window": ("truncated_normal", {"low": 1.0, "high": 1.0001}),
    "cut to a narrow window about 0": ("truncated_normal", {"low": -1e-9, "high": 1e-9}),
    "infinite cut": ("truncated_normal", {"high": INF}),
    "corrected by a number": ("truncated_normal", {"corrected": 1}),
    "corrected in words": ("truncated_normal", {"corrected": "yes"}),
    "unknown mode": ("variance_scaling", {"mode": "fan_inn"}),
    "mode of another type": ("variance_scaling", {"mode": ["fan_in"]}),
    "mode of an array": ("variance_scaling", {"mode": np.array(["fan_in", "fan_out"])}),
    "unknown distribution": ("variance_scaling", {"distribution": "untruncated_normal"}),
    "zero gain": ("orthogonal", {"gain": 0.0}),
    "negative gain": ("xavier_normal", {"gain": -1.0}),
    "huge gain of a structured scheme": ("orthogonal", {"gain": 1e300}),
    "tiny gain of a structured scheme": ("identity", {"gain": 1e-300}),
    "slope that is not a number": ("kaiming_normal", {"a": NAN}),
    "unknown nonlinearity": ("kaiming_normal", {"nonlinearity": "rleu"}),
    "nonlinearity without a gain in torch": ("kaiming_normal", {"nonlinearity": "gelu"}),
    "nonlinearity of another type": ("kaiming_normal", {"nonlinearity": ["relu"]}),
    "negative sparsity": ("sparse", {"sparsity": -0.1}),
    "sparsity above 1": ("sparse", {"sparsity": 1.1}),
    "tiny std of a structured scheme": ("sparse", {"std": 1e-300}),
    "zero fan": ("he_normal", {"fan": 0}),
    "negative fan": ("he_normal", {"fan": -3}),
    "boolean fan": ("he_normal", {"fan": True}),
    "no groups": ("he_normal", {"groups": 0}),
    "float groups": ("he_normal", {"groups": 2.0}),
    "boolean groups": ("dirac", {"groups": True}),
    "missing groups": ("dirac", {"groups": None}),
}


def assert_helpful(error: FanwiseError) -> None:
    assert error.expected.strip()
    assert repr(error.received).strip()
    assert error.hint.strip().endswith((".", ")"))
    for part in (error.expected, repr(error.received), error.hint, error.context):
        assert part in str(error)


@pytest.mark.parametrize("name", BAD_PARAMETERS)
def test_bad_parameters_are_found_when_the_scheme_is_made(name: str) -> None:
    family, params = BAD_PARAMETERS[name]
    with pytest.raises(FanwiseError) as caught:
        scheme(family, **params)
    assert_helpful(caught.value)


@pytest.mark.parametrize(
    ("family", "params"),
    [
        ("variance_scaling", {"scale": 1e-6}),
        ("normal", {"std": 2.0**-90}),
        ("normal", {"std": 2.0**90}),
        ("normal", {"std": 0}),
        ("constant", {"value": -3.4028234663852886e38}),
        ("truncated_normal", {"low": 3.4, "high": 9.0}),
        ("truncated_normal", {"low": -0.001, "high": 0.001}),
        ("truncated_normal", {"low": -1e308, "high": 1e308}),
        ("sparse", {"sparsity": 1, "std": 0.0}),
        ("he_normal", {"fan": 0.5, "groups": 2}),
        ("he_normal", {"fan": None}),
    ],
)
def test_values_just_within_their_bounds_are_accepted(family: str, params: dict) -> None:
    assert scheme(family, **params).family == family


BAD_CALLS = {
    "a dict without a name": lambda: Scheme.from_dict({"params": {}}),
    "a dict with other keys": lambda: Scheme.from_dict({"name": "normal", "kwargs": {}}),
    "a dict that is a list": lambda: Scheme.from_dict(["normal"]),
    "a dict with params in a list": lambda: Scheme.from_dict({"name": "normal", "params": [1]}),
    "a dict with numbers for names": lambda: Scheme.from_dict({"name": "normal", "params": {1: 2}}),
    "a dict with a number for a name": lambda: Scheme.from_dict({"name": 5, "scheme": "normal"}),
    "a dict with no name": lambda: Scheme.from_dict({"name": "", "scheme": "normal"}),
    "a dict of an unknown scheme": lambda: Scheme.from_dict({"name": "x", "scheme": "norml"}),
    "a dict with a list for a scheme": lambda: Scheme.from_dict({"name": ["normal"]}),
    "a name with a space": lambda: scheme("normal").named("my normal"),
    "a name of another type": lambda: scheme("normal").named(3),
    "an empty name": lambda: scheme("normal").named(""),
    "to register a name": lambda: register("normal"),
    "to register a name that is taken": lambda: register(scheme("normal")),
    "to replace an unknown parameter": lambda: scheme("normal").replace(sdt=1.0),
    "to replace by a bad value": lambda: scheme("normal").replace(std=-1.0),
    "as a scheme, a number": lambda: as_scheme(3),
    "as a scheme, an unknown name": lambda: as_scheme("norml"),
    "a fan on one axis": lambda: scheme("he_normal").law((3,)),
    "a fan on no axes": lambda: scheme("glorot_uniform").std(()),
    "a shape of floats": lambda: scheme("normal").std((3.0, 4.0)),
    "groups that do not divide": lambda: scheme("he_normal", groups=3).law((4, 4)),
    "a fan that makes the scale huge": lambda: scheme("he_normal", fan=1e-60).law((4, 4)),
    "a gain that makes the scale vanish": lambda: scheme("xavier_uniform", gain=1e-200).law((4, 4)),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_bad_calls(name: str) -> None:
    with pytest.raises(FanwiseError) as caught:
        BAD_CALLS[name]()
    assert_helpful(caught.value)


@pytest.mark.parametrize(
    ("call", "phrase"),
    [
        (lambda: scheme("he_norml"), "Did you mean 'he_normal'?"),
        (lambda: scheme("rope"), "Did you mean 'rotary'?"),
        (lambda: scheme("lora_b"), "Did you mean 'zeros'?"),
        (lambda: scheme("mup"), "Did you mean 'mup_hidden' or 'mup_input' or"),
        (lambda: scheme("gpt2"), "Received: 'gpt2'. All of them: fanwise.schemes()"),
        (lambda: scheme("pissa"), "It needs data or another weight: call fanwise.pissa."),
        (lambda: scheme("lsuv"), "call lsuv of fanwise.torch, fanwise.keras"),
        (lambda: scheme("he_normal", grops=2), "Did you mean 'groups'?"),
        (lambda: scheme("zeros", value=2), "takes none"),
        (lambda: scheme("kaiming_normal", nonlinearity="rleu"), "Did you mean 'relu'?"),
        (lambda: scheme("variance_scaling", scale=0), "> 0"),
        (lambda: scheme("sparse", sparsity=2), ">= 0 and <= 1"),
        (lambda: scheme("variance_scaling", mode="x"), "'fan_geo_avg'"),
        (lambda: scheme("normal", std="x"), "the default is 1.0"),
        (lambda: scheme("he_normal", fan="x"), "leave fan out"),
        (lambda: scheme("he_normal").law((3,)), "Pass fan="),
    ],
)
def test_what_the_errors_say(call, phrase: str) -> None:
    with pytest.raises(FanwiseError) as caught:
        call()
    assert phrase in str(caught.value)


def test_unknown_names_of_registered_schemes_have_a_nearest_one(monkeypatch) -> None:
    monkeypatch.setattr("fanwise.spec.registry._registered", {})
    register(scheme("normal").named("bert_embedding"))
    with pytest.raises(FanwiseError, match="Did you mean 'bert_embedding'"):
        scheme("bert_embeding")


def test_the_exception() -> None:
    error = FanwiseError("a number", "x", "Pass 1.", context="Bad scale")
    assert str(error) == "Bad scale. Expected a number. Received: 'x'. Pass 1."
    assert isinstance(error, ValueError)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is FanwiseError
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert "Received: a phrase." in str(FanwiseError("a number", Phrase("a phrase"), "Pass 1."))


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_what_was_received_is_cut_and_need_not_have_a_repr() -> None:
    assert len(str(FanwiseError("a name", "x" * 10**6, "Pass one."))) < 600
    assert "an Unprintable" not in str(FanwiseError("a name", Unprintable(), "Pass one."))
    assert "a Unprintable whose repr raises RuntimeError" in str(
        FanwiseError("a name", Unprintable(), "Pass one.")
    )


class Incomparable:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    __hash__ = object.__hash__


ODD = [Unprintable(), Incomparable(), np.array(["relu", "tanh"]), ["relu"], None, 3, b"relu"]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_values_of_any_type_are_refused_in_a_sentence(odd: object) -> None:
    for call in (
        lambda: scheme(odd),
        lambda: Scheme.from_dict({"name": "x", "scheme": odd}),
        lambda: scheme("kaiming_normal", nonlinearity=odd),
        lambda: scheme("variance_scaling", mode=odd),
        lambda: gain(odd),
        lambda: gain(odd, convention="exact"),
        lambda: gain("relu", convention=odd),
        lambda: as_scheme(odd),
    ):
        with pytest.raises(FanwiseError) as caught:
            call()
        assert str(caught.value).endswith((".", ")"))


def test_did_you_mean() -> None:
    assert did_you_mean("fan_inn", ["fan_in", "zeros"]) == (
        "Did you mean 'fan_in'? Known: fan_in, zeros."
    )
    assert did_you_mean(17, ["fan_in"]) == "Known: fan_in."
    assert did_you_mean("fan_in", []) == "There is none to choose from."
    assert did_you_mean("fan_in", [""]) == "There is none to choose from."
    assert did_you_mean("jax", ["flax"], {"JAX": "flax"}).startswith("Did you mean 'flax'?")
    assert did_you_mean("", ["a"]) == did_you_mean("…", ["a"]) == "Known: a."


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("HeNormal", "'he_normal'"),
        ("he-normal", "'he_normal'"),
        ("he normal", "'he_normal'"),
        ("HE_NORMAL_", "'he_normal'"),
        ("Normal_", "'normal'"),
        ("RandomNormal", "'normal'"),
        ("random_uniform", "'uniform'"),
        ("RandomUniform", "'uniform'"),
        ("TruncatedNormal", "'truncated_normal'"),
        ("trunc_normal_", "'truncated_normal'"),
        ("VarianceScaling", "'variance_scaling'"),
        ("GlorotUniformV2", "'glorot_uniform'"),
        ("OrthogonalInitializer", "'orthogonal'"),
        ("Zero", "'zeros'"),
        ("Ones", "'ones'"),
        ("eye_", "'identity'"),
        ("eye", "'identity'"),
        ("kaiming", "'kaiming_normal' or 'kaiming_uniform'"),
        ("Xavier", "'xavier_normal' or 'xavier_uniform'"),
        ("glorot", "'glorot_normal' or 'glorot_orthogonal' or 'glorot_uniform'"),
        ("he", "'he_normal' or 'he_uniform'"),
        ("msra", "'he_normal'"),
        ("glort_normal", "'glorot_normal'"),
        ("xaiver_uniform", "'xavier_uniform'"),
        ("kaiming_normall", "'kaiming_normal'"),
    ],
)
def test_a_scheme_is_found_however_it_is_written(word: str, meant: str) -> None:
    with pytest.raises(FanwiseError) as caught:
        scheme(word)
    assert f"Did you mean {meant}?" in str(caught.value)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Relu", "relu"), ("ReLU", "relu"), ("LeakyReLU", "leaky_relu"), ("Conv2D", "conv2d")],
)
def test_a_nonlinearity_is_found_however_it_is_written(word: str, meant: str) -> None:
    with pytest.raises(FanwiseError, match=f"Did you mean {meant!r}"):
        scheme("kaiming_normal", nonlinearity=word)


def test_what_is_advised_for_a_nonlinearity_without_a_gain_in_torch_works() -> None:
    for call in (
        lambda: gain("GELU"),
        lambda: scheme("kaiming_normal", nonlinearity="gelu"),
        lambda: scheme("kaiming_uniform", nonlinearity=math.tanh),
    ):
        with pytest.raises(FanwiseError) as caught:
            call()
        assert "convention='exact'" in str(caught.value)
        assert "gain=" not in str(caught.value)
        assert "as scale= to the scheme variance_scaling" in str(caught.value)
    scaled = scheme("variance_scaling", scale=gain("gelu", convention="exact") ** 2)
    assert scaled.std((64, 8)) == pytest.approx(1.5335 / 8, rel=1e-4)


def test_modes_and_choices_are_found_however_they_are_written() -> None:
    with pytest.raises(FanwiseError, match="Did you mean 'fan_in'"):
        scheme("variance_scaling", mode="FanIn")
    with pytest.raises(FanwiseError, match="Did you mean 'truncated_normal'"):
        scheme("variance_scaling", distribution="TruncatedNormal")
    with pytest.raises(FanwiseError, match="Did you mean 'exact'"):
        gain("relu", convention="Exact")


def test_an_unknown_parameter_is_told_with_its_scheme() -> None:
    with pytest.raises(FanwiseError, match=r"he_normal.*foo.*Known: fan, groups"):
        scheme("he_normal", foo=1)
    with pytest.raises(FanwiseError, match=r"zeros.*foo.*zeros takes none"):
        scheme("zeros", foo=1)


@pytest.mark.parametrize("letter", ["\x1b", "\x07", "\r", "\u202e", "\x9b"])
def test_no_error_obeys_what_a_name_holds(letter):
    phrase = Phrase(f"encoder{letter}[31m")
    error = FanwiseError(f"a name, {letter}", phrase, f"See {letter}.", context=f"In {letter}")
    assert letter not in str(error)
    assert letter not in str(error.within(f"{letter} cannot be set"))
    assert str(error).count("\\") == 4


def test_reports_keep_their_lines():
    assert str(FanwiseError("a\nb", 1, "c")).splitlines() == ["Expected a", "b. Received: 1. c"]
