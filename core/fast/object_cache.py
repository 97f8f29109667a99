"""The machine code of the compiled path: made by Numba once, then kept in a file.

Numba compiles ``kernels.draw`` to LLVM's language; it calls nothing, so that function alone
is made into an object file. A later process needs llvmlite to load that file, which takes
milliseconds, and not Numba, whose import and first use take half a second.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from fanwise.core.fast.tasks import Kernel

#: Environment variable: where machine code is kept.
FOLDER: Final = "FANWISE_CACHE_DIR"
SOURCES: Final = tuple(sorted(Path(__file__).parent.glob("kernel*.py")))

_NAME: Final = "fanwise_draw"
#: What a call in LLVM's language looks like, unless it is to an intrinsic.
_CALL: Final = re.compile(r"\b(?:call|invoke)\b[^\n]*@(?!llvm\.)")
#: The two places for Numba's result and exception, and the parameters of ``draw``.
_TYPE: Final = ctypes.CFUNCTYPE(
    ctypes.c_int32,
    *[ctypes.c_void_p] * 3,
    *[ctypes.c_int64] * 2,
    *[ctypes.c_void_p] * 7,
)
#: Loaded code lives as long as its engine.
_engines: Final[list[Any]] = []


def load(size: int) -> Kernel:
    """Load the function for elements of 2, 4 or 8 bytes, compiled if it was never before.

    Raises:
        Exception: whatever a broken installation raises.
    """
    kept = code_path(size)
    code = _read_code(kept)
    if code is None:
        code = _compile(size)
        _write_code(kept, code)
    import llvmlite.binding as llvm

    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _create_target())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    function: Kernel = _TYPE(engine.get_function_address(_NAME))
    return function


def code_path(size: int) -> Path:
    """Return where the machine code lies, once there is some."""
    return _folder() / f"{_digest()}-{size}.o"


def may_be_kept() -> bool:
    """Return whether code that is compiled now will be there for the next process."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _folder() -> Path:
    named = os.environ.get(FOLDER)
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(RuntimeError):  # a user without a home
        return (Path(base) if base else Path.home() / ".cache") / "fanwise"
    return Path(tempfile.gettempdir()) / "fanwise-without-home"


@cache
def _digest() -> str:
    """Hash all that the code depends on: the source, the compilers, the processor."""
    import llvmlite.binding as llvm

    said = [version("numba"), version("llvmlite"), llvm.get_process_triple()]
    said += [llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()]
    code = b"".join(source.read_bytes() for source in SOURCES)
    return hashlib.sha256("\n".join(said).encode() + code).hexdigest()[:32]


def _create_target() -> Any:
    """Describe the processor that this process runs on; each engine keeps one of its own."""
    import llvmlite.binding as llvm

    with contextlib.suppress(Exception):  # done by itself since llvmlite 0.45
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )


def _compile(size: int) -> bytes:
    """Compile ``draw``, and nothing else, to an object file."""
    import llvmlite.binding as llvm

    from fanwise.core.fast import kernels

    wrapper = kernels.compiled(size)
    name = wrapper.native_name.removeprefix("cfunc.")
    module = llvm.parse_assembly(extract_function(wrapper.inspect_llvm(), name))
    module.verify()
    code: bytes = _create_target().emit_object(module)
    return code


def extract_function(text: str, name: str) -> str:
    """Cut LLVM's text down to one of its functions, under a name of ours.

    Raises:
        RuntimeError: where that function calls another.
    """
    parts = re.split(r"^(?=define )|(?<=^\}\n)", text, flags=re.MULTILINE)
    functions = [part for part in parts if part.startswith("define ")]
    wanted = [part for part in functions if part.split("@", 1)[1].startswith(f"{name}(")]
    if len(wanted) != 1 or _CALL.search(wanted[0]):
        raise RuntimeError("Numba compiled the kernels to something that needs Numba to run")
    rest = [part for part in parts if not part.startswith("define ")]
    return "".join((*rest, wanted[0].replace(f"@{name}(", f"@{_NAME}(", 1)))


def _read_code(path: Path) -> bytes | None:
    """Read what is kept, unless it was cut off or changed."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    code = kept[32:]
    return code if hashlib.sha256(code).digest() == kept[:32] else None


def _write_code(path: Path, code: bytes) -> None:
    """Write the file whole or not at all; without one, the next process compiles again."""
    if not may_be_kept():
        return
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        Path(name).replace(path)
