"""The sampler of the core, called from code that torch compiles."""

import pytest
import torch

import fanwise
from fanwise.spec.errors import FanwiseError

#: What the compiler itself is told of when it is imported.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def added(x):
    return x + torch.from_numpy(fanwise.sample("he_normal", (3, 3), seed=0))


def test_a_sample_is_the_same_in_compiled_code():
    expected = fanwise.sample("he_normal", (3, 3), seed=0)
    assert torch.equal(torch.compile(added)(torch.zeros(3, 3)), torch.from_numpy(expected))


def test_bad_input_is_the_same_error_there():
    def wrong(x):
        return x + torch.from_numpy(fanwise.sample("he_norml", (3, 3), seed=0))

    with pytest.raises(FanwiseError, match="he_normal"):
        torch.compile(wrong)(torch.zeros(3, 3))
