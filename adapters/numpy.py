"""The reference adapter: the core itself, so that the suite can be run on NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import LAYERS, Draw, LayerDraw
from fanwise.core import sample
from fanwise.core.dtypes import format_of
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Constant, Law, Normal, TruncatedNormal, Uniform


class NumpyAdapter:
    """NumPy: its own Generator as the native engine, the core as the portable one."""

    name = "numpy"
    axes = "kernel"
    modes: tuple[str, ...] = ("eager",)
    layers: tuple[str, ...] = LAYERS
    deviations = ""

    def versions(self) -> Mapping[str, str]:
        """The version of NumPy."""
        return {"numpy": np.__version__}

    def devices(self) -> tuple[str, ...]:
        """The CPU."""
        return ("cpu",)

    def native(self, draw: Draw) -> NDArray[Any]:
        """The weight by ``numpy.random.Generator``."""
        law = draw.scheme.law(draw.shape, draw.axes)
        return _native(law, draw.shape, np.random.default_rng(draw.seed)).astype(draw.dtype)

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """The weight by the core."""
        del mode
        out = np.empty(draw.shape, format_of(draw.dtype).storage)
        return sample(
            draw.scheme,
            draw.shape,
            seed=draw.seed,
            path=draw.path,
            axes=draw.axes,
            dtype=draw.dtype,
            out=out,
        )

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """A kernel in the layout of Keras: NumPy has no layers."""
        spatial = 0 if draw.kind == "dense" else int(draw.kind[4])
        shape = (draw.size,) * spatial + (draw.inputs, draw.outputs)
        kernel = Draw(draw.scheme, shape, draw.seed, draw.path)
        return self.portable(kernel, "eager"), "kernel"


def _native(law: Law, shape: tuple[int, ...], generator: np.random.Generator) -> NDArray[Any]:
    match law:
        case Constant():
            return np.full(shape, law.value)
        case Uniform():
            return generator.uniform(law.low, law.high, shape)
        case Normal():
            return generator.normal(law.mean, law.sigma, shape)
        case TruncatedNormal():
            made = generator.standard_normal(shape)
            while (outside := (made < law.low) | (made > law.high)).any():
                made[outside] = generator.standard_normal(int(outside.sum()))
            return law.centre + law.sigma * made
    what = f"numpy.random has no {law.generator}"
    do = "Use the portable engine."
    raise FanwiseError("an initializer of its own", Phrase(law.generator), do, what=what)


def adapter() -> NumpyAdapter:
    """The adapter of NumPy."""
    return NumpyAdapter()
