"""All that the machine code of the compiled path depends on, as one hash.

A file of code is named after it, so that code for another processor, of other sources, or made
with other settings, is never taken for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

#: Raised when a file is to be written, or the function to be called, in another way.
ABI: Final = 2
#: The modules that decide what the code is, and how it is called.
SOURCES: Final = (
    "kernel_parts", "kernel_values", "kernel_words", "kernels", "object_cache", "tasks", "tiles",
)  # fmt: skip

#: Settings of Numba that do not reach the code, and differ from one job to the next.
_BESIDE: Final = re.compile("THREAD|CACHE|COLOR|CUDA|DUMP|TRACE|WARN|HELP|USING")
_NUMBA_FILE: Final = ".numba_config.yaml"


def code_digest() -> str:
    """Hash all that the machine code depends on."""
    return hashlib.sha256("\n".join((*_platform(), *_settings())).encode()).hexdigest()[:32]


@cache
def _platform() -> tuple[str, ...]:
    """Name the sources, the compilers, the processor."""
    import llvmlite.binding as llvm

    sources = b"".join(map(_source, SOURCES))
    return (
        str(ABI),
        hashlib.sha256(sources).hexdigest(),
        str(sys.implementation.cache_tag),
        *map(version, ("numba", "llvmlite", "numpy")),
        str(llvm.llvm_version_info),
        llvm.get_process_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    )


def _source(name: str) -> bytes:
    """Read a module as it lies there: its source or not, in a folder or a zip archive."""
    spec: Any = importlib.util.find_spec(f"fanwise.core.fast.{name}")
    source: bytes = spec.loader.get_data(spec.origin)
    return source


def _settings() -> list[str]:
    """List the settings of Numba: by variables, by a file, and by a program that imported it."""
    said = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("NUMBA_")]
    said += [f"{name}={value}" for name, value in _changed_settings().items()]
    said = sorted(setting for setting in said if not _BESIDE.search(setting.split("=")[0]))
    with contextlib.suppress(OSError):
        said.append(Path(_NUMBA_FILE).read_text("utf-8", "replace"))
    return said


def _changed_settings() -> dict[str, Any]:
    """Return the settings that are not what the variables and the file make them."""
    config = sys.modules.get("numba.core.config")
    spec = None if config is None else config.__spec__
    if spec is None or spec.loader is None:
        return {}
    unchanged = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(unchanged)
    expected = vars(unchanged)
    return {
        name: value
        for name, value in vars(config).items()
        if name.isupper() and value != expected.get(name)
    }
