"""Models of libraries draw from global states: every test begins with the same ones."""

import random
import sys

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _the_same_draws() -> None:
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(0)
