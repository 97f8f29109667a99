"""A framework's own initializers are judged by the true fans of its layers."""

import numpy as np
import pytest

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import OWN_LAYERS, Draw, grouped, layer_kind
from fanwise.conformance.checks.framework_initializers import CHECK, framework_initializers
from fanwise.conformance.results.rows import Origin, Outcome


class Framework(NumpyAdapter):
    """A framework whose own initializers are right on every layer."""

    own_layers = OWN_LAYERS

    def own(self, draw):
        if draw.kind == "vector":
            raise ValueError("a vector has no fans")
        field = (draw.size,) * layer_kind(draw.kind).spatial
        shape = (*field, draw.inputs // draw.groups, draw.outputs)
        return self.weight(draw, shape), "kernel"

    def weight(self, draw, shape):
        return self.portable(Draw(grouped(draw), shape, draw.seed, draw.path), "eager")


class Ungrouped(Framework):
    """Counts the fans of all groups."""

    def weight(self, draw, shape):
        return self.portable(Draw(draw.scheme, shape, draw.seed, draw.path), "eager")


class VectorFans(Framework):
    """Takes the length of a vector as its fans."""

    own_layers = ("vector",)

    def own(self, draw):
        return np.ones(draw.inputs, np.float32), "in"


class Uncut(Framework):
    own_layers = ("dense",)

    def weight(self, draw, shape):
        std = draw.scheme.std(shape)
        return fanwise.sample(fanwise.scheme("normal", std=std), shape, seed=draw.seed)


def failing(adapter):
    rows = framework_initializers(adapter)
    return {
        (row.claim, row.family, row.subject.split()[0])
        for row in rows
        if row.outcome == Outcome.FAIL
    }


def test_right_initializers_hold():
    rows = list(framework_initializers(Framework()))
    assert {row.outcome for row in rows} == {Outcome.PASS}
    assert {row.engine for row in rows} == {Origin.OWN}
    assert {row.claim for row in rows} == {"variance", "distribution", "refused"}
    assert {row.subject.split()[0] for row in rows} == set(OWN_LAYERS)


def test_fans_that_forget_the_groups_are_seen():
    wrong = {(family, kind) for claim, family, kind in failing(Ungrouped()) if claim == "variance"}
    # Of these two the fan counts outputs, which go in groups.
    families = {"glorot_uniform", "xavier_uniform"}
    assert wrong == {(f, k) for f in families for k in ("grouped_conv2d", "depthwise_conv2d")}


def test_fans_of_a_vector_that_are_made_up_are_seen():
    claims = {claim for claim, _, _ in failing(VectorFans())}
    assert claims == {"refused"}


def test_a_cut_that_is_missing_is_seen():
    assert ("distribution", "he_normal", "dense") in failing(Uncut())


class OtherNames(Framework):
    def own(self, draw):
        raise fanwise.FanwiseError("another name", draw.scheme, "Use engine='native'.")


def test_a_name_that_the_framework_lacks_is_no_failure():
    rows = list(framework_initializers(OtherNames()))
    assert {(row.claim, row.outcome) for row in rows} == {("offered", Outcome.NONE)}


@pytest.mark.parametrize(("adapter", "titles"), [(NumpyAdapter(), []), (Framework(), ["own"])])
def test_only_an_adapter_that_has_them_is_judged_by_them(adapter, titles):
    assert [step.title for step in CHECK.steps(adapter)] == titles
