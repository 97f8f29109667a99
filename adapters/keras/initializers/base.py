"""What all initializers of this adapter share: where they draw, and by which engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

import keras
from keras.src.random.seed_generator import make_default_seed

from fanwise.adapters.keras.drawing import native, portable
from fanwise.core.dtypes import NAMES, format_of
from fanwise.core.keys import checked_seed, path_counter
from fanwise.spec.axes import COUNTED, checked_pattern, checked_shape, layout
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.scheme import Scheme

PACKAGE: Final = "fanwise"
ENGINES: Final = {"portable": portable.draw, "native": native.draw}

_Function = TypeVar("_Function", bound=Callable[..., Any])

registered = keras.saving.register_keras_serializable(package=PACKAGE)


def _untraced() -> Callable[[_Function], _Function]:
    """Have a function run as it stands inside of a compiled one.

    autograph and dynamo would rewrite the host's NumPy code, whose result is a constant.
    """
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        return tf.autograph.experimental.do_not_convert  # type: ignore[no-any-return]
    if keras.config.backend() == "torch":
        import torch

        return torch.compiler.disable  # type: ignore[no-any-return]
    return lambda function: function


untraced = _untraced()


class Drawn(keras.initializers.Initializer):
    """An initializer that draws a scheme.

    Attributes:
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis of the weight, a pattern or its name.
        engine: ``"portable"``, or ``"native"`` for the samplers of Keras.
        seed: an integer or a ``keras.random.SeedGenerator``.
    """

    default_axes: ClassVar[str] = "kernel"
    #: For those that draw nothing.
    seed: Any = 0

    @property
    def scheme(self) -> Scheme:
        """What is drawn."""
        return self._scheme()

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        """Draw a weight.

        Args:
            shape: its shape.
            dtype: its dtype; None is ``keras.config.floatx()``.

        Raises:
            FanwiseError: where the scheme has no meaning on the shape or the dtype.
        """
        return self._draw(shape, dtype)

    @untraced
    def _draw(self, shape: Any, dtype: Any) -> Any:
        sizes = checked_shape(shape)
        return ENGINES[self.engine](
            self._scheme_on(sizes),
            sizes,
            format_of(dtype_name(dtype)).name,
            seed=self.seed,
            path=self.path,
            axes=self._axes_on(sizes),
        )

    def get_config(self) -> dict[str, Any]:
        """The keys of Keras, and path, axes and engine where they are set."""
        defaults = {"path": None, "axes": self.default_axes, "engine": "portable"}
        values = {key: getattr(self, key) for key in defaults}
        given = {key: value for key, value in values.items() if value != defaults[key]}
        return {**super().get_config(), **given}

    def _scheme(self) -> Scheme:
        raise NotImplementedError

    def _place(self, path: str | None, axes: str, engine: str) -> None:
        path_counter(path)
        if engine not in ENGINES:
            hint = did_you_mean(engine, ENGINES)
            raise FanwiseError("engine 'portable' or 'native'", engine, hint)
        self.path, self.axes, self.engine = path, _checked_axes(axes), engine

    def _sow(self, seed: Any) -> None:
        """Take a seed as Keras's own initializers do."""
        self._init_seed = seed
        if seed is None:
            seed = default_seed()
        elif isinstance(seed, dict):
            seed = keras.saving.deserialize_keras_object(seed)
        if not isinstance(seed, keras.random.SeedGenerator):
            # The native engine takes any integer that Keras does, unless a path is mixed in.
            free = self.engine == "native" and self.path is None and type(seed) is int
            seed = seed if free else checked_seed(seed)
        self.seed = seed

    def _scheme_on(self, shape: tuple[int, ...]) -> Scheme:
        del shape
        return self.scheme

    def _axes_on(self, shape: tuple[int, ...]) -> str:
        del shape
        return self.axes


def default_seed() -> int:
    """A seed as Keras's own initializers draw it where none is given."""
    return int(make_default_seed())


def dtype_name(dtype: Any) -> str:
    """The name of a dtype, whichever framework's it is."""
    try:
        return str(keras.backend.standardize_dtype(dtype))
    except (TypeError, ValueError):
        hint = f"Pass one of {', '.join(NAMES)}."
        raise FanwiseError("a dtype that Keras knows", dtype, hint) from None


def _checked_axes(axes: str) -> str:
    """The axes as given, once their words have been read: on a shape that any pattern fits."""
    words = re.sub(r"\([^()]*\)", " split ", checked_pattern(axes)).split()
    layout((0,) * sum(word not in COUNTED for word in words), axes)
    return axes
