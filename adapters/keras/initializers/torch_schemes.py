"""torch's variance scaling schemes, in the manner of Keras."""

from __future__ import annotations

from typing import Any, ClassVar

from fanwise.adapters.keras.initializers.base import registered
from fanwise.adapters.keras.initializers.scaled import Axes, VarianceScaling
from fanwise.spec.gains import squared_gain
from fanwise.spec.registry import scheme as make
from fanwise.spec.scheme import Scheme


class _Torchlike(VarianceScaling):
    """A variance scaling, so that EinsumDense gives it its axes, with arguments of its own."""

    arguments: ClassVar[tuple[str, ...]]

    def get_config(self) -> dict[str, Any]:
        """The arguments of the scheme, and the further ones as Keras writes them."""
        config = super().get_config()
        for key in ("scale", "mode", "distribution"):
            config.pop(key)
        return {**{name: self.scheme[name] for name in self.arguments}, **config}


class _Xavier(_Torchlike):
    arguments = ("gain",)
    scheme_name: ClassVar[str]
    drawn_from: ClassVar[str]

    def __init__(
        self,
        gain: float = 1.0,
        seed: Any = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: str = "portable",
    ) -> None:
        self.gain = gain
        scale: Any = self.scheme["gain"]
        super().__init__(
            scale * scale,
            "fan_avg",
            self.drawn_from,
            seed,
            input_axes,
            output_axes,
            path=path,
            axes=axes,
            engine=engine,
        )

    def _scheme(self) -> Scheme:
        return make(self.scheme_name, gain=self.gain)


@registered
class XavierNormal(_Xavier):
    """Normal (not cut), variance gain² / fan_avg: torch's."""

    scheme_name = "xavier_normal"
    drawn_from = "untruncated_normal"


@registered
class XavierUniform(_Xavier):
    """Uniform, variance gain² / fan_avg: torch's name of glorot_uniform."""

    scheme_name = "xavier_uniform"
    drawn_from = "uniform"


class _Kaiming(_Torchlike):
    arguments = ("a", "mode", "nonlinearity")
    scheme_name: ClassVar[str]
    drawn_from: ClassVar[str]

    def __init__(
        self,
        a: float = 0.0,
        mode: str = "fan_in",
        nonlinearity: str = "leaky_relu",
        seed: Any = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: str = "portable",
    ) -> None:
        self.a, self.mode, self.nonlinearity = a, mode, nonlinearity
        super().__init__(
            squared_gain(self.scheme["nonlinearity"], self.scheme["a"]),  # type: ignore[arg-type]
            mode,
            self.drawn_from,
            seed,
            input_axes,
            output_axes,
            path=path,
            axes=axes,
            engine=engine,
        )

    def _scheme(self) -> Scheme:
        return make(self.scheme_name, a=self.a, mode=self.mode, nonlinearity=self.nonlinearity)


@registered
class KaimingNormal(_Kaiming):
    """Normal (not cut), variance gain² / fan: torch's."""

    scheme_name = "kaiming_normal"
    drawn_from = "untruncated_normal"


@registered
class KaimingUniform(_Kaiming):
    """Uniform, variance gain² / fan: torch's name of he_uniform."""

    scheme_name = "kaiming_uniform"
    drawn_from = "uniform"


@registered
class TorchDefault(_Torchlike):
    """Uniform on ±1 / √fan_in: what torch's layers start with."""

    arguments = ()

    def __init__(
        self,
        seed: Any = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: str = "portable",
    ) -> None:
        super().__init__(
            self.scheme.entry.scale["scale"],  # type: ignore[arg-type]
            "fan_in",
            "uniform",
            seed,
            input_axes,
            output_axes,
            path=path,
            axes=axes,
            engine=engine,
        )

    def _scheme(self) -> Scheme:
        return make("torch_default")
