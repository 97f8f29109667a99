"""The Triton kernels compiled for GPUs that are not there."""

from typing import Any

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from fanwise.adapters.torch.drawing import triton_launches
from fanwise.adapters.torch.drawing.triton_entries import Kind

TARGETS = {
    "sm_80": GPUTarget("cuda", 80, 32),
    "sm_90": GPUTarget("cuda", 90, 32),
    "gfx942": GPUTarget("hip", "gfx942", 64),
}
_POINTERS = {"heads": "*i32", "slopes": "*i64", "entries": "*i64", "shares": "*i32"}


def compiled(kernel: Any, kind: Kind, target: str) -> Any:
    """Compile a kernel of a kind as a launch would."""
    form = triton_launches._form(kind)
    signature, aligned = {}, {}
    for place, name in enumerate(kernel.arg_names):
        signature[name] = "constexpr" if name in form else _POINTERS.get(name, "i64")
        if name in _POINTERS:
            aligned[(place,)] = [["tt.divisibility", 16]]
    constants = {(kernel.arg_names.index(name),): value for name, value in form.items()}
    source = ASTSource(kernel, signature, constants, aligned)
    return triton.compile(source, target=TARGETS[target], options=triton_launches.OPTIONS)
