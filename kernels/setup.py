"""Build the extension: one module of C, for the limited interface of Python."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CCompilerError, PlatformError

FOLDER = Path(__file__).parent
#: No product is rounded together with a sum, and nothing is reordered: the bits are a promise.
STRICT = {
    "msvc": ["/O2", "/fp:precise", "/std:c11"],
    "unix": [
        "-O3",
        "-g0",
        "-std=c11",
        "-ffp-contract=off",
        "-fno-fast-math",
        "-fvisibility=hidden",
    ],
}
#: One build serves this CPython and every later one, but for those without a global lock.
LIMITED = not sysconfig.get_config_var("Py_GIL_DISABLED")


class Build(build_ext):
    """Compile as strictly as each compiler can, and say what to do where there is none."""

    def build_extensions(self) -> None:
        """Compile."""
        options = STRICT["msvc" if self.compiler.compiler_type == "msvc" else "unix"]
        for extension in self.extensions:
            extension.extra_compile_args = options
        try:
            super().build_extensions()
        except (CCompilerError, PlatformError) as error:
            sys.exit(
                f"{error}\n\n"
                "fanwise-kernels is compiled here, which needs a C compiler (Linux: gcc or clang; "
                "macOS: xcode-select --install; Windows: the Build Tools of Visual Studio).\n"
                "It is optional: without it, and without the extra 'fast' or 'all', Fanwise draws "
                "the same bits by NumPy, slower."
            )


setup(
    ext_modules=[
        Extension(
            "fanwise_kernels",
            sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob("src/*.c")),
            depends=sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob("src/*.h")),
            define_macros=[("Py_LIMITED_API", "0x030B0000")] if LIMITED else [],
            py_limited_api=LIMITED,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if LIMITED else {},
    cmdclass={"build_ext": Build},
)
