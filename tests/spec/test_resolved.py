"""A scheme on one shape: worked out once, and told apart wherever the bits differ."""

import pytest

import fanwise
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.plan import plan
from fanwise.spec.recipe import recipe
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.weights import Weight


def test_it_holds_the_scheme_its_layout_and_its_law() -> None:
    he = fanwise.scheme("he_normal")
    resolved = resolve(he, (4, 3), "torch")
    assert resolved == Resolved(he, layout((4, 3), "torch"), he.law((4, 3), "torch"))
    assert resolved.shape == (4, 3)


def test_it_is_worked_out_once_however_the_shape_is_written() -> None:
    he = fanwise.scheme("he_normal")
    first = resolve(he, (4, 3))
    assert resolve(fanwise.scheme("he_normal"), (4, 3)) is first
    assert resolve(he, [4, 3]) is first
    assert resolve(he, (4, 3), "torch") is not first


@pytest.mark.parametrize(
    ("name", "parameter"), [("constant", "value"), ("normal", "mean"), ("uniform", "low")]
)
def test_zero_and_negative_zero_are_two_schemes(name: str, parameter: str) -> None:
    plus, minus = (fanwise.scheme(name, **{parameter: zero}) for zero in (0.0, -0.0))
    assert plus != minus
    assert minus == fanwise.scheme(name, **{parameter: -0.0})
    assert resolve(plus, (3,)).scheme == plus
    assert resolve(minus, (3,)).scheme is minus


def test_a_constant_keeps_the_sign_of_its_zero() -> None:
    laws = [resolve(fanwise.scheme("constant", value=zero), (3,)).law for zero in (0.0, -0.0)]
    assert laws[0] != laws[1]
    assert [str(law.mean) for law in laws] == ["0.0", "-0.0"]


@pytest.mark.parametrize("wrong", [True, "1", 1.5])
def test_what_equals_a_good_parameter_is_still_checked(wrong: object) -> None:
    assert fanwise.scheme("he_normal", groups=1)
    with pytest.raises(FanwiseError):
        fanwise.scheme("he_normal", groups=wrong)
    assert fanwise.scheme("constant", value=1) is not None
    with pytest.raises(FanwiseError):
        fanwise.scheme("constant", value=True)


@pytest.mark.parametrize(
    ("shape", "axes"), [((4, 2.0), "kernel"), ((4, 3), "sideways"), ((4, -1), "kernel"), (5, [])]
)
def test_bad_shapes_and_axes_are_refused(shape: object, axes: object) -> None:
    with pytest.raises(FanwiseError):
        resolve(fanwise.scheme("normal"), shape, axes)


def test_a_plan_carries_it() -> None:
    weight = Weight("0/kernel", (6, 4), "kernel", "kernel", "dense")
    rules = {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}
    (planned,) = plan(recipe(rules), [weight]).planned
    assert planned.resolved is resolve(fanwise.scheme("he_normal"), (6, 4))
    assert (planned.scheme, planned.std) == (planned.resolved.scheme, planned.resolved.law.std)
