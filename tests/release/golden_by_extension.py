"""Draw the golden vectors by the extension that is installed, by each of its instruction sets.

Run ``python tests/release/golden_by_extension.py`` where a wheel of it is installed.

That is what a wheel must give on every platform and every version of Python; it needs NumPy alone.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance import vectors
from fanwise.core.fast import gate


def wrong_draws() -> Iterator[str]:
    """Name the golden tensors, and the blocks far into huge ones, that come out otherwise."""
    adapter = NumpyAdapter()
    for golden in vectors.golden():
        stored = adapter.portable(golden.draw, "compiled")
        if vectors.digest(stored, golden.draw.axes) != golden.sha256:
            yield golden.id
    for draw, index, sha256 in vectors.far_blocks():
        if vectors.block_digest(draw, index) != sha256:
            yield f"{draw.scheme.name} {draw.dtype} at {index}"


def main() -> None:
    """Draw, say by what, and fail where a bit is wrong."""
    os.environ[gate.SWITCH] = "1"
    kernels = gate.kernels()
    assert kernels is not None
    for name in kernels.instruction_sets():
        kernels.use(name)
        wrong = [*wrong_draws()]
        if wrong:
            sys.exit("\n".join([f"Wrong by {name}:", *wrong]))
        print(f"Python {platform.python_version()}, {platform.machine()}, {name}: all as they must")
    assert kernels.instruction_sets()


if __name__ == "__main__":
    main()
