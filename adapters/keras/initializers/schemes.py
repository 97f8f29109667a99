"""Any scheme of the catalogue, and the structured ones that Keras has not, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import keras

from fanwise.adapters.keras.initializers.base import Drawn, registered
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.registry import scheme as make
from fanwise.spec.scheme import Scheme


@registered
class SchemeInitializer(Drawn):
    """Draw any scheme.

    Args:
        scheme: a scheme, its name, or the dict that ``Scheme.to_dict`` gives.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        path: the weight's path in its model.
        axes: the role of each axis, a pattern or its name: ``"keras_transposed"`` for the
            kernel of a transposed convolution.
        engine: ``"portable"`` or ``"native"``.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SchemeInitializer
        >>> SchemeInitializer("kaiming_normal", seed=0).scheme
        scheme('kaiming_normal')
    """

    #: The constructor's arguments in a subclass that fixes the scheme.
    arguments: ClassVar[tuple[str, ...]] = ("scheme", "seed")

    def __init__(
        self,
        scheme: SchemeLike | Mapping[str, Any],
        seed: Any = None,
        path: str | None = None,
        axes: str = "kernel",
        engine: str = "portable",
    ) -> None:
        plain = isinstance(scheme, Mapping)
        self._given = Scheme.from_dict(scheme) if plain else as_scheme(scheme)  # type: ignore[arg-type]
        self._set_place(path, axes, engine)
        self._set_seed(seed)

    def _scheme(self) -> Scheme:
        return self._given

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments, as plain data."""
        known = {"seed": keras.saving.serialize_keras_object(self._init_seed)}
        known["scheme"] = self.scheme.to_dict()
        known.update(self.scheme.params)
        return {**{name: known[name] for name in self.arguments}, **super().get_config()}


@registered
class DepthwiseInitializer(SchemeInitializer):
    """Draw any scheme on the kernel of a depthwise convolution, (…, channels, multiplier).

    Every channel is a group of its own: fan_in is the receptive field, fan_out is that
    times the multiplier. Keras's own initializers count all channels as inputs.
    """

    default_axes = "* out out"

    def __init__(
        self,
        scheme: SchemeLike | Mapping[str, Any],
        seed: Any = None,
        path: str | None = None,
        axes: str = default_axes,
        engine: str = "portable",
    ) -> None:
        super().__init__(scheme, seed, path, axes, engine)

    def _scheme_on(self, shape: tuple[int, ...]) -> Scheme:
        if "groups" not in self.scheme.entry.parameters or len(shape) < 2:
            return self.scheme
        return self.scheme.replace(groups=max(shape[-2], 1))


@registered
class DeltaOrthogonal(SchemeInitializer):
    """Orthogonal at the centre of the receptive field, zero elsewhere, times gain."""

    arguments = ("gain", "seed")

    def __init__(
        self,
        gain: float = 1.0,
        seed: Any = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: str = "portable",
    ) -> None:
        super().__init__(make("delta_orthogonal", gain=gain), seed, path, axes, engine)


@registered
class Dirac(SchemeInitializer):
    """A convolution that hands its inputs through, group by group."""

    arguments = ("groups",)

    def __init__(
        self,
        groups: int = 1,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: str = "portable",
    ) -> None:
        super().__init__(make("dirac", groups=groups), 0, path, axes, engine)


@registered
class Sparse(SchemeInitializer):
    """Normal, with a fraction of the outputs of each input set to zero."""

    arguments = ("sparsity", "std", "seed")

    def __init__(
        self,
        sparsity: float = 0.1,
        std: float = 0.01,
        seed: Any = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: str = "portable",
    ) -> None:
        super().__init__(make("sparse", sparsity=sparsity, std=std), seed, path, axes, engine)
