"""What is around the run of a model, whatever its framework."""

import random

import numpy as np
import pytest

from fanwise.adapters.model_runs import running_model
from fanwise.spec.errors import FanwiseError


def drawn():
    return random.random(), np.random.random()  # noqa: NPY002 (what a layer may draw from)


def seeded():
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002


def test_the_generators_of_python_and_numpy_go_on_as_if_the_model_had_not_run():
    seeded()
    expected = drawn()
    seeded()
    with running_model("Pass a batch."):
        assert drawn() == expected
    assert drawn() == expected


def test_they_do_so_too_after_a_model_that_fails_which_is_told_with_its_cause():
    seeded()
    expected = drawn()
    seeded()
    with (
        pytest.raises(FanwiseError, match="Pass a batch") as caught,
        running_model("Pass a batch."),
    ):
        raise KeyError(drawn())
    assert isinstance(caught.value.__cause__, KeyError)
    assert drawn() == expected
