"""The reference adapter: the core itself, so that the suite can be run on NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import LAYERS, Draw, LayerDraw, grouped, layer_kind
from fanwise.core import sampler
from fanwise.core.dtypes import bfloat16_bits, format_of
from fanwise.core.fast.extension import is_installed
from fanwise.core.fast.gate import Backend
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import (
    ConstantLaw,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
    UniformLaw,
)
from fanwise.spec.resolved import resolve

#: What draws in each mode.
_BACKENDS: Final = {"eager": Backend.NUMPY, "compiled": Backend.COMPILED}


class NumpyAdapter:
    """NumPy: its own Generator as the native engine, the core as the portable one."""

    name = "numpy"
    axes = "kernel"
    #: The core's compiled path is another, where the extension is installed.
    modes: tuple[str, ...] = ("eager", "compiled") if is_installed() else ("eager",)
    layers: tuple[str, ...] = LAYERS
    deviations = ""

    def versions(self) -> Mapping[str, str]:
        """Return the version of NumPy."""
        return {"numpy": np.__version__}

    def devices(self) -> tuple[str, ...]:
        """Name the CPU."""
        return ("cpu",)

    def native(self, draw: Draw) -> NDArray[Any]:
        """Draw the weight by ``numpy.random.Generator``."""
        law = draw.scheme.law(draw.shape, draw.axes)
        drawn = _native(law, draw.shape, np.random.default_rng(draw.seed))
        # NumPy has no bfloat16 of its own, but its bits can be had.
        return (
            bfloat16_bits(drawn.astype("f4"))
            if draw.dtype == "bfloat16"
            else drawn.astype(draw.dtype)
        )

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """Draw the weight by the core, on one of its two backends."""
        resolved = resolve(draw.scheme, draw.shape, draw.axes)
        # The last bits of a sum of floats are those of the backend, so in each mode it is drawn by
        # the one that draws it for every framework in the process.
        is_sum = isinstance(resolved.law, StructuredLaw) and not resolved.law.exact
        return sampler.draw(
            resolved,
            seed=draw.seed,
            path=draw.path,
            dtype=draw.dtype,
            out=np.empty(draw.shape, format_of(draw.dtype).storage),
            backend=None if is_sum else _BACKENDS[mode],
        )

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Draw a kernel in the layout of Keras: NumPy has no layers."""
        field = (draw.size,) * layer_kind(draw.kind).spatial
        shape = (*field, draw.inputs // draw.groups, draw.outputs)
        return self.portable(Draw(grouped(draw), shape, draw.seed, draw.path), "eager"), "kernel"


def _native(law: Law, shape: tuple[int, ...], generator: np.random.Generator) -> NDArray[Any]:
    match law:
        case ConstantLaw():
            return np.full(shape, law.value)
        case UniformLaw():
            return generator.uniform(law.low, law.high, shape)
        case NormalLaw():
            return generator.normal(law.mean, law.sigma, shape)
        case TruncatedNormalLaw():
            drawn = generator.standard_normal(shape)
            while (outside := (drawn < law.low) | (drawn > law.high)).any():
                drawn[outside] = generator.standard_normal(int(outside.sum()))
            return law.centre + law.sigma * drawn
    context = f"numpy.random has no {law.generator}"
    hint = "Use the portable engine."
    raise FanwiseError("an initializer of its own", Phrase(law.generator), hint, context=context)


def adapter() -> NumpyAdapter:
    """Make the adapter of NumPy."""
    return NumpyAdapter()
