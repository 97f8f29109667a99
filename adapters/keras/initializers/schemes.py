"""Any scheme of the catalogue, by its name or as a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from fanwise.adapters.engines import EngineName
from fanwise.adapters.keras.initializers.base import Drawn, Seed, registered
from fanwise.adapters.recipe_forms import DEPTHWISE_AXES
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.scheme import Scheme


@registered
class SchemeInitializer(Drawn):
    """Draw any scheme.

    Args:
        scheme: a scheme, its name, or the dict that ``Scheme.to_dict`` gives.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        path: the weight's path in its model.
        axes: the role of each axis, a pattern or its name: ``"keras_transposed"`` for the
            kernel of a transposed convolution; None for the scheme's own, which few have, or
            else ``"kernel"``.
        engine: ``"portable"`` or ``"native"``.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import SchemeInitializer
        >>> SchemeInitializer("kaiming_normal", seed=0).scheme
        scheme('kaiming_normal')
    """

    def __init__(
        self,
        scheme: SchemeLike | Mapping[str, Any],
        seed: Seed = None,
        path: str | None = None,
        axes: str | None = None,
        engine: EngineName = "portable",
    ) -> None:
        self._given = Scheme.from_dict(scheme) if isinstance(scheme, Mapping) else as_scheme(scheme)
        self._set_place(path, self._given.pattern(axes), engine)
        self._set_seed(seed)

    def _scheme(self) -> Scheme:
        return self._given

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as plain data."""
        seed = keras.saving.serialize_keras_object(self._init_seed)
        return {"scheme": self.scheme.to_dict(), "seed": seed, **super().get_config()}


@registered
class DepthwiseInitializer(SchemeInitializer):
    """Draw any scheme on the kernel of a depthwise convolution, (…, channels, multiplier).

    Every channel is a group of its own: fan_in is the receptive field, fan_out is that
    times the multiplier. Keras's own initializers count all channels as inputs.

    Args:
        scheme, seed, path, axes, engine: as in :class:`SchemeInitializer`; the axes are those
            of such a kernel.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import keras
        >>> from fanwise.keras import DepthwiseInitializer
        >>> initializer = DepthwiseInitializer("he_normal", seed=0, path="depthwise/kernel")
        >>> layer = keras.layers.DepthwiseConv2D(3, depthwise_initializer=initializer)
        >>> layer.build((None, 32, 32, 8))
        >>> tuple(layer.kernel.shape)
        (3, 3, 8, 1)
    """

    default_axes = DEPTHWISE_AXES

    def __init__(
        self,
        scheme: SchemeLike | Mapping[str, Any],
        seed: Seed = None,
        path: str | None = None,
        axes: str = default_axes,
        engine: EngineName = "portable",
    ) -> None:
        # What differs is the default of axes alone.
        super().__init__(scheme, seed, path, axes, engine)

    def _scheme_on(self, shape: tuple[int, ...]) -> Scheme:
        if "groups" not in self.scheme.entry.parameters or len(shape) < 2:
            return self.scheme
        return self.scheme.replace(groups=max(shape[-2], 1))
