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
import warnings
from functools import cache
from pathlib import Path
from typing import Any, Final

from fanwise.core.fast import private_files
from fanwise.core.fast.code_digest import code_digest
from fanwise.core.fast.tasks import Kernel

#: Environment variable: where machine code is kept.
FOLDER: Final = "FANWISE_CACHE_DIR"

#: Bytes of a file: ours have 40,000.
_MOST: Final = 1 << 24
#: Of a checksum, and of what an object file begins with: the format and the processor.
_CHECKSUM: Final = 32
_HEAD: Final = 20
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


def load(size: int) -> Kernel:
    """Load the function for elements of 2, 4 or 8 bytes, compiled if it was never before.

    Raises:
        Exception: whatever a broken installation raises.
    """
    kept = code_path(size)
    code = None if kept is None else _read_code(kept)
    if code is not None:
        with contextlib.suppress(Exception):  # what cannot be loaded is compiled again
            return _link(code)
    code = _compile(size)
    function = _link(code)  # before it is kept: no process is to find what cannot be loaded
    if kept is not None:
        _write_code(kept, code)
    return function


def code_path(size: int) -> Path | None:
    """Return where the machine code lies, once there is some; None where it cannot be kept."""
    folder = _folder()
    return None if folder is None else folder / f"{code_digest()}-{size}.o"


def is_kept(size: int) -> bool:
    """Return whether there is machine code, so that none need be compiled."""
    path = code_path(size)
    return path is not None and private_files.is_there(path)


def may_be_kept() -> bool:
    """Return whether code that is compiled now will be there for the next process."""
    folder = _folder()
    if folder is None:
        return False
    kept = private_files.make_folder(folder)
    if not kept and os.environ.get(FOLDER) and not private_files.is_private(folder):
        _tell_unused(folder)
    return kept


@cache
def _tell_unused(folder: Path) -> None:
    """Warn once that the folder which the user named is not used."""
    told = (
        f"{FOLDER}={folder} is not used, and no machine code is kept: it must be a folder, not a "
        "link, that belongs to you and that no one else can write to."
    )
    warnings.warn(told, RuntimeWarning, stacklevel=2)


def _folder() -> Path | None:
    """Return the user's folder; None for a user who has none, as a shared one could be anyone's."""
    named = os.environ.get(FOLDER)
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    for candidate in (base, "~/.cache"):
        # One that depends on where the process runs is no one's in particular.
        path = Path(os.path.expanduser(candidate or ""))  # noqa: PTH111 (raises without a home)
        if path.is_absolute():
            return path / "fanwise"
    return None


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


def _link(code: bytes) -> Kernel:
    """Make a function of machine code."""
    import llvmlite.binding as llvm

    target = _create_target()
    # LLVM ends the process where it is handed something else, or looks for what is not there.
    nothing = target.emit_object(llvm.parse_assembly(""))
    if code[:_HEAD] != nothing[:_HEAD] or _NAME.encode() not in code:
        raise ValueError("not an object file with the function")
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    function: Any = _TYPE(engine.get_function_address(_NAME))
    # The code goes with its engine, which must not go before whoever may call it.
    function.engine = engine
    return function  # type: ignore[no-any-return]


def _read_code(path: Path) -> bytes | None:
    """Read what is kept, unless another user could have written it, or it is damaged."""
    kept = private_files.read_file(path, _MOST)
    if kept is None or kept[:_CHECKSUM] != _checksum(path, kept[_CHECKSUM:]):
        return None
    return kept[_CHECKSUM:]


def _write_code(path: Path, code: bytes) -> None:
    """Keep code; where it cannot be kept, the next process compiles again."""
    if may_be_kept():
        with contextlib.suppress(OSError):
            private_files.write_file(path, _checksum(path, code) + code)


def _checksum(path: Path, code: bytes) -> bytes:
    """Hash code with its name, so that it is not taken for other code."""
    return hashlib.sha256(path.name.encode() + code).digest()
