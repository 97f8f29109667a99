"""Schemes as values, and what they come to on a shape."""

import copy
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference.truncation import CORRECTION

import fanwise
from fanwise.spec import FanwiseError, Scheme, as_scheme, catalogue, register, scheme, schemes
from fanwise.spec.laws import ConstantLaw, NormalLaw, StructuredLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.parameters import Parameter
from fanwise.spec.registry import example_of


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch):
    """A registry of each test's own."""
    monkeypatch.setattr(register.__module__ + "._registered", {}, raising=True)


def values(parameter: Parameter) -> st.SearchStrategy:
    """What a parameter may be."""
    match parameter.kind:
        case "choice":
            return st.sampled_from(parameter.choices)
        case "boolean":
            return st.booleans()
        case "nonlinearity":
            return st.sampled_from(["relu", "tanh", "linear", "leaky_relu"])
        case "integer":
            return st.integers(1, 8)
    low = parameter.minimum if parameter.above is None else parameter.above
    high = parameter.maximum if parameter.below is None else parameter.below
    numbers = st.floats(
        -1e6 if low is None else low,
        1e6 if high is None else high,
        exclude_min=parameter.above is not None,
        exclude_max=parameter.below is not None,
        allow_subnormal=False,
    )
    return st.lists(numbers, min_size=1) if parameter.kind == "values" else numbers


@st.composite
def any_scheme(draw: st.DrawFn) -> Scheme:
    """Any scheme of the catalogue with any of its parameters given, perhaps renamed."""
    family = draw(st.sampled_from(list(catalogue().entries)))
    parameters = catalogue().entries[family].parameters
    needed = {name for name, parameter in parameters.items() if parameter.required}
    others = sorted(set(parameters) - needed)
    chosen = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    chosen += sorted(needed)
    given_values = {name: draw(values(parameters[name])) for name in chosen}
    try:
        made = scheme(family, **given_values)
    except FanwiseError:  # bounds in the wrong order, or a scale out of range
        assume(False)
    return made.named("own_name") if draw(st.booleans()) else made


@given(made=any_scheme())
def test_schemes_come_back_from_every_form(made: Scheme) -> None:
    forms = [
        eval(repr(made), {"scheme": scheme}),
        Scheme.from_dict(made.to_dict()),
        Scheme.from_dict(json.loads(json.dumps(made.to_dict()))),
        pickle.loads(pickle.dumps(made)),
        copy.deepcopy(made),
        made.replace(),
        as_scheme(made),
    ]
    for form in forms:
        assert form == made
        assert hash(form) == hash(made)
        assert form.name == made.name


def test_comparison_is_by_value() -> None:
    assert scheme("normal") == scheme("normal", std=1.0, mean=0)
    assert scheme("normal") == scheme("normal", std=1)
    assert scheme("normal") != scheme("normal", std=2.0)
    assert scheme("normal") != scheme("normal").named("mine")
    assert scheme("he_normal") != scheme("kaiming_normal")
    assert len({scheme("normal"), scheme("normal", mean=0.0), scheme("uniform")}) == 2


@pytest.mark.parametrize(
    "made",
    [scheme("constant", value=-0.0), scheme("uniform", low=-0.0), scheme("normal", mean=-0.0)],
    ids=str,
)
def test_a_negative_zero_is_written_though_it_equals_the_default(made: Scheme) -> None:
    for form in (eval(repr(made), {"scheme": scheme}), Scheme.from_dict(made.to_dict())):
        assert form == made
    assert list(made.to_dict()["params"].values()) == [-0.0]


def test_schemes_are_immutable() -> None:
    made = scheme("normal")
    with pytest.raises(AttributeError):
        made.family = "uniform"
    with pytest.raises(TypeError):
        made.params[0] = ("mean", 1.0)


def test_forms() -> None:
    made = scheme("kaiming_normal", mode="fan_out", nonlinearity="relu")
    assert repr(made) == "scheme('kaiming_normal', mode='fan_out', nonlinearity='relu')"
    data = {"name": "kaiming_normal", "params": {"mode": "fan_out", "nonlinearity": "relu"}}
    assert made.to_dict() == data
    assert made["mode"] == "fan_out"
    assert made["a"] == 0.0
    mine = made.named("mine")
    assert repr(mine) == repr(made) + ".named('mine')"
    assert mine.to_dict() == {**data, "name": "mine", "scheme": "kaiming_normal"}
    assert repr(scheme("zeros")) == "scheme('zeros')"
    assert scheme("zeros").to_dict() == {"name": "zeros", "params": {}}


def test_replace() -> None:
    made = scheme("normal", std=2.0).named("mine").replace(mean=1.0)
    assert (made["std"], made["mean"], made.name) == (2.0, 1.0, "mine")
    assert scheme("he_normal", fan=3.0).replace(fan=None) == scheme("he_normal")


def test_numpy_numbers_become_python_s() -> None:
    made = scheme("normal", std=np.float32(0.5), mean=np.int64(2))
    assert {type(value) for _, value in made.params} == {float}
    assert type(scheme("dirac", groups=np.int32(2))["groups"]) is int
    json.dumps(made.to_dict())


# ---- what a scheme comes to


SHAPE = (3, 3, 16, 32)  # fans 144 and 288
VARIANCES = {
    "lecun_normal": 1 / 144,
    "lecun_uniform": 1 / 144,
    "glorot_normal": 1 / 216,
    "glorot_uniform": 1 / 216,
    "he_normal": 2 / 144,
    "he_uniform": 2 / 144,
    "xavier_normal": 1 / 216,
    "xavier_uniform": 1 / 216,
    "kaiming_normal": 2 / 144,
    "kaiming_uniform": 2 / 144,
    "torch_default": 1 / 144 / 3,
    "variance_scaling": 1 / 144,
    "ddpm": 1 / 216,
    "uniform_unit_scaling": 1 / 144,
    "lora_a": 1 / 144 / 3,
    "vera": 2 / 144,
}


def test_every_fan_scheme_is_tested() -> None:
    entries = catalogue().entries.values()
    assert {entry.name for entry in entries if entry.has_fan_rule} == set(VARIANCES)


@pytest.mark.parametrize("name", VARIANCES)
def test_standard_deviations(name: str) -> None:
    expected = math.sqrt(VARIANCES[name])
    assert scheme(name).std(SHAPE) == pytest.approx(expected, rel=1e-15)
    transposed = scheme(name).std((32, 16, 3, 3), axes="torch")
    assert transposed == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", VARIANCES)
def test_the_order_of_floats(name: str) -> None:
    """variance = scale / fan, std = sqrt(variance), limit = sqrt(3 variance), sigma = std / c."""
    law = scheme(name).law(SHAPE)
    variance = VARIANCES[name] if name != "torch_default" else 0.3333333333333333 / 144
    match law:
        case UniformLaw():
            limit = math.sqrt(3 * variance)
            assert (law.low, law.high, law.limit) == (-limit, limit, limit)
        case NormalLaw():
            assert (law.mean, law.sigma) == (0.0, math.sqrt(variance))
        case TruncatedNormalLaw():
            sigma = math.sqrt(variance) / CORRECTION
            assert (law.centre, law.sigma, law.low, law.high) == (0.0, sigma, -2.0, 2.0)
        case _:
            pytest.fail(f"{law} has no scale")


def test_a_swapped_fan_or_a_missing_correction_would_be_seen() -> None:
    """The tolerances above are far below what such a fault changes."""
    right = scheme("he_normal").std(SHAPE)
    assert right != pytest.approx(scheme("he_normal").std(SHAPE, "keras_transposed"), rel=0.2)
    assert right != pytest.approx(right * CORRECTION, rel=0.1)


def test_torch_default_is_one_over_the_root_of_fan_in() -> None:
    law = scheme("torch_default").law((100, 7))
    assert law.limit == pytest.approx(0.1, rel=2**-52)


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"])
@pytest.mark.parametrize("distribution", ["normal", "truncated_normal", "uniform"])
def test_variance_scaling(mode: str, distribution: str) -> None:
    fan = {"fan_in": 144, "fan_out": 288, "fan_avg": 216, "fan_geo_avg": math.sqrt(144 * 288)}
    made = scheme("variance_scaling", scale=3.0, mode=mode, distribution=distribution)
    assert made.std(SHAPE) == pytest.approx(math.sqrt(3.0 / fan[mode]), rel=1e-15)
    kinds = {"normal": NormalLaw, "truncated_normal": TruncatedNormalLaw, "uniform": UniformLaw}
    assert type(made.law(SHAPE)) is kinds[distribution]


def test_gains_enter_as_squares() -> None:
    assert scheme("xavier_normal", gain=3.0).std(SHAPE) == pytest.approx(3 / math.sqrt(216))
    relu = scheme("kaiming_uniform", nonlinearity="relu").law(SHAPE)
    assert relu == scheme("he_uniform").law(SHAPE) == scheme("kaiming_uniform").law(SHAPE)
    slope = scheme("kaiming_normal", a=math.sqrt(5.0))
    assert slope.std(SHAPE) == pytest.approx(math.sqrt(1 / 3 / 144), rel=1e-15)
    tanh = scheme("kaiming_normal", nonlinearity="tanh")
    assert tanh.std(SHAPE) == pytest.approx(5 / 3 / 12, rel=1e-15)


def test_a_given_fan_and_groups() -> None:
    assert scheme("he_normal", fan=8).std(SHAPE) == pytest.approx(0.5, rel=1e-15)
    assert scheme("he_normal", fan=8).std((5,)) == pytest.approx(0.5, rel=1e-15)
    grouped = scheme("kaiming_normal", groups=4, mode="fan_out")
    assert grouped.std((128, 16, 3, 3), "torch") == pytest.approx(math.sqrt(2 / 288), rel=1e-15)


def test_absolute_scales_need_no_shape() -> None:
    assert scheme("normal", std=0.02).law(()) == NormalLaw(0.0, 0.02)
    assert scheme("uniform", low=1, high=4).law(()) == UniformLaw(1.0, 4.0)
    assert scheme("constant", value=3).law(()) == ConstantLaw(3.0)
    law = UniformLaw(1.0, 4.0)
    assert (law.mean, law.limit, law.std) == (2.5, 1.5, 1.5 / math.sqrt(3))


def test_truncated_normal_with_and_without_its_correction() -> None:
    corrected = scheme("truncated_normal", std=0.02)
    assert corrected.std((3,)) == pytest.approx(0.02, rel=1e-15)
    assert corrected.law((3,)).sigma == 0.02 / CORRECTION
    raw = scheme("truncated_normal", std=0.02, corrected=False)
    assert raw.law((3,)).sigma == 0.02
    assert raw.std((3,)) == pytest.approx(0.02 * CORRECTION, rel=1e-15)
    half = scheme("truncated_normal", mean=1.0, low=0.0, high=9.0, corrected=False)
    assert half.law(()).mean == pytest.approx(1 + math.sqrt(2 / math.pi), rel=1e-12)


def test_no_spread_is_a_constant() -> None:
    assert scheme("normal", mean=2.0, std=0.0).law(()) == ConstantLaw(2.0)
    assert scheme("truncated_normal", mean=2.0, std=0.0).law(()) == ConstantLaw(2.0)
    assert scheme("uniform", low=2.0, high=2.0).law(()) == ConstantLaw(2.0)
    assert ConstantLaw(2.0).std == 0.0


@pytest.mark.parametrize(
    ("made", "shape", "axes"),
    [
        (scheme("orthogonal", gain=2.0), (6, 4), "in out"),
        (scheme("orthogonal"), (12, 5), "(3 out) in"),
        (scheme("orthogonal"), (8, 4, 3, 3), "torch"),
        (scheme("delta_orthogonal"), (3, 4, 6), "kernel"),
        (scheme("identity", gain=3.0), (6, 4), "in out"),
        (scheme("identity"), (3, 4, 4), "batch in out"),
        (scheme("dirac"), (3, 3, 4, 6), "kernel"),
        (scheme("dirac", groups=2), (6, 4, 3), "torch"),
        (scheme("sparse", sparsity=0.3), (100, 400), "in out"),
    ],
)
def test_moments_of_structured_schemes(made: Scheme, shape, axes: str) -> None:
    """The mean and the standard deviation over all elements, exactly, or to 1 in sqrt(n)."""
    drawn = fanwise.sample(made, shape, seed=0, axes=axes, dtype="float64")
    law = made.law(shape, axes)
    assert isinstance(law, StructuredLaw)
    spread = math.sqrt((drawn**2).mean() - law.mean**2)
    if made.family == "sparse":
        # Of 28 000 normals; six times its own deviation is 2.5 %, a wrong count of zeros 7 %.
        assert spread == pytest.approx(law.std, rel=0.025)
        assert (drawn == 0).mean() == 0.3
    else:
        assert spread == pytest.approx(law.std, rel=1e-12)
    if made.family in ("identity", "dirac"):
        assert drawn.mean() == pytest.approx(law.mean, rel=1e-15)
    assert made.std(shape, axes) == law.std


@pytest.mark.parametrize("name", schemes())
def test_empty_weights_have_finite_moments(name: str) -> None:
    for shape in ((0, 4), (4, 0), (3, 0, 4)):
        law = example_of(name).law(shape, "kernel")
        assert math.isfinite(law.mean)
        assert math.isfinite(law.std)


# ---- names


def test_registered_names_are_known_everywhere() -> None:
    mine = register(scheme("truncated_normal", std=0.02).named("bert_normal"))
    assert scheme("bert_normal") == mine == as_scheme("bert_normal")
    assert schemes()[-1] == "bert_normal"
    assert scheme("bert_normal", std=0.5)["std"] == 0.5
    assert scheme("bert_normal") == mine, "a variant changes nothing"
    drawn = fanwise.sample("bert_normal", (3, 4), seed=0)
    assert (drawn == fanwise.sample(mine, (3, 4), seed=0)).all()
    assert register(mine) is mine, "the same again is no clash"


def test_one_name_never_means_two_things() -> None:
    register(scheme("normal").named("mine"))
    for clash in (scheme("normal", std=2.0).named("mine"), scheme("zeros"), scheme("he_normal")):
        with pytest.raises(FanwiseError, match="still free"):
            register(clash)
    with pytest.raises(FanwiseError, match="still free"):
        scheme("normal").named("he_normal")
    with pytest.raises(FanwiseError, match="still free"):
        Scheme.from_dict({"name": "he_normal", "scheme": "normal", "params": {}})
    assert scheme("mine") == scheme("normal").named("mine")
    assert scheme("normal").named("normal") == scheme("normal")


def test_a_registered_scheme_needs_no_registry_to_be_read_back() -> None:
    data = register(scheme("normal", std=2.0).named("mine")).to_dict()
    fanwise.spec.registry._registered.clear()
    assert Scheme.from_dict(data)["std"] == 2.0


def test_every_law_of_a_later_scheme_has_a_deviation_or_is_refused():
    """Waves that are zero throughout, and parts of a weight that are out of range."""
    for shape in ((1, 1), (1, 2), (2, 1), (2, 2), (0, 3)):
        assert scheme("sinusoidal_weights").law(shape).std == 0.0
    for parts in ({"noise_scale": 1e-300}, {"identity_scale": 1e300}):
        with pytest.raises(FanwiseError, match=r"a scale between 2\*\*-90 and 2\*\*90"):
            scheme("mimetic_value", **parts).law((8, 8))
    assert scheme("mimetic_value", identity_scale=0.0).law((8, 8)).std > 0
