"""The extension: one file of C for each instruction set, for all CPythons from 3.11 on."""

import os
from glob import glob

from setuptools import Extension, setup

#: No product is joined with a sum: each is rounded, as NumPy does.
UNIX = ["-std=c11", "-O3", "-g0", "-ffp-contract=off", "-fno-fast-math", "-fvisibility=hidden"]
WINDOWS = ["/std:c11", "/O2", "/fp:precise"]

setup(
    ext_modules=[
        Extension(
            "fanwise_kernels",
            sorted(glob("src/*.c")),  # noqa: PTH207 (setuptools takes no paths)
            depends=sorted(glob("src/*.h")),  # noqa: PTH207
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            extra_compile_args=WINDOWS if os.name == "nt" else UNIX,
            py_limited_api=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
