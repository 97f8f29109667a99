"""Where the tests of a GPU are rehearsed, Triton's interpreter draws."""

import pytest
from common import gpu_device


@pytest.fixture(autouse=True)
def by_kernels():
    with gpu_device.kernels():
        yield
