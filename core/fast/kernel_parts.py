"""What the compiled kernels are made of: integers that wrap, and how functions are joined.

Imported only to compile: ``object_cache.py`` keeps the machine code. Nothing in the kernels
allocates, raises or calls, so that the code stands alone. Without fast-math nothing may be
fused or reordered, so they give the bits of the NumPy path. The loops are kept apart, each
simple enough for LLVM to vectorize.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Array = NDArray[Any]

#: Elements that go through the look-up at a time.
STEP: Final = 512
#: The numbers of an entry, of which a call draws some: where the block, its job and its scale
#: lie; the first of its tiles and the one after the last; the key.
OUT, JOB, SCALE, FIRST_TILE, LAST_TILE, K0, K1 = range(7)
ENTRY: Final = 7
#: The numbers of a job, before its geometry: the first canonical index; how many axes; whether
#: by planes; rows and blocks of a whole tile; the law and its window; the form.
BASE, AXES, BY_PLANES, ROWS, BLOCKS, IS_NORMAL, FIRST, COUNT, FORM = range(9)
HEADER: Final = 9
#: The form of 16 bits; 0 is none.
BFLOAT16: Final = 1
#: Without them a division or an index could raise, whatever Numba's own settings are.
SAFE: Final = {"error_model": "numpy", "boundscheck": False}

u16, u32, u64, i32 = np.uint16, np.uint32, np.uint64, np.int32

Function = TypeVar("Function", bound=Callable[..., Any])


def part(function: Function) -> Function:
    """Mark a function to be written into those that call it, so that they call nothing."""
    compiled: Function = njit(**SAFE, _nrt=False, inline="always")(function)
    return compiled


def _leading_zeros(_: Any, __: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.uint32(types.uint32), generate


def _pointer(_: Any, like: Any, __: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, args: Any) -> Any:
        return builder.inttoptr(args[1], args[0].type)

    return like(like, types.int64), generate


leading_zeros: Any = intrinsic(_leading_zeros)
#: ``pointer(like, address)``: to what ``like`` points to, elsewhere.
pointer: Any = intrinsic(_pointer)


@part
def smaller(a: Any, b: Any) -> Any:
    """Return what Python's min would, which is compiled to a call."""
    if a < b:
        return a
    return b
