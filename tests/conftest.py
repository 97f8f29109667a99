"""The same examples and draws at every run, in any order, in any process.

``HYPOTHESIS_PROFILE=explore`` looks for new examples.
"""

import os
import random
import sys

import numpy as np
import pytest
from hypothesis import settings

# A deadline would fail a sound test on a busy machine.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(autouse=True)
def _the_same_draws() -> None:
    """Begin each test with the same global states, from which models of libraries draw."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(0)
