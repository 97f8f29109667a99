"""The Triton kernels under Triton's interpreter, which runs them on the memory of the CPU.

To be imported before anything else that loads the kernels: Triton looks at the variable where a
kernel is defined. So that no test can take the kernels compiled, there is no GPU in these tests.
"""

import os

import pytest
import triton.language as tl  # before the variable is set: not to have Triton's own so

from fanwise.adapters.torch.drawing import accelerators, portable

_SWITCH = "TRITON_INTERPRET"

with pytest.MonkeyPatch.context() as patch:
    patch.setenv(_SWITCH, "1")
    from fanwise.adapters.torch.drawing import triton_kernels

    @triton_kernels.kernel
    def write_quantiles(words, found, heads, slopes, size: tl.constexpr):
        """Write the quantiles of words."""
        at = tl.arange(0, size)
        drawn = tl.load(words + at).to(tl.uint32, bitcast=True)
        tl.store(found + at, triton_kernels.quantile(drawn, heads, slopes))


assert os.environ.get(_SWITCH) is None
assert type(triton_kernels.fill_one).__name__ == "InterpretedFunction"


def take_kernels(patch):
    """Treat every tensor as one on a device that has the kernels."""
    patch.setattr(portable, "suits_host", lambda tensor: tensor.ndim == 0)
    patch.setattr(accelerators, "has_kernels", lambda _: True)


@pytest.fixture
def interpreted(monkeypatch):
    """Draw by the kernels alone."""
    take_kernels(monkeypatch)
