"""What a framework's layers start with is judged weight by weight, and a wrong start is seen."""

from dataclasses import replace

import numpy as np
import pytest

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import Started
from fanwise.conformance.checks import starts as module
from fanwise.conformance.checks.faults import right, shifted
from fanwise.conformance.checks.starts import FaultyStart, starts
from fanwise.conformance.report.table import lines
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.run import listed_deviations, run, steps, whole_run_rows
from fanwise.conformance.statistics.distributions import distribution_of
from fanwise.conformance.statistics.sample_sizes import sample_size
from fanwise.conformance.statistics.tails import ALPHA
from fanwise.conformance.verdict import verdict
from fanwise.core import sample
from fanwise.spec.plan import Planned
from fanwise.spec.resolved import resolve
from fanwise.spec.weights import Weight

LAWS = ("variance", "mean", "distribution", "support")


def planned(shape, axes, scheme, role="kernel"):
    resolved = resolve(fanwise.scheme(scheme), shape, axes)
    return Planned(Weight(role, shape, axes, role, "lstm"), resolved, 1)


class Layer(NumpyAdapter):
    """A layer of some weights, which starts as planned unless ``fault`` makes it otherwise."""

    starts = ("layer",)

    def __init__(self, *weights, fault=lambda values: values):
        self.weights, self.fault, self.seeds = weights, fault, []

    def start(self, kind, seed):
        self.seeds.append(seed)
        return [Started(one, self.fault(self._drawn(one, seed))) for one in self.weights]

    def _drawn(self, one, seed):
        weight = one.weight
        return sample(one.scheme, weight.shape, seed=seed, path=weight.path, axes=weight.axes)


def outcomes(adapter, kind="layer"):
    return {row.claim: row.outcome for row in starts(adapter, kind)}


def failing(adapter, kind="layer"):
    return {claim for claim, outcome in outcomes(adapter, kind).items() if outcome == Outcome.FAIL}


@pytest.mark.parametrize(
    ("role", "claims"),
    [("kernel", LAWS), ("bias", ["values"]), ("recurrent_kernel", ["orthogonality"])],
)
def test_a_right_start_holds(role, claims):
    assert outcomes(FaultyStart(right), role) == dict.fromkeys(claims, Outcome.PASS)


@pytest.mark.parametrize("fault", module.CHECK.faults, ids=lambda fault: fault.name)
def test_each_claim_fails_on_a_wrong_start(fault):
    failing_claims = {row.claim for row in fault.rows(29) if row.outcome == Outcome.FAIL}
    assert fault.claim.name in failing_claims


def test_a_moved_mean_is_seen():
    assert "mean" in failing(FaultyStart(shifted), "kernel")


@pytest.mark.parametrize("scheme", ["he_uniform", "normal", "lecun_normal"])
def test_every_law_is_judged_and_a_small_fault_is_seen(scheme):
    weight = planned((64, 3000), "in out", scheme)
    assert outcomes(Layer(weight)) == dict.fromkeys(LAWS, Outcome.PASS)
    assert "variance" in failing(Layer(weight, fault=lambda values: values * np.float32(0.99)))


@pytest.mark.parametrize(("scheme", "wrong"), [("ones", 1 + 2**-23), ("zeros", 1e-30)])
def test_constants_are_equal_to_the_bit(scheme, wrong):
    def last(values):
        values.flat[-1] = wrong
        return values

    assert outcomes(Layer(planned((7,), "out", scheme, "scale"))) == {"values": Outcome.PASS}
    assert failing(Layer(planned((7,), "out", scheme, "scale"), fault=last)) == {"values"}


def test_layers_are_drawn_until_the_smallest_weight_is_a_sample():
    kernel, bias = planned((64, 2000), "in out", "he_uniform"), planned((2000,), "out", "uniform")
    layer = Layer(kernel, replace(bias, weight=replace(bias.weight, path="bias", role="bias")))
    found = {row.subject.split()[1]: row for row in starts(layer, "layer", seed=5)}
    needed = sample_size(distribution_of(fanwise.scheme("uniform").law((2000,))), ALPHA / 3)
    assert found["bias"].n >= needed > found["bias"].n - 2000
    assert found["bias"].subject == f"layer bias {len(layer.seeds)} of 2000"
    assert layer.seeds == list(range(5, 5 + len(layer.seeds)))
    # A kernel has more elements each time, and is drawn no more often than it has to be.
    assert needed <= found["kernel"].n < needed + 128_000


@pytest.mark.parametrize(
    ("axes", "shape"),
    [("batch in out", (3, 20, 20)), ("out in out", (3, 20, 20)), ("in (3 out)", (20, 60)),
     ("* in out", (5, 8, 20)), ("batch in out", (3, 20, 50))],
)  # fmt: skip
def test_what_is_orthogonal_is_told_by_the_axes(axes, shape):
    """A matrix for each batch; where the gates are outputs, one of all of them."""
    layer = Layer(planned(shape, axes, "orthogonal", "recurrent_kernel"))
    assert outcomes(layer) == {"orthogonality": Outcome.PASS}
    layer.fault = lambda values: values.astype(np.float16).astype(np.float32)
    assert failing(layer) == {"orthogonality"}


@pytest.mark.parametrize(
    ("made", "said"), [("batch in out", "out in out"), ("out in out", "batch in out")]
)
def test_gates_together_are_told_from_gates_apart(made, said):
    drawn = sample("orthogonal", (3, 20, 20), seed=1, axes=made)
    layer = Layer(planned((3, 20, 20), made, "orthogonal"), fault=lambda _: drawn)
    assert not failing(layer)
    layer = Layer(planned((3, 20, 20), said, "orthogonal"), fault=lambda _: drawn)
    assert failing(layer) == {"orthogonality"}


def test_what_can_not_be_judged_is_an_error():
    with pytest.raises(fanwise.FanwiseError, match="weights of layer"):
        list(starts(Layer(), "layer"))
    kernel = planned((4, 6), "in out", "zeros")
    with pytest.raises(fanwise.FanwiseError, match="in the shape of the weight"):
        list(starts(Layer(kernel, fault=np.transpose), "layer"))
    with pytest.raises(fanwise.FanwiseError, match="can be judged"):
        list(starts(Layer(planned((3, 4, 6), "* in out", "dirac")), "layer"))


LISTED = """
[[deviation]]
adapter = "numpy"
engine = "start"
claims = ["values"]
schemes = ["zeros"]
subjects = ["layer bias"]
reason = "so it is"
reference = "https://example.org/1"
versions = ["numpy>=1.0"]
"""
BIAS = planned((5,), "out", "zeros", "bias")


def test_a_wrong_start_fails_the_run_unless_it_is_listed():
    wrong = Layer(BIAS, fault=lambda values: values + 1)
    assert [row.claim for row in run(wrong, only="starts *").failures] == ["values"]
    wrong.deviations = LISTED
    (row,) = run(wrong, only="starts *").rows
    assert (row.outcome, row.engine, row.step) == (Outcome.DEVIATION, "start", "starts layer")
    right = Layer(BIAS)
    right.deviations = LISTED
    rows = run(right, only="starts *").rows
    observed = [row.observed for row in whole_run_rows(right, rows, listed_deviations(right))]
    assert "did not occur" in observed


def test_a_layer_that_raises_fails_alone():
    class Raising(Layer):
        starts = ("layer", "broken")

        def start(self, kind, seed):
            if kind == "broken":
                raise RuntimeError("no such layer")
            return super().start(kind, seed)

    found = {row.claim: row.outcome for row in run(Raising(BIAS), only="starts *").rows}
    assert found == {"values": Outcome.PASS, "runs": Outcome.FAIL}


def test_an_adapter_whose_starts_are_none_fails():
    class Empty(Layer):
        starts = ()

    missing = [(row.engine, row.subject) for row in whole_run_rows(Empty(), (), ())]
    assert ("start", "variance") in missing
    assert not [row for row in whole_run_rows(NumpyAdapter(), (), ()) if row.engine == "start"]
    assert not any(step.title.startswith("starts") for step in steps(NumpyAdapter()))


def test_the_table_has_one_line_for_all_starts():
    layer = Layer(planned((64, 12000), "in out", "he_normal"), BIAS)
    found = run(layer, only="starts *")
    suite = replace(found, adapter="suite", rows=())
    (line,) = lines(verdict([found, suite]))
    assert (line.scheme, str(line.cells[0])) == ("starts", "scale ✓ shape ✓ structure ✓")
